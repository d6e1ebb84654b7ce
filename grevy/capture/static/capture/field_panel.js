/* The panel beside a form: queries answered and asked in place, verification. What is typed there is no part of
   the form. */
import "./queries.js";

const form = document.querySelector("[data-form]");
const panel = form.querySelector("[data-panel]");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const shown = () => panel.dataset.path ?? ""; // the field it is about; the form's own script opens it too

for (const kind of ["input", "change", "focusout"]) panel.addEventListener(kind, (event) => event.stopPropagation());

export async function showPanel(path) {
  const answer = await fetch(`history/?field=${encodeURIComponent(path)}`);
  panel.innerHTML = await answer.text();
  panel.dataset.path = path;
}

async function send(button) {
  const place = button.closest("section"), refusal = place.querySelector("[data-refusal]");
  const sent = new FormData();
  sent.set("text", place.querySelector("[data-say]")?.value ?? "");
  for (const name of ["field", "revision"]) if (name in button.dataset) sent.set(name, button.dataset[name]);
  button.disabled = true;
  try {
    const answer = await fetch(button.dataset.send, { method: "POST", body: sent, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    if (answer.ok) { await showPanel(shown()); panel.querySelector("[data-say], button")?.focus(); return; }
    refusal.textContent = (await answer.json()).message ?? answer.statusText;
  } catch { refusal.textContent = panel.dataset.away; }
  button.disabled = false;
}

panel.addEventListener("click", (event) => {
  const button = event.target.closest("[data-send]");
  if (button) send(button);
  if (event.target.closest("[data-close-panel]")) {
    panel.innerHTML = "";
    form.querySelector(`[data-history="${CSS.escape(shown())}"]`)?.focus();
  }
});

// V verifies the field in whose panel one is, Shift V the whole form, Q goes to the question; outside of fields only.
document.addEventListener("keydown", async (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input:not([readonly]), textarea:not([readonly]), select:not([disabled])")) return;
  const key = event.key.toLowerCase();
  if (!["v", "q"].includes(key) || !form.querySelector("[data-review]")) return;
  event.preventDefault();
  const path = key === "v" && event.shiftKey ? "" : (event.target.closest?.("[data-field]")?.dataset.field ?? shown());
  if (path !== shown() || !panel.firstChild) await showPanel(path);
  if (key === "v") panel.querySelector('[data-send="verify/"]')?.click();
  else panel.querySelector("#say-new")?.focus();
});

// A link to a field opens its panel.
if (location.hash.startsWith("#field-")) {
  const path = decodeURIComponent(location.hash.slice("#field-".length));
  const field = path && form.querySelector(`[data-field="${CSS.escape(path)}"]`);
  if (field) field.scrollIntoView({ block: "center" });
  showPanel(path);
}
