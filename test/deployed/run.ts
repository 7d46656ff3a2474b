import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs an executable of an installed package, prints its output and returns its exit code. */
export const run = async (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
  const child = spawn(`${root}node_modules/.bin/${program}`, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  return code ?? 1;
};
