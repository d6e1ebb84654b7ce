"""T14.2.11: questionnaires received of those expected, why forms are missing, the last score they had.

A form is expected where the study plans it, of a subject of the full analysis set who is alive and on
treatment on the planned day, up to the last day known (reporting, section 5). A form that came although none
was due counts on both sides. The end-of-treatment form is expected of all who stopped and did not die on the
spot.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from grevy.adam.adqs import ADHERENCE, C30, EQ5D, FORMS, GINET21, RECEIVED
from grevy.results.format import format_count
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import Label
from grevy.results.questionnaires import select_scores
from grevy.results.rows import EMPTY_COLUMN, Line, Row, absent_row, count_row
from grevy.results.scales import list_scales, name_instrument
from grevy.results.summaries import ONE_DECIMAL, estimate_summary, format_mean
from grevy.results.variables import estimate_set_size
from grevy.results.visits import name_visit

FORM_OF = {C30: "qlq_c30", GINET21: "qlq_ginet21", EQ5D: "eq5d5l", ADHERENCE: "adherence"}
"""Instrument to the form of the study that holds it."""

SCREENING, CYCLE, END = "SCREENING", "CYCLE", "EOT"
VISIT_OF_END = "END OF TREATMENT"
ALL = Label("All visits, forms", "全部访视（表份数）")
WHY = Label("reasons for missing forms", "缺失原因")
NO_RECORD = Label("No record of the form", "无该表记录")
REASONS = {
    "REASON NOT GIVEN": Label("Not done, reason not given", "未做，原因未填"),
    "SUBJECT REFUSAL": Label("Refused by the subject", "受试者拒绝"),
    "SUBJECT TOO ILL": Label("Subject too ill", "受试者病情过重"),
    "SITE OVERSIGHT": Label("Oversight of the site", "研究中心遗漏"),
    "TECHNICAL PROBLEM": Label("Technical problem", "技术问题"),
}
LAST = Label("last change before the forms end", "问卷终止前的末次变化")


@dataclass(frozen=True)
class Expected:
    """A visit at which a form is planned, and who was due to fill it in."""

    visit: str
    due: Mask


def list_expected(data: AnalysisData, form: str) -> list[Expected]:
    """The visits of the study at which the form is planned, in their order."""
    subjects = data.subjects
    start = subjects["TRTSDT"].to_numpy("datetime64[D]")
    last = find_last_day(data)
    days = (last - start).astype("timedelta64[D]").astype(float)
    everybody, found = data.in_set("FAS"), []
    for event in data.study.events:
        planned = next((one for one in event.planned_forms if one.form == form), None)
        if planned is None or planned.optional:
            continue
        if event.id == SCREENING:
            found.append(Expected(SCREENING, everybody.copy()))
        elif event.id == CYCLE:
            until = int(np.nanmax(days, initial=0.0))
            for number, day in enumerate(event.planned_days(until=until), start=1):
                if planned.falls_on(number):
                    found.append(Expected(f"CYCLE {number} DAY 1", everybody & (days >= day)))
        elif event.id == END:
            found.append(Expected(VISIT_OF_END, everybody & _flag_ended_alive(data, event.window)))
    return sorted(found, key=lambda one: one.visit == VISIT_OF_END)


def find_last_day(data: AnalysisData) -> np.ndarray:
    """Last day on which a form of a cycle could be due: end of treatment, or so far the last contact."""
    subjects = data.subjects
    dates = {
        name: subjects[name].to_numpy("datetime64[D]") for name in ("TRTEDT", "DTHDT", "LSTALVDT", "CUTDT")
    }
    contact = np.fmin(dates["CUTDT"], dates["LSTALVDT"])
    return np.fmin(np.where(np.isnat(dates["TRTEDT"]), contact, dates["TRTEDT"]), dates["DTHDT"])


def _flag_ended_alive(data: AnalysisData, window: object) -> Mask:
    subjects = data.subjects
    after = int(getattr(window, "after", 0) or 0)
    end, death = (subjects[name].to_numpy("datetime64[D]") for name in ("TRTEDT", "DTHDT"))
    ended = (subjects["DCTREAS"] != "").to_numpy() & (subjects["DCTREAS"] != "DEATH").to_numpy()
    return ended & ~np.isnat(end) & ~(death <= end + np.timedelta64(after, "D"))


def estimate_compliance(data: AnalysisData) -> Iterator[Row]:
    """Each instrument by visit; then the reasons; then the last change of the primary scales."""
    yield from estimate_set_size(data, data.regimens, "FAS")
    adqs = data["ADQS"]
    for instrument, parameter in FORMS.items():
        forms = adqs[(adqs["PARAMCD"] == parameter) & data.rows_of("ADQS", data.in_set("FAS"))]
        if not forms.empty:
            expected = list_expected(data, FORM_OF[instrument])
            yield from _estimate_instrument(data, instrument, parameter, forms, expected)
    yield from _estimate_last_changes(data)


def _estimate_instrument(
    data: AnalysisData, instrument: str, parameter: str, forms: pd.DataFrame, expected: list[Expected]
) -> Iterator[Row]:
    group = name_instrument(instrument)
    due_forms = np.zeros((len(expected), len(data.subjects)), dtype=bool)
    came = np.zeros_like(due_forms)
    records: list[pd.DataFrame] = []
    for place, visit in enumerate(expected):
        here = forms[(forms["AVISIT"] == visit.visit) & (forms["AVALC"] == RECEIVED)]
        came[place, here["SUBJECT"].to_numpy()] = True
        due_forms[place] = visit.due | came[place]
        records.append(here)
        shown = due_forms[place].sum() >= data.plan.by_visit.minimum_subjects
        if shown:
            line = Line(
                f"{parameter}|{visit.visit}", name_visit(visit.visit), "count", group=group, indent=1,
                parameter=parameter, where=f"AVISIT = {visit.visit}",
            )  # fmt: skip
            for column in data.regimens:
                inside = data.in_column("FAS", column)
                taken = Records(
                    "ADQS", here.index[inside[here["SUBJECT"].to_numpy()]].to_numpy(dtype=np.intp)
                )
                yield count_row(
                    data, line, column, taken, int((due_forms[place] & inside).sum()), show_denominator=True
                )
    received = pd.concat(records) if records else forms.iloc[0:0]
    line = Line(f"{parameter}|ALL", ALL, "count", group=group, indent=1, parameter=parameter, unit="forms")
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        chosen = received[inside[received["SUBJECT"].to_numpy()]]
        yield _forms_row(line, column, chosen, due_forms[:, inside].sum())
    yield from _count_reasons(data, group, parameter, forms, due_forms & ~came, expected)


def _forms_row(line: Line, column: Column, frame: pd.DataFrame, denominator: int) -> Row:
    """Forms, of which a subject has several."""
    if not denominator:
        return absent_row(line, column, EMPTY_COLUMN)
    records = Records("ADQS", np.sort(frame.index.to_numpy(dtype=np.intp)))
    text = format_count(len(frame), int(denominator), show_denominator=True)
    return Row(line, column, float(len(frame)), text, denominator=int(denominator), records=records)


def _count_reasons(
    data: AnalysisData,
    name: Label,
    parameter: str,
    forms: pd.DataFrame,
    missing: np.ndarray,
    expected: list[Expected],
) -> Iterator[Row]:
    """Why the forms that were due are not there: what was entered, or nothing at all."""
    group = Label(f"{name.en}: {WHY.en}", f"{name.zh}：{WHY.zh}")
    places = {visit.visit: place for place, visit in enumerate(expected)}
    known = forms[(forms["AVALC"] != RECEIVED) & forms["AVISIT"].isin(places)]
    place = known["AVISIT"].map(places).to_numpy(dtype=np.intp)
    known = known[missing[place, known["SUBJECT"].to_numpy()]]
    for reason in sorted(set(known["AVALC"]), key=lambda text: (text not in REASONS, text)):
        line = Line(
            f"{parameter}|why|{reason}", REASONS.get(reason, Label(reason.capitalize(), reason)), "count",
            group=group, indent=1, parameter=parameter, unit="forms", group_1="AVALC", group_1_value=reason,
        )  # fmt: skip
        given = known[known["AVALC"] == reason]
        for column in data.regimens:
            inside = data.in_column("FAS", column)
            chosen = given[inside[given["SUBJECT"].to_numpy()]]
            yield _forms_row(line, column, chosen, missing[:, inside].sum())
    line = Line(
        f"{parameter}|why|NONE", NO_RECORD, "count", group=group, indent=1, parameter=parameter, unit="forms"
    )
    for column in data.regimens:
        inside = data.in_column("FAS", column)
        total = int(missing[:, inside].sum())
        silent = total - int(inside[known["SUBJECT"].to_numpy()].sum())
        text = format_count(silent, total, show_denominator=True)
        yield (
            Row(line, column, float(silent), text, denominator=total)
            if total
            else absent_row(line, column, EMPTY_COLUMN)
        )


# --- The last score --------------------------------------------------------------------------------

LEAVERS = (
    ("PROGRESSIVE DISEASE", Label("Stopped treatment for progression", "因疾病进展停药")),
    ("ADVERSE EVENT", Label("Stopped treatment for an adverse event", "因不良事件停药")),
    ("DEATH", Label("Died under treatment", "治疗期间死亡")),
    (None, Label("Stopped treatment for another reason", "因其他原因停药")),
    ("", Label("Still on treatment", "仍在治疗")),
)


def _estimate_last_changes(data: AnalysisData) -> Iterator[Row]:
    """Last change of each primary scale, by the reason for which treatment, and the forms with it, ended.

    Where those who leave do worse, the means of those who stay look better than they are.
    """
    reasons = data.subjects["DCTREAS"].to_numpy()
    named = [reason for reason, _ in LEAVERS if reason is not None]
    for scale in list_scales(data):
        if not scale.is_primary:
            continue
        scored = select_scores(data, scale.code)
        changed = scored[scored["CHG"].notna()].sort_values(["SUBJECT", "ADY", "ASEQ"], kind="stable")
        last = changed.drop_duplicates("SUBJECT", keep="last")
        group = Label(f"{scale.label.en}: {LAST.en}", f"{scale.label.zh}：{LAST.zh}")
        for reason, words in LEAVERS:
            mask = ~np.isin(reasons, named) if reason is None else reasons == reason
            here = last[mask[last["SUBJECT"].to_numpy()]]
            line = Line(
                f"{scale.code}|last|{reason if reason is not None else 'OTHER'}",
                Label(f"{words.en}, mean (SD) [n]", f"{words.zh}，均数（标准差）[n]"), "mean",
                group=group, indent=1, parameter=scale.code, unit="points", group_1="DCTREAS",
                group_1_value=reason,
            )  # fmt: skip
            for column in data.regimens:
                inside = data.in_column("FAS", column)
                yield _last_row(line, column, here[inside[here["SUBJECT"].to_numpy()]])


def _last_row(line: Line, column: Column, frame: pd.DataFrame) -> Row:
    summary = estimate_summary(frame["CHG"].tolist())
    if summary.mean is None:
        return absent_row(line, column, EMPTY_COLUMN, text="–")
    records = Records("ADQS", np.sort(frame.index.to_numpy(dtype=np.intp)))
    text = f"{format_mean(summary, ONE_DECIMAL)} [{len(frame)}]"
    return Row(line, column, float(Fraction(summary.mean)), text, lower=summary.sd, records=records)
