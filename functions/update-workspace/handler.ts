import { handle } from '../../lib/http/handle.ts';
import { live } from '../../lib/live.ts';
import { updateWorkspaceEndpoint } from './endpoint.ts';
import { updateWorkspace } from './workspace.ts';

/** The Lambda function behind Update Workspace. */
export const handler = handle(updateWorkspaceEndpoint, updateWorkspace, live);
