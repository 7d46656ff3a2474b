import type middy from '@middy/core';
import { Problem } from '../domain/problem.ts';
import type { Endpoint } from '../endpoint.ts';
import { failure } from './answer.ts';
import type { GatewayEvent, GatewayResult } from './gateway-event.ts';

/**
 * Answers whatever was thrown. A problem that the endpoint does not declare, or anything else that was thrown, is a defect:
 * `reportDefect` is told of it, and the caller learns no more than that it happened.
 */
export const problems = (
  { permission, problems: declared }: Pick<Endpoint, 'permission' | 'problems'>,
  reportDefect: (error: unknown, event: GatewayEvent) => void,
): middy.MiddlewareObj<GatewayEvent, GatewayResult> => ({
  onError: (request) => {
    const { event, error } = request;
    const isDeclared = error instanceof Problem && declared.includes(error.code);
    if (!isDeclared) reportDefect(error, event);
    request.response = failure(event, isDeclared ? error : new Problem('internal'), permission);
  },
});
