// What visitors see. Text only ever becomes text nodes.
// @ts-check

/**
 * @typedef {import("./snippet.js").Piece} Piece
 * @typedef {import("./index.js").Result} Result
 * @typedef {import("./facets.js").Choice} Choice
 */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** @param {Piece[]} pieces */
export const nodes = (pieces) =>
  pieces.map(({ text, hit }) => (hit ? element("mark", {}, text) : document.createTextNode(text)));

/**
 * One result; its snippet is filled in later.
 * @param {Result} result
 * @param {string} root the way to the site's root
 * @param {(text: string) => Piece[]} marked
 */
export function item(result, root, marked) {
  const facts = element(
    "p",
    { class: "item-facts" },
    element("span", { class: `tag tag-${result.kindKey}` }, result.kind),
    " ",
    element("span", {}, result.agency),
    " ",
    element("span", { class: "number" }, ...nodes(marked(result.number))),
    ...dated(result.date),
  );
  const link = element("a", { href: root + result.url }, ...nodes(marked(result.title)));
  const snippet = element("p", { class: "item-outcome", "data-search-snippet": "" });
  snippet.hidden = true;
  return element("li", { class: "item" }, element("p", { class: "item-title" }, link), facts, snippet);
}

/** @param {number} days since 1970, 0 for none */
function dated(days) {
  if (!days) return [];
  const day = new Date(days * 86400000).toISOString().slice(0, 10);
  const [year, month, date] = day.split("-").map(Number);
  return [" ", element("time", { datetime: day }, `${year}年${month}月${date}日`)];
}

/**
 * The choices of a filter, keeping what is chosen.
 * @param {HTMLSelectElement} select its first option means all
 * @param {Choice[]} choices
 * @param {string} chosen
 */
export function offer(select, choices, chosen) {
  const options = choices.map(({ key, name, count }) =>
    element("option", { value: key }, `${name}（${count}）`),
  );
  select.replaceChildren(/** @type {Node} */ (select.options[0]), ...options);
  select.value = chosen;
}

/**
 * Links to the neighbouring pages.
 * @param {HTMLElement} place
 * @param {{ page: number, pages: number }} at
 * @param {(page: number) => string} address
 */
export function pager(place, { page, pages }, address) {
  const links = [];
  if (page > 1) links.push(element("a", { href: address(page - 1), rel: "prev" }, "上一页"));
  links.push(element("span", {}, `第 ${page} 页，共 ${pages} 页`));
  if (page < pages) links.push(element("a", { href: address(page + 1), rel: "next" }, "下一页"));
  place.replaceChildren(...links);
  place.hidden = pages < 2;
}
