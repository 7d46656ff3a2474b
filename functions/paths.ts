/** The path of each endpoint, so that the client needs no declaration at run time. Written by `npm run openapi:write`. */
export const paths = {
  updateClient: '/v1/workspace/{workspaceId}/clients/{clientId}',
  updateWorkspace: '/v1/workspace/{workspaceId}',
} as const;
