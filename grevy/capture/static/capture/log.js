/* A log by keyboard: every row is a record of its own, kept as a draft while typing and saved in one transaction.
   A row is sent again under the same key until the server has answered; a row that somebody else changed opens as
   a form, where the two are put together. */

import { changedPaths, readField, writeField } from "./fields.js";
import { Away, Server, clock, newKey, siteDay } from "./server.js";
import { Store } from "./store.js";
import { startTerms } from "./terms.js";

const page = document.querySelector("[data-log]"), form = page.querySelector("form");
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words"), bases = read("bases"), body = form.querySelector("tbody");
const mayWrite = Boolean(document.querySelector("[data-save]"));
const rows = new Map();
let nextSeq = Number(page.dataset.next), saving = false, leaving = false;

const server = new Server(page.dataset.user, words, () => {
  if ([...rows.values()].some((row) => row.pending)) return saveAll();
  return Promise.all([...rows.values()].filter((row) => row.sequence > row.told).map(keepDraft));
});

// ---- Rows -----------------------------------------------------------------------------------------------

function begin(tr) {
  const seq = tr.dataset.row, record = page.dataset.prefix + seq;
  const row = {
    tr, seq: Number(seq), record, url: `/subjects/${record}/`, base: bases[record] ?? {}, number: Number(tr.dataset.number),
    startedFrom: Number(tr.dataset.startedFrom), sequence: Number(tr.dataset.sequence), reason: "", notes: {}, pending: null,
    told: Number(tr.dataset.sequence), problems: [], elsewhere: [], dirty: tr.hasAttribute("data-drafted"), store: new Store(page.dataset.user, record, page.dataset.key), timers: {},
  };
  rows.set(tr, row);
  return row;
}

function typedOf(row) {
  const typed = {};
  for (const cell of row.tr.querySelectorAll("td[data-field]")) {
    const text = readField(row.tr, cell.dataset.field);
    if (text !== "") typed[cell.dataset.item] = text;
  }
  return typed;
}

function put(row, typed) {
  for (const cell of row.tr.querySelectorAll("td[data-field]")) writeField(row.tr, cell.dataset.field, String(typed[cell.dataset.item] ?? ""));
}

const controlsOf = (tr) => [...tr.querySelectorAll("td[data-field]")].map((cell) => cell.querySelector("input:not([type=hidden]), select:not(.comparator, .units), textarea"));

function addRow(typed = {}) {
  const seq = nextSeq++, html = form.querySelector("template[data-empty-row]").innerHTML;
  const was = form.querySelector("template[data-empty-row]").content.querySelector("tr").dataset.row;
  body.insertAdjacentHTML("beforeend", html.replaceAll(`.${was}.`, `.${seq}.`).replace(`data-row="${was}"`, `data-row="${seq}"`));
  const tr = body.lastElementChild, row = begin(tr);
  tr.querySelector(".row-number").textContent = seq;
  form.querySelector("[data-empty]")?.remove();
  put(row, typed);
  controlsOf(tr)[0]?.focus();
  return row;
}

function changed(row) {
  if (leaving) return;
  row.dirty = changedPaths(row.base, typedOf(row)).length > 0;
  row.sequence = Math.max(row.sequence + 1, Date.now());
  const mine = row.sequence;
  row.store.keep(entry(row)).then(() => { page.dataset.here = mine; });
  clearTimeout(row.timers.check); row.timers.check = setTimeout(() => check(row), 200);
  clearTimeout(row.timers.draft); row.timers.draft = setTimeout(() => keepDraft(row), 700);
  showReason(row);
}

const entry = (row) => ({ typed: typedOf(row), base: row.base, startedFrom: row.startedFrom, sequence: row.sequence, reason: row.reason, notes: row.notes, pending: row.pending });

const draftOf = (row) => ({ values: typedOf(row), started_from: row.startedFrom, sequence: row.sequence });

async function keepDraft(row) {
  if (row.pending || !row.dirty || leaving) return;
  const sent = row.sequence;
  try {
    const reply = await server.post(`${row.url}draft/`, draftOf(row));
    if (server.isOut(reply)) return server.loggedOut(reply);
    if (reply.status >= 400) return notice("error", reply.message, reply.detail);
    server.back();
    row.told = Math.max(row.told, sent);
    document.querySelector("[data-kept]").textContent = words.kept.replace("{time}", clock(Date.now()));
  } catch (error) { if (error instanceof Away) server.away(); else throw error; }
}

