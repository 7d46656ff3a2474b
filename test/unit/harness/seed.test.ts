import { type DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Item } from '../../../lib/table/changes.ts';
import { claimKeyOf, type ItemKey, keyOf } from '../../../lib/table/keys.ts';
import { fieldsOf } from '../../declared/fields.ts';
import { otherIds } from '../../declared/records.ts';
import { demoOf, demoSeed } from '../../harness/database/demo-seed.ts';
import { startEngine } from '../../harness/database/engine.ts';
import { seedTable } from '../../harness/database/seed.ts';
import type { Seed, SeedRecord } from '../../harness/database/seed-format.ts';
import { connect, createTable } from '../../harness/database/table.ts';
import { type Declaration, endpoints } from '../../harness/lambda/functions.ts';
import { updateSession } from './session.ts';

// DynamoDB Local takes seconds to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
let engine: Awaited<ReturnType<typeof startEngine>>;
let client: DynamoDBDocumentClient;
beforeAll(async () => {
  engine = await startEngine();
  client = connect(engine.endpoint, credentials);
});
afterAll(async () => {
  client.destroy();
  await engine.close();
});

let count = 0;

/** A new table, and access to its items by key. */
const newTable = async () => {
  const name = `table-${count++}`;
  await createTable(client, name);
  return {
    seed: (seed: Seed) => seedTable(client, name, seed),
    put: (item: Item) => client.send(new PutCommand({ TableName: name, Item: item })),
    get: async (key: ItemKey) => (await client.send(new GetCommand({ TableName: name, Key: key }))).Item,
    count: async () => (await client.send(new ScanCommand({ TableName: name }))).Count,
  };
};

const all: { endpoint: Declaration; title: string }[] = [
  ...endpoints.map((endpoint) => ({ endpoint, title: endpoint.id })),
  { endpoint: updateSession, title: 'an invented endpoint' },
];

/** A seed of the demo records of an endpoint's kind with another id for each number. */
const seedOf = (endpoint: Declaration, numbers: readonly number[], attributes: Item = {}): Seed => {
  const { kind } = endpoint;
  const [demo] = demoOf([endpoint])[kind.name] ?? [];
  const unique = Object.keys(kind.unique);
  const plain = Object.entries(demo?.attributes ?? {}).filter(([attribute]) => !unique.includes(attribute));
  const records = numbers.map((number): SeedRecord => {
    return { kind, ids: otherIds(endpoint, number), attributes: { ...Object.fromEntries(plain), ...attributes } };
  });
  return { [kind.name]: records };
};

const recordsOf = (seed: Seed): SeedRecord[] => Object.values(seed).flat();

test('the demo data is stored as the service would store it', async () => {
  const { seed, get, count } = await newTable();
  await seed(demoSeed);
  for (const { kind, ids, attributes } of recordsOf(demoSeed)) {
    const key = keyOf(kind, ids);
    expect(await get(key)).toEqual({ ...key, ...attributes, version: 1 });
    for (const [attribute, unique] of Object.entries(kind.unique)) {
      const value = attributes[attribute];
      if (typeof value !== 'string') continue;
      expect(await get(claimKeyOf(unique, ids, value))).toEqual({ ...claimKeyOf(unique, ids, value), ...ids });
    }
  }
  expect(await count()).toBe(
    recordsOf(demoSeed).reduce(
      (sum, { kind, attributes }) => sum + 1 + Object.keys(kind.unique).filter((name) => name in attributes).length,
      0,
    ),
  );
});

