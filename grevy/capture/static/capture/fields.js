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
    const [sign, digits, unit] = splitQuantity(typed, unitsOf(named(":unit")));
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

const unitsOf = (control) => (control.options ? [...control.options].map((one) => one.value) : [control.value]);

/** The text that `readField` put together, in its three parts again, so that it is put together to the same text. */
export function splitQuantity(typed, units) {
  const unit = units.filter((one) => one && typed.endsWith(` ${one}`)).sort((a, b) => b.length - a.length)[0] ?? "";
  const rest = unit ? typed.slice(0, -unit.length - 1) : typed, sign = rest.match(/^(<=|>=|<|>)?/)[0];
  return [sign, rest.slice(sign.length), unit];
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

const rowOf = (typed, group, key) => (typed[group] ?? []).find((row) => row[KEY] === key);

/** My changes of `base` on top of `theirs`, but theirs in the fields of `leave`. A row that they withdrew and I worked
    in comes back whole. */
export function rebase(mine, base, theirs, leave = new Set()) {
  const made = structuredClone(theirs), changes = changedPaths(base, mine).filter((path) => !leave.has(path));
  const kept = (group, key) => [...leave].some((path) => `${path}.`.startsWith(`${group}.${key}.`));
  for (const path of changes) {
    const [group, key, item] = path.split("."), row = key && rowOf(mine, group, key), there = key && rowOf(made, group, key);
    if (!key) { if (mine[group] === undefined) delete made[group]; else made[group] = mine[group]; }
    else if (!row) { if (!item && !kept(group, key)) made[group] = (made[group] ?? []).filter((each) => each[KEY] !== key); }
    else if (!there) { if (!leave.has(`${group}.${key}`)) (made[group] ??= []).push(structuredClone(row)); }
    else if (item) { if (row[item] === undefined) delete there[item]; else there[item] = row[item]; }
  }
  return made;
}

/** Fields that both changed, and not to the same text. */
export function clashes(mine, base, theirs) {
  const both = new Set(changedPaths(base, theirs)), differ = new Set(changedPaths(mine, theirs));
  return changedPaths(base, mine).filter((path) => both.has(path) && differ.has(path));
}
