import type { Declared } from '../declared/kind.ts';
import type { Promised } from './promised.ts';

/** What is promised about tokens, permissions and ids. */
export const callerPromises = ({ permission, kind, example }: Declared): Promised[] => {
  const refusedToken = {
    status: 401,
    problem: 'invalid-token',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  } as const;
  const noToken = { status: 401, problem: 'missing-token', headers: { 'www-authenticate': 'Bearer' } } as const;
  const noPermission = {
    status: 403,
    problem: 'forbidden',
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${permission}"` },
  } as const;
  const notFound = { status: 404, problem: 'not-found' } as const;
  const below = Object.keys(example.ids).filter((id) => id !== 'workspaceId');

  return [
    { says: 'a token is required', sent: { caller: 'nobody' }, ...noToken },
    {
      says: 'a token of another scheme counts as missing',
      sent: { caller: 'nobody', headers: { authorization: 'Basic YTpi' } },
      ...noToken,
    },
    {
      says: 'a scheme without a token counts as missing',
      sent: { caller: 'nobody', headers: { authorization: 'Bearer' } },
      ...noToken,
    },
    { says: 'a token must not have expired', sent: { caller: 'expired' }, ...refusedToken },
    {
      says: 'a token must be well-formed',
      sent: { caller: 'nobody', headers: { authorization: 'Bearer x' } },
      ...refusedToken,
    },
    { says: 'a second token is refused', sent: { repeated: [['authorization', 'Bearer x']] }, ...refusedToken },

    { says: 'the token must grant the permission', sent: { caller: 'powerless' }, ...noPermission },
    { says: 'the token must grant it in this workspace', sent: { caller: 'stranger' }, ...noPermission },
    {
      says: 'a workspace that does not exist is refused like one that does',
      absent: true,
      sent: { caller: 'stranger' },
      ...noPermission,
    },

    { says: 'the record must exist', absent: true, sent: {}, ...notFound },
    ...(below.length > 0 ? below : [kind.ownId]).flatMap((name) =>
      ['a.b', 'a%20b', 'x'.repeat(65), '%C3%A9', 'a%23b', '%00'].map(
        (id): Promised => ({
          says: `an id must be valid, unlike ${id.slice(0, 8)} as the ${name}`,
          sent: { ids: { [name]: id } },
          ...notFound,
        }),
      ),
    ),
  ];
};
