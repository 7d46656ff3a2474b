import { calculateJwkThumbprint, type JSONWebKeySet, type JWK } from 'jose';
import { algorithm, storedKey } from './sandbox-key.ts';

/** Environment variables that make functions trust the local issuer, without the one for its public keys. */
export const issuerVariables = {
  JWT_ISSUER: 'https://issuer.patchwork.invalid/',
  JWT_AUDIENCE: 'patchwork',
  JWT_ALGORITHMS: algorithm,
  JWT_WORKSPACES_CLAIM: 'workspaces',
  JWT_WORKSPACE_ID_CLAIM: 'workspaceId',
  JWT_PERMISSIONS_CLAIM: 'permissions',
};

/** The issuer's private key, and the key set with its public key. */
export type IssuerKeys = { privateKey: JWK; keySet: JSONWebKeySet };

/**
 * The keys of the local issuer. They are persistent: other processes and a deployed sandbox accept the tokens signed with them.
 *
 * @throws CommandError if the key cannot be read or stored
 */
export const sandboxKeys = async (directory?: string): Promise<IssuerKeys> => {
  const stored = await storedKey(directory);
  const privateKey = { ...stored, kid: await calculateJwkThumbprint(stored), alg: algorithm, use: 'sig' };
  const { d: _, ...publicKey } = privateKey;
  return { privateKey, keySet: { keys: [publicKey] } };
};

/**
 * Environment variables that make functions trust the local issuer, with its public keys inline.
 *
 * @throws CommandError if the key cannot be read or stored
 */
export const inlineIssuerVariables = async (directory?: string): Promise<Record<string, string>> => {
  const { keySet } = await sandboxKeys(directory);
  return { ...issuerVariables, JWT_JWKS: JSON.stringify(keySet) };
};
