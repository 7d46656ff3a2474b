import { calculateJwkThumbprint, type JSONWebKeySet, type JWK } from 'jose';
import { algorithm, storedKey } from './sandbox-key.ts';

/** The variables that make functions accept the tokens of this machine's issuer, except the one for its public keys. */
export const issuerVariables = {
  JWT_ISSUER: 'https://issuer.patchwork.invalid/',
  JWT_AUDIENCE: 'patchwork',
  JWT_ALGORITHMS: algorithm,
  JWT_WORKSPACES_CLAIM: 'workspaces',
  JWT_WORKSPACE_ID_CLAIM: 'workspaceId',
  JWT_PERMISSIONS_CLAIM: 'permissions',
};

/** The issuer's private key, and the key set with its public part. */
export type IssuerKeys = { privateKey: JWK; keySet: JSONWebKeySet };

/**
 * The keys of this machine's issuer. They last, so that a token which one process signs is accepted by another, and by a
 * deployed sandbox.
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
 * The variables that make functions accept the tokens of this machine's issuer without fetching anything: its public keys
 * are among them.
 *
 * @throws CommandError if the key cannot be read or stored
 */
export const inlineIssuerVariables = async (directory?: string): Promise<Record<string, string>> => {
  const { keySet } = await sandboxKeys(directory);
  return { ...issuerVariables, JWT_JWKS: JSON.stringify(keySet) };
};
