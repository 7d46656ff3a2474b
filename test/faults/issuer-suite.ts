import type { ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { fetchJson } from '../../lib/auth/fetch-json.ts';
import { keySetTimes, remoteKeySet } from '../../lib/auth/key-set.ts';
import { tokenVerifier } from '../../lib/auth/verify-token.ts';
import { numberedPatch } from '../declared/bodies.ts';
import { endpoints } from './changes.ts';
import type { PatchResponse } from './faulty-service.ts';
import { startLocalServer } from './local-server.ts';
import { test as base } from './suite.ts';

const rules = {
  issuer: 'https://issuer.example/',
  audience: 'patchwork',
  algorithms: ['ES256'],
  clockTolerance: 5,
  claimNames: { workspaces: 'workspaces', workspaceId: 'workspaceId', permissions: 'permissions' },
};

const permissions = endpoints.map(({ permission }) => permission);

export const newKey = async (kid: string) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    tokenFor: (workspaceId: string) =>
      new SignJWT({ workspaces: { [workspaceId]: permissions } })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(rules.issuer)
        .setAudience(rules.audience)
        .setSubject('tester')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
  };
};
type Key = Awaited<ReturnType<typeof newKey>>;

export type Behaviour = (response: ServerResponse) => unknown;
export const publish =
  (...keys: Key[]): Behaviour =>
  (response) =>
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));

/** The endpoint of an issuer, whose behaviour the test controls and which counts its requests. */
const startIssuer = async (behaviour: Behaviour) => {
  const issuer = { behaviour, asked: 0 };
  const { url, close } = await startLocalServer((_, response) => {
    issuer.asked++;
    issuer.behaviour(response);
  });
  return Object.assign(issuer, { url: new URL(url), close });
};

/** The service's own times, with a longer timeout: a busy machine must not change the outcome of a request. */
export const times = { ...keySetTimes, timeout: 4_000 };

/**
 * A service with the tokens of an issuer, and with a clock that the test controls. The requests of a test go to all endpoints in
 * turn.
 */
export const test = base.extend('withIssuer', ({ serve, store }, { onCleanup }) => {
  const closers: (() => Promise<void>)[] = [];
  onCleanup(async () => void (await Promise.all(closers.map((close) => close()))));
  return async (behaviour: Behaviour) => {
    const issuer = await startIssuer(behaviour);
    closers.push(issuer.close);
    const clock = { now: 0 };
    const { algorithms } = rules;
    const keySet = remoteKeySet({ url: issuer.url, algorithms, times, fetchKeys: fetchJson, now: () => clock.now });
    const service = await serve({ verify: tokenVerifier(rules, keySet) });
    const subjects = await Promise.all(endpoints.map((endpoint) => store.newRecord(endpoint)));
    let turn = 0;
    const patchAs = async (key: Key): Promise<PatchResponse> => {
      const subject = subjects[turn % subjects.length];
      if (!subject) throw new Error('No endpoint is declared.');
      const body = numberedPatch(subject.endpoint, turn++);
      return service.patch({ ...subject, body, token: await key.tokenFor(subject.ids.workspaceId ?? '') });
    };
    const statusFor = async (key: Key) => (await patchAs(key)).status;
    return { issuer, clock, patchAs, statusFor };
  };
});
