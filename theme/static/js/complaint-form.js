// @ts-check
// Fills in the printable form whom or what it is about, from the address's fragment:
// #officer=NUMBER or #decision=NUMBER. The fragment and all that is typed stay in the browser.
const form = /** @type {HTMLElement | null} */ (document.querySelector("[data-form]"));

/** @param {string} id @param {string} text */
function fill(id, text) {
  const input = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
  if (input && !input.value) input.value = text.slice(0, 200);
}

/** @param {string} number @param {HTMLElement} sheet */
async function fillOfficer(number, sheet) {
  fill("certificate", number);
  const answer = await fetch(sheet.dataset.file ?? "");
  const { officers } = await answer.json();
  const found = officers.find((/** @type {{ number: string }} */ one) => one.number === number);
  if (found?.agency === sheet.dataset.agency) {
    const cells = new Map(found.cells);
    fill("against", ["单位", "姓名"].map((label) => cells.get(label) ?? "").join(" ").trim());
  }
}

if (form) {
  const about = new URLSearchParams(location.hash.slice(1));
  const officer = about.get("officer");
  const decision = about.get("decision");
  if (officer) fillOfficer(officer, form).catch(() => {});
  if (decision) fill("decision", decision);
}
