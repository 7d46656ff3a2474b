import { merged } from '../declared/bodies.ts';
import { fieldsOf } from '../declared/fields.ts';
import type { Declared, Ids } from '../declared/kind.ts';
import { pathOf } from '../declared/records.ts';
import { changesOf } from './item-before.ts';
import { isRival, type Neighbour, type UniqueValues, uniqueFields } from './neighbours.ts';
import type { Sent } from './promised.ts';
import type { Stage, StageRequest } from './stage.ts';

/** The example of the declaration, with other values for unique fields. */
export const exampleWith = (endpoint: Declared, values: UniqueValues): object => {
  const sent = new Set(changesOf(endpoint.example.body).map(({ attribute }) => attribute));
  const unique = fieldsOf(endpoint).filter(({ attribute }) => attribute in values && sent.has(attribute));
  return merged([endpoint.example.body, ...unique.map(({ attribute, body }) => body(values[attribute]))]);
};

/** A body with the value of a unique field that a neighbour has, and that the record therefore cannot have. */
const takenBody = (endpoint: Declared, neighbours: readonly Neighbour[], attribute: string): object => {
  const one = uniqueFields(endpoint).find(({ field }) => field.attribute === attribute);
  const rival = neighbours.find(({ place }) => one && isRival(one.unique, place));
  if (!one || !rival) throw new Error(`No record of ${endpoint.id} can have the same ${attribute}.`);
  return one.field.body(rival.values[attribute]);
};

/** What a request sends as its body: a JSON value, or the octets themselves. */
export const bodyOf = (
  endpoint: Declared,
  values: UniqueValues,
  neighbours: readonly Neighbour[],
  sent: Sent,
): Pick<Sent, 'body' | 'bytes'> => {
  if (sent.bytes !== undefined) return { bytes: sent.bytes };
  if ('body' in sent) return { body: sent.body };
  return {
    body: sent.taken === undefined ? exampleWith(endpoint, values) : takenBody(endpoint, neighbours, sent.taken),
  };
};

/** The request for a record, by the owner of its workspace unless it says otherwise. */
export const requestOf = async (
  stage: Pick<Stage, 'token'>,
  endpoint: Declared,
  ids: Ids,
  { caller = 'owner', headers = {}, repeated = [], body, bytes = JSON.stringify(body), ...sent }: Sent,
): Promise<StageRequest> => {
  const inPath = { ...ids, ...sent.ids };
  const workspaceId = decodeURIComponent(inPath.workspaceId ?? '');
  const all = {
    ...(caller !== 'nobody' && { authorization: `Bearer ${await stage.token(caller, workspaceId)}` }),
    'content-type': 'application/json',
    ...headers,
  };
  const single = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    method: endpoint.method,
    path: pathOf(endpoint, inPath),
    headers: [...single, ...repeated],
    body: Buffer.from(bytes),
  };
};
