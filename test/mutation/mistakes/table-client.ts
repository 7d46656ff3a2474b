import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const clocks = 'test/faults/clocks.test.ts';
const errors = 'test/faults/documented-errors.test.ts';
const times = 'test/unit/table/times.test.ts';

/** Slips in what reaches the table: errors, retries, conflicts, deadlines and times. */
export const tableClientMistakes: readonly Mistake[] = [
  ...inFile(
    'lib/table/database-errors.ts',
    [errors],
    [
      ['HTTP 429 is transient', 'status === 429', 'status === 430'],
      ['a response that is not HTTP is transient', "code.startsWith('HPE_')", 'false'],
      ['a server fault is transient', 'status >= 500', 'status > 599'],
      ['a record that is too large is 422', "name === 'ValidationException' && saysTooLarge(message)", 'false'],
    ],
  ),
  ...inFile(
    'lib/table/conflicts.ts',
    ['test/unit/table/conflicts.test.ts'],
    [
      ['pauses end at the deadline', 'signal: deadline', ''],
      ['pauses grow to 400 ms', '= 400;', '= 4000;'],
      ['pauses begin at 25 ms', '= 25;', '= 250;'],
    ],
  ),
  ...inFile(
    'lib/table/sdk/retries.ts',
    ['test/unit/table/sdk/retries.test.ts'],
    [
      ['a failure leaves doubt', 'if (!isRejection(error)) noteDoubt();', ''],
      ['a throttled attempt leaves no doubt', 'if (!isRejection(error)) noteDoubt();', 'noteDoubt();'],
      [
        'a transaction in progress leaves doubt',
        "'ThrottlingException',",
        "'ThrottlingException', 'TransactionInProgressException',",
      ],
    ],
  ),
  ...inFile(
    'lib/table/sdk/retries.ts',
    ['test/faults/retry-quota.test.ts'],
    [['a refusal refills the retry quota', 'standard.recordSuccess(token);\n        throw', 'throw']],
  ),
  ...inFile(
    'lib/table/sdk/retries.ts',
    [clocks],
    [
      ['a refusal is not retried for the clock', 'error instanceof ConditionalCheckFailedException ||', ''],
      ['a cancelled transaction is not retried for the clock', 'error instanceof TransactionCanceledException ||', ''],
    ],
  ),
  ...inFile(
    'lib/table/sdk/document-client.ts',
    [times],
    [
      ['three attempts', 'attempts: 3,', 'attempts: 2,'],
      ['half a second to connect', 'connect: 500,', 'connect: 5000,'],
      ['a second for a response', 'response: 1000 }', 'response: 10_000 }'],
      ['a response has a limit', 'requestTimeout: response,', ''],
      ['the rest of a response has a limit', 'socketTimeout: response,', ''],
      ['a timeout is an error, not a warning', 'throwOnRequestTimeout: true,', ''],
      ['large numbers are written', 'allowImpreciseNumbers: true', 'allowImpreciseNumbers: false'],
    ],
  ),
  ...inFile('lib/dependencies.ts', [times], [['an update ends within 5 s', 'timeout: 5_000,', 'timeout: 50_000,']]),
  ...inFile(
    'lib/table/sdk/deadline.ts',
    ['test/unit/table/sdk/deadline.test.ts'],
    [
      [
        'a request is cut off at its deadline',
        'options.abortSignal ?? current.getStore()?.deadline',
        'options.abortSignal',
      ],
      ['work ends at its deadline', 'reject(new Problem', 'void (new Problem'],
      ['no timer outlives its work', 'clearTimeout(timer);', ''],
    ],
  ),
];
