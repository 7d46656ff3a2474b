import { type GenericSchema, type InferInput, type InferOutput, parse } from 'valibot';
import type { Caller } from '../domain/caller.ts';
import type { Change, Records, Updated } from '../domain/records.ts';
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

/** What an endpoint does: the update in its domain, which knows nothing of HTTP. */
export type Update<Ids extends GenericSchema, Body extends GenericSchema, Reply extends GenericSchema> = (
  records: Records,
  change: Change<InferOutput<Ids>, InferOutput<Body>>,
) => Promise<Updated<InferInput<Reply>>>;

/** The Lambda handler of an endpoint: the path of a request, from the event to the response. */
export const endpointHandler = <Ids extends GenericSchema, Body extends GenericSchema, Reply extends GenericSchema>(
  endpoint: Endpoint<string, Ids, Body, Reply>,
  update: Update<Ids, Body, Reply>,
  { verify, records, log }: Dependencies,
) =>
  requestPath(observe(endpoint, log), problems(endpoint))
    .step(authenticate(verify))
    .step(authorize(endpoint.permission, endpoint.ids))
    .step(readPatch(endpoint.body))
    .respond(async ({ event, internal: { ids, patch, expected } }) => {
      const { version, reply } = await update(records, { ids, patch, expected });
      return success(event, version, parse(endpoint.reply, reply));
    });
