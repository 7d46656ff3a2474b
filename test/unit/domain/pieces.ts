import type { GenericSchema } from 'valibot';
import { safeParse } from 'valibot';
import { expect } from 'vitest';
import { jsonSchemaOf } from '../../../lib/openapi/json-schema.ts';

/** Expects a value to be accepted unchanged, or refused in words that do not repeat it. */
export const expectPiece = (schema: GenericSchema, sent: unknown, isAccepted: boolean): void => {
  const { success, output, issues = [] } = safeParse(schema, sent);
  expect({ sent, success }).toEqual({ sent, success: isAccepted });
  if (success) expect(output).toEqual(sent);
  for (const { message } of issues) expect(message).toMatch(/^must /);
};

/** What the OpenAPI document says about a piece. */
export const documented = (schema: GenericSchema) => jsonSchemaOf(schema, undefined);

/** Whether the pattern of the OpenAPI document allows a text; its only flag is `u`, as in JSON Schema. */
export const patternOf = (schema: GenericSchema): RegExp => new RegExp(documented(schema).pattern ?? '(?!)', 'u');
