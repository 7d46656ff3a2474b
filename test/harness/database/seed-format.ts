import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { CommandError, messageOf } from '../../../infra/command-line.ts';
import { type RecordIds, type RecordKind, replyOf } from '../../../lib/domain/record-kind.ts';
import type { Patch, Value } from '../../../lib/domain/records.ts';
import { Timestamp } from '../../../lib/domain/replies.ts';
import type { JsonSchema } from '../../../lib/openapi/json-schema.ts';
import { changesIn, type Item, withChanges } from '../../../lib/table/changes.ts';
import { keyOf } from '../../../lib/table/keys.ts';
import { type Declaration, endpoints } from '../lambda/functions.ts';
import { shown } from '../shown.ts';
import { itemsOf, kindsOf, membersOf, type SeedKind } from './seed-kinds.ts';

/** An initial record. Its attributes are flattened as the service stores them, without those of the key. */
export type SeedRecord = { kind: RecordKind; ids: RecordIds; attributes: Item };

/** Initial records by the name of their kind. */
export type Seed = { readonly [kind: string]: readonly SeedRecord[] };

/**
 * Reads a seed from a JSON file.
 *
 * @throws CommandError if the file cannot be read, is not JSON or is not a seed; names the path of the first error
 */
export const readSeed = async (file: string): Promise<Seed> => {
  const source = `The seed file ${file}`;
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new CommandError(`${source} cannot be read: ${messageOf(error)}.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${source} is not JSON: ${messageOf(error)}.`);
  }
  return seedFrom(value, source);
};

/**
 * Validates a seed: every name must be declared, and every value one that a response can show. It has no other limits, because
 * other services write records too.
 *
 * @param value JSON: lists of records by the name of their kind; a record has its ids and its fields, nested as in a body
 * @throws CommandError with `source` and the path of the first error
 */
export const seedFrom = (value: unknown, source: string, declared: readonly Declaration[] = endpoints): Seed => {
  try {
    return seedIn(value, kindsOf(declared));
  } catch (error) {
    throw error instanceof Flaw ? new CommandError(`${source} is invalid ${error.message}.`) : error;
  }
};

type Path = readonly unknown[];

/** What is wrong in a seed, and where. */
class Flaw extends Error {
  constructor(path: Path, message: string) {
    super(`at ${shown(path.join('.')) || 'the top level'}: ${message}`);
  }
}

const seedIn = (value: unknown, kinds: ReadonlyMap<string, SeedKind>): Seed => {
  if (!isObject(value)) throw new Flaw([], 'must be an object with a list of records for each kind');
  const lists = Object.entries(value).map(([name, list]) => {
    const kind = kinds.get(name);
    if (!kind) throw new Flaw([name], `is unknown, because the kinds of records are ${[...kinds.keys()].join(', ')}`);
    if (!Array.isArray(list)) throw new Flaw([name], 'must be a list of records');
    const records = list.map((record, index) => recordIn(kind, record, [name, index]));
    checkDistinct(records, name);
    return [name, records] as const;
  });
  return Object.fromEntries(lists);
};

const isObject = (value: unknown): value is Record<string, Value> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const checkDistinct = (records: readonly SeedRecord[], name: string): void => {
  const seen = new Map<string, number>();
  for (const [index, { kind, ids }] of records.entries()) {
    const key = JSON.stringify(keyOf(kind, ids));
    const earlier = seen.get(key);
    if (earlier !== undefined) throw new Flaw([name, index], `is the same record as ${name}.${earlier}`);
    seen.set(key, index);
  }
};

const recordIn = ({ kind, ids: names, fields: schemas }: SeedKind, record: unknown, path: Path): SeedRecord => {
  if (!isObject(record)) throw new Flaw(path, 'must be an object');
  const ids = Object.fromEntries(names.map((name) => [name, idIn(record[name], [...path, name])]));
  const fields = Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
  checkNames(fields, schemas, path);
  const attributes = withChanges({}, changesIn({ ...fields, ...timestampsIn(fields, path) }));
  checkReply(kind, ids, attributes, path);
  return { kind, ids, attributes };
};

const idIn = (id: unknown, path: Path): string => {
  if (id === undefined) throw new Flaw(path, 'is missing');
  if (typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  throw new Flaw(path, 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -');
};

/**
 * Refuses a name that is not declared, at any depth, and an object in place of a field without members. An item of a list may
 * be any object if its members are not declared.
 */
const checkNames = (value: Value | undefined, schemas: readonly JsonSchema[], path: Path, isInList = false): void => {
  if (Array.isArray(value)) {
    const items = itemsOf(schemas);
    for (const [index, item] of value.entries()) checkNames(item, items, [...path, index], true);
  }
  if (!isObject(value)) return;
  const members = membersOf(schemas);
  if (members.size === 0 && !isInList) throw new Flaw(path, 'must not be an object');
  for (const [name, member] of members.size === 0 ? [] : Object.entries(value)) {
    const inner = members.get(name);
    if (!inner) throw new Flaw([...path, name], 'is unknown');
    checkNames(member, inner, [...path, name], isInList);
  }
};

/** Timestamps in the format in which the service writes them. */
const timestampsIn = (fields: Patch, path: Path): Patch =>
  Object.fromEntries(
    ['createdAt', 'updatedAt'].flatMap((name) => {
      const value = fields[name] ?? undefined;
      if (value === undefined) return [];
      const { success, output } = v.safeParse(Timestamp, value);
      if (!success) throw new Flaw([...path, name], 'must be a timestamp, such as 2024-01-15T10:00:00Z');
      return [[name, output]];
    }),
  );

/** A record that a response cannot show would make every request for it fail. */
const checkReply = (kind: RecordKind, ids: RecordIds, attributes: Item, path: Path): void => {
  const { success, issues } = v.safeParse(kind.record, replyOf(kind, ids, attributes)[kind.name]);
  if (success) return;
  const [{ path: steps = [], expected, received }] = issues;
  const at = [...path, ...steps.map(({ key }) => key)];
  if (received === 'undefined') throw new Flaw(at, 'is missing');
  throw new Flaw(at, expected ? `must be of type ${expected}` : 'has a value that no response can show');
};
