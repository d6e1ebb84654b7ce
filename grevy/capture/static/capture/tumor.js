/* Lesions by one key each: a letter sets the state, a digit the size. What follows from them the server computes. */

import { addRow } from "./grid.js";
import { readField, writeField } from "./fields.js";

const form = document.querySelector("[data-form]");
const KEYS = { m: "MEASURED", t: "TOO_SMALL", a: "ABSENT", n: "NOT_EVALUABLE", s: "SPLIT", g: "MERGED", p: "PRESENT", w: "UNEQUIVOCAL_PD" };
const MEASURABLE = ["MEASURED", "TOO_SMALL"];

const tell = () => form.dispatchEvent(new Event("change", { bubbles: true }));
const size = (row) => row.querySelector(".size input");
const radios = (row) => [...row.querySelectorAll(".states input")];

function setState(row, state) {
  const radio = radios(row).find((one) => one.value === state);
  if (!radio || radio.disabled) return false;
  radio.checked = true;
  if (!MEASURABLE.includes(state) && size(row)) size(row).value = "";
  if (form.querySelector("[name=done]") && !readField(form, "done")) writeField(form, "done", "Y");
  tell();
  return true;
}

function next(row, step) {
  const rows = [...form.querySelectorAll("tr[data-lesion]")], there = rows[rows.indexOf(row) + step];
  if (there) (size(there) ?? radios(there).find((one) => one.checked) ?? radios(there)[0]).focus();
}

form.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("tr[data-lesion]");
  if (!row || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const inSize = event.target === size(row), inState = event.target.matches(".states input");
  if (!inSize && !inState) return;
  const key = event.key.toLowerCase();
  if (key === "enter" || (inSize && ["arrowdown", "arrowup"].includes(key))) next(row, key === "arrowup" || event.shiftKey ? -1 : 1);
  else if (key === "h") row.querySelector("[data-history]").click();
  else if (KEYS[key]) { if (setState(row, KEYS[key]) && KEYS[key] === "MEASURED") size(row)?.focus(); }
  else if (inState && /^[0-9]$/.test(key) && size(row)) { setState(row, "MEASURED"); size(row).value = key; size(row).focus(); tell(); }
  else return;
  event.preventDefault();
});

form.addEventListener("input", (event) => {
  const row = event.target.closest?.("tr[data-lesion]");
  if (row && event.target === size(row) && event.target.value && !radios(row).some((one) => one.checked)) setState(row, "MEASURED");
});

form.addEventListener("click", (event) => {
  const seen = event.target.closest("[data-seen]");
  if (!seen) return;
  const row = addRow(form.querySelector('[data-grid="new_lesions"]')), path = `new_lesions.${row.dataset.row}.`;
  for (const [item, value] of [["lesion_id", seen.dataset.seen], ["organ", seen.dataset.organ], ["status", seen.dataset.status], ["first_seen_date", seen.dataset.first]]) writeField(form, path + item, value);
  seen.closest("li").remove();
  tell();
});

const put = (place, html) => { const one = form.querySelector(place); if (one && one.innerHTML !== html) one.innerHTML = html; };
const write = (place, text) => {
  const one = form.querySelector(place);
  if (!one || one.textContent === text) return;
  one.textContent = text;
  one.classList.remove("changed"); void one.offsetWidth; one.classList.add("changed");
};

form.addEventListener("grevy:typed", () => { const told = form.querySelector("[data-computing]"); if (told) told.hidden = false; });
form.addEventListener("grevy:checked", ({ detail }) => {
  if (detail.baseline !== undefined) put("[data-guard]", detail.baseline);
  if (detail.sketch !== undefined) put("[data-sketch]", detail.sketch);
  if (!detail.tumor) return;
  form.querySelector("[data-computing]").hidden = true;
  put("[data-response]", detail.tumor.response); put("[data-plot]", detail.tumor.plot); put("[data-call]", detail.tumor.call);
  const { sum } = detail.tumor;
  write("[data-sum]", sum.now); write("[data-available]", sum.available); write("[data-nadir]", sum.nadir); write("[data-sum-change]", sum.change);
  for (const row of form.querySelectorAll("tr[data-lesion]")) {
    const key = row.querySelector("input[type=hidden]").name.split(".")[1];
    write(`[data-change="${CSS.escape(row.dataset.lesion)}"]`, detail.tumor.changes[key] ?? "");
  }
});
