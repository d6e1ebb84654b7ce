"""Findings by declared tests: units, ranges of normal, not done, and the last value before exposure."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from types import SimpleNamespace

import ibis
import pyarrow as pa
import pytest

from grevy.definition.forms import CodeList, Form
from grevy.sdtm.findings import build_findings

TEXT = {"en": "Test", "zh": "检验"}


def item(name, type_, *targets, **more):
    return {"name": name, "label": TEXT, "type": type_, "sdtm": list(targets), **more}


CHEMISTRY = Form.model_validate(
    {
        "form": "chemistry",
        "label": TEXT,
        "assigned": {"LB.LBCAT": "CHEMISTRY"},
        "items": [
            item("collected_date", "date", "LB.LBDTC"),
            item("not_done_reason", "code", "LB.LBREASND", codelist="not_done_reason"),
            item("albumin", "quantity", "LB.LBORRES WHEN LBTESTCD = ALB", unit="g/L", units=["g/dL"]),
            item("cga", "quantity", "LB.LBORRES WHEN LBTESTCD = CGA", unit="ng/mL"),
        ],
    }
)
REASONS = CodeList.model_validate(
    {
        "name": "not_done_reason",
        "label": TEXT,
        "codes": [{"code": "REFUSED", "en": "Patient refused", "zh": "拒绝"}],
    }
)
STUDY = SimpleNamespace(forms={"chemistry": CHEMISTRY}, codelists={"not_done_reason": REASONS})
RANGE = pa.schema(
    [
        ("SITEID", pa.string()),
        ("TEST", pa.string()),
        ("SEX", pa.string()),
        ("AGE_FROM", pa.int64()),
        ("AGE_TO", pa.int64()),
        ("VALID_FROM", pa.date32()),
        ("UNIT", pa.string()),
        ("LOW", pa.decimal128(18, 6)),
        ("HIGH", pa.decimal128(18, 6)),
    ]
)


def build_records(*records):
    """Records as (event, number, date, albumin, cga, reason)."""
    schema = pa.schema(
        [(name, pa.string()) for name in ("STUDYID", "SITEID", "SUBJID", "USUBJID", "EVENTID", "REVISION")]
        + [("EVENTSEQ", pa.int64()), ("FORMSEQ", pa.int64()), ("collected_date", pa.date32())]
        + [(name, pa.string()) for name in ("not_done_reason", "albumin", "cga")]
    )
    rows = [
        {
            "STUDYID": "S",
            "SITEID": "01",
            "SUBJID": "1",
            "USUBJID": "S-1",
            "EVENTID": event,
            "EVENTSEQ": number,
        }
        | {"FORMSEQ": 1, "REVISION": f"{event}/{number}", "collected_date": date.fromisoformat(day)}
        | {"albumin": albumin, "cga": cga, "not_done_reason": reason}
        for event, number, day, albumin, cga, reason in records
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=schema))


def build_ranges(*ranges):
    """Ranges of albumin as (sex, age from, age to, valid from, unit, low, high)."""
    rows = [
        {
            "SITEID": "01",
            "TEST": "chemistry.albumin",
            "SEX": sex,
            "AGE_FROM": first,
            "AGE_TO": to,
            "UNIT": unit,
        }
        | {
            "VALID_FROM": date.fromisoformat(valid),
            "LOW": low and Decimal(low),
            "HIGH": high and Decimal(high),
        }
        for sex, first, to, valid, unit, low, high in ranges
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=RANGE))


def tabulate(records, ranges=None, *, sex="F", birth="1960-03-01", first_dose="2024-03-01"):
    tables = {"chemistry": build_records(*records)}
    if ranges is not None:
        tables["lab_range"] = build_ranges(*ranges)
    subjects = ibis.memtable({"USUBJID": ["S-1"], "SEX": [sex], "BRTHDTC": [birth]})
    period = ibis.memtable({"USUBJID": ["S-1"], "FIRST_DOSE": [date.fromisoformat(first_dose)]})
    built = build_findings(tables, STUDY, "LB", subjects, period)
    return built.order_by("LBDTC", "LBTESTCD").to_pyarrow().to_pylist()


def one(albumin, ranges=None, *, day="2024-02-20", cga=None, **subject):
    rows = tabulate([("SCREENING", 1, day, albumin, cga, None)], ranges, **subject)
    assert len(rows) == 1
    return rows[0]


# --- Results ---


def test_quantity_in_the_standard_unit_keeps_its_digits_in_the_original_result():
    row = one("41.0 g/L")
    assert (row["LBORRES"], row["LBORRESU"]) == ("41.0", "g/L")
    assert (row["LBSTRESC"], row["LBSTRESN"], row["LBSTRESU"]) == ("41", 41.0, "g/L")
    assert (row["LBTESTCD"], row["LBTEST"], row["LBCAT"]) == ("ALB", "Albumin", "CHEMISTRY")
    assert (row["VISITNUM"], row["VISIT"], row["LBDTC"]) == (1.0, "SCREENING", "2024-02-20")


def test_quantity_in_another_unit_is_converted():
    row = one("4.15 g/dL")
    assert (row["LBORRES"], row["LBORRESU"]) == ("4.15", "g/dL")
    assert (row["LBSTRESC"], row["LBSTRESN"], row["LBSTRESU"]) == ("41.5", 41.5, "g/L")


def test_value_below_what_can_be_measured_has_no_number():
    row = one(None, cga="<0.5 ng/mL")
    assert (row["LBORRES"], row["LBSTRESC"], row["LBSTRESN"]) == ("<0.5", "<0.5", None)
    # the terminology knows ng/mL as a synonym of ug/L
    assert (row["LBORRESU"], row["LBSTRESU"]) == ("ug/L", "ug/L")


def test_comparator_stays_with_a_converted_value():
    assert one("<1.5 g/dL")["LBSTRESC"] == "<15"


def test_form_that_was_not_done_is_one_record_with_the_reason():
    (row,) = tabulate([("CYCLE", 2, "2024-04-01", None, None, "REFUSED")])
    assert (row["LBTESTCD"], row["LBTEST"]) == ("LBALL", "All Laboratory Tests")
    assert (row["LBSTAT"], row["LBREASND"]) == ("NOT DONE", "PATIENT REFUSED")
    assert (row["LBORRES"], row["LBSTRESC"], row["LBSTRESU"]) == (None, None, None)
    assert (row["LBCAT"], row["VISITDY"]) == ("CHEMISTRY", 29.0)


def test_empty_record_makes_no_finding():
    assert tabulate([("CYCLE", 2, "2024-04-01", None, None, None)]) == []


def test_record_leads_back_to_its_form_and_item():
    row = one("41 g/L")
    assert (row["FORM"], row["EVENTID"], row["PART"], row["REVISION"]) == (
        "chemistry", "SCREENING", "albumin", "SCREENING/1",
    )  # fmt: skip


# --- Ranges ---

ADULT = [("", 18, 150, "2020-01-01", "g/L", "35", "52")]


@pytest.mark.parametrize(
    ("albumin", "indicator"),
    [
        # a limit itself is normal
        ("35 g/L", "NORMAL"),
        ("34.9 g/L", "LOW"),
        ("52 g/L", "NORMAL"),
        ("52.1 g/L", "HIGH"),
        ("3.4 g/dL", "LOW"),
        # beyond what can be measured
        ("<35 g/L", "LOW"),
        ("<40 g/L", None),
        (">52 g/L", "HIGH"),
        (">60 g/L", "HIGH"),
        ("<=35 g/L", None),
    ],
)
def test_indicator_at_the_limits(albumin, indicator):
    assert one(albumin, ADULT)["LBNRIND"] == indicator


def test_limits_stand_in_the_unit_of_the_result_and_in_the_standard_unit():
    row = one("4.0 g/dL", ADULT)
    assert (row["LBORNRLO"], row["LBORNRHI"]) == ("3.5", "5.2")
    assert (row["LBSTNRLO"], row["LBSTNRHI"]) == (35.0, 52.0)


def test_range_in_another_unit_than_the_result_is_converted():
    row = one("40 g/L", [("", 18, 150, "2020-01-01", "g/dL", "3.5", "5.2")])
    assert (row["LBORNRLO"], row["LBSTNRLO"], row["LBNRIND"]) == ("35", 35.0, "NORMAL")


def test_range_of_the_sex_goes_before_that_of_any():
    ranges = [
        *ADULT,
        ("F", 18, 150, "2020-01-01", "g/L", "30", "50"),
        ("M", 18, 150, "2020-01-01", "g/L", "1", "2"),
    ]
    assert one("40 g/L", ranges)["LBORNRLO"] == "30"
    assert one("40 g/L", ranges, sex="M")["LBORNRLO"] == "1"
    assert one("40 g/L", ranges, sex=None)["LBORNRLO"] == "35"


def test_age_counts_completed_years_on_the_day_of_the_sample():
    ranges = [("", 18, 64, "2020-01-01", "g/L", "35", "52"), ("", 64, 150, "2020-01-01", "g/L", "30", "50")]
    # the birthday is the first of March
    assert one("40 g/L", ranges, day="2024-02-29")["LBORNRLO"] == "35"
    assert one("40 g/L", ranges, day="2024-03-01")["LBORNRLO"] == "30"


def test_range_holds_from_its_first_day_until_the_next_one_begins():
    ranges = [("", 18, 150, "2024-01-01", "g/L", "35", "52"), ("", 18, 150, "2024-02-20", "g/L", "36", "53")]
    assert one("40 g/L", ranges, day="2023-12-31")["LBORNRLO"] is None
    assert one("40 g/L", ranges, day="2024-02-19")["LBORNRLO"] == "35"
    assert one("40 g/L", ranges, day="2024-02-20")["LBORNRLO"] == "36"


def test_one_sided_range_and_no_range():
    row = one("40 g/L", [("", 18, 150, "2020-01-01", "g/L", None, "52")])
    assert (row["LBORNRLO"], row["LBORNRHI"], row["LBNRIND"]) == (None, "52", "NORMAL")
    assert one("<40 g/L", [("", 18, 150, "2020-01-01", "g/L", None, "52")])["LBNRIND"] == "NORMAL"
    assert one("40 g/L")["LBNRIND"] is None


# --- Last observation before exposure ---


def test_last_result_on_or_before_the_first_dose_is_flagged():
    rows = tabulate(
        [
            ("SCREENING", 1, "2024-02-20", "41 g/L", "80 ng/mL", None),
            # not measured again before the dose, so that of the screening stays the last
            ("CYCLE", 1, "2024-03-01", "40 g/L", None, None),
            ("CYCLE", 2, "2024-03-29", "39 g/L", "90 ng/mL", None),
        ]
    )
    flagged = {(row["LBTESTCD"], row["LBDTC"]) for row in rows if row["LBLOBXFL"] == "Y"}
    assert flagged == {("ALB", "2024-03-01"), ("CGA", "2024-02-20")}


def test_what_was_not_done_is_never_the_last_observation():
    rows = tabulate(
        [
            ("SCREENING", 1, "2024-02-20", "41 g/L", None, None),
            ("CYCLE", 1, "2024-03-01", None, None, "REFUSED"),
        ]
    )
    assert [row["LBLOBXFL"] for row in rows] == ["Y", None]


def build_in_all_orders(records, ranges=None):
    """What is tabulated of the records and ranges, entered in every order of them."""
    built = [
        tabulate(shuffled, rest)
        for shuffled in permutations(records)
        for rest in (permutations(ranges) if ranges else [None])
    ]
    return [sorted(rows, key=lambda row: (row["LBTESTCD"], row["REVISION"])) for rows in built]


def test_of_two_visits_on_one_day_the_same_is_flagged_in_whatever_order_they_were_entered():
    records = [
        (event, 1, "2024-03-01", f"{value} g/L", f"{value} ng/mL", None)
        for event, value in (("SCREENING", 41), ("CYCLE", 40), ("UNSCHEDULED", 39))
    ]
    first, *others = build_in_all_orders(records)
    flagged = [(row["LBTESTCD"], row["EVENTID"]) for row in first if row["LBLOBXFL"] == "Y"]
    assert flagged == [("ALB", "UNSCHEDULED"), ("CGA", "UNSCHEDULED")]
    assert all(other == first for other in others)


def test_of_two_ranges_from_one_day_the_same_holds_in_whatever_order_they_were_entered():
    ranges = [
        ("", 18, 150, "2020-01-01", "g/L", "35", "52"),
        ("", 18, 150, "2020-01-01", "g/L", "30", "50"),
    ]
    first, *others = build_in_all_orders([("SCREENING", 1, "2024-02-20", "41 g/L", None, None)], ranges)
    assert all(other == first for other in others)
