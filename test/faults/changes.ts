import { randomBytes, randomInt } from 'node:crypto';
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

/** Texts with random letters or digits inserted into a known one, or in place of those that it has. */
const variantsOf = (known: string): string[] => {
  const word = [...randomBytes(10)].map((byte) => letters[byte % letters.length]).join('');
  const number = String(randomInt(10 ** 12));
  const replaced = () =>
    known
      .replace(/\d/g, () => String(randomInt(10)))
      .replace(/[a-z]/gi, () => letters[randomInt(letters.length)] ?? '');
  return [
    ...[word, number].flatMap((text) => [text + known, known + text]),
    ...Array.from({ length: 100 }, replaced).filter((text) => text !== known),
  ];
};

/**
 * A valid value of a unique field that no other record has.
 *
 * @throws Error if none can be derived from the field's example
 */
export const newValue = ({ endpoint, field }: Pick<Unique, 'endpoint' | 'field'>): string => {
  const texts = [field.example, field.numbered?.(0)].filter((value) => typeof value === 'string');
  const value = texts.flatMap(variantsOf).find((variant) => is(endpoint.body, field.body(variant)));
  if (value === undefined) throw new Error(`No value of ${endpoint.id} ${field.pointer} can be derived.`);
  return value;
};

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
