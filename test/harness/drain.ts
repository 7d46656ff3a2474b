import type { Readable } from 'node:stream';

/** In bytes: six times the largest body that API Gateway takes. */
const maxDrained = 64 * 1024 * 1024;

/**
 * Reads and drops what a client still sends after the response to it. A connection that is closed with bytes unread is reset,
 * and a client that sends everything before it reads would lose the response (RFC 9112 §9.6). Node's limit of five minutes for
 * a whole request bounds the time.
 *
 * @throws Error above the limit, or if the connection breaks off
 */
export const drain = async (source: Readable): Promise<void> => {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > maxDrained) throw new Error('The rest of the request is too large.');
  }
};
