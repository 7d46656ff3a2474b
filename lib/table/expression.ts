import type { ExpectedVersions } from '../domain/records.ts';
import { type AttributeChange, isUnset } from './changes.ts';

/** One conditional write to one item. */
export type Write = {
  changes: readonly AttributeChange[];
  /**
   * The new `updatedAt`; without it the stored one stays. Unless `unchanged` tells what is stored, it is refused if that is
   * later as a text, or no text.
   */
  stamp?: string | undefined;
  /** The stored versions on which the write may build, at most 100 (the limit of IN). */
  versions: Exclude<ExpectedVersions, 'none'>;
  /** Attributes that must still be as they were seen, `undefined` being absent. */
  unchanged: readonly { attribute: string; value: unknown }[];
};

/** The parts of an UpdateItem request that say what to write, and when. */
export type WriteExpression = {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Record<string, unknown>;
};

/**
 * Writes down the update and its condition: the item exists, has an expected version and *would change*.
 *
 * The last makes a repeat harmless. The SDK sends a request again when its answer was lost; the repeat then finds its own
 * work done, is refused, and gets the item back (`ReturnValuesOnConditionCheckFailure`) to answer from.
 * Every name is aliased, since many are reserved words (`name`) and ours have dots.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export const expressionOf = ({ changes, stamp, versions, unchanged }: Write): WriteExpression => {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const aliases = new Map<string, string>();
  const aliasOfName = (attribute: string): string => {
    const known = aliases.get(attribute);
    if (known !== undefined) return known;
    const alias = `#n${aliases.size}`;
    aliases.set(attribute, alias);
    names[alias] = attribute;
    return alias;
  };
  let valueCount = 0;
  const aliasOfValue = (value: unknown): string => {
    const alias = `:v${valueCount++}`;
    values[alias] = value;
    return alias;
  };

  const set: string[] = [];
  const remove: string[] = [];
  const alreadyThere: string[] = [];
  for (const { attribute, value } of changes) {
    const name = aliasOfName(attribute);
    const alias = aliasOfValue(value);
    if (value === null) remove.push(name);
    else set.push(`${name} = ${alias}`);
    alreadyThere.push(isUnset(value) ? `attribute_not_exists(${name}) OR ${name} = ${alias}` : `${name} = ${alias}`);
  }

  const conditions = [`attribute_exists(${aliasOfName('pk')})`, `NOT (${allOf(alreadyThere)})`];
  if (versions !== 'any') conditions.push(versionIn(versions, aliasOfName, aliasOfValue));
  for (const { attribute, value } of unchanged) {
    const name = aliasOfName(attribute);
    conditions.push(value === undefined ? `attribute_not_exists(${name})` : `${name} = ${aliasOfValue(value)}`);
  }
  if (stamp !== undefined) {
    const name = aliasOfName('updatedAt');
    const alias = aliasOfValue(stamp);
    set.push(`${name} = ${alias}`);
    const isKnown = unchanged.some(({ attribute }) => attribute === 'updatedAt');
    if (!isKnown) conditions.push(`(attribute_not_exists(${name}) OR ${name} <= ${alias})`);
  }

  const clauses = [
    set.length > 0 && `SET ${set.join(', ')}`,
    remove.length > 0 && `REMOVE ${remove.join(', ')}`,
    `ADD ${aliasOfName('version')} ${aliasOfValue(1)}`,
  ];
  return {
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
};

/** DynamoDB refuses parentheses that it finds redundant, such as those around a lone condition that stands in some already. */
const allOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? conditions.join() : conditions.map((condition) => `(${condition})`).join(' AND ');

/** A record that we never wrote has no version, which counts as 0. No version at all can never be met. */
const versionIn = (
  versions: readonly number[],
  aliasOfName: (attribute: string) => string,
  aliasOfValue: (value: unknown) => string,
): string => {
  const name = aliasOfName('version');
  const stored = versions.map(aliasOfValue);
  const oneOf = stored.length > 0 ? `${name} IN (${stored.join(', ')})` : `attribute_not_exists(${aliasOfName('pk')})`;
  return versions.includes(0) ? `(attribute_not_exists(${name}) OR ${oneOf})` : oneOf;
};
