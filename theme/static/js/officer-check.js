// @ts-check
// Answers 'is this officer genuine?' by certificate number, from one small file. The number
// comes from the box or from the address's fragment (a scanned card); it stays in the browser.

/**
 * @typedef {{ state: string, label: string, note: string, first: string, last: string }} State
 * @typedef {{ number: string, agency: string, staff: string, cells: [string, string][],
 *   states: State[] }} Officer
 * @typedef {{ agencies: Record<string, { name: string, hotline: string }>,
 *   officers: Officer[] }} Data
 */

const CHINA = 8 * 60 * 60 * 1000; // the day is China's, wherever the visitor's clock is set
const panel = /** @type {HTMLElement | null} */ (document.querySelector("[data-check]"));

/** @param {string} text */
function plain(text) {
  return text.normalize("NFKC").replace(/[\s\-－—]/g, "").toUpperCase();
}

/** @param {Officer} officer @param {string} today */
function stateOn(officer, today) {
  return officer.states.find((one) => one.first <= today && (!one.last || today <= one.last));
}

/** @param {string} tag @param {string} text @param {string} [name] */
function element(tag, text, name = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

/** @param {string} label @param {Node} value */
function fact(label, value) {
  const row = document.createElement("div");
  const told = document.createElement("dd");
  told.append(value);
  row.append(element("dt", label), told);
  return row;
}

/** @param {Officer} officer @param {Data} data @param {string} root */
function shown(officer, data, root) {
  const today = new Date(Date.now() + CHINA).toISOString().slice(0, 10);
  const state = stateOn(officer, today) ?? officer.states[0];
  const agency = data.agencies[officer.agency];
  const valid = state.state === "valid";
  const verdict = valid ? "名册中有这个证件，今天有效。" : `名册中有这个证件，但${state.label}${state.note ? `（${state.note}）` : ""}，今天不能持证执法。`;
  const facts = element("dl", "", "facts");
  const link = /** @type {HTMLAnchorElement} */ (element("a", agency.name));
  link.href = `${root}agencies/${officer.agency}/officers/`;
  facts.append(fact("执法机关", link));
  for (const [label, text] of officer.cells) facts.append(fact(label, new Text(text)));
  facts.append(fact("人员类别", new Text(officer.staff)));
  const help = element("p", "");
  const form = /** @type {HTMLAnchorElement} */ (element("a", "投诉举报"));
  form.href = `${root}agencies/${officer.agency}/complaint/form/#officer=${encodeURIComponent(officer.number)}`;
  help.append("请与证件上的照片、姓名对照。对不上的，拨打 ", tel(agency.hotline), " 核实，或者", form, "。");
  const said = element("p", verdict, valid ? "verdict verdict-good" : "verdict verdict-bad");
  const aside = officer.staff === "执法人员" ? [] : [element("p", "这是辅助人员，不能单独执法。")];
  return [said, ...aside, facts, help];
}

/** @param {string} number */
function tel(number) {
  const link = /** @type {HTMLAnchorElement} */ (element("a", number, "tel"));
  link.href = `tel:${number}`;
  return link;
}

/** @param {Data} data */
function unknown(data) {
  const list = document.createElement("ul");
  for (const agency of Object.values(data.agencies)) {
    const item = element("li", `${agency.name}　`);
    item.append(tel(agency.hotline));
    list.append(item);
  }
  return [
    element("p", "名册中没有这个编号。", "verdict verdict-bad"),
    element("p", "请核对是否输错；确实没有的，可以拒绝检查，并拨打机关的电话核实："),
    list,
  ];
}

/** @param {HTMLElement} place @param {Promise<Data>} loading */
function offer(place, loading) {
  const input = /** @type {HTMLInputElement} */ (place.querySelector("input"));
  const answer = /** @type {HTMLElement} */ (place.querySelector("[data-answer]"));
  const root = place.dataset.root ?? "";

  async function ask() {
    const number = plain(input.value);
    if (!number) return answer.replaceChildren();
    try {
      const data = await loading;
      const found = data.officers.find((one) => one.number === number);
      return answer.replaceChildren(...(found ? shown(found, data, root) : unknown(data)));
    } catch {
      const said = element("p", "名册没有载入，请在下面的名单中查找证件编号。", "notice");
      return answer.replaceChildren(said);
    }
  }

  function recall() {
    try {
      input.value = decodeURIComponent(location.hash.slice(1));
    } catch {
      input.value = "";
    }
    if (input.value) ask();
  }

  place.querySelector("button")?.addEventListener("click", ask);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) ask();
  });
  addEventListener("hashchange", recall);
  recall();
}

if (panel?.dataset.file) {
  const loading = fetch(panel.dataset.file).then((answer) => answer.json());
  loading.catch(() => {}); // said when something is asked
  offer(panel, loading);
}
