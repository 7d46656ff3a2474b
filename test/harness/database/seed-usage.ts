import * as v from 'valibot';
import type { RecordKind } from '../../../lib/domain/record-kind.ts';
import type { JsonSchema } from '../../../lib/openapi/json-schema.ts';
import { type Declaration, endpoints } from '../lambda/functions.ts';
import { kindsOf, membersOf, type SeedKind } from './seed-kinds.ts';

/**
 * The format of a seed, in lines of at most `width` characters:
 * `{"client": [{"workspaceId", "clientId", "avatarUrl"?, …}]}`.
 */
export const seedUsage = (width: number, declared: readonly Declaration[] = endpoints): string[] => {
  const kinds = [...kindsOf(declared)].map(([name, kind]) => `"${name}": [${recordText(kind)}]`);
  const closed = kinds.map((text, index) => (index < kinds.length - 1 ? `${text},` : `${text}}`));
  return closed.flatMap((text, index) => wrapped(index === 0 ? `{${text}` : text, width));
};

const recordText = ({ kind, ids, fields }: SeedKind): string =>
  `{${[...ids.map((id) => `"${id}"`), ...memberTexts(kind, fields)].join(', ')}}`;

/** Each member, with a question mark if it is optional. */
const memberTexts = (kind: RecordKind, schemas: readonly JsonSchema[], prefix = ''): string[] =>
  [...membersOf(schemas)].map(([name, inner]) => {
    const attribute = prefix + name;
    const members = memberTexts(kind, inner, `${attribute}.`);
    const mark = isRequired(kind, attribute) ? '' : '?';
    return `"${name}"${mark}${members.length > 0 ? `: {${members.join(', ')}}` : ''}`;
  });

/** Whether no response can show a record without the attribute. */
const isRequired = ({ record }: RecordKind, attribute: string): boolean => {
  let schema: v.GenericSchema | undefined = record;
  for (const name of attribute.split('.')) schema = membersIn(schema)[name];
  return schema !== undefined && !isSatisfied(schema);
};

/** Whether a schema accepts a value that was never set. The members of an object are attributes of their own. */
const isSatisfied = (schema: v.GenericSchema): boolean => {
  const members = Object.values(membersIn(schema));
  return members.length > 0 ? members.every(isSatisfied) : v.is(schema, undefined);
};

const membersIn = (schema: v.GenericSchema | undefined): Record<string, v.GenericSchema> =>
  schema && 'entries' in schema && isEntries(schema.entries) ? schema.entries : {};

const isEntries = (entries: unknown): entries is Record<string, v.GenericSchema> =>
  typeof entries === 'object' && entries !== null;

const wrapped = (text: string, width: number): string[] => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = [lines.at(-1), word].filter(Boolean).join(' ');
    if (line.length > width) lines.push(word);
    else lines.splice(-1, 1, line);
  }
  return lines;
};
