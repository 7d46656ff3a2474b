import type { Mistake } from '../mistake.ts';

const observe = {
  file: 'lib/http/observe.ts',
  tests: ['test/unit/http/observe.test.ts', 'test/unit/http/metrics.test.ts'],
};
const lineWriter = { file: 'lib/http/line-writer.ts', tests: ['test/unit/http/line-writer.test.ts'] };

export const logMistakes: readonly Mistake[] = [
  // What CloudWatch needs
  {
    promise: 'the time stamp of the metrics is in milliseconds',
    ...observe,
    find: 'Timestamp: now,',
    replace: 'Timestamp: Math.round(now / 1000),',
  },
  {
    promise: 'the duration is in milliseconds',
    ...observe,
    find: 'Math.round((performance.now() - internal.startedAt) * 10) / 10',
    replace: 'Math.round(performance.now() - internal.startedAt) / 1000',
  },
  {
    promise: 'CloudWatch takes the duration for milliseconds',
    ...observe,
    find: "'Milliseconds'",
    replace: "'Seconds'",
  },
  {
    promise: 'requests are a count',
    ...observe,
    find: "{ Name: 'requests', Unit: 'Count' }",
    replace: "{ Name: 'requests', Unit: 'None' }",
  },
  {
    promise: 'requests are counted by outcome',
    ...observe,
    find: "[['endpoint', 'outcome']]",
    replace: "[['endpoint'], ['outcome']]",
  },
  { promise: 'duration has the dimension endpoint', ...observe, find: "[['endpoint']]", replace: "[['function']]" },
  {
    promise: 'the metric of failures is called failed',
    ...observe,
    find: "Name: 'failed'",
    replace: "Name: 'failures'",
  },
  {
    promise: 'a 503 counts as failed',
    ...observe,
    find: "failed: level === 'INFO' ? 0 : 1",
    replace: "failed: level === 'ERROR' ? 1 : 0",
  },
  { promise: 'a 503 is a warning', ...observe, find: "if (status === 503) return 'WARN';", replace: '' },
  { promise: 'a 500 is an error', ...observe, find: 'status >= 500', replace: 'status > 500' },
  {
    promise: 'LOG_LEVEL ERROR leaves out warnings',
    ...observe,
    find: "level !== 'ERROR'",
    replace: "level === 'INFO'",
  },
  {
    promise: 'LOG_LEVEL SILENT writes nothing',
    ...observe,
    find: "threshold === 'SILENT' ||",
    replace: '',
  },
  { promise: 'only the first request is a cold start', ...observe, find: '    isColdStart = false;\n', replace: '' },
  {
    promise: 'the line has the request id of the gateway',
    ...observe,
    find: 'requestId: event.requestContext.requestId',
    replace: "requestId: event.headers['x-request-id'] ?? event.requestContext.requestId",
  },
  {
    promise: 'no id that is none is logged',
    ...observe,
    find: 'workspaceId: is(Id, workspaceId) ? workspaceId : undefined',
    replace: 'workspaceId',
  },
  {
    promise: 'no message of an error is logged',
    ...observe,
    find: 'cause.name : typeof',
    replace: 'cause.message : typeof',
  },
  {
    promise: 'a line that cannot be written costs no response',
    ...observe,
    find: '    } catch {',
    replace: '    } finally {',
  },
  {
    promise: 'the log names the attribute that cannot be returned',
    ...observe,
    find: '...(isValiError(cause) && { attributes: attributesIn(cause.issues) })',
    replace: '',
  },
  {
    promise: 'functions do not log through the console',
    file: 'lib/dependencies.ts',
    tests: ['test/unit/http/line-writer.test.ts'],
    find: 'lineWriter(1)',
    replace: 'console.log',
  },
  {
    promise: 'lines go to standard output',
    file: 'lib/dependencies.ts',
    tests: ['test/unit/http/line-writer.test.ts'],
    find: 'lineWriter(1)',
    replace: 'lineWriter(2)',
  },
  {
    promise: 'a line that was cut is ended',
    ...lineWriter,
    find: 'isCut = written < bytes.byteLength',
    replace: 'isCut = false',
  },
  {
    promise: 'the rest of a line goes on where it was cut',
    ...lineWriter,
    find: 'bytes.subarray(written)',
    replace: 'bytes',
  },
  {
    promise: 'a write that would block ends in time',
    ...lineWriter,
    find: 'maxRetries = 10',
    replace: 'maxRetries = 100',
  },
];
