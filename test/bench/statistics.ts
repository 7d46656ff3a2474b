/** A median and a range around it. */
export type Spread = { low: number; median: number; high: number };

const ascending = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);

const quantile = (sorted: readonly number[], part: number): number => {
  const position = (sorted.length - 1) * part;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
};

/** The median of some values and their quartiles. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = ascending(values);
  return { low: quantile(sorted, 0.25), median: quantile(sorted, 0.5), high: quantile(sorted, 0.75) };
};

/**
 * How many of `count` sorted values to leave out at either end, for the interval between the next two to contain the median
 * with a probability of at least 95 %: the number of values below the median is binomial with p = ½, whatever the
 * distribution of the values. `undefined` below six values, of which even all say less.
 * H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition, §7.1.
 */
const leftOut = (count: number): number | undefined => {
  let below: number | undefined;
  let logarithm = -count * Math.LN2;
  let probability = 0;
  for (let index = 0; index < count; index++) {
    probability += Math.exp(logarithm);
    if (probability > 0.025) break;
    below = index;
    logarithm += Math.log((count - index) / (index + 1));
  }
  return below;
};

/** The median of independent values and a 95 % interval of it; endless with fewer than six values. */
export const medianOf = (values: readonly number[]): Spread => {
  const sorted = ascending(values);
  const skipped = leftOut(sorted.length);
  const median = quantile(sorted, 0.5);
  if (skipped === undefined) return { low: -Infinity, median, high: Infinity };
  return { low: sorted.at(skipped) ?? Number.NaN, median, high: sorted.at(-1 - skipped) ?? Number.NaN };
};

/**
 * How values compare with those that were taken beside them, one by one: what slows both down slows the ratio little. The
 * median of these ratios and its 95 % interval.
 */
export const ratioOf = (values: readonly number[], beside: readonly number[]): Spread => {
  if (values.length !== beside.length) throw new Error(`${values.length} values are not beside ${beside.length}`);
  return medianOf(values.map((value, index) => value / (beside[index] ?? Number.NaN)));
};

/** How values compare with one that was not taken beside them. */
export const ratioTo = (values: readonly number[], one: number): Spread => medianOf(values.map((value) => value / one));
