import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { CommandError, messageOf } from './command-line.ts';

/** A folder in the repository's root, ignored by git. */
const localDirectory = fileURLToPath(new URL('../.local/', import.meta.url));
const keyName = 'issuer-key.json';

/** The algorithm of the local issuer's key. */
export const algorithm = 'ES256';

/**
 * The local issuer's private key, shared by all processes on this machine. Created on first use, readable by its owner only.
 *
 * @throws CommandError if it cannot be read or stored
 */
export const storedKey = async (directory: string = localDirectory): Promise<JWK> => {
  const file = join(directory, keyName);
  const text = (await textOf(file)) ?? (await createKey(directory));
  try {
    const key: JWK = JSON.parse(text);
    if (key.kty !== 'EC' || key.d === undefined) throw new Error('it is not a private key');
    return key;
  } catch {
    throw new CommandError(`The local issuer's key ${file} is damaged: delete it, and a new one is created.`);
  }
};

const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CommandError(`The local issuer's key ${file} cannot be read: ${messageOf(error)}.`);
  });

/** If several processes create a key at the same time, the first to link its file wins, and all of them use that key. */
const createKey = async (directory: string): Promise<string> => {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const file = join(directory, keyName);
  const draft = `${file}.${randomUUID()}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flag: 'wx' });
    await link(draft, file).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`The local issuer's key ${file} cannot be stored: ${messageOf(error)}.`);
  } finally {
    await rm(draft, { force: true });
  }
};
