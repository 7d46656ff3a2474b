import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const alarms = 'test/infra/alarms.test.ts';
const alarmStates = 'test/infra/alarm-states.test.ts';
const dashboard = 'test/infra/dashboard.test.ts';
const stages = 'test/infra/stages.test.ts';
const tableActions = 'test/infra/table-actions.test.ts';

/** Mistakes in what is measured, shown and alarmed of. */
export const monitoringMistakes: readonly Mistake[] = [
  ...inFile(
    'infra/metrics.ts',
    [alarmStates],
    [
      [
        'the request metric is counted by the dimensions that the functions write',
        'dimensionsMap: { endpoint, outcome }',
        'dimensionsMap: { endpointId: endpoint, outcome }',
      ],
      [
        'the metrics of a function have the one dimension that the functions write',
        'metricName, dimensionsMap: { endpoint }',
        'metricName, dimensionsMap: { function: endpoint }',
      ],
      [
        'the failure rate is the average of the metric that the functions write',
        "ofFunction('failed')",
        "ofFunction('failures')",
      ],
    ],
  ),
  ...inFile(
    'infra/metrics.ts',
    [dashboard],
    [
      ['the dashboard shows the duration that the functions write', "ofFunction('duration')", "ofFunction('latency')"],
      ['the error rate on the dashboard is in percent', '100 * failed / all', 'failed / all'],
      [
        'the error rate is 0 and not undefined without requests',
        'IF(all > 0, 100 * failed / all, 0)',
        'IF(all >= 0, 100 * failed / all, 0)',
      ],
    ],
  ),
  ...inFile(
    'infra/metrics.ts',
    [alarms],
    [
      ['every metric is evaluated by the minute', 'Duration.minutes(1)', 'Duration.minutes(5)'],
      [
        'the table alarm reads throttled requests as DynamoDB reports them by operation',
        "'ThrottledRequests'",
        "'WriteThrottleEvents'",
      ],
      ['the table alarm reads errors of DynamoDB, not of callers', "'SystemErrors'", "'UserErrors'"],
      [
        'the latency alarm and graph read the time at the gateway, not of the integration',
        'httpApi.metricLatency(',
        'httpApi.metricIntegrationLatency(',
      ],
    ],
  ),
  ...inFile(
    'infra/metrics.ts',
    [tableActions],
    [
      [
        'the table alarms watch every operation that the functions send',
        '[Operation.UPDATE_ITEM, Operation.TRANSACT_WRITE_ITEMS]',
        '[Operation.UPDATE_ITEM, Operation.PUT_ITEM]',
      ],
    ],
  ),
  ...inFile(
    'lib/http/observe.ts',
    [alarmStates],
    [['a 503 counts as a failed request', "failed: level === 'INFO' ? 0 : 1", "failed: level === 'ERROR' ? 1 : 0"]],
  ),
  ...inFile(
    'lib/http/observe.ts',
    [dashboard],
    [
      [
        'the duration that the dashboard shows in milliseconds is written in milliseconds',
        "{ Name: 'duration', Unit: 'Milliseconds' }",
        "{ Name: 'duration', Unit: 'Seconds' }",
      ],
    ],
  ),
  ...inFile(
    'infra/alarms.ts',
    [alarmStates],
    [
      [
        'an alarm begins at its threshold, not above it',
        'GREATER_THAN_OR_EQUAL_TO_THRESHOLD',
        'GREATER_THAN_THRESHOLD',
      ],
      [
        'an alarm is raised by high values, not by low ones',
        'GREATER_THAN_OR_EQUAL_TO_THRESHOLD',
        'LESS_THAN_OR_EQUAL_TO_THRESHOLD',
      ],
      ['no data is no alarm', 'TreatMissingData.NOT_BREACHING', 'TreatMissingData.BREACHING'],
      [
        'an alarm takes 3 bad minutes of 5',
        '[datapointsToAlarm, evaluationPeriods]',
        '[evaluationPeriods, datapointsToAlarm]',
      ],
      [
        'alarms read the namespace that the functions write to',
        'functionRules(one, stackName)',
        'functionRules(one, settings.stageName)',
      ],
    ],
  ),
  ...inFile(
    'infra/alarms.ts',
    [alarms],
    [['the topic hears when an alarm begins', 'if (action) created.addAlarmAction(action);', '']],
  ),
  ...inFile(
    'infra/alarm-rules.ts',
    [alarmStates],
    [
      ['1 % of failed requests raises the alarm', 'threshold: 0.01', 'threshold: 1'],
      ['the latency alarm begins at a second', 'threshold: 1000', 'threshold: 1'],
      ['5 responses of 5xx in a minute make it bad', 'threshold: 5,', 'threshold: 50,'],
      [
        'a 500 raises the alarm for defects',
        "requests(namespace, id, 'internal')",
        "requests(namespace, id, 'unavailable')",
      ],
      [
        'one 500 raises the alarm at once',
        "    metric: requests(namespace, id, 'internal'),\n    threshold: 1,\n    minutes: [1, 1],",
        "    metric: requests(namespace, id, 'internal'),\n    threshold: 1,\n    minutes: [3, 5],",
      ],
    ],
  ),
  ...inFile(
    'infra/alarm-rules.ts',
    [alarms],
    [
      ['the latency alarm is about the slowest percent', "latency(api, 'p99')", "latency(api, 'p50')"],
      ['the alarm for crashes reads errors of Lambda', 'alias.metricErrors(', 'alias.metricInvocations('],
    ],
  ),
  ...inFile(
    'infra/rollout.ts',
    [alarms],
    [
      [
        'a version that crashes is rolled back',
        '[...(rollback.get(id) ?? [])]',
        '[...(rollback.get(id) ?? [])].slice(0, 2)',
      ],
      [
        'a new version gets a tenth of the requests for five minutes',
        'CANARY_10PERCENT_5MINUTES',
        'CANARY_10PERCENT_30MINUTES',
      ],
    ],
  ),
  ...inFile(
    'infra/dashboard.ts',
    [stages],
    [['the output DashboardUrl opens the dashboard', '#dashboards:name=', '#dashboard:name=']],
  ),
  ...inFile(
    'infra/dashboard.ts',
    [dashboard],
    [
      [
        'the dashboard lists defects by members that the functions write',
        'fields @timestamp, endpoint, requestId, workspaceId, error, at.0',
        'fields @timestamp, endpoint, requestId, workspace, error, at.0',
      ],
      [
        'the dashboard finds defects by the level that the functions write',
        'filter level = "ERROR"',
        'filter level = "error"',
      ],
      [
        'cold starts are counted by the member that the functions write',
        'filter coldStart = 1',
        'filter isColdStart = 1',
      ],
      [
        'the log queries read the logs of the functions',
        'functions.map(({ logGroup }) => logGroup.logGroupName)',
        'functions.slice(1).map(({ logGroup }) => logGroup.logGroupName)',
      ],
    ],
  ),
];
