import type { RecordIds } from '../../lib/domain/record-kind.ts';
import type { Endpoint } from '../../lib/endpoint.ts';
import { type ItemKey, keyOf } from '../../lib/table/keys.ts';

/** A declaration, as far as tests derive values from it. */
export type Declared = Omit<Endpoint, 'example'> & {
  example: { ids: Record<string, string>; stored: object; body: object; mistakes: object; reply: object };
};

export type Ids = RecordIds;

/** The attributes whose values no two records may share. */
export const uniqueOf = ({ kind }: Pick<Declared, 'kind'>): readonly string[] => Object.keys(kind.unique);

/** The key of the record with the given ids. */
export const keyFor = ({ kind }: Pick<Declared, 'kind'>, ids: Ids): ItemKey => keyOf(kind, ids);
