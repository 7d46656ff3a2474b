import { type Browser, chromium, type Page } from 'playwright-core';
import { safeParse } from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { openApi } from '../../functions/openapi.ts';
import { fieldErrorsOf } from '../../lib/http/field-errors.ts';
import { referencePages } from '../harness/local-service/reference-page.ts';
import { type Service, startService } from '../harness/local-service/service.ts';

/** Debian's path; `CHROMIUM` overrides it. CI runs as root, where Chromium has no sandbox; it opens only this service's page. */
const { CHROMIUM: executablePath = '/usr/bin/chromium' } = process.env;

const declared = Object.entries(declarations).map(([name, endpoint]) => ({ name, endpoint }));
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

const isOwn = (url: string): boolean => url.startsWith(`${service.url}/`) || url.startsWith('data:');

const operation = (page: Page, id: string) => page.locator(`#operations-Patchwork-${id}`);

/** The response that the page shows after "Execute". */
const responseIn = async (page: Page, id: string) => {
  const response = operation(page, id).locator('.live-responses-table .response');
  return {
    status: await response.locator('.response-col_status').textContent(),
    body: await response.locator('.response-col_description .highlight-code code').first().textContent(),
  };
};

describe.each([
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
])('the reference page on a %s screen', (_, viewport) => {
  let page: Page;
  let problems: string[];
  // Swagger UI takes seconds to render on a busy machine.
  beforeEach(async () => {
    page = await browser.newPage({ viewport });
    problems = [];
    page.on('request', (request) => {
      if (!isOwn(request.url())) problems.push(`requested ${request.url()}`);
    });
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      // Chromium logs every 4xx response as an error.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text());
    });
    await page.goto(service.url);
    await page.locator('.execute').last().waitFor();
  }, 60_000);
  afterEach(() => page.close());

  test('shows every operation and schema, calls only this server, and complies with its security policy', async () => {
    for (const { summary, operationId } of operations) {
      expect(await operation(page, operationId).textContent()).toContain(summary);
    }
    const schemas = await page.locator('.models').textContent();
    for (const name of Object.keys(openApi.components.schemas)) expect(schemas).toContain(name);
    expect(problems).toEqual([]);
  });

  test('is no wider than the screen', async () => {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
  });

  test.each(declared)('sends the example of $name with one click on "Execute"', async ({ name, endpoint }) => {
    await operation(page, name).locator('.execute').click();
    const { status, body } = await responseIn(page, name);
    expect({ status, members: Object.keys(JSON.parse(body ?? '')) }).toEqual({
      status: '200',
      members: [endpoint.kind.name],
    });
    expect(problems).toEqual([]);
  });

  test.each(declared)('shows which fields of $name are invalid', async ({ name, endpoint }) => {
    const { mistakes } = endpoint.example;
    await operation(page, name).locator('textarea').fill(JSON.stringify(mistakes));
    await operation(page, name).locator('.execute').click();
    const { status, body } = await responseIn(page, name);
    const errors = fieldErrorsOf(safeParse(endpoint.body, mistakes).issues);
    expect(errors).not.toEqual([]);
    expect({ status, errors: JSON.parse(body ?? '').errors }).toEqual({ status: '422', errors });
  });

  test.each(operations)('can be used by keyboard for $operationId', async ({ operationId, summary }) => {
    await page.getByRole('link', { name: summary, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator(`#operations-Patchwork-${operationId}:focus`).waitFor();
    const execute = operation(page, operationId).locator('.execute:focus');
    for (let steps = 0; steps < 30 && (await execute.count()) === 0; steps++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await responseIn(page, operationId)).toMatchObject({ status: '200' });
  });
});

describe('the server of the reference page', () => {
  test('allows scripts from this server only, and no inline scripts', async () => {
    const response = await fetch(service.url);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(await response.text()).not.toMatch(/<script(?! src=)|\son\w+=|style=/);
  });

  test('serves the OpenAPI document of the declarations', async () => {
    expect(await (await fetch(`${service.url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(openApi)));
  });

  test('sets no token with another issuer', () => {
    const [html] = referencePages(null);
    expect(String(html?.body)).toContain('data-token=""');
  });
});
