/* Limits, flags, grades and advice, put beside the values as the server computes them from what was typed. */
const form = document.querySelector("[data-form]");

function show(row, mark) {
  row.querySelector("[data-range]").textContent = mark.range;
  row.querySelector("[data-converted]").textContent = mark.converted;
  row.querySelector("[data-flag]").textContent = mark.flag;
  const grade = row.querySelector("[data-grade]"), shown = document.createElement("span");
  shown.className = mark.grade ? `grade grade-${mark.grade}` : "faint";
  shown.textContent = mark.grade || "—";
  if (grade.textContent.trim() !== shown.textContent) grade.classList.add("changed");
  grade.replaceChildren(shown);
  row.querySelector("[data-term]").textContent = mark.term;
  const link = row.querySelector("[data-event]");
  link.hidden = !mark.event_url;
  link.href = mark.event_url || "#";
}

form.addEventListener("grevy:checked", (event) => {
  const told = event.detail.measured;
  if (!told) return;
  for (const [name, mark] of Object.entries(told.marks)) {
    const row = form.querySelector(`tr[data-field="${CSS.escape(name)}"]`);
    if (row) show(row, mark);
  }
  const place = form.querySelector("[data-advice]");
  place.hidden = !told.advice.length;
  place.querySelector("dl").replaceChildren(...told.advice.flatMap((one) => {
    const about = document.createElement("dt"), advice = document.createElement("dd");
    about.textContent = one.about; advice.textContent = one.advice;
    return [about, advice];
  }));
});
