import type { Readable } from 'node:stream';

/** In bytes: six times API Gateway's limit on a body. */
const maxDrained = 64 * 1024 * 1024;

/**
 * Reads and discards what a client still sends after the response. Closing a connection with unread bytes resets it, and a
 * client that sends everything before it reads would lose the response (RFC 9112 §9.6). Node's request timeout of five minutes
 * bounds the time.
 *
 * @throws Error above the limit, or if the connection is lost
 */
export const drain = async (source: Readable): Promise<void> => {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > maxDrained) throw new Error('The rest of the request is too large.');
  }
};
