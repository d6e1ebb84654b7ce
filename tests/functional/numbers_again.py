"""A number of the report computed again from the analysis records that its trace lists, in a few plain lines.

Nothing here comes from the program. What is not computed again is in `NOT_COMPUTED`, each with its reason.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from scipy.stats import beta, norm
from scipy.stats import t as student

DAYS_PER_MONTH = 30.4375
Row = Mapping[str, object]
Three = tuple[float | None, float | None, float | None]

FITTED = "a fitted model, not a number of a few lines: held against R in tests/reference"
WEIGHTED = "weights come from a fitted propensity model"
PERSON_TIME = "person-time takes patients without any event, whose records are not among those listed"
NO_NUMBER = "no number: a word, a date, a code, or a value fixed by definition"
MARK = "where a mark of a figure stands: a day of the one record listed"
OF_PLAN = "a planned number of subjects, not one of the data"
LINES = "lines of a listing, each of which may take several records"
COMPETING = "incidence with competing causes: held against R in tests/reference"

NOT_COMPUTED: dict[str, str] = {
    **dict.fromkeys(("ratio", "p", "test", "E-value", "variance"), FITTED),
    **dict.fromkeys(("information lost", "scale reduction", "Monte-Carlo error"), FITTED),
    **dict.fromkeys(
        ("weighted share", "weighted count", "effective size", "standardized difference"), WEIGHTED
    ),
    **dict.fromkeys(("cumulative_incidence", "incidence"), COMPETING),
    **dict.fromkeys(("response", "response_end", "progression", "new_lesion", "death", "new_therapy"), MARK),
    **dict.fromkeys(("other_stop", "treatment", "dose", "follow_up", "peak", "ongoing"), MARK),
    **dict.fromkeys(("none", "date", "reference", "number", "listing", "narrative", "place"), NO_NUMBER),
    **dict.fromkeys(("method", "threshold"), NO_NUMBER),
    "sum": PERSON_TIME,
    "entries": LINES,
    "planned": OF_PLAN,
}
"""Operations that are not computed again."""

NOT_COMPUTED_METHODS = {"exact Poisson": PERSON_TIME, "weighted Kaplan-Meier": WEIGHTED}
NOT_COMPUTED_OUTPUTS = {"TX6.1": WEIGHTED, "FX6.1": WEIGHTED, "FX6.2": WEIGHTED}


@dataclass(frozen=True)
class Listed:
    """The analysis records of a number, and those of the whole group it belongs to."""

    records: list[Row]
    group: list[Row]


def why_not(row: Row) -> str | None:
    """The reason for which a number is not computed again."""
    if row["output_id"] in NOT_COMPUTED_OUTPUTS:
        return NOT_COMPUTED_OUTPUTS[row["output_id"]]
    if row["output_id"].startswith(("TX8", "FX8")) and row["operation"] != "count":
        return FITTED
    if row["method"] in NOT_COMPUTED_METHODS:
        return NOT_COMPUTED_METHODS[row["method"]]
    if (row["method"] or "").startswith("MMRM") and row["column_id"] != "N":
        return FITTED
    if row["operation"] == "mean" and "PER_PARAMETER" in row["row_id"]:
        return "events divided by the parameters of a model"
    if row["operation"] == "rate" and row["output_id"] in ("F14.2.12", "F14.3.6"):
        return COMPETING
    if "|why|NONE" in row["row_id"]:
        return "questionnaires that nobody entered have no record"
    if row["row_id"].endswith("|DURATION"):
        return (
            "days until an event ended, censored where it had not: the limits of Kaplan-Meier of few events"
        )
    return NOT_COMPUTED.get(row["operation"])


def compute_again(row: Row, listed: Listed) -> Three:
    """Value, lower and upper limit (or standard deviation, quartiles, extremes) of a number."""
    return COMPUTATIONS[row["operation"]](row, listed)


# ---------------------------------------------------------------------------------------------------
# Counts and rates
# ---------------------------------------------------------------------------------------------------


def count_subjects(row: Row, listed: Listed) -> Three:
    if row["row_id"].startswith("FRM"):  # questionnaires, several of a patient
        forms = {(record["USUBJID"], record["AVISITN"], record["ADT"]) for record in listed.records}
        return float(len(forms)), None, None
    return float(len({record["USUBJID"] for record in listed.records})), None, None


def count_records(_row: Row, listed: Listed) -> Three:
    return float(len(listed.records)), None, None


def compute_share(row: Row, listed: Listed) -> Three:
    return 100 * len({record["USUBJID"] for record in listed.records}) / row["denominator"], None, None


def compute_rate(row: Row, listed: Listed) -> Three:
    if "Kaplan-Meier" in (row["method"] or ""):
        value, lower, upper = survive(read_times(listed.records), row["time"])
        return tuple(None if part is None else 100 * part for part in (value, lower, upper))
    x, n = len({record["USUBJID"] for record in listed.records}), row["denominator"]
    lower = 0.0 if x == 0 else beta.ppf(0.025, x, n - x + 1)
    upper = 1.0 if x == n else beta.ppf(0.975, x + 1, n - x)
    return 100 * x / n, 100 * lower, 100 * upper


# ---------------------------------------------------------------------------------------------------
# Numbers of a variable
# ---------------------------------------------------------------------------------------------------


def read_values(row: Row, records: list[Row]) -> list[float]:
    """The values of the variable that a row summarizes, in its unit."""
    dataset, part = row["dataset"], row["row_id"].split("|")
    if dataset == "ADSL":
        name = part[0]
    elif dataset == "ADTR":
        name = "ADY" if part[0] == "NADIR" else "PCHG"
    elif dataset == "ADAE":
        name = "ASTDY"
    elif (
        row["column_id"] in ("CHANGE", "LIMITS")
        or row["operation"] == "mean_change"
        or not {"change", "RISE", "FALL", "last"}.isdisjoint(part)
    ):
        name = "CHG"
    else:
        name = "AVAL"
    if dataset == "ADLB" and "BEST" in part:
        name = "PCHG"
    in_months = row["unit"] == "months" and dataset in ("ADTTE", "ADEX", "ADTR")
    found = [record[name] for record in records if record[name] is not None]
    if "MULTIPLE" in part:  # of the upper limit of normal
        found = [record["AVAL"] / record["A1HI"] for record in records]
    if (
        "RISE" in part or "FALL" in part
    ):  # the largest change of each patient that way; 0 where there was none
        found = [max(0, change if "RISE" in part else -change) for change in found]
    if part[0] == "ADHERPC":
        found = [min(100, value) for value in found]  # what was lost is not taken: the display ends at 100
    return sorted(value / DAYS_PER_MONTH if in_months else float(value) for value in found)


def compute_mean(row: Row, listed: Listed) -> Three:
    if row["column_id"] in ("CHANGE", "LIMITS"):
        return compute_mean_with_limits(row, listed)
    if row["column_id"] in COUNTED:
        return count_subjects(row, listed)
    values = read_values(row, listed.records)
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return mean, None, None
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)), None


COUNTED = ("N", "BETTER", "STABLE", "WORSE")
"""Columns of the tables of scores that hold a count."""


def compute_mean_with_limits(row: Row, listed: Listed) -> Three:
    """The mean with the 95 % limits of Student's t."""
    values = read_values(row, listed.records)
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return mean, None, None
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    half = student.ppf(0.975, len(values) - 1) * spread / math.sqrt(len(values))
    return mean, mean - half, mean + half


