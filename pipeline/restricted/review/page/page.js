// The review page. Everything that comes from a row is put in as text, never as markup.
// Offsets are code points, as the server counts them.
"use strict";

const $ = (id) => document.getElementById(id);
const csrf = document.querySelector("meta[name=csrf]").content;
const state = { cases: [], case: null, mark: -1, place: 0, sure: "" };

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Review-Csrf": csrf },
    body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", credentials: "same-origin", ...options });
  } catch {
    throw new Error("连不上审查程序：它可能已经停止，请在命令行重新运行 review serve。");
  }
  const said = await answer.json().catch(() => ({ message: "审查程序没有正常回答，请重新运行。" }));
  if (!answer.ok) throw Object.assign(new Error(said.message), { stale: answer.status === 409 });
  return said;
}

function tell(message, bad = false) {
  $("status").textContent = message;
  $("status").classList.toggle("bad", bad);
}

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// ---- the list -------------------------------------------------------------------------

async function loadList() {
  const found = await ask("cases");
  state.cases = found.cases;
  $("who").textContent = `审查员：${found.reviewer}　${found.today}`;
  const held = found.cases.filter((one) => one.held).length;
  $("list-title").textContent = `待审查 ${found.cases.length} 件，其中暂缓 ${held} 件`;
  $("clear").hidden = found.clear === 0;
  $("clear").textContent = `批准全部没有疑问的（${found.clear} 件）`;
  if ($("kind").options.length === 1) {
    for (const [key, label] of found.kinds) $("kind").append(new Option(label, key));
  }
  showList();
}

function showList() {
  $("list").replaceChildren(...state.cases.map((one) => {
    const second = one.second ? "，待另一人签字" : "";
    const more = `${one.kind}　${one.held ? "暂缓" : "待审查"}${second}　最迟 ${one.due}`;
    const button = make("button", { type: "button" }, one.number || one.slug,
      make("small", {}, one.agency), make("small", {}, more));
    button.addEventListener("click", () => run(() => open(one.slug)));
    if (state.case && one.slug === state.case.slug) button.setAttribute("aria-current", "true");
    return make("li", {}, button);
  }));
  $("list").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

// ---- one decision ---------------------------------------------------------------------

async function open(slug) {
  const found = await ask(`cases/${slug}`);
  if (matchMedia("(max-width: 56rem)").matches) $("list-box").open = false;
  show(found, true);
  $("case").focus({ preventScroll: true });
}

function show(found, fresh) {
  state.case = found;
  state.sure = "";
  if (fresh) {
    state.place = 0;
    state.mark = Math.max(0, found.marks.findIndex((mark) => mark.why));
    if (!found.marks.length) state.mark = -1;
    $("note").value = "";
    $("only").checked = false;
    $("kind").value = "";
  }
  state.mark = Math.min(state.mark, found.marks.length - 1);
  const parts = [
    make("h2", {}, found.number || found.slug),
    make("p", { className: "meta" }, `${found.agency}　${found.kind}　${found.state}　最迟公开日 ${found.due}`),
  ];
  if (found.two) {
    const signed = found.signed ? `，${found.signed}已签字，还须另一人` : "";
    parts.push(make("p", { className: "meta" }, `批准须两名审查员签字${signed}。`));
  }
  if (found.reasons.length) {
    parts.push(make("ul", { className: "why" }, ...found.reasons.map((why) => make("li", {}, why))));
  }
  for (const column of found.columns) {
    const text = make("p", { className: "text" }, ...pieces(column));
    text.dataset.field = column.key;
    parts.push(make("section", {}, make("h3", {}, column.label), text,
      make("p", { className: "after" }, column.masked)));
  }
  $("case").replaceChildren(...parts);
  $("case").setAttribute("aria-busy", "false");
  showList();
  point();
}

function pieces(column) {
  const places = state.case.marks.flatMap((mark, at) => mark.places
    .map((place, which) => ({ mark, at, which, field: place[0], start: place[1], end: place[2] })))
    .filter((one) => one.field === column.key)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const chars = Array.from(column.raw);
  const made = [];
  let done = 0;
  for (const one of places) {
    const start = Math.max(one.start, done);
    if (start >= one.end) continue;
    made.push(chars.slice(done, start).join(""));
    const element = make("mark", { className: look(one.mark) }, chars.slice(start, one.end).join(""));
    element.dataset.mark = one.at;
    element.dataset.place = one.which;
    element.dataset.to = one.mark.replacement;
    element.addEventListener("click", () => {
      if (getSelection().isCollapsed) { state.mark = one.at; state.place = one.which; point(); }
    });
    made.push(element);
    done = one.end;
  }
  made.push(chars.slice(done).join(""));
  return made.filter((piece) => piece !== "");
}

function look(mark) {
  const names = [mark.standing];
  if (mark.why) names.push("doubt");
  if (mark.said && mark.standing === "masked") names.push("said");
  return names.join(" ");
}

function point() {
  for (const element of document.querySelectorAll("mark.current")) element.classList.remove("current");
  const mark = state.case?.marks[state.mark];
  if (!mark) { $("now").textContent = "没有需要看的词语；可选中文字后按“遮盖”。"; return; }
  const found = [...document.querySelectorAll(`mark[data-mark="${state.mark}"]`)];
  const current = found.find((one) => Number(one.dataset.place) === state.place) ?? found[0];
  current?.classList.add("current");
  current?.scrollIntoView({ block: "nearest" });
  const standing = { masked: "已遮盖", open: "未遮盖", shown: "已同意显示" }[mark.standing];
  const to = mark.replacement ? `为“${mark.replacement}”` : "";
  const told = [`${state.mark + 1}/${state.case.marks.length}`, standing + to, `共${mark.places.length}处`];
  if (mark.by) told.push(mark.by);
  $("now").textContent = [told.join("　"), mark.why, mark.suggestion].filter(Boolean).join("　");
}

function step(by) {
  const count = state.case?.marks.length ?? 0;
  if (!count) return;
  state.mark = (state.mark + by + count) % count;
  state.place = 0;
  point();
}

// ---- what is selected with the mouse ----------------------------------------------------

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const within = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".text");
  const text = within(range.startContainer);
  if (!text || within(range.endContainer) !== text) return null;
  const count = (node, offset) => {
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(node, offset);
    return Array.from(before.toString()).length;
  };
  const start = count(range.startContainer, range.startOffset);
  const end = count(range.endContainer, range.endOffset);
  return start < end ? { field: text.dataset.field, start, end } : null;
}

