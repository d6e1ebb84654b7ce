"""Visits of data sets of measurements: which there are, and what they are called."""

from collections.abc import Iterator

import pandas as pd

from grevy.results.frames import Mask
from grevy.results.labels import Label

BASELINE = Label("Baseline", "基线")
VISITS = {
    "SCREENING": Label("Screening", "筛选期"),
    "END OF TREATMENT": Label("End of treatment", "治疗结束"),
    "SAFETY FOLLOW-UP": Label("Safety follow-up", "安全性随访"),
}


def list_visits(frame: pd.DataFrame) -> Iterator[tuple[bool, float, Label, Mask]]:
    """The baseline first, then the visits after it in their order."""
    baseline = (frame["ABLFL"] == "Y").to_numpy()
    yield True, 0.0, BASELINE, baseline
    later = ~baseline & (frame["ADY"] > 1).to_numpy()
    visits = frame.loc[later, ["AVISITN", "AVISIT"]].drop_duplicates("AVISITN").sort_values("AVISITN")
    for number, name in visits.itertuples(index=False):
        flag = later & (frame["AVISITN"] == number).to_numpy()
        yield False, float(number), name_visit(str(name)), flag


def name_visit(visit: str) -> Label:
    """A visit in both languages."""
    words = visit.split()
    if visit in VISITS:
        return VISITS[visit]
    if len(words) >= 2 and words[0] == "CYCLE":
        day = words[3] if len(words) == 4 else "1"
        return Label(f"Cycle {words[1]} day {day}", f"第{words[1]}周期第{day}天")
    if len(words) == 2 and words[0] == "WEEK":
        return Label(f"Week {words[1]}", f"第{words[1]}周")
    return Label(visit.capitalize(), visit)
