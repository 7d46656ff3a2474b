import type middy from '@middy/core';
import { Problem } from '../domain/problem.ts';
import type { Endpoint } from '../endpoint.ts';
import { failure } from './answer.ts';
import type { GatewayEvent, GatewayResult } from './gateway-event.ts';

/**
 * Answers whatever was thrown. A problem that the endpoint does not declare, or anything else that was thrown, is a defect:
 * the caller learns no more than that it happened. What is left as the error is the problem that was answered.
 */
export const problems = ({
  permission,
  problems: declared,
}: Pick<Endpoint, 'permission' | 'problems'>): middy.MiddlewareObj<GatewayEvent, GatewayResult> => ({
  onError: (request) => {
    const { event, error } = request;
    const isDeclared = error instanceof Problem && declared.includes(error.code);
    const problem = isDeclared ? error : new Problem('internal', { cause: error });
    request.error = problem;
    request.response = failure(event, problem, permission);
  },
});
