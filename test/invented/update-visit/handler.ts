import { dependencies, priming } from '../../../lib/dependencies.ts';
import { endpointHandler } from '../../../lib/http/endpoint-handler.ts';
import { prime } from '../../../lib/prime.ts';
import { endpoint } from './endpoint.ts';

/** The Lambda function behind Update Visit. */
export const handler = endpointHandler(endpoint, dependencies);

/** Settled when the first request may come. */
export const ready = prime(endpoint, dependencies, priming);
