// The index as the rest sees it: loads each file once, when it is needed.
// @ts-check

import { bucket, json, summed, unpacked } from "./codec.js";
import { Chunk, Columns, Part } from "./part.js";
import { slug } from "./slug.js";

export const VERSION = 3;
const REACH = [4, 2]; // buckets of the base, and of the delta, that a prefix may load
const [FIRST, HAN] = [0x4e00, 21_000]; // the first ideograph, and how many there are, about
const NARROW = 6_700; // possible pairs a bucket, on a site of one bucket, where rarity begins
const [WORD, COMMON] = [12, 0.5]; // rarity of words, and of terms too common to be scored

/**
 * @typedef {import("./codec.js").Posting} Posting
 * @typedef {import("./part.js").Entry} Entry
 * @typedef {{ url: string, title: string, number: string, agency: string, kind: string, kindKey: string,
 *   date: number, last_day: number }} Result `date` is 0 where there is none
 * @typedef {{ version: number, fields: [string, number][], k1: number, b: number, results: number,
 *   parts: Entry[] }} Root
 * @typedef {{ part: number, number: number }} Bucket
 */

/** The site's index cannot be read: offline, a file missing, or a newer format. */
export class IndexError extends Error {}

export class Index {
  /**
   * @param {string} place address of the index's folder, with a slash at its end
   * @param {(address: string) => Promise<ArrayBuffer>} [load]
   */
  constructor(place, load = (address) => fetched(address)) {
    this.place = place;
    this.load = load;
    /** @type {Map<string, Promise<any>>} */
    this.files = new Map();
    /** @type {Part[]} */
    this.parts = [];
    /** @type {string[]} */
    this.fields = [];
    /** @type {number[]} */
    this.boosts = [];
    /** @type {number[]} terms in each field, over all living documents */
    this.totals = [];
    /** @type {Columns[] | null} */
    this.columns = null;
    this.count = 0; // numbers of documents, the dead among them
    this.living = 0;
    this.dead = new Uint8Array(0);
    this.k1 = 0;
    this.b = 0;
    this.chunk = 1; // documents a chunk of results
  }

  /** Load the root; before it nothing else can be asked. */
  async open() {
    /** @type {Root} */
    const root = await this.file("root.bin", json);
    if (root.version !== VERSION) throw new IndexError("version");
    for (const entry of root.parts) {
      this.parts.push(new Part(entry, this.count));
      this.count += entry.count;
    }
    this.dead = new Uint8Array(this.count);
    for (const { entry, first } of this.parts) {
      for (const at of summed(entry.dead)) this.dead[first + at] = 1;
    }
    this.living = this.dead.reduce((left, dead) => left - dead, this.count);
    this.fields = root.fields.map(([name]) => name);
    this.boosts = root.fields.map(([, boost]) => boost);
    this.totals = this.fields.map((_, at) => root.parts.reduce((sum, { totals }) => sum + totals[at], 0));
    [this.k1, this.b, this.chunk] = [root.k1, root.b, root.results];
    const shown = this.parts.map(({ chunk }) => chunk?.columns);
    if (shown.every((columns) => columns)) this.columns = /** @type {Columns[]} */ (shown);
    return this;
  }

  /**
   * Whether a term is too common to be scored.
   * @param {string} term
   */
  isCommon(term) {
    return this.parts.some(({ common }) => common.has(term));
  }

  /**
   * The buckets a term needs; a prefix may reach over many, of which those of common terms,
   * which know most documents, and the first others are taken.
   * @param {import("./text.js").Term} term
   * @returns {{ buckets: Bucket[], cut: boolean }}
   */
  reach(term) {
    /** @type {Bucket[]} */
    const buckets = [];
    let cut = false;
    this.parts.forEach((part, at) => {
      if (!part.starts.length) return;
      const first = part.bucketOf(term.text);
      const last = term.prefix ? part.bucketOf(`${term.text}\u{10ffff}`) : first;
      const numbers = Array.from({ length: last - first + 1 }, (_, more) => first + more);
      const common = numbers.filter((number) => part.commonBuckets.has(number));
      const others = numbers.filter((number) => !part.commonBuckets.has(number));
      const taken = [...common, ...others].slice(0, REACH[at]);
      for (const number of taken) buckets.push({ part: at, number });
      cut ||= taken.length < numbers.length;
    });
    return { buckets, cut };
  }

  /**
   * How rare a term is, about: a bucket of frequent terms reaches over few possible ones.
   * @param {import("./text.js").Term} term
   */
  rarity({ text }) {
    const { starts } = this.parts[0];
    if (text < "\u2000" || !starts.length) return WORD;
    if (this.isCommon(text)) return COMMON;
    const at = this.parts[0].bucketOf(text);
    const width = places(starts[at + 1] ?? "\uffff") - places(starts[at]);
    return Math.log2(1 + (Math.max(0, width) * starts.length) / NARROW);
  }

