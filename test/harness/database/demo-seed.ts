import type { JsonSchema } from '../../../lib/openapi/json-schema.ts';
import { changesIn, type Item, withChanges } from '../../../lib/table/changes.ts';
import { keyOf } from '../../../lib/table/keys.ts';
import { type Declaration, endpoints } from '../lambda/functions.ts';
import type { Seed, SeedRecord } from './seed-format.ts';
import { attributesIn, kindsOf } from './seed-kinds.ts';

/** When a demo record was created, unless the example's reply shows another timestamp. */
const createdAt = '2024-01-15T10:00:00.000Z';

/**
 * The records that the declared examples change, as they are before. Endpoints whose examples have the same record add their
 * fields to one another's.
 */
export const demoOf = (declared: readonly Declaration[]): Seed => {
  const kinds = kindsOf(declared);
  const records = new Map<string, SeedRecord>();
  for (const { kind, example } of declared) {
    const key = JSON.stringify(keyOf(kind, example.ids));
    const before = records.get(key)?.attributes;
    const others = unchangedIn(example.reply, kinds.get(kind.name)?.bodies ?? []);
    const attributes = withChanges({ createdAt, ...others }, changesIn({ ...example.stored }));
    records.set(key, {
      kind,
      ids: example.ids,
      attributes: { ...attributes, updatedAt: attributes.createdAt, ...before },
    });
  }
  return Object.fromEntries(Map.groupBy(records.values(), ({ kind }) => kind.name));
};

/** What an example's reply shows of a record that no request changes. */
const unchangedIn = (reply: object, bodies: readonly JsonSchema[]): Item => {
  const changed = new Set(['id', 'updatedAt', ...attributesIn(bodies)]);
  const [record = {}] = Object.values(reply);
  return withChanges(
    {},
    changesIn(record).filter(({ attribute }) => !changed.has(attribute)),
  );
};

/** The demo data of the declared endpoints. */
export const demoSeed = demoOf(endpoints);
