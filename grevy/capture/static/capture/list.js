// Lists by keyboard: J K or arrows move between rows, Enter opens, F goes to the filters, N begins a new one; filters close with Esc.
const list = () => document.querySelector("[data-list]"); // asked each time: the list of tasks is renewed
const links = () =>
  [...(list()?.querySelectorAll("[data-go], tbody th a") ?? [])].filter((one) => one.offsetParent !== null);
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

function move(by) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
  if (next) next.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const open = document.querySelector("details.popover[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
    return;
  }
  if (typing(event.target)) return;
  const filter = document.querySelector("details.filter > summary, nav.chips a, .filters select");
  const inList = list()?.contains(event.target);
  const begin = document.querySelector("[data-new]");
  if (event.key === "n" && begin) {
    begin.click();
  } else if (event.key === "f" && filter) {
    event.preventDefault();
    filter.focus();
    if (filter.tagName === "SUMMARY") filter.parentElement.open = true;
  } else if (event.key in STEPS && (inList || event.key.length === 1)) {
    event.preventDefault();
    move(STEPS[event.key]);
  }
});

// One filter is open at a time, and a press beside it closes it.
document.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll("details.popover[open]")) if (!one.contains(event.target)) one.open = false;
});
