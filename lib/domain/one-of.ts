import * as v from 'valibot';

/** One of two or more given texts. The message lists them. */
export const oneOf = <const Texts extends readonly [string, string, ...string[]]>(texts: Texts) =>
  v.picklist(texts, `must be one of ${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`);
