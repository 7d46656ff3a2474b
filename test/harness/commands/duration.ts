const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };

/** The seconds in a duration such as `90s`, `15m`, `1h` or `30d`; `undefined` for anything else, including zero. */
export const secondsIn = (duration: string): number | undefined => {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(duration) ?? [];
  return count === undefined ? undefined : Number(count) * seconds[unit as keyof typeof seconds];
};
