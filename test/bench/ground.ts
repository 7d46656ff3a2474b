import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { localIdentity } from './certificate.ts';
import type { Built } from './contestants.ts';
import { audience, issuer, mintTokens, workspaceId } from './tokens.ts';

const clientId = '507f1f77bcf86cd799439011';
const runtime = fileURLToPath(new URL('lambda-runtime.mjs', import.meta.url));

/** What a warm run does: requests to settle, requests with a token each, and requests that share so many tokens. */
export type Warm = { settle: number; fresh: number; repeated: number; tokens: number };

/** What a process says of itself: processor time since its start in milliseconds, memory in KiB unless said otherwise. */
export type Report = {
  /** When the function was loaded, and when its first request was answered. */
  loaded: number;
  answered: number;
  memoryAtFirst: number;
  /** What Node had loaded by then. */
  modules: string[];
  /** Processor time of a request, slice by slice. */
  fresh?: number[];
  repeated?: number[];
  /** Memory in use after each slice, in bytes, and the most that ever was. */
  memory?: number[];
  memoryAtMost?: number;
  /** The first answer and the last one. */
  answers: string[];
};

/** What all contestants stand on: the stub table, the issuer's keys, the tokens, and a folder that is deleted with it. */
export type Ground = {
  directory: string;
  run: (built: Built, options?: { body?: object; warm?: Warm }) => Promise<Report>;
  /** Calls to the stub since the last time this was asked, by name. */
  calls: () => Promise<Record<string, number>>;
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
    TABLE_NAME: 'bench',
    DYNAMODB_ENDPOINT: origin,
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    JWT_JWKS_URI: `https://localhost:${ports.issuer}/keys`,
    METRICS_NAMESPACE: 'bench',
  };

  let firstToken = 0;
  const run: Ground['run'] = async ({ contestant, file: functionFile }, { body, warm } = {}) => {
    const event = eventFor(contestant.endpoint, body ?? bodies[contestant.endpoint]);
    firstToken = (firstToken + 1) % tokenCount;
    const work = {
      functionFile,
      eventFile: file('event.json', event),
      tokensFile,
      tokenLength: tokens.length,
      firstToken: warm ? 0 : firstToken,
      warm,
      reportFile: join(directory, 'report.json'),
    };
    const output = openSync(join(directory, 'output'), 'w');
    const child = spawn(process.execPath, [runtime, JSON.stringify(work)], {
      env: { ...environment, ...contestant.environment },
      stdio: ['ignore', output, 'inherit'],
    });
    const [code] = await once(child, 'exit');
    closeSync(output);
    if (code !== 0) throw new Error(`${contestant.name} ended with exit code ${code}`);
    const report: Report = JSON.parse(readFileSync(work.reportFile, 'utf8'));
    const bad = report.answers.find((answer) => JSON.parse(answer).statusCode !== 200);
    if (bad) throw new Error(`${contestant.name} answered ${bad}`);
    return report;
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
    run,
    calls: async () => JSON.parse(await ask('GET', '/calls')),
    setRecord: async (bytes) => {
      await ask('PUT', '/record', String(bytes));
    },
    [Symbol.asyncDispose]: async () => {
      await stopped(stub);
      rmSync(directory, { recursive: true });
    },
  };
};

const stopped = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit');
  child.kill();
  await exited;
};
