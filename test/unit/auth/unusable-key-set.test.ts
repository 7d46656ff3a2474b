import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fetched, failing, issuerScene, newJwk, publishing } from './issuer.ts';

const minute = 60_000;
const [known, next] = [newJwk('known'), newJwk('next')];
const offCurve = { ...next, x: next.y };

/** Responses with status 200 of an issuer that is broken. */
const unusable: Record<string, Fetched> = {
  'an empty key set': publishing(),
  'a key set of null': publishing(null),
  'a key without a type': publishing({ kid: 'next' }),
  'a key for encryption': publishing({ ...next, use: 'enc' }),
  'a key off its curve': publishing(offCurve),
  'a key for an algorithm that is not accepted': publishing({ ...next, alg: 'ES384' }),
  'an object': () => ({}),
  'keys that are not a list': () => ({ keys: { 0: next } }),
  null: () => null,
  text: () => 'keys',
};

describe.each(Object.entries(unusable))('%s instead of keys', (_, fetched) => {
  test('counts as a failed fetch for a function without keys', async () => {
    const issuer = issuerScene(fetched);
    expect(await issuer.outcomeOf('known')).toBe('unavailable');
    issuer.fetched = publishing(known);
    issuer.now += 2_000;
    expect(await issuer.outcomeOf('known')).toBe('found');
  });

  test('leaves known keys in use until they are an hour old', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    const start = issuer.now;
    issuer.fetched = fetched;
    issuer.now = start + 10 * minute;
    expect(await issuer.outcomeOf('known')).toBe('found');
    issuer.now = start + 60 * minute - 1;
    expect(await issuer.outcomeOf('known')).toBe('found');
    issuer.now = start + 60 * minute;
    expect(await issuer.outcomeOf('known')).toBe('unavailable');
  });

  test('does not replace the known keys when a key is unknown', async () => {
    const issuer = issuerScene(publishing(known));
    const [key] = await issuer.keys.keysFor({ alg: 'ES256', kid: 'known' });
    issuer.fetched = fetched;
    expect(await issuer.outcomeOf('stranger')).toBe('unavailable');
    expect(await issuer.outcomeOf('known')).toBe('found');
    expect(key && issuer.keys.holds(key)).toBe(true);

    issuer.fetched = publishing(known, next);
    issuer.now += 2_000;
    expect(await issuer.outcomeOf('next')).toBe('found');
  });
});

test('one usable key makes a key set usable', async () => {
  const issuer = issuerScene(publishing(null, offCurve, { kid: 'known' }, known, 'key'));
  expect(await issuer.outcomeOf('known')).toBe('found');
  expect(await issuer.outcomeOf('next')).toBe('unknown');
});

type Step = { advance: number; response: 'known' | 'failure' | 'empty'; kid: 'known' | 'stranger' };
const anyStep: fc.Arbitrary<Step> = fc.record({
  advance: fc.constantFrom(
    0,
    1,
    1_999,
    2_000,
    29_999,
    30_000,
    599_999,
    600_000,
    3_599_999,
    3_600_000,
    -1_000,
    -7_200_000,
  ),
  response: fc.constantFrom('known', 'failure', 'empty'),
  kid: fc.constantFrom('known', 'stranger'),
});
const responses = { known: publishing(known), failure: failing, empty: publishing() };

test('published keys are never unknown, other keys never found, and no token fetches twice', async () => {
  const hold = async (steps: Step[]) => {
    const issuer = issuerScene(failing);
    for (const { advance, response, kid } of steps) {
      issuer.now += advance;
      issuer.fetched = responses[response];
      const before = issuer.fetches;
      const outcome = await issuer.outcomeOf(kid);
      expect(outcome).not.toBe(kid === 'known' ? 'unknown' : 'found');
      expect(issuer.fetches - before).toBeLessThanOrEqual(1);
    }
    issuer.fetched = responses.known;
    issuer.now += 2_000;
    expect(await issuer.outcomeOf('known')).toBe('found');
  };
  await fc.assert(fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), hold), { numRuns: 200 });
});
