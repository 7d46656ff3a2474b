/** The field of the curve edwards25519 and its constant d (RFC 8032 §5.1). */
const p = 2n ** 255n - 19n;
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** The y coordinates of the eight points whose order divides 8. With one of these as the key, anyone can forge a signature. */
const ofOrder8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
const smallOrder = new Set([0n, 1n, p - 1n, ofOrder8, p - ofOrder8]);

const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  for (let [square, rest] = [base, exponent]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
};

/**
 * Whether 32 bytes encode a point of edwards25519 (RFC 8032 §5.1.3) that may be a public key: on the curve and not of small
 * order. Neither Node's crypto nor Web Crypto checks this on import.
 */
export const isEd25519Key = (bytes: Uint8Array): boolean => {
  if (bytes.byteLength !== 32) return false;
  const y = BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`) & (2n ** 255n - 1n);
  if (y >= p || smallOrder.has(y)) return false;
  // x² = u/v is a square exactly when u·v is one (Euler's criterion).
  const ySquared = (y * y) % p;
  const u = ySquared - 1n + p;
  const v = d * ySquared + 1n;
  return power((u * v) % p, (p - 1n) / 2n) === 1n;
};
