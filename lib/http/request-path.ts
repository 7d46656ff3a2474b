import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { expectGatewayEvent } from './expect-gateway-event.ts';
import type { GatewayEvent, GatewayResult } from './gateway-event.ts';

/** What the steps of a request have added so far, in middy's `request.internal`; private to one request. */
type State = Record<string, unknown>;

type Request<Has extends State> = middy.Request<GatewayEvent, GatewayResult, Error, Context, Has>;

/** A middleware of middy, which may read and write `Has` in `request.internal`. */
export type Middleware<Has extends State> = middy.MiddlewareObj<GatewayEvent, GatewayResult, Error, Context, Has>;

/** A step of a request: what it needs from the steps before it, and what it adds for those after it. */
export type Step<Needs extends State, Adds extends State> = (request: Request<Needs>) => Adds | Promise<Adds>;

/** Steps in their order. It takes a step only if the steps before it have added what that one needs. */
export type RequestPath<Has extends State> = {
  step: <Adds extends State>(step: Step<Has, Adds>) => RequestPath<Has & Adds>;
  /** Ends the path: the handler of a Lambda function. */
  respond: (
    response: (request: Request<Has>) => Promise<GatewayResult>,
  ) => (event: GatewayEvent, context: Context) => Promise<GatewayResult>;
};

/**
 * The request path of a function, in middy's middleware: those that observe every request first, then a step at a time.
 *
 * Middy's early timeout stays off: what can take long (the database, the issuer's keys) has deadlines of its own, well below
 * the function's. An event that is not one of API Gateway's fails the invocation before any middleware runs.
 */
export const requestPath = <Observed extends State>(
  ...observers: Middleware<Observed>[]
): RequestPath<Record<never, never>> => {
  const handler = middy<GatewayEvent, GatewayResult>({
    timeoutEarlyInMillis: 0,
    requestStart: ({ event }) => expectGatewayEvent(event),
  });
  handler.use(observers);

  /** Middy takes any middleware in any order, so the order is kept by the types of the path. */
  const path = <Has extends State>(): RequestPath<Has> => ({
    step: <Adds extends State>(step: Step<Has, Adds>) => {
      handler.use(middlewareOf(step));
      return path<Has & Adds>();
    },
    respond: (response) => handler.use(respondWith(response)),
  });
  return path();
};

const middlewareOf = <Has extends State, Adds extends State>(step: Step<Has, Adds>): Middleware<Has & Adds> => ({
  before: (request) => {
    const added = step(request);
    if (added instanceof Promise) return added.then((later) => void Object.assign(request.internal, later));
    Object.assign(request.internal, added);
  },
});

/** After middy's own handler, which does nothing here, because that one is not given `request.internal`. */
const respondWith = <Has extends State>(
  response: (request: Request<Has>) => Promise<GatewayResult>,
): Middleware<Has> => ({
  after: async (request) => {
    request.response = await response(request);
  },
});
