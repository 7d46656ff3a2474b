/** A new endpoint, by the names that its files are made of. */
export type NewEndpoint = {
  /** Verb-noun, such as `update-session`. */
  id: string;
  path: string;
  permission: string;
};

/** The files of the folder of a new endpoint, by name, to start from. */
export const filesOf = (endpoint: NewEndpoint): Readonly<Record<string, string>> => {
  const noun = endpoint.id.replace(/^[^-]+-/, '');
  const names = {
    file: `${noun}.ts`,
    words: noun.replaceAll('-', ' '),
    one: camelCase(noun),
    many: `${camelCase(noun)}s`,
    type: capitalized(camelCase(noun)),
    ids: [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => id),
  };
  return {
    [names.file]: domainFile(names),
    'endpoint.ts': endpointFile(endpoint, names),
    'handler.ts': handlerFile(endpoint),
  };
};

/** The line of `functions/index.ts`. */
export const indexLine = ({ id }: NewEndpoint): string =>
  `export { endpoint as ${camelCase(id)} } from './${id}/endpoint.ts';\n`;

type Names = Record<'file' | 'words' | 'one' | 'many' | 'type', string> & { ids: readonly string[] };

const camelCase = (text: string): string => text.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const capitalized = (text: string): string => text.replace(/^\w/, (letter) => letter.toUpperCase());

/** `ACCOUNT_NOTE#{accountNoteId}` for the id `accountNoteId`. */
const segmentOf = (id: string): string =>
  `${id
    .replace(/Id$/, '')
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()}#{${id}}`;

const domainFile = ({ words, one, many, type, ids }: Names): string => `import * as v from 'valibot';
import { fields, label, text } from '../../lib/domain/fields.ts';
import { recordKind } from '../../lib/domain/record-kind.ts';
import { orNull, Timestamp } from '../../lib/domain/replies.ts';

/** What a caller may change of a ${words}. */
export const ${type}Patch = v.pipe(
  fields({
    name: v.exactOptional(v.pipe(label(200), v.description('The name of the ${words}.'))),
    notes: v.exactOptional(
      v.pipe(v.nullable(text(0, 2000)), v.description('Notes about the ${words}; \`null\` takes them away.')),
    ),
  }),
  v.title('${type}Patch'),
  v.description('What to change of a ${words}. What is not sent stays as it is.'),
);

/** A ${words} in a response. */
const ${type} = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('The id, as in the path.')),
    name: v.pipe(orNull(v.string()), v.description('The name of the ${words}; \`null\` if there is none.')),
    notes: v.pipe(orNull(v.string()), v.description('Notes about the ${words}; \`null\` if there are none.')),
    updatedAt: v.pipe(orNull(Timestamp), v.description('When the ${words} last changed, in UTC; \`null\` if not known.')),
  }),
  v.title('${type}'),
  v.description('A ${words} as it is stored now.'),
);

export const ${many} = recordKind({
  name: '${one}',
  sortKey: '${ids.slice(1).map(segmentOf).join('#')}',
  ids: { ${ids.map((id) => `${id}: '${describe(id)}'`).join(', ')} },
  record: ${type},
  unique: {},
});
`;

const describe = (id: string): string =>
  id === 'workspaceId' ? 'The workspace.' : `The ${camelCase(id).replace(/Id$/, '').toLowerCase()}.`;

const exampleId = (id: string, index: number): string => `${id}: '507f1f77bcf86cd79943${9000 + index}'`;

const endpointFile = (
  { id, path, permission }: NewEndpoint,
  { file, words, one, many, type, ids }: Names,
): string => `import { defineEndpoint } from '../../lib/endpoint.ts';
import { ${type}Patch, ${many} } from './${file}';

/** ${titleOf(id)}: changes the given fields of a ${words}. */
export const endpoint = defineEndpoint({
  id: '${id}',
  summary: '${titleOf(id)}',
  description: 'Changes the given fields of a ${words} and leaves all others as they are.',
  method: 'PATCH',
  path: '${path}',
  kind: ${many},
  permission: '${permission}',
  body: ${type}Patch,
  example: {
    ids: { ${ids.map((name, index) => (index === 0 ? `${name}: '507f191e810c19729de860ea'` : exampleId(name, index))).join(', ')} },
    stored: { name: 'First name' },
    body: { name: 'Updated name', notes: 'Updated notes' },
    mistakes: { name: '', colour: 'red' },
    reply: {
      ${one}: {
        id: '507f1f77bcf86cd79943${9000 + ids.length - 1}',
        name: 'Updated name',
        notes: 'Updated notes',
        updatedAt: '2024-01-15T11:00:00.000Z',
      },
    },
  },
});
`;

const titleOf = (id: string): string => id.split('-').map(capitalized).join(' ');

const handlerFile = ({ id }: NewEndpoint): string => `import { dependencies, priming } from '../../lib/dependencies.ts';
import { endpointHandler } from '../../lib/http/endpoint-handler.ts';
import { prime } from '../../lib/prime.ts';
import { endpoint } from './endpoint.ts';

/** The Lambda function behind ${titleOf(id)}. */
export const handler = endpointHandler(endpoint, dependencies);

/** Settled when the first request may come. */
export const ready = prime(endpoint, dependencies, priming);
`;