  /**
   * Packed bytes of a bucket, about.
   * @param {Bucket} bucket
   */
  cost({ part, number }) {
    const { sizes, size } = this.parts[part].entry;
    return sizes[number] * size;
  }

  /** @param {Bucket} which @returns {Promise<Map<string, Posting[]>>} */
  bucket({ part, number }) {
    const { entry, first } = this.parts[part];
    return this.file(`${entry.base}/b/${number}.bin`, (bytes) => bucket(bytes, this.fields.length, first));
  }

  /**
   * Everything results are filtered and counted by, a part each.
   * @returns {Promise<Columns[]>}
   */
  async allColumns() {
    this.columns ??= await Promise.all(this.parts.map((part) => this.columnsOf(part)));
    return this.columns;
  }

  /** @param {Part} part @returns {Promise<Columns>} */
  async columnsOf({ chunk, entry }) {
    if (chunk) return chunk.columns;
    return this.file(`${entry.base}/columns.bin`, (bytes) => new Columns(json(bytes), entry.tables));
  }

  /**
   * The part a document is in.
   * @param {number} document
   */
  partOf(document) {
    return this.parts.length > 1 && document >= this.parts[1].first ? 1 : 0;
  }

  /** Whether the root holds what all results show. */
  get whole() {
    return this.parts.every(({ chunk }) => chunk);
  }

  /**
   * Which chunk of results a document is in: parts begin new ones.
   * @param {number} document
   */
  chunkAt(document) {
    const part = this.partOf(document);
    return Math.floor((document - this.parts[part].first) / this.chunk) + part * this.parts[0].entry.count;
  }

  /**
   * Which documents are past their last day.
   * @param {number} today days since 1970
   * @returns {Promise<(document: number) => boolean>}
   */
  async gone(today) {
    /** @type {Set<number>} */
    const gone = new Set();
    for (const part of this.parts) {
      const { leaving } = part.entry;
      if (leaving && today <= leaving.until) {
        summed(leaving.days).forEach((day, at) => {
          if (day < today) gone.add(part.first + leaving.documents[at]);
        });
        continue;
      }
      const { last_day } = await this.columnsOf(part);
      last_day.forEach((day, at) => {
        if (day < today) gone.add(part.first + at);
      });
    }
    return (document) => gone.has(document);
  }

  /**
   * What the results of these documents show.
   * @param {number[]} documents
   * @returns {Promise<Result[]>}
   */
  results(documents) {
    return Promise.all(
      documents.map(async (document) => {
        const { first, entry, chunk: all } = this.parts[this.partOf(document)];
        const place = Math.floor((document - first) / this.chunk);
        const chunk = all ?? (await this.chunkOf(entry, place));
        const at = document - first - (all ? 0 : place * this.chunk);
        const { columns } = chunk;
        const number = chunk.number[at];
        const [agencyKey, agency] = columns.entry("agency", at);
        const [kindKey, kind] = columns.entry("kind", at);
        return {
          url: chunk.url[at] || `decisions/${slug(agencyKey, kindKey, number)}/`,
          title: chunk.title[at],
          number,
          agency,
          kind,
          kindKey,
          date: columns.date[at],
          last_day: columns.last_day[at],
        };
      }),
    );
  }

  /** @param {Entry} entry @param {number} number @returns {Promise<Chunk>} */
  chunkOf({ base, tables }, number) {
    return this.file(`${base}/r/${number}.bin`, (bytes) => new Chunk(json(bytes), tables));
  }

  /**
   * Traditional characters with their simplified ones.
   * @returns {Promise<Map<string, string>>}
   */
  variants() {
    return this.file("variants.bin", (bytes) => {
      const characters = [...json(bytes)];
      const found = new Map();
      for (let at = 0; at < characters.length; at += 2) found.set(characters[at], characters[at + 1]);
      return found;
    });
  }

  /**
   * @template T
   * @param {string} path
   * @param {(bytes: Uint8Array) => T} read
   * @returns {Promise<T>}
   */
  file(path, read) {
    let promise = this.files.get(path);
    if (!promise) {
      promise = this.load(this.place + path).then(unpacked).then(read);
      promise.catch(() => this.files.delete(path)); // the next try loads it again
      this.files.set(path, promise);
    }
    return promise;
  }
}

/**
 * Where a pair stands among all pairs, roughly.
 * @param {string} term
 */
function places(term) {
  const [first, second = ""] = term;
  const code = (/** @type {string} */ character) => /** @type {number} */ (character.codePointAt(0)) - FIRST;
  return code(first) * HAN + (second ? code(second) : 0);
}

/**
 * @param {string} address
 * @param {RequestCache} [cache]
 */
export async function fetched(address, cache = "default") {
  const response = await fetch(address, { cache });
  if (!response.ok) throw new IndexError(String(response.status));
  return response.arrayBuffer();
}
