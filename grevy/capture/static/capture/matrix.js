// The matrix by keyboard: one tab stop; arrows move between cells, Enter opens (it is a link).
const box = document.querySelector("[data-matrix]");
const cells = box ? [...box.querySelectorAll("a.cell")] : [];

const place = (link) => ({ row: link.closest("tr").rowIndex, column: link.closest("td").cellIndex });

function make(link) {
  for (const one of cells) one.tabIndex = one === link ? 0 : -1;
}

function find(from, key) {
  const here = place(from);
  const ahead = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[key];
  const table = from.closest("table");
  let { row, column } = here;
  for (;;) {
    row += ahead[0];
    column += ahead[1];
    const cell = table.rows[row] && table.rows[row].cells[column];
    if (!cell) return null;
    const link = cell.querySelector("a.cell");
    if (link) return link;
  }
}

if (cells.length) {
  const now = box.querySelector("[data-now]");
  const column = now ? now.cellIndex : 1;
  make(cells.find((one) => place(one).column === column) || cells[0]);
  if (now) box.scrollLeft = now.offsetLeft - box.clientWidth / 2;
  else box.scrollLeft = box.scrollWidth;
  box.addEventListener("keydown", (event) => {
    const from = event.target.closest("a.cell");
    if (!from || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    let next = null;
    if (event.key.startsWith("Arrow")) next = find(from, event.key);
    else if (event.key === "Home" || event.key === "End") {
      const row = [...from.closest("tr").querySelectorAll("a.cell")];
      next = row[event.key === "Home" ? 0 : row.length - 1];
    } else return;
    event.preventDefault();
    if (next) {
      make(next);
      next.focus();
    }
  });
  box.addEventListener("focusin", (event) => {
    const link = event.target.closest("a.cell");
    if (link) make(link);
  });
}

// V switches between timeline and matrix; never while something is typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "v" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const cell = cells.find((one) => one.tabIndex === 0), mark = document.querySelector(".timeline-scroll");
  const next = box && !box.contains(document.activeElement) ? cell : mark;
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "center" });
});
