import { changesIn, type Item } from '../../lib/table/changes.ts';
import { fieldsOf } from './fields.ts';
import { type Declared, type Ids, keyFor, uniqueOf } from './kind.ts';

/** The ids of another record for each number: in the same workspace, unless the record is the workspace itself. */
export const otherIds = ({ path, example }: Pick<Declared, 'path' | 'example'>, number: number): Ids => {
  const last = [...path.matchAll(/\{(\w+)\}/g)].at(-1)?.[1] ?? '';
  return { ...example.ids, [last]: `other-${number}` };
};

/** The path of a record. The ids are inserted as they are, so that a test may send any, encoded or not. */
export const pathOf = ({ path }: Pick<Declared, 'path'>, ids: Ids): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');

/**
 * A record as another service may have stored it: what the declared reply shows, the example of every field that is not
 * unique, and no version. `fields` are attributes to add or to replace.
 */
export const storedItem = (endpoint: Declared, ids: Ids, fields: Item = {}): Item => ({
  ...Object.fromEntries(shownIn(endpoint)),
  ...Object.fromEntries(
    fieldsOf(endpoint).flatMap(({ attribute, example, isUnique }) => (isUnique ? [] : [[attribute, example]])),
  ),
  ...fields,
  ...keyFor(endpoint, ids),
});

/** The attributes in the reply of the example, such as timestamps, without the id, which is in the key. */
const shownIn = (endpoint: Declared): [attribute: string, value: unknown][] => {
  const [record = {}] = Object.values(endpoint.example.reply);
  const ids = new Set<unknown>(Object.values(endpoint.example.ids));
  return changesIn(record)
    .filter(({ attribute, value }) => !ids.has(value) && !uniqueOf(endpoint).includes(attribute))
    .map(({ attribute, value }) => [attribute, value]);
};
