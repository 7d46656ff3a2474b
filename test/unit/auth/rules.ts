import type { TokenRules } from '../../../lib/auth/verify-token.ts';

/** What the tokens of these tests are held to. */
export const rules: TokenRules = {
  issuer: 'issuer',
  audience: 'audience',
  algorithms: ['ES256'],
  clockTolerance: 5,
  claimNames: { workspaces: 'workspaces', workspaceId: 'workspaceId', permissions: 'permissions' },
};
