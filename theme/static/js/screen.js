// Turns the lobby screen's slides. Whoever asks for less motion turns them by hand;
// anyone can stop them. After a while the page is fetched anew, if the network answers.

const SHOWN = 12 * 1000; // ms a slide
const FRESH = 30 * 60 * 1000; // ms until the page is fetched anew
const began = Date.now();
const screenPart = document.querySelector("[data-screen]");
const pause = document.querySelector("[data-screen-pause]");
const place = document.querySelector("[data-screen-place]");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let at = 0;
let stopped = still.matches;

function slides() {
  return [...screenPart.querySelectorAll(".slide")].filter((slide) => {
    const rows = slide.querySelector(".rows");
    return !rows || rows.children.length > 0; // all that was on it came down
  });
}

function show(number) {
  const all = slides();
  at = (number + all.length) % all.length;
  for (const slide of screenPart.querySelectorAll(".slide")) {
    slide.classList.toggle("on", slide === all[at]);
  }
  place.textContent = `第${at + 1}屏，共${all.length}屏`;
}

function setStopped(now) {
  stopped = now;
  pause.setAttribute("aria-pressed", String(stopped));
  pause.textContent = stopped ? "继续翻页" : "暂停翻页";
}

async function renew() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.ok) location.reload();
  } catch {
    // no network: what is shown stays
  }
}

function turn() {
  if (stopped || document.hidden) return;
  show(at + 1);
  if (at === 0 && Date.now() - began > FRESH) renew();
}

if (screenPart && slides().length > 1) {
  screenPart.classList.add("turning");
  setStopped(stopped);
  show(0);
  setInterval(turn, SHOWN);
  pause.addEventListener("click", () => setStopped(!stopped));
  document.querySelector("[data-screen-back]").addEventListener("click", () => show(at - 1));
  document.querySelector("[data-screen-on]").addEventListener("click", () => show(at + 1));
  addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea")) return;
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
  });
  still.addEventListener("change", () => setStopped(still.matches || stopped));
}
