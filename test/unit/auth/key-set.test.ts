import { describe, expect, test } from 'vitest';
import { failing, issuerScene, newJwk, publishing } from './issuer.ts';

/** The promised times, in milliseconds. */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const [known, next] = [newJwk('known'), newJwk('next')];
const strangers = Array.from({ length: 300 }, (_, index) => `stranger-${index}`);

describe('fetched keys', () => {
  test('are used for ten minutes, then fetched again', async () => {
    const issuer = issuerScene(publishing(known));
    const start = issuer.now;
    for (const [age, fetches] of [
      [0, 1],
      [10 * minute - 1, 1],
      [10 * minute, 2],
      [20 * minute - 1, 2],
      [20 * minute, 3],
    ] as const) {
      issuer.now = start + age;
      expect(await issuer.outcomeOf('known')).toBe('found');
      expect(issuer.fetches, `at an age of ${age} ms`).toBe(fetches);
    }
  });

  test('are replaced by those of a later fetch', async () => {
    const issuer = issuerScene(publishing(known));
    const [key] = await issuer.keys.keysFor({ alg: 'ES256', kid: 'known' });
    if (!key) throw new Error('This is a key.');
    expect(issuer.keys.holds(key)).toBe(true);
    issuer.fetched = publishing(next);
    issuer.now += 10 * minute - 1;
    expect(issuer.keys.holds(key)).toBe(true);
    issuer.now += 1;
    expect(issuer.keys.holds(key)).toBe(false);
    expect(await issuer.outcomeOf('next')).toBe('found');
    expect(issuer.keys.holds(key)).toBe(false);
    expect(await issuer.outcomeOf('known')).toBe('unknown');
  });

  test('are fetched with a timeout of two seconds', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    expect(issuer.timeout).toBe(2 * second);
  });

  test('are fetched once for many concurrent requests', async () => {
    const issuer = issuerScene(publishing(known));
    const outcomes = await Promise.all(strangers.map(() => issuer.outcomeOf('known')));
    expect(new Set(outcomes)).toEqual(new Set(['found']));
    expect(issuer.fetches).toBe(1);
  });
});

describe('while fetches fail', () => {
  test('known keys are used until they are an hour old, and fetched again every 30 seconds', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    const start = issuer.now;
    issuer.fetched = failing;
    for (const [age, fetches] of [
      [10 * minute, 2],
      [10 * minute + 30 * second - 1, 2],
      [10 * minute + 30 * second, 3],
      [11 * minute - 1, 3],
      [hour - 1, 4],
    ] as const) {
      issuer.now = start + age;
      expect(await issuer.outcomeOf('known')).toBe('found');
      expect(issuer.fetches, `at an age of ${age} ms`).toBe(fetches);
    }
    issuer.now = start + hour;
    expect(await issuer.outcomeOf('known')).toBe('unavailable');
  });

  test('a flood of tokens makes a function without keys fetch once in two seconds', async () => {
    const issuer = issuerScene(failing);
    for (const stranger of strangers) expect(await issuer.outcomeOf(stranger)).toBe('unavailable');
    expect(issuer.fetches).toBe(1);
    issuer.now += 2 * second - 1;
    for (const stranger of strangers) expect(await issuer.outcomeOf(stranger)).toBe('unavailable');
    expect(issuer.fetches).toBe(1);
    issuer.now += 1;
    const atOnce = await Promise.all(strangers.map((stranger) => issuer.outcomeOf(stranger)));
    expect(new Set(atOnce)).toEqual(new Set(['unavailable']));
    expect(issuer.fetches).toBe(2);
  });

  test('a function without keys notices recovery within two seconds', async () => {
    const issuer = issuerScene(failing);
    await issuer.outcomeOf('known');
    issuer.fetched = publishing(known);
    issuer.now += 2 * second;
    expect(await issuer.outcomeOf('known')).toBe('found');
  });

  test('recovery is noticed within two seconds for a new key', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    issuer.fetched = failing;
    expect(await issuer.outcomeOf('next')).toBe('unavailable');
    issuer.fetched = publishing(known, next);
    issuer.now += 2 * second - 1;
    expect(await issuer.outcomeOf('next')).toBe('unavailable');
    expect(issuer.fetches).toBe(2);
    issuer.now += 1;
    expect(await issuer.outcomeOf('next')).toBe('found');
  });

  test('a token with an unknown key waits for one fetch at most', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    issuer.fetched = failing;
    issuer.now += 10 * minute;
    expect(await issuer.outcomeOf('next')).toBe('unavailable');
    expect(issuer.fetches).toBe(2);
  });

  test('a flood of unknown keys does not make known ones wait', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    issuer.fetched = failing;
    issuer.now += 10 * minute;
    await issuer.outcomeOf('stranger');
    issuer.now += 2 * second;
    let release = () => {};
    issuer.held = new Promise((resolve) => {
      release = resolve;
    });
    const stranger = issuer.outcomeOf('stranger');
    expect(await issuer.outcomeOf('known')).toBe('found');
    release();
    expect(await stranger).toBe('unavailable');
    expect(issuer.fetches).toBe(3);
  });
});

