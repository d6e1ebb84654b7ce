/* The fields of a form as one object of what was typed, and back. A field is named by its path: `item`, or
   `group.row.item`; a quantity has three controls, `path:sign`, `path:number`, `path:unit`. */

export const KEY = "_key";

export function control(form, path) {
  return form.querySelector(`[name="${CSS.escape(path)}"], [name="${CSS.escape(path + ":number")}"]`);
}

export function readField(form, path) {
  const named = (end) => form.querySelector(`[name="${CSS.escape(path + end)}"]`);
  const number = named(":number");
  if (number) {
    const typed = number.value.trim();
    return typed ? `${named(":sign").value}${typed} ${named(":unit").value}`.trim() : "";
  }
  const one = named("");
  if (!one) return "";
  if (one.type !== "radio") return one.value;
  return form.querySelector(`[name="${CSS.escape(path)}"]:checked`)?.value ?? "";
}

export function writeField(form, path, typed) {
  const named = (end) => form.querySelector(`[name="${CSS.escape(path + end)}"]`);
  const number = named(":number");
  if (number) {
    const [, sign = "", digits = typed, unit = ""] = typed.match(/^(<=|>=|<|>)?(-?[\d.,]+) ?(.*)$/) ?? [];
    named(":sign").value = sign;
    number.value = digits;
    if (unit) named(":unit").value = unit;
    return;
  }
  const one = named("");
  if (!one) return;
  if (one.type === "radio") {
    for (const each of form.querySelectorAll(`[name="${CSS.escape(path)}"]`)) each.checked = each.value === typed;
  } else one.value = typed;
}

/** What was typed in the whole form; empty fields are left out, rows stay. */
export function collect(form) {
  const typed = {};
  for (const place of form.querySelectorAll("[data-field]")) {
    const path = place.dataset.field, text = readField(form, path), parts = path.split(".");
    if (parts.length === 1) { if (text !== "") typed[path] = text; continue; }
    const rows = (typed[parts[0]] ??= []);
    let row = rows.find((each) => each[KEY] === parts[1]);
    if (!row) rows.push((row = { [KEY]: parts[1] }));
    if (text !== "") row[parts[2]] = text;
  }
  return typed;
}

/** Values by path. */
export function flatten(typed) {
  const flat = {};
  for (const [name, value] of Object.entries(typed)) {
    if (!Array.isArray(value)) { if (value !== "") flat[name] = String(value); continue; }
    for (const row of value) {
      flat[`${name}.${row[KEY]}`] = "row";
      for (const [item, cell] of Object.entries(row)) if (item !== KEY && cell !== "") flat[`${name}.${row[KEY]}.${item}`] = String(cell);
    }
  }
  return flat;
}

export function changedPaths(before, after) {
  const old = flatten(before), now = flatten(after);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((path) => old[path] !== now[path]);
}
