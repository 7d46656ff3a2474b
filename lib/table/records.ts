import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../domain/problem.ts';
import type { ExpectedVersions, Records, RecordUpdate, StoredRecord } from '../domain/records.ts';
import { type AttributeChange, changesIn, holdsAll, type Item, versionOf } from './changes.ts';
import { pause } from './conflicts.ts';
import type { Write } from './expression.ts';
import { claimKeyOf, isKey, keyOf } from './keys.ts';
import { type ClaimMove, writeAndClaim } from './move-claims.ts';
import { type Progress, within } from './sdk/deadline.ts';
import { updateSender } from './sdk/send-update.ts';
import { comparesAsText, stampFor } from './stamp.ts';
import type { Outcome, Table } from './table.ts';
import { readItem, updateItem } from './update-item.ts';

/**
 * The records of a table. An update is one conditional UpdateItem. If it is refused, the same round trip returns the reason:
 * no item, an item that already has the change, or another version. A second round trip is needed only when the stored
 * `updatedAt` is ahead of this machine's clock or in another format, when a unique field is set, or when more than a
 * hundred versions are expected; two more when a unique field is set while others write to the same record.
 */
export const recordsIn = (settings: Omit<Table, 'sendUpdate'>): Records => {
  const table = { ...settings, sendUpdate: updateSender(settings.client) };
  return {
    update: (update) =>
      within(table.timeout, async (progress) => {
        try {
          return await updateRecord(table, update, progress);
        } catch (error) {
          // The refusal of a retry, for whatever reason, does not prove that the attempt before it was not applied.
          const isUnclear = progress.inDoubt && isPossible(update.expected);
          throw isUnclear && error instanceof Problem ? new Problem('unavailable', { cause: error }) : error;
        }
      }),
  };
};

const updateRecord = async (table: Table, update: RecordUpdate, progress: Progress): Promise<StoredRecord> => {
  const changes = changesIn(update.patch);
  const now = table.now();
  let seen: Item | undefined;
  for (let attempt = 0; ; attempt++) {
    if (attempt > 1) await pause(attempt, progress.deadline);
    const outcome = await attemptUpdate(table, { update, changes, now, seen, attempt }, progress);
    if ('written' in outcome) return recordOf(outcome.written);
    seen = outcome.refused;
    if (!seen) throw new Problem('not-found');
    const version = versionOf(seen);
    if (update.expected === 'none') throw new Problem('stale-version', { version });
    if (holdsAll(seen, changes)) return recordOf(seen);
    if (!accepts(update.expected, version)) throw new Problem('stale-version', { version });
  }
};

/** The input of an attempt, with the time at which the update began, and the item that the previous refusal returned. */
type Attempt = {
  update: RecordUpdate;
  changes: readonly AttributeChange[];
  now: number;
  seen: Item | undefined;
  attempt: number;
};

const attemptUpdate = async (
  table: Table,
  { update, changes, now, seen, attempt }: Attempt,
  progress: Progress,
): Promise<Outcome> => {
  const { kind, ids, expected } = update;
  const key = keyOf(kind, ids);
  const write: Write = {
    changes,
    stamp: stampFor(now, seen),
    versions: versionsFor(expected, seen),
    unchanged: unusableIn(seen),
  };
  const claiming = changes.filter(({ attribute }) => Object.hasOwn(kind.unique, attribute));
  if (claiming.length === 0) return updateItem(table, key, write, progress);
  // Which claims to move depends on the stored values.
  if (!seen) return { refused: await readItem(table, key, progress) };
  // Requiring the version that was read saves reading the item afterwards. On a busy record, that may never succeed.
  const versions = attempt === 1 ? [versionOf(seen)] : write.versions;
  const unchanged = [...write.unchanged, ...claiming.map(({ attribute }) => ({ attribute, value: seen[attribute] }))];
  const moves = claiming.flatMap((change) => moveFor(update, change, seen));
  return writeAndClaim(table, { key, ids, write: { ...write, versions, unchanged }, seen, moves }, progress);
};

/** Attributes that DynamoDB cannot compare or add to. They are overwritten only if they still have the value that was read. */
const unusableIn = (seen: Item | undefined): Write['unchanged'] => {
  if (!seen) return [];
  const hasUsableVersion = seen.version === undefined || typeof seen.version === 'number';
  return [
    ...(hasUsableVersion ? [] : [{ attribute: 'version', value: seen.version }]),
    ...(comparesAsText(seen) ? [] : [{ attribute: 'updatedAt', value: seen.updatedAt }]),
  ];
};

/** IN takes at most 100 operands; beyond that, the versions are compared with the item once that has been read. */
const versionsFor = (expected: ExpectedVersions, seen: Item | undefined): ExpectedVersions => {
  if (typeof expected === 'string') return expected;
  return seen ? [versionOf(seen)] : expected.slice(0, 100);
};

/** The claim that is stored already is put again, in case another service stored the value without it. */
const moveFor = ({ kind, ids }: RecordUpdate, { attribute, value }: AttributeChange, seen: Item): ClaimMove[] => {
  const unique = kind.unique[attribute];
  if (!unique) return [];
  const claimOf = (text: unknown) => (typeof text === 'string' ? claimKeyOf(unique, ids, text) : undefined);
  const [from, to] = [claimOf(seen[attribute]), claimOf(value)];
  const isReleased = from && isKey(from) && !isDeepStrictEqual(from, to);
  return [{ attribute, problem: unique.problem, to, from: isReleased ? from : undefined }];
};

/** Whether there is a record that an update could change. */
const isPossible = (expected: ExpectedVersions): boolean => expected !== 'none' && expected.length > 0;

const accepts = (expected: readonly number[] | 'any', version: number): boolean =>
  expected === 'any' || expected.includes(version);

const recordOf = (item: Item): StoredRecord => ({ version: versionOf(item), fields: item });
