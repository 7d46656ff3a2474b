import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** The state of a record, as far as the checker knows it. An empty value is an unset one. */
export type RecordState = { version: number; fields: Record<string, string> };

/** A PATCH: when it was called and when it returned, the request, and the response. */
export type Operation = {
  call: number;
  return: number;
  patch: { record: string; set: Record<string, string>; ifMatch: readonly number[] | null };
  /** Status 0 if it is unknown; `record` is the record in the response, which may leave out fields. */
  response: { status: number; record: RecordState };
};

/** The initial records by name, all operations on them, and the fields whose values no two of them may share. */
export type History = {
  initial: Record<string, RecordState>;
  unique: Record<string, { ignoresCase: boolean }>;
  operations: readonly Operation[];
};

/** Whether histories can be checked here. Without Go, CI fails and other environments skip the tests. */
export const canJudge = Boolean(process.env.CI) || spawnSync('go', ['version']).status === 0;

const program = fileURLToPath(new URL('./linearizability/', import.meta.url));

/**
 * The verdicts of Porcupine, a linearizability checker in Go: `Ok`, `Illegal`, or `Unknown` after a minute.
 * https://github.com/anishathalye/porcupine
 *
 * @throws Error if Go is missing, or if the program fails
 */
export const verdictsOn = async (histories: readonly History[]): Promise<string[]> => {
  const checker = spawn('go', ['run', '.'], { cwd: program });
  const output = Promise.all([text(checker.stdout), text(checker.stderr)]);
  checker.stdin.end(JSON.stringify(histories));
  const [exitCode] = await once(checker, 'close');
  const [verdicts, errors] = await output;
  if (exitCode !== 0) throw new Error(`The checker failed: ${errors}`);
  return JSON.parse(verdicts);
};
