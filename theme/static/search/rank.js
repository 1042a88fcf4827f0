// Finds and ranks: all groups must match, scores are lunr's, exact numbers and codes first.
// @ts-check

import { plan } from "./plan.js";
import { groups, isCode } from "./text.js";

const NEAR = 0.7; // scores count as equal down to this share of the best of them

/**
 * @typedef {import("./index.js").Index} Index
 * @typedef {import("./codec.js").Posting} Posting
 * @typedef {import("./text.js").Group} Group
 * @typedef {import("./text.js").Term} Term
 * @typedef {{ term: Term, matches: Map<string, Posting[][]> }} Lookup by field, a posting a part
 * @typedef {{ documents: number[], groups: Group[], cut: boolean }} Found
 */

/**
 * All documents that match, best first (ties: in the order of the index).
 * @param {Index} index opened
 * @param {string} query as typed
 * @param {{ all?: boolean }} [options] `all`: look up every term, whatever it costs
 * @returns {Promise<Found>}
 */
export async function find(index, query, options = {}) {
  let asked = groups(query);
  let lookups = await lookUp(index, asked, options.all);
  if (lookups.some(missing) && /\p{Script=Han}/u.test(query)) {
    const simplified = groups(query, await index.variants());
    if (simplified.some((group, at) => group.phrase !== asked[at]?.phrase)) {
      asked = simplified;
      lookups = await lookUp(index, asked, options.all);
    }
  }
  const cut = lookups.some((group) => group.some(({ term }) => index.reach(term).cut));
  if (!asked.length || lookups.some(missing)) return { documents: [], groups: asked, cut };
  const masks = lookups.map((group) => fieldsByDocument(index, group));
  const documents = [];
  for (let document = 0; document < index.count; document++) {
    if (!index.dead[document] && masks.every((mask) => mask[document])) documents.push(document);
  }
  const scores = scored(index, lookups.flat());
  const exact = exactDocuments(index, asked, lookups, masks);
  const order = arranged(index, documents, scores, exact);
  return { documents: order, groups: asked, cut };
}

/**
 * Best first: what was typed exactly, then by score, ties in the order of the index. Where
 * results come in chunks, scores near each other count as equal, and those whose chunk holds
 * most of them come first: ten results then take few requests.
 * @param {Index} index
 * @param {number[]} documents
 * @param {Float64Array} scores
 * @param {Set<number>} exact
 */
function arranged(index, documents, scores, exact) {
  const known = (/** @type {number} */ a, /** @type {number} */ b) => Number(exact.has(b)) - Number(exact.has(a));
  if (index.whole) return documents.sort((a, b) => known(a, b) || scores[b] - scores[a] || a - b);
  const best = documents.reduce((most, document) => Math.max(most, scores[document]), 0);
  const bands = new Uint8Array(index.count);
  const crowds = new Uint8Array(index.count);
  /** @type {Map<number, number>} */
  const crowd = new Map();
  const place = (/** @type {number} */ document) => bands[document] * index.count + index.chunkAt(document);
  for (const document of documents) {
    bands[document] = Math.min(255, Math.floor(Math.log(best / scores[document]) / -Math.log(NEAR)) || 0);
    crowd.set(place(document), (crowd.get(place(document)) ?? 0) + 1);
  }
  for (const document of documents) crowds[document] = Math.min(255, crowd.get(place(document)) ?? 0);
  return documents.sort(
    (a, b) =>
      known(a, b) || bands[a] - bands[b] || crowds[b] - crowds[a] || index.chunkAt(a) - index.chunkAt(b) || a - b,
  );
}

/** @param {Lookup[]} group */
const missing = (group) => group.some(({ matches }) => !matches.size);

/**
 * Look up the terms of every group; of long ones as many, the cheapest first, as the limits allow.
 * @param {Index} index
 * @param {Group[]} asked
 * @param {boolean} [all]
 * @returns {Promise<Lookup[][]>}
 */
export async function lookUp(index, asked, all = false) {
  const wanted = all ? new Set(asked.flatMap((group) => group.terms)) : plan(index, asked);
  return Promise.all(
    asked.map((group) =>
      Promise.all(group.terms.filter((term) => wanted.has(term)).map((term) => lookUpOne(index, term))),
    ),
  );
}

/**
 * @param {Index} index
 * @param {Term} term
 * @returns {Promise<Lookup>}
 */
async function lookUpOne(index, term) {
  const loaded = await Promise.all(index.reach(term).buckets.map((bucket) => index.bucket(bucket)));
  /** @type {Map<string, Posting[][]>} */
  const matches = new Map();
  for (const bucket of loaded) {
    if (!term.prefix) {
      add(matches, term.text, bucket.get(term.text));
      continue;
    }
    for (const [text, found] of bucket) if (text.startsWith(term.text)) add(matches, text, found);
  }
  return { term, matches };
}

/**
 * Note what a part has for a term; each field then has its postings of one part after another.
 * @param {Map<string, Posting[][]>} matches
 * @param {string} text
 * @param {Posting[] | undefined} found
 */
