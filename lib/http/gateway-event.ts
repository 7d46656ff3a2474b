import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** What API Gateway's HTTP API sends, payload format 2.0. */
export type GatewayEvent = APIGatewayProxyEventV2;

/** What a function returns for it. */
export type GatewayResult = APIGatewayProxyStructuredResultV2;

/** A request's header. API Gateway sends the names in lower case, and joins repeated headers with a comma. */
export const headerOf = (event: GatewayEvent, name: string): string | undefined => event.headers?.[name];
