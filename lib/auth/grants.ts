import type { JWTPayload } from 'jose';
import type { Caller } from '../domain/caller.ts';

/** The names of the claims that grant permissions. */
export type ClaimNames = {
  /** An object from workspace id to permissions. */
  workspaces: string;
  /** One workspace id, to which `permissions` apply. */
  workspaceId: string;
  permissions: string;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string';

/** A list of permissions, or the same as a space-separated string; anything else grants nothing. */
const permissionsIn = (value: unknown): string[] => {
  if (isText(value)) return value.split(' ');
  return Array.isArray(value) ? value.filter(isText) : [];
};

/** The permissions that a token grants by workspace, from either form of claim or both. */
export const grantsIn = (claims: JWTPayload, names: ClaimNames): Caller['grants'] => {
  const grants = new Map<string, Set<string>>();
  const grant = (workspaceId: string, permissions: string[]) =>
    grants.set(workspaceId, new Set([...(grants.get(workspaceId) ?? []), ...permissions]));

  const workspaces = claims[names.workspaces];
  if (isObject(workspaces)) {
    for (const [workspaceId, permissions] of Object.entries(workspaces)) grant(workspaceId, permissionsIn(permissions));
  }
  const workspaceId = claims[names.workspaceId];
  if (isText(workspaceId)) grant(workspaceId, permissionsIn(claims[names.permissions]));
  return grants;
};
