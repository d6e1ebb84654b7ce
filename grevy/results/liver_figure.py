"""F14.3.3: peak aminotransferase against peak bilirubin of each subject (eDISH), in multiples of the limit.

Subjects whose liver tests were abnormal before treatment stand in a panel of their own: their peaks start
higher, whatever the drug does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grevy.results.format import format_fixed
from grevy.results.frames import AnalysisData, Column, Mask
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, absent_row, count_row, nothing_row
from grevy.results.variables import SubjectValues

AMINOTRANSFERASES, BILIRUBIN = ("ALT", "AST"), ("BILI",)
PEAKS = (
    Column("ALT_AST", Label("Peak ALT or AST, × ULN", "ALT或AST峰值，× ULN")),
    Column("BILI", Label("Peak total bilirubin, × ULN", "总胆红素峰值，× ULN")),
)
PANELS = (
    ("NORMAL", Label("Liver tests normal at baseline", "基线肝功能正常")),
    ("ABNORMAL", Label("A liver test abnormal or missing at baseline", "基线肝功能异常或缺失")),
)
QUADRANTS = (
    ("HY", Label("Hy's law range, to be reviewed", "Hy's法则范围，待审阅"), True, True),
    ("CHOLESTASIS", Label("Cholestasis range", "胆汁淤积范围"), False, True),
    ("TEMPLE", Label("Temple's corollary range", "Temple推论范围"), True, False),
    ("NORMAL", Label("Normal or near normal", "正常或接近正常"), False, False),
)
ALT_LIMIT, BILIRUBIN_LIMIT = 3, 2
NO_PEAK = Label(
    "No subject has both ALT or AST and bilirubin with limits of normal on treatment.",
    "治疗期间无受试者同时具有附正常值上限的ALT或AST及胆红素。",
)
NOBODY = Label("No subject of this panel in the column.", "该列无此分图的受试者。")


@dataclass(frozen=True)
class Peaks:
    """Peaks of each subject in multiples of the upper limit, and who is in which panel and quadrant."""

    transaminase: SubjectValues
    bilirubin: SubjectValues
    panel: dict[str, Mask]
    quadrant: dict[str, Mask]


def find_peaks(data: AnalysisData) -> Peaks:
    """Peaks on treatment; a limit that is met exactly is judged on the values, not on their quotient."""
    transaminase, bilirubin = (_peak(data, codes) for codes in (AMINOTRANSFERASES, BILIRUBIN))
    adlb = data["ADLB"]
    both = data.in_set("SAFETY") & ~np.isnan(transaminase.values) & ~np.isnan(bilirubin.values)
    value, limit = adlb["AVAL"].to_numpy(float), adlb["A1HI"].to_numpy(float)
    treated = (adlb["ONTRTFL"] == "Y").to_numpy()
    raised = _have(data, treated & adlb["PARAMCD"].isin(AMINOTRANSFERASES) & (value >= ALT_LIMIT * limit))
    multiple = BILIRUBIN_LIMIT * limit
    above = value > multiple
    if data.plan.value("liver.hys_law_bilirubin") == "at_least":
        above = value >= multiple
    yellow = _have(data, treated & adlb["PARAMCD"].isin(BILIRUBIN) & above)
    normal = _were_normal(data)
    return Peaks(
        transaminase,
        bilirubin,
        {"NORMAL": both & normal, "ABNORMAL": both & ~normal},
        {name: (raised == is_raised) & (yellow == is_yellow) for name, _, is_raised, is_yellow in QUADRANTS},
    )


def _have(data: AnalysisData, flag: Mask) -> Mask:
    have = np.zeros(len(data.subjects), dtype=bool)
    have[data["ADLB"]["SUBJECT"].to_numpy()[flag]] = True
    return have


def _peak(data: AnalysisData, codes: tuple[str, ...]) -> SubjectValues:
    adlb = data["ADLB"]
    flag = (adlb["ONTRTFL"] == "Y") & adlb["PARAMCD"].isin(codes) & (adlb["A1HI"] > 0) & adlb["AVAL"].notna()
    found = adlb.loc[flag, ["SUBJECT"]].assign(MULTIPLE=adlb["AVAL"][flag] / adlb["A1HI"][flag])
    found = found.sort_values(["SUBJECT", "MULTIPLE"], ascending=[True, False], kind="stable")
    highest = found.drop_duplicates("SUBJECT")
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[highest["SUBJECT"]] = highest["MULTIPLE"]
    position[highest["SUBJECT"]] = highest.index
    return SubjectValues("ADLB", values, position)


def _were_normal(data: AnalysisData) -> Mask:
    """ALT, AST and bilirubin all known before treatment and none above its limit."""
    adlb = data["ADLB"]
    normal = np.ones(len(data.subjects), dtype=bool)
    for code in (*AMINOTRANSFERASES, *BILIRUBIN):
        before = (adlb["ABLFL"] == "Y") & (adlb["PARAMCD"] == code)
        normal &= _have(data, (before & (adlb["AVAL"] <= adlb["A1HI"])).to_numpy())
    return normal


def estimate_edish(data: AnalysisData) -> Iterator[Row]:
    """Counts of the quadrants of each panel, then a point per subject."""
    peaks = find_peaks(data)
    if not any(panel.any() for panel in peaks.panel.values()):
        yield nothing_row(data.regimens[-1], NO_PEAK)
        return
    for name, label in PANELS:
        yield from _count_quadrants(data, peaks, name, label)
    for name, label in PANELS:
        yield from _list_points(data, peaks, name, label)


def _count_quadrants(data: AnalysisData, peaks: Peaks, name: str, label: Label) -> Iterator[Row]:
    shown = [("N", Label("Subjects", "受试者"), np.ones(len(data.subjects), dtype=bool))]
    shown += [(key, words, peaks.quadrant[key]) for key, words, _, _ in QUADRANTS]
    for key, words, flag in shown:
        line = Line(
            f"{name}|{key}", words, "count", group=label, indent=1, where=f"panel {name}",
            group_1="QUADRANT", group_1_value=key,
        )  # fmt: skip
        for column in data.regimens:
            inside = data.in_column("SAFETY", column) & peaks.panel[name]
            if key != "N" and not inside.any():
                yield absent_row(line, column, NOBODY, text="–")
                continue
            records = peaks.transaminase.records(inside & flag)
            yield count_row(data, line, column, records, None if key == "N" else int(inside.sum()))


def _list_points(data: AnalysisData, peaks: Peaks, name: str, label: Label) -> Iterator[Row]:
    identifiers = data.subjects["USUBJID"].to_numpy()
    for column in data.regimens[:-1]:
        for place in np.flatnonzero(data.in_column("SAFETY", column) & peaks.panel[name]):
            subject = str(identifiers[place])
            quadrant = next(key for key, flag in peaks.quadrant.items() if flag[place])
            line = Line(
                f"{name}|{subject}", Label(subject, subject), "peak", group=label, indent=1, unit="× ULN",
                where=quadrant, group_1="COHORT", group_1_value=column.id,
            )  # fmt: skip
            flag = np.arange(len(identifiers)) == place
            for measure, source in zip(PEAKS, (peaks.transaminase, peaks.bilirubin), strict=True):
                value = float(source.values[place])
                yield Row(line, measure, value, format_fixed(value, 2), records=source.records(flag))
