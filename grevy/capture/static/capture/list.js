// Lists by keyboard: J K or arrows move between rows, Enter opens, / goes to the search; filters close with Esc.
const list = document.querySelector("[data-list]");
const links = () => [...list.querySelectorAll("[data-go], tbody th a")].filter((one) => one.offsetParent !== null);
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

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
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  } else if (list && (event.key === "j" || (event.key === "ArrowDown" && list.contains(event.target)))) {
    event.preventDefault();
    move(1);
  } else if (list && (event.key === "k" || (event.key === "ArrowUp" && list.contains(event.target)))) {
    event.preventDefault();
    move(-1);
  }
});

// One filter is open at a time, and a press beside it closes it.
document.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll("details.popover[open]")) if (!one.contains(event.target)) one.open = false;
});
