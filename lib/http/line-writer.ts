import { writeSync } from 'node:fs';

/** How often a write that would block is tried again, and how long to wait before each, in milliseconds. */
const maxRetries = 10;
const retryDelay = 2;

/** Gives the number of bytes that were written, at least one; or throws. */
type Write = (descriptor: number, bytes: Buffer) => number;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * A function that writes lines to a file descriptor and never throws, because the change that a line reports is stored by
 * then. A line that does not fit into a full pipe within 20 ms, or that cannot be written at all, is dropped. Not
 * asynchronous: Lambda freezes a function with its response, and its lines would come late or never.
 */
export const lineWriter = (descriptor: number, write: Write = writeSync): ((line: string) => void) => {
  let isCut = false;
  return (line) => {
    const bytes = Buffer.from(isCut ? `\n${line}\n` : `${line}\n`);
    const written = writeUpTo(bytes, (rest) => write(descriptor, rest));
    if (written > 0) isCut = written < bytes.byteLength;
  };
};

/** How many of the bytes could be written. */
const writeUpTo = (bytes: Buffer, write: (rest: Buffer) => number): number => {
  let written = 0;
  for (let retries = 0; written < bytes.byteLength; ) {
    try {
      written += write(bytes.subarray(written));
    } catch (error) {
      if (!wouldBlock(error) || retries++ === maxRetries) break;
      Atomics.wait(sleeper, 0, 0, retryDelay);
    }
  }
  return written;
};

const wouldBlock = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';
