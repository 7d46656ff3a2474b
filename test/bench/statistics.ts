/** A median with the quartiles around it. */
export type Spread = { low: number; median: number; high: number };

const quantile = (sorted: readonly number[], part: number): number => {
  const position = (sorted.length - 1) * part;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
};

/** The median of some values and their quartiles. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((one, other) => one - other);
  return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
};

/** How values compare with those that were taken beside them, one by one: what slows both down slows the ratio little. */
export const ratioOf = (values: readonly number[], beside: readonly number[]): Spread => {
  if (values.length !== beside.length) throw new Error(`${values.length} values are not beside ${beside.length}`);
  return spreadOf(values.map((value, index) => value / (beside[index] ?? Number.NaN)));
};

/** How values compare with one that was not taken beside them. */
export const ratioTo = (values: readonly number[], one: number): Spread => spreadOf(values.map((value) => value / one));
