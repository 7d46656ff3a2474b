import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getTitle } from 'valibot';
import { describe, expect, test } from 'vitest';
import { generated } from '../../../functions/generated.ts';
import * as declarations from '../../../functions/index.ts';
import { openApi } from '../../../functions/openapi.ts';
import { problemTypes } from '../../../lib/http/problem-types.ts';
import type { JsonSchema } from '../../../lib/openapi/json-schema.ts';
import { problemResponses } from '../../../lib/openapi/problem-responses.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const endpoints = Object.values(declarations);

/** Every named schema within a schema, by its path. */
const namedIn = (schema: JsonSchema | boolean | undefined, path: string): [string, JsonSchema][] => {
  if (typeof schema !== 'object') return [];
  const { properties = {}, items, allOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, inner]): [string, JsonSchema][] =>
      typeof inner === 'object' ? [[`${path}.${name}`, inner], ...namedIn(inner, `${path}.${name}`)] : [],
    ),
    ...(Array.isArray(items) ? [] : namedIn(items, `${path}[]`)),
    ...allOf.flatMap((inner) => namedIn(inner, path)),
  ];
};

const fields = Object.entries(openApi.components.schemas).flatMap(([name, schema]) => namedIn(schema, name));
/** The names of the schemas that a reply or a problem is made of. */
const returned = [...endpoints.flatMap(({ kind }) => getTitle(kind.record) ?? []), 'Problem', 'FieldsProblem'];
const patchFields = fields.filter(([name]) => !returned.includes(name.replace(/[.[].*/, '')));

/** Whether a pattern matches only texts up to some length. */
const isBoundedBy = (pattern: string | undefined): boolean =>
  pattern !== undefined && !/[*+]|\{\d+,\}/.test(pattern.replace(/\(\?[!=][^)]*\)|\[[^\]]*\]|\\./g, ''));

/** The operation of a declared endpoint. */
const operationOf = ({ path }: (typeof endpoints)[number]) => openApi.paths[path]?.patch;

describe('the OpenAPI document', () => {
  test.each(Object.entries(generated))(
    '%s is committed as generated; if not, run npm run openapi:write',
    (name, text) => {
      expect(readFileSync(join(root, 'functions', name), 'utf8')).toBe(text);
    },
  );

  test('passes the recommended rules of redocly, without exceptions', { timeout: 60_000 }, () => {
    const redocly = join(root, 'node_modules/@redocly/cli/bin/cli.js');
    const lint = [redocly, 'lint', 'functions/openapi.json', '--extends', 'recommended', '--format', 'json'];
    const environment = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const output = execFileSync(process.execPath, lint, {
      cwd: root,
      env: environment,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(JSON.parse(output)).toMatchObject({ totals: { errors: 0, warnings: 0, ignored: 0 }, problems: [] });
  });

  test.each(fields)('describes %s, with an example', (_, field) => {
    if (field.$ref) return;
    expect(field.description).toMatch(/^[A-Z].*\.$/s);
    const items = typeof field.items === 'object' ? field.items : undefined;
    expect(field.examples ?? items ?? field.properties).toBeDefined();
  });

  test.each(patchFields)('limits %s', (_, { type, ...limits }) => {
    const isBounded = ({ maxLength, pattern, enum: one }: JsonSchema) =>
      Boolean(maxLength || one || isBoundedBy(pattern));
    if ([type].flat().includes('string')) expect(limits).toSatisfy(isBounded);
    if (type === 'array') expect(limits).toMatchObject({ minItems: expect.any(Number), maxItems: expect.any(Number) });
    if (type === 'object') expect(limits).toMatchObject({ additionalProperties: false });
  });
});

describe.each(endpoints)('the operation of $id', (endpoint) => {
  const operation = operationOf(endpoint);

  test('requires a token with its permission', () => {
    expect(operation?.security).toEqual([{ token: [endpoint.permission] }]);
  });

  test('has every status, and an example for every problem', () => {
    const documented = Object.entries(problemResponses(endpoint)).flatMap(([status, { content }]) =>
      Object.keys(content['application/problem+json']?.examples ?? {}).map((code) => [code, Number(status)]),
    );
    const declared = endpoint.problems.map((code) => [code, problemTypes[code].status]);
    expect(documented.toSorted()).toEqual(declared.toSorted());
    expect(operation?.responses).toMatchObject({
      ...problemResponses(endpoint),
      200: { content: { 'application/json': { example: endpoint.example.reply } } },
    });
  });

  test.each([
    [200, 'ETag'],
    [401, 'WWW-Authenticate'],
    [403, 'WWW-Authenticate'],
    [412, 'ETag'],
    [503, 'Retry-After'],
  ])('%d promises %s', (status, header) => {
    expect(operation?.responses).toMatchObject({ [status]: { headers: { [header]: { required: true } } } });
  });

  test('415 documents which header comes with which problem', () => {
    expect(operation?.responses).toMatchObject({
      415: {
        headers: {
          'Accept-Patch': {
            required: false,
            examples: { 'unsupported-media-type': { value: 'application/json, application/merge-patch+json' } },
          },
          'Accept-Encoding': {
            required: false,
            examples: { 'unsupported-content-encoding': { value: 'identity' } },
          },
        },
      },
    });
  });
});
