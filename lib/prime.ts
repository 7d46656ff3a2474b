import { type GenericSchema, parse } from 'valibot';
import type { RecordIds } from './domain/record-kind.ts';
import type { Patch } from './domain/records.ts';
import type { Endpoint } from './endpoint.ts';
import type { Dependencies } from './http/endpoint-handler.ts';

/** Whether to prime, and how to prime the verification of tokens. */
export type Priming = { isOn: boolean; primeVerifier: () => Promise<void> };

/** Time limit of priming, in milliseconds; well below the ten seconds that Lambda allows for initialization. */
const timeout = 2_000;

/**
 * Fetches the issuer's keys, opens the connection to the table and runs the code of both once during initialization.
 * Nothing is written: an update that accepts no version at all has a condition that no record can meet. It costs one call
 * to the issuer, and a write unit at the table.
 *
 * Never fails, and ends after two seconds: whatever is wrong by then is for the first request to find out and report.
 */
export const prime = async <
  Ids extends GenericSchema<unknown, RecordIds>,
  Body extends GenericSchema<unknown, Patch>,
  Reply extends GenericSchema,
>(
  { kind, ids, body, example }: Pick<Endpoint<string, Ids, Body, Reply>, 'kind' | 'ids' | 'body' | 'example'>,
  { records }: Pick<Dependencies, 'records'>,
  { isOn, primeVerifier }: Priming,
): Promise<void> => {
  if (!isOn) return;
  const dryUpdate = async () =>
    records.update({ kind, ids: parse(ids, example.ids), patch: parse(body, example.body), expected: [] });
  const tried = Promise.allSettled([primeVerifier(), dryUpdate()]);
  await Promise.race([tried, new Promise((resolve) => setTimeout(resolve, timeout).unref())]);
};
