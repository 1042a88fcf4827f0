// The search page: reads its address, searches, shows, and writes its address.
// @ts-check

import { address, stateOfAddress } from "./address.js";
import { choices, filtered, PAGE, paged } from "./facets.js";
import { fetched, Index, IndexError, VERSION } from "./index.js";
import { FILTERS } from "./part.js";
import { find } from "./rank.js";
import { marked } from "./snippet.js";
import { groups, holdsIdentityNumber } from "./text.js";
import { item, offer, pager } from "./view.js";

/**
 * @typedef {import("./rank.js").Found} Found
 * @typedef {import("./address.js").State} State
 */

const PAUSE = 350; // milliseconds after the last key until the search starts
const LONG_NUMBER = /\d{11}/; // may become an identity number: waits for Enter, stays out of the address

/** @template {Element} T @param {string} selector @returns {T} */
const one = (selector) => /** @type {T} */ (document.querySelector(selector));

const page = {
  form: /** @type {HTMLFormElement} */ (one("[data-search-form]")),
  input: /** @type {HTMLInputElement} */ (one("[data-search-input]")),
  list: /** @type {HTMLOListElement} */ (one("[data-search-results]")),
  status: /** @type {HTMLElement} */ (one("[data-search-status]")),
  count: /** @type {HTMLElement} */ (one("[data-search-count]")),
  words: /** @type {HTMLElement} */ (one("[data-search-words]")),
  message: /** @type {HTMLElement} */ (one("[data-search-message]")),
  empty: /** @type {HTMLElement} */ (one("[data-search-empty]")),
  filters: /** @type {HTMLDetailsElement} */ (one("[data-search-filters]")),
  pager: /** @type {HTMLElement} */ (one("[data-search-pager]")),
  suggestions: /** @type {HTMLElement} */ (one("[data-search-suggestions]")),
  suggested: /** @type {HTMLElement} */ (one("[data-search-suggested]")),
};
const root = page.form.dataset.root ?? "../";
const place = new URL("index/", new URL(page.form.dataset.place ?? ".", location.href)).href;
const titled = document.title;

let index = new Index(place);
/** @type {Promise<Index> | null} */
let opened = null;
let turn = 0; // which search is the last one: earlier answers are dropped

/** @returns {State} */
function stateOfForm() {
  const given = new FormData(page.form);
  /** @type {State} */
  const state = { q: String(given.get("q") ?? "").trim(), sort: String(given.get("sort")), page: 1 };
  for (const filter of FILTERS) state[filter] = String(given.get(filter) ?? "");
  return state;
}

/** @param {State} state */
function fillForm(state) {
  if (page.input.value.trim() !== state.q) page.input.value = state.q;
  for (const name of [...FILTERS, "sort"]) {
    const select = /** @type {HTMLSelectElement} */ (page.form.elements.namedItem(name));
    const value = name === "sort" ? state.sort : (state[/** @type {"agency"} */ (name)] ?? "");
    if (value && ![...select.options].some((option) => option.value === value)) {
      select.add(new Option(value, value)); // until the counts come
    }
    select.value = value;
  }
}

/** @param {boolean} waiting */
function busy(waiting) {
  page.list.setAttribute("aria-busy", String(waiting));
}

/** @param {string} text */
function say(text) {
  page.message.textContent = text;
  page.message.hidden = !text;
}

function clear() {
  page.list.replaceChildren();
  page.pager.hidden = true;
  page.empty.hidden = true;
  page.status.hidden = true;
  page.filters.hidden = true;
  say("");
}

/**
 * Search for what the state says and show it.
 * @param {State} state
 */
async function search(state) {
  const mine = ++turn;
  if (holdsIdentityNumber(state.q)) return refuseIdentityNumber();
  document.title = state.q ? `${state.q} - ${titled}` : titled;
  if (!groups(state.q).length) {
    clear();
    if (state.q) say("请输入至少一个汉字、字母或数字。");
    return busy(false);
  }
  busy(true);
  try {
    await show(state, () => mine === turn);
  } catch (error) {
    if (mine !== turn) return undefined;
    opened = null; // a later try starts afresh
    index = new Index(place);
    clear();
    say(troubled(error));
  }
  if (mine === turn) busy(false);
  return undefined;
}

/** What typing it here would do: nothing. It is neither looked for nor kept in the address. */
function refuseIdentityNumber() {
  clear();
  page.input.value = "";
  document.title = titled;
  history.replaceState(null, "", location.pathname);
  say(
    "您输入的像是居民身份证号码。本站公示的信息不含身份证号码，检索不到；为保护您的个人信息，" +
      "输入的内容没有检索，也没有保存。请改用单位名称、决定书文号或者统一社会信用代码检索。",
  );
  busy(false);
}

