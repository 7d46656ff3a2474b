import { is } from 'valibot';
import { replyOf } from '../../lib/domain/record-kind.ts';
import type { Item } from '../../lib/table/changes.ts';
import { claimKeyOf } from '../../lib/table/keys.ts';
import { merged } from '../declared/bodies.ts';
import { type Declared, type Ids, keyFor } from '../declared/kind.ts';
import { storedItem } from '../declared/records.ts';
import { type Unique, uniqueFieldsOf, uniqueValues } from '../declared/unique-values.ts';
import { changesOf, idsOf, ownIdsOf, storedWith } from './declared.ts';
import { type Marked, markedBodies, newMark, wrongBodies } from './marks.ts';

/** The most that DynamoDB stores in an item, in bytes. */
const largestItem = 400 * 1024;

/** A record without room for another field. */
const fullItem = (endpoint: Declared, ids: Ids): Item => {
  const item = { ...keyFor(endpoint, ids), version: 1, undeclared: '' };
  const size = Object.entries(item).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  return { ...item, undeclared: 'x'.repeat(largestItem - size - 20) };
};

/** Records with one attribute that cannot be returned. An update replaces the timestamp of the last one. */
const brokenItems = (endpoint: Declared, ids: Ids, mark: string): { attribute: string; item: Item }[] => {
  const [record = {}] = Object.values(endpoint.example.reply);
  return changesOf(record)
    .filter(({ attribute }) => attribute !== 'id' && attribute !== 'updatedAt')
    .flatMap(({ attribute }) => [mark, [mark], { x: mark }].map((value) => ({ attribute, value })))
    .map(({ attribute, value }) => ({ attribute, item: storedItem(endpoint, ids, { version: 1, [attribute]: value }) }))
    .filter(({ item }) => !is(endpoint.reply, replyOf(endpoint.kind, ids, item)));
};

/** A record that may not have the same value as the own one; none if there is no other in the scope of the field. */
const rivalOf = (endpoint: Declared, { claim }: Unique): Ids | undefined => {
  if (claim.within === 'platform') return idsOf(endpoint, 'foreign', 'rival');
  return ownIdsOf(endpoint).length > 0 ? idsOf(endpoint, 'own', 'rival') : undefined;
};

/** For each unique field, a body with a value that another record has, that record, and its claim. */
const takenValues = (endpoint: Declared, { plainBody }: Marked, rival: Marked) =>
  uniqueFieldsOf(endpoint).flatMap((unique) => {
    const { field, claim } = unique;
    const ids = rivalOf(endpoint, unique);
    if (!ids) return [];
    // A field without room for a mark is sent with the value of the example.
    const value = uniqueValues(unique, 2).findLast((one) => one !== field.example) ?? '';
    const item: Item = { ...storedWith(endpoint, ids, rival.plainBody), [field.attribute]: value };
    const body = merged([plainBody, field.body(value)]);
    return [{ attribute: field.attribute, body, items: [item, { ...claimKeyOf(claim, ids, value), ...ids }] }];
  });

/** What is sent to an endpoint, and what is stored for it. */
export const leakSceneOf = (endpoint: Declared) => {
  const ids = idsOf(endpoint, 'own', 'mine');
  const marked = markedBodies(endpoint);
  const rival = markedBodies(endpoint);
  const stored = { undeclared: newMark(), broken: newMark() };
  const wrong = wrongBodies(endpoint);
  const taken = takenValues(endpoint, marked, rival);
  const own = storedItem(endpoint, ids, { version: 1, undeclared: stored.undeclared });
  const allOf = (...marks: Record<string, string>[]): Record<string, string> => Object.assign({}, ...marks);
  return {
    endpoint,
    ids,
    marked,
    wrong: wrong.map(({ body }) => body),
    taken,
    items: [own, ...taken.flatMap(({ items }) => items)],
    broken: brokenItems(endpoint, idsOf(endpoint, 'broken', 'broken'), stored.broken),
    full: fullItem(endpoint, idsOf(endpoint, 'full', 'mine')),
    /** Sent in bodies: by place, all of it and that which the reply does not show. */
    sent: allOf(marked.marks, ...wrong.map(({ marks }) => marks)),
    hidden: allOf(marked.hidden, ...wrong.map(({ marks }) => marks)),
    /** Must never be returned. */
    stored: Object.fromEntries(
      Object.entries({ ...stored, ...rival.marks }).map(([place, mark]) => [`stored for ${place}`, mark]),
    ),
  };
};

export type LeakScene = ReturnType<typeof leakSceneOf>;
