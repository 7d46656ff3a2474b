import { isDeepStrictEqual } from 'node:util';
import type { RecordIds } from '../../lib/domain/record-kind.ts';
import { claimKeyOf, type ItemKey } from '../../lib/table/keys.ts';
import type { Declared } from '../declared/kind.ts';
import { changesOf } from './item-before.ts';
import type { Stage } from './stage.ts';

/** The claims on unique values that requests for a record have sent. */
export type Claims = {
  /** Remembers the unique values in a body. */
  note: (body: object) => void;
  keys: () => ItemKey[];
  /** The ids of the record that has claimed a value; `undefined` if none has. */
  ownerOf: (attribute: string, value: string) => Promise<object | undefined>;
  /** The keys of the claims that the record has. Other records may have some of the others. */
  held: () => Promise<ItemKey[]>;
};

export const claimsOf = (stage: Pick<Stage, 'items'>, { kind }: Pick<Declared, 'kind'>, ids: RecordIds): Claims => {
  const noted = new Map<string, ItemKey>();
  const keyOf = (attribute: string, value: unknown): ItemKey[] => {
    const unique = kind.unique[attribute];
    return unique && typeof value === 'string' ? [claimKeyOf(unique, ids, value)] : [];
  };
  const ownersAt = async (keys: readonly ItemKey[]) =>
    (keys.length === 0 ? [] : await stage.items(keys)).map((item) => {
      if (!item) return undefined;
      const { pk: _, sk: __, ...owner } = item;
      return owner;
    });
  const keys = () => [...noted.values()];
  return {
    keys,
    note: (body) => {
      for (const { attribute, value } of changesOf(body)) {
        for (const key of keyOf(attribute, value)) noted.set(JSON.stringify(key), key);
      }
    },
    ownerOf: async (attribute, value) => (await ownersAt(keyOf(attribute, value)))[0],
    held: async () => {
      const owners = await ownersAt(keys());
      return keys().filter((_, index) => isDeepStrictEqual(owners[index], ids));
    },
  };
};
