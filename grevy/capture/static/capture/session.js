/* The half hour of a log-in: a warning before it ends, and logging in again in place where something is being typed.
   Any request begins the half hour anew, of any page of this browser. */

import { loginAgain } from "./log_in_again.js";

const page = document.querySelector("[data-log-in-lasts]");
const lasts = Number(page.dataset.logInLasts) * 1000, warns = Number(page.dataset.warnBefore) * 1000;
const words = JSON.parse(document.getElementById("session-words").textContent);
const SEEN = "grevy seen";
let dialog = null;

const seen = () => Number(localStorage.getItem(SEEN) ?? 0);
const note = () => localStorage.setItem(SEEN, Date.now());

function extend() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  return fetch(page.dataset.extend, { method: "POST", body, headers: { Accept: "application/json" } }).then((answer) => answer.ok);
}

function warn(left) {
  if (!dialog) {
    dialog = document.createElement("dialog");
    const head = document.createElement("h2"), text = document.createElement("p"), stay = document.createElement("button");
    head.textContent = words.idle_title; head.id = "idle-title"; text.dataset.left = ""; text.setAttribute("role", "timer");
    dialog.setAttribute("aria-labelledby", head.id);
    stay.className = "button ink"; stay.textContent = words.idle_stay;
    stay.onclick = async () => { if (await extend().catch(() => false)) note(); closeWarning(); };
    dialog.append(head, text, stay);
    document.body.append(dialog);
    dialog.showModal();
  }
  dialog.querySelector("[data-left]").textContent = words.idle_text.replace("{seconds}", Math.ceil(left / 1000));
}

function closeWarning() { dialog?.close(); dialog?.remove(); dialog = null; }

function ended() {
  closeWarning();
  if (document.querySelector("[data-form], [data-log]")) loginAgain();
  else location.assign(`${page.dataset.logIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

let over = false;
function look() {
  const left = seen() + lasts - Date.now();
  if (left <= 0) { if (!over) { over = true; ended(); } return; }
  over = false;
  if (left <= warns) warn(left); else closeWarning();
}

note();
new PerformanceObserver((list) => {
  if (!over && list.getEntries().some((one) => one.initiatorType === "fetch" && one.responseStatus < 400)) note();
}).observe({ type: "resource" });
document.addEventListener("grevy:logged-in", () => { note(); over = false; });
setInterval(look, 1000);
