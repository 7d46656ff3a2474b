import * as endpoints from '../functions/index.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { type TableAccess, tableAccessOf } from '../lib/table/access.ts';
import { checkDeclarations } from './check-declarations.ts';

/** What the stack reads of an endpoint: a part of what callers see, and what its function needs of the table. */
export type Declaration = Pick<Endpoint, 'id' | 'summary' | 'method' | 'path' | 'problems'> & TableAccess;

checkDeclarations(Object.values(endpoints));

/** Every declared endpoint. */
export const declarations: readonly Declaration[] = Object.values(endpoints).map((endpoint) => ({
  ...endpoint,
  ...tableAccessOf(endpoint.kind),
}));
