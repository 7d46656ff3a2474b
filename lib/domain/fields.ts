import * as v from 'valibot';

/**
 * The pieces that request schemas are made of. Every piece has a message of its own: valibot's default messages repeat
 * the value that was sent, and no answer of ours may. The documents are made of these pieces too: a pattern stands in them
 * as it is, so it has no flag but `u`; the message of a check becomes a sentence; metadata adds the keywords of JSON Schema
 * that valibot has no name for.
 */

/** The id of a record: 1 to 64 letters, digits, `_` and `-`, so that it can never reach outside its part of a key. */
export const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));

/** Holds for every text, so the documents say it once. */
export const wellFormed = v.check(
  (text: string) => text.isWellFormed(),
  'must be well-formed Unicode, without lone surrogates',
);
const notBlank = v.regex(/^\s*\S/u, 'must not be only white space');
const noControlCharacters = v.regex(/^\P{Cc}*$/u, 'must not contain control characters');

/** Text of `min` to `max` Unicode code points, the unit of JSON Schema's `minLength`, kept exactly as sent. */
export const text = (min: number, max: number) => {
  const length = min === 0 ? `at most ${max} characters` : `${min} to ${max} characters`;
  return v.pipe(
    v.string(`must be text of ${length}`),
    v.minCodePoints(min, `must have ${length}`),
    v.maxCodePoints(max, `must have ${length}`),
    wellFormed,
  );
};

/** A name that a person reads: text of 1 to `max` code points, not blank, on one line. */
export const label = (max: number) => v.pipe(text(1, max), notBlank, noControlCharacters);

const httpUrl = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\s\\@/?#\p{Cc}]+(?:[/?#][^\s\\\p{Cc}]*)?$/u;
const notHttpUrl = 'must be an absolute http or https URL without user name, white space or backslash';

/**
 * An absolute `http:` or `https:` URL of at most 2,048 code points, kept as sent and never fetched. The parser of the URL
 * Standard mends white space and backslashes; what it would mend is refused, and so is user information, which would
 * let a picture's address carry a password.
 */
export const HttpUrl = v.pipe(
  text(1, 2048),
  v.regex(httpUrl, notHttpUrl),
  v.check((url) => URL.canParse(url), notHttpUrl),
);

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const hostLabel = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const topLabel = '[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])';
const emailPattern = new RegExp(`^(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@(?:${hostLabel}\\.)+${topLabel}$`);

/**
 * An e-mail address of at most 254 characters: a dot-atom of at most 64, `@`, and a host name with a dot (RFC 5321 §4.1.2).
 * ASCII only, so that "without regard to letter case" has one meaning.
 */
export const EmailAddress = v.pipe(
  text(1, 254),
  v.regex(emailPattern, 'must be an e-mail address, such as jane@example.com'),
  v.metadata({ format: 'email' }),
);

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const notAField = v.never('is not a field of this request');

/** An object of the given fields and no others; each field that is not one of them is named. */
export const fields = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.custom<Record<string, unknown>>(isObject, 'must be an object'),
    v.objectWithRest(entries, notAField, 'is required'),
  );

const smallest = 1e-130;
const beyond = 1e126;

const isStorable = (number: number): boolean => {
  const magnitude = Math.abs(number);
  return magnitude === 0 || (magnitude >= smallest && magnitude < beyond);
};

/**
 * A number that DynamoDB keeps exactly: 0, or a magnitude from 1e-130 to below 1e126. Its 38 significant digits hold the 17
 * of any double; a number that JavaScript would round is found in the text, by `lib/json-flaws.ts`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export const StorableNumber = v.pipe(
  v.number('must be a number'),
  v.check(isStorable, 'must be 0 or have a magnitude from 1e-130 to below 1e126'),
  v.metadata({
    exclusiveMinimum: -beyond,
    exclusiveMaximum: beyond,
    anyOf: [{ const: 0 }, { minimum: smallest }, { maximum: -smallest }],
  }),
);

/** A list of `min` to `max` items. A list of another length is refused as a whole, its items unread. */
export const list = <Item extends v.GenericSchema>(item: Item, min: number, max: number) => {
  const length = `must be a list of ${min} to ${max} items`;
  return v.pipe(
    v.custom<unknown[]>(Array.isArray, length),
    v.minLength(min, length),
    v.maxLength(max, length),
    v.array(item),
    v.metadata({ minItems: min, maxItems: max }),
  );
};

/** In a list of objects, `key` may have each value once; every item that repeats one is named. */
export const distinctBy = <Item extends object>(key: keyof Item & string) =>
  v.rawCheck<Item[]>(({ dataset, addIssue }) => {
    const items: unknown = dataset.value;
    if (!Array.isArray(items)) return;
    const seen = new Set<unknown>();
    for (const [index, item] of items.entries()) {
      const value: unknown = item?.[key];
      if (value === undefined) continue;
      if (seen.has(value)) {
        addIssue({
          message: 'must not repeat the value of an earlier item',
          path: [
            { type: 'array', origin: 'value', input: items, key: index, value: item },
            { type: 'object', origin: 'value', input: item, key, value },
          ],
        });
      }
      seen.add(value);
    }
  });
