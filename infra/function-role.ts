import { Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { partitions } from '../lib/table/keys.ts';
import type { Declaration } from './declaration.ts';

/**
 * The role of a function: its declaration's actions on the items of its declaration's partitions, its own log, its traces,
 * and nothing else. A transaction needs no action of its own, only those that it is made of:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export const roleFor = (scope: Construct, endpoint: Declaration, table: TableV2, logGroup: LogGroup): Role => {
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      table: allowing(tableStatement(endpoint, table)),
      log: allowing(
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
      ),
      traces: allowing(
        new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
      ),
    },
  });
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'X-Ray knows no resources that traces could be limited to.' },
    { id: 'Serverless-LambdaStarPermissions', reason: 'X-Ray knows no resources that traces could be limited to.' },
  );
  return role;
};

/** `dynamodb:LeadingKeys` holds the partition keys of the items that a request is about. */
const tableStatement = ({ tableActions, tablePartitions }: Declaration, table: TableV2): PolicyStatement =>
  new PolicyStatement({
    actions: tableActions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': tablePartitions.map((kind) => `${partitions[kind]}*`) },
    },
  });

const allowing = (statement: PolicyStatement): PolicyDocument => new PolicyDocument({ statements: [statement] });
