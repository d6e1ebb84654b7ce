"""The whole build of results on hand-made analysis data sets, and on ones that lack something."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from grevy.definition import load_study
from grevy.results import OUTPUTS, build_results
from grevy.results.labels import find_label

STUDY = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
START = date(2024, 1, 1)
N = 40
GROUPS = ("NET G1/G2", "NET G3", "NEC/MiNEN", None)
CLASSES = {"NET G1/G2": "NET_G2", "NET G3": "NET_G3", "NEC/MiNEN": "NEC_SMALL", None: None}


def subject(i):
    return f"SURU-NEN-0{i % 4}-{i:03d}"


def day(i, days):
    return START + timedelta(days=5 * i + days)


def make_table(rows, columns=None):
    """Rows as dictionaries into Arrow; dates stay dates, an absent key is null."""
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def make_adsl():
    rows = []
    for i in range(N):
        treated, enrolled = i >= 6, i >= 4
        group = GROUPS[i % 4]
        rows.append(
            {
                "STUDYID": "SURU-NEN",
                "USUBJID": subject(i),
                "ASEQ": 1,
                "SUBJID": subject(i)[-6:],
                "SITEID": f"0{i % 4}",
                "AGE": 40 + i,
                "AGEGR1": "<65" if i < 25 else ">=65",
                "SEX": "F" if i % 3 else "M",
                "ETHNIC": "HAN",
                "SCRNFL": "Y",
                "SCRFFL": "N" if enrolled else "Y",
                "SCRFREAS": None if enrolled else "IN03",
                "ENRLFL": "Y" if enrolled else "N",
                "FASFL": "Y" if treated else "N",
                "SAFFL": "Y" if treated else "N",
                "MEASFL": "Y" if i != 7 else "N",
                "RSPEVFL": "Y" if treated and i not in (7, 8) else "N",
                "PPROTFL": "Y" if treated and i != 9 else "N",
                "COHORT": ("MONO" if i % 2 else "COMBO") if treated else None,
                "TRTSDT": day(i, 0) if treated else None,
                "DTHDT": day(i, 300) if treated and i % 5 == 0 else None,
                "DTHDTF": "D" if i == 10 else None,
                "LSTALVDT": day(i, 310) if treated else None,
                "NWTRSDT": day(i, 200) if i == 11 else None,
                "CUTDT": date(2026, 1, 31),
                "EOTSTT": ("DISCONTINUED" if i % 3 else "ONGOING") if treated else None,
                "DCTREAS": "PROGRESSIVE DISEASE" if treated and i % 3 else None,
                "EOSSTT": "ONGOING",
                "DCSREAS": None,
                "NENGRP": group,
                "NENCLASS": CLASSES[group],
                "PRIMSITE": "PANCREAS",
                "PANCFL": "Y",
                "DIFFER": "WELL",
                "KI67": 2.5 * i,
                "KI67GR1": "3-20",
                "FUNCTNL": "N",
                "STAGE": "IV",
                "LIVERMFL": "Y",
                "BONEMFL": "N",
                "NODEMFL": "N",
                "METORGN": i % 4,
                "PRIORLIN": i % 3,
                "LINE": ("1", "2", "3+")[i % 3],
                "ECOGBL": i % 2,
                "SSTR": "POS",
                "CGAXULN": None if i % 10 == 0 else i / 10,
                "HEIGHT": 165.0 + i / 10,
                "WEIGHT": 60.5 + i,
                "BMI": (60.5 + i) / (1.65 + i / 1000) ** 2,
            }
        )
    return make_table(rows)


def make_adtr():
    rows = []
    for i in range(6, N):
        for k, size in enumerate((100.0, 100.0 - 2 * i, 95.0 + i)):
            rows.append(
                {
                    "STUDYID": "SURU-NEN",
                    "USUBJID": subject(i),
                    "ASEQ": k + 1,
                    "PARAMCD": "SUMDIAM",
                    "AVAL": size,
                    "BASE": 100.0,
                    "PCHG": 100.0 * (size - 100.0) / 100.0 if k else None,
                    "ABLFL": None if k else "Y",
                    "ADT": day(i, 56 * k),
                    "AVISITN": float(k),
                }
            )
    return make_table(rows)


def make_adrs():
    best = ("CR", "PR", "SD", "PD", "NE")
    rows = []
    for i in range(6, N):
        answer = best[i % 5]
        keys = {"STUDYID": "SURU-NEN", "USUBJID": subject(i)}
        visits = [("OVR", "SD" if answer == "NE" else answer), ("OVRINV", "PD" if i == 12 else answer)]
        rows += [
            keys | {"PARAMCD": code, "AVALC": value, "ADT": day(i, 56), "AVISITN": 101.0, "ANL01FL": "Y"}
            for code, value in visits
        ]
        if i == 13:  # a second response on the same day, entered twice
            twice = keys | {"PARAMCD": "OVR", "AVALC": "NE", "ADT": day(i, 56)}
            rows += [twice | {"AVISITN": 901.0}, twice | {"AVISITN": 902.0}]
        if i == 15:  # an assessment after death
            rows.append(keys | {"PARAMCD": "OVR", "AVALC": "SD", "ADT": day(i, 305), "AVISITN": 102.0})
        rows += [keys | {"PARAMCD": code, "AVALC": answer, "ADT": day(i, 56)} for code in ("BOR", "CBOR")]
        progressed = answer == "PD"
        rows.append(
            keys
            | {
                "PARAMCD": "PD",
                "AVALC": "Y" if progressed else "N",
                "ADT": day(i, 112) if progressed else None,
                "RULE": "PD: unequivocal new lesion" if i == 8 else None,
            }
        )
    return number(rows)


def number(rows):
    """Add ASEQ, unique per subject."""
    seen = Counter()
    for row in rows:
        seen[row["USUBJID"]] += 1
        row["ASEQ"] = seen[row["USUBJID"]]
    return make_table(rows)


def make_adtte():
    rows = []
    for i in range(6, N):
        keys = {"STUDYID": "SURU-NEN", "USUBJID": subject(i)}
        died = i % 5 == 0
        for code, days, event in (
            ("PFS", 60 + 7 * i, i % 4 == 0),
            ("PFSEMA", 60 + 7 * i + (20 if i == 14 else 0), i % 4 == 0),
            ("PFSCLIN", 60 + 7 * i, i % 4 == 0 or i == 15),
            ("OS", 301 if died else 311 + i, died),
            ("CRSD", 100 + i, i % 2 == 0),
            ("CTTR", 57, True),
        ):
            if code in ("CRSD", "CTTR") and i % 5 > 1:
                continue
            rows.append(
                keys
                | {
                    "PARAMCD": code,
                    "AVAL": days,
                    "CNSR": 0 if event else 1,
                    "ADT": day(i, days - 1),
                    "EVNTDESC": ("Death" if code == "OS" else "Disease progression") if event else None,
                    "CNSDTDSC": None if event else "Alive: last date known alive",
                }
            )
    return number(rows)


def make_adae():
    rows = []
    for i in range(6, N):
        for k, (term, body, grade) in enumerate(
            [
                ("Hypertension", "Vascular disorders", 1 + i % 4),
                ("Hypertension", "Vascular disorders", 2),
                ("Proteinuria", "Renal and urinary disorders", 2 if i % 2 else None),
                ("Unheard-of finding", "Investigations", 1),
            ]
        ):
            if (k == 1 and i % 3) or (k == 3 and i != 20):
                continue
            rows.append(
                {
                    "STUDYID": "SURU-NEN",
                    "USUBJID": subject(i),
                    "AEDECOD": term,
                    "AEBODSYS": body,
                    "ATOXGR": grade,
                    "AESER": "Y" if grade == 4 else "N",
                    "AREL": "RELATED" if k < 2 else "NOT RELATED",
                    "AEACN": "DOSE REDUCED" if grade == 3 else "DOSE NOT CHANGED",
                    "TRTEMFL": "Y" if i != 9 else None,
                    "AEOUT": "RECOVERED/RESOLVED",
                    "AESTDTC": str(day(i, 0))[:7] if i == 16 else str(day(i, 10 + (k if i != 21 else 0))),
                    "ASTDTF": "D" if i == 16 else None,
                    "ASTDT": day(i, 10 + k),
                }
            )
    return number(rows)


def make_adex():
    rows = []
    for i in range(6, N):
        keys = {"STUDYID": "SURU-NEN", "USUBJID": subject(i)}
        values = {
            "TDURD": 100 + i,
            "CUMDOSE": 30000 - 100 * i,
            "AVDDOSE": 1000 / 7,
            "RDI": 40.05 + i,
            "NREDUC": i % 3,
            "NINTERR": i % 2,
            "DOSEINT": i,
        }
        rows += [keys | {"PARAMCD": code, "AVAL": float(value)} for code, value in values.items()]
        rows += [keys | {"PARAMCD": "DOSE", "AVAL": dose} for dose in (300.0, 0.0, 250.0 if i % 3 else 200.0)]
    return number(rows)


@pytest.fixture(scope="module")
def adam():
    return make_adam()


def make_adam():
    return {
        "ADSL": make_adsl(),
        "ADTR": make_adtr(),
        "ADRS": make_adrs(),
        "ADTTE": make_adtte(),
        "ADAE": make_adae(),
        "ADEX": make_adex(),
    }


@pytest.fixture(scope="module")
def results(adam):
    return build(adam)


FEW = {"prediction.repeats": "2", "imputation.copies": "2"}  # what is repeated has tests of its own


def build(adam, plan=STUDY.analysis):
    plan = plan.with_values(FEW)
    return build_results(adam, STUDY, plan, "snapshot")


def cell(results, result_id):
    found = [row for row in results.rows.to_pylist() if row["result_id"] == result_id]
    assert len(found) == 1, result_id
    return found[0]


def traced(results, result):
    """Distinct subjects behind a result."""
    chosen = results.trace.filter(pc.equal(results.trace["trace_key"], result["trace_key"] or "-"))
    return set(chosen["USUBJID"].to_pylist())


def test_every_declared_output_has_rows(results):
    assert set(results.rows["output_id"].to_pylist()) == {output.id for output in OUTPUTS}


def test_every_count_opens_exactly_its_subjects(results):
    subjects_of = {}
    for row in results.trace.to_pylist():
        subjects_of.setdefault(row["trace_key"], set()).add(row["USUBJID"])
    counts = [row for row in results.rows.to_pylist() if row["operation"] in ("count", "n", "at_risk")]
    assert len(counts) > 500
    for row in counts:
        if row["status"] == "OK":
            assert len(subjects_of.get(row["trace_key"], ())) == row["value"], row["result_id"]


def test_event_count_is_the_number_of_records(results):
    row = cell(results, "T14.3.1.1|EVENTS|ANY|TOTAL")
    assert row["value"] == row["n_records"] == 78


def test_a_median_opens_the_curve(results):
    row = cell(results, "T14.2.1|PFS|median|TOTAL")
    assert len(traced(results, row)) == N - 6
    assert row["dataset"] == "ADTTE"


def test_boxes_of_the_flow_add_up(results):
    n = {
        name: cell(results, f"F14.1.1|{name}|TOTAL")["value"]
        for name in (
            "SCREENED",
            "NOT_ENROLLED",
            "ENROLLED",
            "NOT_TREATED",
            "TREATED",
            "DISCONTINUED",
            "ONGOING",
        )
    }
    assert n["SCREENED"] == n["NOT_ENROLLED"] + n["ENROLLED"] == N
    assert n["ENROLLED"] == n["NOT_TREATED"] + n["TREATED"]
    assert n["TREATED"] == n["DISCONTINUED"] + n["ONGOING"] == N - 6


def test_reason_of_screen_failure_is_worded_by_the_study(results):
    row = cell(results, "F14.1.1|NOT_ENROLLED|IN03|TOTAL")
    assert (row["value_text"], row["row_label_zh"]) == ("4", "可测量病灶")


def test_set_exclusions_add_up(results):
    evaluable = cell(results, "T14.1.2|EVALUABLE|TOTAL")["value"]
    lost = [
        cell(results, f"T14.1.2|EVALUABLE|{why}|TOTAL")["value"]
        for why in ("NOT_MEASURABLE", "NO_ASSESSMENT")
    ]
    assert (evaluable, lost) == (32, [1, 1])


def test_missing_disease_group_has_its_own_column_and_line(results):
    assert cell(results, "T14.2.4|CBOR|FAS|N|MISSING")["value"] == 9
    assert cell(results, "T14.1.6|NENGRP|MISSING|TOTAL")["value_text"] == "9 (26.5%)"


def test_best_response_categories_add_up_to_the_set(results):
    for column in ("MONO", "COMBO", "TOTAL", "NET G3"):
        rows = [
            row
            for row in results.rows.to_pylist()
            if row["row_id"].startswith("CBOR|FAS|")
            and row["column_id"] == column
            and row["group_1"] == "CBOR"
        ]
        assert sum(row["value"] for row in rows) == cell(results, f"T14.2.4|CBOR|FAS|N|{column}")["value"]


def test_response_rate_with_exact_interval(results):
    rate = cell(results, "T14.2.4|CBOR|FAS|ORR|rate|TOTAL")
    # 13 of 34, Clopper-Pearson
    assert rate["value_text"] == "38.2 (22.2, 56.4)"
    assert rate["denominator"] == 34
    assert len(traced(results, rate)) == 13


def test_censorings_and_events_add_up(results):
    n, events, censored = (
        cell(results, f"T14.2.1|PFS|{part}|TOTAL")["value"] for part in ("n", "events", "censored")
    )
    assert n == events + censored == 34


def test_sensitivity_lists_whose_result_moves(results):
    assert traced(results, cell(results, "T14.2.2|PFSEMA|moved|TOTAL")) == {subject(14)}
    assert traced(results, cell(results, "T14.2.2|PFSCLIN|moved|TOTAL")) == {subject(15)}


def test_at_risk_counts_start_with_everybody_and_fall(results):
    rows = [
        row
        for row in results.rows.to_pylist()
        if row["output_id"] == "F14.2.1" and row["operation"] == "at_risk" and row["column_id"] == "TOTAL"
    ]
    values = [row["value"] for row in sorted(rows, key=lambda row: row["time"])]
    assert values[0] == 34
    assert values == sorted(values, reverse=True)


def test_both_survival_figures_share_their_grid(results):
    grids = [
        {
            row["time"]
            for row in results.rows.to_pylist()
            if row["output_id"] == figure and row["operation"] == "at_risk"
        }
        for figure in ("F14.2.1", "F14.2.2")
    ]
    assert grids[0] == grids[1]


def test_waterfall_falls_and_marks_new_lesions(results):
    bars = [row for row in results.rows.to_pylist() if row["operation"] == "best_change"]
    for column in ("MONO", "COMBO"):
        values = [row["value"] for row in bars if row["column_id"] == column]
        assert values == sorted(values, reverse=True)
    assert [row["row_id"] for row in bars if row["where"]] == [f"bar|{subject(8)}"]
    assert len(bars) + cell(results, "F14.2.4|no_value|TOTAL")["value"] == 34


def test_waterfall_ignores_growth_after_new_therapy(adam):
    late = adam["ADTR"].to_pylist()
    for row in late:
        if row["USUBJID"] == subject(11) and row["ASEQ"] == 3:
            row.update(ADT=day(11, 201), PCHG=-99.0)
    changed = build(adam | {"ADTR": make_table(late)})
    assert cell(changed, f"F14.2.4|bar|{subject(11)}|MONO")["value"] == -22


def test_tumor_change_at_exactly_30_percent_counts_as_30(results):
    # subject 15: from 100 to 70
    assert subject(15) in traced(results, cell(results, "T14.2.6|DEPTH|M30|TOTAL"))


def test_each_subject_counts_once_at_the_highest_grade(results):
    whole = cell(results, "T14.3.1.3|PT|Hypertension|TOTAL")["value"]
    parts = [
        row["value"]
        for row in results.rows.to_pylist()
        if row["result_id"].startswith("T14.3.1.3|PT|Hypertension|grade") and row["column_id"] == "TOTAL"
    ]
    assert sum(parts) == whole == 33


def test_missing_grade_has_its_own_line(results):
    assert cell(results, "T14.3.1.3|PT|Proteinuria|grade_0|TOTAL")["row_label_en"] == "Grade missing"


def test_classes_are_alphabetical_and_terms_by_frequency(results):
    rows = [
        row
        for row in results.rows.to_pylist()
        if row["output_id"] == "T14.3.1.2" and row["column_id"] == "TOTAL"
    ]
    classes = [row["row_label_en"] for row in rows if row["group_1"] == "AEBODSYS"]
    assert classes == ["Investigations", "Renal and urinary disorders", "Vascular disorders"]


def test_unknown_term_is_printed_as_the_dictionary_spells_it(results):
    row = cell(results, "T14.3.1.2|SOC|Investigations|PT|Unheard-of finding|TOTAL")
    assert row["row_label_zh"] == row["row_label_en"] == "Unheard-of finding"


def test_severe_events_only(results):
    row = cell(results, "T14.3.1.4|ANY|TOTAL")
    assert row["where"] == "TRTEMFL = Y, ATOXGR >= 3"
    assert row["value"] == 18


def test_small_subgroup_is_listed_without_estimate(results):
    row = cell(results, "T14.2.7|NENGRP|NET G3|ORR")
    assert (row["status"], row["value"]) == ("SUPPRESSED", None)
    assert row["reason"] == "Fewer than 10 subjects."
    assert cell(results, "T14.2.7|NENGRP|NET G3|N")["value"] == 8


def test_exposure_prints_relative_dose_with_one_decimal(results):
    assert cell(results, "T14.3.3|RDI|mean|TOTAL")["value_text"] == "62.6 (10.0)"
    assert cell(results, "T14.3.3|DOSE|300|TOTAL")["value_text"] == "34 (100%)"


def test_issues_name_subject_finding_and_rule(results):
    found = {row["row_id"] for row in results.rows.to_pylist() if row["output_id"] == "L-issues"}
    expected = {
        "AFTER_DEATH": 15,
        "SAME_DAY": 13,
        "PARTIAL_ONSET": 16,
        "PARTIAL_DEATH": 10,
        "DISCORDANT": 12,
        "DUPLICATE_EVENT": 21,
    }
    for kind, i in expected.items():
        assert f"{kind}|{subject(i)}" in found, kind
    rule = cell(results, f"L-issues|SAME_DAY|{subject(13)}|RULE")
    assert rule["value_text"] == "The worst of the day counts; not evaluable last."
    assert rule["value_text_zh"] == "取当日最差疗效，不可评价排在最后。"


def test_finding_that_several_records_share_is_told_once_with_its_number(results):
    found = cell(results, f"L-issues|SAME_DAY|{subject(13)}|FOUND")
    date = f"{day(13, 56):%Y-%m-%d}"
    assert found["value_text"] == f"{date} PD; {date} NE ×2"
    assert found["value_text_zh"] == f"{date} PD；{date} NE ×2"


def test_rule_of_an_issue_follows_the_switch(adam):
    plan = STUDY.analysis.with_values({"recist.same_date": "last"})
    rule = cell(build(adam, plan), f"L-issues|SAME_DAY|{subject(13)}|RULE")
    assert rule["value_text"] == "The last entered of the day counts."


def test_switches_change_the_intervals(adam, results):
    plan = STUDY.analysis.with_values({"confidence.rate": "wilson", "confidence.km": "plain"})
    other = build(adam, plan)
    for result_id in ("T14.2.4|CBOR|FAS|ORR|rate|TOTAL", "T14.2.1|PFS|rate_6|TOTAL"):
        before, after = cell(results, result_id), cell(other, result_id)
        assert before["value"] == after["value"]
        assert before["value_lower"] != after["value_lower"]


def test_identifiers_are_unique_and_labels_bilingual(results):
    rows = results.rows.to_pylist()
    assert len({row["result_id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["row_label_en"]
        assert row["row_label_zh"]
        assert row["status"] == "OK" or row["reason"]


def test_switches_of_every_output_exist_in_the_plan():
    declared = {key for output in OUTPUTS for key in output.switches}
    assert declared
    assert declared <= set(STUDY.analysis.switches)


def test_row_order_of_the_input_does_not_matter(adam, results):
    turned = {name: table.take(list(range(table.num_rows))[::-1]) for name, table in adam.items()}
    other = build(turned)
    assert other.rows.equals(results.rows)
    assert other.trace.equals(results.trace)


def test_a_planted_change_changes_the_rows(adam, results):
    rows = adam["ADTTE"].to_pylist()
    rows[0]["AVAL"] += 1
    other = build(adam | {"ADTTE": make_table(rows)})
    assert not other.rows.equals(results.rows)


@pytest.mark.parametrize("absent", ["ADTR", "ADRS", "ADTTE", "ADAE", "ADEX"])
def test_an_absent_data_set_gives_rows_with_reasons(adam, absent):
    partly = {name: table for name, table in adam.items() if name != absent}
    found = build(partly)
    assert set(found.rows["output_id"].to_pylist()) == {output.id for output in OUTPUTS}


def test_empty_data_sets_give_rows_with_reasons(adam):
    found = build({name: table.slice(0, 0) for name, table in adam.items()})
    assert set(found.rows["output_id"].to_pylist()) == {output.id for output in OUTPUTS}
    assert found.trace.num_rows == 0


def test_nothing_at_all_gives_rows_with_reasons():
    found = build({})
    assert set(found.rows["output_id"].to_pylist()) == {output.id for output in OUTPUTS}


def test_a_column_without_subjects_says_so(adam):
    adsl = [row | {"COHORT": "MONO" if row["COHORT"] else None} for row in adam["ADSL"].to_pylist()]
    found = build(adam | {"ADSL": make_table(adsl)})
    row = cell(found, "T14.2.1|PFS|median|COMBO")
    assert (row["status"], row["value_text"]) == ("NOT_CALCULABLE", "NC")
    assert row["reason"] == "No subject has this endpoint in this column."


def test_absent_variables_count_as_missing(adam):
    adsl = adam["ADSL"].drop_columns(["NENGRP", "KI67", "CUTDT"])
    found = build(adam | {"ADSL": adsl})
    assert cell(found, "T14.1.6|NENGRP|MISSING|TOTAL")["value_text"] == "34 (100%)"
    assert cell(found, "T14.1.10|CUTDT|TOTAL")["status"] == "NOT_CALCULABLE"


def test_records_of_an_unknown_subject_are_refused(adam):
    stranger = adam["ADAE"].to_pylist()
    stranger[0]["USUBJID"] = "SURU-NEN-99-999"
    with pytest.raises(
        ValueError, match="ADAE: records of subjects that ADSL does not have: SURU-NEN-99-999"
    ):
        build(adam | {"ADAE": make_table(stranger)})


def test_ibis_expressions_and_arrow_tables_give_the_same(adam, results):
    import ibis

    found = build({name: ibis.memtable(table) for name, table in adam.items()})
    assert found.rows.equals(results.rows)


def test_not_looked_at_is_not_the_same_as_not_evaluable(adam, results):
    adrs = [
        row for row in adam["ADRS"].to_pylist() if (row["USUBJID"], row["PARAMCD"]) != (subject(9), "OVR")
    ]
    found = build(adam | {"ADRS": make_table(adrs)})
    before, after = (cell(r, "T14.2.4|CBOR|FAS|NE|TOTAL")["value"] for r in (results, found))
    assert after == before - 1
    assert traced(found, cell(found, "T14.2.4|CBOR|FAS|MISSING|TOTAL")) == {subject(9)}


def test_chinese_labels_keep_the_rules_of_typing(results):
    spaced = re.compile(r"[\u4e00-\u9fff] [A-Za-z0-9]|[A-Za-z0-9] [\u4e00-\u9fff]")
    half_width = re.compile(r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]")
    labels = {
        row[name]
        for row in results.rows.to_pylist()
        for name in ("row_label_zh", "group_label_zh", "reason_zh")
    }
    for label in labels - {None}:
        assert not spaced.search(label), label
        assert not half_width.search(label), label


def test_a_value_shared_by_several_codes_gets_no_wording_of_one_of_them():
    assert find_label(STUDY, "ethnic", "NOT HISPANIC OR LATINO").en == "NOT HISPANIC OR LATINO"
    assert find_label(STUDY, "primary_site", "BILIARY TRACT").zh == "胆道及胆囊"


def test_a_step_of_the_curve_opens_its_events(results):
    steps = [row for row in results.rows.to_pylist() if row["operation"] == "survival" and row["time"]]
    assert steps
    assert all(row["n_records"] == len(traced(results, row)) for row in steps[:20])
