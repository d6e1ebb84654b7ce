/* The form page: checked while typing, kept as a draft, saved as one revision, sent again after the network was away.
   The server decides everything; this page shows it and never loses a character:
     every change        -> encrypted on this device at once, and to the server as a private draft
     every save          -> kept here with a key of its own before it is sent; sent again until the server answers,
                            and the server stores a key once, however often it comes. */

import { changedPaths, collect, control, readField, writeField } from "./fields.js";
import { showRows, startGrids } from "./grid.js";
import { Store } from "./store.js";
import { offerChoice } from "./clash.js";

const form = document.querySelector("[data-form]");
const words = JSON.parse(document.getElementById("words").textContent);
const first = JSON.parse(document.getElementById("answer").textContent);
const store = new Store(form.dataset.user, form.dataset.form, form.dataset.key);
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const mayWrite = Boolean(form.querySelector("[data-save]"));
const reasons = {}, notes = {};
let startedFrom = Number(form.dataset.startedFrom), needsReason = Number(form.dataset.head) > 0;
let base = first.base, sequence = first.sequence, answer = first.answer; // `base`: the fields of the revision that was started from
let draftTimer, checkTimer, retryTimer, sending = false, pending = null, choices = {}, seen = null;

document.documentElement.classList.add("js");

// ---- Talking to the server ------------------------------------------------------------------------------

class Away extends Error {}

async function post(what, body) {
  let response;
  try {
    response = await fetch(new URL(what, location.href), {
      method: "POST", body: JSON.stringify(body), credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      signal: AbortSignal.timeout(15000),
    });
  } catch { throw new Away(); }
  if (response.status >= 502) throw new Away();
  let answered;
  try { answered = await response.json(); } catch { if (response.ok) throw new Away(); answered = { problem: "error", message: words.not_saved }; }
  return { status: response.status, ...answered };
}

// ---- Keeping what is typed ------------------------------------------------------------------------------

function nextSequence() { return (sequence = Math.max(sequence + 1, Date.now())); }

function entry() { return { typed: collect(form), startedFrom, sequence, reasons, notes, pending, at: Date.now() }; }

function changed() {
  nextSequence();
  store.keep(entry());
  clearTimeout(checkTimer); checkTimer = setTimeout(check, 180);
  clearTimeout(draftTimer); draftTimer = setTimeout(keepDraft, 700);
  showReasons();
  form.dispatchEvent(new CustomEvent("grevy:typed"));
}

async function keepDraft() {
  if (pending) return;
  const sent = sequence;
  try {
    const reply = await post("draft/", { values: collect(form), started_from: startedFrom, sequence: sent, reasons, notes });
    if (reply.status === 401) return loggedOut();
    if (reply.status >= 400) return notice("error", reply.message, reply.detail);
    back();
    if (sent === sequence) kept(words.kept, reply.kept_at ?? Date.now());
  } catch (error) { if (error instanceof Away) away(keepDraft); else throw error; }
}

async function check() {
  const asked = sequence;
  try {
    const reply = await post("check/", { values: collect(form) });
    if (reply.status === 200 && asked === sequence) show(reply);
  } catch (error) { if (!(error instanceof Away)) throw error; }
}

function kept(sentence, moment) {
  const place = form.querySelector("[data-kept]");
  if (place) place.textContent = sentence.replace("{time}", clock(moment));
}

const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB");

// ---- Showing what the server says -----------------------------------------------------------------------

function show(reply) {
  answer = reply;
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

function showMessages(place, problems) {
  const path = place.closest("[data-field]").dataset.field;
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
    note.addEventListener("input", (event) => { event.stopPropagation(); notes[key] = note.value; store.keep(entry()); clearTimeout(draftTimer); draftTimer = setTimeout(keepDraft, 700); });
    label.append(note);
    line.append(label);
  }
  return line;
}

