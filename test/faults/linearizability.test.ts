import { describe, expect, test } from 'vitest';
import { canJudge, type History, type Operation, verdictsOn } from './linearizability.ts';

const initial = {
  a: { version: 1, fields: { label: 'before', address: 'a@example.com' } },
  b: { version: 1, fields: { label: 'before', address: 'b@example.com' } },
};

const unique = { address: { ignoresCase: true }, code: { ignoresCase: false } };

type Asked = { of?: string; set: Record<string, string>; ifMatch?: number[] };

const during = (
  call: number,
  end: number,
  { of = 'a', set, ifMatch }: Asked,
  response: Operation['response'],
): Operation => ({
  call,
  return: end,
  patch: { record: of, set, ifMatch: ifMatch ?? null },
  response,
});

const ok = (version: number, label: string, address = 'a@example.com') => ({
  status: 200,
  record: { version, fields: { label, address } },
});
const shows = (version: number, fields: Record<string, string>) => ({ status: 200, record: { version, fields } });
const status = (status: number, version = 0) => ({ status, record: { version, fields: {} } });
const x = { set: { label: 'x' } };
const y = { set: { label: 'y' } };
const look = { set: {} };

const good: Record<string, Operation[]> = {
  'nothing happens': [],
  'one after the other': [during(1, 2, x, ok(2, 'x')), during(3, 4, y, ok(3, 'y'))],
  'at once, in either order': [during(1, 4, x, ok(3, 'x')), during(2, 3, y, ok(2, 'y'))],
  'a retry changes nothing': [during(1, 2, x, ok(2, 'x')), during(3, 4, x, ok(2, 'x'))],
  'one of two with the same If-Match wins': [
    during(1, 4, { ...x, ifMatch: [1] }, ok(2, 'x')),
    during(2, 3, { ...y, ifMatch: [1] }, status(412, 2)),
  ],
  'a stale If-Match whose change is already made': [
    during(1, 2, x, ok(2, 'x')),
    during(3, 4, { ...x, ifMatch: [1] }, ok(2, 'x')),
  ],
  'an unknown response, and the change was made': [during(1, 2, x, status(0)), during(3, 4, look, ok(2, 'x'))],
  'an unknown response, and the change was not made': [during(1, 2, x, status(0)), during(3, 4, look, ok(1, 'before'))],
  'an address is taken': [during(1, 2, { set: { address: 'b@example.com' } }, status(409))],
  'an address is released and taken': [
    during(1, 2, { of: 'b', set: { address: 'c@example.com' } }, ok(2, 'before', 'c@example.com')),
    during(3, 4, { set: { address: 'b@example.com' } }, ok(2, 'before', 'b@example.com')),
  ],
  'an address in another spelling of its own': [
    during(1, 2, { set: { address: 'A@EXAMPLE.COM' } }, ok(2, 'before', 'A@EXAMPLE.COM')),
  ],
  'two swap their addresses via a third': [
    during(1, 2, { set: { address: 'c@example.com' } }, ok(2, 'before', 'c@example.com')),
    during(3, 4, { of: 'b', set: { address: 'a@example.com' } }, ok(2, 'before', 'a@example.com')),
    during(5, 6, { set: { address: 'b@example.com' } }, ok(3, 'before', 'b@example.com')),
  ],
  'a confirmed change, read together with a later one': [
    during(1, 4, x, status(204)),
    during(2, 3, { set: { address: 'c@example.com' } }, ok(3, 'x', 'c@example.com')),
    during(1, 5, look, ok(3, 'x', 'c@example.com')),
  ],
  'a delayed request is applied after its response': [
    during(1, 9, x, status(0)),
    during(3, 4, look, ok(1, 'before')),
    during(5, 6, look, ok(2, 'x')),
  ],
  'one code in two spellings, because letter case counts': [
    during(1, 2, { set: { code: 'k' } }, shows(2, { code: 'k' })),
    during(3, 4, { of: 'b', set: { code: 'K' } }, shows(2, { code: 'K' })),
  ],
  'two unset codes': [
    during(1, 2, { set: { code: '' } }, shows(2, { code: '' })),
    during(3, 4, { of: 'b', set: { code: '' } }, shows(2, { code: '' })),
  ],
  'a response that leaves out a field': [during(1, 2, x, shows(2, { address: 'a@example.com' }))],
  'a record that does not exist': [during(1, 2, { of: 'c', set: {} }, status(404))],
};

