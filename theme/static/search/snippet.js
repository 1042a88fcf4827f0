// Where the hits stand in a text as people read it, and the piece of it worth showing.
// @ts-check

import { folded, normalise } from "./text.js";

/**
 * @typedef {import("./text.js").Group} Group
 * @typedef {{ text: string, hit: boolean }} Piece
 * @typedef {[start: number, end: number]} Range
 */

const AROUND = 30; // characters before and after the hit
const MOST = 120; // characters of a snippet

/**
 * The text with its hits told apart; only where a whole group stands in one piece.
 * @param {string} text
 * @param {Group[]} groups
 * @param {Map<string, string>} [variants]
 * @returns {Piece[]}
 */
export function marked(text, groups, variants) {
  const whole = groups.map((group) => ({ ...group, terms: [] }));
  return pieces(text, hits(text, whole, variants).ranges);
}

/**
 * The piece of the texts that holds most groups, around their first hit; empty when none does.
 * @param {string[]} texts
 * @param {Group[]} groups
 * @param {Map<string, string>} [variants]
 * @returns {Piece[]}
 */
export function snippet(texts, groups, variants) {
  let best = { text: "", ranges: /** @type {Range[]} */ ([]), whole: 0 };
  for (const text of texts) {
    const found = hits(text, groups, variants);
    const better = found.whole > best.whole || (!best.ranges.length && found.ranges.length);
    if (better) best = { text, ...found };
  }
  if (!best.ranges.length) return [];
  const start = Math.max(0, best.ranges[0][0] - AROUND);
  const end = Math.min(best.text.length, Math.max(best.ranges[0][1] + AROUND, start + MOST));
  const inside = best.ranges
    .filter(([from]) => from < end)
    .map(([from, to]) => /** @type {Range} */ ([from - start, Math.min(to, end) - start]));
  const cut = pieces(best.text.slice(start, end).replace(/\s/g, " "), inside);
  if (start > 0) cut.unshift({ text: "…", hit: false });
  if (end < best.text.length) cut.push({ text: "…", hit: false });
  return cut;
}

/**
 * Whether every group stands, in one piece, in one of the texts.
 * @param {string[]} texts
 * @param {Group[]} groups
 * @param {Map<string, string>} [variants]
 */
export function allShown(texts, groups, variants) {
  const plain = texts.map((text) => folded(normalise(text, variants)));
  return groups.every(({ phrase }) => plain.some((text) => text.includes(phrase)));
}

/**
 * The ranges of `text` that a group's phrase covers; where a phrase is nowhere, its terms.
 * @param {string} text
 * @param {Group[]} groups
 * @param {Map<string, string>} [variants]
 * @returns {{ ranges: Range[], whole: number }} `whole`: how many groups stand in one piece
 */
function hits(text, groups, variants) {
  const { plain, places } = readable(text, variants);
  /** @type {Range[]} */
  const ranges = [];
  let whole = 0;
  const mark = (/** @type {string} */ piece) => {
    let count = 0;
    for (let at = plain.indexOf(piece); at >= 0 && piece; at = plain.indexOf(piece, at + piece.length)) {
      ranges.push([places[at][0], places[at + piece.length - 1][1]]);
      count++;
    }
    return count > 0;
  };
  for (const { phrase, terms } of groups) {
    if (mark(phrase)) whole++;
    else for (const term of terms) mark(term.text.replace(".", " "));
  }
  return { ranges: merged(ranges), whole };
}

/**
 * The text as `folded` gives it, with the place in `text` of each of its characters.
 * @param {string} text
 * @param {Map<string, string>} [variants]
 */
function readable(text, variants) {
  let plain = "";
  /** @type {Range[]} */
  const places = [];
  let at = 0;
  let kind = "";
  for (const character of text) {
    const end = at + character.length;
    for (const unit of normalise(character, variants)) {
      const next = kindOf(unit);
      if (next && plain && next !== kind) {
        plain += " ";
        places.push([at, at]);
      }
      if (next) {
        plain += unit;
        for (let half = 0; half < unit.length; half++) places.push([at, end]);
      }
      kind = next;
    }
    at = end;
  }
  return { plain, places };
}

/** @param {string} unit */
function kindOf(unit) {
  if (!folded(unit)) return "";
  return unit < "\u2000" ? "word" : "ideograph";
}

/** @param {Range[]} ranges @returns {Range[]} */
function merged(ranges) {
  /** @type {Range[]} */
  const found = [];
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = found[found.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

/** @param {string} text @param {Range[]} ranges @returns {Piece[]} */
function pieces(text, ranges) {
  /** @type {Piece[]} */
  const found = [];
  let at = 0;
  for (const [start, end] of ranges) {
    if (start > at) found.push({ text: text.slice(at, start), hit: false });
    found.push({ text: text.slice(start, end), hit: true });
    at = end;
  }
  if (at < text.length) found.push({ text: text.slice(at), hit: false });
  return found;
}
