// The address of a search: what scripts and bookmarks rely on.
// @ts-check

import { FILTERS } from "./part.js";
import { LIMITS } from "./text.js";

/**
 * @typedef {{ q: string, sort: string, page: number } & import("./facets.js").Chosen} State
 */

/**
 * What the address asks for.
 * @returns {State}
 */
export function stateOfAddress() {
  const asked = new URLSearchParams(location.search);
  /** @type {State} */
  const state = {
    q: (asked.get("q") ?? "").slice(0, LIMITS.characters),
    sort: asked.get("sort") === "date" ? "date" : "relevance",
    page: Math.min(Math.max(1, Number.parseInt(asked.get("page") ?? "1", 10) || 1), 100_000),
  };
  for (const filter of FILTERS) state[filter] = asked.get(filter) ?? "";
  return state;
}

/**
 * The address of a state, from the page itself.
 * @param {State} state
 */
export function address(state) {
  const asked = new URLSearchParams();
  if (state.q) asked.set("q", state.q);
  for (const filter of FILTERS) if (state[filter]) asked.set(filter, state[filter] ?? "");
  if (state.sort !== "relevance") asked.set("sort", state.sort);
  if (state.page > 1) asked.set("page", String(state.page));
  const words = asked.toString();
  return words ? `?${words}` : location.pathname;
}
