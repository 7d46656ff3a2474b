import { Problem } from '../domain/problem.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Middleware } from './request-path.ts';
import { failure } from './response.ts';

/**
 * Makes the response for whatever was thrown. A problem that the endpoint does not declare, or anything else that was thrown,
 * is a defect: the caller learns no more than that it happened. `request.error` becomes the problem of the response.
 */
export const problems = ({
  permission,
  problems: declared,
}: Pick<Endpoint, 'permission' | 'problems'>): Middleware<Record<never, never>> => ({
  onError: (request) => {
    const { event, error } = request;
    const isDeclared = error instanceof Problem && declared.includes(error.code);
    const problem = isDeclared ? error : new Problem('internal', { cause: error });
    request.error = problem;
    request.response = failure(event, problem, permission);
  },
});
