import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openApi } from '../../functions/openapi.ts';
import { referencePages } from '../harness/reference-page.ts';
import { type Service, startService } from '../harness/service.ts';

/** Debian's; `CHROMIUM` names another. It cannot keep its sandbox as root, as whom CI runs, and opens our own page only. */
const { CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;

const operations = Object.values(openApi.paths).flatMap((path) => Object.values(path));

let service: Service;
let browser: Browser;
beforeAll(async () => {
  service = await startService({ pages: referencePages });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const isOurs = (url: string): boolean => url.startsWith(`${service.url}/`) || url.startsWith('data:');

const operation = (page: Page, id: string) => page.locator(`#operations-Patchwork-${id}`);

/** What "try it" was answered. */
const answerIn = async (page: Page, id: string) => {
  const answer = operation(page, id).locator('.live-responses-table .response');
  return {
    status: await answer.locator('.response-col_status').textContent(),
    body: await answer.locator('.response-col_description .highlight-code code').first().textContent(),
  };
};

describe.each([
  ['a desk', { width: 1280, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
])('the reference page on the screen of %s', (_, viewport) => {
  let page: Page;
  let complaints: string[];
  // Swagger UI takes its time to draw, seconds on a busy machine.
  beforeEach(async () => {
    page = await browser.newPage({ viewport });
    complaints = [];
    page.on('request', (request) => {
      if (!isOurs(request.url())) complaints.push(`asked ${request.url()}`);
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      // Chromium writes a line for every answer that is not a success, which is no fault of the page.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(service.url);
    await page.locator('.execute').last().waitFor();
  }, 60_000);
  afterEach(() => page.close());

  test('shows every operation and schema, asks nobody else, and breaks no rule of its policy', async () => {
    for (const { summary, operationId } of operations) {
      expect(await operation(page, operationId).textContent()).toContain(summary);
    }
    const schemas = await page.locator('.models').textContent();
    for (const name of Object.keys(openApi.components.schemas)) expect(schemas).toContain(name);
    expect(complaints).toEqual([]);
  });

  test('is no wider than the screen', async () => {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
  });

  test.each(operations)('sends the example of $operationId with one click', async ({ operationId }) => {
    await operation(page, operationId).locator('.execute').click();
    expect(await answerIn(page, operationId)).toMatchObject({
      status: '200',
      body: expect.stringMatching(/^\{\s+"(client|workspace)"/),
    });
    expect(complaints).toEqual([]);
  });

  test('shows which fields are wrong', async () => {
    const updateClient = operation(page, 'updateClient');
    await updateClient.locator('textarea').fill('{"name": "", "nickname": "Jane"}');
    await updateClient.locator('.execute').click();
    const { status, body } = await answerIn(page, 'updateClient');
    expect({ status, errors: JSON.parse(body ?? '').errors }).toEqual({
      status: '422',
      errors: [
        { pointer: '/name', detail: 'must have 1 to 500 characters' },
        { pointer: '/nickname', detail: 'is not a field of this request' },
      ],
    });
  });

  test('needs no mouse', async () => {
    await page.getByRole('link', { name: 'Update Workspace' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#operations-Patchwork-updateWorkspace:focus').waitFor();
    const execute = operation(page, 'updateWorkspace').locator('.execute:focus');
    for (let steps = 0; steps < 30 && (await execute.count()) === 0; steps++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await answerIn(page, 'updateWorkspace')).toMatchObject({ status: '200' });
  });
});

describe('what the page is served with', () => {
  test('lets scripts come from this server only, and none stand in the page', async () => {
    const answer = await fetch(service.url);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(await answer.text()).not.toMatch(/<script(?! src=)|\son\w+=|style=/);
  });

  test('the document, as it is committed', async () => {
    expect(await (await fetch(`${service.url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(openApi)));
  });

  test('asks for a token where the local issuer is not the one', () => {
    const [html] = referencePages(null);
    expect(String(html?.body)).toContain('data-token=""');
  });
});
