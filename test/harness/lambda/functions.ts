import { fileURLToPath } from 'node:url';
import * as declarations from '../../../functions/index.ts';
import { CommandError, messageOf } from '../../../infra/command-line.ts';
import type { Endpoint } from '../../../lib/endpoint.ts';
import type { FunctionPlan } from '../local-service/blueprint.ts';
import { type LambdaFunction, startFunction } from './lambda.ts';

/** The part of a declaration that the harness reads. */
export type Declaration = Omit<Endpoint, 'example'> & {
  example: { ids: Record<string, string>; stored: object; body: object; mistakes: object; reply: object };
};

/** Every declared endpoint. */
export const endpoints: readonly Declaration[] = Object.values(declarations);

/**
 * The environment of a local function: `environment` without its `AWS_` variables, so that a local run never uses a real AWS
 * account, and with `variables`. `LOG_LEVEL` defaults to `ERROR`.
 */
export const functionEnvironment = (
  environment: NodeJS.ProcessEnv,
  variables: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv => ({
  LOG_LEVEL: 'ERROR',
  ...Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'))),
  ...variables,
});

/**
 * Loads an endpoint's function from source.
 *
 * @throws CommandError if the function cannot be loaded, for example because of its configuration
 */
export const startEndpoint = (
  { id }: Declaration,
  environment: NodeJS.ProcessEnv,
  log: (text: string) => void,
): Promise<LambdaFunction> => {
  const file = fileURLToPath(new URL(`../../../functions/${id}/handler.ts`, import.meta.url));
  return startPlanned({ name: id, file, timeout: 10_000 }, environment, log);
};

/**
 * Loads a function of a template.
 *
 * @throws CommandError if the function cannot be loaded, for example because of its configuration
 */
export const startPlanned = async (
  { name, file, timeout }: Pick<FunctionPlan, 'name' | 'file' | 'timeout'>,
  environment: NodeJS.ProcessEnv,
  log: (text: string) => void,
): Promise<LambdaFunction> => {
  try {
    const variables = { ...environment, AWS_LAMBDA_FUNCTION_NAME: name };
    return await startFunction({ name, file, timeout, environment: variables, log });
  } catch (error) {
    throw new CommandError(`The function ${name} cannot be loaded: ${messageOf(error)}`);
  }
};
