// Filters with counts, order and pages of what was found.
// @ts-check

import { FILTERS } from "./part.js";

/**
 * @typedef {import("./index.js").Index} Index
 * @typedef {Partial<Record<typeof FILTERS[number], string>>} Chosen
 * @typedef {{ key: string, name: string, count: number }} Choice
 */

export const PAGE = 10;

/**
 * @param {Index} index whose columns are loaded
 * @param {typeof FILTERS[number]} filter
 * @param {number} document
 */
function choice(index, filter, document) {
  const part = index.partOf(document);
  const columns = /** @type {import("./part.js").Columns[]} */ (index.columns)[part];
  return columns.choice(filter, document - index.parts[part].first);
}

/**
 * The documents that pass all chosen filters.
 * @param {number[]} documents
 * @param {Chosen} chosen
 * @param {Index} index whose columns are loaded when something is chosen
 */
export function filtered(documents, chosen, index) {
  const filters = FILTERS.filter((filter) => chosen[filter]);
  if (!filters.length || !index.columns) return documents;
  return documents.filter((at) =>
    filters.every((filter) => choice(index, filter, at)[0] === chosen[filter]),
  );
}

/**
 * For each filter its choices, counted under the other filters; years newest first.
 * @param {number[]} documents
 * @param {Chosen} chosen
 * @param {Index} index whose columns are loaded
 * @returns {Record<string, Choice[]>}
 */
export function choices(documents, chosen, index) {
  /** @type {Record<string, Choice[]>} */
  const found = {};
  for (const filter of FILTERS) {
    /** @type {Map<string, Choice>} */
    const counted = new Map();
    for (const at of filtered(documents, { ...chosen, [filter]: "" }, index)) {
      const [key, name] = choice(index, filter, at);
      const known = counted.get(key);
      if (known) known.count++;
      else if (key) counted.set(key, { key, name, count: 1 });
    }
    const keep = chosen[filter];
    if (keep && !counted.has(keep)) counted.set(keep, { key: keep, name: nameOf(filter, keep, index), count: 0 });
    found[filter] = [...counted.values()].sort(order(filter));
  }
  return found;
}

/** @param {typeof FILTERS[number]} filter @returns {(a: Choice, b: Choice) => number} */
function order(filter) {
  if (filter === "year") return (a, b) => Number(b.key) - Number(a.key);
  if (filter === "amount_band") return (a, b) => Number(a.key) - Number(b.key);
  return (a, b) => b.count - a.count;
}

/**
 * @param {typeof FILTERS[number]} filter
 * @param {string} key
 * @param {Index} index
 */
function nameOf(filter, key, index) {
  if (filter === "year") return `${key}年`;
  const tables = index.parts.flatMap(({ entry }) => entry.tables[filter]);
  return tables.find(([found]) => found === key)?.[1] ?? key;
}

/**
 * The documents of a page.
 * @param {number[]} documents best first
 * @param {{ sort: string, page: number }} state
 * @param {Index} index whose columns are loaded when sorted by date
 */
export function paged(documents, { sort, page }, index) {
  const ordered = sort === "date" && index.columns ? newestFirst(documents, index) : documents;
  const pages = Math.max(1, Math.ceil(ordered.length / PAGE));
  const shown = Math.min(Math.max(1, page), pages);
  return { pages, page: shown, documents: ordered.slice((shown - 1) * PAGE, shown * PAGE) };
}

/** @param {number[]} documents @param {Index} index */
function newestFirst(documents, index) {
  const columns = /** @type {import("./part.js").Columns[]} */ (index.columns);
  const day = (/** @type {number} */ document) => {
    const part = index.partOf(document);
    return columns[part].date[document - index.parts[part].first];
  };
  return [...documents].sort((a, b) => day(b) - day(a) || a - b);
}
