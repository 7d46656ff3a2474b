import type { JsonSchema } from './json-schema.ts';

/** The parts of an OpenAPI 3.1 document that are used here: https://spec.openapis.org/oas/v3.1.0 */
export type Example = { summary?: string; value: unknown };

export type Header = {
  description: string;
  required: boolean;
  schema: JsonSchema;
  example?: unknown;
  examples?: Record<string, Example>;
};

export type MediaType = { schema: JsonSchema; example?: unknown; examples?: Record<string, Example> };

export type DocumentedResponse = {
  description: string;
  headers: Record<string, Header>;
  content: Record<string, MediaType>;
};

export type Parameter = {
  name: string;
  in: 'path' | 'header';
  required: boolean;
  description?: string | undefined;
  schema: JsonSchema;
  example?: unknown;
};

export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody: { required: boolean; description: string; content: Record<string, MediaType> };
  responses: Record<string, DocumentedResponse>;
};
