// @ts-check
// Makes a plain table one that can be filtered and sorted. Without a script it stays a table.
// In the head: data-choose offers a column's values, data-fixed leaves it out of sorting.
// In a cell: data-value is what to sort by when it differs from what is shown.

/** @param {string} text */
function plain(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

/** @param {HTMLTableRowElement} row @param {number} column */
function value(row, column) {
  const cell = row.cells[column];
  return cell?.dataset.value ?? cell?.textContent?.trim() ?? "";
}

/** Numbers by size, everything else as Chinese sorts; empty cells last.
 * @param {string} a @param {string} b */
function compare(a, b) {
  const blank = Number(a === "" || a === "—") - Number(b === "" || b === "—");
  if (blank) return blank;
  const numbers = /^\d+(\.\d+)?[%％]?$/;
  if (numbers.test(a) && numbers.test(b)) return Number.parseFloat(a) - Number.parseFloat(b);
  return a.localeCompare(b, "zh-CN", { numeric: true });
}

/** @param {HTMLTableElement} table */
function headsOf(table) {
  return [...(table.tHead?.rows[0]?.cells ?? [])];
}

/** @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows @param {number} column
 * @param {boolean} down */
function sort(table, rows, column, down) {
  headsOf(table).forEach((head, place) => {
    if (place === column) head.ariaSort = down ? "descending" : "ascending";
    else head.removeAttribute("aria-sort");
  });
  const sorted = [...rows].sort((a, b) => compare(value(a, column), value(b, column)));
  table.tBodies[0].append(...(down ? sorted.reverse() : sorted));
}

/** @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows */
function offerSorting(table, rows) {
  headsOf(table).forEach((head, column) => {
    if ("fixed" in head.dataset) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      sort(table, rows, column, head.ariaSort === "ascending");
    });
  });
}

/** For narrow screens, where there is no head to press.
 * @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows */
function sortChoice(table, rows) {
  const select = document.createElement("select");
  select.append(new Option("原来的次序", ""));
  headsOf(table).forEach((head, column) => {
    if (!("fixed" in head.dataset)) select.append(new Option(head.textContent?.trim(), `${column}`));
  });
  select.addEventListener("change", () => {
    if (select.value) sort(table, rows, Number(select.value), false);
    else table.tBodies[0].append(...rows);
  });
  const made = labelled("排序", select);
  made.className = "listing-sort";
  return made;
}

/** @param {string} label @param {HTMLElement} control */
function labelled(label, control) {
  const made = document.createElement("label");
  made.append(label, control);
  return made;
}

/** @param {string[]} values */
function choice(values) {
  const made = document.createElement("select");
  made.append(new Option("全部", ""), ...values.map((text) => new Option(text, text)));
  return made;
}

/** @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows */
function offerFilters(table, rows) {
  const bar = document.createElement("div");
  bar.className = "listing-tools";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", `筛选${table.dataset.listing}`);
  const words = document.createElement("input");
  words.type = "search";
  words.autocomplete = "off";
  bar.append(labelled("查找", words));
  /** @type {[number, HTMLSelectElement][]} */
  const choices = [];
  headsOf(table).forEach((head, column) => {
    if (!("choose" in head.dataset)) return;
    const values = [...new Set(rows.map((row) => value(row, column)))].sort(compare);
    if (values.length < 2) return;
    const select = choice(values);
    choices.push([column, select]);
    bar.append(labelled(head.textContent?.trim() ?? "", select));
  });
  bar.append(sortChoice(table, rows));
  const count = document.createElement("p");
  count.setAttribute("role", "status");
  bar.append(count);

  function show() {
    const wanted = words.value.split(/[\s　]+/).map(plain).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      const text = plain(row.textContent ?? "");
      const fits =
        wanted.every((word) => text.includes(word)) &&
        choices.every(([column, select]) => !select.value || value(row, column) === select.value);
      row.hidden = !fits;
      left += fits ? 1 : 0;
    }
    count.textContent = left === rows.length ? "" : `符合条件的 ${left} 项，共 ${rows.length} 项`;
  }

  bar.addEventListener("input", show);
  (table.closest(".scroll") ?? table).before(bar);
}

const FEW = 5; // rows that need no filter

for (const table of document.querySelectorAll("table[data-listing]")) {
  const own = /** @type {HTMLTableElement} */ (table);
  const rows = [...(own.tBodies[0]?.rows ?? [])];
  if (rows.length > 1) offerSorting(own, rows);
  if (rows.length > FEW) offerFilters(own, rows);
}
