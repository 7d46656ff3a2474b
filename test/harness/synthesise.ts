import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../infra/command-line.ts';
import { type Blueprint, blueprintOf } from './blueprint.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the CDK's app is told beside its settings: to leave the code where it is, and to say where that is. */
const context = {
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:disable-stack-trace': true,
};

/** What a template says, and the code it speaks of for as long as it is needed. */
export type Synthesised = Blueprint & { close(): Promise<void> };

/**
 * Synthesises the stack of a sandbox, as `cdk` does, and reads from its template what is to run. The functions' code is
 * their source, or their bundle.
 *
 * @throws CommandError if the app fails, with what it said
 */
export const synthesise = async (isBundled: boolean): Promise<Synthesised> => {
  const output = mkdtempSync(join(tmpdir(), 'patchwork-cdk-'));
  const remove = () => rmSync(output, { recursive: true, force: true });
  // An interrupt before the service is ready ends this process without closing anything.
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
      // Tests validate the template; here that would take most of the time. What Node compiled is kept for the next run.
      CDK_VALIDATION: 'false',
      NODE_COMPILE_CACHE: join(root, '.local', 'compiled'),
    },
  });
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  process.off('exit', stop);
  if (code !== 0) throw new CommandError(`The stack cannot be synthesised: ${said.trim()}`);
};

/** The module of a function in its folder: a bundle, or else its source. */
const moduleIn = (folder: string, name: string): string => {
  const bundle = ['mjs', 'js'].map((ending) => join(folder, `${name}.${ending}`)).find((file) => existsSync(file));
  return bundle ?? join(folder, `${name}.ts`);
};
