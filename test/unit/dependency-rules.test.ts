import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as declarations from '../../functions/index.ts';
import { type Rule, rules } from './dependency-rules.ts';

const root = normalize(join(import.meta.dirname, '..', '..'));
const sources = globSync('{functions,lib,infra}/**/*.ts', { cwd: root });
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What a file imports: other files of this repository by their path from the root, packages by their name. */
const importsIn = (file: string, text: string): string[] =>
  [...text.matchAll(/\b(?:from\s*['"]|import\s*['"]|import\s*\(\s*['"`])([^'"`]+)/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
  );

/** The imports of a file that a rule refuses. */
const refused = ({ mayImport, ownFolder }: Rule, file: string, text: string): string[] =>
  importsIn(file, text).filter((imported) => {
    if (mayImport.some((pattern) => pattern.test(imported))) return false;
    return dirname(imported) !== dirname(file) || !ownFolder?.test(basename(imported));
  });

const readsEnvironment = (text: string): boolean =>
  /\bprocess\W+env\b|\benv\b[^=;]*=\s*process\b|['"`](node:)?process['"`]/.test(text);

describe.each(Object.entries(rules))('%s:', (_, rule) => {
  const files = sources.filter((source) => rule.files.test(source));

  test('so it is in every file', () => {
    const found = files.flatMap((file) => refused(rule, file, textOf(file)).map((imported) => `${file}: ${imported}`));
    expect(found).toEqual([]);
  });

  test.each(rule.planted)('$imports would be refused in $file', ({ file, imports }) => {
    expect(files).toContain(file);
    for (const statement of [
      `import { a } from '${imports}';`,
      `import '${imports}';`,
      `await import("${imports}");`,
    ]) {
      expect(refused(rule, file, `${statement}\n${textOf(file)}`)).toHaveLength(1);
    }
  });
});

describe('the environment of the process', () => {
  test('is read by lib/dependencies.ts and nothing else', () => {
    expect(sources.filter((file) => readsEnvironment(textOf(file)))).toEqual(['lib/dependencies.ts']);
  });

  test.each(['process.env.A', "process['env']", 'const { env } = process;', "import { env } from 'node:process';"])(
    'would be found in %s',
    (text) => {
      expect(readsEnvironment(text)).toBe(true);
    },
  );
});

test('what the CDK runs needs no tests', () => {
  expect(textOf('cdk.json')).not.toMatch(/\btest\//);
});

describe('an endpoint', () => {
  test.each(Object.entries(declarations))('%s is named after its folder, which has its handler', (name, endpoint) => {
    expect(name).toBe(endpoint.id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
    const folder = `functions/${endpoint.id}`;
    expect(sources).toEqual(expect.arrayContaining([`${folder}/endpoint.ts`, `${folder}/handler.ts`]));
  });

  test('is exported from the index, every one', () => {
    const folders = sources.filter((file) => file.endsWith('/endpoint.ts') && file.startsWith('functions/'));
    expect(
      Object.values(declarations)
        .map(({ id }) => `functions/${id}/endpoint.ts`)
        .toSorted(),
    ).toEqual(folders.toSorted());
  });
});