async function check(row) {
  try {
    const asked = row.sequence, reply = await server.post(`${row.url}check/`, { values: typedOf(row) });
    if (reply.status === 200 && asked === row.sequence) show(row, reply.problems, reply.shown);
  } catch (error) { if (!(error instanceof Away)) throw error; }
}

// ---- Messages, notes, reasons ---------------------------------------------------------------------------

function show(row, told, shown = {}, { all = false } = {}) {
  const typed = typedOf(row), still = row.elsewhere.filter((one) => (typed[one.path] ?? "") === one.typed), problems = [...told, ...still];
  row.problems = problems;
  for (const cell of row.tr.querySelectorAll("td[data-field]")) {
    const mine = problems.filter((one) => one.path === cell.dataset.item && (all || one.level !== "required"));
    const place = cell.querySelector("[data-messages]"), control = cell.querySelector("input, select, textarea");
    const wanted = mine.map((one) => `${one.rule}|${one.message}`).join("\n");
    if (cell.dataset.item in shown) cell.toggleAttribute("data-inactive", !shown[cell.dataset.item] && !readField(row.tr, cell.dataset.field));
    if (place.dataset.shown === wanted) continue;
    place.dataset.shown = wanted;
    place.replaceChildren(...mine.map((one) => messageOf(row, one)));
    control?.removeAttribute("aria-invalid");
    if (mine.some((one) => one.level !== "soft")) control?.setAttribute("aria-invalid", "true");
  }
  showSettle();
}

function messageOf(row, one) {
  const line = document.createElement("div"), said = document.createElement("span");
  line.className = `message ${one.level}`; said.textContent = one.message; line.append(said);
  if (one.level === "soft") {
    const key = `${one.path}|${one.rule}`, label = document.createElement("label"), note = document.createElement("input");
    label.textContent = words.confirm_note; note.type = "text"; note.className = "note"; note.dataset.note = key; note.value = row.notes[key] ?? "";
    note.addEventListener("input", (event) => { event.stopPropagation(); row.notes[key] = note.value; row.store.keep(entry(row)); showSettle(); });
    note.addEventListener("change", (event) => event.stopPropagation());
    label.append(note); line.append(label);
  }
  return line;
}

const isOpen = (row, one) => one.level === "hard" || (one.level === "soft" && !row.notes[`${one.path}|${one.rule}`]?.trim());

function showSettle() {
  const open = [...rows.values()].filter((row) => row.dirty && row.problems.some((one) => isOpen(row, one)));
  const link = document.querySelector("[data-settle]");
  if (!link) return;
  link.hidden = !open.length;
  link.textContent = words.rows_to_settle.replace("{count}", open.length);
  link.onclick = (event) => { event.preventDefault(); toProblem(open[0]); };
}

const lacksReason = (row) => Boolean(row?.number && row.dirty && !row.reason.trim() && row.tr.querySelector(".reason"));

function toProblem(row) {
  if (lacksReason(row)) return row.tr.querySelector(".reason select").focus();
  const one = row?.problems.find((each) => isOpen(row, each)) ?? row?.problems[0];
  const cell = one && row.tr.querySelector(`[data-item="${CSS.escape(one.path)}"]`);
  (cell?.querySelector(".note") ?? cell?.querySelector("input, select, textarea") ?? controlsOf(row.tr)[0])?.focus();
}

function showReason(row) {
  const there = row.tr.querySelector(".reason");
  if (!row.number || !row.dirty) { there?.remove(); return; }
  if (there) return;
  const box = document.createElement("div"), label = document.createElement("label"), list = document.createElement("select"), free = document.createElement("input");
  box.className = "reason";
  label.textContent = `${words.reason_for_change} `;
  for (const [value, text] of [["", words.choose], ...words.reasons.map((one) => [one, one]), ["?", words.reason_other]]) list.append(new Option(text, value));
  free.type = "text"; free.hidden = true; free.setAttribute("aria-label", words.reason_for_change);
  const take = (event) => {
    event.stopPropagation();
    free.hidden = list.value !== "?";
    row.reason = list.value === "?" ? free.value : list.value;
    row.store.keep(entry(row));
  };
  list.addEventListener("input", take); free.addEventListener("input", take);
  label.append(list); box.append(label, free);
  row.tr.querySelector("td[data-field]").append(box);
}

