import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const roundTrips = 'test/integration/round-trips.test.ts';
const size = 'test/faults/size.test.ts';
const doubt = 'test/faults/doubt.test.ts';
const busy = 'test/faults/busy-workspace.test.ts';
const clocks = 'test/faults/clocks.test.ts';
const unusual = 'test/faults/unusual-records.test.ts';
const errors = 'test/faults/documented-errors.test.ts';
const transactions = 'test/faults/transactions.test.ts';
const model = 'test/integration/model.test.ts';
const expressions = 'test/unit/table/expression.test.ts';
const times = 'test/unit/table/times.test.ts';

/** Slips in the way to the table: the condition, the second attempt, doubt, deadlines, the claims on addresses. */
export const tableMistakes: readonly Mistake[] = [
  ...inFile(
    'lib/table/records.ts',
    [roundTrips],
    [
      ['a stale version is refused', 'if (!accepts(update.expected, version)) throw', 'if (false) throw'],
      ['a repeat of a change that is stored is a success', 'if (holdsAll(seen, changes)) return', 'if (false) return'],
      [
        'an absent record is not found',
        "if (!seen) throw new Problem('not-found');",
        "if (!seen) throw new Problem('forbidden');",
      ],
      ['If-None-Match: * is refused before a repeat', "if (update.expected === 'none') throw", 'if (false) throw'],
      [
        'the second attempt names the version that was seen',
        'return seen ? [versionOf(seen)] : expected',
        'return expected',
      ],
      [
        'a 412 says which version is stored',
        "throw new Problem('stale-version', { version });\n  }",
        "throw new Problem('stale-version');\n  }",
      ],
    ],
  ),
  ...inFile(
    'lib/table/records.ts',
    [transactions],
    [
      ['an address that is left is released', 'from: isElsewhere ? email : undefined', 'from: undefined'],
      ['the address is what it was when it was seen', 'value: seen ? seen.email : email', 'value: email'],
      [
        'another spelling is claimed',
        'if (email === to) return undefined;',
        'if (String(email).toLowerCase() === to.toLowerCase()) return undefined;',
      ],
    ],
  ),
  ...inFile(
    'lib/table/records.ts',
    [unusual],
    [
      ['a version that is no number is overwritten', 'hasUsableVersion ? []', 'true ? []'],
      ['a timestamp that cannot be compared is overwritten', 'comparesAsText(seen) ? []', 'true ? []'],
    ],
  ),
  ...inFile(
    'lib/table/records.ts',
    [size],
    [['at most 100 versions in a condition', 'expected.slice(0, 100)', 'expected.slice(0, 101)']],
  ),
  ...inFile(
    'lib/table/stamp.ts',
    [clocks, unusual],
    [
      ['updatedAt never runs backwards', 'timeIn(seen) > now ? undefined :', 'false ? undefined :'],
      [
        'createdAt stands for a missing updatedAt',
        'const timestamp = updatedAt ?? createdAt;',
        'const timestamp = updatedAt;',
      ],
      ['timestamps with an offset are not compared as text', String.raw`\.\d{3}Z$/`, '/'],
      ['an impossible date is not compared as text', '&& !Number.isNaN(Date.parse(timestamp))', ''],
    ],
  ),
  ...inFile(
    'lib/table/expression.ts',
    [expressions, model],
    [
      ['a write needs the record to exist', "`attribute_exists(${ofName('pk')})`, ", ''],
      ['a write that changes nothing is refused', ', `NOT (${allOf(alreadyThere)})`];', '];'],
      ['a version is one more', "ofName('version')} ${ofValue(1)}`,\n  ];", "ofName('version')} ${ofValue(2)}`,\n  ];"],
      [
        'null removes an attribute',
        'if (value === null) remove.push(name);',
        'if (value === undefined) remove.push(name);',
      ],
      ['a later stored timestamp refuses ours', '`(${updatedAt} <= ${stamp} OR', '`(${updatedAt} >= ${stamp} OR'],
      ['a record without a version has version 0', 'accepted.includes(0) ?', 'accepted.includes(1) ?'],
      ['a number is compared within its precision', 'Math.abs(value) * Number.EPSILON', '0'],
    ],
  ),
  ...inFile(
    'lib/table/move-email.ts',
    [transactions],
    [
      ['a claim of another workspace stands', ' OR #owner = :workspaceId', ' OR attribute_exists(#owner)'],
      ['412 comes before 409', "if (isRefused(ofClaim)) throw new Problem('email-taken');", ''],
      ['a transaction is sent again with its token', 'ClientRequestToken: randomUUID() });', '});'],
      ['a transaction that met another is sent again', "new Set(['TransactionConflict', ", 'new Set(['],
      ['a refusal of the workspace is final', 'return !isRefused(reasons[0]) && reasons', 'return reasons'],
      ['the claim of another is left alone', 'if (isRefused(reasons[2]) && !isRefused(reasons[0]))', 'if (false)'],
      [
        'a transaction that is too large is 422',
        'if (reasons.some(({ Message }) => saysTooLarge(Message)))',
        'if (false)',
      ],
    ],
  ),
  ...inFile(
    'lib/table/move-email.ts',
    [errors],
    [['an empty response is no success', 'if ($metadata.requestId === undefined) throw', 'if (false) throw']],
  ),
  ...inFile(
    'lib/table/update-item.ts',
    [errors],
    [
      [
        'a response without the item is no success',
        "if (!Attributes) throw new Problem('unavailable');",
        'if (!Attributes) return { refused: undefined };',
      ],
      ['a refusal returns the item', "ReturnValuesOnConditionCheckFailure: 'ALL_OLD',", ''],
      ['a conflict is sent again', 'error instanceof TransactionConflictException;', 'false;'],
    ],
  ),
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
      ['a failure after a retry leaves doubt', 'progress.inDoubt ||= wasRetried(error);', ''],
      [
        'the first retry is the second attempt',
        '(error.$metadata.attempts ?? 1) > 1',
        '(error.$metadata.attempts ?? 1) > 2',
      ],
      ['pauses end at the deadline', 'signal: deadline', ''],
      ['pauses grow to 400 ms', '= 400;', '= 4000;'],
      ['pauses begin at 25 ms', '= 25;', '= 250;'],
    ],
  ),
  ...inFile(
    'lib/table/keys.ts',
    ['test/unit/table/keys.test.ts'],
    [
      ['a client is found below its workspace', '`CLIENT#${clientId}`', '`CLIENT#`'],
      ['an address is claimed in any letter case', 'email.toLowerCase()', 'email'],
    ],
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
  ...inFile('lib/dependencies.ts', [times], [['an update ends within 5 s', 'patience: 5_000,', 'patience: 50_000,']]),
  ...inFile(
    'lib/table/sdk/deadline.ts',
    ['test/unit/table/sdk/deadline.test.ts'],
    [
      ['a request is cut off at its deadline', 'options.abortSignal ?? deadlines.getStore()', 'options.abortSignal'],
      ['work ends at its deadline', 'reject(new Problem', 'void (new Problem'],
      ['no timer outlives its work', 'clearTimeout(timer);', ''],
    ],
  ),
  ...inFile(
    'lib/table/records.ts',
    [doubt],
    [['doubt turns a refusal into 503', 'progress.inDoubt && error instanceof Problem', 'false']],
  ),
  ...inFile(
    'lib/table/records.ts',
    [busy],
    [
      [
        'a busy workspace does not starve a change of address',
        'attempt === 1 ? [versionOf(seen)]',
        'attempt >= 1 ? [versionOf(seen)]',
      ],
    ],
  ),
  ...inFile(
    'lib/table/move-email.ts',
    [busy],
    [
      ['the item after a busy transaction is read', "if (write.versions !== 'any') return", 'if (true) return'],
      [
        'the record was removed after its transaction: 503',
        "if (!written) throw new Problem('unavailable');",
        "if (!written) throw new Problem('not-found');",
      ],
    ],
  ),
  ...inFile(
    'lib/table/move-email.ts',
    [transactions],
    [['the version after a transaction is one more', 'version: versionOf(seen) + 1', 'version: versionOf(seen)']],
  ),
];
