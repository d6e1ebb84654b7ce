"""Mistakes of the hand that contradict something else: per edit check, how values become such a mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Typist:
    """What stands around the entry: its event, the day of entry, the subject's other forms."""

    event: str
    today: date
    others: Mapping[str, Values]

    def day(self, form: str, item: str) -> date | None:
        """A complete date of another form of the subject."""
        text = str(self.others.get(form, {}).get(item, ""))
        return date.fromisoformat(text) if len(text) == 10 else None


Change = Callable[[Values, Typist], dict[str, Any] | None]


@dataclass(frozen=True)
class Mistake:
    """A mistake that one check must see, at one item; `source` is the form whose entry gives the moment."""

    check: str
    form: str
    item: str
    change: Change
    row: str = ""
    from_form: str = ""

    @property
    def source(self) -> str:
        return self.from_form or self.form


def put(**given: Any) -> Change:
    """Other values than those of the source, where all of these items were filled in."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        return {**values, **given} if given.keys() <= values.keys() else None

    return change


def leave_out(item: str, **where: Any) -> Change:
    """The item is left out of a record that has it, and that has these values."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        if item not in values or any(values.get(name) != value for name, value in where.items()):
            return None
        return {name: value for name, value in values.items() if name != item}

    return change


def number_of(text: Any) -> float:
    return float(str(text).split()[0].lstrip("<>="))


def in_unit_of(item: str, unit: str, factor: float, low: float, high: float, **at_most: float) -> Change:
    """The number as the laboratory prints it in another unit, typed with the study's unit."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        if item not in values or any(number_of(values.get(n, "inf")) > x for n, x in at_most.items()):
            return None
        text = str(values[item])
        number = number_of(text) * (factor if text.endswith(f" {unit}") else 1)
        return {**values, item: f"{number:.3g} {unit}"} if low < number < high else None

    return change


def exchange(one: str, other: str, unit: str, other_unit: str, below: float = 1000) -> Change:
    """Two results in each other's place, the greater one below what the form allows for the smaller."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        texts = str(values.get(one, "")), str(values.get(other, ""))
        if not texts[0].endswith(f" {unit}") or not texts[1].endswith(f" {other_unit}"):
            return None
        if not number_of(texts[1]) < number_of(texts[0]) < below:
            return None
        return {**values, one: texts[1], other: texts[0]}

    return change


def multiply(item: str, factor: float, *needed: str) -> Change:
    """A whole number typed from another line: far from what the items beside it say."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        if not {item, *needed} <= values.keys():
            return None
        return {**values, item: int(values[item] * factor)}

    return change


def year_before_consent(item: str) -> Change:
    """Last year's number in January: a date that then lies before consent."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        text, consent = str(values.get(item, "")), typist.day("informed_consent", "consent_date")
        if len(text) != 10 or consent is None or text.endswith("-02-29"):
            return None
        earlier = f"{int(text[:4]) - 1}{text[4:]}"
        return {**values, item: earlier} if date.fromisoformat(earlier) < consent else None

    return change


def move_date(item: str, days: int, *, of: tuple[str, str]) -> Change:
    """A date that stands `days` from a date of the same form or another one, never after the day of entry."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        text = str(values.get(of[1], ""))[:10] if of[0] == "" else ""
        begin = date.fromisoformat(text) if len(text) == 10 else typist.day(*of)
        if item not in values or begin is None or begin + timedelta(days=days) > typist.today:
            return None
        return {**values, item: (begin + timedelta(days=days)).isoformat()}

    return change


def change_row(group: str, index: int, **given: Any) -> Change:
    """Other values in one row of a group; an item given as None is left out."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        rows = list(values.get(group, ()))
        if len(rows) <= index or rows[index].get("result") != "NORMAL":
            return None
        row = {**rows[index], **given}
        rows[index] = {name: value for name, value in row.items() if value is not None}
        return {**values, group: rows}

    return change


def weight_in_jin(values: Values, typist: Typist) -> dict[str, Any] | None:
    """Half a kilogram is a jin: the scale of the ward shows twice the number."""
    if "weight" not in values or not 40 < float(values["weight"]) < 85:
        return None
    return {**values, "weight": f"{2 * float(values['weight']):.1f}"}


