/* The form page: checked while typing, kept as a draft, saved as one revision, sent again after the network was away.
   The server decides everything; this page shows it and never loses a character:
     every change        -> encrypted on this device at once, and to the server as a private draft
     every save          -> kept here with a key of its own before it is sent; sent again until the server answers,
                            and the server stores a key once, however often it comes. */

import { changedPaths, clashes, collect, control, flatten, readField, rebase, writeField } from "./fields.js";
import { showRows, startGrids } from "./grid.js";
import { Store } from "./store.js";
import { Away, Server, clock, newKey, siteDay } from "./server.js";
import { focusFirstEmpty, startNextField } from "./next_field.js";
import { offerChoice } from "./clash.js";

const form = document.querySelector("[data-form]");
const words = JSON.parse(document.getElementById("words").textContent);
const first = JSON.parse(document.getElementById("answer").textContent);
const store = new Store(form.dataset.user, form.dataset.form, form.dataset.key);
const mayWrite = Boolean(form.querySelector("[data-save]"));
const reasons = {}, notes = {};
let startedFrom = Number(form.dataset.startedFrom), needsReason = Number(form.dataset.head) > 0;
let base = first.base, sequence = first.sequence, answer = first.answer; // `base`: the fields of the revision that was started from
let draftTimer, checkTimer, sending = false, leaving = false, pending = null, told = sequence; // `told`: what the server has

document.documentElement.classList.add("js");

const server = new Server(form.dataset.user, words, () => (pending ? send() : keepDraft()));

// ---- Keeping what is typed ------------------------------------------------------------------------------

function nextSequence() { return (sequence = Math.max(sequence + 1, Date.now())); }

function entry() { return { typed: collect(form), base, startedFrom, sequence, reasons, notes, pending, at: Date.now() }; }

function keepHere() {
  const mine = sequence;
  return store.keep(entry()).then(() => { form.dataset.here = mine; });
}

function changed() {
  if (leaving) return; // the field that is left with the page tells its change once more: it is saved already
  nextSequence();
  keepHere();
  clearTimeout(checkTimer); checkTimer = setTimeout(check, 180);
  clearTimeout(draftTimer); draftTimer = setTimeout(keepDraft, 700);
  showReasons();
  form.dispatchEvent(new CustomEvent("grevy:typed"));
}

let drafting = null; // the draft on its way: a save waits for it, so that it cannot come after it

function keepDraft() { return (drafting = sendDraft()); }

async function sendDraft() {
  if (pending || leaving) return;
  const sent = sequence;
  try {
    const reply = await server.post("draft/", { values: collect(form), started_from: startedFrom, sequence: sent, reasons, notes });
    if (server.isOut(reply)) return server.loggedOut(reply);
    if (reply.status >= 400) return notice("error", reply.message, reply.detail);
    server.back();
    told = Math.max(told, sent);
    if (sent === sequence) kept(words.kept, reply.kept_at ?? Date.now());
  } catch (error) { if (error instanceof Away) server.away(); else throw error; }
}

async function check() {
  const asked = sequence;
  try {
    const reply = await server.post("check/", { values: collect(form) });
    if (reply.status === 200 && asked === sequence) show(reply);
  } catch (error) { if (!(error instanceof Away)) throw error; }
}

function kept(sentence, moment) {
  const place = form.querySelector("[data-kept]");
  if (place) place.textContent = sentence.replace("{time}", clock(moment));
}

// ---- Showing what the server says -----------------------------------------------------------------------

let elsewhere = []; // what a save said of other records; it stands until its field is changed

function show(reply) {
  const still = elsewhere.filter((one) => readField(form, one.path) === one.typed);
  answer = { ...reply, problems: [...reply.problems, ...still] };
  reply = answer;
  for (const [path, on] of Object.entries(reply.shown)) {
    const place = form.querySelector(`[data-field="${CSS.escape(path)}"], [data-grid="${CSS.escape(path)}"]`);
    if (!place) continue;
    const filled = place.matches("[data-field]") && readField(form, path) !== "";
    if (place.matches("td")) place.toggleAttribute("data-inactive", !on);
    else place.toggleAttribute("data-hidden", !on && !filled);
  }
  for (const place of form.querySelectorAll("[data-messages]")) showMessages(place, reply.problems);
  showSettle(reply.problems);
  form.dispatchEvent(new CustomEvent("grevy:checked", { detail: reply }));
}

