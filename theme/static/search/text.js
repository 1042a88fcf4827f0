// How a query becomes terms. pipeline/public/search/text.py does the same to documents.
// @ts-check

const IDEOGRAPH =
  "\\u3007\\u3041-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7a3\\u{20000}-\\u{3ffff}";
const WORD = "0-9a-z\\u00df-\\u00f6\\u00f8-\\u1fff";
const run = () => new RegExp(`([${WORD}]+)|([${IDEOGRAPH}]+)`, "gu");
const LONGEST = 64; // characters of a word that count
const GAP = 3; // characters between two words that belong together
const PREFIX = 3; // characters from which a word also finds the words it starts
const CREDIT_CODE = 18;
const OWN_CODE = 8;

export const LIMITS = { characters: 200, groups: 8, terms: 24 };

/**
 * A term to look up; with `prefix` every term that starts with it. `next` are the (up to two)
 * characters that follow it in the query, `place` where it stands among the group's characters.
 * @typedef {{ text: string, prefix: boolean, next: string[], place: number }} Term
 */

/**
 * What stands together in a query: all its terms must stand in one field.
 * `phrase` is its normalised text, to look for in what a result shows.
 * @typedef {{ terms: Term[], phrase: string }} Group
 */

/**
 * NFKC, lower case, simplified characters, 第 and 号 as separators.
 * @param {string} text
 * @param {Map<string, string>} [variants] traditional characters with their simplified ones
 */
export function normalise(text, variants) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/[第号]/g, "、");
  if (!variants) return plain;
  return Array.from(plain, (character) => variants.get(character) ?? character).join("");
}

/**
 * What two texts are compared by: their runs, one space between them.
 * @param {string} normalised
 */
export function folded(normalised) {
  return (normalised.match(run()) ?? []).join(" ");
}

/**
 * The groups of a query, of bounded number and size. Empty when there is nothing to look for.
 * @param {string} query as typed
 * @param {Map<string, string>} [variants]
 * @returns {Group[]}
 */
export function groups(query, variants) {
  const typed = query.slice(0, LIMITS.characters).replace(/\p{Cf}/gu, "");
  const words = typed.normalize("NFKC").split(/[\s\p{Cc}]+/u);
  /** @type {Map<string, Group>} */
  const found = new Map();
  let left = LIMITS.terms;
  for (const word of words) {
    const text = normalise(word, variants);
    const terms = termsOf(text).slice(0, left);
    const phrase = folded(text);
    if (!terms.length || found.has(phrase)) continue;
    found.set(phrase, { terms, phrase });
    left -= terms.length;
    if (found.size === LIMITS.groups) break;
  }
  return [...found.values()];
}

/**
 * A word, or an ideograph with the one right behind it ("" at the end of its run).
 * @typedef {{ text: string, word: boolean, second: string, start: number, end: number }} Unit
 */

/**
 * @param {string} text normalised, without white space
 * @returns {Unit[]}
 */
function unitsOf(text) {
  /** @type {Unit[]} */
  const found = [];
  for (const match of text.matchAll(run())) {
    const start = /** @type {number} */ (match.index);
    const end = start + match[0].length;
    if (match[1]) {
      found.push({ text: match[1].slice(0, LONGEST), word: true, second: "", start, end });
      continue;
    }
    const characters = [...match[2]];
    characters.forEach((character, at) => {
      found.push({ text: character, word: false, second: characters[at + 1] ?? "", start, end });
    });
  }
  return found;
}

/**
 * The terms of a group. Its last word may go on in the documents, and so may its last
 * ideograph, which is looked up alone only when it is all there is.
 * @param {string} text normalised, without white space
 * @returns {Term[]}
 */
function termsOf(text) {
  const units = unitsOf(text);
  const last = units.length - 1;
  /** @type {Map<string, Term>} */
  const found = new Map();
  const heads = units.map((unit) => /** @type {string} */ ([...unit.text][0]));
  const add = (/** @type {string} */ term, /** @type {number} */ place, /** @type {Partial<Term>} */ more = {}) => {
    if (!found.has(term)) found.set(term, { text: term, place, prefix: false, next: [], ...more });
  };
  units.forEach((unit, at) => {
    if (!unit.word) {
      const behind = at + (unit.second ? 2 : 1);
      const next = heads.slice(behind, behind + 2);
      if (unit.second || at < last) add(unit.text + unit.second, at, { next });
      else if (last === 0) add(unit.text, at, { prefix: true });
      return;
    }
    const [before, after] = [units[at - 1], units[at + 1]];
    if (isJoined(before, unit)) add(`${before.text}.${unit.text}`, at, { prefix: at === last });
    else if (!isJoined(unit, after)) {
      add(unit.text, at, { prefix: at === last && unit.text.length >= PREFIX });
    }
  });
  return [...found.values()];
}

/**
 * Whether two neighbouring words stand so close that their pair is a term.
 * @param {Unit | undefined} first
 * @param {Unit | undefined} second
 */
function isJoined(first, second) {
  return Boolean(first?.word && second?.word && second.start - first.end <= GAP);
}

/**
 * Orders terms as the index does: by code point.
 * @param {string} a
 * @param {string} b
 */
export function compare(a, b) {
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a.charCodeAt(at) === b.charCodeAt(at)) continue;
    const first = /** @type {number} */ (a.codePointAt(at));
    const second = /** @type {number} */ (b.codePointAt(at));
    return first - second;
  }
  return a.length - b.length;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/**
 * Whether a valid resident identity number stands in what was typed (GB 11643).
 * @param {string} query
 */
export function holdsIdentityNumber(query) {
  const close = query.normalize("NFKC").toUpperCase().replace(/[\s\p{Cf}\p{Pd}.·]/gu, "");
  const shape = /(?<![0-9A-Z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?![0-9A-Z])/g;
  return (close.match(shape) ?? []).some((number) => {
    const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
    return "10X98765432"[sum % 11] === number[17];
  });
}

/**
 * Whether a word may be a credit code or the organisation's own part of one.
 * @param {string} word
 */
export const isCode = (word) =>
  word.length === CREDIT_CODE || word.length === CREDIT_CODE - OWN_CODE;
