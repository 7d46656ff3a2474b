import { handle } from '../../lib/http/handle.ts';
import { live, priming } from '../../lib/live.ts';
import { prime } from '../../lib/prime.ts';
import { updateWorkspaceEndpoint } from './endpoint.ts';
import { updateWorkspace } from './workspace.ts';

/** The Lambda function behind Update Workspace. */
export const handler = handle(updateWorkspaceEndpoint, updateWorkspace, live);

/** Settled when the first request may come. */
export const ready = prime(updateWorkspaceEndpoint, updateWorkspace, live, priming);
