import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as endpoints from '../../functions/index.ts';

const root = normalize(join(import.meta.dirname, '..', '..'));
const sources = globSync('{functions,lib,infra}/**/*.ts', { cwd: root });

/** What a file imports: other files of the house by their path from the root, packages by their name. */
const importsOf = (file: string): string[] => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
  );
};

type Arrow = { files: RegExp; mayImport?: RegExp; neverImports?: RegExp };

const arrows: Record<string, Arrow> = {
  'a domain file of an endpoint knows valibot and lib/domain only': {
    files: /^functions\/[^/]+\/(?!endpoint|handler)[^/]+\.ts$/,
    mayImport: /^(valibot|lib\/domain\/.+)$/,
  },
  'a declaration knows its sibling and lib/endpoint.ts': {
    files: /^functions\/[^/]+\/endpoint\.ts$/,
    mayImport: /^(valibot|lib\/endpoint\.ts|functions\/[^/]+\/(?!handler)[^/]+\.ts)$/,
  },
  'the index knows declarations only': {
    files: /^functions\/index\.ts$/,
    mayImport: /^functions\/[^/]+\/endpoint\.ts$/,
  },
  'the domain knows valibot and itself': { files: /^lib\/domain\//, mayImport: /^(valibot|lib\/domain\/.+)$/ },
  'nothing that runs on Lambda knows the documents': {
    files: /^(functions\/[^/]+\/|lib\/(?!openapi\/))/,
    neverImports: /^(lib\/openapi\/|@valibot\/to-json-schema)/,
  },
  'lib never imports functions': { files: /^lib\//, neverImports: /^(functions|infra|test)\// },
  'lib/http and lib/table never import each other': {
    files: /^lib\/(http|table)\//,
    neverImports: /^lib\/dependencies\.ts$/,
  },
  'lib/http knows no table, no tokens and no AWS SDK': {
    files: /^lib\/http\//,
    neverImports: /^(lib\/(table|auth)\/|@aws-sdk\/|jose)/,
  },
  'lib/table knows no HTTP and no tokens': {
    files: /^lib\/table\//,
    neverImports: /^(lib\/(http|auth)\/|@middy\/|jose|aws-lambda)/,
  },
  'lib/auth knows no HTTP answers and no table': {
    files: /^lib\/auth\//,
    neverImports: /^(lib\/(http|table)\/|@middy\/|@aws-sdk\/)/,
  },
  'infra imports declarations, never handlers': {
    files: /^infra\//,
    neverImports: /handler\.ts$|^lib\/dependencies\.ts$/,
  },
};

describe('the arrows of the house', () => {
  test.each(Object.entries(arrows))('%s', (_, { files, mayImport, neverImports }) => {
    for (const file of sources.filter((source) => files.test(source))) {
      for (const imported of importsOf(file)) {
        if (mayImport) expect(imported, file).toMatch(mayImport);
        if (neverImports) expect(imported, file).not.toMatch(neverImports);
      }
    }
  });

  test('nothing but lib/dependencies.ts reads the environment of the process', () => {
    const readers = sources
      .filter((file) => /^(functions|lib)\//.test(file))
      .filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers).toEqual(['lib/dependencies.ts']);
  });
});

describe('an endpoint', () => {
  test.each(Object.entries(endpoints))('%s is named after its folder, which has its handler', (name, { id }) => {
    expect(name).toBe(`${id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Endpoint`);
    expect(sources).toEqual(expect.arrayContaining([`functions/${id}/endpoint.ts`, `functions/${id}/handler.ts`]));
  });

  test('is exported from the index, every one', () => {
    const folders = sources.filter((file) => file.endsWith('/endpoint.ts') && file.startsWith('functions/'));
    expect(
      Object.values(endpoints)
        .map(({ id }) => `functions/${id}/endpoint.ts`)
        .toSorted(),
    ).toEqual(folders.toSorted());
  });
});