def returned_above_dispensed(values: Values, typist: Typist) -> dict[str, Any] | None:
    if not {"returned", "dispensed"} <= values.keys():
        return None
    return {**values, "returned": values["dispensed"] + 7}


def low_density_above_total(values: Values, typist: Typist) -> dict[str, Any] | None:
    texts = [str(values.get(name, "")) for name in ("ldl", "chol", "hdl")]
    if not all(text.endswith(" mmol/L") for text in texts) or number_of(texts[1]) > 6:
        return None
    return {**values, "ldl": f"{number_of(texts[1]) + 0.8:.2f} mmol/L"}


def pregnancy_test_of_a_man(values: Values, typist: Typist) -> dict[str, Any] | None:
    if typist.event != "SCREENING" or typist.others.get("demographics", {}).get("sex") != "M":
        return None
    if "collected_date" not in values:
        return None
    return {"test_date": values["collected_date"], "specimen": "URINE", "result": "NEG"}


def ongoing_with_end(values: Values, typist: Typist) -> dict[str, Any] | None:
    return {**values, "ongoing": "Y"} if values.get("ongoing") == "N" and "end_date" in values else None


def expected_missing(values: Values, typist: Typist) -> dict[str, Any] | None:
    if values.get("causality") not in ("RELATED", "PROBABLE", "POSSIBLE"):
        return None
    return leave_out("expected")(values, typist)


def any_of(*changes: Change) -> Change:
    """The first of these that the entry can hold."""

    def change(values: Values, typist: Typist) -> dict[str, Any] | None:
        return next((x for one in changes if (x := one(values, typist)) is not None), None)

    return change


BEST = {"mobility": 1, "self_care": 1, "usual_activities": 1, "pain": 1, "anxiety": 1}
WORST = dict.fromkeys(BEST, 5)
LAST_DOSE = ("end_of_treatment", "last_dose_date")

