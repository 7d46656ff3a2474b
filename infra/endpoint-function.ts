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
  /** The folder that holds `handler`. */
  code: string;
  table: TableV2;
  settings: Settings;
};

/** The function behind an endpoint. Requests go to `live`, the alias of the version that is in use. */
export class EndpointFunction extends Construct {
  readonly endpoint: Declaration;
  readonly live: Alias;
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
      // Lambda gives processor time by memory: 1,024 MB are 58 % of a processor. With half of it, loading the bundle and
      // verifying a signature take twice as long for the same price; with more, it is the table that is waited for.
      memorySize,
      timeout: Duration.seconds(10),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // Of a request that went well, the function's own line says more than Lambda's three.
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
      reason: 'A dead-letter queue takes events that nobody waits for, and API Gateway waits for every answer.',
    });
    this.live = new Alias(this, 'Live', { aliasName: 'live', version: lambda.currentVersion });
  }
}
