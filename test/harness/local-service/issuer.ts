import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JSONWebKeySet, SignJWT } from 'jose';
import { CommandError } from '../../../infra/command-line.ts';
import { issuerVariables, sandboxKeys } from '../../../infra/sandbox-issuer.ts';

/** The variables that select another issuer. */
const issuerNames = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URI', 'JWT_JWKS'] as const;

/** What a token grants, in either form that the service accepts: permissions in several workspaces, or in one. */
export type Grants =
  | { workspaces: Record<string, readonly string[]> }
  | { workspaceId: string; permissions: readonly string[] | string };

/** `expiresIn` is in seconds; 3600 by default. */
export type TokenOptions = Grants & { subject?: string | undefined; expiresIn?: number | undefined };

/** Signs a token of the local issuer. */
export type SignToken = (options: TokenOptions) => Promise<string>;

/** A token issuer, and the variables that make functions trust it. Only the local issuer has `signToken`. */
export type Issuer = { variables: NodeJS.ProcessEnv; signToken: SignToken | undefined; close(): Promise<void> };

/**
 * Starts the local issuer, unless the environment selects another one.
 *
 * @throws CommandError if the environment selects another one incompletely, or the local key cannot be read or stored
 */
export const startIssuer = async (environment: NodeJS.ProcessEnv = process.env): Promise<Issuer> => {
  if (selectsIssuer(environment)) return { variables: {}, signToken: undefined, close: async () => {} };
  const { keySet, signToken } = await localIssuer();
  const { url, close } = await serveKeySet(keySet);
  return { variables: { ...issuerVariables, JWT_JWKS_URI: url }, signToken, close };
};

/**
 * Whether the environment selects another issuer.
 *
 * @throws CommandError if it does so incompletely
 */
export const selectsIssuer = (environment: NodeJS.ProcessEnv): boolean => {
  const given = issuerNames.filter((name) => environment[name]);
  if (given.length === 0) return false;
  const hasKeys = environment.JWT_JWKS_URI || environment.JWT_JWKS;
  const missing = [
    ...(['JWT_ISSUER', 'JWT_AUDIENCE'] as const).filter((name) => !environment[name]),
    ...(hasKeys ? [] : ['JWT_JWKS_URI (or JWT_JWKS)']),
  ];
  if (missing.length === 0) return true;
  const replaces = given.length === 1 ? 'replaces' : 'replace';
  throw new CommandError(
    `${missing.join(' and ')} must be set too, since ${given.join(' and ')} ${replaces} the local issuer: set all or none.`,
    2,
  );
};

/**
 * The local issuer's public keys and its signing function. The key is persistent, so tokens are valid across processes.
 *
 * @throws CommandError if the key cannot be read or stored
 */
export const localIssuer = async (directory?: string): Promise<{ keySet: JSONWebKeySet; signToken: SignToken }> => {
  const { privateKey, keySet } = await sandboxKeys(directory);
  const { alg = '', kid = '' } = privateKey;
  return {
    keySet,
    signToken: ({ subject = 'local-developer', expiresIn = 3600, ...grants }) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT(grants)
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuer(issuerVariables.JWT_ISSUER)
        .setAudience(issuerVariables.JWT_AUDIENCE)
        .setSubject(subject)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresIn)
        .sign(privateKey);
    },
  };
};

/** Publishes a JSON Web Key Set at `url`, on a free loopback port. */
const serveKeySet = async (keySet: JSONWebKeySet): Promise<{ url: string; close(): Promise<void> }> => {
  const path = '/.well-known/jwks.json';
  const server = createServer((request, response) => {
    request.resume();
    const isFound = request.url === path;
    response.writeHead(isFound ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isFound ? keySet : { message: 'Not Found' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
