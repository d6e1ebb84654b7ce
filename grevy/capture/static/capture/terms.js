/* Terms found while typing: characters, pinyin, initials or English; the class of the term comes along, and the
   short help on its grades shows while the grade is chosen. Free text stays possible: this is no dictionary. */

const MOST = 10;

export function startTerms(page, terms, words) {
  if (!terms.length) return;
  const list = document.createElement("ul");
  list.className = "term-list"; list.id = "term-list"; list.setAttribute("role", "listbox"); list.hidden = true;
  document.body.append(list);
  let field = null, found = [], chosen = -1;

  const isTerm = (target) => target.matches?.('[data-item="decod"] input, [data-item="decod"] textarea');
  const sibling = (input, item) => input.closest("tr")?.querySelector(`[data-item="${item}"] input, [data-item="${item}"] textarea, [data-item="${item}"] select`);

  function search(typed) {
    const text = typed.trim().toLowerCase();
    if (!text) return [];
    const starts = terms.filter((one) => one.keys.split(" ").some((key) => key.startsWith(text)));
    return [...new Set([...starts, ...terms.filter((one) => one.keys.includes(text) || one.label.includes(typed.trim()))])].slice(0, MOST);
  }

  function open(input) {
    field = input; found = search(input.value); chosen = found.length ? 0 : -1;
    list.hidden = !found.length;
    list.replaceChildren(...found.map((one, place) => {
      const line = document.createElement("li"), name = document.createElement("b"), where = document.createElement("span");
      line.setAttribute("role", "option"); line.id = `term-${place}`; line.setAttribute("aria-selected", String(place === chosen));
      name.textContent = one.label === one.term ? one.term : `${one.label} · ${one.term}`; where.textContent = one.class_label;
      line.append(name, where);
      line.onmousedown = (event) => { event.preventDefault(); take(one); };
      return line;
    }));
    const box = input.getBoundingClientRect();
    list.popover = "manual";
    if (found.length) list.showPopover(); else if (list.matches(":popover-open")) list.hidePopover();
    place(box);
    input.setAttribute("role", "combobox"); input.setAttribute("aria-controls", "term-list"); input.setAttribute("aria-expanded", String(!list.hidden));
  }

  // The policy allows no inline styles in markup; a script may still set where the list stands.
  function place(box) { list.style.left = `${Math.min(box.left, innerWidth - 340)}px`; list.style.top = `${box.bottom + 2}px`; }

  function close() { if (list.matches(":popover-open")) list.hidePopover(); list.hidden = true; field?.setAttribute("aria-expanded", "false"); }

  function take(one) {
    const input = field;
    input.value = one.term;
    const group = sibling(input, "soc"), verbatim = sibling(input, "term");
    if (group) group.value = one.class;
    if (verbatim && !verbatim.value.trim()) verbatim.value = one.label;
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  page.addEventListener("input", (event) => { if (isTerm(event.target) && event.isTrusted) open(event.target); });
  page.addEventListener("focusout", (event) => { if (event.target === field) close(); });
  page.addEventListener("keydown", (event) => {
    if (list.hidden || event.target !== field || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    else if (event.key === "Enter" && chosen >= 0) take(found[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault(); event.stopPropagation();
    list.querySelectorAll("li").forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
    field.setAttribute("aria-activedescendant", `term-${chosen}`);
  }, true);

  const help = page.querySelector("[data-help]");
  page.addEventListener("focusin", (event) => {
    if (!help || !event.target.closest?.('[data-item="grade"]')) return;
    const coded = sibling(event.target, "decod")?.value, one = terms.find((each) => each.term === coded);
    help.hidden = !one || !Object.keys(one.grades).length;
    if (help.hidden) return;
    const head = document.createElement("h2"), lines = document.createElement("dl");
    head.textContent = words.grade_help.replace("{term}", one.label);
    for (const [grade, text] of Object.entries(one.grades)) {
      const dt = document.createElement("dt"), mark = document.createElement("span"), dd = document.createElement("dd");
      mark.className = `grade grade-${grade}`; mark.textContent = grade; dt.append(mark); dd.textContent = text; lines.append(dt, dd);
    }
    lines.className = "grade-help";
    help.replaceChildren(head, lines);
  });
}
