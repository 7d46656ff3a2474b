import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DeadlineHandler, within } from '../../../../lib/table/sdk/deadline.ts';
import { startLocalServer } from '../../../faults/local-server.ts';

/** Timers that fire when the test says so. */
const timers = vi.hoisted(() => ({ waiting: new Map<number, () => void>(), next: 1 }));

vi.mock('node:timers', () => ({
  setTimeout: (fire: () => void) => {
    timers.waiting.set(timers.next, fire);
    return timers.next++;
  },
  clearTimeout: (timer: number) => timers.waiting.delete(timer),
}));

const reachDeadlines = () => {
  for (const fire of timers.waiting.values()) fire();
};

afterEach(() => timers.waiting.clear());

describe('within', () => {
  test('returns the result of the work, and leaves no timer behind', async () => {
    expect(await within(5, async () => 'done')).toBe('done');
    await expect(within(5, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(timers.waiting.size).toBe(0);
  });

  test('ends at the deadline, even if the work does not', async () => {
    const signals: AbortSignal[] = [];
    const endless = within(5, ({ deadline }) => {
      signals.push(deadline);
      return new Promise(() => {});
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    reachDeadlines();
    await expect(endless).rejects.toMatchObject({ code: 'unavailable', cause: { name: 'AbortError' } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('gives concurrent work separate deadlines', async () => {
    const signals = await Promise.all([1, 2, 3].map(() => within(5, async ({ deadline }) => deadline)));
    expect(new Set(signals).size).toBe(3);
  });
});

describe('DeadlineHandler', () => {
  const startSilentServer = async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const server = await startLocalServer(() => resolve());
    const { hostname, port } = new URL(server.url);
    const request = new HttpRequest({ protocol: 'http:', hostname, port: Number(port), method: 'GET', path: '/' });
    return { ...server, request, asked };
  };

  test('aborts a request at the deadline of the work that sent it', async ({ onTestFinished }) => {
    const { request, asked, close } = await startSilentServer();
    const handler = new DeadlineHandler();
    onTestFinished(async () => {
      handler.destroy();
      await close();
    });
    const sent = Promise.withResolvers<unknown>();
    const work = within(5, () => handler.handle(request).catch(sent.resolve));
    await asked;
    reachDeadlines();
    expect(await sent.promise).toMatchObject({ name: 'AbortError' });
    await expect(work).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('sends nothing after the deadline', async ({ onTestFinished }) => {
    const { request, close } = await startSilentServer();
    const handler = new DeadlineHandler();
    onTestFinished(async () => {
      handler.destroy();
      await close();
    });
    const sent = within(5, async () => {
      reachDeadlines();
      await expect(handler.handle(request)).rejects.toMatchObject({ name: 'AbortError' });
    });
    await expect(sent).rejects.toMatchObject({ code: 'unavailable' });
  });
});
