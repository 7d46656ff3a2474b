import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lineWriter } from '../../../lib/http/line-writer.ts';

/** A pipe that does not block, with its ends to be closed by hand. */
const openPipe = () => {
  const directory = mkdtempSync(join(tmpdir(), 'patchwork-'));
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  onTestFinished(() => {
    closeSync(writer);
    rmSync(directory, { recursive: true });
  });
  return { reader, writer };
};

const fill = (writer: number): void => {
  for (const size of [4_096, 1]) {
    try {
      for (;;) writeSync(writer, '.'.repeat(size));
    } catch (error) {
      expect(error).toHaveProperty('code', 'EAGAIN');
    }
  }
};

/** All that a pipe holds, or the first bytes of it. */
const take = (reader: number, size = 1_000_000): string => {
  const bytes = Buffer.alloc(size);
  return bytes.subarray(0, readSync(reader, bytes)).toString();
};

/** Windows has no pipes with names in the file system. */
const hasPipes = process.platform !== 'win32';

describe.runIf(hasPipes)('lineWriter', () => {
  test('writes each line with its end', () => {
    const { reader, writer } = openPipe();
    const write = lineWriter(writer);
    write('{"name":"é"}');
    write('two');
    expect(take(reader)).toBe('{"name":"é"}\ntwo\n');
    closeSync(reader);
  });

  test('drops a line that a full pipe does not take, and goes on once there is room', () => {
    const { reader, writer } = openPipe();
    const write = lineWriter(writer);
    fill(writer);
    write('lost');
    take(reader);
    write('kept');
    expect(take(reader)).toBe('kept\n');
    closeSync(reader);
  });

  test('ends a line that was cut before it begins another', () => {
    const { reader, writer } = openPipe();
    const write = lineWriter(writer);
    fill(writer);
    take(reader, 4_096);
    write('x'.repeat(5_000));
    write('still no room');
    expect(take(reader)).toMatch(/x{4096}$/);
    write('{"whole":true}');
    write('{"next":true}');
    expect(take(reader)).toBe('\n{"whole":true}\n{"next":true}\n');
    closeSync(reader);
  });

  test('survives a pipe that nobody reads any more', () => {
    const { reader, writer } = openPipe();
    closeSync(reader);
    expect(() => writeSync(writer, 'x')).toThrow('EPIPE');
    expect(() => lineWriter(writer)('x')).not.toThrow();
  });

  test.skipIf(!existsSync('/dev/full'))('survives a disk that is full', () => {
    const full = openSync('/dev/full', 'w');
    expect(() => writeSync(full, 'x')).toThrow('ENOSPC');
    expect(() => lineWriter(full)('x')).not.toThrow();
    closeSync(full);
  });
});

const wouldBlock = Object.assign(new Error(), { code: 'EAGAIN' });

describe('a write that would block', () => {
  test('goes on where it was cut, once there is room', () => {
    let output = '';
    let calls = 0;
    const write = lineWriter(1, (_, bytes) => {
      if (calls++ % 2 === 0) throw wouldBlock;
      output += bytes.subarray(0, 5).toString('latin1');
      return Math.min(5, bytes.byteLength);
    });
    write('{"name":"Jane Doe"}');
    write('{"name":"é"}');
    expect(Buffer.from(output, 'latin1').toString()).toBe('{"name":"Jane Doe"}\n{"name":"é"}\n');
  });

  test('is tried again ten times at most, and any other failure never', () => {
    const callsUntil = (error: Error): number => {
      let calls = 0;
      lineWriter(1, () => {
        throw ++calls < 100 ? error : new Error('It goes on and on.');
      })('x');
      return calls;
    };
    expect(callsUntil(wouldBlock)).toBe(11);
    expect(callsUntil(Object.assign(new Error(), { code: 'EPIPE' }))).toBe(1);
  });
});

/**
 * What the Lambda runtime does: loads a function, and hands it an event. A pipe does not block once Node has a stream on it.
 * What goes through the console or the stream does not count, because Lambda wraps it.
 */
const invocation = `
  process.stdout.on('error', () => {});
  process.stdout.write = () => true;
  const { handler } = await import(process.env.HANDLER);
  const requestContext = { requestId: 'r', http: { method: 'PATCH' } };
  const { statusCode } = await handler({ version: '2.0', headers: {}, requestContext }, {});
  process.exitCode = statusCode === 401 ? 0 : 1;
`;

/** Invokes a deployed function without a token, with `output` as its standard output; what it says of errors. */
const invokeWith = async (output: number): Promise<{ code: unknown; errors: string }> => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k1' };
  const child = spawn(process.execPath, ['--input-type=module', '--eval', invocation], {
    env: {
      HANDLER: new URL('../../../functions/update-workspace/handler.ts', import.meta.url).href,
      AWS_REGION: 'us-east-1',
      TABLE_NAME: 'none',
      JWT_ISSUER: 'https://issuer.example',
      JWT_AUDIENCE: 'patchwork',
      JWT_JWKS: JSON.stringify({ keys: [key] }),
    },
    stdio: ['ignore', output, 'pipe'],
  });
  onTestFinished(() => void child.kill());
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = await once(child, 'close');
  return { code, errors };
};

describe.runIf(hasPipes)('a function', () => {
  test('writes its line to standard output by itself, and nothing else', async () => {
    const { reader, writer } = openPipe();
    expect(await invokeWith(writer)).toEqual({ code: 0, errors: '' });
    const [line = '', ...rest] = take(reader).split('\n');
    expect(rest).toEqual(['']);
    expect(JSON.parse(line)).toMatchObject({ status: 401, endpoint: 'update-workspace' });
    closeSync(reader);
  });

  test('responds though its standard output is full', async () => {
    const { reader, writer } = openPipe();
    fill(writer);
    expect(await invokeWith(writer)).toEqual({ code: 0, errors: '' });
    closeSync(reader);
  });
});
