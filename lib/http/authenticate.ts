import type { Caller } from '../domain/caller.ts';
import { Problem } from '../domain/problem.ts';
import { headerOf } from './gateway-event.ts';
import type { Step } from './request-path.ts';

export type Authenticated = { caller: Caller };

/**
 * Finds out who calls, from the bearer token (RFC 6750 §2.1).
 *
 * @throws Problem `missing-token` if there is none, or none of that scheme; whatever `verify` throws
 */
export const authenticate =
  (verify: (token: string) => Promise<Caller>): Step<Record<never, never>, Authenticated> =>
  async ({ event }) => ({ caller: await verify(bearerTokenIn(headerOf(event, 'authorization') ?? '')) });

/** All that follows the scheme: two headers, joined by a comma, make a token that no verifier takes. */
const bearerTokenIn = (authorization: string): string => {
  const [, token] = /^Bearer +(.+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new Problem('missing-token');
  return token;
};