const bad: Record<string, Operation[]> = {
  'a change is lost': [during(1, 2, x, ok(2, 'x')), during(3, 4, look, ok(1, 'before'))],
  'a change is overwritten by another': [
    during(1, 2, x, ok(2, 'x')),
    during(3, 4, { set: { address: 'c@example.com' } }, ok(3, 'before', 'c@example.com')),
  ],
  'two changes, one version': [during(1, 4, x, ok(2, 'x')), during(2, 3, y, ok(2, 'y'))],
  'one change, two versions': [during(1, 2, x, ok(3, 'x'))],
  'an old state after a newer one': [during(1, 2, x, ok(2, 'x')), during(3, 4, y, ok(2, 'y'))],
  'a later request goes before an earlier one': [during(1, 2, x, ok(3, 'x')), during(3, 4, y, ok(2, 'y'))],
  'two with the same If-Match win': [
    during(1, 4, { ...x, ifMatch: [1] }, ok(2, 'x')),
    during(2, 3, { ...y, ifMatch: [1] }, ok(3, 'y')),
  ],
  'a 412, although the change is already made': [
    during(1, 2, { ...x, ifMatch: [1] }, status(412, 2)),
    during(3, 4, look, ok(2, 'x')),
  ],
  'a 412, although the version is the expected one': [during(1, 2, { ...x, ifMatch: [1] }, status(412, 1))],
  'a 409, although the address is free': [during(1, 2, { set: { address: 'c@example.com' } }, status(409))],
  'two records with one address in two spellings': [
    during(1, 4, { set: { address: 'c@example.com' } }, ok(2, 'before', 'c@example.com')),
    during(2, 3, { of: 'b', set: { address: 'C@example.com' } }, ok(2, 'before', 'C@example.com')),
  ],
  'two swap their addresses without a third': [
    during(1, 4, { set: { address: 'b@example.com' } }, ok(2, 'before', 'b@example.com')),
    during(2, 3, { of: 'b', set: { address: 'a@example.com' } }, ok(2, 'before', 'a@example.com')),
  ],
  'a confirmed change that was not made': [during(1, 2, x, status(204)), during(3, 4, look, ok(1, 'before'))],
  'a 409, although the change is already made': [
    during(1, 2, { set: { label: 'x', address: 'b@example.com' } }, status(409)),
    during(3, 4, look, ok(2, 'x')),
  ],
  'two records with one code, each with an address of its own': [
    during(1, 4, { set: { code: 'k' } }, shows(2, { code: 'k' })),
    during(2, 3, { of: 'b', set: { code: 'k' } }, shows(2, { code: 'k' })),
  ],
  'a response with a wrong field, which leaves out another': [during(1, 2, x, shows(2, { address: 'b@example.com' }))],
  'a response with a wrong version, which leaves out a field': [during(1, 2, x, shows(3, { label: 'x' }))],
  'two records with one address': [
    during(1, 4, { set: { address: 'c@example.com' } }, ok(2, 'before', 'c@example.com')),
    during(2, 3, { of: 'b', set: { address: 'c@example.com' } }, ok(2, 'before', 'c@example.com')),
  ],
  'a 404, although the record exists': [during(1, 2, x, status(404))],
  'an unknown response, and the change was made twice': [
    during(1, 2, x, status(0)),
    during(3, 4, y, ok(3, 'y')),
    during(5, 6, look, ok(4, 'x')),
  ],
};

const historiesOf = (cases: Record<string, Operation[]>): History[] =>
  Object.values(cases).map((operations) => ({ initial, unique, operations }));

const judged = (cases: Record<string, Operation[]>, verdict: string) =>
  Object.fromEntries(Object.keys(cases).map((name) => [name, verdict]));

const judge = async (cases: Record<string, Operation[]>) => {
  const verdicts = await verdictsOn(historiesOf(cases));
  return Object.fromEntries(Object.keys(cases).map((name, index) => [name, verdicts[index]]));
};

describe.runIf(canJudge)('the checker', () => {
  test('accepts linearizable histories', async () => {
    expect(await judge(good)).toEqual(judged(good, 'Ok'));
  });

  test('rejects histories that are not linearizable', async () => {
    expect(await judge(bad)).toEqual(judged(bad, 'Illegal'));
  });
});
