// Choosing lines: all of the page at once, X chooses the line one stands on; another form asks anew without items.
const all = document.querySelector("[data-all]");
const lines = [...document.querySelectorAll('[name="line"]')];
const told = document.querySelector("[data-chosen]");

function count() {
  const chosen = lines.filter((one) => one.checked).length;
  told.textContent = chosen ? told.dataset.words.replace("{n}", chosen) : "";
  all.checked = chosen === lines.length;
  all.indeterminate = chosen > 0 && chosen < lines.length;
}

all?.addEventListener("change", () => { for (const one of lines) one.checked = all.checked; count(); });
for (const one of lines) one.addEventListener("change", count);

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const line = event.target.closest?.("tr")?.querySelector('[name="line"]');
  if (line && !event.target.closest("input:not([type=checkbox]), textarea, select")) line.click();
});

document.querySelector("[data-form-choice]")?.addEventListener("change", (event) => {
  location.search = new URLSearchParams({ form: event.target.value });
});
