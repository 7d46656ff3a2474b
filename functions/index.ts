export { endpoint as updateClient } from './update-client/endpoint.ts';
export { endpoint as updateWorkspace } from './update-workspace/endpoint.ts';
