// Ctrl Enter sends what is written in a thread, by its first step.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const said = event.target.closest?.("[data-say]");
  if (!said) return;
  event.preventDefault();
  event.stopPropagation();
  (said.closest("section, form").querySelector("[data-send], button[formaction]"))?.click();
}, true);
