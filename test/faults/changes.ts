import { randomInt, randomUUID } from 'node:crypto';
import { is } from 'valibot';
import * as declarations from '../../functions/index.ts';
import type { UniqueField } from '../../lib/domain/record-kind.ts';
import { changesIn } from '../../lib/table/changes.ts';
import { merged, numberedPatch } from '../declared/bodies.ts';
import { type Field, fieldsOf } from '../declared/fields.ts';
import type { Declared, Ids } from '../declared/kind.ts';

/** Every declared endpoint. */
export const endpoints: readonly Declared[] = Object.values(declarations);

/** A field whose value no two records may share, of one endpoint, which `id` names for the titles of tests. */
export type Unique = { id: string; endpoint: Declared; field: Field; claim: UniqueField };

/** The unique fields in the body of an endpoint. */
export const uniqueFieldsOf = (endpoint: Declared): Unique[] =>
  fieldsOf(endpoint).flatMap((field) => {
    const claim = endpoint.kind.unique[field.attribute];
    return claim ? [{ id: `${endpoint.id} ${field.attribute}`, endpoint, field, claim }] : [];
  });

/** The unique fields of all endpoints. */
export const uniqueFields: readonly Unique[] = endpoints.flatMap(uniqueFieldsOf);

const letters = 'abcdefghijklmnopqrstuvwxyz';

const randomLetter = (): string => letters[randomInt(letters.length)] ?? '';
const randomDigit = (): string => String(randomInt(10));

/** Random letters or digits before or after a known text, or in place of those that it has. */
const variantsOf = (known: string): string[] => {
  const word = Array.from({ length: 10 }, randomLetter).join('');
  const number = Array.from({ length: 10 }, randomDigit).join('');
  const replaced = () =>
    known
      .replace(/\d/g, randomDigit)
      .replace(/[a-z]/g, randomLetter)
      .replace(/[A-Z]/g, () => randomLetter().toUpperCase());
  return [
    ...[word, word.toUpperCase(), number].flatMap((text) => [text + known, known + text]),
    ...Array.from({ length: 100 }, replaced),
  ];
};

const given = new Set<string>();

/**
 * A valid value of a unique field, which differs from all earlier ones in more than letter case.
 *
 * @throws Error if none can be derived from the field's example
 */
export const newValue = ({ endpoint, field, claim }: Omit<Unique, 'id'>): string => {
  const texts = [field.example, field.numbered?.(0)].filter((value) => typeof value === 'string');
  const keyOf = (value: string) => `${claim.claim}#${value.toLowerCase()}`;
  const value = texts
    .flatMap(variantsOf)
    .find((variant) => !given.has(keyOf(variant)) && is(endpoint.body, field.body(variant)));
  if (value === undefined) throw new Error(`No value of ${endpoint.id} ${field.pointer} can be derived.`);
  given.add(keyOf(value));
  return value;
};

/** The ids of a new record, alone in its workspace. */
export const newIdsOf = ({ example }: Declared): Ids =>
  Object.fromEntries(Object.keys(example.ids).map((id) => [id, randomUUID()]));

/** The ids that two records share if they may not share the value of a unique field. */
export const scopeOf = ({ within }: UniqueField, { workspaceId = '' }: Ids): Ids =>
  within === 'workspace' ? { workspaceId } : {};

/** Attributes as the table names them. */
export const attributesOf = (body: object): Record<string, unknown> =>
  Object.fromEntries(changesIn({ ...body }).map(({ attribute, value }) => [attribute, value]));

/** A 200 to a body: the sent fields, and when the record was updated, as far as the reply shows them. */
export const replyTo = (endpoint: Declared, body: object, updatedAt?: string): object => {
  const sent = attributesOf(body);
  const shown = fieldsOf(endpoint)
    .filter(({ attribute, inReply }) => inReply && attribute in sent)
    .map((field) => field.body(sent[field.attribute]));
  const isDated = updatedAt !== undefined && 'updatedAt' in endpoint.kind.record.entries;
  return { [endpoint.kind.name]: merged([...shown, isDated ? { updatedAt } : {}]) };
};

/** A way to change a record: a plain field, with an UpdateItem, or a unique one, with a transaction. */
export type Change = {
  /** For the titles of tests. */
  change: string;
  action: 'UpdateItem' | 'TransactWriteItems';
  endpoint: Declared;
  unique?: Unique;
  /** A valid body that no record has yet; a plain field has another value for each number. */
  body: (number?: number) => object;
};

/** The ways to change a record of an endpoint. */
export const changesOf = (endpoint: Declared): [plain: Change, ...unique: Change[]] => [
  {
    change: `a plain field of ${endpoint.id}`,
    action: 'UpdateItem',
    endpoint,
    body: (number = 1) => numberedPatch(endpoint, number),
  },
  ...uniqueFieldsOf(endpoint).map(
    (unique): Change => ({
      change: `${unique.field.attribute} of ${endpoint.id}`,
      action: 'TransactWriteItems',
      endpoint,
      unique,
      body: () => unique.field.body(newValue(unique)),
    }),
  ),
];

/** The ways to change a record of any endpoint. */
export const changes: readonly Change[] = endpoints.flatMap(changesOf);

/** The timestamps of a new record, for tests with a clock of their own: none, or an early one if the reply needs one. */
export const undated = ({ kind }: Declared): Record<'createdAt' | 'updatedAt', string | undefined> => {
  const { createdAt } = kind.record.entries;
  const isRequired = createdAt !== undefined && !is(createdAt, undefined);
  return { createdAt: isRequired ? '2000-01-01T00:00:00.000Z' : undefined, updatedAt: undefined };
};
