// Pieces of the pages found, shown below their titles.
// @ts-check

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
    if (allShown([title, number], groups)) return;
    placeOf(list.children[at]).hidden = false;
    watch.observe(list.children[at]);
  });
}

/** @param {Element} item */
const placeOf = (item) => /** @type {HTMLElement} */ (item.querySelector("[data-search-snippet]"));

/**
 * @param {Group[]} groups
 * @param {HTMLElement} place
 */
async function fillSnippet(groups, place) {
  try {
    const link = /** @type {HTMLAnchorElement} */ (place.querySelector("a"));
    const pieces = snippet(textsOf(await pageAt(link.href)), groups);
    placeOf(place).replaceChildren(...nodes(pieces));
  } catch {
    // A snippet is an extra: without it the result still stands.
  }
}

/**
 * A page, taken apart by the browser itself: no script hands text to a parser (Trusted Types).
 * @param {string} address
 * @returns {Promise<Document>}
 */
function pageAt(address) {
  return new Promise((take, fail) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? take(request.response) : fail());
    request.onerror = fail;
    request.send();
  });
}

/**
 * The texts of a page's main part, as they are read one after the other.
 * @param {Document} page
 */
function textsOf(page) {
  const main = page.querySelector("main");
  const blocks = [...(main?.querySelectorAll("dd, td, p, li") ?? [])];
  return blocks.filter((block) => !block.querySelector("p, li, td")).map((block) => block.textContent ?? "");
}
