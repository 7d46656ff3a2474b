export * as updateClient from './update-client/endpoint.ts';
export * as updateWorkspace from './update-workspace/endpoint.ts';
