import * as declarations from '../../functions/index.ts';
import type { Item } from '../../lib/table/changes.ts';
import type { ItemKey } from '../../lib/table/keys.ts';
import { type Declared, type Ids, keyFor } from '../declared/kind.ts';
import { type Claims, claimsOf } from './claims.ts';
import { expectDocumented } from './documented.ts';
import { itemBefore } from './item-before.ts';
import { paddingFor } from './item-size.ts';
import { type Neighbour, neighboursOf, newValues, recordsOfOtherKinds, type UniqueValues } from './neighbours.ts';
import type { Promised, Sent, Stored } from './promised.ts';
import { bodyOf, requestOf } from './requests.ts';
import type { Stage, StageResponse } from './stage.ts';

const endpoints: readonly Declared[] = Object.values(declarations);

/** One record on a stage, the records beside it, and functions to send requests and to read what is stored. */
export type Scene = {
  ids: Ids;
  /** What the default request sends for unique fields. */
  values: UniqueValues;
  neighbours: readonly Neighbour[];
  send: (sent: Sent, broken?: Promised['broken']) => Promise<StageResponse>;
  /** The record as it is stored. */
  record: () => Promise<Item>;
  everything: () => Promise<Everything>;
  ownerOf: Claims['ownerOf'];
};

/** What is stored on a stage of the records of a scene. */
type Everything = {
  record: Item | undefined;
  /** The claims on the `values` of the scene. */
  claims: readonly unknown[];
  /** The other records that are stored from the beginning, with their claims: no request changes them. */
  others: readonly unknown[];
};

/** How far a full item is below DynamoDB's limit, in bytes. */
const spare = 8;

const keyIn = ({ pk, sk }: Item): ItemKey => ({ pk: String(pk), sk: String(sk) });

/** Stores the records of a scene, runs it, and removes them. */
export const withScene = async (
  stage: Stage,
  endpoint: Declared,
  { stored = {}, isFull = false, absent = false }: Stored,
  play: (scene: Scene) => Promise<void>,
): Promise<void> => {
  const { own, other } = stage.workspaceIds();
  const ids: Ids = { ...endpoint.example.ids, workspaceId: own };
  const key = keyFor(endpoint, ids);
  const record = { ...itemBefore(endpoint), ...stored, ...key };
  const padding = isFull ? { ballast: paddingFor(record, 'ballast', spare) } : {};
  const neighbours = neighboursOf(endpoint, ids, other);
  const bystanders = [...neighbours.flatMap(({ items }) => items), ...recordsOfOtherKinds(endpoint, endpoints, own)];
  const claims = claimsOf(stage, endpoint, ids);
  const values = newValues(endpoint);
  claims.note(values);
  const ownClaims = claims.keys();
  const otherKeys = bystanders.map(keyIn);

  const send: Scene['send'] = async (sent, broken) => {
    const place = broken ? (stage.broken?.[broken] ?? stage) : stage;
    const content = bodyOf(endpoint, values, neighbours, sent);
    const response = await place.send(await requestOf(stage, endpoint, ids, { ...sent, ...content }));
    if (response.status === 200) claims.note(Object(content.body));
    expectDocumented(endpoint, response);
    return response;
  };

  await stage.put(...bystanders, ...(absent ? [] : [{ ...record, ...padding }]));
  try {
    await play({
      ...{ ids, values, neighbours, send },
      record: async () => (await stage.items([key]))[0] ?? {},
      everything: async () => {
        const [record, ...items] = await stage.items([key, ...ownClaims, ...otherKeys]);
        return { record, claims: items.slice(0, ownClaims.length), others: items.slice(ownClaims.length) };
      },
      ownerOf: claims.ownerOf,
    });
  } finally {
    await stage.remove(key, ...otherKeys, ...(await claims.held()));
  }
};
