/** Values that no declaration shows, picked by hand for some endpoints. One that is not in here is tested all the same. */
type Examples = {
  /** Top-level fields that hold one visible line of text. */
  lines: readonly string[];
};

export const examples: Readonly<Record<string, Examples>> = {
  'update-client': { lines: ['name'] },
  'update-workspace': { lines: ['name', 'slogan'] },
};

export const linesOf = ({ id }: { id: string }): readonly string[] => examples[id]?.lines ?? [];
