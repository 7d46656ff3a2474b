import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { bundleFunction } from '../../infra/bundling/bundle-function.ts';
import { bundledPackages } from './bundled-packages.ts';
import { endpoints } from './synthesise.ts';

const file = fileURLToPath(new URL('../../infra/bundling/THIRD-PARTY.md', import.meta.url));
const packages = bundledPackages();

/** Matches the text of a licence in its file; what comes before and after varies between packages. */
const licenceTexts: Record<string, RegExp> = {
  'Apache-2.0': /^ *Apache License[\s\S]*END OF TERMS AND CONDITIONS$/m,
  MIT: /^Permission is hereby granted[\s\S]*/m,
};

const textOf = (licence: string): string => {
  const given = packages.filter((one) => one.licence === licence).map(({ licenceText = '' }) => licenceText);
  const [text] = given.flatMap((one) => licenceTexts[licence]?.exec(one)?.[0] ?? []);
  if (text === undefined) throw new Error(`No bundled package has the text of ${licence}`);
  return text.trimEnd();
};

const notices = (): string => {
  const licences = [...new Set(packages.map(({ licence }) => licence))].toSorted();
  return [
    '# Third-party notices',
    '',
    'Every package with code in the bundles of the functions; this file is deployed with each of them.',
    'Generated: `npx vitest run --project infra third-party --update` updates it.',
    '',
    '| package | version | licence | copyright |',
    '|---|---|---|---|',
    ...packages.map(
      ({ name, version, licence, copyright = '' }) => `| ${name} | ${version} | ${licence} | ${copyright} |`,
    ),
    ...licences.flatMap((licence) => ['', `## ${licence}`, '', '```text', textOf(licence), '```']),
    '',
  ].join('\n');
};

describe('The third-party notices', () => {
  test('list exactly the bundled packages, with versions, licences and copyright', async () => {
    expect(packages).not.toEqual([]);
    await expect(notices()).toMatchFileSnapshot(file);
  });

  test.each(packages)('comply with the licence of $name', (one) => {
    expect(Object.keys(licenceTexts)).toContain(one.licence);
    // No bundled package has a NOTICE file; the first one that does must be added to the notices.
    expect(one.notice).toBeUndefined();
    if (one.licence === 'MIT') expect(one.copyright).toMatch(/^Copyright \(c\) .*\w/);
    expect(textOf(one.licence).length).toBeGreaterThan(500);
  });

  describe.each(endpoints)('and the bundle of $id', ({ id }) => {
    const directory = mkdtempSync(join(tmpdir(), 'patchwork-bundle-'));
    afterAll(() => rmSync(directory, { recursive: true }));

    test('are deployed together, without anything else', () => {
      const folder = bundleFunction(id, directory);
      expect(readdirSync(folder).toSorted()).toEqual(['THIRD-PARTY.md', 'handler.mjs']);
      expect(readFileSync(join(folder, 'THIRD-PARTY.md'), 'utf8')).toBe(readFileSync(file, 'utf8'));
    });
  });
});
