import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexLine } from '../harness/commands/new-endpoint-files.ts';
import type { TreeCopy } from '../harness/tree-copy.ts';

const id = 'update-visit';
const folder = join(import.meta.dirname, id);

/** Puts the invented endpoint beside the real ones in a copy of the tree: its folder, its line, and what is generated. */
export const addInvented = (copy: TreeCopy): TreeCopy => {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    copy.write(`functions/${id}/${name}`, text.replaceAll("'../../../lib/", "'../../lib/"));
  }
  const index = copy.read('functions/index.ts') ?? '';
  const line = indexLine({ id, path: '', permission: '' });
  copy.write('functions/index.ts', [...index.split(/(?<=\n)/), line].toSorted().join(''));
  execFileSync(process.execPath, ['--import', './infra/require-node.mjs', 'functions/generated.ts'], {
    cwd: copy.directory,
    stdio: 'inherit',
  });
  return copy;
};
