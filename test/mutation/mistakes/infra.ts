import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const alarms = 'test/infra/alarms.test.ts';
const alarmStates = 'test/infra/alarm-states.test.ts';
const functions = 'test/infra/functions.test.ts';
const gateway = 'test/infra/gateway.test.ts';
const stages = 'test/infra/stages.test.ts';
const tableActions = 'test/infra/table-actions.test.ts';
const settings = 'test/infra/settings.test.ts';
const blueprint = 'test/infra/blueprint.test.ts';

/** Mistakes in what is deployed, and in what the functions may do there. */
export const infraMistakes: readonly Mistake[] = [
  ...inFile(
    'infra/endpoint-function.ts',
    [functions],
    [
      ['every request is logged in a deployed function', 'ApplicationLogLevel.INFO', 'ApplicationLogLevel.WARN'],
      ["Lambda's own lines are written for warnings only", 'SystemLogLevel.WARN', 'SystemLogLevel.INFO'],
      ['a deployed function is primed', "PRIMING: 'on'", "PRIMING: 'off'"],
      ['a function ends after ten seconds', 'Duration.seconds(10)', 'Duration.seconds(3)'],
      [
        'requests go to a published version and not to the latest code',
        'version: lambda.currentVersion',
        'version: lambda.latestVersion',
      ],
      ['a function writes to its own log group', 'logGroup: this.logGroup,', ''],
    ],
  ),
  ...inFile(
    'infra/endpoint-function.ts',
    [alarmStates, functions],
    [
      [
        'metrics are filed under the name of the stack',
        'METRICS_NAMESPACE: settings.stackName',
        'METRICS_NAMESPACE: settings.stageName',
      ],
    ],
  ),
  ...inFile(
    'infra/function-role.ts',
    [functions],
    [
      [
        'only Lambda may assume the role of a function',
        "ServicePrincipal('lambda.amazonaws.com')",
        "ServicePrincipal('edgelambda.amazonaws.com')",
      ],
      ['a role reaches the keys of its partitions only', "'ForAllValues:StringLike'", "'ForAnyValue:StringLike'"],
      ['a role reaches one table', 'resources: [table.tableArn]', "resources: ['*']"],
    ],
  ),
  ...inFile(
    'infra/node-options.ts',
    [blueprint],
    [['the old heap leaves room for the rest of the memory', 'megabytes * 0.9', 'megabytes * 9']],
  ),
  ...inFile(
    'lib/table/access.ts',
    [tableActions],
    [
      [
        'an endpoint without unique fields is allowed what it does and nothing else',
        ": ['UpdateItem'],",
        ": ['UpdateItem', 'DeleteItem'],",
      ],
      [
        'an endpoint with unique fields may release a claim',
        "['UpdateItem', 'PutItem', 'DeleteItem'] :",
        "['UpdateItem', 'PutItem'] :",
      ],
    ],
  ),
  ...inFile(
    'lib/table/keys.ts',
    [tableActions],
    [
      [
        'an endpoint without unique fields reaches workspaces only',
        "partitionOf({ workspaceId: '' }),",
        "partitionOf({ workspaceId: '' }), 'EMAIL#',",
      ],
      [
        'an endpoint with unique fields reaches the claims on them',
        "within === 'platform' ? [`${claim}#`] : []",
        'false ? [`${claim}${within}`] : []',
      ],
    ],
  ),
  ...inFile(
    'infra/http-api.ts',
    [gateway],
    [
      ['the gateway has one stage without a name', "stageName: '$default'", "stageName: 'v1'"],
      ['a change of a route is live with the deployment', 'autoDeploy: true', 'autoDeploy: false'],
      [
        "the access log tells the function's status from the gateway's",
        'integrationStatus: AccessLogField.contextIntegrationStatus()',
        'integrationStatus: AccessLogField.contextStatus()',
      ],
      [
        'the access log has the request id of the responses',
        'requestId: AccessLogField.contextRequestId()',
        'requestId: AccessLogField.contextAwsEndpointRequestId()',
      ],
      ['a page may send If-Match', "'content-type', 'if-match'", "'content-type'"],
      ['a page may read Retry-After', "'etag', 'retry-after',", "'etag',"],
      ['a page may call with PATCH and no other method', '[CorsHttpMethod.PATCH]', '[CorsHttpMethod.ANY]'],
      ['a page of a given origin only may call', 'allowOrigins: [...origins]', "allowOrigins: ['*']"],
    ],
  ),
  ...inFile(
    'infra/http-api.ts',
    [stages],
    [['requests are measured by route', 'detailedMetricsEnabled: true', 'detailedMetricsEnabled: false']],
  ),
  ...inFile(
    'infra/stages.ts',
    [stages],
    [
      ['prod takes 1,000 requests a second', 'rateLimit: 1000', 'rateLimit: 100'],
      ['logs of prod are kept for a year', '    logRetentionDays: 365,', '    logRetentionDays: 30,'],
      ['staging is protected', '  staging: {\n    isProtected: true,', '  staging: {\n    isProtected: false,'],
    ],
  ),
  ...inFile(
    'infra/stages.ts',
    [stages, alarms],
    [['a new version of prod takes over step by step', "    rollout: 'gradual',", "    rollout: 'at-once',"]],
  ),
  ...inFile(
    'infra/service-stack.ts',
    [stages],
    [
      [
        'a protected stack is not deleted by mistake',
        'terminationProtection: stage.isProtected',
        'terminationProtection: !stage.isProtected',
      ],
      ['the stack carries its tags', '      tags,\n', ''],
      [
        'every resource carries the stage it belongs to',
        'Tags.of(this).add(key, value)',
        'Tags.of(this).add(value, key)',
      ],
      ['the output ApiUrl is where the API is', 'value: api.httpApi.apiEndpoint', 'value: api.httpApi.apiId'],
    ],
  ),
  ...inFile(
    'infra/table.ts',
    [stages],
    [
      [
        'a protected table cannot be deleted by mistake',
        'deletionProtection: isProtected',
        'deletionProtection: false',
      ],
      ['use of the key of the table shows in CloudTrail', 'awsManagedKey()', 'dynamoOwnedKey()'],
    ],
  ),
  ...inFile(
    'infra/log-group.ts',
    [stages],
    [
      [
        'logs outlive a protected stack',
        'isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY',
        'RemovalPolicy.DESTROY',
      ],
    ],
  ),
  ...inFile(
    'infra/settings.ts',
    [settings],
    [
      [
        'staging never takes the tokens of the local issuer',
        'stage === stages.sandbox && given',
        'stage !== stages.prod && given',
      ],
      [
        'the stage has the rollout that it declares unless told otherwise',
        'output.rollout ?? stage.rollout',
        "output.rollout ?? 'at-once'",
      ],
      [
        "one developer's sandbox is not another's",
        'stackName: `patchwork-',
        "stackName: stage === stages.sandbox ? 'patchwork-sandbox' : `patchwork-",
      ],
    ],
  ),
  ...inFile(
    'infra/settings.ts',
    [alarms],
    [['alarms tell the topic that is given', 'alarmTopicArn: alarmTopic', 'alarmTopicArn: undefined']],
  ),
];
