/* Predicts for the baseline values chosen: sums and exponentials of coefficients made with the report. Outside the
   data of the models nothing is predicted. */
(function () {
  "use strict";
  var box = document.getElementById("prediction");
  if (!box) { return; }
  var M = JSON.parse(document.getElementById("prediction-data").textContent);
  var form = box.querySelector("form"), result = box.querySelector(".predicted");
  var asked = box.querySelector(".incomplete"), refused = box.querySelector(".outside");

  /* The values of the form by covariate: a number, a level, or null where nothing was chosen. */
  function read() {
    var values = {}, outside = false, missing = false;
    M.terms.forEach(function (term) {
      if (term.levels) {
        var chosen = form.querySelector("input[name='" + term.id + "']:checked");
        values[term.id] = chosen ? chosen.value : null;
        missing = missing || !chosen;
        return;
      }
      var input = form.elements[term.id], text = input.value.trim(), value = Number(text);
      var beyond = text !== "" && !(value >= term.low && value <= term.high);
      input.setAttribute("aria-invalid", beyond ? "true" : "false");
      outside = outside || beyond;
      missing = missing || text === "";
      values[term.id] = value / term.per;
    });
    return { values: values, outside: outside, missing: missing };
  }

  /* Risk by each time of each sample; the first sample is the model itself. */
  function risks(model, values) {
    var x = model.columns.map(function (column, i) {
      var value = values[column[0]];
      return (typeof value === "number" ? value : value === column[1] ? 1 : 0) - model.center[i];
    });
    return model.coefficients.map(function (beta, sample) {
      var sum = beta.reduce(function (all, b, i) { return all + b * x[i]; }, 0), start = model.start[sample];
      if (!Array.isArray(start)) { return [1 / (1 + Math.exp(-start - sum))]; }
      return start.map(function (log) { return 1 - Math.exp(-Math.exp(log + sum)); });
    });
  }
  function quantile(sorted, share) {
    var at = share * (sorted.length - 1), low = Math.floor(at), high = Math.ceil(at);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
  }
  function limits(all, time) {
    var sorted = all.slice(1).map(function (one) { return one[time]; }).sort(function (a, b) { return a - b; });
    return [all[0][time], quantile(sorted, 0.025), quantile(sorted, 0.975)];
  }
  function percent(share) { return Math.round(100 * share) + "%"; }

  function show(model, values) {
    var all = risks(model, values), isAnswer = !Array.isArray(model.start[0]);
    box.querySelectorAll("[data-of='" + model.id + "']").forEach(function (cell) {
      var time = isAnswer ? 0 : M.months.indexOf(Number(cell.dataset.month));
      if (time >= all[0].length) { cell.textContent = "–"; return; }
      var found = limits(all, time);
      var shown = isAnswer ? found : [1 - found[0], 1 - found[2], 1 - found[1]];
      cell.textContent = percent(shown[0]) + " (" + percent(shown[1]) + ", " + percent(shown[2]) + ")";
    });
    if (!isAnswer) { draw(model, all); }
  }
  function draw(model, all) {
    var width = 240, height = 150, last = M.months[M.months.length - 1];
    function place(month, share) { return (width * month / last).toFixed(1) + " " + (height * (1 - share)).toFixed(1); }
    var line = [place(0, 1)], upper = [place(0, 1)], lower = [];
    all[0].forEach(function (_, time) {
      var found = limits(all, time), month = M.months[time];
      line.push(place(month, 1 - found[0]));
      upper.push(place(month, 1 - found[1]));
      lower.unshift(place(month, 1 - found[2]));
    });
    box.querySelector("[data-line='" + model.id + "']").setAttribute("d", "M" + line.join("L"));
    box.querySelector("[data-band='" + model.id + "']").setAttribute("d", "M" + upper.concat(lower).join("L") + "Z");
  }

  function update() {
    var found = read(), isReady = !found.outside && !found.missing;
    refused.hidden = !found.outside;
    asked.hidden = found.outside || !found.missing;
    result.hidden = !isReady;
    if (isReady) { M.models.forEach(function (model) { show(model, found.values); }); }
  }
  form.addEventListener("input", update);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  update();
}());
