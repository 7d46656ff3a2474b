import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../infra/command-line.ts';
import { startServer } from '../harness/server.ts';

/** Something on this machine that answers like AWS, and the variables that lead the AWS SDK and the CDK there. */
export type StandIn = { environment: NodeJS.ProcessEnv; close(): Promise<void> };

const release = '1.5.33';
const installed = fileURLToPath(new URL('../../.local/ministack/bin/ministack', import.meta.url));

/**
 * Starts MiniStack, which takes `cdk bootstrap` and `cdk deploy` and runs the functions with this Node. It forgets
 * everything when it is closed.
 *
 * @throws CommandError if it is not installed, or does not start
 */
export const startStandIn = async (): Promise<StandIn> => {
  const executable = process.env.MINISTACK ?? installed;
  if (!existsSync(executable)) {
    throw new CommandError(
      'The rehearsal needs MiniStack (and Python 3.10 or newer): run "python3 -m venv .local/ministack && ' +
        `.local/ministack/bin/pip install ministack==${release}", or name its executable in MINISTACK.`,
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
