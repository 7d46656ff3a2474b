import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../infra/command-line.ts';
import { startServer } from '../harness/database/server.ts';

/** A local AWS emulator, and the variables that point the AWS SDK and the CDK to it. */
export type Emulator = { environment: NodeJS.ProcessEnv; close(): Promise<void> };

const release = '1.5.33';
const installed = fileURLToPath(new URL('../../.local/ministack/bin/ministack', import.meta.url));

/**
 * Starts MiniStack, which supports `cdk bootstrap` and `cdk deploy` and runs the functions with this version of Node. `close`
 * deletes everything.
 *
 * @throws CommandError if it is not installed, or does not start
 */
export const startEmulator = async (): Promise<Emulator> => {
  const executable = process.env.MINISTACK ?? installed;
  if (!existsSync(executable)) {
    throw new CommandError(
      'The rehearsal requires MiniStack (Python 3.10 or newer): run "python3 -m venv .local/ministack && ' +
        `.local/ministack/bin/pip install ministack==${release}", or set MINISTACK to its executable.`,
    );
  }
  const home = mkdtempSync(join(tmpdir(), 'patchwork-rehearsal-'));
  const clean = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: home, TMPDIR: home };
  const command = (port: number) => ['env', 'BIND_HOST=127.0.0.1', `GATEWAY_PORT=${port}`, executable];
  const server = await startServer('MiniStack', command, { ...clean, S3_DATA_DIR: join(home, 's3') });
  return {
    environment: {
      ...clean,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    close: async () => {
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