MISTAKES = (
    Mistake("HM_HGB_UNIT", "hematology", "hgb", in_unit_of("hgb", "g/L", 0.1, 7, 20)),
    Mistake("HM_SHARE_AS_COUNT", "hematology", "neut", put(neut="62.4 10^9/L", wbc="6.41 10^9/L")),
    Mistake("HM_HGB_AGAINST_RBC", "hematology", "rbc", put(rbc="1.31 10^12/L", hgb="128 g/L")),
    Mistake("CH_CREATININE_UNIT", "chemistry", "creat", in_unit_of("creat", "umol/L", 0.0113, 0.3, 5)),
    Mistake("CH_GLUCOSE_UNIT", "chemistry", "glucose", in_unit_of("glucose", "mmol/L", 18.02, 60, 400)),
    Mistake("CH_CALCIUM_UNIT", "chemistry", "ca", in_unit_of("ca", "mmol/L", 4.008, 7, 13)),
    Mistake("CH_BILIRUBIN_UNIT", "chemistry", "bili", in_unit_of("bili", "umol/L", 0.0585, 0.1, 1.9)),
    Mistake("CH_ALBUMIN_UNIT", "chemistry", "albumin", in_unit_of("albumin", "g/L", 0.1, 2, 6)),
    Mistake("CH_URATE_UNIT", "chemistry", "urate", in_unit_of("urate", "umol/L", 0.0168, 5.1, 20)),
    Mistake("CH_DIRECT_ABOVE_TOTAL", "chemistry", "bili_direct",
            exchange("bili", "bili_direct", "umol/L", "umol/L")),
    Mistake("CH_CHLORIDE_ABOVE_SODIUM", "chemistry", "cl", exchange("na", "cl", "mmol/L", "mmol/L")),
    Mistake("CH_ALBUMIN_ABOVE_PROTEIN", "chemistry", "albumin",
            exchange("protein", "albumin", "g/L", "g/L", below=80)),
    Mistake("CO_INR_AGAINST_PT", "coagulation", "inr", put(inr="3.1", pt="11.8 s")),
    Mistake("TH_FT4_UNIT", "thyroid", "ft4", in_unit_of("ft4", "pmol/L", 0.0777, 0.5, 2.9, tsh=9.9)),
    Mistake("LI_PARTS_ABOVE_TOTAL", "lipids", "ldl", low_density_above_total),
    Mistake("LI_CHOLESTEROL_UNIT", "lipids", "chol", in_unit_of("chol", "mmol/L", 38.67, 90, 600)),
    Mistake("EG_QTCF_AGAINST_QT", "ecg", "qtcf_ms", multiply("qtcf_ms", 1.12, "qt_ms", "heart_rate")),
    Mistake("EG_RATE_AGAINST_RR", "ecg", "rr_ms", multiply("rr_ms", 1.3, "heart_rate")),
    Mistake("EG_FINDING_MISSING", "ecg", "finding",
            any_of(leave_out("finding"), put(interpretation="ABNORMAL_NCS"))),
    Mistake("CV_METHOD_MISSING", "echocardiogram", "method", leave_out("method")),
    Mistake("CV_STRAIN_WITHOUT_ECHO", "echocardiogram", "gls", 
            lambda values, typist: put(method="MUGA")(values, typist) if "gls" in values else None),
    Mistake("EQ_BEST_PROFILE_LOW_VAS", "eq5d5l", "vas", put(**BEST, vas=8)),
    Mistake("EQ_WORST_PROFILE_HIGH_VAS", "eq5d5l", "vas", put(**WORST, vas=92)),
    Mistake("QC_SHORT_WALK_AGAINST_LONG", "qlq_c30", "q3", put(q2=1, q3=4)),
    Mistake("QC_MODE_MISSING", "qlq_c30", "mode", leave_out("mode")),
    Mistake("QG_LOSS_AND_GAIN", "qlq_ginet21", "q46", put(q45=4, q46=4)),
    Mistake("UR_24H_FAR", "urinalysis", "protein_24h_date",
            move_date("protein_24h_date", -30, of=("", "collected_date"))),
    Mistake("UR_24H_UNDATED", "urinalysis", "protein_24h_date", leave_out("protein_24h_date")),
    Mistake("VS_WEIGHT_FAR_FROM_SCREENING", "vital_signs", "weight", weight_in_jin),
    Mistake("VS_READING_INCOMPLETE", "vital_signs", "dbp", leave_out("dbp")),
    Mistake("PE_FINDING_MISSING", "physical_examination", "systems.finding",
            change_row("systems", 1, result="ABN_NCS"), row="2"),
    Mistake("PE_NORMAL_WITH_FINDING", "physical_examination", "systems.finding",
            change_row("systems", 2, finding="Rales at both bases"), row="3"),
    Mistake("HX_AFTER_CONSENT", "medical_history", "start_date",
            move_date("start_date", 1, of=("informed_consent", "consent_date"))),
    Mistake("CC_ONGOING_WITH_END", "concomitant_medication", "ongoing", ongoing_with_end),
    Mistake("CC_ENDED_WITHOUT_END", "concomitant_medication", "end_date", leave_out("end_date", ongoing="N")),
    Mistake("CC_ADVERSE_EVENT_NUMBER", "concomitant_medication", "ae_number",
            leave_out("ae_number", reason="AE")),
    Mistake("DA_RETURNED_ABOVE_DISPENSED", "drug_accountability", "returned", returned_above_dispensed),
    Mistake("DA_RETURNED_UNDATED", "drug_accountability", "returned_date", leave_out("returned_date")),
    Mistake("SAE_EXPECTEDNESS_MISSING", "serious_adverse_event", "expected", expected_missing),
    Mistake("SAE_AWARE_BEFORE_ONSET", "serious_adverse_event", "onset_date",
            move_date("onset_date", 2, of=("", "aware_at"))),
    Mistake("SF_BEFORE_LAST_DOSE", "safety_followup", "contact_date",
            move_date("contact_date", -5, of=LAST_DOSE)),
    Mistake("PT_LINE_MISSING", "prior_therapy", "line",
            leave_out("line", setting="ADVANCED", therapy_type="SSA")),
    Mistake("EC_BEFORE_CONSENT", "ecog", "assessed_date", year_before_consent("assessed_date")),
    Mistake("PG_MAN", "pregnancy_test", "result", pregnancy_test_of_a_man, from_form="hematology"),
)  # fmt: skip
"""In a fixed order: each has a stream of its own by its place, so new ones are added at the end."""
