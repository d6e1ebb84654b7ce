/* Results of the criteria, put into their rows as the server computes them from what was typed. */
const form = document.querySelector("[data-form]");

form.addEventListener("grevy:checked", (event) => {
  const told = event.detail.eligibility;
  if (!told) return;
  for (const [item, one] of Object.entries(told.criteria)) {
    const row = form.querySelector(`[data-criterion="${CSS.escape(item)}"]`), result = row.querySelector("[data-result]");
    if (result.textContent !== one.result) { result.textContent = one.result; result.classList.add("changed"); }
    for (const [name, on] of [["state-complete", one.fits === true], ["state-incomplete", one.fits === null], ["state-overdue", one.fits === false]]) result.classList.toggle(name, on);
    row.querySelector("[data-contradicted]").textContent = one.contradicted;
  }
  form.querySelector("[data-verdict]").textContent = told.verdict;
});
