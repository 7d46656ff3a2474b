import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoint as updateClientEndpoint } from '../../functions/update-client/endpoint.ts';
import { type Service, startService } from '../harness/local-service/service.ts';

const root = join(import.meta.dirname, '..', '..');
const { CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;
const { ids } = updateClientEndpoint.example;

/** The page's script: shows the client's results in the title. The token is in the URL's fragment. */
const caller = `
  import { createClient } from 'patchwork/client';
  const client = createClient({ baseUrl: location.origin, token: location.hash.slice(1) });
  const ids = ${JSON.stringify(ids)};
  const first = await client.updateClient(ids, { name: 'From a browser' });
  const second = await client.updateClient(ids, { name: 'Again' }, { ifMatch: '"0"' });
  document.title = [first.status, first.reply.client.name, second.status, second.etag === first.etag].join(', ');
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
  await expect.poll(() => page.title(), { timeout: 30_000 }).toBe('200, From a browser, 412, true');
});

test('the client has no run-time dependencies', () => {
  const files = Object.keys(metafile.inputs).map((file) => file.replace(/^.*(?=\/(functions|lib|node_modules)\/)/, ''));
  expect(files.filter((file) => file !== '<stdin>').toSorted()).toEqual(['functions/client.ts', 'lib/api-client.ts']);
});
