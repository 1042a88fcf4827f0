// @ts-check
// Shows by when a complaint must be answered, for the day that the visitor enters.
import { limits } from "./working-days.js";

const part = /** @type {HTMLElement | null} */ (document.querySelector("[data-days]"));

/** @param {string} day ISO */
function inWords(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** @param {import("./working-days.js").Last} last */
function told(last) {
  return inWords(last.day) + (last.provisional ? "（该年放假安排未公布，日期暂定）" : "");
}

/** @param {HTMLElement} panel @param {import("./working-days.js").Calendar} calendar */
function offer(panel, calendar) {
  const received = /** @type {HTMLInputElement} */ (panel.querySelector("#received"));
  const accepted = /** @type {HTMLInputElement} */ (panel.querySelector("#accepted"));
  const intro = /** @type {HTMLElement} */ (document.querySelector("[data-days-intro]"));
  const { accept, close, extend } = panel.dataset;
  const rules = { accept: Number(accept), close: Number(close), extend: Number(extend) };

  function show() {
    if (!received.value) return;
    accepted.min = received.value;
    const taken = accepted.value >= received.value ? accepted.value : "";
    const found = limits(received.value, taken, rules, calendar);
    intro.textContent = `${inWords(received.value)}收到${taken ? `、${inWords(taken)}受理` : ""}的：`;
    for (const [name, last] of Object.entries(found)) {
      const cell = document.querySelector(`[data-day="${name}"]`);
      if (cell) cell.textContent = told(last);
    }
  }

  received.addEventListener("input", show);
  accepted.addEventListener("input", show);
}

if (part?.dataset.file) {
  fetch(part.dataset.file)
    .then((answer) => answer.json())
    .then((calendar) => offer(part, calendar))
    .catch(() => {
      part.hidden = true; // the dates of the example stay
    });
}
