// Suggestions while typing: names and numbers of what would be found (a combobox).
// @ts-check

import { folded, normalise } from "./text.js";
import { element } from "./view.js";

const MOST = 6; // suggestions shown
const LEAST = 2; // characters typed before there are any
const PAUSE = 150; // milliseconds after the last key

/**
 * The names of parties or pages and the numbers that hold what was typed, each once.
 * @param {string} typed
 * @param {{ title: string, number: string }[]} results best first
 * @param {Map<string, string>} [variants]
 * @returns {string[]}
 */
export function suggestions(typed, results, variants) {
  const wanted = folded(normalise(typed, variants));
  const found = new Set(
    results
      .flatMap(({ title, number }) => [title.split("：")[0], number])
      .filter((text) => wanted && folded(normalise(text, variants)).includes(wanted)),
  );
  found.delete(typed);
  return [...found].slice(0, MOST);
}

/**
 * Offer suggestions below an input: arrow keys choose, Enter takes, Escape closes.
 * @param {{
 *   input: HTMLInputElement, list: HTMLElement, said: HTMLElement,
 *   look: (typed: string) => Promise<string[]>, take: (text: string) => void,
 * }} parts `said` is a live region; `look` may fail: then there are none
 */
export function suggesting({ input, list, said, look, take }) {
  /** @type {HTMLElement[]} */
  let options = [];
  let chosen = -1;
  let turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  const close = () => {
    turn++;
    clearTimeout(waiting);
    [options, chosen] = [[], -1];
    list.replaceChildren();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    said.textContent = "";
  };

  const point = (/** @type {number} */ at) => {
    chosen = at;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[at].id);
  };

  const accept = (/** @type {HTMLElement} */ option) => {
    const text = option.textContent ?? "";
    close();
    take(text);
  };

  const offer = async () => {
    const mine = ++turn;
    const typed = input.value.trim();
    const texts = [...typed].length < LEAST ? [] : await look(typed).catch(() => []);
    if (mine !== turn) return;
    close();
    if (!texts.length || document.activeElement !== input) return;
    options = texts.map((text, at) =>
      element("li", { role: "option", id: `${list.id}-${at}`, "aria-selected": "false" }, text),
    );
    list.replaceChildren(...options);
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    said.textContent = `有 ${texts.length} 条建议，可用上下方向键选择`;
  };

  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, PAUSE);
  };
  input.addEventListener("input", (event) => {
    if (!(/** @type {InputEvent} */ (event).isComposing)) later();
  });
  input.addEventListener("compositionend", later);
  input.addEventListener("blur", close);
  input.form?.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
  list.addEventListener("click", (event) => {
    const option = /** @type {Element} */ (event.target).closest("li");
    if (option) accept(option);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") point(chosen + 1 < options.length ? chosen + 1 : -1);
    else if (event.key === "ArrowUp") point(chosen < 0 ? options.length - 1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) accept(options[chosen]);
    else return;
    event.preventDefault();
  });
}
