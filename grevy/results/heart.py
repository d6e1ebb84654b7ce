"""T14.3.5: vital signs, QTc and ejection fraction under treatment: the worst value of each subject.

QTc classes: ICH E14 (above 450, 480, 500 ms; rise above 30, 60 ms). Blood pressure: thresholds of CTCAE 5.0
hypertension and 180/110 of ESC/ESH. Ejection fraction: the falls that ask for action in the study.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grevy.results.frames import AnalysisData, Mask
from grevy.results.labels import Label
from grevy.results.rows import Line, Row, count_row
from grevy.results.shifts import estimate_shift, find_worst
from grevy.results.summaries import ONE_DECIMAL
from grevy.results.variables import SubjectValues, estimate_set_size, estimate_summaries

MEASURED = Label("Subjects with a value on treatment", "治疗期间有测量值的受试者")


@dataclass(frozen=True)
class Threshold:
    """A class of a worst value; both limits must hold where both are given."""

    name: str
    label: Label
    above: float | None = None
    at_least: float | None = None
    below: float | None = None

    def holds(self, values: np.ndarray) -> Mask:
        """Flag the values in the class; a missing value is in none."""
        inside = ~np.isnan(values)
        if self.above is not None:
            inside &= values > self.above
        if self.at_least is not None:
            inside &= values >= self.at_least
        return inside & (values < self.below) if self.below is not None else inside


SYSTOLIC = tuple(
    Threshold(f"GE{limit}", Label(f"≥{limit} mmHg", f"≥{limit} mmHg"), at_least=limit)
    for limit in (140, 160, 180)
)
DIASTOLIC = tuple(
    Threshold(f"GE{limit}", Label(f"≥{limit} mmHg", f"≥{limit} mmHg"), at_least=limit)
    for limit in (90, 100, 110)
)
SYSTOLIC_RISE = tuple(
    Threshold(f"UP{rise}", Label(f"Rise ≥{rise} mmHg", f"升高≥{rise} mmHg"), at_least=rise)
    for rise in (20, 40)
)
WEIGHT_LOSS = tuple(
    Threshold(f"DOWN{fall}", Label(f"Loss ≥{fall}%", f"下降≥{fall}%"), at_least=fall) for fall in (5, 10, 20)
)
QTC = tuple(
    Threshold(f"GT{limit}", Label(f">{limit} ms", f">{limit} ms"), above=limit) for limit in (450, 480, 500)
)
QTC_RISE = tuple(
    Threshold(f"UP{rise}", Label(f"Rise >{rise} ms", f"升高>{rise} ms"), above=rise) for rise in (30, 60)
)
EJECTION = (
    Threshold("LT50", Label("<50%", "<50%"), below=50),
    Threshold("LT40", Label("<40%", "<40%"), below=40),
)
EJECTION_FALL = (
    Threshold("DOWN10", Label("Fall ≥10 percentage points", "下降≥10个百分点"), at_least=10),
    Threshold("DOWN20", Label("Fall ≥20 percentage points", "下降≥20个百分点"), at_least=20),
)


def select_worst(
    data: AnalysisData, dataset: str, parameter: str, variable: str, *, highest: bool
) -> SubjectValues:
    """Each subject's highest or lowest value on treatment, with its record; the first one at a tie."""
    frame = data[dataset]
    flag = (frame["PARAMCD"] == parameter) & (frame["ONTRTFL"] == "Y") & frame[variable].notna()
    found = frame.loc[flag, ["SUBJECT", variable]].sort_values(
        ["SUBJECT", variable], ascending=[True, not highest], kind="stable"
    )
    worst = found.drop_duplicates("SUBJECT")
    values = np.full(len(data.subjects), np.nan)
    position = np.full(len(data.subjects), -1, dtype=np.intp)
    values[worst["SUBJECT"]] = worst[variable]
    position[worst["SUBJECT"]] = worst.index
    return SubjectValues(dataset, values, position)


def _estimate_classes(
    data: AnalysisData,
    name: str,
    group: Label,
    source: SubjectValues,
    classes: Sequence[Threshold],
    *,
    shows_number: bool = True,
) -> Iterator[Row]:
    """Subjects in each class, of those measured; their number stands first unless a summary gave it."""
    measured = ~np.isnan(source.values)
    lines = [(c.name, c.label, c.holds(source.values)) for c in classes]
    if shows_number:
        lines.insert(0, ("N", MEASURED, measured))
    for key, label, flag in lines:
        line = Line(f"{name}|{key}", label, "count", group=group, indent=1, where="worst value on treatment")
        for column in data.regimens:
            inside = data.in_column("SAFETY", column) & measured
            denominator = None if key == "N" else int(inside.sum())
            yield count_row(data, line, column, source.records(inside & flag), denominator)


def _estimate_worst(
    data: AnalysisData, name: str, label: Label, source: SubjectValues, unit: str
) -> Iterator[Row]:
    base = Line(name, label, "", group=label, indent=1, unit=unit)
    yield from estimate_summaries(data, base, source, data.regimens, "SAFETY", decimals=ONE_DECIMAL)


