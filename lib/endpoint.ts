import type { GenericSchema, InferInput, InferOutput } from 'valibot';
import type { ProblemCode } from './domain/problem.ts';

/** The names between braces in a path: `'workspaceId' | 'clientId'`. */
export type PathParameter<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/** Problems that any endpoint may respond with, whatever it does. */
export const commonProblems = [
  'missing-token',
  'invalid-token',
  'forbidden',
  'not-found',
  'unsupported-media-type',
  'unsupported-content-encoding',
  'body-too-large',
  'malformed-body',
  'empty-patch',
  'malformed-precondition',
  'invalid-fields',
  'record-too-large',
  'stale-version',
  'unavailable',
  'internal',
] as const satisfies readonly ProblemCode[];

/**
 * Everything that callers see of an endpoint, as data. The handler, the API Gateway route, the OpenAPI operation, the local
 * gateway and the contract tests all read this and nothing else.
 */
export type Endpoint<
  Path extends string = string,
  Ids extends GenericSchema = GenericSchema,
  Body extends GenericSchema = GenericSchema,
  Reply extends GenericSchema = GenericSchema,
  Code extends ProblemCode = ProblemCode,
> = {
  /** Verb-noun; also the name of its folder under `functions/` and of its function. */
  id: string;
  summary: string;
  description: string;
  method: 'PATCH';
  /** With parameters between braces, as API Gateway writes them. */
  path: Path;
  /** What the parameters of the path must be; a request with others finds nothing. */
  ids: Ids;
  /** What the token must grant in the workspace of the path. */
  permission: string;
  body: Body;
  reply: Reply;
  /** Every problem it may respond with; any other is a defect and becomes a 500. */
  problems: readonly Code[];
  /** A request and its response, and a body with wrong fields in it: used by the documents and sent by the tests. */
  example: { ids: InferInput<Ids>; body: InferInput<Body>; mistakes: object; reply: InferOutput<Reply> };
};

/** Declares an endpoint; gives back what it is given, with its types. */
export const defineEndpoint = <
  const Path extends string,
  Ids extends GenericSchema<Record<PathParameter<Path>, string>>,
  Body extends GenericSchema,
  Reply extends GenericSchema,
  Code extends ProblemCode,
>(
  endpoint: Endpoint<Path, Ids, Body, Reply, Code>,
): Endpoint<Path, Ids, Body, Reply, Code> => endpoint;