// ---- Saving ---------------------------------------------------------------------------------------------

async function saveAll() {
  if (saving) return;
  saving = true;
  page.setAttribute("aria-busy", "true");
  let saved = 0, first = null;
  try {
    for (const row of rows.values()) {
      if (!row.dirty && !row.pending) continue;
      const done = await saveRow(row);
      if (done === "away") return;
      if (done) { saved += 1; continue; }
      first = row; // the rows after it may build on it, as a dose on the end of the one before
      break;
    }
  } finally { saving = false; if (first || !saved) page.setAttribute("aria-busy", String(waits())); }
  if (first) toProblem(first); // what is the matter with it stands in the notice already
  else if (saved) { leaving = true; sessionStorage.setItem("grevy saved rows", saved); location.reload(); }
}

const waits = () => [...rows.values()].some((row) => row.pending);

async function saveRow(row) {
  if (row.number && !row.pending && !row.reason.trim()) { notice("warning", words.reason_missing); row.tr.querySelector(".reason select")?.focus(); return false; }
  clearTimeout(row.timers.draft);
  row.pending ??= { values: typedOf(row), started_from: row.startedFrom, form_seq: row.seq, submission: newKey(), typed_on: siteDay(), reasons: row.reason ? { [row.record]: row.reason } : {}, notes: { ...row.notes } };
  await row.store.keep(entry(row));
  let reply;
  try { reply = await server.post(row.startedFrom ? `${row.url}save/` : page.dataset.add, row.pending); } catch (error) {
    if (!(error instanceof Away)) throw error;
    server.away();
    return "away";
  }
  if (server.isOut(reply)) { server.loggedOut(reply); return "away"; }
  server.back();
  row.pending = null;
  if (reply.status === 200) { row.dirty = false; await row.store.forget(); return true; }
  await row.store.keep(entry(row));
  if (reply.problem === "clash") { await keepDraft(row); location.assign(row.url); return false; }
  if (reply.problem === "reason") { row.number ||= 1; showReason(row); }
  row.elsewhere = (reply.elsewhere ?? []).map((one) => ({ ...one, typed: typedOf(row)[one.path] ?? "" })); // until its cell is changed
  show(row, reply.problems ?? [], {}, { all: true });
  notice("error", reply.message ?? words.not_saved, reply.detail ?? "");
  return false;
}

async function setWithdrawn(row, restore) {
  if (!row.number) { row.tr.remove(); rows.delete(row.tr); await row.store.forget(); await server.post(`${row.url}discard/`, { values: {} }); return; }
  const reason = await ask(words.withdraw_reason);
  if (!reason) return;
  const sent = new FormData();
  sent.set("reason", reason);
  if (restore) sent.set("restore", "yes");
  const reply = await server.post(`${row.url}withdraw/`, sent);
  if (reply.status === 200) location.reload(); else notice("error", reply.message, reply.detail);
}

function ask(question) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog"), inside = document.createElement("form"), label = document.createElement("label"), text = document.createElement("input"), ok = document.createElement("button"), no = document.createElement("button"), foot = document.createElement("p");
    inside.method = "dialog"; label.textContent = question; text.type = "text"; text.required = true; label.append(text);
    ok.className = "button ink"; ok.textContent = words.remove_row; no.type = "button"; no.className = "button"; no.textContent = words.cancel; no.onclick = () => dialog.close();
    foot.className = "grid-foot"; foot.append(ok, no); inside.append(label, foot); dialog.append(inside);
    let answer = "";
    inside.onsubmit = () => { answer = text.value.trim(); };
    dialog.onclose = () => { dialog.remove(); resolve(answer); };
    document.body.append(dialog); dialog.showModal();
  });
}

// ---- Notices --------------------------------------------------------------------------------------------

function notice(kind, title, text = "") {
  const box = document.createElement("div"), inner = document.createElement("div"), head = document.createElement("h2"), more = document.createElement("p");
  box.className = `notice ${kind}`; box.setAttribute("role", "alert"); head.textContent = title; more.textContent = text; inner.append(head, more); box.append(inner);
  page.querySelector("[data-notices]").replaceChildren(box);
}

