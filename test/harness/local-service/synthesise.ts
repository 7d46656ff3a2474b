import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../../infra/command-line.ts';
import { type Blueprint, blueprintOf } from './blueprint.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** CDK context keys that leave the functions' code in place and record its path in the template. */
const context = {
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:disable-stack-trace': true,
};

/** A blueprint, and its functions' code until `close`. */
export type Synthesised = Blueprint & { close(): Promise<void> };

/**
 * Synthesises the sandbox stack like `cdk synth` and reads its template. The functions' code is their source or their bundles.
 *
 * @throws CommandError with the app's error output if it fails
 */
export const synthesise = async (isBundled: boolean): Promise<Synthesised> => {
  const output = mkdtempSync(join(tmpdir(), 'patchwork-cdk-'));
  const remove = () => rmSync(output, { recursive: true, force: true });
  // An interrupt before the service is ready exits this process without calling `close`.
  process.once('exit', remove);
  const close = async () => {
    process.off('exit', remove);
    remove();
  };
  try {
    await runApp(output, isBundled ? context : { ...context, 'aws:cdk:bundling-stacks': [] });
    return { ...blueprintOf(JSON.parse(readFileSync(join(output, 'Service.template.json'), 'utf8')), moduleIn), close };
  } catch (error) {
    await close();
    throw error;
  }
};

const runApp = async (output: string, settings: object): Promise<void> => {
  const child = spawn(process.execPath, ['infra/app.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: output,
      CDK_CONTEXT_JSON: JSON.stringify(settings),
      // Tests validate the template; here that would take most of the time. The compile cache speeds up the next run.
      CDK_VALIDATION: 'false',
      NODE_COMPILE_CACHE: join(root, '.local', 'compiled'),
    },
  });
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  let errorOutput = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorOutput += text;
  });
  const [code] = await once(child, 'close');
  process.off('exit', stop);
  if (code !== 0) throw new CommandError(`The stack cannot be synthesised: ${errorOutput.trim()}`);
};

/** A function's module in its folder: the bundle if there is one, or the source. */
const moduleIn = (folder: string, name: string): string => {
  const bundle = ['mjs', 'js'].map((ending) => join(folder, `${name}.${ending}`)).find((file) => existsSync(file));
  return bundle ?? join(folder, `${name}.ts`);
};