let tried = false;

/** A new form on which nothing was typed is not told what it lacks, until somebody wants to save it so. */
const isBegun = () => needsReason || tried || Object.keys(flatten(collect(form))).length > 0;

function showMessages(place, told) {
  const path = place.closest("[data-field]").dataset.field, problems = isBegun() ? told : [];
  const mine = problems.filter((one) => one.path === path && (one.level !== "required" || touched.has(path)));
  const wanted = mine.map((one) => `${one.level}|${one.rule}|${one.message}`).join("\n");
  if (place.dataset.shown === wanted) return;
  place.dataset.shown = wanted;
  place.replaceChildren(...mine.map((one) => messageOf(one)));
  const field = control(form, path);
  if (!field) return;
  field.toggleAttribute("aria-invalid", false);
  if (mine.some((one) => one.level === "hard")) field.setAttribute("aria-invalid", "true");
  place.id ||= `m-${path}`;
  field.setAttribute("aria-describedby", place.id);
}

const touched = new Set();

function messageOf(one) {
  const line = document.createElement("div");
  line.className = `message ${one.level}`;
  const said = document.createElement("span");
  said.textContent = one.message;
  line.append(said);
  if (one.level === "soft" && mayWrite) {
    const key = `${one.path}|${one.rule}`, label = document.createElement("label"), note = document.createElement("input");
    label.textContent = words.confirm_note;
    note.type = "text"; note.className = "note"; note.value = notes[key] ?? ""; note.dataset.note = key;
    note.addEventListener("input", (event) => { event.stopPropagation(); notes[key] = note.value; keepHere(); clearTimeout(draftTimer); draftTimer = setTimeout(keepDraft, 700); });
    note.addEventListener("change", (event) => event.stopPropagation());
    label.append(note);
    line.append(label);
  }
  return line;
}

function showSettle(problems) {
  const open = !isBegun() ? [] : problems.filter((one) => one.level === "hard" || (one.level === "soft" && !notes[`${one.path}|${one.rule}`]?.trim()));
  const link = form.querySelector("[data-settle]");
  if (!link) return;
  link.hidden = open.length === 0;
  link.textContent = words.problems_n.replace("{count}", open.length);
  link.onclick = (event) => { event.preventDefault(); nextProblem(1); };
}

function nextProblem(step) {
  const paths = [...new Set((answer?.problems ?? []).map((one) => one.path))].filter((path) => control(form, path));
  if (!paths.length) return;
  const here = document.activeElement?.closest?.("[data-field]")?.dataset.field;
  const place = paths.indexOf(here);
  const next = paths[(place + step + paths.length) % paths.length];
  control(form, next).focus();
}

