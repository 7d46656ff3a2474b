import * as v from 'valibot';
import type { Endpoint } from '../lib/endpoint.ts';
import { checkKeySpace } from '../lib/table/key-space.ts';

/**
 * Checks what the types of declarations cannot: that each endpoint has an id and a path of its own and an example that its
 * schemas accept, and that no two kinds of items may have the same key.
 *
 * @throws Error that names the endpoint or the kind, and the member that is wrong
 */
export const checkDeclarations = (endpoints: readonly Endpoint[]): void => {
  for (const [index, endpoint] of endpoints.entries()) {
    const earlier = endpoints.slice(0, index);
    const same = earlier.find(({ id, path }) => id === endpoint.id || shapeOf(path) === shapeOf(endpoint.path));
    if (same) throw new Error(`The endpoint ${endpoint.id} has the id or the path of ${same.id}: give it its own.`);
    checkExample(endpoint);
  }
  checkKeySpace(endpoints.map(({ kind }) => kind));
};

/** A path without the names of its ids, which make no difference to a router. */
const shapeOf = (path: string): string => path.replace(/\{\w+\}/g, '{}');

const checkExample = ({ id, example, ids, body, reply }: Endpoint): void => {
  const members: [name: string, schema: v.GenericSchema, value: unknown][] = [
    ['ids', ids, example.ids],
    ['stored', body, example.stored],
    ['body', body, example.body],
    ['reply', reply, example.reply],
  ];
  for (const [member, schema, value] of members) {
    const [issue] = v.safeParse(schema, value).issues ?? [];
    if (!issue) continue;
    const path = [member, v.getDotPath(issue) ?? []].flat().join('.');
    throw new Error(`The example of ${id} is wrong at ${path}: ${issue.message}.`);
  }
  if (!v.safeParse(body, example.mistakes).success) return;
  throw new Error(`The example of ${id} is wrong at mistakes: its schema accepts them.`);
};
