// Takes out of the page what is past its last day, whether or not the site was rebuilt.
// Every part that names a decision says its last day in data-last-day (the template macro
// `until`); this runs while the page is read in, so that nothing expired is shown first.
// What is to be shown from a later day on (an officer's next state) waits in data-first-day.

// The day is China's, UTC+8 all year round, wherever the visitor's clock is set to.
const CHINA = 8 * 60 * 60 * 1000;
const LOOK_AGAIN = 10 * 60 * 1000; // for pages that stay open over midnight
const thinned = new Set();

function todayInChina() {
  return new Date(Date.now() + CHINA).toISOString().slice(0, 10);
}

function takeOutPast() {
  const today = todayInChina();
  for (const part of document.querySelectorAll("[data-first-day]")) {
    if (part.dataset.firstDay > today) continue;
    part.hidden = false;
    delete part.dataset.firstDay;
  }
  for (const part of document.querySelectorAll("[data-last-day]")) {
    if (part.dataset.lastDay >= today) continue;
    if (part.tagName === "ARTICLE") sayGone();
    thinned.add(part.parentElement);
    part.remove();
  }
}

function sayGone() {
  document.title = "公示期已满";
  document.querySelector("[data-gone]").hidden = false;
  const traces =
    ".crumbs [aria-current], meta[name=ArticleTitle], meta[name^=Column], meta[name=description]," +
    " meta[property], link[rel=canonical]";
  for (const trace of document.querySelectorAll(traces)) trace.remove();
}

// A list of which nothing is left says so.
function sayEmpty() {
  for (const list of thinned) {
    if (list.children.length || !/^[OU]L$/.test(list.tagName)) continue;
    const note = document.createElement("p");
    note.className = "empty";
    note.textContent = "这里的执法决定公示期已满，不再展示。";
    list.replaceWith(note);
  }
  thinned.clear();
}

function again() {
  takeOutPast();
  sayEmpty();
}

const reading = new MutationObserver(takeOutPast);
reading.observe(document, { childList: true, subtree: true });
document.addEventListener("DOMContentLoaded", () => {
  reading.disconnect();
  again();
});
addEventListener("pageshow", again);
document.addEventListener("visibilitychange", again);
setInterval(again, LOOK_AGAIN);