// ---- Keys -----------------------------------------------------------------------------------------------

function onKey(event) {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); saveAll(); return; }
  const tr = event.target.closest?.("tr[data-row]"), row = rows.get(tr);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); addRow(); return; }
  if (event.key === "F8") { event.preventDefault(); toProblem([...rows.values()].find((one) => one.problems.some((each) => isOpen(one, each)))); return; }
  if (event.key === "ArrowDown" && event.target === document.body) { event.preventDefault(); controlsOf(body.querySelector("tr[data-row]") ?? body)[0]?.focus(); return; }
  if (!row) return;
  const column = controlsOf(tr).indexOf(event.target);
  if (event.key === "Enter" && column >= 0 && !event.target.matches("button")) {
    const next = tr.nextElementSibling;
    if (next) controlsOf(next)[column]?.focus(); else addRow();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target.matches("input[type=text], textarea")) {
    controlsOf(event.key === "ArrowDown" ? tr.nextElementSibling ?? tr : tr.previousElementSibling ?? tr)[column]?.focus();
  } else if (event.key.toLowerCase() === "d" && event.ctrlKey && column >= 0) {
    const above = tr.previousElementSibling && controlsOf(tr.previousElementSibling)[column];
    if (above) { event.target.value = above.value; changed(row); }
  } else if (event.key === "Backspace" && event.ctrlKey) setWithdrawn(row, false);
  else return;
  event.preventDefault();
}

// ---- Paste from a spreadsheet ---------------------------------------------------------------------------

function offerPaste(text, at = null) {
  const lines = text.replace(/\r/g, "").split("\n").filter((line) => line.trim()).map((line) => line.split("\t"));
  const dialog = document.createElement("dialog"), head = document.createElement("h2"), scroll = document.createElement("div"), table = document.createElement("table"), foot = document.createElement("p"), take = document.createElement("button"), no = document.createElement("button");
  head.textContent = words.paste_title; scroll.className = "scroll"; table.className = "data"; foot.className = "grid-foot";
  const heads = table.createTHead().insertRow();
  for (const one of form.querySelectorAll("thead th[data-item]")) heads.append(one.cloneNode(true));
  for (const line of lines) { const tr = table.insertRow(); for (const cell of line) tr.insertCell().textContent = cell; }
  take.className = "button ink"; take.textContent = words.paste_take.replace("{count}", lines.length); no.className = "button"; no.textContent = words.cancel;
  dialog.className = "paste"; dialog.setAttribute("aria-label", words.paste_title);
  take.onclick = () => { dialog.close(); takeLines(lines, at); };
  no.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  scroll.append(table); foot.append(take, no); dialog.append(head, scroll, foot); document.body.append(dialog); dialog.showModal();
  take.focus();
}

/** The first line fills the row one stands in, if that is new and still empty. */
function takeLines(lines, at) {
  let here = at && !at.number && !Object.keys(typedOf(at)).length ? at : null;
  for (const line of lines) { changed(fill(here ?? addRow(), line)); here = null; }
}

/** A code may be pasted as its code or its label; what is neither stays out and is seen as empty. */
function fill(row, line) {
  controlsOf(row.tr).forEach((control, column) => {
    const text = (line[column] ?? "").trim();
    if (control.tagName !== "SELECT") { control.value = text; return; }
    const option = [...control.options].find((one) => [one.value, one.textContent.trim()].some((each) => each.toLowerCase() === text.toLowerCase()));
    if (option) control.value = option.value;
  });
  return row;
}

function askForPaste() {
  const dialog = document.createElement("dialog"), label = document.createElement("label"), text = document.createElement("textarea"), ok = document.createElement("button");
  label.textContent = words.paste_help; text.rows = 8; text.cols = 60; ok.className = "button"; ok.textContent = words.close;
  ok.onclick = () => { const typed = text.value; dialog.close(); if (typed.trim()) offerPaste(typed); };
  dialog.onclose = () => dialog.remove();
  label.append(document.createElement("br"), text); dialog.append(label, ok); document.body.append(dialog); dialog.showModal();
}

