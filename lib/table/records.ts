import { Problem } from '../domain/problem.ts';
import type { ExpectedVersions, Records, RecordUpdate, StoredRecord, Value } from '../domain/records.ts';
import { type AttributeChange, changesIn, holdsAll, type Item } from './changes.ts';
import type { Write } from './expression.ts';
import { claimKeyOf, keyOf } from './keys.ts';
import { type EmailMove, moveEmail } from './move-email.ts';
import { pause, within } from './patience.ts';
import { updateSender } from './send-update.ts';
import type { Outcome, Table } from './table.ts';
import { updateItem } from './update-item.ts';

/**
 * The records of a table. An update is one conditional UpdateItem, and a refusal tells everything in the same round trip:
 * no item, an item that already is as asked, or another version. A second one is needed only when the stored `updatedAt`
 * is ahead of this machine's clock or not written as ours are, when an e-mail address changes, or when more than a hundred
 * versions are expected.
 */
export const recordsIn = (settings: Omit<Table, 'sendUpdate'>): Records => {
  const table = { ...settings, sendUpdate: updateSender(settings.client) };
  return { update: (update) => within(table.patience, (deadline) => updateUntil(table, update, deadline)) };
};

const updateUntil = async (table: Table, update: RecordUpdate, deadline: AbortSignal): Promise<StoredRecord> => {
  const changes = changesIn(update.patch);
  let seen: Item | undefined;
  for (let attempt = 0; ; attempt++) {
    if (attempt > 1) await pause(attempt, deadline);
    const outcome = await attemptAt(table, update, changes, seen, deadline);
    if ('written' in outcome) return recordOf(outcome.written);
    seen = outcome.refused;
    if (!seen) throw new Problem('not-found');
    if (update.expected !== 'none' && holdsAll(seen, changes)) return recordOf(seen);
    const version = versionOf(seen);
    if (accepts(update.expected, version)) continue;
    throw outcome.isInDoubt ? new Problem('unavailable') : new Problem('stale-version', { version });
  }
};

const attemptAt = (
  table: Table,
  update: RecordUpdate,
  changes: readonly AttributeChange[],
  seen: Item | undefined,
  deadline: AbortSignal,
): Promise<Outcome> => {
  const email = update.unique && changes.find(({ attribute }) => attribute === update.unique)?.value;
  const write: Write = {
    changes,
    stamp: stampFor(table.now(), seen),
    versions: versionsFor(update.expected, seen),
    unchanged: unchangedFor(email, seen),
  };
  const move = seen && typeof email === 'string' ? moveFor(update.key.workspaceId, email, seen) : undefined;
  if (!seen || !move) return updateItem(table, keyOf(update.key), write, deadline);
  return moveEmail(table, move, { ...write, versions: [versionOf(seen)] }, seen, deadline);
};

/**
 * None if the stored moment, however another service wrote it, is later: `updatedAt` never runs backwards, so that one
 * stays, and for good.
 */
const stampFor = (now: number, seen: Item | undefined): string | undefined => {
  const stored = seen?.updatedAt;
  const isMoment = typeof stored === 'string' || typeof stored === 'number';
  return isMoment && new Date(stored).getTime() > now ? undefined : new Date(now).toISOString();
};

/** What a write builds on: the stored e-mail address if it sets one, and the stored moment if DynamoDB cannot compare that. */
const unchangedFor = (email: Value | undefined, seen: Item | undefined): Write['unchanged'] => {
  const ofEmail = email === undefined ? [] : [{ attribute: 'email', value: seen ? seen.email : email }];
  if (!seen || comparesAsText(seen.updatedAt)) return ofEmail;
  return [...ofEmail, { attribute: 'updatedAt', value: seen.updatedAt }];
};

/** Whether a stored moment is written as ours are, or is none. */
const comparesAsText = (moment: unknown): boolean =>
  moment === undefined || (typeof moment === 'string' && /\.\d{3}Z$/.test(moment));

/** IN takes at most 100 operands; what does not fit is compared with the item, once that has been seen. */
const versionsFor = (expected: ExpectedVersions, seen: Item | undefined): Write['versions'] => {
  if (expected === 'none') return [];
  if (expected === 'any') return 'any';
  return seen ? [versionOf(seen)] : expected.slice(0, 100);
};

/** None if the workspace has the address already, or another spelling of it. */
const moveFor = (workspaceId: string, to: string, seen: Item): EmailMove | undefined => {
  const from = typeof seen.email === 'string' ? seen.email : undefined;
  if (from !== undefined && claimKeyOf(from).pk === claimKeyOf(to).pk) return undefined;
  return { workspaceId, from, to };
};

const accepts = (expected: ExpectedVersions, version: number): boolean =>
  expected !== 'none' && (expected === 'any' || expected.includes(version));

const versionOf = (item: Item): number => (typeof item.version === 'number' ? item.version : 0);

const recordOf = (item: Item): StoredRecord => ({ version: versionOf(item), fields: item });
