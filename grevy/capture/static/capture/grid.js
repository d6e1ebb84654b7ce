/* Repeating rows by keyboard: Enter goes down and adds below the last row, Ctrl Enter adds, Ctrl D takes the cell
   above, Ctrl Backspace withdraws the row, arrows go between rows; rows pasted from a spreadsheet are shown first. */

import { KEY, readField, writeField } from "./fields.js";

export function addRow(grid, key = crypto.randomUUID().slice(0, 8)) {
  const html = grid.querySelector("template[data-empty-row]").innerHTML.replaceAll(".NEW.", `.${key}.`).replace('data-row="NEW"', `data-row="${key}"`);
  grid.querySelector("tbody").insertAdjacentHTML("beforeend", html);
  number(grid);
  return grid.querySelector(`[data-row="${CSS.escape(key)}"]`);
}

function number(grid) {
  grid.querySelectorAll("tbody tr").forEach((row, place) => { row.querySelector(".row-number").textContent = place + 1; });
}

const controlsOf = (row) => [...row.querySelectorAll("td[data-field]")].map((cell) => cell.querySelector("input:not([type=hidden]), select, textarea"));

export function showRows(form, group, rows) {
  const grid = form.querySelector(`[data-grid="${CSS.escape(group)}"]`);
  if (!grid) return;
  for (const row of [...grid.querySelectorAll("tbody tr")]) if (!rows.some((each) => each[KEY] === row.dataset.row)) row.remove();
  for (const row of rows) {
    if (!grid.querySelector(`tr[data-row="${CSS.escape(row[KEY])}"]`)) addRow(grid, row[KEY]);
    for (const cell of grid.querySelectorAll(`tr[data-row="${CSS.escape(row[KEY])}"] [data-field]`)) writeField(form, cell.dataset.field, String(row[cell.dataset.field.split(".")[2]] ?? ""));
  }
  number(grid);
}

function move(grid, row, column, step) {
  const rows = [...grid.querySelectorAll("tbody tr")];
  const next = rows[rows.indexOf(row) + step];
  controlsOf(next ?? row)[column]?.focus();
  return Boolean(next);
}

