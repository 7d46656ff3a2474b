import type { Endpoint } from '../lib/endpoint.ts';

/** The part of an endpoint's declaration that the stack reads. */
export type Declaration = Pick<
  Endpoint,
  'id' | 'summary' | 'method' | 'path' | 'problems' | 'tableActions' | 'tablePartitions'
>;
