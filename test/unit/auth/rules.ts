import { type IssuerKeys, inlineKeySet } from '../../../lib/auth/key-set.ts';
import { publicKeysIn } from '../../../lib/auth/public-keys.ts';
import type { TokenRules } from '../../../lib/auth/verify-token.ts';

/** The rules for the tokens of these tests. */
export const rules: TokenRules = {
  issuer: 'issuer',
  audience: 'audience',
  algorithms: ['ES256'],
  clockTolerance: 5,
  claimNames: { workspaces: 'workspaces', workspaceId: 'workspaceId', permissions: 'permissions' },
};

/** The keys of an issuer that these tests configure. */
export const keysOf = (...keys: unknown[]): IssuerKeys => {
  const publicKeys = publicKeysIn({ keys }, rules.algorithms);
  if (!publicKeys) throw new Error('There is no usable key among them.');
  return inlineKeySet(publicKeys);
};