def compute_median(row: Row, listed: Listed) -> Three:
    if "Kaplan-Meier" in (row["method"] or ""):
        return km_quantile(row, listed.records, Fraction(1, 2))
    values = read_values(row, listed.records)
    return (
        quantile(values, Fraction(1, 2)),
        quantile(values, Fraction(1, 4)),
        quantile(values, Fraction(3, 4)),
    )


def compute_range(row: Row, listed: Listed) -> Three:
    values = read_values(row, listed.records)
    return None, values[0], values[-1]


def compute_box(row: Row, listed: Listed) -> Three:
    values = read_values(row, listed.records)
    return tuple(quantile(values, Fraction(share, 4)) for share in (2, 1, 3))


def compute_middle(row: Row, listed: Listed) -> Three:
    values = read_values(row, listed.records)
    return None, quantile(values, Fraction(1, 10)), quantile(values, Fraction(9, 10))


def compute_limit(row: Row, listed: Listed) -> Three:
    """The middle of the limits of normal that came with the listed values."""
    name = "A1LO" if row["row_id"].endswith("LLN") else "A1HI"
    return quantile(sorted(record[name] for record in listed.records), Fraction(1, 2)), None, None


def quantile(values: list[float], share: Fraction) -> float:
    """SAS PCTLDEF 5: the mean of two neighbors where the place is a whole number."""
    place = share * len(values)
    index = math.ceil(place) - 1
    if place.denominator == 1:
        return (values[index] + values[index + 1]) / 2
    return values[index]


# ---------------------------------------------------------------------------------------------------
# Kaplan-Meier
# ---------------------------------------------------------------------------------------------------

Times = list[tuple[float, bool]]


def read_times(records: list[Row], reverse: bool = False) -> Times:
    return [(record["AVAL"] / DAYS_PER_MONTH, (record["CNSR"] == 0) != reverse) for record in records]


def steps(times: Times) -> list[tuple[float, float, float]]:
    """Event times with the curve after them and Greenwood's sum; events come before censorings."""
    curve, greenwood, found = 1.0, 0.0, []
    for time in sorted({time for time, is_event in times if is_event}):
        at_risk = sum(other >= time for other, _ in times)
        events = sum(is_event and other == time for other, is_event in times)
        curve *= 1 - events / at_risk
        greenwood += math.inf if at_risk == events else events / (at_risk * (at_risk - events))
        found.append((time, curve, greenwood))
    return found


