import { type ClientOptions, operation } from '../lib/api-client.ts';
import type { endpoint as updateClientEndpoint } from './update-client/endpoint.ts';
import type { endpoint as updateWorkspaceEndpoint } from './update-workspace/endpoint.ts';

export {
  type ApiResponse,
  type ClientOptions,
  type Operation,
  type Patch,
  type RequestOptions,
  UnexpectedResponseError,
} from '../lib/api-client.ts';

/**
 * A client of the API for TypeScript, in Node and browsers: one function per endpoint, typed by its declaration. It imports
 * only the types of the declarations, so it has no run-time dependencies.
 */
export const createClient = (options: ClientOptions) => ({
  updateClient: operation<typeof updateClientEndpoint>('/v1/workspace/{workspaceId}/clients/{clientId}', options),
  updateWorkspace: operation<typeof updateWorkspaceEndpoint>('/v1/workspace/{workspaceId}', options),
});
