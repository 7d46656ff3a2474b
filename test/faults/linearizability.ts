import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What the checker knows of a record. */
export type RecordState = { version: number; fields: Record<string, string> };

/** A PATCH: between which ticks it was under way, what it asked, and what was answered. */
export type Operation = {
  call: number;
  return: number;
  patch: { record: string; set: Record<string, string>; ifMatch: readonly number[] | null };
  /** Status 0 if nobody knows; `record` holds what was answered of it. */
  answer: { status: number; record: RecordState };
};

/** The records to begin with, by name, and all that was asked of them. */
export type History = { initial: Record<string, RecordState>; operations: readonly Operation[] };

/** Whether histories can be judged here. Where there is no Go, CI fails and others do without. */
export const canJudge = Boolean(process.env.CI) || spawnSync('go', ['version']).status === 0;

const program = fileURLToPath(new URL('./linearizability/', import.meta.url));

/**
 * Has histories judged by Porcupine, a linearizability checker in Go: `Ok`, `Illegal`, or `Unknown` if that took a minute.
 * https://github.com/anishathalye/porcupine
 *
 * @throws Error if there is no Go here, or if it has something against the program
 */
export const verdictsOn = async (histories: readonly History[]): Promise<string[]> => {
  const checker = spawn('go', ['run', '.'], { cwd: program });
  const output = Promise.all([text(checker.stdout), text(checker.stderr)]);
  checker.stdin.end(JSON.stringify(histories));
  const [exitCode] = await once(checker, 'close');
  const [verdicts, complaint] = await output;
  if (exitCode !== 0) throw new Error(`The checker failed: ${complaint}`);
  return JSON.parse(verdicts);
};
