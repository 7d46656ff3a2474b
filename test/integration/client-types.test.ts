import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ApiResponse, createClient } from 'patchwork/client';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { updateWorkspace as updateWorkspaceEndpoint } from '../../functions/index.ts';
import { updateClient as updateClientEndpoint } from '../../functions/index.ts';
import { startService } from '../harness/local-service/service.ts';

const { ids } = updateClientEndpoint.example;
const root = join(import.meta.dirname, '..', '..');

describe('the types of the client', () => {
  type Client = ReturnType<typeof createClient>;
  type UpdateClient = ApiResponse<typeof updateClientEndpoint>;
  type UpdateWorkspace = ApiResponse<typeof updateWorkspaceEndpoint>;

  test('describe requests', () => {
    expectTypeOf<Client['updateClient']>().parameter(0).toEqualTypeOf<Record<'workspaceId' | 'clientId', string>>();
    expectTypeOf<Client['updateWorkspace']>().parameter(0).toEqualTypeOf<Record<'workspaceId', string>>();
    expectTypeOf<Client['updateClient']>().parameter(1).toEqualTypeOf<{
      name?: string;
      avatarUrl?: string | null;
      contactMethods?: {
        type: 'whatsapp' | 'phone' | 'email' | 'fax' | 'other';
        value: string;
        isPreferred: boolean;
      }[];
      customFields?: { fieldKey: string; value: string | boolean | null | number | string[] }[];
    }>();
    const neverCalled = (client: Client) => [
      // @ts-expect-error: an unknown field
      client.updateClient(ids, { nickname: 'Jane' }),
      // @ts-expect-error: an unknown field of a nested object
      client.updateWorkspace(ids, { labTemplates: { smsMessage: '' } }),
      // @ts-expect-error: null is not a name
      client.updateClient(ids, { name: null }),
    ];
    expectTypeOf(neverCalled).toBeFunction();
  });

  test('describe responses by status', () => {
    type Common = 200 | 400 | 401 | 403 | 404 | 412 | 413 | 415 | 422 | 500 | 503;
    expectTypeOf<UpdateClient['status']>().toEqualTypeOf<Common>();
    expectTypeOf<UpdateWorkspace['status']>().toEqualTypeOf<Common | 409>();
    type Success = Extract<UpdateClient, { ok: true }>;
    expectTypeOf<Success['reply']['client']['avatarUrl']>().toEqualTypeOf<string | null>();
    expectTypeOf<Extract<UpdateClient, { status: 412 }>['etag']>().toEqualTypeOf<string>();
    expectTypeOf<Extract<UpdateClient, { status: 503 }>['retryAfter']>().toEqualTypeOf<number>();
    expectTypeOf<Extract<UpdateClient, { status: 422 }>['problem']['errors']>().toEqualTypeOf<
      { pointer: string; detail: string }[]
    >();
    expectTypeOf<Extract<UpdateClient, { status: 404 }>>().not.toHaveProperty('etag');
    expectTypeOf<
      Extract<UpdateWorkspace, { status: 409 }>['problem']['type']
    >().toEqualTypeOf<'urn:problem-type:patchwork:email-taken'>();
  });
});

test('another package can import the client and its types', async () => {
  const service = await startService();
  const directory = mkdtempSync(join(tmpdir(), 'patchwork-caller-'));
  try {
    mkdirSync(join(directory, 'node_modules'));
    symlinkSync(root, join(directory, 'node_modules', 'patchwork'));
    writeFileSync(
      join(directory, 'caller.mjs'),
      `import { createClient } from 'patchwork/client';
       const client = createClient({ baseUrl: process.env.URL, token: process.env.TOKEN });
       const response = await client.updateClient(${JSON.stringify(ids)}, { name: 'Called' });
       console.log(response.status, response.reply.client.name);`,
    );
    const inDirectory = { cwd: directory, env: { ...process.env, URL: service.url, TOKEN: service.token ?? '' } };
    const called = await promisify(execFile)(process.execPath, ['caller.mjs'], inDirectory);
    expect(called).toEqual({ stdout: '200 Called\n', stderr: '' });

    writeFileSync(
      join(directory, 'caller.mts'),
      `import { createClient } from 'patchwork/client';
       const client = createClient({ baseUrl: 'http://localhost', token: '' });
       const response = await client.updateClient(${JSON.stringify(ids)}, { name: 'Typed' });
       // @ts-expect-error: a name is not a number
       if (response.status === 200) response.reply.client.name satisfies number;
       if (response.status === 412) response.etag satisfies string;`,
    );
    const strict = ['--strict', '--noEmit', '--allowImportingTsExtensions', '--module', 'nodenext', '--types', ''];
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    await promisify(execFile)(tsc, [...strict, '--lib', 'es2024,dom', 'caller.mts'], inDirectory);
  } finally {
    rmSync(directory, { recursive: true });
    await service.close();
  }
});
