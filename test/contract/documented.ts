import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { openApi } from '../../functions/openapi.ts';
import type { JsonSchema } from '../../lib/openapi/json-schema.ts';
import type { StageResponse } from './stage.ts';

const { components } = openApi;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** `format: email` is only informative; the pattern beside it is exact. */
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
  .addVocabulary(['components', 'example'])
  .addFormat('email', true)
  .addFormat('date-time', rfc3339);

/** The operation of the document for a declared path. */
export const operationAt = (path: string) => {
  const operation = openApi.paths[path]?.patch;
  if (!operation) throw new Error(`The document has no PATCH ${path}.`);
  return operation;
};

/** The response of an operation with a status. */
export const responseOf = (path: string, status: number) => {
  const response = operationAt(path).responses[status];
  if (!response) throw new Error(`The document of PATCH ${path} has no status ${status}.`);
  return response;
};

/** A named schema of the document, or the schema itself. */
export const resolved = (schema: JsonSchema): JsonSchema => {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? schema : (components.schemas[name as keyof typeof components.schemas] ?? schema);
};

/** Whether a schema of the document allows a value; `errors` says why not. */
export const allows = (schema: JsonSchema) =>
  ajv.compile<unknown>(JSON.parse(JSON.stringify({ ...schema, components })));

const validators = new Map<object, ReturnType<typeof allows>>();

/** Lets no member pass that the schema does not name. */
const closed = (schema: JsonSchema): JsonSchema => ({ ...schema, ...{ unevaluatedProperties: false } });

const validatorOf = (schema: JsonSchema): ReturnType<typeof allows> => {
  const validate = validators.get(schema) ?? allows(closed(schema));
  validators.set(schema, validate);
  return validate;
};

/** Checks that the document has this response: its status, its type, every member of its body, and every required header. */
export const expectDocumented = ({ path }: { path: string }, received: StageResponse): void => {
  const response = responseOf(path, received.status);
  const type = received.headers['content-type'] ?? '';
  expect(Object.keys(response.content)).toContain(type);
  const isBody = validatorOf(response.content[type]?.schema ?? {});
  if (!isBody(JSON.parse(received.text))) expect(isBody.errors, received.text).toEqual([]);
  for (const [name, { required, schema }] of Object.entries(response.headers)) {
    const value = received.headers[name.toLowerCase()];
    if (value === undefined) expect({ name, required }).toEqual({ name, required: false });
    else expect(validatorOf(schema)(schema.type === 'integer' ? Number(value) : value), name).toBe(true);
  }
};
