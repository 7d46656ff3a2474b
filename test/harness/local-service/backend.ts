import type { Database } from '../database/database.ts';
import type { FunctionRoute } from '../gateway/gateway.ts';
import { functionEnvironment, startPlanned } from '../lambda/functions.ts';
import type { Synthesised } from './synthesise.ts';

export type BackendOptions = {
  /** The environment of this process. */
  environment: NodeJS.ProcessEnv;
  /** The environment names another issuer: the template's `JWT_` variables are dropped. */
  isExternalIssuer: boolean;
  /** Receives the functions' output. */
  log: (text: string) => void;
};

/** The running functions and their routes. */
export type Backend = {
  routes: readonly FunctionRoute[];
  close(): Promise<void>;
};

/**
 * Starts the functions of a blueprint. Closing the backend, or a failed start, closes the blueprint too.
 *
 * @throws CommandError if a function cannot be loaded, for example because of its configuration
 */
export const startBackend = async (
  blueprint: Synthesised,
  database: Pick<Database, 'table' | 'variables'>,
  { environment, isExternalIssuer, log }: BackendOptions,
): Promise<Backend> => {
  const started: { close(): Promise<void> }[] = [blueprint];
  const close = async () => void (await Promise.all(started.map((one) => one.close())));
  try {
    const routes: FunctionRoute[] = [];
    for (const { function: plan, ...route } of blueprint.routes) {
      const declared = Object.entries(plan.environment(database.table));
      const own = isExternalIssuer ? declared.filter(([name]) => !name.startsWith('JWT_')) : declared;
      const variables = functionEnvironment(environment, { ...Object.fromEntries(own), ...database.variables });
      const { invoke, close: end } = await startPlanned(plan, variables, log);
      started.push({ close: end });
      routes.push({ ...route, invoke });
    }
    return { routes, close };
  } catch (error) {
    await close();
    throw error;
  }
};
