"""The page: every number a result, both languages, nothing from outside, hostile text harmless."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from report_run import HOSTILE, SNAPSHOT, Run

from grevy.report import hash_script
from grevy.report.columns import fold, unfold
from grevy.report.document import name_kind
from grevy.report.embed import read_script_text
from grevy.results import build_results
from grevy.results.labels import Label

VOID = {"meta", "br", "img", "link", "input"}


class PageReader(HTMLParser):
    """Reads a page strictly: elements must nest; keeps identifiers, links, numbers and texts by language."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.numbers: list[list[Any]] = []
        self.texts: dict[str, list[str]] = {"en": [], "zh": []}
        self.sources: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and "data-p" not in found:  # the script gives a number the address that is its name
            self.links.append(str(found.get("href")))
        if "src" in found:
            self.sources.append(str(found["src"]))
        if "data-p" in found:
            self.numbers.append([int(str(found["data-p"])), "zh" in str(found["class"]).split(), ""])
        names = (found.get("class") or "").split()
        for language in ("en", "zh"):
            if tag == "span" and language in names:
                self.texts[language].append("")
        if tag not in VOID:
            self.open.append((tag, found))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1][0] == tag, f"</{tag}> closes <{self.open[-1][0]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if any("data-p" in attrs for _, attrs in self.open):
            self.numbers[-1][2] += data
        for language in ("en", "zh"):
            if any(tag == "span" and language in (a.get("class") or "").split() for tag, a in self.open):
                self.texts[language][-1] += data


