import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate and its private key, both PEM. */
export type Identity = { certificate: string; privateKey: string };

/** A value in DER (X.690): tag, length, contents. */
const der = (tag: number, ...contents: Buffer[]): Buffer => {
  const body = Buffer.concat(contents);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const digits = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...digits]), body]);
};

const sequence = (...contents: Buffer[]) => der(0x30, ...contents);
const identifier = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const bits = (bytes: Buffer) => der(0x03, Buffer.of(0), bytes);
const moment = (date: Date) => der(0x17, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

const sha256WithRsa = sequence(identifier('2a864886f70d01010b'), der(0x05));
const commonName = (name: string) => sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from(name)))));
const alternativeName = (name: string) =>
  sequence(identifier('551d11'), der(0x04, sequence(der(0x82, Buffer.from(name)))));

const hour = 3_600_000;

/** A certificate for `localhost` (RFC 5280 §4.1), signed by itself and good for a day, so that no key has to be kept. */
export const localIdentity = (): Identity => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    sha256WithRsa,
    commonName('localhost'),
    sequence(moment(new Date(Date.now() - hour)), moment(new Date(Date.now() + 24 * hour))),
    commonName('localhost'),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeName('localhost'))),
  );
  const signed = sequence(toBeSigned, sha256WithRsa, bits(sign('sha256', toBeSigned, privateKey)));
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${signed.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