/** What this device kept and the server does not have; also of rows that the page does not show yet. */
async function restore() {
  for (const record of await Store.records(page.dataset.user, page.dataset.prefix)) {
    const store = new Store(page.dataset.user, record, page.dataset.key);
    let kept = null;
    try { kept = await store.read(); } catch { await store.forget(); } // of another key: nobody can read it any more
    if (kept) await takeUp(record, store, kept);
  }
  for (const row of rows.values()) {
    if (row.dirty) check(row);
    if (row.tr.dataset.movedFrom) await move(row);
  }
  if (waits()) { page.setAttribute("aria-busy", "true"); saveAll(); }
}

async function takeUp(record, store, kept) {
  let row = [...rows.values()].find((one) => one.record === record);
  if (row?.number && !kept.startedFrom) { // its number is taken: it has a new one, or gets one
    const begun = [...rows.values()].filter((one) => !one.number);
    row = begun.find((one) => one.tr.dataset.movedFrom === record);
    if (!row && !kept.pending && begun.some((one) => !changedPaths(typedOf(one), kept.typed).length)) return void (await store.forget());
  }
  if (row && !kept.pending && kept.sequence <= row.sequence) { if (kept.sequence < row.sequence) await store.forget(); return; }
  if (!row) {
    const seq = Number(record.split("/").at(-1));
    if (seq > nextSeq && !kept.startedFrom) nextSeq = seq;
    row = addRow();
  }
  Object.assign(row, { startedFrom: kept.startedFrom, sequence: kept.sequence, reason: kept.reason, notes: kept.notes, pending: kept.pending, dirty: true });
  put(row, kept.typed); showReason(row);
  await row.store.keep(entry(row));
  if (row.record !== record) await store.forget();
  if (!row.pending) keepDraft(row);
}

/** A row that was begun under a number which somebody else has taken since is kept under its new one. */
async function move(row) {
  const old = row.tr.dataset.movedFrom;
  await row.store.keep(entry(row));
  const store = new Store(page.dataset.user, old, page.dataset.key), kept = await store.read().catch(() => null);
  if (kept && !kept.startedFrom) await store.forget();
  row.told = 0;
  await keepDraft(row);
  if (!row.told) return;
  try { await server.post(`/subjects/${old}/discard/`, { values: {} }); } catch (error) { if (!(error instanceof Away)) throw error; }
}

/** A row begun elsewhere: from a grade of the laboratory, from a serious event. Names of items come in the address. */
function beginFromAddress() {
  const given = Object.fromEntries(new URLSearchParams(location.search)), names = new Set([...form.querySelectorAll("thead th[data-item]")].map((one) => one.dataset.item));
  const typed = Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
  if (!Object.keys(typed).length) return;
  history.replaceState(null, "", location.pathname);
  changed(addRow(typed));
}

// ---- Start ----------------------------------------------------------------------------------------------

document.documentElement.classList.add("js");
for (const tr of body.querySelectorAll("tr[data-row]")) begin(tr);
if (mayWrite) {
  const onTyped = (event) => { const row = rows.get(event.target.closest("tr[data-row]")); if (row) changed(row); };
  form.addEventListener("input", onTyped); form.addEventListener("change", onTyped);
  form.addEventListener("submit", (event) => event.preventDefault());
  // Anywhere on the page: on an empty log there is no row yet to paste into.
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (event.target.closest?.("dialog") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    offerPaste(text, rows.get(event.target.closest?.("tr[data-row]")));
  });
  page.addEventListener("click", (event) => {
    const button = event.target.closest("button"), row = rows.get(button?.closest("tr[data-row]"));
    if (button?.matches("[data-add-row]")) addRow();
    else if (button?.matches("[data-paste-rows]")) askForPaste();
    else if (button?.matches("[data-remove-row]")) setWithdrawn(row, false);
    else if (button?.matches("[data-restore-row]")) setWithdrawn(row, true);
  });
  document.querySelector("[data-save]").addEventListener("click", saveAll);
  document.addEventListener("keydown", onKey);
  startTerms(page, read("terms"), words);
  beginFromAddress();
  addEventListener("pagehide", () => {
    for (const row of rows.values()) if (!leaving && !row.pending && row.dirty && row.sequence > row.told) server.ask(`${row.url}draft/`, draftOf(row), { keepalive: true }).catch(() => {});
  });
  await restore();
}
const told = sessionStorage.getItem("grevy saved rows");
if (told) { sessionStorage.removeItem("grevy saved rows"); notice("", words.saved_rows.replace("{count}", told)); }
page.dataset.ready = "yes";
