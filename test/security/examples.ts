/** Builds a body of 256 KiB: `unit` as often as it fits between `before` and `after`. */
type Filled = (before: string, unit: string, after: string) => () => string;

/** Values that no declaration shows, picked by hand for some endpoints. One that is not in here is tested all the same. */
type Examples = {
  /** Top-level fields that hold one visible line of text. */
  lines: readonly string[];
  /** Bodies of 256 KiB that are all wrong. */
  heavy: (filled: Filled) => Record<string, () => string>;
};

const chinese = (length: number): string =>
  Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + (index % 20_000))).join('');

const customFields = (value: string): string =>
  `{"customFields":[${Array.from({ length: 100 }, (_, index) => `{"fieldKey":"k${index}","value":${value}}`).join()}]}`;

export const examples: Readonly<Record<string, Examples>> = {
  'update-client': {
    lines: ['name'],
    heavy: (filled) => ({
      'a URL of one long host': filled('{"avatarUrl":"https://', 'a', '"}'),
      'a URL of many labels': filled('{"avatarUrl":"https://', 'xn--a.', '"}'),
      'a URL of Chinese characters': () => `{"avatarUrl":"https://${chinese(80_000)}"}`,
      'a list of lists for a value': () => customFields(`[${'1,'.repeat(1000)}1]`),
      'as many wrong texts as a list may hold': () => customFields(`[${'1,'.repeat(99)}1]`),
    }),
  },
  'update-workspace': {
    lines: ['name', 'slogan'],
    heavy: (filled) => ({
      'an e-mail address of dots': filled('{"email":"', 'a.', '@"}'),
      'an e-mail address of labels': filled('{"email":"a@', 'a.', '1"}'),
      'an e-mail address of hyphens': filled('{"email":"a@a', '-', '"}'),
    }),
  },
};

export const linesOf = ({ id }: { id: string }): readonly string[] => examples[id]?.lines ?? [];
