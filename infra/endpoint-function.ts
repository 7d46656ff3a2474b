import { Duration, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Declaration } from './declaration.ts';
import { roleFor } from './function-role.ts';
import { logGroupFor } from './log-group.ts';
import { memorySize, nodeOptionsFor } from './node-options.ts';
import type { Settings } from './settings.ts';

export type EndpointFunctionProps = {
  endpoint: Declaration;
  /** The folder with the code: a module `handler` that exports `handler`. */
  code: string;
  table: TableV2;
  settings: Settings;
};

/** An endpoint's Lambda function, with its role and log group. */
export class EndpointFunction extends Construct {
  readonly endpoint: Declaration;
  /** The alias `live` of the version in use; all requests go through it. */
  readonly alias: Alias;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, { endpoint, code, table, settings }: EndpointFunctionProps) {
    super(scope, endpoint.id);
    this.endpoint = endpoint;
    this.logGroup = logGroupFor(this, 'Log', settings.stage);
    const lambda = new LambdaFunction(this, 'Function', {
      functionName: `${settings.stackName}-${endpoint.id}`,
      description: endpoint.summary,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(code),
      handler: 'handler.handler',
      // Lambda allots CPU in proportion to memory: 1,024 MB get 58 % of a vCPU. With half of it, loading the bundle and
      // verifying a signature take twice as long for the same price; with more, the table dominates the latency.
      memorySize,
      timeout: Duration.seconds(10),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // The function's own log line makes Lambda's three lines for each successful request redundant.
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup: this.logGroup,
      role: roleFor(this, endpoint, table, this.logGroup).withoutPolicyUpdates(),
      environment: {
        ...settings.tokenVariables,
        TABLE_NAME: table.tableName,
        METRICS_NAMESPACE: settings.stackName,
        PRIMING: 'on',
        NODE_OPTIONS: nodeOptionsFor(memorySize),
      },
    });
    Validations.of(lambda).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'Dead-letter queues receive failed asynchronous events only, and API Gateway invokes synchronously.',
    });
    this.alias = new Alias(this, 'Live', { aliasName: 'live', version: lambda.currentVersion });
  }
}
