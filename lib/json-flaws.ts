/**
 * A flaw of a JSON text that `JSON.parse` accepts silently, and its path of member names and indices.
 *
 * - `duplicate`: a repeated member, of which only the last would be kept (RFC 8259 §4)
 * - `reserved`: a member called `__proto__`, `constructor` or `prototype`
 * - `inexact`: a number that a double cannot represent (RFC 8259 §6), or `-0`
 * - `deep`: a value nested more than 16 levels deep
 */
export type JsonFlaw = { kind: 'duplicate' | 'reserved' | 'inexact' | 'deep'; path: readonly (string | number)[] };

const reservedNames = new Set(['__proto__', 'constructor', 'prototype']);
const maxDepth = 16;

/** An object or list that is still open: the members read so far, or the current index. */
type Container = { names: Set<string>; at: string | undefined } | { names: undefined; at: number };

/** Separators, then a string, a bracket, or a bare word. Sticky, so that scanning stops at text that is not JSON. */
const lexeme = /[\s:,]*("[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]|[^\s:,{}[\]"]+)/gsy;

const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** The canonical form of a decimal number, which is the same for `1.50e3` and `1500`. */
const canonical = (number: string): string | undefined => {
  const parts = decimal.exec(number);
  if (!parts) return undefined;
  const [, sign, integer = '', fraction = '', exponent = '0'] = parts;
  const digits = integer + fraction;
  let first = 0;
  while (digits[first] === '0') first++;
  let end = digits.length;
  while (end > first && digits[end - 1] === '0') end--;
  if (first === end) return `${sign}0`;
  return `${sign}${digits.slice(first, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
};

const isExact = (number: string): boolean => {
  const kept = String(Number(number));
  return kept === number || canonical(kept) === canonical(number);
};

/** Whether a value contains no reserved names and is not nested too deep. */
const isTame = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === maxDepth) return false;
  if (Array.isArray(value)) return value.every((item) => isTame(item, depth + 1));
  return Object.entries(value).every(([name, member]) => !reservedNames.has(name) && isTame(member, depth + 1));
};

/**
 * The object or list in a JSON text that is exactly what `JSON.stringify` would write: nothing was lost by parsing it, so it
 * has no flaw. `undefined` for any other text. Most clients send such texts, and this takes a tenth of the time of `flawsIn`.
 */
export const plainValueIn = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    const isPlain = typeof value === 'object' && value !== null && isTame(value) && JSON.stringify(value) === text;
    return isPlain ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The flaws of a JSON text, in order of appearance. Takes time and memory in proportion to the text, ten times as much as
 * `plainValueIn`, which should be tried first. Stops at the first value that is nested too deep.
 *
 * @throws SyntaxError if a member's name is not a JSON string
 */
export const flawsIn = (text: string): JsonFlaw[] => {
  const flaws: JsonFlaw[] = [];
  const open: Container[] = [];
  const path = () => open.map(({ at }) => at ?? '');

  const startName = (container: Container & { names: Set<string> }, name: string) => {
    container.at = name;
    if (reservedNames.has(name)) flaws.push({ kind: 'reserved', path: path() });
    else if (container.names.has(name)) flaws.push({ kind: 'duplicate', path: path() });
    container.names.add(name);
  };
  const endValue = () => {
    const container = open.at(-1);
    if (container?.names) container.at = undefined;
    else if (container) container.at++;
  };

  for (const [, token = ''] of text.matchAll(lexeme)) {
    const container = open.at(-1);
    if (token === '{' || token === '[') {
      if (open.length === maxDepth) return [...flaws, { kind: 'deep', path: path() }];
      open.push(token === '{' ? { names: new Set(), at: undefined } : { names: undefined, at: 0 });
    } else if (token === '}' || token === ']') {
      open.pop();
      endValue();
    } else if (container?.names && container.at === undefined) {
      startName(container, JSON.parse(token));
    } else {
      if (/^[-\d]/.test(token) && !isExact(token)) flaws.push({ kind: 'inexact', path: path() });
      endValue();
    }
  }
  return flaws;
};