describe('an unknown key', () => {
  test('triggers a fetch immediately, and is found', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    issuer.fetched = publishing(next);
    expect(await issuer.outcomeOf('next')).toBe('found');
    expect(issuer.fetches).toBe(2);
  });

  test('that the issuer does not have triggers one fetch in 30 seconds', async () => {
    const issuer = issuerScene(publishing(known));
    await issuer.outcomeOf('known');
    expect(new Set(await Promise.all(strangers.map((it) => issuer.outcomeOf(it))))).toEqual(new Set(['unknown']));
    expect(issuer.fetches).toBe(2);
    issuer.now += 30 * second - 1;
    expect(await issuer.outcomeOf('stranger')).toBe('unknown');
    expect(issuer.fetches).toBe(2);
    issuer.now += 1;
    expect(await issuer.outcomeOf('stranger')).toBe('unknown');
    expect(issuer.fetches).toBe(3);
  });

  test('in the first token of a function without keys costs no second fetch', async () => {
    const issuer = issuerScene(publishing(known));
    expect(await issuer.outcomeOf('stranger')).toBe('unknown');
    expect(await issuer.outcomeOf('stranger')).toBe('unknown');
    expect(issuer.fetches).toBe(1);
  });

  test('includes one that exists, but not for the algorithm', async () => {
    const issuer = issuerScene(publishing(known), { algorithms: ['RS256', 'ES256'] });
    expect(await issuer.outcomeOf('known', 'RS256')).toBe('unknown');
  });
});

describe('a clock that is set back', () => {
  test.each([
    ['an hour', hour],
    ['a day', 24 * hour],
  ])('by %s prolongs neither a pause nor the use of keys', async (_, jump) => {
    const issuer = issuerScene(failing);
    await issuer.outcomeOf('known');
    issuer.now -= jump;
    issuer.fetched = publishing(known);
    expect(await issuer.outcomeOf('known')).toBe('found');

    expect(await issuer.outcomeOf('next')).toBe('unknown');
    issuer.now -= jump;
    issuer.fetched = publishing(next);
    expect(await issuer.outcomeOf('next')).toBe('found');
    expect(await issuer.outcomeOf('known')).toBe('unknown');
    issuer.now -= jump;
    issuer.fetched = failing;
    expect(await issuer.outcomeOf('next')).toBe('unavailable');
  });

  test('by a second leaves keys in use', async () => {
    const issuer = issuerScene(publishing(known));
    const [key] = await issuer.keys.keysFor({ alg: 'ES256', kid: 'known' });
    issuer.now -= second;
    expect(await issuer.outcomeOf('known')).toBe('found');
    expect(key && issuer.keys.holds(key)).toBe(true);
    expect(issuer.fetches).toBe(1);
  });

  test('by a second ends pauses', async () => {
    const issuer = issuerScene(failing);
    await issuer.outcomeOf('known');
    issuer.now -= second;
    issuer.fetched = publishing(known);
    expect(await issuer.outcomeOf('stranger')).toBe('unknown');
    issuer.now -= second;
    issuer.fetched = publishing(next);
    expect(await issuer.outcomeOf('next')).toBe('found');
  });
});
