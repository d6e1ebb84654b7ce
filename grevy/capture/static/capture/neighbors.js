// [ and ] go to the neighbors of the list one came from; never while something is typed.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const link = { "[": "[data-before]", "]": "[data-after]" }[event.key];
  const found = link && document.querySelector(link);
  if (found) found.click();
});
