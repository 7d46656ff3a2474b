import type { Endpoint } from '../endpoint.ts';
import { patchMediaTypes } from '../http/media-types.ts';
import { maxBodySize } from '../http/read-patch.ts';
import { type Components, namedSchemas } from './components.ts';
import { ifMatchParameter, ifNoneMatchParameter, successHeaders } from './headers.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { problemResponses, problemSchemas } from './problem-responses.ts';
import { introduction, patchRules, tokenRules } from './prose.ts';
import type { Operation, Parameter } from './types.ts';

/** What the document describes, from package.json. */
export type About = { name: string; version: string; description: string; license: string };

/**
 * The OpenAPI 3.1 document of the declared endpoints, generated from the declarations and their schemas alone.
 *
 * @throws Error for a schema that JSON Schema has no equivalent for, or if two schemas have the same title
 */
export const openApiOf = (endpoints: readonly Endpoint[], { name, version, description, license }: About) => {
  const components = namedSchemas();
  const paths = Map.groupBy(endpoints, ({ path }) => path);
  const title = capitalised(name);
  return {
    openapi: '3.1.0',
    info: {
      title,
      version,
      summary: description,
      description: introduction,
      license: { name: license, identifier: license },
    },
    servers: [{ url: '/', description: 'The server of this document. Replace it with the URL of a deployed stage.' }],
    tags: [{ name: title, description: 'Partial updates: fields that are not sent stay unchanged.' }],
    paths: Object.fromEntries(
      [...paths].map(([path, declared]) => [
        path,
        Object.fromEntries(
          declared.map((endpoint) => [endpoint.method.toLowerCase(), operationOf(endpoint, title, components)]),
        ),
      ]),
    ),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: tokenRules } },
      schemas: { ...components.schemas, ...problemSchemas },
    },
  };
};

const operationOf = (endpoint: Endpoint, tag: string, { reference }: Components): Operation => {
  const { id, summary, description, permission, body, reply, example } = endpoint;
  const bodySchema = reference(withSomeField(jsonSchemaOf(body, example.body)));
  const replySchema = reference(jsonSchemaOf(reply, example.reply));
  const patch = {
    schema: bodySchema,
    examples: { example: { summary: 'Several fields at once', value: example.body } },
  };
  return {
    operationId: id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    tags: [tag],
    summary,
    description: `${description} The token must grant \`${permission}\` in the workspace.`,
    security: [{ token: [permission] }],
    parameters: [...pathParameters(endpoint), ifMatchParameter, ifNoneMatchParameter],
    requestBody: {
      required: true,
      description: patchRules(maxBodySize),
      content: Object.fromEntries(patchMediaTypes.map((type) => [type, patch])),
    },
    responses: {
      200: {
        description: 'The current record. If every value was already stored, nothing was written.',
        headers: successHeaders(),
        content: { 'application/json': { schema: replySchema, example: example.reply } },
      },
      ...problemResponses(endpoint),
    },
  };
};

const pathParameters = ({ ids, example }: Endpoint): Parameter[] => {
  const { properties = {} } = jsonSchemaOf(ids, example.ids);
  return Object.entries(properties).map(([name, property]) => {
    const { description, examples: [example] = [], ...schema } = typeof property === 'object' ? property : {};
    return { name, in: 'path', required: true, description, schema, example };
  });
};

/** A patch must have a field; an object without fields does not count as one. */
const withSomeField = (schema: JsonSchema): JsonSchema => {
  const some = { ...schema, minProperties: 1 };
  const nothing = empty(schema);
  return Object.keys(nothing.properties ?? {}).length > 0 ? { ...some, not: nothing } : some;
};

/** An object that has no field at any depth. */
const empty = ({ properties = {} }: JsonSchema): JsonSchema => {
  const objects = Object.entries(properties).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner.type === 'object' ? [[name, empty(inner)] as const] : [],
  );
  return { type: 'object', properties: Object.fromEntries(objects), additionalProperties: false };
};

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
