/* Long tables, written when they are opened: searched, sorted and paged from the packed data. Texts were made
   with the results; this script derives nothing. */
(function () {
  "use strict";
  var R = window.grevyReport, el = R.el, ROWS_OF_PAGE = 100;
  function say(en, zh) { return R.isChinese() ? zh : en; }

  /* columns: texts; rows: count; text(row, column); open(row, link) */
  function longTable(place, source) {
    var state = { found: null, query: "", by: -1, falls: false, page: 0 };
    var box = el("div", "long"), count = el("p", "count"), body = el("tbody"), head = el("tr");
    var search = el("input");
    search.type = "search";
    search.setAttribute("aria-label", say("Search in all columns", "在所有列中搜索"));
    search.placeholder = say("Search in all columns", "在所有列中搜索");
    count.setAttribute("role", "status");
    var pages = el("div", "pages"), table = el("table", "t list", [el("thead", "", head), body]);
    table.append(el("caption", "vh", source.title));
    var scroll = el("div", "scroll", table);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", source.title);

    function lower(row) {
      return source.columns.map(function (c, i) { return source.text(row, i) || ""; }).join("\t").toLowerCase();
    }
    function find() {
      var words = state.query.toLowerCase().split(/\s+/).filter(Boolean), found = [];
      for (var row = 0; row < source.rows; row++) {
        var text = words.length ? lower(row) : "";
        if (words.every(function (word) { return text.indexOf(word) >= 0; })) { found.push(row); }
      }
      if (state.by >= 0) {
        var sign = state.falls ? -1 : 1, order = new Intl.Collator(document.documentElement.lang, { numeric: true });
        var keys = new Map(found.map(function (row) { return [row, (source.text(row, state.by) || "").replace("−", "-")]; }));
        var number = /^-?\d+(\.\d+)?$/;
        found.sort(function (a, b) {
          var x = keys.get(a), y = keys.get(b);
          if (!x || !y) { return x ? -1 : y ? 1 : a - b; }
          return sign * (number.test(x) && number.test(y) ? x - y : order.compare(x, y)) || a - b;
        });
      }
      state.found = found;
      state.page = 0;
      draw();
    }
    function draw() {
      var from = state.page * ROWS_OF_PAGE, shown = state.found.slice(from, from + ROWS_OF_PAGE), before = "";
      var last = Math.ceil(state.found.length / ROWS_OF_PAGE);
      count.textContent = state.found.length === source.rows
        ? say(source.rows + " rows", source.rows + " 行") : say(state.found.length + " of " + source.rows + " rows", source.rows + " 行中的 " + state.found.length + " 行");
      head.replaceChildren.apply(head, source.columns.map(function (name, i) {
        var button = el("button", "", name), cell = el("th", "", button);
        button.type = "button";
        cell.scope = "col";
        if (state.by === i) { cell.setAttribute("aria-sort", state.falls ? "descending" : "ascending"); }
        button.addEventListener("click", function () {
          state.falls = state.by === i && !state.falls;
          state.by = i;
          find();
          head.children[i].firstChild.focus();
        });
        return cell;
      }));
      body.replaceChildren.apply(body, shown.map(function (row, at) {
        var line = el("tr", source.text(row, 0) !== before && at ? "next" : "");
        before = source.text(row, 0);
        source.columns.forEach(function (name, i) {
          var text = source.text(row, i) || "";
          if (i === source.link) {
            var link = el("a", "v", text || "–");
            link.href = "#" + source.id;
            link.addEventListener("click", function (event) { event.preventDefault(); event.stopPropagation(); source.open(row, link); });
            text = link;
          }
          var cell = el(i ? "td" : "th", "", text);
          if (!i) { cell.scope = "row"; }
          line.append(cell);
        });
        return line;
      }));
      pages.replaceChildren();
      if (last > 1) {
        pages.append(step(-1, say("Previous", "上一页"), state.page === 0),
          el("span", "", say("Page " + (state.page + 1) + " of " + last, "第 " + (state.page + 1) + " 页，共 " + last + " 页")),
          step(1, say("Next", "下一页"), state.page >= last - 1));
      }
    }
    function step(by, text, isOff) {
      var button = el("button", "", text);
      button.type = "button";
      button.disabled = isOff;
      button.addEventListener("click", function () {
        state.page += by;
        draw();
        scroll.scrollTop = 0;
        var again = pages.querySelectorAll("button")[by < 0 ? 0 : 1];
        if (again.disabled) { scroll.focus(); } else { again.focus(); }
      });
      return button;
    }
    var waiting = 0;
    search.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { state.query = search.value; find(); }, 150);
    });
    box.append(el("div", "tools", [search, count]), scroll, pages);
    place.querySelectorAll(".long").forEach(function (old) { old.remove(); });
    place.append(box);
    find();
  }

  /* The plotted values of a figure: the result rows of its output. */
  function plotted(id, data) {
    var places = [], wanted = data.strings.indexOf(id);
    data.results.output_id.forEach(function (output, place) { if (output === wanted) { places.push(place); } });
    return {
      id: id,
      title: id,
      columns: [say("Group", "组别"), say("Item", "项目"), say("Column", "列"), say("Value", "数值")],
      rows: places.length,
      link: 3,
      text: function (row, column) {
        var place = places[row];
        if (column < 3) { return R.both(place, ["group_label", "row_label", "column_label"][column]); }
        return R.resultText(place, R.isChinese() ? "value_text_zh" : "value_text");
      },
      open: function (row, link) { R.open(places[row], link); }
    };
  }

  /* The lines of a listing: subject, then its columns; the first of them opens the record. */
  function listed(id, data) {
    var packed = data.listings[id], side = R.isChinese() ? 1 : 0;
    var subjects = runs(packed.subjects), counts = runs(packed.counts), starts = [0], sum = 0;
    counts.forEach(function (n, i) { starts.push(starts[i] + n); });
    var nodes = packed.nodes.map(function (step) { sum += step; return sum; });
    var text = function (place) { return place < 0 ? "" : data.strings[place]; };
    return {
      id: id,
      title: text(packed.title[side]),
      columns: [say("Subject", "受试者")].concat(packed.heads.map(function (pair) { return text(pair[side]); })),
      rows: subjects.length,
      link: 0,
      text: function (row, column) {
        if (!column) { return text(subjects[row]); }
        var own = packed.columns[column - 1];
        return text((side && own[1] || own[0])[row]);
      },
      open: function (row, link) {
        R.openRecords(nodes.slice(starts[row], starts[row + 1]), id, text(subjects[row]), link);
      }
    };
  }
  function runs(packed) {
    var all = [];
    for (var i = 0; i < packed.length; i += 2) {
      for (var n = 0; n < packed[i + 1]; n++) { all.push(packed[i]); }
    }
    return all;
  }

  function write(place) {
    if (!place.open) { return; }
    R.unpacked().then(function () {
      var id = place.dataset.listing;
      longTable(place, id ? listed(id, R.data()) : plotted(place.dataset.rowsOf, R.data()));
    });
  }
  var all = document.querySelectorAll("[data-rows-of],[data-listing]");
  all.forEach(function (place) { place.addEventListener("toggle", function () { write(place); }); });
  new MutationObserver(function () { all.forEach(write); }).observe(document.documentElement, { attributeFilter: ["lang"] });
})();