function showSettle(problems) {
  const open = problems.filter((one) => one.level === "hard" || (one.level === "soft" && !notes[`${one.path}|${one.rule}`]?.trim()));
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
  const open = new Set(changedPaths(base, collect(form)));
  for (const place of form.querySelectorAll(".reason")) if (!open.has(place.dataset.reason)) { delete reasons[place.dataset.reason]; place.remove(); }
  for (const path of open) {
    const field = form.querySelector(`[data-field="${CSS.escape(path)}"]`);
    if (!field) { reasons[path] ||= lastReason(); continue; }
    if (!field.querySelector(".reason")) field.append(reasonControl(path));
  }
}

const lastReason = () => sessionStorage.getItem("grevy reason") ?? "";

function reasonControl(path) {
  const box = document.createElement("div"), label = document.createElement("label"), list = document.createElement("select"), free = document.createElement("input");
  box.className = "reason"; box.dataset.reason = path;
  label.textContent = words.reason_for_change + " ";
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
    if (event) store.keep(entry());
  };
  list.addEventListener("change", take); list.addEventListener("input", (event) => event.stopPropagation()); free.addEventListener("input", take);
  label.append(list);
  box.append(label, free);
  take();
  return box;
}

// ---- Saving ---------------------------------------------------------------------------------------------

async function save(complete) {
  if (sending || pending) return;
  clearTimeout(draftTimer);
  const values = collect(form);
  if (needsReason) {
    showReasons();
    const missing = changedPaths(base, values).find((path) => !reasons[path]?.trim());
    if (missing) {
      notice("warning", words.reason_missing);
      form.querySelector(`[data-reason="${CSS.escape(missing)}"] select`)?.focus();
      return;
    }
  }
  pending = { values, started_from: startedFrom, submission: crypto.randomUUID(), reasons: { ...reasons }, notes: { ...notes }, complete, choices, seen };
  nextSequence();
  await store.keep(entry());
  await send();
}

async function send() {
  if (!pending || sending) return;
  sending = true;
  try {
    const reply = await post("save/", pending);
    if (reply.status === 401) return loggedOut();
    back();
    await settled(reply);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    kept(words.will_be_sent, Date.now());
    away(send);
  } finally { sending = false; }
}

async function settled(reply) {
  const sent = pending;
  pending = null;
  if (reply.status === 200) return saved(sent, reply);
  await store.keep(entry());
  if (reply.problem === "clash") {
    return offerChoice(reply, words, (chosen) => { choices = chosen; seen = reply.head; needsReason = true; save(sent.complete); });
  }
  if (reply.problem === "reason") { needsReason = true; base = reply.base ?? {}; showReasons(); }
  if (reply.problems) {
    for (const one of reply.problems) touched.add(one.path);
    show({ shown: {}, ...answer, ...reply });
  }
  notice(reply.problem === "confirm" ? "warning" : "error", reply.message ?? words.not_saved, reply.detail,
         (reply.problems ?? []).filter((one) => !control(form, one.path)).map((one) => one.message));
  nextProblem(1);
}

async function saved(sent, reply) {
  const now = collect(form);
  const typedOn = changedPaths(sent.values, now).length > 0;
  await store.forget();
  if (typedOn) {
    // Typed while the save was on its way: it becomes the draft on top of the new revision.
    startedFrom = reply.number; base = sent.values;
    nextSequence();
    await store.keep(entry());
  }
  sessionStorage.setItem("grevy saved", JSON.stringify({ record: form.dataset.form, number: reply.number, merged: reply.merged }));
  leaving = true;
  if (sent.complete && form.dataset.next && !typedOn) location.assign(form.dataset.next);
  else if (reply.record !== form.dataset.form) location.assign(reply.url);
  else location.reload();
}

// ---- Network away ---------------------------------------------------------------------------------------

let awaySince = null, leaving = false;

function away(then) {
  awaySince ??= Date.now();
  const line = document.querySelector("[data-offline]");
  line.textContent = words.offline_since.replace("{time}", clock(awaySince).slice(0, 5));
  line.hidden = false;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(then, 1500);
}

