import { handle } from '../../lib/http/handle.ts';
import { live, priming } from '../../lib/live.ts';
import { prime } from '../../lib/prime.ts';
import { updateClient } from './client.ts';
import { updateClientEndpoint } from './endpoint.ts';

/** The Lambda function behind Update Client. */
export const handler = handle(updateClientEndpoint, updateClient, live);

/** Settled when the first request may come. */
export const ready = prime(updateClientEndpoint, updateClient, live, priming);
