import * as endpoints from '../functions/index.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import type { Storage } from '../lib/storage.ts';

/** What the stack reads of an endpoint: a part of what callers see, and what its function needs of the table. */
export type Declaration = Pick<Endpoint, 'id' | 'summary' | 'method' | 'path' | 'problems'> & Storage;

/** Every declared endpoint. */
export const declarations: readonly Declaration[] = Object.values(endpoints).map(({ endpoint, storage }) => ({
  ...endpoint,
  ...storage,
}));
