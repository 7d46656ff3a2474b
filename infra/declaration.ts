import * as endpoints from '../functions/index.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { type TableAccess, tableAccessOf } from '../lib/table/access.ts';
import { checkKeySpace } from '../lib/table/key-space.ts';

/** What the stack reads of an endpoint: a part of what callers see, and what its function needs of the table. */
export type Declaration = Pick<Endpoint, 'id' | 'summary' | 'method' | 'path' | 'problems'> & TableAccess;

checkKeySpace(Object.values(endpoints).map(({ kind }) => kind));

/** Every declared endpoint. */
export const declarations: readonly Declaration[] = Object.values(endpoints).map((endpoint) => ({
  ...endpoint,
  ...tableAccessOf(endpoint.kind),
}));
