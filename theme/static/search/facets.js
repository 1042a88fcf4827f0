// Filters with counts, order and pages of what was found.
// @ts-check

import { FILTERS } from "./index.js";

/**
 * @typedef {import("./index.js").Columns} Columns
 * @typedef {Partial<Record<typeof FILTERS[number], string>>} Chosen
 * @typedef {{ key: string, name: string, count: number }} Choice
 */

export const PAGE = 20;

/**
 * The documents that pass all chosen filters.
 * @param {number[]} documents
 * @param {Chosen} chosen
 * @param {Columns | null} columns needed when something is chosen
 */
export function filtered(documents, chosen, columns) {
  const filters = FILTERS.filter((filter) => chosen[filter]);
  if (!filters.length || !columns) return documents;
  return documents.filter((at) => filters.every((filter) => columns.key(filter, at) === chosen[filter]));
}

/**
 * For each filter its choices, counted under the other filters; years newest first.
 * @param {number[]} documents
 * @param {Chosen} chosen
 * @param {Columns} columns
 * @returns {Record<string, Choice[]>}
 */
export function choices(documents, chosen, columns) {
  /** @type {Record<string, Choice[]>} */
  const found = {};
  for (const filter of FILTERS) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const at of filtered(documents, { ...chosen, [filter]: "" }, columns)) {
      const key = columns.key(filter, at);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const keep = chosen[filter];
    if (keep && !counts.has(keep)) counts.set(keep, 0);
    found[filter] = [...counts]
      .filter(([key]) => key)
      .map(([key, count]) => ({ key, count, name: nameOf(filter, key, columns) }))
      .sort((a, b) => (filter === "year" ? Number(b.key) - Number(a.key) : b.count - a.count));
  }
  return found;
}

/**
 * @param {typeof FILTERS[number]} filter
 * @param {string} key
 * @param {Columns} columns
 */
function nameOf(filter, key, columns) {
  if (filter === "year") return `${key}年`;
  return columns.tables[filter].find(([found]) => found === key)?.[1] ?? key;
}

/**
 * The documents of a page; documents are numbered from the newest, so their order is the date's.
 * @param {number[]} documents best first
 * @param {{ sort: string, page: number }} state
 */
export function paged(documents, { sort, page }) {
  const ordered = sort === "date" ? [...documents].sort((a, b) => a - b) : documents;
  const pages = Math.max(1, Math.ceil(ordered.length / PAGE));
  const shown = Math.min(Math.max(1, page), pages);
  return { pages, page: shown, documents: ordered.slice((shown - 1) * PAGE, shown * PAGE) };
}