function add(matches, text, found) {
  if (!found) return;
  const fields = matches.get(text);
  if (fields) fields.forEach((postings, field) => postings.push(found[field]));
  else matches.set(text, found.map((posting) => [posting]));
}

/**
 * For each document a bit for every field that holds all terms of the group.
 * @param {Index} index
 * @param {Lookup[]} group
 */
function fieldsByDocument(index, group) {
  let mask = new Uint8Array(index.count).fill(255);
  for (const { term, matches } of group) {
    const here = new Uint8Array(index.count);
    for (const fields of matches.values()) {
      fields.forEach((postings, field) => {
        for (const posting of postings) {
          for (const document of followed(posting, term.next)) here[document] |= 1 << field;
        }
      });
    }
    mask = mask.map((fields, document) => fields & here[document]);
  }
  return mask;
}

/**
 * The documents where the term is, as far as its bytes tell, followed by these characters.
 * @param {Posting} posting
 * @param {string[]} next
 */
function followed({ documents, details }, next) {
  if (!details || !next.length) return documents;
  const [first, second] = next.map((character) => /** @type {number} */ (character.codePointAt(0)));
  const mask = second === undefined ? 0b1111000 : 0b1111111;
  const wanted = ((1 + ((first % 41) % 15)) << 3) | (second === undefined ? 0 : 1 + ((second % 99) % 7));
  let at = details.begin;
  return documents.filter((_, index) => {
    const end = at + details.counts[index];
    let found = false;
    for (; at < end; at++) found ||= (details.follows[at] & mask) === wanted;
    return found;
  });
}

/**
 * lunr's score of every document: the weights of the terms, by the length of the query.
 * @param {Index} index
 * @param {Lookup[]} lookups
 */
export function scored(index, lookups) {
  const scores = new Float64Array(index.count);
  /** @type {Map<string, Posting[][]>} */
  const terms = new Map(lookups.flatMap(({ matches }) => [...matches]));
  for (const [term, fields] of terms) if (!index.isCommon(term)) addWeights(index, fields, scores);
  const length = Math.sqrt(terms.size);
  return length ? scores.map((score) => score / length) : scores;
}

/**
 * @param {Index} index
 * @param {Posting[][]} fields where one term stands
 * @param {Float64Array} scores
 */
function addWeights(index, fields, scores) {
  const { k1, b, totals, boosts, living, dead } = index;
  const found = fields.flat().reduce((sum, { documents }) => sum + countLiving(documents, dead), 0);
  const idf = Math.log(1 + Math.abs((living - found + 0.5) / (found + 0.5)));
  fields.forEach((postings, field) => {
    const average = totals[field] / living;
    for (const { documents, details } of postings) {
      if (!details) continue;
      const { counts, lengths } = details;
      for (let at = 0; at < documents.length; at++) {
        const tf = counts[at];
        const shorter = k1 * (1 - b + b * (lengths[at] / average));
        const weight = ((idf * ((k1 + 1) * tf)) / (shorter + tf)) * boosts[field];
        scores[documents[at]] += Math.round(weight * 1000) / 1000;
      }
    }
  });
}

/** @param {Int32Array} documents @param {Uint8Array} dead */
function countLiving(documents, dead) {
  let count = 0;
  for (const document of documents) count += 1 - dead[document];
  return count;
}

/**
 * Documents whose number or code is what was typed: the field holds all of it and nothing more.
 * @param {Index} index
 * @param {Group[]} asked
 * @param {Lookup[][]} lookups
 * @param {Uint8Array[]} masks
 * @returns {Set<number>}
 */
function exactDocuments(index, asked, lookups, masks) {
  if (asked.length !== 1) return new Set();
  const number = index.fields.indexOf("number");
  const whole = lookups[0].map(({ term, matches }) => matches.get(term.text));
  const exact = whole.every(Boolean)
    ? wholeField(whole.map((fields) => /** @type {Posting[][]} */ (fields)[number]), lengthOf(asked[0].phrase))
    : [];
  const holds = exact.filter((document) => masks[0][document] & (1 << number));
  const code = isCode(asked[0].phrase) ? whole[0]?.[index.fields.indexOf("code")] : undefined;
  return new Set([...holds, ...(code ?? []).flatMap(({ documents }) => [...documents])]);
}

/**
 * Documents that have all of the terms in a field of that length; common terms are skipped.
 * @param {Posting[][]} terms the postings of each
 * @param {number} length
 * @returns {number[]}
 */
function wholeField(terms, length) {
  const scored = terms.filter((postings) => postings.every(({ details }) => details));
  const found = scored.map(
    (postings) =>
      new Set(
        postings.flatMap(({ documents, details }) => [
          ...documents.filter((_, at) => details?.lengths[at] === length),
        ]),
      ),
  );
  const [first = new Set(), ...others] = found;
  return [...first].filter((document) => others.every((other) => other.has(document)));
}

/**
 * How many terms a field has that holds this and nothing else.
 * @param {string} phrase folded
 */
function lengthOf(phrase) {
  let length = 0;
  let before = false;
  for (const run of phrase.split(" ")) {
    const word = /^[0-9a-zß-\u1fff]/.test(run);
    length += word ? 1 + Number(before) : [...run].length;
    before = word;
  }
  return length;
}
