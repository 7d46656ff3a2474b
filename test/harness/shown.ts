/** A character that a terminal does not show as one: controls, format characters, line separators, lone surrogates. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`;

/** Eight or more of the same in a row. */
const runs = /(.{1,16}?)\1{7,}/gsu;

const abbreviated = (text: string): string =>
  text.replaceAll(runs, (run, part: string) => `${part}×${run.length / part.length}`);

/** The first and the last of a long list, and how many are between them. */
const ends = (_: string, value: unknown): unknown =>
  Array.isArray(value) && value.length > 5 ? [value[0], `${value.length - 2} more`, value.at(-1)] : value;

/** A value as the name of a test shows it: short, on one line, and apart from similar values. */
export const shown = (value: unknown): string => {
  if (value instanceof Uint8Array) {
    const octets = Buffer.from(value).toString('latin1');
    return `octets ${octets.replaceAll(/[^ -~]/g, (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value, ends);
  return abbreviated(text.replaceAll(hidden, escaped));
};
