// One part of the index: a base of most documents, or a delta of what changed since.
// @ts-check

import { summed } from "./codec.js";
import { compare } from "./text.js";

export const FILTERS = /** @type {const} */ (["agency", "kind", "year", "party_type", "amount_band"]);

/**
 * @typedef {Exclude<typeof FILTERS[number], "year">} Lettered a letter a document
 * @typedef {Record<Lettered, string> & { date: number[], last_day: number[] }} Raw
 * @typedef {Raw & { url: string, title: string, number: string }} RawChunk
 * @typedef {{ until: number, days: number[], documents: number[] }} Leaving
 * @typedef {{ base: string, count: number, dead: number[], totals: number[], words: string, pairs: string,
 *   common: string, sizes: number[], size: number, tables: Record<Lettered, [string, string][]>,
 *   leaving?: Leaving, all?: RawChunk }} Entry what the root says of a part
 */

/** Columns of a chunk or of a whole part, by document. */
export class Columns {
  /**
   * @param {Raw} raw
   * @param {Record<Lettered, [string, string][]>} tables
   */
  constructor(raw, tables) {
    this.raw = raw;
    this.tables = tables;
    this.date = summed(raw.date);
    this.last_day = this.date.map((day, at) => day + raw.last_day[at]);
  }

  /**
   * The filter's key and name for a document.
   * @param {typeof FILTERS[number]} filter
   * @param {number} at
   * @returns {[key: string, name: string]}
   */
  choice(filter, at) {
    if (filter !== "year") return this.entry(filter, at);
    if (!this.date[at]) return ["", ""];
    const year = String(new Date(this.date[at] * 86400000).getUTCFullYear());
    return [year, `${year}年`];
  }

  /**
   * @param {Lettered} name
   * @param {number} at
   */
  entry(name, at) {
    const code = this.raw[name].charCodeAt(at);
    return this.tables[name][code < 0x4e00 ? code - 97 : code - 0x4e00];
  }
}

/** What results show, of a chunk of documents. */
export class Chunk {
  /**
   * @param {RawChunk} raw
   * @param {Record<Lettered, [string, string][]>} tables
   */
  constructor(raw, tables) {
    this.columns = new Columns(raw, tables);
    this.url = raw.url.split("\n");
    this.title = raw.title.split("\n");
    this.number = raw.number.split("\n");
  }
}

export class Part {
  /**
   * @param {Entry} entry
   * @param {number} first the site-wide number of its first document
   */
  constructor(entry, first) {
    this.entry = entry;
    this.first = first;
    this.starts = startsOf(entry);
    this.common = new Set(entry.common ? entry.common.split("|") : []);
    this.commonBuckets = new Set([...this.common].map((term) => this.bucketOf(term)));
    this.chunk = entry.all ? new Chunk(entry.all, entry.tables) : null;
  }

  /**
   * The bucket a term would be in.
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
    return Math.max(0, low - 1);
  }
}

/**
 * Where each bucket starts: words as they are, pairs grouped by their first ideograph.
 * @param {{ words: string, pairs: string }} entry
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
