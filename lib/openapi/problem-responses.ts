import { type GenericSchema, safeParse } from 'valibot';
import { Problem, type ProblemCode } from '../domain/problem.ts';
import { takenProblem } from '../domain/record-kind.ts';
import type { Endpoint } from '../endpoint.ts';
import { fieldErrorsOf } from '../http/field-errors.ts';
import { problemHeaders, problemTypes } from '../http/problem-types.ts';
import { problemDetails } from '../http/response.ts';
import { tooLarge } from '../table/database-errors.ts';
import { exampleRequestId, headersOf, storedVersion } from './headers.ts';
import type { JsonSchema } from './json-schema.ts';
import type { DocumentedResponse } from './types.ts';

/** The body of every error (RFC 9457), and that of an error about fields. */
export const problemSchemas: Record<'Problem' | 'FieldsProblem', JsonSchema> = {
  Problem: {
    type: 'object',
    title: 'Problem',
    description: 'Problem details (RFC 9457). Branch on `type`; the other members are for people.',
    properties: {
      type: {
        type: 'string',
        description: 'Identifies the problem. It is stable: branch on it.',
        examples: [problemDetails(new Problem('not-found'), '').type],
      },
      title: { type: 'string', description: 'A short summary of the problem.', examples: ['Not found'] },
      status: { type: 'integer', description: 'The HTTP status code.', examples: [404] },
      detail: {
        type: 'string',
        description: 'What to do about it. Never repeats a value that was sent.',
        examples: [problemTypes['not-found'].detail],
      },
      instance: {
        type: 'string',
        description: 'The request id, as in `X-Request-Id`. Quote it when you ask for help.',
        examples: [exampleRequestId],
      },
    },
    required: ['type', 'title', 'status', 'detail', 'instance'],
  },
  FieldsProblem: {
    title: 'FieldsProblem',
    description: 'Problem details that list the fields that they are about.',
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      {
        type: 'object',
        properties: {
          errors: {
            type: 'array',
            description: 'Every field with a problem, once.',
            minItems: 1,
            items: {
              type: 'object',
              properties: {
                pointer: {
                  type: 'string',
                  description: 'The JSON pointer (RFC 6901) to the field in the body; empty for the whole body.',
                  examples: ['/contactMethods/0/type'],
                },
                detail: {
                  type: 'string',
                  description: 'What is wrong with it, as the rest of a sentence that starts with the field.',
                  examples: ['must be one of whatsapp, phone, email, fax and other'],
                },
              },
              required: ['pointer', 'detail'],
            },
          },
        },
        required: ['errors'],
      },
    ],
  },
};

type Declared = Pick<Endpoint, 'problems' | 'permission' | 'kind' | 'body' | 'example'>;

/** The responses for every problem that an endpoint declares, by status, with an example for each. */
export const problemResponses = (endpoint: Declared): Record<string, DocumentedResponse> => {
  const byStatus = Map.groupBy(endpoint.problems, (code) => problemTypes[code].status);
  const responses = [...byStatus].map(([status, codes]) => [status, responseOf(endpoint, status, codes)] as const);
  return Object.fromEntries(responses);
};

const responseOf = (endpoint: Declared, status: number, codes: readonly ProblemCode[]): DocumentedResponse => {
  const problems = codes.map((code) => exampleOf(code, endpoint));
  const examples = problems.map((problem) => {
    const { title: summary } = problemTypes[problem.code];
    return [problem.code, { summary, value: problemDetails(problem, exampleRequestId) }] as const;
  });
  return {
    description: codes.map(inMarkdown).join('\n\n'),
    headers: headersOf(problems.map((problem) => [problem.code, problemHeaders(problem, endpoint.permission)])),
    content: {
      'application/problem+json': { schema: schemaOf(status, problems), examples: Object.fromEntries(examples) },
    },
  };
};

const inMarkdown = (code: ProblemCode): string => {
  const { title, detail } = problemTypes[code];
  return `**${title}.** ${detail.replaceAll('<', '&lt;')}`;
};

const schemaOf = (status: number, problems: readonly Problem[]): JsonSchema => {
  const name = problems.every(({ errors }) => errors.length > 0) ? 'FieldsProblem' : 'Problem';
  const types = problems.map((problem) => problemDetails(problem, '').type);
  return {
    $ref: `#/components/schemas/${name}`,
    properties: { type: { enum: types }, status: { const: status } },
  };
};

/** A problem as it is thrown, with the field errors that the schema reports for the declared mistakes. */
const exampleOf = (code: ProblemCode, { kind, body, example }: Declared): Problem => {
  switch (code) {
    case 'invalid-fields':
      return new Problem(code, { errors: errorsIn(body, example.mistakes) });
    case 'record-too-large':
      return tooLarge(undefined);
    case 'stale-version':
      return new Problem(code, { version: storedVersion });
    case 'value-taken': {
      const [attribute = ''] = Object.keys(kind.unique).filter((name) => kind.unique[name]?.problem === code);
      return takenProblem(code, attribute);
    }
    default:
      return new Problem(code);
  }
};

const errorsIn = (body: GenericSchema, mistakes: unknown) => fieldErrorsOf(safeParse(body, mistakes).issues);
