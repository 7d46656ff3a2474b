import { Problem } from '../domain/problem.ts';
import type { ExpectedVersions, Records, RecordUpdate, StoredRecord } from '../domain/records.ts';
import { type AttributeChange, changesIn, holdsAll, type Item, versionOf } from './changes.ts';
import { pause } from './conflicts.ts';
import type { Write } from './expression.ts';
import { claimKeyOf, keyOf } from './keys.ts';
import { type EmailMove, moveEmail } from './move-email.ts';
import { type Progress, within } from './sdk/deadline.ts';
import { updateSender } from './sdk/send-update.ts';
import { comparesAsText, stampFor } from './stamp.ts';
import type { Outcome, Table } from './table.ts';
import { readItem, updateItem } from './update-item.ts';

/**
 * The records of a table. An update is one conditional UpdateItem. If it is refused, the same round trip returns the reason:
 * no item, an item that already has the change, or another version. A second round trip is needed only when the stored
 * `updatedAt` is ahead of this machine's clock or in another format, when an e-mail address is set, or when more than a
 * hundred versions are expected; two more when an e-mail address is set while others write to the same workspace.
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
  const key = keyOf(update.key);
  const write: Write = {
    changes,
    stamp: stampFor(now, seen),
    versions: versionsFor(update.expected, seen),
    unchanged: unusableIn(seen),
  };
  const email = update.unique && changes.find(({ attribute }) => attribute === update.unique)?.value;
  if (typeof email !== 'string') return updateItem(table, key, write, progress);
  // Which claims to move depends on the stored address.
  if (!seen) return { refused: await readItem(table, key, progress) };
  // Requiring the version that was read saves reading the item afterwards. On a busy record, that may never succeed.
  const versions = attempt === 1 ? [versionOf(seen)] : write.versions;
  const unchanged = [...write.unchanged, { attribute: 'email', value: seen.email }];
  const move = moveFor(update.key.workspaceId, email, seen);
  return moveEmail(table, move, { ...write, versions, unchanged }, seen, progress);
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

/** The claim that is stored already is put again, in case another service stored the address without it. */
const moveFor = (workspaceId: string, to: string, { email }: Item): EmailMove => {
  const isElsewhere = typeof email === 'string' && claimKeyOf(email).pk !== claimKeyOf(to).pk;
  return { workspaceId, from: isElsewhere ? email : undefined, to };
};

/** Whether there is a record that an update could change. */
const isPossible = (expected: ExpectedVersions): boolean => expected !== 'none' && expected.length > 0;

const accepts = (expected: readonly number[] | 'any', version: number): boolean =>
  expected === 'any' || expected.includes(version);

const recordOf = (item: Item): StoredRecord => ({ version: versionOf(item), fields: item });
