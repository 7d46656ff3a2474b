import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Caller } from '../domain/caller.ts';
import type { ExpectedVersions } from '../domain/records.ts';

/** What API Gateway's HTTP API sends, payload format 2.0. */
export type GatewayEvent = APIGatewayProxyEventV2;

/** What a function answers to it. */
export type GatewayResult = APIGatewayProxyStructuredResultV2;

/** What the steps of the chain put on the event, in their order; `startedAt` is in milliseconds of `performance.now`. */
export type Observed = { startedAt: number };
export type Authenticated = { caller: Caller };
export type Authorized<Ids> = { ids: Ids };
export type Read<Patch> = { patch: Patch; expected: ExpectedVersions };

/** A request's header. API Gateway gives the names in lower case, and joins those that were repeated with a comma. */
export const headerOf = (event: GatewayEvent, name: string): string | undefined => event.headers?.[name];
