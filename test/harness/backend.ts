import type { Database } from './database.ts';
import { functionEnvironment, startPlanned } from './functions.ts';
import type { FunctionRoute } from './gateway.ts';
import type { Synthesised } from './synthesise.ts';

export type BackendOptions = {
  /** The environment of this process. */
  environment: NodeJS.ProcessEnv;
  /** Leaves out of the template who issues the tokens, because the environment says that. */
  isForeignIssuer: boolean;
  /** Takes what the functions write. */
  log: (text: string) => void;
};

/** What the template says, running. */
export type Backend = {
  routes: readonly FunctionRoute[];
  close(): Promise<void>;
};

/**
 * Starts the functions of a template, each behind its routes, and takes over what the template came with.
 *
 * @throws CommandError with what a function has against its configuration
 */
export const startBackend = async (
  blueprint: Synthesised,
  database: Pick<Database, 'table' | 'variables'>,
  { environment, isForeignIssuer, log }: BackendOptions,
): Promise<Backend> => {
  const started: { close(): Promise<void> }[] = [blueprint];
  const close = async () => void (await Promise.all(started.map((one) => one.close())));
  try {
    const routes: FunctionRoute[] = [];
    for (const { function: plan, ...route } of blueprint.routes) {
      const declared = Object.entries(plan.environment(database.table));
      const kept = isForeignIssuer ? declared.filter(([name]) => !name.startsWith('JWT_')) : declared;
      const variables = functionEnvironment(environment, { ...Object.fromEntries(kept), ...database.variables });
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
