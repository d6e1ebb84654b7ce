// The search of the top bar: / outside of fields goes to the page's own search, else there; Ctrl K always there; Esc gives focus back.
const box = document.querySelector("[data-search-all]");
let before = null;

function go(target) {
  before = document.activeElement;
  target.focus();
  target.select();
}

document.addEventListener("keydown", (event) => {
  if (!box || event.isComposing || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    go(box);
  } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest?.("input, textarea, select, [contenteditable]")) {
    event.preventDefault();
    go(document.querySelector("[data-search]") ?? box);
  } else if (event.key === "Escape" && event.target === box) {
    (before && before !== document.body ? before : document.querySelector("main a, main button"))?.focus();
  }
});
