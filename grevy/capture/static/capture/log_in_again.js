/* Logging in again without leaving the page: what was typed stays where it is, and the page is told of its new token.
   Nothing of the page shows through, since whoever sits here now may be somebody else. */

let open = null;

const frame = () => document.querySelector("[data-log-in-lasts]").dataset;

async function send(url, fields, renewed = false) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("csrfmiddlewaretoken", token());
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
  const reply = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : { problem: "foreign" };
  if (reply.problem !== "foreign") return reply;
  if (renewed) throw new Error("no answer");
  take(await (await fetch(frame().logIn, { headers: { Accept: "application/json" } })).json()); // another tab changed the token
  return send(url, fields, true);
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const take = (reply) => { for (const one of document.querySelectorAll("[name=csrfmiddlewaretoken]")) one.value = reply.token; };

function field(label, type, autocomplete) {
  const box = document.createElement("label"), input = document.createElement("input");
  input.type = type; input.autocomplete = autocomplete; input.required = true;
  box.append(`${label} `, input);
  return { box, input };
}

/** Ask until the person is in again; the page hears `grevy:logged-in` with the new token. */
export function loginAgain() {
  if (open) return;
  const words = JSON.parse(document.getElementById("session-words").textContent), user = frame().user;
  const dialog = (open = document.createElement("dialog")), form = document.createElement("form"), head = document.createElement("h2"), text = document.createElement("p"), who = document.createElement("p"), problem = document.createElement("p"), go = document.createElement("button"), away = document.createElement("a");
  const password = field(words.password, "password", "current-password"), code = field(words.code_or_recovery, "text", "one-time-code");
  head.textContent = words.again_title; head.id = "again-title"; text.textContent = words.again_text; who.textContent = user;
  dialog.className = "log-in-again"; dialog.setAttribute("aria-labelledby", head.id); problem.setAttribute("role", "alert"); problem.className = "problem"; problem.hidden = true;
  go.className = "button ink"; go.textContent = words.log_in;
  away.href = `${frame().logIn}?next=${encodeURIComponent(location.pathname)}`; away.textContent = words.again_page;
  code.box.hidden = true; code.input.disabled = true;
  form.append(who, password.box, code.box, problem, go, " ", away);
  dialog.append(head, text, form);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  form.onsubmit = async (event) => {
    event.preventDefault(); event.stopPropagation();
    const second = !code.box.hidden;
    problem.hidden = true; go.disabled = true;
    try {
      const reply = await send(second ? frame().secondFactor : frame().logIn, second ? { code: code.input.value } : { username: user, password: password.input.value });
      if (reply.user) return done(reply);
      if (reply.next === "second_factor") { code.box.hidden = false; code.input.disabled = false; password.box.hidden = true; password.input.disabled = true; code.input.focus(); return; }
      tell(words[reply.problem] ?? words.again_away);
    } catch { tell(words.again_away); } finally { go.disabled = false; }
  };
  function tell(sentence) { problem.textContent = sentence; problem.hidden = false; (code.box.hidden ? password : code).input.select(); }
  function done(reply) {
    take(reply);
    dialog.close(); dialog.remove(); open = null;
    document.dispatchEvent(new CustomEvent("grevy:logged-in", { detail: reply }));
  }
  document.body.append(dialog);
  dialog.showModal();
  password.input.focus();
}
