// Which terms of a query are looked up: few requests, and still sure of the whole phrase.
// @ts-check

/**
 * @typedef {import("./index.js").Index} Index
 * @typedef {import("./text.js").Group} Group
 * @typedef {import("./text.js").Term} Term
 */

const LOADS = [4, 3]; // terms a query of a small and of a large site loads buckets for, but one a group
const RARE = 8; // rarity from which two pairs, or one word, tell apart most documents of a large site;
const ENOUGH = 0.75; // then one more term must vouch for a character that no other does
const BYTES = 64_000; // packed bytes of buckets, about
const HASHED = [0.8, 0.5]; // what the next two characters are worth, vouched for by a hash only
const COVER = 3; // what it counts, against rarity, that characters are vouched for at all
const NUMERAL = 2; // worth of one of an article's number: the pairs of a law's name all say the same
const NUMERALS = /[〇零一二三四五六七八九十百千]/;

/**
 * The terms to look up: of each group the most telling, then those that vouch for most characters
 * of the phrase that no other does, the rarer first; at last what comes with their buckets.
 * @param {Index} index
 * @param {Group[]} asked
 * @returns {Set<Term>}
 */
export function plan(index, asked) {
  /** @type {Set<Term>} */
  const chosen = new Set();
  /** @type {Set<string>} */
  const buckets = new Set();
  const name = (/** @type {import("./index.js").Bucket} */ { part, number }) => `${part}/${number}`;
  const open = new Map(asked.flatMap((group) => group.terms.map((term) => [term, group])));
  /** @type {Map<Group, Map<number, number>>} */
  const sure = new Map(asked.map((group) => [group, new Map()]));
  const most = LOADS[Number(!index.whole)];
  let [loads, bytes] = [0, 0];
  const more = (/** @type {Term} */ term) => index.reach(term).buckets.filter((b) => !buckets.has(name(b)));
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
    for (const bucket of more(term)) buckets.add(name(bucket));
    chosen.add(term);
    open.delete(term);
  };
  const worth = (/** @type {Term} */ term) =>
    gain(term) * (COVER + Math.min(RARE, index.rarity(term))) * (NUMERALS.test(term.text) ? NUMERAL : 1);
  const best = (/** @type {Term[]} */ terms) =>
    terms.sort((a, b) => worth(b) - worth(a) || price(a) - price(b))[0];
  const fits = (/** @type {Term} */ term) => {
    const rare = [...chosen].filter((one) => index.rarity(one) >= RARE);
    const told = !index.whole && (rare.length > 1 || rare.some(isWord));
    const least = told ? ENOUGH : 0.1;
    return loads < most && bytes + price(term) <= BYTES && gain(term) > least;
  };
  for (const group of asked) take(best([...group.terms]));
  for (let room; (room = [...open.keys()].filter(fits)).length; ) take(best(room));
  for (const term of [...open.keys()]) if (!price(term)) take(term);
  return chosen;
}

/** @param {Term} term */
const isWord = ({ text }) => text < "\u2000";

/**
 * The places of the phrase that a term vouches for, and how surely.
 * @param {Index} index
 * @param {Term} term
 * @returns {[place: number, worth: number][]}
 */
function vouched(index, term) {
  const { text, next, place, prefix } = term;
  if (prefix || isWord(term)) return [[place, 2]]; // a word is worth two characters
  const hashed = index.isCommon(text) ? [] : next;
  const own = [...text].map((_, at) => /** @type {[number, number]} */ ([place + at, 1]));
  const behind = place + own.length;
  return [...own, ...hashed.map((_, at) => /** @type {[number, number]} */ ([behind + at, HASHED[at]]))];
}
