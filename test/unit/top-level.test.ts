import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const topLevel = [
  'LICENSE',
  'README.md',
  'biome.json',
  'cdk.json',
  'functions',
  'infra',
  'lib',
  'package-lock.json',
  'package.json',
  'test',
  'tsconfig.json',
  'vitest.config.ts',
];

test('the top level has only these files and folders, apart from dotfiles', () => {
  const root = join(import.meta.dirname, '..', '..');
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  const names = new Set(files.map((file) => file.replace(/\/.*$/s, '')).filter((name) => !/^(\..*)?$/.test(name)));
  expect([...names].toSorted()).toEqual(topLevel);
});
