import { inFile } from '../in-file.ts';
import type { Mistake } from '../mistake.ts';

const roundTrips = 'test/integration/round-trips.test.ts';
const size = 'test/faults/size.test.ts';
const doubt = 'test/faults/doubt.test.ts';
const busy = 'test/faults/busy-workspace.test.ts';
const clocks = 'test/faults/clocks.test.ts';
const unusual = 'test/faults/unusual-records.test.ts';
const errors = 'test/faults/documented-errors.test.ts';
const claims = 'test/faults/claims.test.ts';
const transactions = 'test/faults/transactions.test.ts';
const model = 'test/integration/model.test.ts';
const expressions = 'test/unit/table/expression.test.ts';

/** Slips in an update: its condition, its second attempt, doubt, and the claims on addresses. */
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
    [transactions, claims],
    [
      ['an address that is left is released', 'from: isReleased ? from : undefined', 'from: undefined'],
      [
        'the address is what it was when it was seen',
        'attribute, value: seen[attribute] }',
        'attribute, value: changes[0]?.value }',
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
      ['a write that changes nothing is refused', ', `NOT (${allOf(alreadyStored)})`];', '];'],
      ['a version is one more', "ofName('version')} ${ofValue(1)}`,\n  ];", "ofName('version')} ${ofValue(2)}`,\n  ];"],
      [
        'null removes an attribute',
        'if (value === null) remove.push(name);',
        'if (value === undefined) remove.push(name);',
      ],
      ['a later stored timestamp refuses ours', '`${name} <= ${stamp} AND', '`${name} >= ${stamp} AND'],
      ['a record without a version has version 0', 'accepted.includes(0) ?', 'accepted.includes(1) ?'],
      ['a number is compared within its precision', 'Math.abs(value) * Number.EPSILON', '0'],
    ],
  ),
  ...inFile(
    'lib/table/move-claims.ts',
    [transactions, claims],
    [
      [
        'a claim of another workspace stands',
        '`#id${n} = :id${n}`',
        '`(attribute_exists(#id${n}) OR #id${n} = :id${n})`',
      ],
      ['412 comes before 409', 'if (taken) throw takenProblem(taken.problem, taken.attribute);', ''],
      ['a transaction is sent again with its token', 'ClientRequestToken: randomUUID() });', '});'],
      ['a transaction that met another is sent again', "new Set(['TransactionConflict', ", 'new Set(['],
      [
        'the claim of another is left alone',
        'if (kept.length < releases.length && !isRefused(reasons[0]))',
        'if (false)',
      ],
    ],
  ),
  ...inFile(
    'lib/table/move-claims.ts',
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
    'lib/table/keys.ts',
    ['test/unit/table/keys.test.ts'],
    [
      [
        'a client is found below its workspace',
        'ids[id] ?? missing(id)',
        "id === 'clientId' ? '' : (ids[id] ?? missing(id))",
      ],
      ['an address is claimed in any letter case', 'value.toLowerCase()', 'value'],
    ],
  ),
  ...inFile(
    'lib/table/update-item.ts',
    ['test/faults/no-doubt.test.ts', 'test/faults/doubt.test.ts'],
    [['a failed read leaves no doubt', 'progress.inDoubt = inDoubt;', '']],
  ),
  ...inFile(
    'lib/table/records.ts',
    [doubt],
    [['doubt turns a refusal into 503', 'isUnclear && error instanceof Problem', 'false']],
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
    'lib/table/move-claims.ts',
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
    'lib/table/move-claims.ts',
    [transactions],
    [['the version after a transaction is one more', 'version: versionOf(seen) + 1', 'version: versionOf(seen)']],
  ),
  ...inFile(
    'lib/table/records.ts',
    ['test/faults/unclaimed-addresses.test.ts'],
    [
      [
        'a write that sets the stored address claims it',
        'if (claiming.length === 0) return updateItem',
        'if (claiming.every(({ attribute, value }) => seen?.[attribute] === value)) return updateItem',
      ],
    ],
  ),
  ...inFile(
    'lib/table/move-claims.ts',
    ['test/faults/size.test.ts'],
    [
      [
        'a transaction that is too large is 422',
        'if (reasons.some(({ Message }) => saysTooLarge(Message)))',
        'if (false)',
      ],
    ],
  ),
];
