import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as endpoints from '../../functions/index.ts';

const root = normalize(join(import.meta.dirname, '..', '..'));
const sources = globSync('{functions,lib,infra}/**/*.ts', { cwd: root });

/** What a file imports: other files by their path from the root, packages by their name. */
const importsOf = (file: string): string[] => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
  );
};

type Rule = { files: RegExp; mayImport?: RegExp; neverImports?: RegExp };

const rules: Record<string, Rule> = {
  'a domain file of an endpoint imports only valibot and lib/domain': {
    files: /^functions\/[^/]+\/(?!endpoint|handler)[^/]+\.ts$/,
    mayImport: /^(valibot|lib\/domain\/.+)$/,
  },
  'a declaration imports only valibot, domain files and lib/endpoint.ts': {
    files: /^functions\/[^/]+\/endpoint\.ts$/,
    mayImport: /^(valibot|lib\/endpoint\.ts|functions\/[^/]+\/(?!handler)[^/]+\.ts)$/,
  },
  'the index imports only declarations': {
    files: /^functions\/index\.ts$/,
    mayImport: /^functions\/[^/]+\/endpoint\.ts$/,
  },
  'the domain imports only valibot and itself': { files: /^lib\/domain\//, mayImport: /^(valibot|lib\/domain\/.+)$/ },
  'nothing that runs on Lambda imports lib/openapi': {
    files: /^(functions\/[^/]+\/|lib\/(?!openapi\/))/,
    neverImports: /^(lib\/openapi\/|@valibot\/to-json-schema)/,
  },
  'lib never imports functions, infra or tests': { files: /^lib\//, neverImports: /^(functions|infra|test)\// },
  'functions never import infra or tests': { files: /^functions\//, neverImports: /^(infra|test)\// },
  'infra never imports tests': { files: /^infra\//, neverImports: /^test\// },
  'lib/http and lib/table never import lib/live.ts': {
    files: /^lib\/(http|table)\//,
    neverImports: /^lib\/live\.ts$/,
  },
  'lib/http imports no table, tokens or AWS SDK': {
    files: /^lib\/http\//,
    neverImports: /^(lib\/(table|auth)\/|@aws-sdk\/|jose)/,
  },
  'lib/table imports no HTTP and no tokens': {
    files: /^lib\/table\//,
    neverImports: /^(lib\/(http|auth)\/|@middy\/|jose|aws-lambda)/,
  },
  'lib/auth imports no HTTP and no table': {
    files: /^lib\/auth\//,
    neverImports: /^(lib\/(http|table)\/|@middy\/|@aws-sdk\/)/,
  },
  'infra imports declarations, never handlers': { files: /^infra\//, neverImports: /handler\.ts$|^lib\/live\.ts$/ },
};

describe('the dependency rules', () => {
  test.each(Object.entries(rules))('%s', (_, { files, mayImport, neverImports }) => {
    for (const file of sources.filter((source) => files.test(source))) {
      for (const imported of importsOf(file)) {
        if (mayImport) expect(imported, file).toMatch(mayImport);
        if (neverImports) expect(imported, file).not.toMatch(neverImports);
      }
    }
  });

  test('cdk.json refers to no tests', () => {
    expect(readFileSync(join(root, 'cdk.json'), 'utf8')).not.toMatch(/\btest\//);
  });

  test('only lib/live.ts reads the environment of the process', () => {
    const readers = sources
      .filter((file) => /^(functions|lib)\//.test(file))
      .filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers).toEqual(['lib/live.ts']);
  });
});

describe('an endpoint', () => {
  test.each(Object.entries(endpoints))('%s is named after its folder, which has its handler', (name, { id }) => {
    expect(name).toBe(`${id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Endpoint`);
    expect(sources).toEqual(expect.arrayContaining([`functions/${id}/endpoint.ts`, `functions/${id}/handler.ts`]));
  });

  test('is exported from the index', () => {
    const folders = sources.filter((file) => file.endsWith('/endpoint.ts') && file.startsWith('functions/'));
    expect(
      Object.values(endpoints)
        .map(({ id }) => `functions/${id}/endpoint.ts`)
        .toSorted(),
    ).toEqual(folders.toSorted());
  });
});
