import fc from 'fast-check';
import { is } from 'valibot';
import type { UniqueField } from '../../lib/domain/record-kind.ts';
import { type Field, fieldsOf } from './fields.ts';
import type { Declared } from './kind.ts';

/** A field that no two records may share, and how it is claimed. */
export type Unique = { field: Field; claim: UniqueField };

/** The unique fields of an endpoint's body. */
export const uniqueFieldsOf = (endpoint: Declared): Unique[] =>
  fieldsOf(endpoint).flatMap((field) => {
    const claim = endpoint.kind.unique[field.attribute];
    return claim ? [{ field, claim }] : [];
  });

/**
 * Valid values of a unique field, always the same ones, which differ in more than letter case.
 *
 * @throws Error if the field has fewer
 */
export const uniqueValues = ({ field }: Unique, count: number): string[] => {
  const known = Array.from({ length: count }, (_, number) => field.numbered?.(number) ?? field.example);
  const values = new Map<string, string>();
  for (const value of [...known, ...fc.sample(field.valid, { numRuns: 50 * count, seed: 1 })]) {
    const key = String(value).toLowerCase();
    if (typeof value === 'string' && !values.has(key)) values.set(key, value);
  }
  if (values.size < count) throw new Error(`${field.pointer} has fewer than ${count} known values.`);
  return [...values.values()].slice(0, count);
};

/** The same value in all spellings that the claim takes for one, as far as the field allows them. */
export const spellingsOf = (endpoint: Declared, { field, claim }: Unique, value: string): string[] => {
  const spellings = [value, value.toUpperCase(), value.toLowerCase(), value.slice(0, 1).toUpperCase() + value.slice(1)];
  const same = claim.ignoresCase ? spellings : [value];
  return [...new Set(same)].filter((spelling) => is(endpoint.body, field.body(spelling)));
};
