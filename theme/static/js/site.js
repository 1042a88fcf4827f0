// Everything here is an extra: without it all pages can be read.

const root = document.documentElement;

root.classList.add("scripted"); // what works by script alone is shown from the first paint on

// Ways to show pages (适老化), remembered on this device; set before the first paint.
const EASE = { large: "large-type", contrast: "strong-contrast" };

function recall(name) {
  try {
    return localStorage.getItem(EASE[name]) === "1";
  } catch {
    return false; // storage may be forbidden
  }
}

function remember(name, on) {
  try {
    localStorage.setItem(EASE[name], on ? "1" : "0");
  } catch {
    // the choice then lasts for this page only
  }
}

for (const name of Object.keys(EASE)) root.classList.toggle(name, recall(name));

function offerEase(button) {
  const name = button.dataset.ease;
  const show = () => button.setAttribute("aria-pressed", String(root.classList.contains(name)));
  button.addEventListener("click", () => {
    remember(name, root.classList.toggle(name));
    show();
  });
  show();
}

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-ease]")) offerEase(button);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  // A citation says where it was read.
  for (const place of document.querySelectorAll("[data-address]")) {
    place.textContent = `，${location.origin}${location.pathname}`;
  }
  // What a form is to be about goes in the fragment, which a browser keeps to itself.
  for (const link of document.querySelectorAll("a[data-about]")) link.hash = link.dataset.about;
});