function onKey(grid, changed, event) {
  if (event.isComposing) return;
  const row = event.target.closest("tr[data-row]");
  if (!row) return;
  const column = controlsOf(row).indexOf(event.target);
  const plainText = event.target.matches("input[type=text]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { controlsOf(addRow(grid))[0]?.focus(); changed(); }
  else if (event.key === "Enter" && !event.target.matches("textarea, button")) { if (!move(grid, row, column, 1)) controlsOf(addRow(grid))[Math.max(column, 0)]?.focus(); }
  else if (event.key === "ArrowDown" && plainText) move(grid, row, column, 1);
  else if (event.key === "ArrowUp" && plainText) move(grid, row, column, -1);
  else if (event.key.toLowerCase() === "d" && event.ctrlKey) { takeAbove(grid, row, column); changed(); }
  else if (event.key === "Backspace" && event.ctrlKey) { removeRow(grid, row); changed(); }
  else return;
  event.preventDefault();
}

function takeAbove(grid, row, column) {
  const above = row.previousElementSibling && controlsOf(row.previousElementSibling)[column];
  const here = controlsOf(row)[column];
  if (!above || !here) return;
  if (here.type === "radio") {
    const chosen = above.closest("td").querySelector(":checked");
    for (const each of here.closest("td").querySelectorAll("input")) each.checked = each.value === chosen?.value;
  } else here.value = above.value;
}

function copyRow(grid, row) {
  const copy = addRow(grid);
  controlsOf(row).forEach((_, column) => {
    const from = row.querySelectorAll("td[data-field]")[column], to = copy.querySelectorAll("td[data-field]")[column];
    const sources = from.querySelectorAll("input, select, textarea");
    to.querySelectorAll("input, select, textarea").forEach((each, place) => {
      if (each.type === "radio") each.checked = sources[place].checked; else each.value = sources[place].value;
    });
  });
  return copy;
}

function removeRow(grid, row) {
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  number(grid);
  if (near) controlsOf(near)[0]?.focus(); else grid.querySelector("[data-add-row]")?.focus();
}

/** Lines of a spreadsheet, shown before they become rows. */
function offerPaste(grid, text, words, changed, at = null) {
  const lines = text.replace(/\r/g, "").split("\n").filter((line) => line.trim() !== "").map((line) => line.split("\t"));
  const dialog = document.createElement("dialog");
  const table = document.createElement("table");
  table.className = "data";
  const heads = table.createTHead().insertRow();
  for (const one of [...grid.querySelectorAll("thead th")].slice(1, -1)) heads.append(one.cloneNode(true));
  for (const line of lines) {
    const tr = table.insertRow();
    for (const cell of line) tr.insertCell().textContent = cell;
  }
  dialog.className = "paste"; dialog.setAttribute("aria-label", words.paste_title);
  dialog.innerHTML = `<h2></h2><div class="scroll"></div><p class="grid-foot"><button class="button ink" value="take"></button><button class="button" value="cancel"></button></p>`;
  dialog.querySelector("h2").textContent = words.paste_title;
  dialog.querySelector(".scroll").append(table);
  const [take, cancel] = dialog.querySelectorAll("button");
  take.textContent = words.paste_take.replace("{count}", lines.length);
  cancel.textContent = words.cancel;
  take.onclick = () => { takeLines(grid, lines, at); dialog.close(); changed(); };
  cancel.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
  take.focus();
}

const isEmpty = (row) => [...row.querySelectorAll("td[data-field]")].every((cell) => readField(row, cell.dataset.field) === "");

/** The first line fills the row one stands in, if that is still empty. */
function takeLines(grid, lines, at) {
  let here = at && isEmpty(at) ? at : null;
  for (const line of lines) {
    const row = here ?? addRow(grid), cells = [...row.querySelectorAll("td[data-field]")];
    line.forEach((text, column) => { if (cells[column]) fillCell(cells[column], text.trim()); });
    here = null;
  }
}

/** A code may be pasted as its code or as its label; what is neither stays out and is seen as empty. */
function fillCell(cell, text) {
  const list = cell.querySelector("select:not(.comparator, .units)"), radios = [...cell.querySelectorAll("input[type=radio]")];
  const same = (code, label) => [code, label].some((each) => each.trim().toLowerCase() === text.toLowerCase());
  if (list) { const option = [...list.options].find((each) => same(each.value, each.textContent)); if (option) list.value = option.value; }
  else if (radios.length) { const one = radios.find((each) => same(each.value, each.parentElement.textContent)); if (one) one.checked = true; }
  else { const field = cell.querySelector("input[type=text], textarea"); if (field) field.value = text; }
}

/** Ctrl Enter adds a row from anywhere in a form with one grid, as its button says. */
function addFromAnywhere(form, changed, event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.target.closest("tr[data-row], [data-panel]")) return;
  const grids = form.querySelectorAll("main [data-grid]:not([data-hidden])");
  const grid = event.target.closest("[data-grid]") ?? (grids.length === 1 ? grids[0] : null);
  if (!grid) return;
  event.preventDefault();
  controlsOf(addRow(grid))[0]?.focus();
  changed();
}

export function startGrids(form, words, changed) {
  form.addEventListener("keydown", (event) => addFromAnywhere(form, changed, event));
  for (const grid of form.querySelectorAll("[data-grid]")) {
    grid.addEventListener("keydown", (event) => onKey(grid, changed, event));
    grid.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (/[\t\n]/.test(text.trim())) { event.preventDefault(); offerPaste(grid, text, words, changed, event.target.closest?.("tr[data-row]")); }
    });
    grid.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const row = button.closest("tr[data-row]");
      if (button.matches("[data-add-row]")) controlsOf(addRow(grid))[0]?.focus();
      else if (button.matches("[data-copy-row]")) controlsOf(copyRow(grid, row))[0]?.focus();
      else if (button.matches("[data-remove-row]")) removeRow(grid, row);
      else if (button.matches("[data-paste-rows]")) askForPaste(grid, words, changed);
      else return;
      changed();
    });
  }
}

function askForPaste(grid, words, changed) {
  const dialog = document.createElement("dialog");
  dialog.innerHTML = `<label><span></span><br><textarea rows="8" cols="60"></textarea></label><p class="grid-foot"><button class="button"></button></p>`;
  dialog.querySelector("span").textContent = words.paste_help;
  dialog.querySelector("button").textContent = words.close;
  dialog.querySelector("button").onclick = () => {
    const text = dialog.querySelector("textarea").value;
    dialog.close();
    if (text.trim()) offerPaste(grid, text, words, changed);
  };
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}
