import { execFileSync } from 'node:child_process';

/** Kills the engine that listens at a local endpoint, but not its supervisor. */
export const killEngine = (endpoint: string): void => {
  const { port } = new URL(endpoint);
  const engines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => new RegExp(`-port ${port}\\b`).test(line) && !line.includes('supervisor.ts'));
  const [engine, ...others] = engines.map((line) => Number.parseInt(line, 10));
  if (engine === undefined || others.length > 0) throw new Error(`There are ${engines.length} engines at ${endpoint}.`);
  process.kill(engine, 'SIGKILL');
};
