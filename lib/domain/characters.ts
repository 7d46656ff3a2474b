/**
 * Character classes for patterns with the `u` flag, without their brackets. Code points instead of Unicode properties,
 * because the patterns are also published in the OpenAPI document, and few other languages support `\p{…}`.
 */

/** Control characters, and line and paragraph separators. */
export const lineBreaking = String.raw`\u0000-\u001f\u007f-\u009f\u2028\u2029`;

/**
 * Characters without a visible glyph: white space other than the above, default-ignorable code points (Unicode 17, UAX #44),
 * annotation anchors, and two blanks that Unicode classifies as symbols (U+2800 in Braille, U+1D159 in music).
 */
export const invisible = [
  String.raw`\u0020\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f`,
  String.raw`\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb`,
  String.raw`\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}`,
].join('');

const supplementaryPlanes = Array.from({ length: 13 }, (_, index) => (index + 1).toString(16))
  .map((plane) => String.raw`\u{${plane}0000}-\u{${plane}fffd}`)
  .join('');

/** `iprivate` of RFC 3987 §2.2, which is allowed in queries only. */
export const iriPrivate = String.raw`\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}`;

/**
 * What an IRI may contain unencoded: `unreserved` and `reserved` of RFC 3986 §2.2 and §2.3, `iprivate`, and `ucschar` of RFC 3987
 * §2.2 without white space and without the bidirectional formatting characters that §4.1 forbids.
 */
export const iriCharacters = [
  String.raw`A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=`,
  String.raw`\u00a1-\u167f\u1681-\u1fff\u200b-\u200d\u2010-\u2027\u2030-\u205e\u2060-\u2fff\u3001-\ud7ff`,
  String.raw`\uf900-\ufdcf\ufdf0-\ufefe\uff00-\uffef`,
  supplementaryPlanes,
  String.raw`\u{e1000}-\u{efffd}`,
  iriPrivate,
].join('');
