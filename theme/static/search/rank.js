// Finds and ranks: all groups must match, scores are lunr's, exact numbers and codes first.
// @ts-check

import { groups, isCode } from "./text.js";

/**
 * @typedef {import("./index.js").Index} Index
 * @typedef {import("./codec.js").Posting} Posting
 * @typedef {import("./text.js").Group} Group
 * @typedef {import("./text.js").Term} Term
 * @typedef {{ term: Term, matches: Map<string, Posting[]> }} Lookup
 * @typedef {{ documents: number[], groups: Group[], cut: boolean }} Found
 */

const LOADS = 4; // terms a query loads buckets for, but one for each of its groups
const ENOUGH = 3; // so many are loaded to be surer of what is vouched for already
const BYTES = 64_000; // packed bytes of buckets, about
const HASHED = 0.7; // what a character is worth that a term vouches for by its hash only

/**
 * All documents that match, best first (ties: newest first).
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
    if (masks.every((mask) => mask[document])) documents.push(document);
  }
  const scores = scored(index, lookups.flat());
  const exact = exactDocuments(index, asked, lookups, masks);
  const order = documents.sort(
    (a, b) => Number(exact.has(b)) - Number(exact.has(a)) || scores[b] - scores[a] || a - b,
  );
  return { documents: order, groups: asked, cut };
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
  const loaded = await Promise.all(index.reach(term).buckets.map((number) => index.bucket(number)));
  /** @type {Map<string, Posting[]>} */
  const matches = new Map();
  for (const bucket of loaded) {
    if (!term.prefix) {
      const found = bucket.get(term.text);
      if (found) matches.set(term.text, found);
      continue;
    }
    for (const [text, found] of bucket) if (text.startsWith(term.text)) matches.set(text, found);
  }
  return { term, matches };
}

/**
 * The terms to look up: of each group the cheapest, then those that vouch for most characters
 * of the phrase that no other does, the cheaper first; at last what comes with their buckets.
 * @param {Index} index
 * @param {Group[]} asked
 * @returns {Set<Term>}
 */
export function plan(index, asked) {
  /** @type {Set<Term>} */
  const chosen = new Set();
  /** @type {Set<number>} */
  const buckets = new Set();
  const open = new Map(asked.flatMap((group) => group.terms.map((term) => [term, group])));
  /** @type {Map<Group, Map<number, number>>} */
  const sure = new Map(asked.map((group) => [group, new Map()]));
  let [loads, bytes] = [0, 0];
  const more = (/** @type {Term} */ term) => index.reach(term).buckets.filter((b) => !buckets.has(b));
  const price = (/** @type {Term} */ term) => more(term).reduce((sum, b) => sum + index.cost(b), 0);
  const known = (/** @type {Term} */ term) =>
    /** @type {Map<number, number>} */ (sure.get(/** @type {Group} */ (open.get(term))));
  const gain = (/** @type {Term} */ term) =>
    vouched(index, term).reduce((sum, [at, worth]) => sum + Math.max(0, worth - (known(term).get(at) ?? 0)), 0);
  const take = (/** @type {Term} */ term) => {
    const places = known(term);
    for (const [at, worth] of vouched(index, term)) places.set(at, Math.max(worth, places.get(at) ?? 0));
    loads += Number(price(term) > 0);
    bytes += price(term);
    for (const bucket of more(term)) buckets.add(bucket);
    chosen.add(term);
    open.delete(term);
  };
  const best = (/** @type {Term[]} */ terms) =>
    terms.sort((a, b) => gain(b) - gain(a) || price(a) - price(b))[0];
  const fits = (/** @type {Term} */ term) => {
    const least = loads < ENOUGH ? 0.1 : HASHED;
    return loads < LOADS && bytes + price(term) <= BYTES && gain(term) > least;
  };
  for (const group of asked) take(best([...group.terms]));
  for (let room; (room = [...open.keys()].filter(fits)).length; ) take(best(room));
  for (const term of [...open.keys()]) if (!price(term)) take(term);
  return chosen;
}

/**
 * The places of the phrase that a term vouches for, and how surely.
 * @param {Index} index
 * @param {Term} term
 * @returns {[place: number, worth: number][]}
 */
function vouched(index, { text, next, place, prefix }) {
  if (prefix || text < "\u2000") return [[place, 2]]; // a word is worth two characters
  const hashed = index.common.has(text) ? [] : next;
  return [
    [place, 1],
    [place + 1, 1],
    ...hashed.map((_, at) => /** @type {[number, number]} */ ([place + 2 + at, HASHED])),
  ];
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
    for (const postings of matches.values()) {
      postings.forEach((posting, field) => {
        for (const document of followed(posting, term.next)) here[document] |= 1 << field;
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
  /** @type {Map<string, Posting[]>} */
  const terms = new Map(lookups.flatMap(({ matches }) => [...matches]));
  for (const postings of terms.values()) addWeights(index, postings, scores);
  const length = Math.sqrt(terms.size);
  return length ? scores.map((score) => score / length) : scores;
}

/**
 * @param {Index} index
 * @param {Posting[]} postings of one term, by field
 * @param {Float64Array} scores
 */
function addWeights(index, postings, scores) {
  const { k1, b, totals, fields, count } = index.root;
  const found = postings.reduce((sum, { documents }) => sum + documents.length, 0);
  const idf = Math.log(1 + Math.abs((count - found + 0.5) / (found + 0.5)));
  postings.forEach(({ documents, details }, field) => {
    if (!details) return;
    const { counts, lengths } = details;
    const [, boost] = fields[field];
    const average = totals[field] / count;
    for (let at = 0; at < documents.length; at++) {
      const tf = counts[at];
      const shorter = k1 * (1 - b + b * (lengths[at] / average));
      const weight = ((idf * ((k1 + 1) * tf)) / (shorter + tf)) * boost;
      scores[documents[at]] += Math.round(weight * 1000) / 1000;
    }
  });
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
    ? wholeField(whole.map((postings) => /** @type {Posting[]} */ (postings)[number]), lengthOf(asked[0].phrase))
    : [];
  const holds = exact.filter((document) => masks[0][document] & (1 << number));
  const code = isCode(asked[0].phrase) ? whole[0]?.[index.fields.indexOf("code")] : undefined;
  return new Set([...holds, ...(code?.documents ?? [])]);
}

/**
 * Documents in all of the postings, in fields of that length; common terms are skipped.
 * @param {Posting[]} postings
 * @param {number} length
 * @returns {number[]}
 */
function wholeField(postings, length) {
  const found = postings.flatMap(({ documents, details }) =>
    details ? [new Set(documents.filter((_, at) => details.lengths[at] === length))] : [],
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
