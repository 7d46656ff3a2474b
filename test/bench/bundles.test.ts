import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as endpoints from '../../functions/index.ts';
import { bundleFunction, sourceOf } from '../../infra/bundling/bundle-function.ts';
import { bundling } from '../../infra/bundling/options.ts';
import { built, contestants } from './contestants.ts';
import { type Ground, makeGround } from './ground.ts';

/** The maximum size of the bundles that were measured, and of any other, in bytes. */
const limits: Partial<Record<string, number>> = { 'update-client': 246_000, 'update-workspace': 243_000 };
const limitOfOthers = 250_000;

const functions = Object.values(endpoints).map(({ id }) => ({ id, limit: limits[id] ?? limitOfOthers }));

/** The files that something of is in a bundle. */
const inputsOf = (id: string): string[] => {
  const entryPoints = [join(sourceOf(id), 'handler.ts')];
  const { metafile } = buildSync({ ...bundling, entryPoints, outdir: 'unused', write: false, metafile: true });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
};

describe.each(functions)('the bundle of $id', ({ id, limit }) => {
  const directory = mkdtempSync(join(tmpdir(), 'patchwork-bundle-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  test(`has at most ${limit} bytes`, () => {
    const bundle = readFileSync(join(bundleFunction(id, directory), 'handler.mjs'));
    expect(bundle.byteLength).toBeLessThanOrEqual(limit);
  });

  /** If this fails after an upgrade, the SDK takes its own from elsewhere, and the stand-in spares nothing. */
  test('holds one SHA-256, which is ours', () => {
    const inputs = inputsOf(id);
    expect(inputs).toContain('lib/table/sdk/sha256.ts');
    expect(inputs.filter((path) => path.includes('checksum/sha256'))).toEqual([]);
  });

  test('takes credentials from the environment, and holds no other provider of them', () => {
    const inputs = inputsOf(id);
    expect(inputs.filter((path) => path.includes('credential-provider-env'))).not.toEqual([]);
    const others =
      /credential-provider-(?!env)|token-providers|nested-clients|client-(sso|sts|cognito)|fetch-http-handler/;
    expect(inputs.filter((path) => others.test(path))).toEqual([]);
  });
});

test('a bundle is loaded only once its function is ready', async ({ onTestFinished }) => {
  const directory = mkdtempSync(join(tmpdir(), 'patchwork-ready-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const contents = `
    let state = 'loading';
    export const ready = new Promise(setImmediate).then(() => { state = 'ready'; });
    export const handler = () => state;`;
  buildSync({ ...bundling, stdin: { contents }, outfile: join(directory, 'handler.mjs') });
  const { handler } = await import(pathToFileURL(join(directory, 'handler.mjs')).href);
  expect(handler()).toBe('ready');
});

describe('after its first request', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await makeGround(10);
  }, 60_000);
  afterAll(() => ground[Symbol.asyncDispose]());

  const ours = contestants.filter(({ name }) => /^update-/.test(name));

  test.each(ours)('$name has loaded neither fetch nor web streams', async (contestant) => {
    const { modules } = await ground.start(await built(contestant, ground.directory));
    expect(modules).toContain('NativeModule https');
    expect(
      modules.filter((name) => /undici|fetch|websocket|webstreams\/(readable|writable)stream/i.test(name)),
    ).toEqual([]);
  });

  test.each(ours)('$name has called the issuer once, and the table once more if primed', async (contestant) => {
    const bundle = await built(contestant, ground.directory);
    await ground.callsOf(bundle);
    await ground.start(bundle);
    const calls = contestant.environment?.PRIMING === 'on' ? 2 : 1;
    expect(await ground.callsOf(bundle)).toEqual({ keys: 1, UpdateItem: calls });
  });
});