function marksIn(place) {
  return state.case.marks.filter((mark) => mark.places.some(
    ([field, start, end]) => field === place.field && start < place.end && place.start < end));
}

// ---- acts -----------------------------------------------------------------------------

async function rule(act) {
  const place = selected();
  const kind = $("kind").value;
  const only = $("only").checked;
  let asked;
  if (place && act === "mask") {
    asked = [{ ...place, act, kind, only }];
  } else {
    const current = state.case.marks[state.mark];
    const marks = place ? marksIn(place) : current ? [current] : [];
    asked = marks.map((mark) => ({ mark: mark.id, act, kind, only, place: only && !place ? state.place : 0 }));
  }
  if (!asked.length) { tell("先选中一处词语或一段文字。", true); return; }
  const before = state.case.marks[state.mark];
  const found = await ask(`cases/${state.case.slug}/words`, { version: state.case.version, asked });
  getSelection().removeAllRanges();
  $("kind").value = "";
  show(found, false);
  const done = { confirm: "已确认遮盖", show: "已改为显示", mask: "已遮盖" }[act];
  tell(`${done}。`);
  if (!place && before) follow(before);
}

/** Point at the next place that still asks for somebody, else stay at this word. */
function follow(before) {
  const same = ([field, start]) => (mark) => mark.places.some((p) => p[0] === field && p[1] === start);
  const here = Math.max(0, state.case.marks.findIndex(same(before.places[0])));
  const marks = state.case.marks;
  const next = marks.findIndex((mark, at) => at > here && mark.why);
  state.mark = next >= 0 ? next : here;
  state.place = 0;
  point();
}

