import { createClient, type RequestOptions } from '../../../functions/client.ts';
import { Problem, type ProblemCode } from '../../../lib/domain/problem.ts';
import { problemTypes } from '../../../lib/http/problem-types.ts';
import { problemDetails } from '../../../lib/http/response.ts';

type Sent = { url: string; method: string | undefined; headers: Headers; body: unknown; signal: unknown };
export type Reaction = () => Response | Promise<Response>;

export const ids = { workspaceId: 'w', clientId: 'c' };
export const pinned = { ifMatch: '"7"' };

export const json =
  (status: number, type: string, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': type, ...headers },
    });
export const updated = json(
  200,
  'application/json',
  { client: { name: 'Jane' } },
  { etag: '"8"', 'x-request-id': 'r-1' },
);
export const problem = (code: ProblemCode, headers: Record<string, string> = {}): Reaction =>
  json(problemTypes[code].status, 'application/problem+json', problemDetails(new Problem(code), 'r-1'), {
    'x-request-id': 'r-1',
    ...headers,
  });
export const gateway = (status: number, headers: Record<string, string> = {}): Reaction =>
  json(status, 'application/json', { message: 'No' }, headers);
export const lost: Reaction = () => Promise.reject(new TypeError('fetch failed'));

/** A client whose requests meet these reactions in turn, the last one repeatedly, and the requests that it sent. */
export const clientOf = (reactions: readonly Reaction[], options: Partial<Parameters<typeof createClient>[0]> = {}) => {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const { method, headers, body, signal } = init ?? {};
    sent.push({ url: String(url), method, headers: new Headers(headers), body, signal });
    const react = reactions[Math.min(sent.length, reactions.length) - 1];
    if (react === undefined) throw new Error('No reaction.');
    return react();
  };
  return { ...createClient({ baseUrl: 'https://api.example', token: 't', fetch, ...options }), sent };
};

export const update = (client: ReturnType<typeof clientOf>, options?: RequestOptions) =>
  client.updateClient(ids, { name: 'Jane' }, options);
