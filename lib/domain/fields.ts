import * as v from 'valibot';
import { invisible, iriCharacters, iriPrivate, lineBreaking } from './characters.ts';

/**
 * The building blocks of request schemas. Each has its own message, because valibot's default messages repeat the value that
 * was sent, and no response may. The OpenAPI document is generated from them too: a pattern is copied verbatim, so it has no
 * flag other than `u`; the message of a check becomes a sentence; metadata adds JSON Schema keywords that valibot lacks.
 */

const notAnId = 'must be 1 to 64 letters, digits, _ and -';

/** The id of a record: 1 to 64 letters, digits, `_` and `-`, so that it can never escape its part of a key. */
export const Id = v.pipe(v.string(notAnId), v.regex(/^[A-Za-z0-9_-]{1,64}$/, notAnId));

/** Applies to every text, so the OpenAPI document states it once. */
export const wellFormed = v.check(
  (text: string) => text.isWellFormed(),
  'must be well-formed Unicode, without lone surrogates',
);

/** Text of `min` to `max` Unicode code points, the unit of JSON Schema's `minLength`, stored exactly as sent. */
export const text = (min: number, max: number) => {
  const length = min === 0 ? `at most ${max} characters` : `${min} to ${max} characters`;
  return v.pipe(
    v.string(`must be text of ${length}`),
    v.minCodePoints(min, `must have ${length}`),
    v.maxCodePoints(max, `must have ${length}`),
    wellFormed,
  );
};

const oneVisibleLine = v.regex(
  new RegExp(`^[${invisible}]*[^${invisible}${lineBreaking}][^${lineBreaking}]*$`, 'u'),
  'must contain a visible character, and no control characters or line breaks',
);

/** A name on one line: text of 1 to `max` code points, at least one of them visible. */
export const label = (max: number) => v.pipe(text(1, max), oneVisibleLine);

/** Characters of an IRI, and percent-encoded octets (RFC 3986 §2.1). */
const iriText = new RegExp(`^[${iriCharacters}]*(?:%[0-9A-Fa-f]{2}[${iriCharacters}]*)*$`, 'u');
/** Scheme, host, port, path, query and fragment (RFC 3986 §3), without user information. */
const httpIri = new RegExp(
  String.raw`^[Hh][Tt][Tt][Pp][Ss]?://(?:\[[0-9A-Fa-f:.]+\]|[^\[\]@:/?#${iriPrivate}]+)(?::[0-9]*)?` +
    String.raw`(?:/[^\[\]?#${iriPrivate}]*)?(?:\?[^\[\]#]*)?(?:#[^\[\]#${iriPrivate}]*)?$`,
  'u',
);
const notHttpUrl = 'must be an absolute http or https URL (RFC 3986 or RFC 3987) without a user name';

/**
 * An absolute `http:` or `https:` URL of at most 2,048 code points, stored as sent and never fetched. It must match the
 * grammar of a URI or IRI, because the parser of the URL Standard silently repairs what does not, and that parser must accept
 * it. User information is refused, because the URL of a picture must not contain a password.
 */
export const HttpUrl = v.pipe(
  text(1, 2048),
  v.regex(iriText, notHttpUrl),
  v.regex(httpIri, notHttpUrl),
  v.check((url) => URL.canParse(url), notHttpUrl),
  v.metadata({
    $comment:
      `It ${notHttpUrl}, and one that the parser of the URL Standard accepts. White space, control and bidirectional ` +
      'formatting characters, `"`, `<`, `>`, `\\`, `` ` ``, `{`, `}`, `|`, `^`, `[` and `]` except around an IPv6 address, and ' +
      '`%` without two hexadecimal digits are refused: percent-encode them.',
  }),
);

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const hostLabel = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const topLabel = '[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])';
const emailPattern = new RegExp(`^(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@(?:${hostLabel}\\.)+${topLabel}$`);

/**
 * An e-mail address of at most 254 characters: a dot-atom of at most 64, `@`, and a host name with a dot (RFC 5321 §4.1.2).
 * ASCII only, so that ignoring letter case is unambiguous.
 */
export const EmailAddress = v.pipe(
  text(1, 254),
  v.regex(emailPattern, 'must be an e-mail address, such as jane@example.com'),
  v.metadata({
    format: 'email',
    $comment:
      'It must be a local part, `@` and a host name, all ASCII. The local part has 1 to 64 letters, digits, dots and ' +
      "``!#$%&'*+/=?^_`{|}~-``, without leading, trailing or consecutive dots. The host name has two or more labels separated " +
      'by dots, each of 1 to 63 letters, digits and hyphens, without a leading or trailing hyphen; the last has at least 2 ' +
      'characters and starts with a letter. Quoted local parts, comments and IP addresses are refused; send an ' +
      'internationalized host name in its ASCII form (`xn--`).',
  }),
);

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const notAField = v.never('is not a field of this request');

/** An object with the given fields and no others; every unknown field is reported by name. */
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
 * A number that DynamoDB stores exactly: 0, or a magnitude from 1e-130 to below 1e126. Its 38 significant digits cover the 17
 * of any double; `lib/json-flaws.ts` finds the numbers that JavaScript would round.
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

/** A list of `min` to `max` items. A list of another length is refused without checking its items. */
export const list = <Item extends v.GenericSchema>(item: Item, min: number, max: number) => {
  const length = `must be a list of ${min} to ${max} items`;
  return v.pipe(
    v.custom<unknown[]>(Array.isArray, length),
    v.minLength(min, length),
    v.maxLength(max, length),
    v.array(item, length),
    v.metadata({ minItems: min, maxItems: max }),
  );
};

/** Requires distinct values of `key` in a list of objects; every item that repeats an earlier value is reported. */
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
