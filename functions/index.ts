export { updateClientEndpoint } from './update-client/endpoint.ts';
export { updateWorkspaceEndpoint } from './update-workspace/endpoint.ts';
