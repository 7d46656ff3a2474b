import * as declarations from '../../functions/index.ts';
import { Problem } from '../../lib/domain/problem.ts';
import { failure } from '../../lib/http/response.ts';
import { httpSend } from '../contract/http-send.ts';
import type { Declared } from '../declared/kind.ts';
import { pathOf } from '../declared/records.ts';
import { eventOf } from '../harness/gateway/event.ts';

/**
 * How a gateway changes response headers, such as `drops etag`. Sends a request without a token to every endpoint, to which
 * every stage responds alike, and compares the headers with those that the code produces.
 *
 * @throws Error if the URL does not respond
 */
export const headerChangesAt = async (url: string): Promise<string[]> => {
  const changes = await Promise.all(Object.values<Declared>(declarations).map((endpoint) => changesOf(url, endpoint)));
  return [...new Set(changes.flat())];
};

const changesOf = async (url: string, endpoint: Declared): Promise<string[]> => {
  const { method, permission, example } = endpoint;
  const target = pathOf(endpoint, example.ids);
  const { headers: received } = await httpSend(url)({ method, path: target, headers: [], body: Buffer.alloc(0) });
  const event = eventOf(
    {
      ...{ method, target, rawHeaders: [], body: Buffer.alloc(0), sourceIp: '', port: 443 },
      ...{ requestId: received['x-request-id'] ?? '', receivedAt: new Date() },
    },
    { route: endpoint, parameters: example.ids },
  );
  const { headers: sent = {} } = failure(event, new Problem('missing-token'), permission);
  return [
    ...Object.entries(sent).flatMap(([name, value]) => changeOf(name, String(value), received)),
    ...Object.keys(received).flatMap((name) => (name in sent ? [] : [`adds ${name}`])),
  ];
};

const changeOf = (name: string, value: string, received: Record<string, string>): string[] => {
  if (received[name] === value) return [];
  if (received[name] !== undefined) return [`changes ${name} from ${value} to ${received[name]}`];
  const other = Object.keys(received).find((candidate) => candidate.endsWith(name) && received[candidate] === value);
  return [other === undefined ? `drops ${name}` : `renames ${name} to ${other}`];
};
