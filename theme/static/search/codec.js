// Reads the index's files. pipeline/public/search/encode.py and buckets.py write them.
// @ts-check

const MEMBERS = 1; // layout of a bucket whose terms keep their documents only

/**
 * Unpacks gzip; bytes that a server has unpacked already stay as they are.
 * @param {ArrayBuffer} data
 * @returns {Promise<Uint8Array>}
 */
export async function unpacked(data) {
  const bytes = new Uint8Array(data);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const { DecompressionStream } = /** @type {any} */ (globalThis); // newer than some lists of types
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Uint8Array} bytes */
export const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** Whole numbers, seven bits a byte, low bits first, the last byte marked by 128. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  integer() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError("bucket cut short");
      if (byte >= 128) return value + (byte - 128) * scale;
      value += byte * scale;
      scale *= 128;
    }
  }

  /** @param {number} count */
  integers(count) {
    const found = new Int32Array(count);
    for (let at = 0; at < count; at++) found[at] = this.integer();
    return found;
  }

  /** @param {number} length */
  text(length) {
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return new TextDecoder().decode(part);
  }
}

/**
 * Where a term stands in one field: documents in order; how often, the field's length, and
 * where in `follows` its occurrences begin, each a byte about the characters that follow.
 * A term too common to score has its documents only.
 * @typedef {{ counts: Int32Array, lengths: Int32Array, follows: Uint8Array, begin: number }} Details
 * @typedef {{ documents: Int32Array, details?: Details }} Posting
 */

/**
 * The terms of a bucket, each with a posting a field.
 * @param {Uint8Array} bytes unpacked
 * @param {number} fields
 * @param {number} origin the site-wide number of the part's first document
 * @returns {Map<string, Posting[]>}
 */
export function bucket(bytes, fields, origin) {
  const reader = new Reader(bytes);
  const scored = reader.integer() !== MEMBERS;
  const named = reader.text(reader.integer());
  const terms = named ? named.split("\0") : [];
  const sizes = reader.integers(terms.length * fields);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const documents = reader.integers(total);
  const counts = scored ? reader.integers(total).map((more) => more + 1) : null;
  const lengths = scored ? reader.integers(total) : null;
  const follows = bytes.subarray(reader.at);
  /** @type {Map<string, Posting[]>} */
  const found = new Map();
  let start = 0;
  let begin = 0;
  terms.forEach((term, index) => {
    /** @type {Posting[]} */
    const postings = [];
    for (let field = 0; field < fields; field++) {
      const end = start + sizes[index * fields + field];
      for (let at = start, document = origin - 1; at < end; at++) {
        document += documents[at] + 1;
        documents[at] = document;
      }
      const posting = { documents: documents.subarray(start, end) };
      if (counts && lengths) {
        const here = counts.subarray(start, end);
        postings.push({
          ...posting,
          details: { counts: here, lengths: lengths.subarray(start, end), follows, begin },
        });
        for (const count of here) begin += count;
      } else {
        postings.push(posting);
      }
      start = end;
    }
    found.set(term, postings);
  });
  return found;
}

/**
 * Undoes steps: each number was written as its difference from the one before.
 * @param {number[]} steps
 */
export function summed(steps) {
  let value = 0;
  return Int32Array.from(steps, (step) => (value += step));
}
