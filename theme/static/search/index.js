// The index as the rest sees it: loads each file once, when it is needed.
// @ts-check

import { bucket, json, summed, unpacked } from "./codec.js";
import { compare } from "./text.js";

export const VERSION = 1;
const REACH = 4; // buckets a prefix may load
export const FILTERS = /** @type {const} */ (["agency", "kind", "year", "party_type"]);

/**
 * @typedef {import("./codec.js").Posting} Posting
 * @typedef {{ url: string, title: string, number: string, agency: string, kind: string, kindKey: string,
 *   date: number, last_day: number }} Result
 * @typedef {Record<"agency" | "kind" | "party_type" | "folder", string> & { date: number[], last_day: number[] }} Part
 * @typedef {Part & { url: string[], title: string[], number: string[] }} Chunk
 */

/** The site's index cannot be read: offline, a file missing, or a newer format. */
export class IndexError extends Error {}

/** Columns of a chunk or of the whole index, by document. */
export class Columns {
  /**
   * @param {Part} part
   * @param {Record<string, [string, string][]>} tables
   */
  constructor(part, tables) {
    this.part = part;
    this.tables = tables;
    this.date = summed(part.date);
    this.last_day = summed(part.last_day);
  }

  /**
   * The filter's key for a document.
   * @param {typeof FILTERS[number]} filter
   * @param {number} at
   * @returns {string}
   */
  key(filter, at) {
    if (filter === "year") return String(new Date(this.date[at] * 86400000).getUTCFullYear());
    return this.entry(filter, at)[0];
  }

  /**
   * @param {"agency" | "kind" | "party_type" | "folder"} filter
   * @param {number} at
   */
  entry(filter, at) {
    const code = this.part[filter].charCodeAt(at);
    return this.tables[filter][code < 0x4e00 ? code - 97 : code - 0x4e00];
  }
}

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
    /** @type {any} */
    this.root = null;
    /** @type {string[]} */
    this.starts = [];
    /** @type {Set<string>} */
    this.common = new Set();
    /** @type {string[]} */
    this.fields = [];
    /** @type {Columns | null} */
    this.columns = null;
    /** @type {{ until: number, days: number[], documents: number[] } | null} */
    this.leaving = null;
  }

  /** Load the root; before it nothing else can be asked. */
  async open() {
    this.root = await this.file("root.bin", json);
    if (this.root.version !== VERSION) throw new IndexError("version");
    this.starts = startsOf(this.root);
    this.common = new Set(this.root.common.split("|"));
    const { all, tables } = this.root;
    this.columns = all ? new Columns(all, tables) : null;
    this.fields = this.root.fields.map((/** @type {[string, number]} */ [name]) => name);
    this.leaving = all ? null : this.root.leaving;
    return this;
  }

  /** @returns {number} */
  get count() {
    return this.root.count;
  }

  /**
   * The bucket a term would be in, -1 before the first.
   * @param {string} term
   */
  bucketOf(term) {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.starts[middle], term) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * The buckets a term needs; a prefix may reach over several, of which the first are taken.
   * @param {import("./text.js").Term} term
   * @returns {{ buckets: number[], cut: boolean }}
   */
  reach(term) {
    const first = Math.max(0, this.bucketOf(term.text));
    const last = term.prefix ? Math.max(first, this.bucketOf(`${term.text}\u{10ffff}`)) : first;
    const buckets = [];
    for (let at = first; at <= last && buckets.length < REACH; at++) buckets.push(at);
    return { buckets, cut: last - first >= REACH };
  }

  /** Packed bytes of a bucket, about. @param {number} number @returns {number} */
  cost(number) {
    return this.root.sizes[number] * this.root.size;
  }

  /** @param {number} number @returns {Promise<Map<string, Posting[]>>} */
  bucket(number) {
    if (!this.starts.length) return Promise.resolve(new Map());
    return this.part(`b/${number}.bin`, (bytes) => bucket(bytes, this.fields.length));
  }

  /** Everything results are filtered and counted by. @returns {Promise<Columns>} */
  async allColumns() {
    this.columns ??= new Columns(await this.part("columns.bin", json), this.root.tables);
    return this.columns;
  }

  /**
   * Which documents are past their last day.
   * @param {number} today days since 1970
   * @returns {Promise<(document: number) => boolean>}
   */
  async gone(today) {
    if (this.leaving && today <= this.leaving.until) {
      const days = summed(this.leaving.days);
      const gone = new Set(this.leaving.documents.filter((_, at) => days[at] < today));
      return (document) => gone.has(document);
    }
    const columns = await this.allColumns();
    return (document) => columns.last_day[document] < today;
  }

  /**
   * What the results of these documents show.
   * @param {number[]} documents
   * @returns {Promise<Result[]>}
   */
  async results(documents) {
    const size = this.root.all ? this.count : this.root.results;
    return Promise.all(
      documents.map(async (document) => {
        const chunk = await this.chunk(Math.floor(document / size));
        const at = document % size;
        const [kindKey, kind] = chunk.columns.entry("kind", at);
        return {
          url: chunk.columns.entry("folder", at)[0] + chunk.part.url[at],
          title: chunk.part.title[at],
          number: chunk.part.number[at],
          agency: chunk.columns.entry("agency", at)[1],
          kind,
          kindKey,
          date: chunk.columns.date[at],
          last_day: chunk.columns.last_day[at],
        };
      }),
    );
  }

  /** @param {number} number @returns {Promise<{ part: Chunk, columns: Columns }>} */
  chunk(number) {
    const { all, tables } = this.root;
    if (all) return Promise.resolve({ part: all, columns: /** @type {Columns} */ (this.columns) });
    return this.part(`r/${number}.bin`, (bytes) => {
      const part = json(bytes);
      return { part, columns: new Columns(part, tables) };
    });
  }

  /** The searched text of a document, a field each. @param {number} document @returns {Promise<string[]>} */
  async text(document) {
    const size = this.root.texts;
    return (await this.part(`t/${Math.floor(document / size)}.bin`, json))[document % size];
  }

  /** Traditional characters with their simplified ones. @returns {Promise<Map<string, string>>} */
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
  part(path, read) {
    return this.file(`${this.root.base}/${path}`, read);
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
 * Where each bucket starts: words as they are, pairs grouped by their first ideograph.
 * @param {{ words: string, pairs: string }} root
 * @returns {string[]}
 */
function startsOf({ words, pairs }) {
  const found = words ? words.split("|") : [];
  for (const group of pairs ? pairs.split("|") : []) {
    const [first, ...seconds] = group;
    for (const second of seconds) found.push(second === "." ? first : first + second);
  }
  return found;
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
