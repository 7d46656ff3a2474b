import type { RecordKind } from '../domain/record-kind.ts';

type Kind = Pick<RecordKind, 'name' | 'sortKey' | 'unique'>;

/** What the keys of some items look like: segments, each an upper-case word, `{id}`, or `{value}` for any text at the end. */
type Shape = { whose: string; pk: readonly string[]; sk: readonly string[] };

const word = /^[A-Z][A-Z0-9_]*$/;
const id = /^\{[A-Za-z]\w*\}$/;

/**
 * Checks that the keys of different kinds of items are different, whatever the ids and values in them are. That records stay
 * in the partition of their workspace needs no check: `keyOf` puts them there.
 *
 * @throws Error that names the kinds, and the member that is wrong
 */
export const checkKeySpace = (declared: readonly Kind[]): void => {
  const kinds = [...new Set(declared)];
  for (const { name, sortKey } of kinds) {
    const wrong = sortKey.split('#').find((segment) => !word.test(segment) && !id.test(segment));
    if (wrong === undefined) continue;
    throw new Error(
      `The sortKey of the kind "${name}" has the segment "${wrong}". Each must be an upper-case word or an id in braces.`,
    );
  }
  const shapes = kinds.flatMap(shapesOf);
  for (const [index, one] of shapes.entries()) {
    const other = shapes.slice(index + 1).find((later) => mayMeet(one.pk, later.pk) && mayMeet(one.sk, later.sk));
    if (!other) continue;
    throw new Error(`${one.whose} and ${other.whose} may have the same key. Give one of them another word.`);
  }
};

const shapesOf = ({ name, sortKey, unique }: Kind): Shape[] => [
  { whose: `The sortKey of the kind "${name}"`, pk: ['WORKSPACE', '{id}'], sk: sortKey.split('#') },
  ...Object.entries(unique).map(([attribute, { within, claim }]): Shape => {
    if (!word.test(claim)) {
      throw new Error(`The claim of the unique field "${attribute}" of the kind "${name}" must be an upper-case word.`);
    }
    const whose = `the claim of the unique field "${attribute}" of the kind "${name}"`;
    return within === 'platform'
      ? { whose, pk: [claim, '{value}'], sk: [claim] }
      : { whose, pk: ['WORKSPACE', '{id}'], sk: [claim, '{value}'] };
  }),
];

/** Whether two shapes have a text in common. An id contains no `#` and may be any word; a value may be anything. */
const mayMeet = ([one, ...ones]: readonly string[], [other, ...others]: readonly string[]): boolean => {
  if (one === undefined || other === undefined) return one === other;
  if (one === '{value}' || other === '{value}') return true;
  return (one === other || id.test(one) || id.test(other)) && mayMeet(ones, others);
};
