import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { endpoint as updateClientEndpoint } from '../../functions/update-client/endpoint.ts';
import { endpoint as updateWorkspaceEndpoint } from '../../functions/update-workspace/endpoint.ts';
import { Problem } from '../../lib/domain/problem.ts';
import type { RecordUpdate } from '../../lib/domain/records.ts';
import { type Priming, prime } from '../../lib/prime.ts';

const hang = () => new Promise<never>(() => {});

/** Dependencies of a function that all fail, and their calls. */
const scene = () => {
  const updates: RecordUpdate[] = [];
  const primeVerifier = vi.fn(async (): Promise<never> => {
    throw new Problem('unavailable');
  });
  const records = {
    update: async (update: RecordUpdate): Promise<never> => {
      updates.push(update);
      throw new Problem('not-found');
    },
  };
  return { updates, live: { records }, primeVerifier, on: { isOn: true, primeVerifier } };
};

describe('prime', () => {
  test('does nothing unless it is on', async () => {
    const { updates, live, primeVerifier } = scene();
    await prime(updateClientEndpoint, live, { isOn: false, primeVerifier });
    expect(primeVerifier).not.toHaveBeenCalled();
    expect(updates).toEqual([]);
  });

  test('requests an update that accepts no version, and never fails', async () => {
    const { updates, live, primeVerifier, on } = scene();
    await prime(updateClientEndpoint, live, on);
    await prime(updateWorkspaceEndpoint, live, on);
    expect(primeVerifier).toHaveBeenCalledTimes(2);
    expect(updates.map(({ expected }) => expected)).toEqual([[], []]);
  });

  test('survives an update that throws immediately', async () => {
    const { on } = scene();
    const update = () => {
      throw new Error('defect');
    };
    await expect(prime(updateClientEndpoint, { records: { update } }, on)).resolves.toBeUndefined();
  });

  test('survives an example that its own schema refuses', async () => {
    const { live, on } = scene();
    const refusing = v.pipe(
      v.object({ name: v.string() }),
      v.check(() => false),
    );
    const { kind, ids, example } = updateWorkspaceEndpoint;
    const endpoint = { kind, ids, body: refusing, example: { ...example, stored: { name: '' }, body: { name: 'a' } } };
    await expect(prime(endpoint, live, on)).resolves.toBeUndefined();
  });

  test.each<[string, Partial<Priming>, () => Promise<never>]>([
    ['the table', {}, hang],
    ['the issuer', { primeVerifier: hang }, async () => await Promise.reject(new Problem('not-found'))],
  ])('waits at most two seconds for %s', async (_, changes, update) => {
    vi.useFakeTimers();
    try {
      const { on } = scene();
      const settled = vi.fn();
      const primed = prime(updateClientEndpoint, { records: { update } }, { ...on, ...changes }).then(settled);
      await vi.advanceTimersByTimeAsync(1_999);
      expect(settled).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(settled).toHaveBeenCalledOnce();
      await primed;
    } finally {
      vi.useRealTimers();
    }
  });
});
