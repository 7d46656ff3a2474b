/** Pseudo-random choices, the same for the same seed (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export const randomFrom = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** @throws Error if there is nothing to choose from */
    oneOf: <Item>(items: readonly Item[]): Item => {
      for (const item of items.slice(Math.floor(next() * items.length))) return item;
      throw new Error('Nothing to choose from.');
    },
    isLikely: (probability: number): boolean => next() < probability,
  };
};
