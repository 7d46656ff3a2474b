import type { ExpectedVersions } from '../domain/records.ts';
import { type AttributeChange, isUnset } from './changes.ts';

/** One conditional write to one item. */
export type Write = {
  changes: readonly AttributeChange[];
  /**
   * The new `updatedAt`; without it the stored one stays. Unless `unchanged` has the stored one, the write is refused if that
   * sorts after the new one, or is not a string. In an item without `updatedAt`, `createdAt` is compared instead.
   */
  stamp?: string | undefined;
  /** The stored versions that may be overwritten, at most 100 (the limit of IN). */
  versions: ExpectedVersions;
  /** Attributes that must still have the value that was read; `undefined` means absent. A `version` here is not a number. */
  unchanged: readonly { attribute: string; value: unknown }[];
};

/** The parts of an UpdateItem request that say what to write, and on which condition. */
export type WriteExpression = {
  UpdateExpression?: string;
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

/** Assigns aliases to attribute names and values. */
const newAliases = () => {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const known = new Map<string, string>();
  let valueCount = 0;
  return {
    names,
    values,
    ofName: (attribute: string): string => {
      const alias = known.get(attribute) ?? `#n${known.size}`;
      known.set(attribute, alias);
      names[alias] = attribute;
      return alias;
    },
    ofValue: (value: unknown): string => {
      const alias = `:v${valueCount++}`;
      values[alias] = value;
      return alias;
    },
  };
};

type Aliases = ReturnType<typeof newAliases>;

/**
 * The update and its condition: the item exists, has an expected version and *would change*.
 *
 * The last makes a retry harmless. The SDK retries a request whose response was lost; if the first attempt was applied, the
 * retry is refused and gets the item back (`ReturnValuesOnConditionCheckFailure`), which is all that the response needs.
 * Every name is aliased, because many are reserved words (`name`) and some have dots.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export const expressionOf = ({ changes, stamp, versions, unchanged }: Write) => {
  const aliases = newAliases();
  const { ofName, ofValue } = aliases;
  const isKnown = (name: string) => unchanged.some(({ attribute }) => attribute === name);

  const set: string[] = [];
  const remove: string[] = [];
  const alreadyStored: string[] = [];
  for (const { attribute, value } of changes) {
    const name = ofName(attribute);
    const alias = ofValue(value);
    if (value === null) remove.push(name);
    else set.push(`${name} = ${alias}`);
    alreadyStored.push(isUnset(value) ? `attribute_not_exists(${name}) OR ${name} = ${alias}` : `${name} = ${alias}`);
  }

  const conditions = [`attribute_exists(${ofName('pk')})`, `NOT (${allOf(alreadyStored)})`];
  if (!isKnown('version')) conditions.push(versionIn(versions, aliases));
  for (const { attribute, value } of unchanged) conditions.push(isStill(attribute, value, aliases));
  if (stamp !== undefined) {
    const alias = ofValue(stamp);
    set.push(`${ofName('updatedAt')} = ${alias}`);
    if (!isKnown('updatedAt')) conditions.push(isNotLater(alias, aliases));
  }

  // ADD takes numbers only. A stored version that is not a number counts as 0.
  if (isKnown('version')) set.push(`${ofName('version')} = ${ofValue(1)}`);
  const clauses = [
    set.length > 0 && `SET ${set.join(', ')}`,
    remove.length > 0 && `REMOVE ${remove.join(', ')}`,
    !isKnown('version') && `ADD ${ofName('version')} ${ofValue(1)}`,
  ];
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: aliases.names,
    ExpressionAttributeValues: aliases.values,
  } satisfies WriteExpression;
};

/** A condition that is never true, so that the error returns the item. */
export const readExpression: WriteExpression = {
  ConditionExpression: 'attribute_exists(#pk) AND attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': 'pk' },
};

/** DynamoDB rejects redundant parentheses, such as a second pair around a single condition. */
const allOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? conditions.join() : conditions.map((condition) => `(${condition})`).join(' AND ');

/** A record that this service never wrote has no version, which counts as 0. An empty list matches no record. */
const versionIn = (versions: ExpectedVersions, { ofName, ofValue }: Aliases): string => {
  const name = ofName('version');
  if (versions === 'any') return `(attribute_not_exists(${name}) OR attribute_type(${name}, ${ofValue('N')}))`;
  const accepted = versions === 'none' ? [] : versions;
  const stored = accepted.map(ofValue);
  const oneOf = stored.length > 0 ? `${name} IN (${stored.join(', ')})` : `attribute_not_exists(${ofName('pk')})`;
  return accepted.includes(0) ? `(attribute_not_exists(${name}) OR ${oneOf})` : oneOf;
};

/**
 * DynamoDB stores 38 digits of a number and JavaScript 17, so a number matches every stored one that is read as the same. A list,
 * a map or a set may hold such numbers: it matches whatever is neither text nor a number.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
const isStill = (attribute: string, value: unknown, { ofName, ofValue }: Aliases): string => {
  const name = ofName(attribute);
  if (value === undefined) return `attribute_not_exists(${name})`;
  if (typeof value === 'object' && value !== null) {
    const types = [ofValue('S'), ofValue('N')].map((type) => `attribute_type(${name}, ${type})`);
    return `attribute_exists(${name}) AND NOT (${types.join(' OR ')})`;
  }
  if (typeof value !== 'number') return `${name} = ${ofValue(value)}`;
  const half = Math.abs(value) * Number.EPSILON;
  return `${name} BETWEEN ${ofValue(value - half)} AND ${ofValue(value + half)}`;
};

/** Text orders like time only in our own form: UTC, with a `T`. A record in another form is refused, and then compared here. */
const isNotLater = (stamp: string, { ofName, ofValue }: Aliases): string => {
  const [updatedAt, createdAt] = [ofName('updatedAt'), ofName('createdAt')];
  const [separator, utc] = [ofValue('T'), ofValue('Z')];
  const isPast = (name: string) =>
    `${name} <= ${stamp} AND contains(${name}, ${separator}) AND contains(${name}, ${utc})`;
  const isNew = `attribute_not_exists(${createdAt}) OR (${isPast(createdAt)})`;
  return `((${isPast(updatedAt)}) OR (attribute_not_exists(${updatedAt}) AND (${isNew})))`;
};