def limits(curve: float, greenwood: float) -> tuple[float | None, float | None]:
    """Log-log limits; none where the curve is 1 or 0."""
    if not 0 < curve < 1:
        return None, None
    half = norm.ppf(0.975) * math.sqrt(greenwood) / abs(math.log(curve))
    center = math.log(-math.log(curve))
    return math.exp(-math.exp(center + half)), math.exp(-math.exp(center - half))


def survive(times: Times, at: float) -> Three:
    past = [step for step in steps(times) if step[0] <= at + 1e-9]
    if not past:
        return 1.0, None, None
    _, curve, greenwood = past[-1]
    return curve, *limits(curve, greenwood)


def km_quantile(row: Row, records: list[Row], share: Fraction) -> Three:
    """Where the curve and its limits fall to a level; the middle where the curve is flat at it."""
    found = steps(read_times(records, reverse=row["method"].startswith("reverse")))
    level = float(1 - share)
    curves = [(time, curve, *limits(curve, greenwood)) for time, curve, greenwood in found]
    last = max(record["AVAL"] for record in records) / DAYS_PER_MONTH
    return tuple(first_below(curves, column, level, last) for column in (1, 2, 3))


def first_below(curves: list[tuple], column: int, level: float, last: float) -> float | None:
    for index, step in enumerate(curves):
        value = step[column]
        if value is not None and abs(value - level) < 1e-12:
            flat_until = curves[index + 1][0] if index + 1 < len(curves) else last
            return (step[0] + flat_until) / 2
        if value is not None and value < level:
            return step[0]
    return None


def compute_survival(row: Row, listed: Listed) -> Three:
    return survive(read_times(listed.group), row["time"])


def count_at_risk(row: Row, listed: Listed) -> Three:
    return float(sum(time >= row["time"] - 1e-9 for time, _ in read_times(listed.group))), None, None


def count_events_so_far(row: Row, listed: Listed) -> Three:
    times = read_times(listed.group)
    return float(sum(is_event and time <= row["time"] + 1e-9 for time, is_event in times)), None, None


COMPUTATIONS: dict[str, Callable[[Row, Listed], Three]] = {
    "count": count_subjects,
    "n": count_subjects,
    "events": count_records,
    "share": compute_share,
    "rate": compute_rate,
    "mean": compute_mean,
    "mean_change": compute_mean_with_limits,
    "median": compute_median,
    "q1": lambda row, listed: km_quantile(row, listed.records, Fraction(1, 4)),
    "q3": lambda row, listed: km_quantile(row, listed.records, Fraction(3, 4)),
    "range": compute_range,
    "box": compute_box,
    "middle": compute_middle,
    "limit": compute_limit,
    "best_change": lambda _row, listed: (float(listed.records[0]["PCHG"]), None, None),
    "survival": compute_survival,
    "censor_tick": lambda row, listed: (compute_survival(row, listed)[0], None, None),
    "change": lambda _row, listed: (float(listed.records[0]["PCHG"]), None, None),
    "at_risk": count_at_risk,
    "cumulative_events": count_events_so_far,
}
"""Operations that are computed again."""


# ---------------------------------------------------------------------------------------------------
# Texts
# ---------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"−?\d+(?:\.\d+)?|NR|<0\.1|>99\.9")


def round_half_up(value: float, decimals: int) -> Decimal:
    # twelve digits: what a binary number adds beyond them is not part of the value
    exact = Decimal(f"{value:.12g}")
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def text_says(row: Row, found: Three) -> bool:
    """Whether the printed text is that of the numbers."""
    text, (value, lower, upper) = re.sub(r" \[\d+\]$", "", row["value_text"]), found
    if (row["operation"] in ("count", "share") or row["column_id"] in COUNTED) and row["denominator"]:
        count, of = int(value), f"/{row['denominator']}"
        return text in (write_count(count, row["denominator"]), write_count(count, row["denominator"], of))
    numbers = [part for part in (value, lower, upper) if part is not None] or []
    words = NUMBER.findall(text)
    if "NR" in words or len(words) == 3:
        numbers = [value, lower, upper]
    elif row["column_id"] == "LIMITS":
        numbers = [lower, upper]
    return len(words) <= len(numbers) and all(
        word == "NR" if number is None else word == write(number, word)
        for word, number in zip(words, numbers, strict=False)
    )


def write(number: float, like: str) -> str:
    decimals = len(like.partition(".")[2])
    rounded = round_half_up(number, decimals)
    return str(abs(rounded) if rounded == 0 else rounded).replace("-", "−")


def write_count(count: int, denominator: int, of: str = "") -> str:
    """A count with its percent; `of` names a denominator that is not that of the column."""
    if count == 0:
        return f"0{of}"
    if count == denominator:
        return f"{count}{of} (100%)"
    tenths = (2000 * count + denominator) // (2 * denominator)  # of a percent, half up
    shown = "<0.1" if tenths == 0 else ">99.9" if tenths >= 1000 else f"{tenths / 10:.1f}"
    return f"{count}{of} ({shown}%)"
