import { Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Declaration } from './declaration.ts';

/**
 * The role of a function. It allows the declared actions on items in the declared partitions, writing to its log group, and
 * X-Ray traces. A transaction needs the permissions of its individual operations and none of its own:
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
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray actions for writing traces do not support resource-level permissions.',
    },
    {
      id: 'Serverless-LambdaStarPermissions',
      reason: 'X-Ray actions for writing traces do not support resource-level permissions.',
    },
  );
  return role;
};

/** `dynamodb:LeadingKeys` matches the partition keys of all items in a request. */
const tableStatement = ({ tableActions, tablePartitions }: Declaration, table: TableV2): PolicyStatement =>
  new PolicyStatement({
    actions: tableActions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': tablePartitions.map((prefix) => `${prefix}*`) },
    },
  });

const allowing = (statement: PolicyStatement): PolicyDocument => new PolicyDocument({ statements: [statement] });
