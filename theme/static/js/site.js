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

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-large-type]")) offerLargeType(button);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
    button.hidden = false;
  }
  // What a form is to be about goes in the fragment, which a browser keeps to itself.
  for (const link of document.querySelectorAll("a[data-about]")) link.hash = link.dataset.about;
});
