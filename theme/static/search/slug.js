// The address of a decision, made from what it is. pipeline/slug.py does the same.
// @ts-check

const ALPHABET = "bcdfghjklmnpqrst";
const ORDINAL = /(?<=〕)第?0*(?=[1-9])/g;

/**
 * @param {string} agency key of the agency
 * @param {string} kind key of the kind of decision
 * @param {string} number as the decision bears it
 */
export function slug(agency, kind, number) {
  const identity = [agency, kind, number.replace(ORDINAL, "")].join("\n");
  const digest = blake2b(new TextEncoder().encode(identity), 7);
  const letters = [...digest].map((byte) => ALPHABET[byte >> 4] + ALPHABET[byte & 15]);
  return `${agency}-${kind}-${letters.join("")}`;
}

const MASK = (1n << 64n) - 1n;
const START = [
  0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n,
];
const ROUNDS = [
  "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8",
  "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a",
  "6fe9b308c2d714a5", "a2847615fb9e3cd0", "0123456789abcdef", "ea489fd61c02b753",
].map((order) => Array.from(order, (digit) => Number.parseInt(digit, 16)));
const BLOCK = 128; // bytes
const MIXED = [
  [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
];

/**
 * BLAKE2b (RFC 7693), without a key. Browsers offer no such digest, and none at all on pages
 * that came without TLS.
 * @param {Uint8Array} data
 * @param {number} size bytes of the digest
 */
export function blake2b(data, size) {
  const state = START.map((word, at) => (at ? word : word ^ 0x01010000n ^ BigInt(size)));
  const blocks = Math.max(1, Math.ceil(data.length / BLOCK));
  for (let at = 0; at < blocks; at++) {
    const last = at === blocks - 1;
    const block = new DataView(new ArrayBuffer(BLOCK));
    data.subarray(at * BLOCK, (at + 1) * BLOCK).forEach((byte, place) => block.setUint8(place, byte));
    mix(state, block, BigInt(last ? data.length : (at + 1) * BLOCK), last);
  }
  return Uint8Array.from({ length: size }, (_, at) => Number((state[at >> 3] >> BigInt(8 * (at & 7))) & 255n));
}

/**
 * @param {bigint[]} state changed
 * @param {DataView} block
 * @param {bigint} length bytes up to the block's end
 * @param {boolean} last
 */
function mix(state, block, length, last) {
  const words = Array.from({ length: 16 }, (_, at) => block.getBigUint64(8 * at, true));
  const v = [...state, ...START];
  v[12] ^= length;
  if (last) v[14] ^= MASK;
  for (const order of ROUNDS) {
    MIXED.forEach(([a, b, c, d], at) => {
      v[a] = (v[a] + v[b] + words[order[2 * at]]) & MASK;
      v[d] = turned(v[d] ^ v[a], 32n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turned(v[b] ^ v[c], 24n);
      v[a] = (v[a] + v[b] + words[order[2 * at + 1]]) & MASK;
      v[d] = turned(v[d] ^ v[a], 16n);
      v[c] = (v[c] + v[d]) & MASK;
      v[b] = turned(v[b] ^ v[c], 63n);
    });
  }
  for (let at = 0; at < 8; at++) state[at] ^= v[at] ^ v[at + 8];
}

/** @param {bigint} word @param {bigint} bits to the right */
const turned = (word, bits) => ((word >> bits) | (word << (64n - bits))) & MASK;