/** @param {unknown} error */
function troubled(error) {
  if (!navigator.onLine) return "网络已断开，无法检索。恢复连接后请再点一次“查询”。";
  if (error instanceof IndexError && error.message === "version") {
    return `本页已有更新，请刷新页面后再检索（索引版本不是 ${VERSION}）。`;
  }
  return "检索数据没有完整载入，请稍后再点一次“查询”；也可以按种类、年份或者机关浏览。";
}

/** @param {State} state */
async function found(state) {
  opened ??= index.open();
  await opened;
  try {
    return await find(index, state.q);
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    // A release may have replaced the index that the browser remembers: once more, afresh.
    index = new Index(place, (address) => fetched(address, "reload"));
    opened = index.open();
    await opened;
    return find(index, state.q);
  }
}

/**
 * @param {State} state
 * @param {() => boolean} current
 */
async function show(state, current) {
  const answer = await found(state);
  const used = index;
  const gone = await used.gone(today());
  const living = answer.documents.filter((at) => !gone(at));
  if (state.sort === "date" || FILTERS.some((filter) => state[filter])) await used.allColumns();
  const passed = filtered(living, state, used);
  const at = paged(passed, state, used);
  const results = await used.results(at.documents);
  if (!current()) return;
  clear();
  const mark = (/** @type {string} */ text) => marked(text, answer.groups);
  page.list.replaceChildren(...results.map((result) => item(result, root, mark)));
  page.list.start = (at.page - 1) * PAGE + 1;
  page.count.textContent = String(passed.length);
  page.words.textContent = answer.cut ? "（内容太多，只检索了一部分，请再多输入几个字）" : "";
  page.status.hidden = false;
  page.empty.hidden = passed.length > 0;
  pager(page.pager, at, (number) => address({ ...state, page: number }));
  page.filters.hidden = !living.length;
  fillSnippets(answer, results);
  if (used.columns || page.filters.open) await fillFilters(living, state, used);
  else page.filters.ontoggle = () => fillFilters(living, state, used);
}

/**
 * @param {number[]} documents
 * @param {State} state
 * @param {Index} used
 */
async function fillFilters(documents, state, used) {
  page.filters.ontoggle = null;
  await used.allColumns();
  const offered = choices(documents, state, used);
  for (const filter of FILTERS) {
    const select = /** @type {HTMLSelectElement} */ (page.form.elements.namedItem(filter));
    offer(select, offered[filter], state[filter] ?? "");
  }
}

/**
 * Snippets are not waited for, nor is their module.
 * @param {Found} answer
 * @param {import("./index.js").Result[]} results
 */
async function fillSnippets(answer, results) {
  const module = await import("./snippets.js").catch(() => null); // an extra, as the snippets are
  module?.fillSnippets(page.list, answer.groups, results);
}

/**
 * Names and numbers of what would be found.
 * @param {string} typed
 */
async function suggested(typed) {
  if (holdsIdentityNumber(typed) || LONG_NUMBER.test(typed.normalize("NFKC"))) return [];
  const { documents } = await found({ q: typed, sort: "relevance", page: 1 });
  const gone = await index.gone(today());
  const shown = await index.results(documents.filter((at) => !gone(at)).slice(0, PAGE));
  const { suggestions } = await import("./suggest.js");
  return suggestions(typed, shown);
}

/** Today in China, as days since 1970. */
function today() {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date());
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / 86400000);
}

/** @param {State} state @param {boolean} [keep] replace the address instead of adding to the history */
function go(state, keep = false) {
  if (!holdsIdentityNumber(state.q)) {
    const target = address(state);
    if (keep) history.replaceState(null, "", target);
    else if (target !== location.search) history.pushState(null, "", target);
  }
  fillForm(state);
  return search(state);
}

function start() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const state = stateOfForm();
      const before = stateOfAddress().q;
      if (state.q !== before && !LONG_NUMBER.test(state.q.normalize("NFKC"))) go(state, Boolean(before));
    }, PAUSE);
  };
  page.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    go(stateOfForm());
  });
  page.input.addEventListener("input", (event) => {
    if (!(/** @type {InputEvent} */ (event).isComposing)) later();
  });
  page.input.addEventListener("compositionend", later);
  page.form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) go(stateOfForm());
  });
  page.pager.addEventListener("click", async (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    await search(stateOfAddress());
    page.status.focus();
    page.status.scrollIntoView();
  });
  addEventListener("popstate", () => {
    fillForm(stateOfAddress());
    search(stateOfAddress());
  });
  const suggest = async () => {
    const before = page.input.value;
    const { suggesting } = await import("./suggest.js");
    suggesting({
      input: page.input,
      list: page.suggestions,
      said: page.suggested,
      look: suggested,
      take: (text) => {
        clearTimeout(waiting);
        page.input.value = text;
        go(stateOfForm());
      },
    });
    // Typed while this module was on its way; what was there before is answered on the page.
    if (page.input.value !== before) page.input.dispatchEvent(new Event("input"));
  };
  page.input.addEventListener("focus", () => suggest().catch(() => {}), { once: true });
  const state = stateOfAddress();
  fillForm(state);
  search(state);
}

start();
