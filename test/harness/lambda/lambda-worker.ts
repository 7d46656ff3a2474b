/** Runs in a worker thread of `lambda.ts` and does the Lambda runtime's part: loads a handler and calls it. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Call, Outcome } from './lambda.ts';

const { file, name } = workerData as { file: string; name: string };

const contextOf = ({ id, deadline }: Call) => ({
  functionName: name,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
  memoryLimitInMB: '512',
  awsRequestId: id,
  logGroupName: `/aws/lambda/${name}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

const report = (outcome: Outcome) => parentPort?.postMessage(outcome);

const writeToOwnOutput = (text: string): number => {
  process.stdout.write(text);
  return Buffer.byteLength(text);
};

// A worker shares file descriptor 1 with its process. Writes to it are redirected to the worker's own standard output.
const { writeSync } = fs;
Object.assign(fs, {
  writeSync: (...[descriptor, text, ...rest]: [number, string]) =>
    descriptor === 1 ? writeToOwnOutput(text) : writeSync(descriptor, text, ...rest),
});
syncBuiltinESMExports();

const { handler } = await import(pathToFileURL(file).href);
if (typeof handler !== 'function') throw new Error(`${file} does not export a function named handler`);

parentPort?.on('message', async (call: Call) => {
  try {
    const result = await handler(JSON.parse(call.event), contextOf(call));
    report({ id: call.id, result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    report({ id: call.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

report('ready');