describe.each(all)('records of $title', ({ endpoint }) => {
  const { kind } = endpoint;

  test('that have no timestamps were created now', async () => {
    const { seed, get } = await newTable();
    const [record] = recordsOf(seedOf(endpoint, [1]));
    if (!record) throw new Error('The demo data has no record.');
    const { createdAt: _, updatedAt: __, ...attributes } = record.attributes;
    const before = new Date().toISOString();
    await seed({ [kind.name]: [{ ...record, attributes }] });
    const { createdAt, updatedAt } = (await get(keyOf(kind, record.ids))) ?? {};
    expect(createdAt >= before && createdAt <= new Date().toISOString()).toBe(true);
    expect(updatedAt).toBe(createdAt);
  });

  test('that exist are never overwritten, and missing ones are added', async () => {
    const { seed, put, get, count } = await newTable();
    const unique = Object.keys(kind.unique).map((attribute) => [attribute, 'mine@example.com']);
    const records = seedOf(endpoint, [1, 2]);
    const [one, other] = recordsOf(records).map(({ ids }) => keyOf(kind, ids));
    if (!one || !other) throw new Error('Two records were expected.');
    await put({ ...one, kept: true });
    await seed(seedOf(endpoint, [1], Object.fromEntries(unique)));
    expect(await count()).toBe(1);
    await seed(records);
    expect(await get(one)).toEqual({ ...one, kept: true });
    const added = await get(other);
    expect(added).toMatchObject({ version: 1 });
    await seed(seedOf(endpoint, [2], { changed: true }));
    expect(await get(other)).toEqual(added);
  });

  test('may be more than fit into one batch', async () => {
    const { seed, count } = await newTable();
    const numbers = Array.from({ length: 60 }, (_, number) => number);
    await seed(seedOf(endpoint, numbers));
    expect(await count()).toBe(60);
  });

  test('that DynamoDB cannot store are reported in one sentence', async () => {
    const { seed } = await newTable();
    const large = { large: 'x'.repeat(400 * 1024) };
    const sentence = new RegExp(`^DynamoDB cannot store the seed's ${kind.name} \\S+: [^\\n]+\\.$`);
    await expect(seed(seedOf(endpoint, [1], large))).rejects.toThrow(sentence);
    await expect(seed(seedOf(endpoint, [1], { large: 1e200 }))).rejects.toThrow(sentence);
  });
});

const uniqueFields = all.flatMap(({ endpoint, title }) =>
  Object.entries(endpoint.kind.unique).map(([attribute, unique]) => ({ endpoint, attribute, unique, title })),
);

describe.each(uniqueFields)('the unique $attribute of $title', ({ endpoint, attribute, unique }) => {
  const { kind } = endpoint;
  const example = String(fieldsOf(endpoint).find((field) => field.attribute === attribute)?.example);
  const [one, other] = recordsOf(seedOf(endpoint, [1, 2]));
  if (!one || !other) throw new Error('Two records were expected.');
  const having = (record: SeedRecord, value: string): SeedRecord => ({
    ...record,
    attributes: { ...record.attributes, [attribute]: value },
  });

  test('is claimed for the record, with all of its ids, and can be seeded again', async () => {
    const { seed, get } = await newTable();
    await seed({ [kind.name]: [having(one, example)] });
    const key = claimKeyOf(unique, one.ids, example);
    expect(await get(key)).toEqual({ ...key, ...one.ids });
    await seed({ [kind.name]: [having(one, example)] });
  });

  test('of another record is reported in one sentence, and neither record nor claim is written', async () => {
    const { seed, get } = await newTable();
    const spelling = unique.ignoresCase ? example.toUpperCase() : example;
    const both = { [kind.name]: [having(one, example), having(other, spelling)] };
    const name = Object.values(other.ids).join('/');
    await expect(seed(both)).rejects.toThrow(
      `The ${attribute} of the seed's ${kind.name} ${name} belongs to another ${kind.name} in the table.`,
    );
    expect(await get(keyOf(kind, other.ids))).toBeUndefined();
    expect(await get(claimKeyOf(unique, one.ids, example))).toMatchObject(one.ids);
  });

  test('may have a claim already that the removed record left behind', async () => {
    const { seed, put, get } = await newTable();
    await put({ ...claimKeyOf(unique, one.ids, example), ...one.ids });
    await seed({ [kind.name]: [having(one, example)] });
    expect(await get(keyOf(kind, one.ids))).toMatchObject({ [attribute]: example });
  });
});
