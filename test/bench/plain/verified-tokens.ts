import type * as piece from '../../../lib/auth/verified-tokens.ts';

export const verifiedTokens: typeof piece.verifiedTokens = () => ({ callerOf: () => undefined, add: () => {} });
