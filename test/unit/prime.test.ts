import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { updateClient } from '../../functions/update-client/client.ts';
import { endpoint as updateClientEndpoint } from '../../functions/update-client/endpoint.ts';
import { endpoint as updateWorkspaceEndpoint } from '../../functions/update-workspace/endpoint.ts';
import { updateWorkspace } from '../../functions/update-workspace/workspace.ts';
import { Problem } from '../../lib/domain/problem.ts';
import type { RecordUpdate } from '../../lib/domain/records.ts';
import { prime } from '../../lib/prime.ts';

const on = { isOn: true, refusedToken: 'header.claims.signature' };

/** What a function stands on, of which everything fails, and what it was asked. */
const scene = () => {
  const updates: RecordUpdate[] = [];
  const verify = vi.fn(async (): Promise<never> => {
    throw new Problem('invalid-token');
  });
  const records = {
    update: async (update: RecordUpdate): Promise<never> => {
      updates.push(update);
      throw new Problem('not-found');
    },
  };
  return { updates, verify, live: { verify, records } };
};

describe('prime', () => {
  test('does nothing unless it is on', async () => {
    const { updates, verify, live } = scene();
    await prime(updateClientEndpoint, updateClient, live, { ...on, isOn: false });
    expect(verify).not.toHaveBeenCalled();
    expect(updates).toEqual([]);
  });

  test('asks for an update that no version of a record can meet, and never fails', async () => {
    const { updates, verify, live } = scene();
    await prime(updateClientEndpoint, updateClient, live, on);
    await prime(updateWorkspaceEndpoint, updateWorkspace, live, on);
    expect(verify.mock.calls).toEqual([['header.claims.signature'], ['header.claims.signature']]);
    expect(updates.map(({ expected }) => expected)).toEqual([[], []]);
  });

  test('survives an update that throws at once', async () => {
    const { live } = scene();
    const update = () => {
      throw new Error('defect');
    };
    await expect(prime(updateClientEndpoint, update, live, on)).resolves.toBeUndefined();
  });

  test('survives an example that its own schema refuses', async () => {
    const { live } = scene();
    const endpoint = {
      ...updateClientEndpoint,
      body: v.pipe(
        updateClientEndpoint.body,
        v.check(() => false),
      ),
    };
    await expect(prime(endpoint, updateClient, live, on)).resolves.toBeUndefined();
  });

  test('holds a start up for two seconds at most', async () => {
    vi.useFakeTimers();
    try {
      const { live } = scene();
      const primed = prime(updateClientEndpoint, () => new Promise(() => {}), live, on);
      await vi.advanceTimersByTimeAsync(2_000);
      await expect(primed).resolves.toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});
