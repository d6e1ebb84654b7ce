"""The prediction of the report's page in Chromium: by keyboard, in both languages, within the data only."""

import math
from pathlib import Path

import pyarrow as pa
import pytest
from barriers import barriers

from grevy.definition import load_study
from grevy.definition.analysis_plan import Covariate, Models
from grevy.definition.words import Text
from grevy.report import write_report
from grevy.report.document import describe_document
from grevy.results import build_results

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
N = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A page with the prognostic models of 60 subjects, and the models."""
    keys = {"STUDYID": ["S"] * N, "USUBJID": [f"S-{i:03d}" for i in range(N)], "ASEQ": [1] * N}
    adsl = keys | {
        "FASFL": ["Y"] * N,
        "AGE": [40.0 + (7 * i) % 41 for i in range(N)],
        "SEX": ["FM"[i % 2] for i in range(N)],
    }
    days = [100.0 + 17 * i + 150 * (i % 2) for i in range(N)]
    adtte = keys | {"PARAMCD": ["PFS"] * N, "AVAL": days, "CNSR": [int(i % 4 == 0) for i in range(N)]}
    words = Text(en="Covariate", zh="协变量")
    covariates = (
        Covariate(variable="AGE", label=words, per="10"),
        Covariate(variable="SEX", label=words, reference="F"),
    )
    plan = STUDY.analysis.model_copy(update={"models": Models(covariates=covariates)})
    plan = plan.with_values({"prediction.repeats": "60"})
    adam = {"ADSL": pa.table(adsl), "ADTTE": pa.table(adtte)}
    only = ("TX8.1", "TX9.2")
    results = build_results(adam, STUDY, plan, "snapshot", only=only)
    document = describe_document(
        results.rows, adam=adam, revisions=None, study=STUDY, plan=plan, is_simulated=True, only=only,
        prediction=results.prediction,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_report(
        document,
        sources=results.trace,
        adam=adam,
        sdtm={},
        trace=None,
        revisions=None,
        study=STUDY,
        path=path,
    )
    return path, results.prediction


@pytest.mark.parametrize("language", ["en", "zh"])
def test_values_are_chosen_by_keyboard_and_refused_outside_the_data(chromium, made, language):
    path, prediction = made
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    if language == "zh":
        page.click("button[data-lang='zh-Hans']")
    box = page.locator("#prediction")
    assert box.locator(f".incomplete .{language}").is_visible()
    box.locator("input[name=AGE]").focus()
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # from the reference to the second level
    assert box.locator("input[name=SEX]").nth(1).is_checked()
    (model,) = prediction["models"]
    values = [5.0, 1.0]
    x = [value - center for value, center in zip(values, model["center"], strict=True)]
    free = math.exp(
        -math.exp(
            model["start"][0][prediction["months"].index(12)]
            + sum(b * v for b, v in zip(model["coefficients"][0], x, strict=True))
        )
    )
    shown = box.locator("[data-of=PFS][data-month='12']").inner_text()
    assert shown.startswith(f"{100 * free:.0f}% (")
    assert box.locator("[data-line=PFS]").get_attribute("d").startswith("M0.0 0.0L")
    assert barriers(page) == []
    box.locator("input[name=AGE]").fill("99")
    assert box.locator(f".outside .{language}").is_visible()
    assert not box.locator(".predicted").is_visible()
    assert errors == []
    page.close()


def test_a_cell_of_words_shows_one_language_and_stays_in_its_table(chromium, made):
    page = chromium.new_page()
    page.goto(made[0].as_uri())
    page.click("button[data-lang='zh-Hans']")
    cell = page.locator("[id='TX9.2'] tbody tr td", has_text="报告草案9.6")
    assert not cell.locator(".en").is_visible()
    assert cell.locator(".zh").is_visible()
    table = page.locator("[id='TX9.2'] table").bounding_box()
    words = cell.locator(".zh").bounding_box()
    assert words["x"] + words["width"] <= table["x"] + table["width"]
    page.close()