def estimate_blood_pressure(data: AnalysisData) -> Iterator[Row]:
    """T14.3.5.1: highest pressures on treatment, rises, and classes."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    for code, label, classes in (
        ("SYSBP", Label("Highest systolic pressure, mmHg", "最高收缩压，mmHg"), SYSTOLIC),
        ("DIABP", Label("Highest diastolic pressure, mmHg", "最高舒张压，mmHg"), DIASTOLIC),
    ):
        source = select_worst(data, "ADVS", code, "AVAL", highest=True)
        yield from _estimate_worst(data, code, label, source, "mmHg")
        yield from _estimate_classes(data, f"{code}|CLASS", label, source, classes, shows_number=False)
    rise = select_worst(data, "ADVS", "SYSBP", "CHG", highest=True)
    label = Label("Greatest rise of systolic pressure, mmHg", "收缩压最大升幅，mmHg")
    yield from _estimate_classes(data, "SYSBP|RISE", label, rise, SYSTOLIC_RISE)


def estimate_blood_pressure_shift(data: AnalysisData) -> Iterator[Row]:
    """T14.3.5.2: grade of blood pressure by CTCAE, baseline against worst on treatment."""
    advs = data["ADVS"]
    of_parameter = (advs["PARAMCD"] == "BPGR").to_numpy()
    worst = find_worst(data, "ADVS", of_parameter, (advs["WGRHFL"] == "Y").to_numpy(), "ATOXGRH", "BTOXGRH")
    label = Label("Blood pressure, single readings", "血压（单次测量）")
    yield from estimate_shift(data, "BPGR", label, worst, parameter="BPGR")


def estimate_qtc(data: AnalysisData) -> Iterator[Row]:
    """T14.3.5.3: highest QTcF on treatment and its greatest rise."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    highest = select_worst(data, "ADEG", "QTCF", "AVAL", highest=True)
    rise = select_worst(data, "ADEG", "QTCF", "CHG", highest=True)
    label = Label("Highest QTcF, ms", "最长QTcF，ms")
    yield from _estimate_worst(data, "QTCF", label, highest, "ms")
    yield from _estimate_classes(data, "QTCF|CLASS", label, highest, QTC, shows_number=False)
    yield from _estimate_classes(
        data, "QTCF|RISE", Label("Greatest rise of QTcF", "QTcF最大升幅"), rise, QTC_RISE
    )


def estimate_ejection_fraction(data: AnalysisData) -> Iterator[Row]:
    """T14.3.5.4: lowest ejection fraction on treatment and its greatest fall."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    lowest = select_worst(data, "ADCV", "LVEF", "AVAL", highest=False)
    change = select_worst(data, "ADCV", "LVEF", "CHG", highest=False)
    fall = SubjectValues(change.dataset, -change.values, change.position)
    label = Label("Lowest ejection fraction, %", "最低左室射血分数，%")
    yield from _estimate_worst(data, "LVEF", label, lowest, "%")
    yield from _estimate_classes(data, "LVEF|CLASS", label, lowest, EJECTION, shows_number=False)
    group = Label("Greatest fall of ejection fraction", "左室射血分数最大降幅")
    yield from _estimate_classes(data, "LVEF|FALL", group, fall, EJECTION_FALL)


CHANGES = (
    ("SYSBP", Label("systolic blood pressure, mmHg", "收缩压，mmHg"), "mmHg"),
    ("DIABP", Label("diastolic blood pressure, mmHg", "舒张压，mmHg"), "mmHg"),
    ("PULSE", Label("pulse rate, beats/min", "脉搏，次/分"), "beats/min"),
    ("WEIGHT", Label("weight, kg", "体重，kg"), "kg"),
)


def estimate_worst_changes(data: AnalysisData) -> Iterator[Row]:
    """T14.3.5.9: greatest rise and fall of each vital sign on treatment; classes of weight loss (CTCAE)."""
    yield from estimate_set_size(data, data.regimens, "SAFETY")
    for code, measure, unit in CHANGES:
        for name, word, is_rise in (
            ("RISE", Label("Greatest rise of", "最大升幅："), True),
            ("FALL", Label("Greatest fall of", "最大降幅："), False),
        ):
            source = select_worst(data, "ADVS", code, "CHG", highest=is_rise)
            change = source.values if is_rise else -source.values
            # who never rose had no rise: the greatest one is 0
            worst = SubjectValues("ADVS", np.maximum(change, 0.0), source.position)
            label = Label(f"{word.en} {measure.en}", f"{word.zh}{measure.zh}")
            yield from _estimate_worst(data, f"{code}|{name}", label, worst, unit)
    loss = select_worst(data, "ADVS", "WEIGHT", "PCHG", highest=False)
    percent = SubjectValues("ADVS", -loss.values, loss.position)
    label = Label("Greatest loss of weight, % of baseline", "体重最大降幅，基线的%")
    yield from _estimate_classes(data, "WEIGHT|LOSS", label, percent, WEIGHT_LOSS)
