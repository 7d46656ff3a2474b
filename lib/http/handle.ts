import middy from '@middy/core';
import { type GenericSchema, type InferOutput, parse } from 'valibot';
import type { Caller } from '../domain/caller.ts';
import type { Change, Changed, Records } from '../domain/records.ts';
import type { Endpoint } from '../endpoint.ts';
import { success } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { expectGatewayEvent } from './expect-gateway-event.ts';
import type { Authenticated, Authorized, GatewayEvent, GatewayResult, Observed, Read } from './gateway-event.ts';
import { type Log, observe } from './observe.ts';
import { problems } from './problems.ts';
import { readPatch } from './read-patch.ts';

/** What a function stands on when it runs. */
export type Live = {
  verify: (token: string) => Promise<Caller>;
  records: Records;
  log: Log;
};

/**
 * The Lambda handler of an endpoint: the way of a request, from the event to the answer.
 *
 * Middy's early time-out stays off: what takes long (the database, the issuer's keys) has deadlines of its own, well
 * below the function's. An event that is none of API Gateway's fails the invocation, outside of all steps.
 */
export const handle = <Ids extends GenericSchema, Body extends GenericSchema, Reply extends GenericSchema>(
  endpoint: Endpoint<string, Ids, Body, Reply>,
  update: (records: Records, change: Change<InferOutput<Ids>, InferOutput<Body>>) => Promise<Changed>,
  { verify, records, log }: Live,
) =>
  middy<
    GatewayEvent & Observed & Authenticated & Authorized<InferOutput<Ids>> & Read<InferOutput<Body>>,
    GatewayResult
  >({
    timeoutEarlyInMillis: 0,
    requestStart: ({ event }) => expectGatewayEvent(event),
  })
    .use(observe(endpoint, log))
    .use(problems(endpoint))
    .use(authenticate(verify))
    .use(authorize(endpoint.permission, endpoint.ids))
    .use(readPatch(endpoint.body))
    .handler(async (event) => {
      const { version, reply } = await update(records, event);
      return success(event, version, parse(endpoint.reply, reply));
    });
