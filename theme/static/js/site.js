// Everything here is an extra: without it all pages can be read.

const root = document.documentElement;

// Large type (适老化), remembered on this device; set before the first paint.
const LARGE = "large-type";

function recall() {
  try {
    return localStorage.getItem(LARGE) === "1";
  } catch {
    return false; // storage may be forbidden
  }
}

function remember(on) {
  try {
    localStorage.setItem(LARGE, on ? "1" : "0");
  } catch {
    // the choice then lasts for this page only
  }
}

root.classList.toggle("large", recall());

function offerLargeType(button) {
  const show = () => button.setAttribute("aria-pressed", String(root.classList.contains("large")));
  button.addEventListener("click", () => {
    remember(root.classList.toggle("large"));
    show();
  });
  show();
  button.hidden = false;
}

// What is past its last day goes by the calendar in China, even before the next rebuild.
function hidePastLastDay() {
  const today = new Intl.DateTimeFormat("en-CA", {
    timeZone: "Asia/Shanghai",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date());
  for (const part of document.querySelectorAll("[data-last-day]")) {
    if (part.dataset.lastDay >= today) continue;
    if (part.tagName === "ARTICLE") sayGone();
    part.remove();
  }
}

function sayGone() {
  document.title = "公示期已满";
  document.querySelector("[data-gone]").hidden = false;
  for (const trace of document.querySelectorAll(".crumbs [aria-current], meta[name=ArticleTitle]")) {
    trace.remove();
  }
}

document.addEventListener("DOMContentLoaded", () => {
  hidePastLastDay();
  for (const button of document.querySelectorAll("[data-large-type]")) offerLargeType(button);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
    button.hidden = false;
  }
});
