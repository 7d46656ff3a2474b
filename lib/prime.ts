import { type GenericSchema, parse } from 'valibot';
import type { Endpoint } from './endpoint.ts';
import type { Dependencies, Update } from './http/endpoint-handler.ts';

/** Whether to prime, and a token that is refused for its signature alone. */
export type Priming = { isOn: boolean; refusedToken: string };

/** How long a function's start may be held up, in milliseconds; well below the ten seconds that Lambda gives it. */
const patience = 2_000;

/**
 * Does at a function's start what its first request would otherwise wait for: has the issuer's keys fetched, the connection
 * to the table opened, and the code of both ways run once. Nothing is written: an update for which no version at all is
 * accepted has a condition that no record can meet. It costs one call to the issuer, and a write unit at the table.
 *
 * Never fails and never takes long: whatever is wrong then, the first request meets it in its own time, and says so.
 */
export const prime = async <Ids extends GenericSchema, Body extends GenericSchema, Reply extends GenericSchema>(
  { ids, body, example }: Pick<Endpoint<string, Ids, Body, Reply>, 'ids' | 'body' | 'reply' | 'example'>,
  update: Update<Ids, Body, Reply>,
  { verify, records }: Pick<Dependencies, 'verify' | 'records'>,
  { isOn, refusedToken }: Priming,
): Promise<void> => {
  if (!isOn) return;
  const dryUpdate = async () =>
    update(records, { ids: parse(ids, example.ids), patch: parse(body, example.body), expected: [] });
  const tried = Promise.allSettled([verify(refusedToken), dryUpdate()]);
  await Promise.race([tried, new Promise((resolve) => setTimeout(resolve, patience).unref())]);
};
