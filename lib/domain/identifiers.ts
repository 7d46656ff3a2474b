import * as v from 'valibot';
import { Id, list, text } from './fields.ts';

/** Identifiers in requests; see `fields.ts` for what every building block needs. */

/** A list of `min` to `max` distinct ids. Every id that repeats an earlier one is reported. */
export const distinctIds = (min: number, max: number) =>
  v.pipe(
    list(Id, min, max),
    v.checkItems((id, index, ids) => ids.indexOf(id) === index, 'must not repeat an earlier item'),
    v.metadata({ uniqueItems: true }),
  );

const alphanumeric = '[A-Za-z0-9]';
/** The `langtag` of RFC 5646 §2.1 without extended language subtags and four-letter languages, which are reserved. */
const languageTag = new RegExp(
  `^(?:[A-Za-z]{2,3}|[A-Za-z]{5,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?` +
    `(?:-(?:${alphanumeric}{5,8}|[0-9]${alphanumeric}{3}))*(?:-[0-9A-WY-Za-wy-z](?:-${alphanumeric}{2,8})+)*` +
    `(?:-[Xx](?:-${alphanumeric}{1,8})+)?$`,
);
const maxTagLength = 64;
const notALanguageTag = 'must be a language tag (BCP 47), such as de-CH';

/** Reading a very long tag takes seconds, and a check is run even if the text is too long. */
const isLocale = (tag: string): boolean => {
  if (tag.length > maxTagLength) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

/**
 * A BCP 47 language tag of at most 64 characters, in any letter case, stored as sent. It must be a `langtag` of RFC 5646 and a
 * locale identifier of Unicode (UTS 35), so that every `Intl` accepts it; that one also refuses repeated variants and
 * extensions. Whether the subtags are registered is not checked.
 */
export const LanguageTag = v.pipe(
  text(2, maxTagLength),
  v.regex(languageTag, notALanguageTag),
  v.check(isLocale, notALanguageTag),
  v.metadata({
    $comment:
      `It ${notALanguageTag}: language, script, region, variants, extensions and private use, in any letter case (RFC 5646). ` +
      'Extended language subtags (`zh-yue`: send `yue`), grandfathered irregular tags, tags for private use only, repeated ' +
      'variants or extensions, and transform extensions (`-t-`) outside UTS 35 are refused. The subtags need not be registered.',
  }),
);
