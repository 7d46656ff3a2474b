import * as declarations from '../../functions/index.ts';
import type { UniqueField } from '../../lib/domain/record-kind.ts';
import { type Change, changeTo } from '../declared/changes.ts';
import { fieldsOf } from '../declared/fields.ts';
import type { Declared, Ids } from '../declared/kind.ts';
import { otherSpelling, uniqueValue } from '../declared/unique.ts';
import type { Store, Subject } from './faulty-service.ts';

export const endpoints: readonly Declared[] = Object.values(declarations);

/** A unique field of an endpoint, and where two records contend for its values. */
export type Contest = {
  /** For the name of a test. */
  title: string;
  endpoint: Declared;
  attribute: string;
  scope: UniqueField['within'];
  ignoresCase: boolean;
  /** A valid value that no record has. */
  newValue(): string;
  /** The same value in another letter case, if the field has one. */
  respelled(value: string): string | undefined;
  changeTo(value: string): Change;
  /** A new record, with a value and the claim on it or without, which contends with `rival` if that is given. */
  newRecord(store: Store, value?: string, rival?: Subject): Promise<Subject>;
  /** The same, but stored by another service, which claims nothing. */
  newUnclaimed(store: Store, value: string, rival?: Subject): Promise<Subject>;
  /** The ids of the record that has claimed a value, where `subject` contends. */
  ownerOf(store: Store, subject: Subject, value: string): Promise<Ids | undefined>;
};

/** Where records may contend, and the ids that they share there. */
const placesOf = (
  { example }: Declared,
  scope: UniqueField['within'],
): [where: string, shared: readonly string[]][] => {
  const isAlone = Object.keys(example.ids).length === 1;
  return [
    ...(scope === 'platform' ? [['in two workspaces', []] satisfies [string, string[]]] : []),
    ...(isAlone ? [] : [['in one workspace', ['workspaceId']] satisfies [string, string[]]]),
  ];
};

const contestsOf = (endpoint: Declared): Contest[] =>
  fieldsOf(endpoint).flatMap((field) => {
    const { attribute } = field;
    const unique = endpoint.kind.unique[attribute];
    if (!unique) return [];
    return placesOf(endpoint, unique.within).map(([where, shared]): Contest => {
      const create = (store: Store, fields: Record<string, unknown>, rival: Subject | undefined) => {
        const ids = shared.flatMap((id) => (rival?.ids[id] === undefined ? [] : [[id, rival.ids[id]]]));
        return store.newRecord(endpoint, fields, Object.fromEntries(ids));
      };
      return {
        title: `${endpoint.id}, ${attribute}, ${where}`,
        endpoint,
        attribute,
        scope: unique.within,
        ignoresCase: unique.ignoresCase,
        newValue: () => uniqueValue(endpoint, attribute),
        respelled: (value) => otherSpelling(endpoint, attribute, value),
        changeTo: (value) => changeTo(endpoint, field, value),
        newRecord: (store, value, rival) => create(store, value === undefined ? {} : { [attribute]: value }, rival),
        newUnclaimed: async (store, value, rival) => {
          const subject = await create(store, {}, rival);
          await store.overwrite(subject, { [attribute]: value });
          return subject;
        },
        ownerOf: (store, subject, value) => store.ownerOf(subject, attribute, value),
      };
    });
  });

/** Every unique field of every endpoint. */
export const contests: readonly Contest[] = endpoints.flatMap(contestsOf);
