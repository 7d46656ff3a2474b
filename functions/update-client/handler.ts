import { handle } from '../../lib/http/handle.ts';
import { live } from '../../lib/live.ts';
import { updateClient } from './client.ts';
import { updateClientEndpoint } from './endpoint.ts';

/** The Lambda function behind Update Client. */
export const handler = handle(updateClientEndpoint, updateClient, live);
