/**
 * Runs the command in its arguments and stops it when standard input closes. The parent process holds the other end of that
 * pipe, so the command stops with the parent even after a SIGKILL, which the parent cannot handle.
 */
import { spawn } from 'node:child_process';

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', process.stderr.fd, process.stderr.fd] });

const stop = () => {
  child.kill();
  setTimeout(() => child.kill('SIGKILL'), 3000).unref();
};

process.stdin.resume().once('close', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

child.once('error', ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
child.once('exit', (code, signal) => {
  if (signal !== null) process.stderr.write(`killed by ${signal}\n`);
  process.exit(code ?? 0);
});
