import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { eventOf } from '../gateway/event.ts';
import { filled } from '../gateway/routes.ts';
import type { Declaration } from '../lambda/functions.ts';

/** The event that the local gateway would create now for the declared example, sent with curl. */
export const exampleEvent = (endpoint: Declaration, authorization: string): APIGatewayProxyEventV2 => {
  const { method, path, example } = endpoint;
  const headers = {
    accept: '*/*',
    authorization,
    'content-type': 'application/json',
    host: '127.0.0.1:3000',
    'user-agent': 'curl/8.7.1',
  };
  const received = {
    method,
    target: filled(path, example.ids),
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(JSON.stringify(example.body)),
    sourceIp: '127.0.0.1',
    port: 3000,
    requestId: 'JKJaXmPLvHcESHA=',
    receivedAt: new Date(),
  };
  return eventOf(received, { route: { method, path }, parameters: { ...example.ids } });
};
