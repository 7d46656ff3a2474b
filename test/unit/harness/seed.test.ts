import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEngine } from '../../harness/database/engine.ts';
import { readSeed, seedFrom, seedTable } from '../../harness/database/seed.ts';
import { connect, createTable } from '../../harness/database/table.ts';

// DynamoDB Local takes seconds to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const workspace = { id: 'w', name: 'W' };
const withClient = (client: object) => ({
  workspaces: [{ ...workspace, clients: [{ id: 'c', name: 'C', ...client }] }],
});

describe('one sentence with the path of the error reports', () => {
  test.each([
    [{}, 'workspaces'],
    [[], 'workspaces'],
    [{ workspaces: {} }, 'workspaces'],
    [{ workspaces: [], extra: 1 }, 'extra'],
    [{ workspaces: [{ id: 'w' }] }, 'workspaces.0.name'],
    [{ workspaces: [{ ...workspace, id: 'a b' }] }, 'workspaces.0.id'],
    [{ workspaces: [workspace, workspace] }, 'workspaces.1.id'],
    [{ workspaces: [{ ...workspace, slogn: 'x' }] }, 'workspaces.0.slogn'],
    [{ workspaces: [{ ...workspace, email: 'x' }] }, 'workspaces.0.email'],
    [{ workspaces: [{ ...workspace, createdAt: 'today' }] }, 'workspaces.0.createdAt'],
    [{ workspaces: [{ ...workspace, labTemplates: { sms: '' } }] }, 'workspaces.0.labTemplates.sms'],
    [withClient({ name: '' }), 'workspaces.0.clients.0.name'],
    [
      withClient({ contactMethods: [{ type: 'email', value: 'x' }] }),
      'workspaces.0.clients.0.contactMethods.0.isPreferred',
    ],
    [withClient({ customFields: [{ fieldKey: 'k', value: {} }] }), 'workspaces.0.clients.0.customFields.0.value'],
  ])('the seed %j', (seed, path) => {
    expect(() => seedFrom(seed, 'seed.json')).toThrow(`The seed file seed.json is invalid at ${path}: `);
  });

  test.each([
    [{}, 'workspaces: is missing'],
    [{ workspaces: [], extra: 1 }, 'extra: is unknown'],
  ])('the seed %j and whether a member is missing or unknown', (seed, flaw) => {
    expect(() => seedFrom(seed, 'seed.json')).toThrow(`The seed file seed.json is invalid at ${flaw}.`);
  });
});

test('a seed file that does not exist or is not JSON is reported', async () => {
  await expect(readSeed('/no/such.json')).rejects.toThrow('The seed file /no/such.json cannot be read: ENOENT');
  await expect(readSeed(import.meta.filename)).rejects.toThrow('is not JSON');
});

describe('seeding', () => {
  const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  let engine: Awaited<ReturnType<typeof startEngine>>;
  let client: ReturnType<typeof connect>;
  beforeAll(async () => {
    engine = await startEngine();
    client = connect(engine.endpoint, credentials);
  });
  afterAll(async () => {
    client.destroy();
    await engine.close();
  });

  /** A new table, and access to its items by key. */
  const newTable = async (name: string) => {
    await createTable(client, name);
    return {
      name,
      get: async (pk: string, sk: string) =>
        (await client.send(new GetCommand({ TableName: name, Key: { pk, sk } }))).Item,
    };
  };
  const seed = (table: string, value: unknown) => seedTable(client, table, seedFrom(value, 'seed.json'));

  test('stores every record as the service would', async () => {
    const { name, get } = await newTable('stored');
    const contactMethods = [{ type: 'email', value: 'x', isPreferred: true }];
    const customFields = [{ fieldKey: 'big', value: 1e100 }];
    const createdAt = '2024-01-15T11:00:00+01:00';
    await seed(name, {
      workspaces: [
        {
          ...workspace,
          email: 'Me@Example.com',
          sessionTemplates: { smsReminderMessage: 'soon' },
          createdAt,
          updatedAt: createdAt,
          clients: [{ id: 'c', name: 'C', avatarUrl: null, contactMethods, customFields }],
        },
      ],
    });

    expect(await get('WORKSPACE#w', 'WORKSPACE')).toEqual({
      pk: 'WORKSPACE#w',
      sk: 'WORKSPACE',
      name: 'W',
      email: 'Me@Example.com',
      'sessionTemplates.smsReminderMessage': 'soon',
      createdAt: '2024-01-15T10:00:00.000Z',
      updatedAt: '2024-01-15T10:00:00.000Z',
      version: 1,
    });
    expect(await get('EMAIL#me@example.com', 'EMAIL')).toMatchObject({ workspaceId: 'w' });
    const now = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await get('WORKSPACE#w', 'CLIENT#c')).toEqual({
      pk: 'WORKSPACE#w',
      sk: 'CLIENT#c',
      name: 'C',
      contactMethods,
      customFields,
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
  });

  test('leaves existing records unchanged and adds missing ones', async () => {
    const { name, get } = await newTable('kept');
    const kept = { pk: 'WORKSPACE#w', sk: 'WORKSPACE', name: 'Kept' };
    await client.send(new PutCommand({ TableName: name, Item: kept }));
    await seed(name, { workspaces: [{ ...workspace, email: 'a@b.c', clients: [{ id: 'c', name: 'C' }] }] });
    await seed(name, withClient({ name: 'Other' }));

    expect(await get('WORKSPACE#w', 'WORKSPACE')).toEqual(kept);
    expect(await get('EMAIL#a@b.c', 'EMAIL')).toBeUndefined();
    expect(await get('WORKSPACE#w', 'CLIENT#c')).toMatchObject({ name: 'C' });
  });

  test('rejects an e-mail address of another workspace', async () => {
    const { name } = await newTable('claimed');
    const both = [
      { ...workspace, email: 'a@b.c' },
      { id: 'x', name: 'X', email: 'A@B.C' },
    ];
    await expect(seed(name, { workspaces: both })).rejects.toThrow('workspace x belongs to another workspace');
  });
});