function notice(kind, title, text = "", items = []) {
  const place = form.querySelector("[data-notices]");
  const box = document.createElement("div");
  box.className = `notice ${kind}`; box.setAttribute("role", "alert");
  const inner = document.createElement("div"), head = document.createElement("h2");
  head.textContent = title; inner.append(head);
  if (text) { const p = document.createElement("p"); p.textContent = text; inner.append(p); }
  if (items.length) {
    const list = document.createElement("ul");
    for (const one of items) { const li = document.createElement("li"); li.textContent = one; list.append(li); }
    inner.append(list);
  }
  box.append(inner);
  place.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

// ---- Reasons for changes --------------------------------------------------------------------------------

function showReasons() {
  if (!needsReason || !mayWrite) return;
  const open = new Set(neededReasons());
  for (const place of form.querySelectorAll(".reason")) if (!open.has(place.dataset.reason)) place.remove();
  for (const path of Object.keys(reasons)) if (!open.has(path)) delete reasons[path];
  for (const path of open) {
    const place = placeOfReason(path);
    if (!place) reasons[path] ||= lastReason();
    else if (!form.querySelector(`[data-reason="${CSS.escape(path)}"]`)) (place.matches("tr") ? place.querySelector("[data-messages]").parentElement : place).append(reasonControl(path));
  }
}

/** Changed fields; of a row that came or went, the row once and not each of its cells. */
function neededReasons() {
  const now = collect(form), were = flatten(base), are = flatten(now);
  const rowOf = (path) => path.split(".").slice(0, 2).join(".");
  return [...new Set(changedPaths(base, now).map((path) => (path.includes(".") && (were[rowOf(path)] ?? "") !== (are[rowOf(path)] ?? "") ? rowOf(path) : path)))];
}

function placeOfReason(path) {
  const [group, key, item] = path.split(".");
  if (!key || item) return form.querySelector(`[data-field="${CSS.escape(path)}"]`);
  const grid = form.querySelector(`[data-grid="${CSS.escape(group)}"]`);
  return grid?.querySelector(`[data-row="${CSS.escape(key)}"] td[data-field]`) ?? grid?.querySelector(".grid-foot");
}

const lastReason = () => sessionStorage.getItem("grevy reason") ?? "";

function reasonControl(path) {
  const box = document.createElement("div"), label = document.createElement("label"), list = document.createElement("select"), free = document.createElement("input");
  box.className = "reason"; box.dataset.reason = path;
  const gone = path.split(".").length === 2 && !form.querySelector(`[data-row="${CSS.escape(path.split(".")[1])}"]`);
  label.textContent = `${words.reason_for_change}${gone ? ` (${words.remove_row})` : ""} `;
  for (const [value, text] of [["", words.choose], ...words.reasons.map((one) => [one, one]), ["?", words.reason_other]]) list.append(new Option(text, value));
  free.type = "text"; free.setAttribute("aria-label", words.reason_for_change);
  const given = reasons[path] ?? lastReason();
  list.value = words.reasons.includes(given) ? given : given ? "?" : "";
  free.value = list.value === "?" ? given : "";
  free.hidden = list.value !== "?";
  const take = (event) => {
    event?.stopPropagation();
    free.hidden = list.value !== "?";
    reasons[path] = list.value === "?" ? free.value : list.value;
    if (reasons[path]) sessionStorage.setItem("grevy reason", reasons[path]);
    if (event) keepHere();
  };
  list.addEventListener("change", take); list.addEventListener("input", (event) => event.stopPropagation()); free.addEventListener("input", take);
  label.append(list);
  box.append(label, free);
  take();
  return box;
}

// ---- Saving ---------------------------------------------------------------------------------------------

/** A save that waits for the server's answer; the form says that it is busy. */
function hold(save) {
  pending = save;
  form.setAttribute("aria-busy", String(Boolean(save)));
}

async function save(complete) {
  if (pending) return;
  clearTimeout(draftTimer);
  const values = collect(form);
  if (needsReason) {
    showReasons();
    const missing = neededReasons().find((path) => !reasons[path]?.trim());
    if (missing) {
      notice("warning", words.reason_missing);
      form.querySelector(`[data-reason="${CSS.escape(missing)}"] select`)?.focus();
      return;
    }
  }
  hold({ values, started_from: startedFrom, submission: newKey(), typed_on: siteDay(), reasons: { ...reasons }, notes: { ...notes }, complete });
  nextSequence();
  await keepHere();
  await send();
}

async function send() {
  if (!pending || sending) return;
  sending = true;
  try {
    await Promise.race([drafting, new Promise((go) => setTimeout(go, 1000))]);
    const reply = await server.post("save/", pending);
    if (server.isOut(reply)) return server.loggedOut(reply);
    server.back();
    sending = false; // what follows may save again
    await settled(reply);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    kept(words.will_be_sent, Date.now());
    server.away();
  } finally { sending = false; }
}

async function settled(reply) {
  const sent = pending;
  hold(null);
  if (reply.status === 200) return saved(sent, reply);
  if (reply.problem === "clash") return choose(sent, reply);
  keepHere();
  if (reply.problem === "reason") { needsReason = true; showReasons(); }
  if (reply.problems) {
    tried = true;
    for (const one of reply.problems) touched.add(one.path);
    elsewhere = (reply.elsewhere ?? []).map((one) => ({ ...one, typed: readField(form, one.path) }));
    show({ shown: {}, ...answer, ...reply });
  }
  notice(reply.problem === "confirm" ? "warning" : "error", reply.message ?? words.not_saved, reply.detail,
         (reply.problems ?? []).filter((one) => !control(form, one.path)).map((one) => one.message));
  nextProblem(1);
}

/** What both changed is asked; the answer makes the form start from the other person's revision. */
function choose(sent, reply) {
  keepHere();
  keepDraft();
  offerChoice(reply, words, (chosen) => {
    const theirs = new Set(reply.fields.filter((one) => chosen[one.path] === "theirs").map((one) => one.path));
    const mine = rebase(collect(form), sent.values, reply.mine);
    startOn(reply.head, reply.base, rebase(mine, readBase(sent, reply), reply.base, theirs));
    save(sent.complete);
  });
}

const readBase = (sent, reply) => reply.started_base ?? base;

/** From here on the form stands on a later revision. */
function startOn(number, fields, typed) {
  startedFrom = number; base = fields; needsReason = true;
  form.querySelector("[name=_started_from]").value = number;
  put(typed);
  nextSequence();
  showReasons();
  keepHere();
}

async function saved(sent, reply) {
  const now = collect(form), same = reply.record === form.dataset.form;
  if (same && changedPaths(sent.values, now).length) return goOn(sent, reply, now);
  form.inert = leaving = true; // what is typed now would go nowhere: nothing can be typed until the page is there again
  clearTimeout(draftTimer);
  await store.forget();
  sessionStorage.setItem("grevy saved", JSON.stringify({ record: form.dataset.form, number: reply.number, merged: reply.merged_labels }));
  if (sent.complete && form.dataset.next) location.assign(form.dataset.next);
  else if (!same) location.assign(reply.url);
  else location.reload();
}

/** Typed while the save was on its way: it becomes the draft on top of the new revision, and typing goes on. */
function goOn(sent, reply, now) {
  for (const given of [reasons, notes]) for (const key of Object.keys(given)) delete given[key];
  for (const place of form.querySelectorAll(".reason")) place.remove();
  startOn(reply.number, reply.base, rebase(now, sent.values, reply.base));
  notice("", words.saved_revision.replace("{number}", reply.number), mergedSentence(reply.merged_labels));
  keepDraft(); check();
  showAround();
}

/** What a save changes around the fields: the number of the revision, the states of the visit's forms. */
async function showAround() {
  let page;
  try { page = await server.readPage(); } catch (error) { if (error instanceof Away) return; throw error; } // they wait for the next save
  for (const name of [".page-head", ".visit-forms ul", ".action-bar .hint"]) {
    const old = document.querySelector(name), fresh = page.querySelector(name);
    if (old && fresh) old.replaceWith(fresh);
  }
}

const mergedSentence = (names) => (names.length ? words.merged_fields.replace("{count}", names.length).replace("{names}", names.join(", ")) : "");

// ---- Start ----------------------------------------------------------------------------------------------

/** What this device kept and the server does not have, under what was typed before this script began. */
async function restore() {
  let here = null;
  try { here = await store.read(); } catch { await store.forget(); }  // of another key: nobody can read it any more
  const early = pathsOf(form).filter((path) => isTyped(path)).map((path) => [path, readField(form, path)]);
  if (here) takeUp(here);
  for (const [path, text] of early) writeField(form, path, text);
  if (early.length) changed();
}

const pathsOf = (place) => [...place.querySelectorAll("[data-field]")].map((one) => one.dataset.field);

function isTyped(path) {
  const place = form.querySelector(`[data-field="${CSS.escape(path)}"]`);
  const differs = (one) => (one.type === "radio" ? one.checked !== one.defaultChecked : one.options ? [...one.options].some((each) => each.selected !== each.defaultSelected) && one.selectedIndex > 0 : one.value !== one.defaultValue);
  return [...place.querySelectorAll("[name]")].some(differs);
}

function takeUp(here) {
  const drafted = collect(form), head = Number(form.dataset.head);
  if (!here.pending && here.sequence === sequence) { Object.assign(reasons, here.reasons); Object.assign(notes, here.notes); return showReasons(); }
  if (!here.pending && here.sequence < sequence) { // typed later on another device: what was typed here joins where both fit
    if (here.startedFrom !== startedFrom) return;
    const joined = rebase(here.typed, here.base, drafted, new Set(changedPaths(base, drafted)));
    if (!changedPaths(drafted, joined).length) return;
    put(joined);
    return changed();
  }
  Object.assign(reasons, here.reasons); Object.assign(notes, here.notes);
  sequence = Math.max(sequence, here.sequence); startedFrom = here.startedFrom; base = here.base;
  put(here.typed);
  if (here.pending) { hold(here.pending); return void send(); }
  if (startedFrom < head && !clashes(here.typed, base, first.head).length) startOn(head, first.head, rebase(here.typed, base, first.head));
  form.querySelector("[name=_started_from]").value = startedFrom;
  showReasons();
  keepDraft(); check();
}

function put(typed) {
  for (const place of form.querySelectorAll("[data-field]")) if (!place.dataset.field.includes(".")) writeField(form, place.dataset.field, String(typed[place.dataset.field] ?? ""));
  for (const grid of form.querySelectorAll("[data-grid]")) showRows(form, grid.dataset.grid, typed[grid.dataset.grid] ?? []);
  // rows that stand for good, such as the lesions of baseline: only their fields are filled
  for (const table of form.querySelectorAll("[data-rows]")) for (const row of typed[table.dataset.rows] ?? []) for (const [item, cell] of Object.entries(row)) if (item !== "_key") writeField(form, `${table.dataset.rows}.${row._key}.${item}`, cell);
}

function sayWhatWasSaved() {
  const told = JSON.parse(sessionStorage.getItem("grevy saved") ?? "null");
  if (!told) return;
  sessionStorage.removeItem("grevy saved");
  if (told.record === form.dataset.form) notice("", words.saved_revision.replace("{number}", told.number), mergedSentence(told.merged));
  else if (mayWrite) focusFirstEmpty(form); // the next form of the visit: the keyboard goes on where the typing does
}

async function showHistory(path) {
  const panel = form.querySelector("[data-panel]");
  panel.dataset.path = path;
  try { panel.innerHTML = await (await fetch(`history/?field=${encodeURIComponent(path)}`)).text(); } catch { server.away(); }
}

function onKey(event) {
  if (event.isComposing) return;
  const here = document.activeElement?.closest?.("[data-field]")?.dataset.field;
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) { if (mayWrite) save(true); }
  else if (event.key === "F4" && here) showHistory(here);
  else if (event.key === "F8") nextProblem(event.shiftKey ? -1 : 1);
  else if (event.key === "F9") control(form, "not_done_reason")?.focus();
  else if (event.altKey && ["PageDown", "PageUp"].includes(event.key)) {
    const links = [...form.querySelectorAll(".visit-forms a")], place = links.findIndex((one) => one.hasAttribute("aria-current"));
    links[place + (event.key === "PageDown" ? 1 : -1)]?.click();
  } else return;
  event.preventDefault();
}

