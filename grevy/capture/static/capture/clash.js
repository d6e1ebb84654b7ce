/* Two people saved the same field: both values side by side, one is chosen, nothing is lost. */

const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB");

function choice(field, words, place) {
  const box = document.createElement("fieldset"), legend = document.createElement("legend");
  box.className = "choices";
  legend.textContent = `${field.label} · ${words.clash_base.replace("{value}", field.base || words.clash_empty)}`;
  box.append(legend);
  const sides = [
    ["mine", words.clash_mine, field.mine, ""],
    ["theirs", words.clash_theirs.replace("{name}", field.their_name).replace("{time}", clock(field.their_time)), field.theirs, field.their_reason],
  ];
  for (const [side, who, value, reason] of sides) {
    const label = document.createElement("label"), radio = document.createElement("input"), shown = document.createElement("b"), why = document.createElement("span");
    radio.type = "radio"; radio.name = `clash-${place}`; radio.value = side; radio.required = true;
    shown.className = "value"; shown.textContent = value || words.clash_empty;
    why.className = "faint"; why.textContent = reason;
    label.append(radio, ` ${who}`, shown, why);
    box.append(label);
  }
  return box;
}

export function offerChoice(reply, words, take) {
  const dialog = document.createElement("dialog"), inside = document.createElement("form"), head = document.createElement("h2"), lead = document.createElement("p"), foot = document.createElement("p");
  inside.method = "dialog";
  head.textContent = reply.message; lead.textContent = words.clash_choose; foot.className = "grid-foot";
  const ok = document.createElement("button"), later = document.createElement("button");
  ok.className = "button ink"; ok.textContent = words.clash_take;
  later.className = "button"; later.type = "button"; later.textContent = words.clash_later; later.onclick = () => dialog.close();
  foot.append(ok, later);
  inside.append(head, lead, ...reply.fields.map((field, place) => choice(field, words, place)), foot);
  inside.onsubmit = () => {
    const chosen = {};
    reply.fields.forEach((field, place) => { chosen[field.path] = inside.elements[`clash-${place}`].value; });
    take(chosen);
  };
  dialog.append(inside);
  dialog.dataset.clash = "";
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}
