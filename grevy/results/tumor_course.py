"""F14.2.5: the sum of diameters of each subject over time, as change from baseline."""

from collections.abc import Iterator, Sequence

import numpy as np

from grevy.results.format import format_fixed
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import Label
from grevy.results.response import select_responses
from grevy.results.rows import Line, Row, count_row, number_row
from grevy.results.time_to_event import convert_to_months
from grevy.results.tumor_size import flag_new_lesion_progression, select_changes

NEW_LESION, ONGOING = "progression by a new lesion", "ongoing"
DRAWN = Label("Subjects with a line", "有线条的受试者")
NOT_DRAWN = Label("Subjects without a sum after baseline", "基线后无直径总和的受试者")


def list_panels(data: AnalysisData) -> Sequence[Column]:
    """The disease classes, which have a panel each; all subjects where nobody's class is known."""
    return data.efficacy[len(data.regimens) :] or data.regimens[-1:]


def estimate_spider(data: AnalysisData) -> Iterator[Row]:
    """F14.2.5: one line per subject from first dose to first progression or new therapy.

    The column is the disease class, `group_1_value` the confirmed best response; `where` marks the last
    point of a line that ends with a new lesion, or that goes on at the cut-off. A progression by a new
    lesion has a point of its own at the last known sum, for not every such visit has a sum.
    """
    changes = select_changes(data).sort_values(["SUBJECT", "ADT", "ASEQ"], kind="stable")
    response = select_responses(data, "CBOR").answer
    progression = select_responses(data, "PD")
    by_new_lesion = flag_new_lesion_progression(data)
    on_treatment = (data.subjects["EOTSTT"] == "ONGOING").to_numpy() & (progression.answer != "Y")
    drawn = np.zeros(len(data.subjects), dtype=bool)
    drawn[changes["SUBJECT"].unique()] = True
    for column in list_panels(data):
        for subject in np.flatnonzero(drawn & data.in_column("FAS", column)).tolist():
            own = changes[changes["SUBJECT"] == subject]
            name = str(data.subjects["USUBJID"].iat[subject])
            base = _Course(data, column, subject, name, response[subject])
            positions, days, sums = (own.index.to_numpy(), own["ADT"].to_numpy(), own["PCHG"].to_numpy(float))
            for place, (position, day, change) in enumerate(zip(positions, days, sums, strict=True)):
                is_last = place == len(own) - 1
                where = ONGOING if is_last and on_treatment[subject] else None
                records = Records("ADTR", np.array([position], dtype=np.intp))
                yield base.point("change", day, change, where, records, place)
            if by_new_lesion[subject]:
                position = progression.position[subject]
                records = Records("ADRS", np.array([position], dtype=np.intp))
                seen = data["ADRS"]["ADT"].to_numpy()[position]
                yield base.point("new_lesion", seen, sums[-1], NEW_LESION, records, 0)
    yield from _count_drawn(data, drawn)


class _Course:
    """The points of one subject."""

    def __init__(self, data: AnalysisData, column: Column, subject: int, name: str, response: str) -> None:
        self.data, self.column, self.name, self.response = data, column, name, response
        self.start = data.subjects["TRTSDT"].to_numpy()[subject]

    def point(
        self, kind: str, day: np.datetime64, change: float, where: str | None, records: Records, place: int
    ) -> Row:
        months = float(convert_to_months(self.data, (day - self.start) / np.timedelta64(1, "D")))
        said = format_fixed(months, 1)
        wording = {
            "change": Label(f"{said} months", f"{said}个月"),
            "new_lesion": Label(f"New lesion, {said} months", f"新病灶，{said}个月"),
        }
        line = Line(
            f"{kind}|{self.name}|{place}",
            wording[kind],
            kind,
            group=Label(self.name, self.name),
            indent=1,
            where=where,
            group_1="CBOR",
            group_1_value=self.response,
            parameter="SUMDIAM",
            unit="%",
            time=months,
        )
        return number_row(line, self.column, change, format_fixed(change, 1), records)


def _count_drawn(data: AnalysisData, drawn: Mask) -> Iterator[Row]:
    """How many subjects have a line, and how many have none; by panel and in total."""
    total = data.regimens[-1]
    for name, label, flag in (("drawn", DRAWN, drawn), ("no_value", NOT_DRAWN, ~drawn)):
        line = Line(name, label, "count", parameter="SUMDIAM")
        for column in dict.fromkeys((*list_panels(data), total)):
            inside = data.in_column("FAS", column)
            of_all = int(inside.sum()) if name == "no_value" else None
            yield count_row(data, line, column, data.select("ADSL", inside & flag), of_all)
