import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { numberedPatch } from '../declared/bodies.ts';
import { type Service, startService } from '../harness/local-service/service.ts';

const root = join(import.meta.dirname, '..', '..');
const { CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;

/** What the page sends to each endpoint, and what the reply to it shows. */
const calls = Object.entries(declarations).map(([name, endpoint]) => {
  const { kind, example } = endpoint;
  const [patch, other] = [numberedPatch(endpoint, 1), numberedPatch(endpoint, 2)];
  const shown = new Set(Object.values(example.reply).flatMap(Object.keys));
  const fields = Object.entries(patch).filter(([field]) => shown.has(field));
  return { name, ids: example.ids, patch, other, reply: { [kind.name]: Object.fromEntries(fields) } };
});

/** The page's script: shows the client's results in the title, as JSON. The token is in the URL's fragment. */
const caller = `
  import { createClient } from 'patchwork/client';
  const client = createClient({ baseUrl: location.origin, token: location.hash.slice(1) });
  const results = [];
  for (const { name, ids, patch, other } of ${JSON.stringify(calls)}) {
    const first = await client[name](ids, patch);
    const second = await client[name](ids, other, { ifMatch: '"0"' });
    results.push([first, second]);
  }
  document.title = JSON.stringify(results);
`;

const { metafile, outputFiles } = await build({
  stdin: { contents: caller, resolveDir: root },
  bundle: true,
  format: 'esm',
  platform: 'browser',
  write: false,
  metafile: true,
});

let service: Service;
let browser: Browser;
beforeAll(async () => {
  const html = '<!doctype html><script type="module" src="/caller.js"></script>';
  const script = outputFiles[0]?.contents ?? '';
  service = await startService({
    pages: () => [
      { path: '/', headers: { 'content-type': 'text/html' }, body: html },
      { path: '/caller.js', headers: { 'content-type': 'text/javascript' }, body: script },
    ],
  });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

test('the client works in a browser', async () => {
  const page = await browser.newPage();
  await page.goto(`${service.url}/#${service.token}`);
  await expect.poll(() => page.title(), { timeout: 30_000 }).not.toBe('');
  const results = JSON.parse(await page.title());
  expect(results).toHaveLength(calls.length);
  for (const [index, { reply }] of calls.entries()) {
    const [first, second] = results[index];
    expect(first).toMatchObject({ status: 200, reply });
    expect(second).toMatchObject({ status: 412, etag: first.etag });
  }
});

test('the client has no run-time dependencies', () => {
  const files = Object.keys(metafile.inputs).map((file) => file.replace(/^.*(?=\/(functions|lib|node_modules)\/)/, ''));
  expect(files.filter((file) => file !== '<stdin>').toSorted()).toEqual([
    ...['functions/client.ts', 'functions/paths.ts', 'lib/api-client.ts'],
  ]);
});
