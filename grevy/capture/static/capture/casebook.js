// The casebook: a visit's box chooses all its records, and the button says how many will be signed.
for (const form of document.querySelectorAll("[data-choose]")) {
  const boxes = () => [...form.querySelectorAll("[name=record]")];
  const sum = form.querySelector("[data-sum]");
  const count = () => {
    for (const visit of form.querySelectorAll("fieldset")) {
      const all = visit.querySelector("[data-all]"), own = [...visit.querySelectorAll("[name=record]")];
      if (!all) continue;
      const on = own.filter((one) => one.checked).length;
      all.checked = on === own.length;
      all.indeterminate = on > 0 && on < own.length;
    }
    if (!sum) return;
    const n = boxes().filter((one) => one.checked).length;
    sum.textContent = form.dataset.sentence.replace("{count}", n);
    sum.closest("button").disabled = n === 0;
  };
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]"))
      for (const one of event.target.closest("fieldset").querySelectorAll("[name=record]")) one.checked = event.target.checked;
    count();
  });
  count();
}
