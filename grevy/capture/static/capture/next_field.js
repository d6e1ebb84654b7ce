/* The keyboard goes down a form: Enter to the next field, never to a save by accident, since after the first save each
   change asks for a reason. In a column of results the arrows go up and down too. */

import { control, readField } from "./fields.js";

const ELSEWHERE = "[data-grid], tr[data-lesion], [data-panel], .reason, .message"; // places with keys of their own
const STEPS = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };

const fieldsOf = (form) => [...form.querySelectorAll("main [data-field]")].filter((one) => !one.closest(ELSEWHERE) && one.offsetParent);

function controlOf(form, place) {
  const first = control(form, place.dataset.field);
  return first?.type === "radio" ? (place.querySelector("input:checked") ?? first) : first;
}

/** As Tab does: what is typed next replaces what stands there. */
function goTo(one) {
  one?.focus();
  if (one?.matches("input[type=text]")) one.select();
}

export function focusFirstEmpty(form) {
  const fields = fieldsOf(form), place = fields.find((one) => readField(form, one.dataset.field) === "") ?? fields[0];
  if (place) goTo(controlOf(form, place));
}

const firstOfGrid = (form) => form.querySelector("main [data-grid]:not([data-hidden])")?.querySelector("tbody td[data-field] :is(input, select, textarea), [data-add-row]");

function onKey(form, event) {
  let step = STEPS[event.key];
  const place = event.target.closest?.("[data-field]");
  if (!step || !place || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(ELSEWHERE) || event.target.matches("button, textarea, summary, a")) return;
  if (event.key !== "Enter" && !event.target.matches(".measured input.number")) return;
  if (event.shiftKey) step = -step;
  const fields = fieldsOf(form), next = fields[fields.indexOf(place) + step];
  if (next) goTo(controlOf(form, next));
  else if (step > 0) (firstOfGrid(form) ?? form.querySelector("[data-save-complete]")).focus();
  event.preventDefault();
}

export function startNextField(form) { form.addEventListener("keydown", (event) => onKey(form, event)); }
