// Pieces of the pages found, shown below their titles.
// @ts-check

import { fetched } from "./index.js";
import { allShown, snippet } from "./snippet.js";
import { nodes } from "./view.js";

/** @typedef {import("./text.js").Group} Group */

/**
 * Where title and number do not show why a result was found, a piece of the page it leads to
 * does, loaded when the result comes into sight.
 * @param {HTMLElement} list the results as shown
 * @param {Group[]} groups
 * @param {import("./index.js").Result[]} results
 */
export function fillSnippets(list, groups, results) {
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      fillSnippet(groups, /** @type {HTMLElement} */ (target));
    }
  });
  if (list.children.length !== results.length) return; // another search came between
  results.forEach(({ title, number }, at) => {
    if (!allShown([title, number], groups)) watch.observe(list.children[at]);
  });
}

/**
 * @param {Group[]} groups
 * @param {HTMLElement} place
 */
async function fillSnippet(groups, place) {
  try {
    const link = /** @type {HTMLAnchorElement} */ (place.querySelector("a"));
    const html = new TextDecoder().decode(await fetched(link.href));
    const pieces = snippet(textsOf(html), groups);
    const target = /** @type {HTMLElement} */ (place.querySelector("[data-search-snippet]"));
    target.replaceChildren(...nodes(pieces));
    target.hidden = !pieces.length;
  } catch {
    // A snippet is an extra: without it the result still stands.
  }
}

/**
 * The texts of a page's main part, as they are read one after the other.
 * @param {string} html
 */
function textsOf(html) {
  const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  const blocks = [...(main?.querySelectorAll("dd, td, p, li") ?? [])];
  return blocks.filter((block) => !block.querySelector("p, li, td")).map((block) => block.textContent ?? "");
}
