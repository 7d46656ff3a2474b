import type { Endpoint } from '../lib/endpoint.ts';

/** What the stack reads of an endpoint's declaration. */
export type Declaration = Pick<
  Endpoint,
  'id' | 'summary' | 'method' | 'path' | 'problems' | 'tableActions' | 'tablePartitions'
>;
