import type { GenericSchema, InferInput, InferOutput } from 'valibot';
import type { ProblemCode } from './domain/problem.ts';
import type { DeclaredKind, Placeholder, RecordKind, UniqueFields } from './domain/record-kind.ts';

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

type CommonProblem = (typeof commonProblems)[number];

/**
 * Everything that callers see of an endpoint, as data. The handler, the API Gateway route, the OpenAPI operation, the local
 * gateway and the tests all read this and nothing else.
 */
export type Endpoint<
  Path extends string = string,
  Ids extends GenericSchema = GenericSchema,
  Body extends GenericSchema = GenericSchema,
  Reply extends GenericSchema = GenericSchema,
  Code extends ProblemCode = ProblemCode,
> = Described<Path, Body> & {
  /** The kind of record that it changes. */
  kind: RecordKind;
  /** What the parameters of the path must be; a request with others finds nothing. */
  ids: Ids;
  reply: Reply;
  /** Every problem it may respond with; any other is a defect and becomes a 500. */
  problems: readonly Code[];
  /** A record, a request and its response, and a body with wrong fields: used by the documents and sent by the tests. */
  example: Example<Ids, Body, Reply>;
};

type Described<Path extends string, Body extends GenericSchema> = {
  /** Verb-noun; also the name of its folder under `functions/` and of its function. */
  id: string;
  summary: string;
  description: string;
  method: 'PATCH';
  /** With parameters between braces, as API Gateway writes them. */
  path: Path;
  /** What the token must grant in the workspace of the path. */
  permission: string;
  body: Body;
};

type Example<Ids extends GenericSchema, Body extends GenericSchema, Reply extends GenericSchema> = {
  ids: InferInput<Ids>;
  /** The record before the request, as the fields of a body: demo data, which `npm start` creates. */
  stored: InferInput<Body>;
  body: InferInput<Body>;
  mistakes: object;
  reply: InferOutput<Reply>;
};

/** The path itself if its ids are those of the key, no more and no fewer; otherwise nothing that a path could be. */
type WithIds<Path extends string, Id> = [Placeholder<Path>] extends [Id]
  ? [Id] extends [Placeholder<Path>]
    ? Path
    : { 'the path lacks an id of the key': Exclude<Id, Placeholder<Path>> }
  : { 'the key does not use an id of the path': Exclude<Placeholder<Path>, Id> };

/** Declares an endpoint, which changes one kind of record. */
export const defineEndpoint = <
  const Path extends string,
  Ids extends GenericSchema<Readonly<Record<string, string>>>,
  Reply extends GenericSchema,
  Unique extends UniqueFields,
  Body extends GenericSchema,
>({
  kind,
  ...endpoint
}: Described<Path, Body> & {
  path: WithIds<Path, keyof InferOutput<Ids>>;
  kind: DeclaredKind<Ids, Reply, Unique>;
  example: Example<Ids, Body, Reply>;
}): Endpoint<Path, Ids, Body, Reply, CommonProblem | Unique[keyof Unique]['problem']> => ({
  ...endpoint,
  kind,
  ids: kind.ids,
  reply: kind.reply,
  problems: [...commonProblems, ...Object.values(kind.unique).map(({ problem }) => problem)],
});
