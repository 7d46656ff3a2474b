import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localIdentity } from './certificate.ts';
import type { Built, Contestant } from './contestants.ts';
import { audience, issuer, mintTokens, workspaceId } from './tokens.ts';

const clientId = '507f1f77bcf86cd799439011';
const runtime = fileURLToPath(new URL('lambda-runtime.mjs', import.meta.url));

/** What a process says of its start: processor time since then in milliseconds, and memory in KiB. */
export type Start = {
  /** When the function was loaded, and when its first request was answered. */
  loaded: number;
  answered: number;
  memory: number;
  /** What Node had loaded by then. */
  modules: string[];
  answer: string;
};

/** So many requests, with so many tokens in turn, from the one with that number on. */
export type Slice = { requests: number; from: number; tokens: number };

/** What a slice cost: processor time of a request in milliseconds, memory in bytes, and the most that ever was in KiB. */
export type SliceCost = { cpu: number; memory: number; memoryAtMost: number; answer: string };

/** A process that has answered its first request and takes more. */
export type Warm = {
  call: (slice: Slice) => Promise<SliceCost>;
  stop: () => Promise<void>;
};

/** Calls to the stub by name. */
export type Calls = Record<string, number>;

/** What all contestants stand on: the stub table, the issuer's keys, the tokens, and a folder that is deleted with it. */
export type Ground = {
  directory: string;
  /** Starts a function, has it answer one request, and ends it. */
  start: (built: Built) => Promise<Start>;
  /** Starts a function and keeps it. */
  keep: (built: Built, body?: object) => Promise<Warm>;
  /** Calls of a contestant since the last time this was asked. */
  callsOf: (built: Built) => Promise<Calls>;
  /** Sets how large the stored record is, in bytes. */
  setRecord: (bytes: number) => Promise<void>;
  [Symbol.asyncDispose]: () => Promise<void>;
};

export const bodies = {
  'update-client': {
    name: 'Jane Doe',
    avatarUrl: 'https://example.com/new-avatar.jpg',
    contactMethods: [{ type: 'email', value: 'jane@example.com', isPreferred: true }],
    customFields: [{ fieldKey: 'notes', value: 'Updated notes' }],
  },
  'update-workspace': {
    name: 'Updated Workspace Name',
    slogan: 'Updated slogan',
    labTemplates: { smsDefaultMessage: 'Your results are ready. Please visit [LINK] to view them.' },
    sessionTemplates: { smsReminderMessage: 'Reminder: [SESSION_NAME] on [SESSION_DATE] at [SESSION_TIME].' },
  },
};

/** An event as API Gateway's HTTP API sends it, with `TOKEN` where the token belongs. */
const eventFor = (endpoint: keyof typeof bodies, body: object): string => {
  const isClient = endpoint === 'update-client';
  const path = `/v1/workspace/${workspaceId}${isClient ? `/clients/${clientId}` : ''}`;
  const text = JSON.stringify(body);
  return JSON.stringify({
    version: '2.0',
    routeKey: `PATCH /v1/workspace/{workspaceId}${isClient ? '/clients/{clientId}' : ''}`,
    rawPath: path,
    rawQueryString: '',
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      authorization: 'Bearer TOKEN',
      'content-length': String(Buffer.byteLength(text)),
      'content-type': 'application/json',
      host: 'api.example.com',
      'user-agent': 'bench/1.0',
      'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
      'x-forwarded-for': '205.255.255.176',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'r3pmxmplak',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method: 'PATCH', path, protocol: 'HTTP/1.1', sourceIp: '205.255.255.176', userAgent: 'bench/1.0' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: `PATCH /v1/workspace/{workspaceId}${isClient ? '/clients/{clientId}' : ''}`,
      stage: '$default',
      time: '10/Mar/2024:05:16:23 +0000',
      timeEpoch: 1583817383220,
    },
    pathParameters: { workspaceId, ...(isClient && { clientId }) },
    body: text,
    isBase64Encoded: false,
  });
};

