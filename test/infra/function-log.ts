import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { configurationFrom } from '../../lib/configuration.ts';
import { Problem, type ProblemCode } from '../../lib/domain/problem.ts';
import { observe } from '../../lib/http/observe.ts';

/** How a request ended, and the status of its response. */
export type Ending = { outcome: ProblemCode | 'success'; status: number };

const Variables = v.record(v.string(), v.unknown());

/** The environment of a function in a template, with a name for the table. */
export const environmentOf = (template: Template, functionName: string): Record<string, string> => {
  const [resource] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: functionName } }),
  );
  const variables = v.parse(Variables, resource?.Properties.Environment.Variables);
  return v.parse(v.record(v.string(), v.string()), { ...variables, TABLE_NAME: 'records' });
};

/**
 * The log lines that a function with this environment writes for requests with these endings.
 *
 * @throws Error if the environment is not a valid configuration
 */
export const linesOf = (
  endpointId: string,
  environment: Record<string, string>,
  endings: readonly Ending[],
): string[] => {
  const lines: string[] = [];
  const { log } = configurationFrom(environment);
  const { after } = observe({ id: endpointId }, { ...log, write: (line) => lines.push(line) });
  for (const { outcome, status } of endings) {
    const event = {
      requestContext: { requestId: 'request-1' },
      pathParameters: { workspaceId: 'w1' },
    };
    const error = outcome === 'success' ? undefined : new Problem(outcome);
    const internal = { startedAt: performance.now() };
    after?.({ event, context: {}, internal, response: { statusCode: status }, error } as never);
  }
  return lines;
};
