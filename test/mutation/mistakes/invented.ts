import type { Mistake } from '../mistake.ts';

const isolation = ['test/security/isolation.test.ts'];
const contract = ['test/contract/contract.test.ts'];
const fields = ['test/contract/fields.test.ts'];

/** Mistakes that concern the invented endpoint only: the suites must test an endpoint that they have never seen. */
export const inventedMistakes: readonly Mistake[] = [
  {
    promise: 'a visit is not changed with a permission in another workspace',
    file: 'lib/http/authorize.ts',
    find: 'if (!caller.grants.get(workspaceId)?.has(permission)) throw',
    replace: "if (permission !== 'visits.update' && !caller.grants.get(workspaceId)?.has(permission)) throw",
    tests: isolation,
    isInvented: true,
  },
  {
    promise: 'a visit is not changed without a permission',
    file: 'lib/http/authorize.ts',
    find: '?.has(permission)) throw',
    replace: "?.has(permission === 'visits.update' ? 'clients.update' : permission)) throw",
    tests: isolation,
    isInvented: true,
  },
  {
    promise: 'the key of a visit has its prefix',
    file: 'functions/update-visit/visit.ts',
    find: "sortKey: 'VISIT#{visitId}'",
    replace: "sortKey: '{visitId}'",
    tests: isolation,
    isInvented: true,
  },
  {
    promise: 'the key of a visit has its id',
    file: 'lib/table/keys.ts',
    find: 'ids[id] ?? missing(id)',
    replace: "id === 'visitId' ? '' : (ids[id] ?? missing(id))",
    tests: isolation,
    isInvented: true,
  },
  {
    promise: 'no two visits of a workspace have one reference',
    file: 'lib/table/records.ts',
    find: 'Object.hasOwn(kind.unique, attribute)',
    replace: "Object.hasOwn(kind.unique, attribute) && attribute !== 'reference'",
    tests: contract,
    isInvented: true,
  },
  {
    promise: 'the members of a nested object are shown',
    file: 'lib/domain/record-kind.ts',
    find: 'membersOf(schema, fields, `${attribute}.`)',
    replace: 'membersOf(schema, fields, `${member}.`)',
    tests: fields,
    isInvented: true,
  },
];