function back() {
  if (awaySince === null) return;
  awaySince = null;
  document.querySelector("[data-offline]").hidden = true;
}

function loggedOut() {
  const line = document.querySelector("[data-offline]");
  line.textContent = words.log_in_again; line.hidden = false;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(() => (pending ? send() : keepDraft()), 5000);
}

addEventListener("online", () => { clearTimeout(retryTimer); if (pending) send(); else if (awaySince !== null) keepDraft(); });

// ---- Start ----------------------------------------------------------------------------------------------

async function restore() {
  let here = null;
  try { here = await store.read(); } catch { await store.forget(); }  // of another key: nobody can read it any more
  if (!here) return;
  if (here.pending) { pending = here.pending; Object.assign(reasons, here.reasons); Object.assign(notes, here.notes); startedFrom = here.startedFrom; put(here.typed); return send(); }
  if (here.sequence <= sequence) return store.forget();
  startedFrom = here.startedFrom; sequence = here.sequence;
  if (startedFrom !== Number(form.dataset.startedFrom)) base = startedFrom === Number(form.dataset.head) ? first.head : base;
  Object.assign(reasons, here.reasons); Object.assign(notes, here.notes);
  put(here.typed);
  showReasons();
  keepDraft(); check();
}

function put(typed) {
  for (const place of form.querySelectorAll("[data-field]")) if (!place.dataset.field.includes(".")) writeField(form, place.dataset.field, String(typed[place.dataset.field] ?? ""));
  for (const grid of form.querySelectorAll("[data-grid]")) showRows(form, grid.dataset.grid, typed[grid.dataset.grid] ?? []);
}

function sayWhatWasSaved() {
  const told = JSON.parse(sessionStorage.getItem("grevy saved") ?? "null");
  if (!told) return;
  sessionStorage.removeItem("grevy saved");
  const merged = told.merged.length ? words.merged_fields.replace("{count}", told.merged.length).replace("{names}", told.merged.join(", ")) : "";
  if (told.record === form.dataset.form) notice("", words.saved_revision.replace("{number}", told.number), merged);
}

async function showHistory(path) {
  const panel = form.querySelector("[data-panel]");
  panel.innerHTML = await (await fetch(`history/?field=${encodeURIComponent(path)}`)).text();
}

function onKey(event) {
  if (event.isComposing) return;
  const here = document.activeElement?.closest?.("[data-field]")?.dataset.field;
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) save(true);
  else if (event.key === "F4" && here) showHistory(here);
  else if (event.key === "F8") nextProblem(event.shiftKey ? -1 : 1);
  else if (event.key === "F9") control(form, "not_done_reason")?.focus();
  else if (event.altKey && ["PageDown", "PageUp"].includes(event.key)) {
    const links = [...form.querySelectorAll(".visit-forms a")], place = links.findIndex((one) => one.hasAttribute("aria-current"));
    links[place + (event.key === "PageDown" ? 1 : -1)]?.click();
  } else return;
  event.preventDefault();
}

if (mayWrite) {
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", (event) => {
    const path = event.target.closest?.("[data-field]")?.dataset.field;
    if (path) touched.add(path);
    clearTimeout(draftTimer);
    if (!leaving && answer && changedPaths(base, collect(form)).length) draftTimer = setTimeout(keepDraft, 50);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(false); });
  form.querySelector("[data-save-complete]").addEventListener("click", () => save(true));
  form.querySelector("[data-discard]")?.addEventListener("click", async () => {
    await store.forget();
    await post("discard/", { values: {} });
    leaving = true;
    location.reload();
  });
  startGrids(form, words, changed);
  restore();
}
form.addEventListener("click", (event) => { const button = event.target.closest("[data-history]"); if (button) showHistory(button.dataset.history); });
document.addEventListener("keydown", onKey);
if (matchMedia("(max-width: 1023px)").matches) form.querySelector(".visit-forms details").open = false;
show(answer);
sayWhatWasSaved();
form.dataset.ready = "yes";
