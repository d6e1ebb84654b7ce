"""T14.2.3: which therapy followed progression; reported beside overall survival and not adjusted for."""

from collections.abc import Iterator

import numpy as np

from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import MISSING, Label, find_label
from grevy.results.response import select_responses
from grevy.results.rows import Line, Row, count_row
from grevy.results.variables import SubjectValues

GROUP = Label("Therapy after progression", "进展后治疗")
PROGRESSED = Label("Progressed (derived), n (%)", "疾病进展（推导），例数（%）")
TREATED = Label(
    "New anti-cancer therapy on or after progression, n/N (%)", "进展当日或之后开始新的抗肿瘤治疗，n/N（%）"
)
UNTREATED = Label(
    "No new therapy recorded after progression, n/N (%)", "进展后无新的抗肿瘤治疗记录，n/N（%）"
)
SUBSEQUENT = "SUBSEQUENT ANTI-CANCER THERAPY"


def estimate_therapy_after_progression(data: AnalysisData) -> Iterator[Row]:
    """Subjects with progression, and of them those who began another therapy on that day or later, by class.

    A subject counts once per class; one who had several classes stands in each.
    """
    progression = select_responses(data, "PD")
    progressed = progression.answer == "Y"
    dates = np.full(len(data.subjects), np.datetime64("NaT", "s"))
    dates[progressed] = data["ADRS"]["ADT"].to_numpy()[progression.position[progressed]]
    adcm = data["ADCM"]
    started = adcm["ASTDT"].to_numpy()
    after = (adcm["CMCAT"] == SUBSEQUENT).to_numpy() & (started >= dates[adcm["SUBJECT"].to_numpy()])
    anew = np.zeros(len(data.subjects), dtype=bool)
    anew[adcm["SUBJECT"].to_numpy()[after]] = True
    source = SubjectValues("ADRS", np.where(progressed, 1.0, np.nan), progression.position)
    base = Line("PDTHER", PROGRESSED, "count", group=GROUP, indent=1, parameter="PD")
    for column in data.efficacy:
        inside = data.in_column("FAS", column)
        yield count_row(data, base, column, source.records(inside & progressed), int(inside.sum()))
    line = Line("PDTHER|ANY", TREATED, "count", group=GROUP, indent=1, where="on or after progression")
    yield from _count(data, line, after, progressed)
    classes = adcm["CMCLAS"]
    for value in sorted(set(classes[after]), key=lambda value: (value == "", value)):
        label = find_label(data.study, "therapy_class", value) if value else MISSING
        line = Line(
            f"PDTHER|{value or 'MISSING'}", label, "count", group=GROUP, indent=2,
            where="on or after progression", group_1="CMCLAS", group_1_value=value,
        )  # fmt: skip
        yield from _count(data, line, after & (classes == value).to_numpy(), progressed)
    line = Line("PDTHER|NONE", UNTREATED, "count", group=GROUP, indent=1)
    for column in data.efficacy:
        inside = data.in_column("FAS", column) & progressed
        records = source.records(inside & ~anew)
        yield count_row(data, line, column, records, int(inside.sum()), show_denominator=True)


def _count(data: AnalysisData, line: Line, chosen: Mask, progressed: Mask) -> Iterator[Row]:
    for column in data.efficacy:
        inside = data.in_column("FAS", column) & progressed
        records = data.select("ADCM", chosen & data.rows_of("ADCM", inside))
        yield count_row(data, line, column, records, int(inside.sum()), show_denominator=True)
