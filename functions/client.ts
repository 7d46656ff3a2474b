import { type ClientOptions, type Operation, operations } from '../lib/api-client.ts';
import type * as endpoints from './index.ts';
import { paths } from './paths.ts';

export {
  type ApiResponse,
  type ClientOptions,
  type Operation,
  type Patch,
  type RequestOptions,
  UnexpectedResponseError,
} from '../lib/api-client.ts';

type Endpoints = typeof endpoints;

/** One function per endpoint, typed by its declaration. */
export type Client = { [Name in keyof Endpoints]: Operation<Endpoints[Name]> };

/**
 * A client of the API for TypeScript, in Node and browsers. It imports only the types of the declarations, so it has no
 * run-time dependencies.
 */
export const createClient = (options: ClientOptions): Client => operations<Endpoints>(paths, options);
