import { type GenericSchema, parse } from 'valibot';
import type { Caller } from '../domain/caller.ts';
import { type RecordIds, replyOf } from '../domain/record-kind.ts';
import type { Patch, Records } from '../domain/records.ts';
import type { Endpoint } from '../endpoint.ts';
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { type Log, observe } from './observe.ts';
import { problems } from './problems.ts';
import { readPatch } from './read-patch.ts';
import { requestPath } from './request-path.ts';
import { success } from './response.ts';

/** What a function needs at run time. */
export type Dependencies = {
  verify: (token: string) => Promise<Caller>;
  records: Records;
  log: Log;
};

/** The Lambda handler of an endpoint: the path of a request, from the event to the response. */
export const endpointHandler = <
  Ids extends GenericSchema<unknown, RecordIds>,
  Body extends GenericSchema<unknown, Patch>,
  Reply extends GenericSchema,
>(
  endpoint: Endpoint<string, Ids, Body, Reply>,
  { verify, records, log }: Dependencies,
) =>
  requestPath(observe(endpoint, log), problems(endpoint))
    .step(authenticate(verify))
    .step(authorize(endpoint.permission, endpoint.ids))
    .step(readPatch(endpoint.body))
    .respond(async ({ event, internal: { ids, patch, expected } }) => {
      const { kind, reply } = endpoint;
      const { version, fields } = await records.update({ kind, ids, patch, expected });
      return success(event, version, parse(reply, replyOf(kind, ids, fields)));
    });
