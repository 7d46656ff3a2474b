import http from 'node:http';
import https from 'node:https';
import type { Stage, StageResponse } from './stage.ts';

/** Names below `localhost` are this machine (RFC 6761 §6.3), whether or not the system resolves them. */
const addressOf = (hostname: string): string => (hostname.endsWith('.localhost') ? '127.0.0.1' : hostname);

/** Sends requests unchanged, over HTTP; `fetch` would correct some of them. */
export const httpSend =
  (baseUrl: string): Stage['send'] =>
  ({ method, path, headers, body }) =>
    new Promise<StageResponse>((resolve, reject) => {
      const { protocol, hostname, port, host } = new URL(baseUrl);
      const { request } = protocol === 'https:' ? https : http;
      const sent = request({
        method,
        hostname: addressOf(hostname),
        port,
        path,
        headers: [['host', host], ['content-length', String(body.byteLength)], ...headers].flat(),
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
            ),
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.end(body);
    });