/** Makes the ground with so many tokens. To be disposed of. */
export const makeGround = async (tokenCount: number): Promise<Ground> => {
  const directory = mkdtempSync(join(tmpdir(), 'patchwork-bench-'));
  const file = (name: string, contents: string | Buffer): string => {
    const path = join(directory, name);
    writeFileSync(path, contents);
    return path;
  };

  const tokens = await mintTokens(tokenCount);
  const identity = localIdentity();
  const certificateFile = file('certificate.pem', identity.certificate);
  const tokensFile = file('tokens', tokens.bytes);
  const stub = fork(
    fileURLToPath(new URL('stub.ts', import.meta.url)),
    [file('identity.json', JSON.stringify(identity)), file('keys.json', JSON.stringify(tokens.keySet))],
    { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const [ports] = await once(stub, 'message');
  const origin = `https://localhost:${ports.table}`;

  const environment = {
    PATH: process.env.PATH ?? '',
    NODE_EXTRA_CA_CERTS: certificateFile,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 'x'.repeat(600),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    DYNAMODB_ENDPOINT: origin,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    METRICS_NAMESPACE: 'bench',
  };

  let processes = 0;
  /** Starts a function; its calls bear the name of its contestant. */
  const launch = ({ contestant, file: functionFile }: Built, isKept: boolean, body?: object) => {
    const id = idOf(contestant);
    const number = processes++;
    const reportFile = join(directory, `report-${number}.json`);
    const work = {
      functionFile,
      eventFile: file(`event-${number}.json`, eventFor(contestant.endpoint, body ?? bodies[contestant.endpoint])),
      tokensFile,
      tokenLength: tokens.length,
      firstToken: number % tokenCount,
      reportFile,
    };
    const output = openSync(join(directory, 'output'), 'w');
    const child = spawn(process.execPath, [...lambdaOptions(contestant), runtime, JSON.stringify(work)], {
      env: {
        ...environment,
        TABLE_NAME: id,
        JWT_JWKS_URI: `https://localhost:${ports.issuer}/keys/${id}`,
        ...contestant.environment,
      },
      stdio: ['ignore', output, 'inherit', ...(isKept ? (['ipc'] as const) : [])],
    });
    closeSync(output);
    return { child, startReport: (): Start => JSON.parse(readFileSync(reportFile, 'utf8')) };
  };

  const start: Ground['start'] = async (built) => {
    const { child, startReport } = launch(built, false);
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${built.contestant.name} ended with exit code ${code}`);
    const report = startReport();
    assertGood(built, report.answer);
    return report;
  };

  const keep: Ground['keep'] = async (built, body) => {
    const { child, startReport } = launch(built, true, body);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${built.contestant.name} ended with exit code ${code}`);
    });
    // Expected when it is stopped, and nobody waits for it then.
    ended.catch(() => {});
    const message = async (): Promise<SliceCost> => {
      const [it] = await Promise.race([once(child, 'message'), ended]);
      return it;
    };
    await message();
    assertGood(built, startReport().answer);
    return {
      call: async (slice) => {
        child.send(slice);
        const cost = await message();
        assertGood(built, cost.answer);
        return cost;
      },
      stop: () => stopped(child),
    };
  };

  const ask = (method: string, path: string, body = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      request(`${origin}${path}`, { method, ca: identity.certificate }, (response) => {
        response
          .setEncoding('utf8')
          .toArray()
          .then((parts) => resolve(parts.join('')), reject);
      })
        .on('error', reject)
        .end(body);
    });

  return {
    directory,
    start,
    keep,
    callsOf: async ({ contestant }) => JSON.parse(await ask('GET', `/calls/${idOf(contestant)}`)),
    setRecord: async (bytes) => {
      await ask('PUT', '/record', String(bytes));
    },
    [Symbol.asyncDispose]: async () => {
      await stopped(stub);
      rmSync(directory, { recursive: true });
    },
  };
};

const idOf = ({ name }: Contestant): string => name.replaceAll(/\W+/g, '-');

/**
 * What Lambda starts Node with for a function of 1,024 MB, unless its NODE_OPTIONS size the heap themselves (the file
 * `bootstrap` of its Node runtimes).
 */
const lambdaOptions = ({ environment }: Contestant): string[] => {
  const isSized = /space[-_]size/.test(environment?.NODE_OPTIONS ?? '');
  return ['--expose-gc', ...(isSized ? [] : ['--max-semi-space-size=51', '--max-old-space-size=922'])];
};

const assertGood = ({ contestant }: Built, answer: string): void => {
  if (JSON.parse(answer).statusCode !== 200) throw new Error(`${contestant.name} answered ${answer}`);
};

const stopped = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit');
  child.kill();
  await exited;
};