async function back() {
  const mark = state.case?.marks[state.mark];
  if (!mark?.said) { tell("当前词语没有可以撤销的处理。", true); return; }
  show(await ask(`cases/${state.case.slug}/back`, { version: state.case.version, mark: mark.id }), false);
  tell("已撤销。");
}

async function sign(act) {
  const left = state.case.marks.filter((mark) => mark.why).length;
  if (act === "approve" && left && state.sure !== state.case.version) {
    state.sure = state.case.version;
    tell(`还有 ${left} 处没有确认；确实要批准，请再按一次“批准”。`, true);
    return;
  }
  const at = state.cases.findIndex((one) => one.slug === state.case.slug);
  const { slug, version } = state.case;
  const found = await ask(`cases/${slug}/sign`, { version, act, note: $("note").value });
  await loadList();
  const message = act === "refuse" ? "已记录：不批准。"
    : found.open ? "已签字；还须另一名审查员签字。" : "已批准。";
  const next = state.cases[Math.min(Math.max(at, 0), state.cases.length - 1)];
  if (found.open) show(found, true);
  else if (next) await open(next.slug);
  else finished();
  tell(message);
}

function finished() {
  state.case = null;
  state.mark = -1;
  $("case").replaceChildren(make("p", {}, "没有待审查的决定。下次运行 publish 时，批准的决定将会公开。"));
  $("case").setAttribute("aria-busy", "false");
  $("now").textContent = "";
}

async function other(by) {
  if (!state.cases.length) return;
  const at = state.cases.findIndex((one) => one.slug === state.case?.slug);
  await open(state.cases[(at + by + state.cases.length) % state.cases.length].slug);
}

async function clear() {
  const { count } = await ask("clear", {});
  await loadList();
  tell(`已批准没有疑问的决定 ${count} 件。`);
  if (!state.cases.length) finished();
  else if (!state.cases.some((one) => one.slug === state.case?.slug)) await open(state.cases[0].slug);
}

function preview() {
  const on = document.body.classList.toggle("previewing");
  document.querySelector("[data-act=preview]").setAttribute("aria-pressed", String(on));
  point();
}

const ACTS = {
  "previous-mark": () => step(-1), "next-mark": () => step(1),
  confirm: () => rule("confirm"), show: () => rule("show"), mask: () => rule("mask"),
  back, preview, "previous-case": () => other(-1), "next-case": () => other(1),
  approve: () => sign("approve"), refuse: () => sign("refuse"),
};
const NEEDS_CASE = new Set(["confirm", "show", "mask", "back", "approve", "refuse"]);
const KEYS = {
  j: "next-mark", k: "previous-mark", c: "confirm", u: "show", m: "mask", z: "back", v: "preview",
  n: "next-case", p: "previous-case", a: "approve", r: "refuse",
};

let busy = false;
/** One act at a time: a key pressed twice says nothing twice. */
async function run(act) {
  if (busy) return;
  busy = true;
  document.body.dataset.busy = "true";
  try {
    await act();
  } catch (error) {
    if (error.stale && state.case) {
      const slug = state.case.slug;
      await loadList();
      if (state.cases.some((one) => one.slug === slug)) await open(slug);
      else finished();
    }
    tell(error.message, true);
  } finally {
    busy = false;
    delete document.body.dataset.busy;
  }
}

function act(name) {
  if (NEEDS_CASE.has(name) && !state.case) return;
  tell("");
  run(ACTS[name]);
}

for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => act(button.dataset.act));
}
$("clear").addEventListener("click", () => run(clear));
$("help-open").addEventListener("click", () => $("help").showModal());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("help").open) return;
  if (event.key === "Escape") {
    document.activeElement?.blur();
    getSelection().removeAllRanges();
    return;
  }
  if (event.target.closest?.("input:not([type=checkbox]), select, textarea")) return;
  const key = event.key.toLowerCase();
  if (event.key === "?") $("help").showModal();
  else if (key === "o") $("only").checked = !$("only").checked;
  else if (KEYS[key] && !event.repeat) act(KEYS[key]);
  else return;
  event.preventDefault();
});

run(async () => {
  await loadList();
  if (state.cases.length) await open(state.cases[0].slug);
  else finished();
});
