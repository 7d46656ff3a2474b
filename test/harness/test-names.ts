import type { Reporter } from 'vitest/node';

/** A test by its file and its whole name, which starts with the names of its groups. */
type Named = { file: string; name: string };

/** What reports still show on one line, in characters. */
const maxLength = 250;

const flawIn = (name: string): string | undefined => {
  if (name.includes('…')) return 'is cut off';
  if (/\p{Cc}/u.test(name)) return 'contains a control character';
  return name.length > maxLength ? `is longer than ${maxLength} characters` : undefined;
};

/** The names that are not whole or belong to several tests of a file, one sentence each. */
export const flawedNames = (tests: readonly Named[]): string[] => {
  const byName = Map.groupBy(tests, ({ file, name }) => `${file}: ${name}`);
  return [...byName.values()].flatMap((same) =>
    same.slice(0, 1).flatMap(({ file, name }) => {
      const flaw = same.length > 1 ? `names ${same.length} tests` : flawIn(name);
      return flaw === undefined ? [] : [`${file}: ${name.slice(0, maxLength).replaceAll(/\p{Cc}/gu, '?')} ${flaw}`];
    }),
  );
};

/** Fails a run with a test that its name does not identify, since such a failure cannot be told from another. */
export const testNames: Reporter = {
  onTestRunEnd(modules) {
    const tests = modules.flatMap(({ children, relativeModuleId: file }) =>
      [...children.allTests()].map(({ fullName: name }) => ({ file, name })),
    );
    const flaws = flawedNames(tests);
    if (flaws.length === 0) return;
    process.stderr.write(`The name of each test must be whole and its own:\n${flaws.join('\n')}\n`);
    process.exitCode = 1;
  },
};