@pytest.fixture(scope="module")
def page(run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("report") / "report.html"
    return run.write_page(place, remarks=[Label(HOSTILE, HOSTILE)])


@pytest.fixture(scope="module")
def reader(page: str) -> PageReader:
    return PageReader(page)


@pytest.fixture(scope="module")
def data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="text/plain" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return read_script_text(found[1])


def test_same_run_gives_the_same_bytes(run: Run, page: str, tmp_path: Path) -> None:
    assert run.write_page(tmp_path / "again.html", remarks=[Label(HOSTILE, HOSTILE)]) == page


def test_page_is_well_formed_and_its_addresses_are_unique_and_lead_somewhere(reader: PageReader) -> None:
    assert len(reader.ids) == len(set(reader.ids))
    missing = {link for link in reader.links if link.startswith("#") and link[1:] not in set(reader.ids)}
    assert not missing


def test_strict_reader_refuses_crossed_elements() -> None:
    with pytest.raises(AssertionError, match="closes"):
        PageReader("<p><b>text</p></b>")


def test_nothing_is_fetched(page: str, reader: PageReader) -> None:
    without_namespace = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|//cdn|@import|url\(", without_namespace)
    assert all(link.startswith("#") for link in reader.links)
    assert not [
        source for source in reader.sources if source != "x"
    ]  # the planted image is text, not an element
    assert not reader.sources


def test_the_page_has_one_script_and_it_is_the_one_that_a_server_may_allow_by_its_hash(page: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert [f"sha256-{one}" for one in hashes] == [hash_script()]
    assert not re.search(r"<[^>]+ on\w+=", page)


def test_every_printed_number_is_the_text_of_its_result(run: Run, reader: PageReader) -> None:
    texts = run.results.rows["value_text"].to_pylist()
    chinese = run.results.rows["value_text_zh"].to_pylist()
    wrong = [
        (place, shown)
        for place, is_chinese, shown in reader.numbers
        if shown != (chinese if is_chinese else texts)[place]
    ]
    assert not wrong
    assert len(reader.numbers) > 500


def test_every_result_is_printed(run: Run, reader: PageReader) -> None:
    printed = {place for place, _, _ in reader.numbers}
    rows = run.results.rows
    absent = [
        rows["result_id"][i].as_py()
        for i in range(rows.num_rows)
        if i not in printed and rows["row_id"][i].as_py() != "EMPTY"
    ]
    assert absent == []


def test_no_figure_prints_a_number_of_its_own(page: str) -> None:
    """Digits in figures are results (links), ticks of the axes, or part of a label."""
    figures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(figures) >= 2 * 13
    assert len(figures) % 2 == 0  # each in both languages
    # subgroups are named by their limits: <65 years, 3% to 20%, 3 or later
    named = r"^&[lg]t;\d|[≥≤]\d|^3%|or later|及以上|3线"
    allowed = re.compile(
        rf"^[+−]?\d{{1,3}}$|^20\d\d$|^Site |^中心 |10|95% ?CI|NET G| ?mg|SURU|cut at|截断|Imaging|^[^\d]*$|"
        rf"Q1, Q3|Kaplan|onerror|{named}"  # the hostile term, wrapped
    )
    unlinked = (re.sub(r'<a class="v".*?</a>', "", figure) for figure in figures)
    texts = {text for figure in unlinked for text in re.findall(r"<text[^>]*>(.*?)</text>", figure)}
    assert {text for text in texts if not allowed.search(text)} == set()


def test_both_languages_are_complete(reader: PageReader) -> None:
    assert len(reader.texts["en"]) == len(reader.texts["zh"]) > 200
    assert all(text.strip() for texts in reader.texts.values() for text in texts)
    untranslated = [text for text in reader.texts["zh"] if not re.search(r"[一-鿿，。：；（）～]", text)]
    assert untranslated == []


def test_labels_that_are_alike_in_both_languages_are_codes_or_terms(run: Run) -> None:
    rows = run.results.rows.to_pandas()
    for kind in ("row", "column"):
        alike = rows[rows[f"{kind}_label_en"] == rows[f"{kind}_label_zh"]][f"{kind}_label_en"].unique()
        words = [label for label in alike if re.search(r"[a-z]{4}", label)]
        assert set(words) <= {HOSTILE, "Hypertension", "Diarrhoea", "NET G1/G2", "NET G3", "NEC/MiNEN"}


def test_hostile_text_stays_text(page: str, reader: PageReader, data: dict[str, Any]) -> None:
    assert page.count("</script") == 2  # the data and the program
    assert "<img" not in page
    assert HOSTILE in data["strings"]
    assert any("onerror" in text for text in data["strings"])


def test_simulated_data_are_marked_on_each_output(page: str, run: Run, tmp_path: Path) -> None:
    outputs = page.count('<article class="output"')
    assert page.count('<p class="stamp">') == outputs
    assert page.count("模拟数据") > outputs
    real = run.write_page(tmp_path / "real.html", is_simulated=False)
    assert "模拟数据" not in real.replace('"模拟数据', "")


def test_output_carries_cut_off_snapshot_and_program(page: str) -> None:
    article = re.search(r'<article class="output" id="T14.2.1".*?</article>', page, re.DOTALL)
    assert article
    for part in ("2026-01-31", SNAPSHOT[:12], "grevy "):
        assert part in article[0]


def test_a_selection_prints_its_outputs_under_its_own_name(run: Run, tmp_path: Path) -> None:
    safety = build_results(run.adam, run.study, run.study.analysis, SNAPSHOT, only=("safety",))
    document = run.describe(safety, only=("safety",))
    assert [section.number for section in document.sections] == ["14.1", "14.3"]
    assert {output.id for output in document.outputs} >= {"T14.1.1", "T14.1.2", "T14.3.1.8", "T14.3.3"}
    page = run.write_page(tmp_path / "safety.html", safety, only=("safety",))
    assert "Interim safety report" in page
    assert "中期安全性报告" in page
    assert 'id="T14.2.1"' not in page
    assert run.describe().kind.en == "Study report"
    assert name_kind(("14.2", "T14.3.3")).zh == "研究报告（选定输出：14.2, T14.3.3）"


def test_output_without_rows_says_why(run: Run, tmp_path: Path) -> None:
    rows = run.results.rows
    fewer = replace(run.results, rows=rows.filter(pc.not_equal(rows["output_id"], "T14.3.3")))
    text = run.write_page(tmp_path / "r.html", fewer)
    article = re.search(r'<article class="output" id="T14.3.3".*?</article>', text, re.DOTALL)
    assert article
    assert "Not shown" in article[0]
    assert "未显示" in article[0]


# ---- The data behind the numbers ---------------------------------------------------------------------------


def nodes_of(data: dict[str, Any], place: int) -> list[int]:
    """The records behind a result, as the page's script reads them."""
    packed, total, nodes = data["sets"][data["results"]["set"][place]], 0, []
    for step in packed:
        total += step
        nodes.append(total)
    return nodes


def cell(data: dict[str, Any], node: int, name: str) -> Any:
    table = next(t for t in data["tables"] if t["first"] <= node < t["first"] + t["count"])
    column = table["columns"].get(name)
    if column is None:
        return None
    value = column["same"] if "same" in column else column["each"][node - table["first"]]
    return (data["strings"][value] if value >= 0 else None) if column["kind"] == "text" else value


def test_count_opens_exactly_as_many_subjects(run: Run, data: dict[str, Any]) -> None:
    rows = run.results.rows.to_pandas()
    counts = rows[(rows["operation"] == "count") & rows["trace_key"].notna()]
    assert len(counts) > 100
    for row in counts.itertuples():
        subjects = {cell(data, node, "USUBJID") for node in nodes_of(data, row.Index)}
        assert len(subjects) == row.value, row.result_id


def test_number_leads_to_an_existing_revision(data: dict[str, Any]) -> None:
    """From the median PFS of monotherapy down to the corrected and the deciding form."""
    strings = data["strings"]
    place = [strings[i] for i in data["results"]["result_id"]].index("T14.2.1|PFS|median|MONO")
    starts = [sum(data["parents"]["counts"][:i]) for i in range(len(data["parents"]["counts"]) + 1)]
    seen, waiting = set(), nodes_of(data, place)
    while waiting:
        node = waiting.pop()
        seen.add(node)
        waiting += [p for p in data["parents"]["nodes"][starts[node] : starts[node + 1]] if p not in seen]
    revisions = {r for node in seen for r in data["origins"].get(str(node), [])[::2]}
    assert revisions
    assert all(0 <= r < len(data["revisions"]["record"]) for r in revisions)
    forms = {strings[data["revisions"]["form"][r]] for r in revisions}
    assert forms == {"tumor_assessment"}


def test_revision_tells_author_reason_and_what_it_changed(data: dict[str, Any]) -> None:
    revisions, strings = data["revisions"], data["strings"]
    corrected = [i for i, n in enumerate(revisions["number"]) if n == 2]
    assert len(corrected) == 1
    (place,) = corrected
    assert strings[revisions["by"][place]] == "chen.wei"
    assert strings[revisions["reason"][place]] == "transcription error"
    ((item, _row, english, chinese),) = [revisions["changes"][place][:4]]
    assert strings[data["items"][item][1]].startswith("Longest diameter")
    assert strings[english] == strings[chinese] == "32 mm"


def test_coded_value_is_labelled_in_both_languages(data: dict[str, Any]) -> None:
    strings = data["strings"]
    pairs = {
        (strings[changes[i + 2]], strings[changes[i + 3]])
        for changes in data["revisions"]["changes"]
        for i in range(0, len(changes), 4)
    }
    assert ("Measured", "已测量") in pairs


def test_run_from_other_system_ends_at_the_tabulation(run: Run, tmp_path: Path) -> None:
    text = run.write_page(tmp_path / "r.html", trace=False)
    found = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    packed = read_script_text(found[1])
    assert packed["origins"] == {}
    assert packed["revisions"]["record"] == []
    assert packed["words"]["panel"]["outside"][0].endswith("ends at this record.")


# ---- Checks that must fail ---------------------------------------------------------------------------------


def test_trace_to_a_missing_record_is_refused(run: Run, tmp_path: Path) -> None:
    broken = run.results.trace.to_pylist()
    broken[0]["ASEQ"] = 999
    results = replace(run.results, trace=pa.Table.from_pylist(broken, schema=run.results.trace.schema))
    with pytest.raises(ValueError, match="analysis records that do not exist"):
        run.write_page(tmp_path / "r.html", results)


def test_identifier_given_twice_is_refused(run: Run, tmp_path: Path) -> None:
    doubled = pa.concat_tables([run.results.rows, run.results.rows.slice(0, 1)])
    with pytest.raises(ValueError, match="stands 2 times"):
        run.write_page(tmp_path / "r.html", replace(run.results, rows=doubled))


def test_flow_whose_reasons_do_not_add_up_is_refused(run: Run, tmp_path: Path) -> None:
    rows = run.results.rows.to_pylist()
    reason = next(r for r in rows if r["output_id"] == "F14.1.1" and r["row_id"] == "NOT_ENROLLED|IN03")
    assert reason["column_id"] == "TOTAL"
    reason["value"] = 2.0
    changed = replace(run.results, rows=pa.Table.from_pylist(rows, schema=run.results.rows.schema))
    with pytest.raises(ValueError, match="add up to 2; expected 1"):
        run.write_page(tmp_path / "r.html", changed)


def test_data_laid_out_by_column_are_the_same_data(data: dict[str, Any]) -> None:
    assert unfold(fold(data)) == data
    assert fold(data)["revisions"]["changes"]["items"] != data["revisions"]["changes"]