show(answer);
if (mayWrite) {
  await restore();
  // Of the fields, or of the form as a whole where a script set some: the password of a signature is no part of it.
  const onTyped = ({ target }) => { if (target === form || target.closest("[data-field]")) changed(); };
  form.addEventListener("input", onTyped);
  form.addEventListener("change", onTyped);
  form.addEventListener("focusout", (event) => {
    const path = event.target.closest?.("[data-field]")?.dataset.field;
    if (path) touched.add(path);
    clearTimeout(draftTimer);
    if (!leaving && answer && sequence > told) draftTimer = setTimeout(keepDraft, 50);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(false); });
  form.querySelector("[data-save-complete]").addEventListener("click", () => save(true));
  form.querySelector("[data-discard]")?.addEventListener("click", async () => {
    clearTimeout(draftTimer);
    try { await server.post("discard/", { values: {} }); } catch (error) { if (error instanceof Away) return server.away(); throw error; }
    form.inert = leaving = true;
    await store.forget();
    location.reload();
  });
  startGrids(form, words, changed);
  startNextField(form);
  addEventListener("pagehide", () => {
    if (!leaving && !pending && sequence > told) server.ask("draft/", { values: collect(form), started_from: startedFrom, sequence, reasons, notes }, { keepalive: true }).catch(() => {});
  });
}
form.addEventListener("click", (event) => { const button = event.target.closest("[data-history]"); if (button) showHistory(button.dataset.history); });
document.addEventListener("keydown", onKey);
if (matchMedia("(max-width: 1023px)").matches) form.querySelector(".visit-forms details").open = false;
sayWhatWasSaved();
form.dataset.ready = "yes";
