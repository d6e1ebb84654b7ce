/* How a page that is typed into talks to the server, forms and logs alike. Everything that is sent says whose it is:
   another log-in in this browser must not take it for its own. What cannot be sent is tried again until the server
   answers; a token that another tab renewed is taken; who was logged out logs in again in place. */

import { loginAgain } from "./log_in_again.js";

export class Away extends Error {}

// Without a secure context there is no randomUUID; the numbers are as random.
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
/** The day at the sites: `t` means the day on which it was saved first, however late the save gets through. */
export const siteDay = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
export const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB");

const TOKEN = "[data-form] [name=csrfmiddlewaretoken], [data-log] [name=csrfmiddlewaretoken]";

export class Server {
  /** `retry` sends what waits: called when the network or the log-in is back. */
  constructor(user, words, retry) {
    Object.assign(this, { user, words, retry, since: null, timer: null, token: document.querySelector(TOKEN).value });
    document.addEventListener("grevy:logged-in", ({ detail }) => { this.token = detail.token; clearTimeout(this.timer); retry(); });
    addEventListener("online", () => { clearTimeout(this.timer); if (this.since !== null) retry(); });
  }

  /** One request; `body` is an object, or a form with files. */
  ask(what, body, more = {}) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    if (body instanceof FormData) body.set("by", this.user);
    else { headers["Content-Type"] = "application/json"; body = JSON.stringify({ ...body, by: this.user }); }
    return fetch(new URL(what, location.href), { method: "POST", body, credentials: "same-origin", headers, ...more });
  }

  /** The answer with its status; raises Away where there is none. */
  async post(what, body, renewed = false) {
    let response, answered;
    try { response = await this.ask(what, body, { signal: AbortSignal.timeout(15000) }); } catch { throw new Away(); }
    if (response.status >= 502) throw new Away();
    try { answered = await response.json(); } catch {
      if (response.ok) throw new Away();
      answered = { problem: "error", message: this.words.not_saved };
    }
    // A log-in in another tab gave this browser a new token; the page takes it and asks again. Where no page comes, the log-in is over.
    if (answered.problem === "foreign" && !renewed) return (await this.#renew()) ? this.post(what, body, true) : { status: 401 };
    return { status: response.status, ...answered };
  }

  /** This page anew from the server, for its token and for what a save changes around the fields. */
  async readPage() {
    let response;
    try { response = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(15000) }); } catch { throw new Away(); }
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  async #renew() {
    const fresh = (await this.readPage()).querySelector(TOKEN);
    if (fresh) this.token = fresh.value;
    return Boolean(fresh);
  }

  /** Whether the answer says that somebody else is logged in here, or nobody. */
  isOut(reply) { return reply.status === 401 || reply.problem === "other_person"; }

  away() { this.#wait(this.words.offline_since.replace("{time}", clock(this.since ?? Date.now()).slice(0, 5)), 1500); }

  loggedOut(reply) {
    this.#wait(reply.problem === "other_person" ? this.words.other_person.replace("{name}", this.user) : this.words.log_in_again, 5000);
    if (reply.status === 401) loginAgain();
  }

  #wait(sentence, long) {
    this.since ??= Date.now();
    const line = document.querySelector("[data-offline]");
    line.textContent = sentence;
    line.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.retry, long);
  }

  back() {
    if (this.since === null) return;
    this.since = null;
    document.querySelector("[data-offline]").hidden = true;
  }
}
