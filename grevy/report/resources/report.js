/* Opens a number: its subjects, analysis records, tabulation records and form revisions. Derives nothing:
   every link was made with the report; this script follows links and writes text (never markup). */
(function () {
  "use strict";
  var root = document.documentElement, panel = document.getElementById("panel");
  var D = null, opener = null, shown = -1;
  var PAGE_OF_SUBJECTS = 60;
  function isChinese() { return root.lang.slice(0, 2) === "zh"; }

  /* The data are packed (zlib, base64) and unpacked when the first number is opened. */
  var unpacking = null;
  function unpacked() {
    unpacking = unpacking || new Promise(function (done) {
      var text = atob(document.getElementById("data").textContent), bytes = new Uint8Array(text.length);
      for (var i = 0; i < text.length; i++) { bytes[i] = text.charCodeAt(i); }
      done(new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json());
    }).then(index);
    return unpacking;
  }
  /* Links, origins and changes come by column, numbers as steps; the reverse of `fold` in columns.py. */
  function sums(steps) {
    var sum = 0;
    return steps.map(function (step) { sum += step; return sum; });
  }
  function divide(counts, cells) {
    var end = 0;
    return counts.map(function (count) {
      var flat = [];
      for (var first = end, i = first; i < first + count; i++) { flat.push.apply(flat, cells(i)); }
      end += count;
      return flat;
    });
  }
  function unfold(data) {
    var O = data.origins, C = data.revisions.changes, revisions = sums(O.revisions), origins = {};
    var parts = divide(O.counts, function (i) { return [revisions[i], O.rows[i]]; });
    sums(O.nodes).forEach(function (node, i) { origins[node] = parts[i]; });
    data.origins = origins;
    data.parents.nodes = sums(data.parents.nodes);
    data.revisions.changes = divide(C.counts, function (i) {
      return [C.items[i], C.rows[i], C.english[i], C.english[i] + C.chinese[i]];
    });
  }
  function index(data) {
    D = data;
    unfold(data);
    D.starts = [0];
    D.parents.counts.forEach(function (n, i) { D.starts.push(D.starts[i] + n); });
    D.byRecord = [];
    D.revisions.record.forEach(function (record, i) { (D.byRecord[record] = D.byRecord[record] || []).push(i); });
  }

  function fill(pair, values) {
    return pair[isChinese() ? 1 : 0].replace(/\{(\w+)\}/g, function (all, name) {
      return values && name in values ? values[name] : all;
    });
  }
  function word(table, key, values) {
    var pair = D.words[table][key];
    return pair ? fill(pair, values) : String(key);
  }
  function string(place) { return place < 0 ? null : D.strings[place]; }
  function el(tag, name, children) {
    var node = document.createElement(tag);
    if (name) { node.className = name; }
    (Array.isArray(children) ? children : children == null ? [] : [children]).forEach(function (child) {
      if (child != null) { node.append(child); }
    });
    return node;
  }

  /* ---- rows ---- */
  function tableOf(node) {
    return D.tables.find(function (t) { return node >= t.first && node < t.first + t.count; });
  }
  function get(node, name) {
    var table = tableOf(node), column = table.columns[name];
    if (!column) { return null; }
    if (column.like) { column = table.columns[column.like]; }
    var cell = "same" in column ? column.same : column.each[node - table.first];
    return column.kind === "text" ? string(cell) : cell;
  }
  function say(name, value) {
    if (value == null) { return null; }
    if (name === "PARAMCD") { return word("parameters", value); }
    if (typeof value === "number" && value % 1) { value = Math.round(value * 100) / 100; }
    return D.words.values[value] ? word("values", value) : String(value).replace(/^-(?=\d)/, "−");
  }
  function subjectOf(node) {
    var id = get(node, "USUBJID"), at = id == null ? -1 : id.indexOf(D.study + "-");
    return at === 0 ? id.slice(D.study.length + 1) : id;
  }
  function domainsFor(node, given) {
    if (get(node, "SRCDOM") === "ADSL") { return D.adsl[get(node, "SRCVAR")] || null; }
    return given;
  }
  function parentsOf(node, domains) {
    var all = D.parents.nodes.slice(D.starts[node], D.starts[node + 1]);
    if (tableOf(node).name !== "ADSL" || !domains) { return all; }
    return all.filter(function (parent) { return domains.indexOf(tableOf(parent).name) >= 0; });
  }
  function nodesOf(place) {
    var set = D.results.set[place];
    return set < 0 ? null : sums(D.sets[set]);
  }

  /* ---- the panel ---- */
  function resultText(place, name) {
    var column = D.results[name];
    return column ? string(column[place]) : null;
  }
  function both(place, name) { return resultText(place, name + (isChinese() ? "_zh" : "_en")); }

  function countChain(nodes, domains) {
    var seen = new Set(), revisions = new Set(), counts = new Map();
    var stack = nodes.map(function (n) { return [n, domains]; });
    while (stack.length) {
      var step = stack.pop(), node = step[0];
      if (seen.has(node)) { continue; }
      seen.add(node);
      var name = tableOf(node).name;
      counts.set(name, (counts.get(name) || 0) + 1);
      var origin = D.origins[node] || [];
      for (var i = 0; i < origin.length; i += 2) { revisions.add(origin[i]); }
      var next = domainsFor(node, step[1]);
      parentsOf(node, next).forEach(function (p) { stack.push([p, next]); });
    }
    var ordered = D.tables.filter(function (t) { return counts.has(t.name); }).map(function (t) { return [t.name, counts.get(t.name)]; });
    return { tables: ordered, revisions: revisions.size };
  }

  function open(place, from) {
    shown = place;
    if (from) { markOpener(from); }
    if (D) { draw(place); return; }
    notice("unpacking");
    unpacked().then(function () { if (shown === place) { draw(place); } }, function () { notice("unpacking_failed"); });
  }
  function notice(kind) {
    panel.replaceChildren(el("p", "top", panel.dataset[kind + (isChinese() ? "_zh" : "_en")]));
    show();
  }

  function draw(place) {
    var where = [resultText(place, "output_id"), both(place, "group_label"), both(place, "row_label"), both(place, "column_label")];
    where = where.filter(function (part, i) { return part && where.indexOf(part) === i; }).join(isChinese() ? "，" : ", ");
    drawNodes(nodesOf(place), D.adsl[resultText(place, "source")] || null, resultText(place, "value_text"), where, definition(place));
  }
  /* The records behind a line of a listing: no result stands between. */
  function openRecords(nodes, where, title, from) {
    shown = -1;
    if (from) { markOpener(from); }
    drawNodes(nodes, null, title, where, null);
  }
  function drawNodes(nodes, domains, title, where, facts) {
    panel.replaceChildren();
    var heading = el("h2", "", title);
    heading.id = "panel-h";
    var close = el("button", "x", word("panel", "close") + " (Esc)");
    close.type = "button";
    close.addEventListener("click", shut);
    var top = el("div", "top", [el("p", "where", [el("span", "", where), close]), heading]);
    var body = el("div", "body", facts);
    if (!nodes) {
      top.append(el("p", "", word("panel", "no_set")));
    } else {
      var subjects = bySubject(nodes);
      top.append(el("p", "", word("panel", nodes.length ? "exactly" : "nobody", { n: subjects.length, m: nodes.length })));
      var chain = countChain(nodes, domains);
      var path = facts ? [word("panel", "cell"), word("panel", "result")] : [where];
      chain.tables.forEach(function (pair) { path.push(pair[0] + " " + pair[1]); });
      if (chain.revisions) { path.push(word("panel", "revisions") + " " + chain.revisions); }
      var list = el("ol", "chain", path.map(function (text) { return el("li", "", text); }));
      list.dataset.subjects = subjects.length;
      listSubjects(body, subjects, domains, 0);
      panel.append(top, list, body);
      show();
      return;
    }
    panel.append(top, body);
    show();
  }
  function show() {
    panel.hidden = false;
    root.classList.add("open");
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
  }
  function markOpener(from) {
    if (opener) { opener.removeAttribute("aria-expanded"); }
    opener = from;
    opener.setAttribute("aria-expanded", "true");
  }
  function shut() {
    panel.hidden = true;
    root.classList.remove("open");
    shown = -1;
    if (opener) { opener.removeAttribute("aria-expanded"); opener.focus({ preventScroll: true }); }
  }

  function definition(place) {
    var box = el("details", "def", el("summary", "", word("panel", "definition"))), list = el("dl");
    [["identifier", "result_id"], ["analysis_set", "analysis_set"], ["dataset", "dataset"], ["where", "where"], ["parameter", "parameter"],
      ["method", "method"], ["operation", "operation"], ["denominator", "denominator"], ["switches", "switches"], ["status", "status"], ["reason", "reason"]
    ].forEach(function (pair) {
      var text = resultText(place, pair[1]);
      if (text) { list.append(el("dt", "", word("panel", pair[0])), el("dd", "", pair[1] === "switches" ? switchText(text) : text)); }
    });
    box.append(list);
    return box;
  }
  function switchText(keys) {
    return keys.split(",").map(function (key) { key = key.trim(); return key + (key in D.switches ? " = " + D.switches[key] : ""); }).join("; ");
  }

  function bySubject(nodes) {
    var groups = new Map();
    nodes.forEach(function (node) {
      var id = get(node, "USUBJID");
      if (!groups.has(id)) { groups.set(id, []); }
      groups.get(id).push(node);
    });
    return Array.from(groups.values());
  }
  function listSubjects(body, subjects, domains, from) {
    subjects.slice(from, from + PAGE_OF_SUBJECTS).forEach(function (nodes) {
      body.append(subjectBox(nodes, domains, subjects.length === 1));
    });
    var left = subjects.length - from - PAGE_OF_SUBJECTS;
    if (left > 0) {
      var more = el("button", "more", word("panel", "more", { n: left }));
      more.type = "button";
      more.addEventListener("click", function () {
        more.remove();
        while (from + PAGE_OF_SUBJECTS < subjects.length) { from += PAGE_OF_SUBJECTS; subjects.slice(from, from + PAGE_OF_SUBJECTS).forEach(function (nodes) { body.append(subjectBox(nodes, domains, false)); }); }
      });
      body.append(more);
    }
  }
  function factsOf(node, extra) {
    var table = tableOf(node), names = D.facts[table.name] || Object.keys(table.columns).slice(0, 6);
    if (extra && table.columns[extra] && names.indexOf(extra) < 0) { names = [extra].concat(names); }
    return names.map(function (name) {
      var text = say(name, get(node, name));
      return text == null ? null : el("span", "", label(name, text));
    });
  }
  function label(name, text) {
    var bare = ["PARAMCD", "AVALC", "AEDECOD", "AVISIT", "SEX", "COHORT", "NENGRP", "ADT", "EVNTDESC", "CNSDTDSC"];
    return bare.indexOf(name) >= 0 || !D.words.variables[name] ? text : word("variables", name) + " " + text;
  }
  function subjectBox(nodes, domains, isOpen) {
    var parameter = resultText(shown, "source"), facts = el("span", "facts", factsOf(nodes[0], parameter));
    if (nodes.length > 1) { facts.append(el("span", "", "+" + (nodes.length - 1))); }
    var box = el("details", "subj", el("summary", "", [el("b", "", subjectOf(nodes[0])), facts]));
    function build() {
      if (box.open && box.children.length === 1) {
        var inside = el("div", "in");
        box.append(inside);
        nodes.forEach(function (node) {
          inside.append(el("p", "why", sentence(node)));
          inside.append(record(node, domains, new Set(), true));
        });
      }
    }
    box.addEventListener("toggle", build);
    if (isOpen) { box.open = true; build(); }
    return box;
  }

  function sentence(node) {
    var name = tableOf(node).name, values = { subject: subjectOf(node), parameter: say("PARAMCD", get(node, "PARAMCD")), date: get(node, "ADT") || "–" };
    var text;
    if (name === "ADTTE") {
      var isEvent = get(node, "CNSR") === 0;
      values.days = get(node, "AVAL");
      values.what = say("", get(node, isEvent ? "EVNTDESC" : "CNSDTDSC")) || "–";
      text = word("sentences", isEvent ? "event" : "censored", values);
    } else if (get(node, "PARAMCD") != null) {
      var value = get(node, "AVALC");
      values.value = say("", value == null ? get(node, "AVAL") : value);
      values.date = get(node, "ADT") ? word("sentences", "on", { date: get(node, "ADT") }) : "";
      text = word("sentences", "value", values);
    } else {
      var facts = factsOf(node, resultText(shown, "source")).filter(Boolean).map(function (f) { return f.textContent; });
      text = word("sentences", "derived", { subject: subjectOf(node), facts: facts.join(isChinese() ? "，" : ", ") });
    }
    var rule = get(node, "RULE");
    if (rule) { text += " " + word("sentences", "rule", { rule: say("", rule) }); }
    var deciding = D.ruleSwitches[rule] || D.ruleSwitches[get(node, "EVNTDESC")] || D.ruleSwitches[get(node, "CNSDTDSC")];
    var parents = name === "ADSL" ? [] : parentsOf(node, null);
    if (parents.length === 1) { text += " " + word("sentences", "source", { source: title(parents[0]) }); }
    if (deciding) { text += " " + word("sentences", "switch", { switches: switchText(deciding.join(",")) }); }
    return text;
  }

  function title(node) {
    var table = tableOf(node), key = get(node, table.layer === "adam" ? "ASEQ" : table.name + "SEQ");
    return table.name + (key == null ? "" : " " + key);
  }
  function record(node, domains, seen, isTop) {
    var isAdam = tableOf(node).layer === "adam", box = el("div", "rec");
    box.append(el("div", "h", [el("b", "", title(node)), el("span", "facts", factsOf(node))]));
    if (seen.has(node)) { return box; }
    seen.add(node);
    if (!isTop && get(node, "RULE")) { box.append(el("div", "facts", word("sentences", "rule", { rule: say("", get(node, "RULE")) }))); }
    if (!isAdam) { box.append(formsOf(node)); return box; }
    var next = domainsFor(node, domains), parents = parentsOf(node, next);
    if (!parents.length) { box.append(el("p", "end", word("panel", "no_parent"))); }
    parents.forEach(function (parent) { box.append(record(parent, next, seen, false)); });
    return box;
  }

  /* ---- forms ---- */
  function formsOf(node) {
    var origin = D.origins[node], box = el("div");
    if (!origin) { box.append(el("p", "end", word("panel", D.revisions.record.length ? "no_revision" : "outside"))); return box; }
    for (var i = 0; i < origin.length; i += 2) { box.append(form(origin[i], string(origin[i + 1]))); }
    return box;
  }
  function name(table, key) { var pair = D[table][key]; return pair ? fill(pair) : key; }
  function form(used, rowKey) {
    var R = D.revisions, event = name("events", string(R.event[used]));
    var facts = [event + (R.eventseq[used] > 1 ? " " + R.eventseq[used] : "")];
    if (R.formseq[used] > 1) { facts.push(word("panel", "record", { n: R.formseq[used] })); }
    if (rowKey) { facts.push(word("panel", "row", { key: rowKey })); }
    var box = el("div", "form", el("div", "h", [el("b", "", name("forms", string(R.form[used]))), " ", el("span", "", facts.join(isChinese() ? "，" : ", "))]));
    if (isInApplication) { box.firstChild.append(" ", linkToRecord(string(R.id[used]))); }
    var state = new Map(), cards = [];
    D.byRecord[R.record[used]].forEach(function (revision) {
      if (R.number[revision] <= R.number[used]) { cards.push(card(revision, used, rowKey, state)); }
    });
    cards.reverse().forEach(function (c) { box.append(c); });
    return box;
  }
  /* A revision is named by its record's address in the application and its number: 01-001/IMAGING/2/ecg/1#3 */
  var isInApplication = /[?&]app(&|$)/.test(location.search);
  function linkToRecord(revision) {
    var link = el("a", "there", word("panel", "open_form"));
    link.href = "/subjects/" + revision.split("#")[0].split("/").map(encodeURIComponent).join("/") + "/";
    return link;
  }
  function card(revision, used, rowKey, state) {
    var R = D.revisions, who = [string(R.by[revision]), string(R.role[revision])].filter(Boolean).join(", ");
    var why = string(R.reason[revision]) || word("panel", R.number[revision] === 1 ? "first_entry" : "no_reason");
    var head = el("p", "", [el("b", "", word("panel", "revision", { n: R.number[revision] })), el("span", "", who), el("span", "", why), el("time", "", string(R.at[revision]))]);
    if (R.withdrawn[revision]) { head.append(el("span", "mark", word("panel", "withdrawn"))); }
    var near = el("ul"), rest = el("ul"), changes = R.changes[revision];
    for (var i = 0; i < changes.length; i += 4) {
      var row = string(changes[i + 1]), isNear = row === rowKey, line = change(changes, i, isNear ? null : row, state);
      (isNear ? near : rest).append(line);
    }
    var box = el("div", "rev", head);
    if (near.children.length) { box.append(near); } else { box.append(el("p", "", word("panel", "unchanged"))); }
    if (rest.children.length) { box.append(el("details", "", [el("summary", "", word("panel", "more", { n: rest.children.length })), rest])); }
    return box;
  }
  function change(changes, i, row, state) {
    var item = D.items[changes[i]], key = changes[i] + "|" + changes[i + 1], side = isChinese() ? 1 : 0;
    var before = state.get(key), after = string(changes[i + 2 + side]);
    state.set(key, [string(changes[i + 2]), string(changes[i + 3])]);
    var value = el("span");
    if (before && before[side] != null) { value.append(el("del", "", before[side]), " → "); }
    value.append(el("b", "", after == null ? word("panel", "empty") : after));
    return el("li", "", [el("span", "", (row == null ? "" : row + " · ") + string(item[1 + side])), value]);
  }

  /* ---- the page ---- */
  function setLanguage(language, keep) {
    root.lang = language;
    document.querySelectorAll("[data-lang]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === language));
    });
    if (keep) { try { localStorage.setItem("grevy-report-language", language); } catch (refused) { /* no storage: the choice lasts for this page */ } }
    if (shown >= 0) { open(shown); }
  }
  function target() { return document.getElementById(decodeURIComponent(location.hash.slice(1))); }
  function follow() {
    var place = target();
    if (place && place.dataset.p) {
      var closed = place.closest("details:not([open])");
      if (closed) { closed.open = true; place.scrollIntoView(); }
      open(Number(place.dataset.p), place);
    } else if (shown >= 0) { shut(); }
  }
  document.addEventListener("click", function (event) {
    var number = event.target.closest("a.v"), button = event.target.closest("[data-lang]");
    if (button) { setLanguage(button.dataset.lang, true); }
    if (!number || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    try { history.replaceState(null, "", number.getAttribute("href")); } catch (refused) { /* some browsers refuse this for files; the panel opens all the same */ }
    open(Number(number.dataset.p), number);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !panel.hidden) { shut(); }
  });
  window.addEventListener("hashchange", follow);

  /* A number is a link to itself; written here, for in the file its address stands once, as its name. */
  var addresses = new Map(), numbers = document.querySelectorAll("a.v");
  numbers.forEach(function (a) { if (a.id) { addresses.set(a.dataset.p, "#" + encodeURIComponent(a.id)); } });
  numbers.forEach(function (a) { a.setAttribute("href", addresses.get(a.dataset.p) || "#"); });

  window.grevyReport = {
    el: el, isChinese: isChinese, unpacked: unpacked, data: function () { return D; }, both: both,
    resultText: resultText, open: open,
    openRecords: openRecords
  };

  var wished = /[?&]lang=(zh|en)/.exec(location.search), stored = null;
  try { stored = localStorage.getItem("grevy-report-language"); } catch (refused) { /* no storage */ }
  setLanguage(wished ? (wished[1] === "zh" ? "zh-Hans" : "en") : stored === "zh-Hans" ? stored : "en", false);
  var contents = document.querySelector(".toc details");
  if (matchMedia("(max-width:1080px)").matches) { contents.open = false; }
  if ("IntersectionObserver" in window) {
    var links = new Map();
    document.querySelectorAll(".toc a").forEach(function (a) { links.set(a.getAttribute("href").slice(1), a); });
    var watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) { return; }
        links.forEach(function (a) { a.removeAttribute("aria-current"); });
        var link = links.get(entry.target.id);
        if (link) { link.setAttribute("aria-current", "true"); }
      });
    }, { rootMargin: "-10% 0px -80% 0px" });
    document.querySelectorAll("article.output,#settings").forEach(function (a) { watcher.observe(a); });
  }
  if (location.hash) { follow(); }
})();
