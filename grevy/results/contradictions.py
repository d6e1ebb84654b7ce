"""Dates and records that contradict each other or are incomplete, each with the rule that was applied.

What the analysis does with them is never silent: each kind is an entry of L-issues.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from grevy.results.frames import AnalysisData
from grevy.results.labels import Label

WITHDRAWN = "DRUG WITHDRAWN"
QUERY = Label("Used as recorded; to be settled by query.", "按记录使用，需通过质疑解决。")
DAYS = {"first": ("first", "第一"), "middle": ("middle", "居中"), "last": ("last", "最后")}


@dataclass(frozen=True)
class Kind:
    """A kind of doubt: its name, how the records concerned are found, what each says, the rule applied."""

    id: str
    label: Label
    dataset: str
    find: Callable[[AnalysisData], pd.DataFrame]
    rule: Callable[[AnalysisData], Label]
    blocks_final: bool = False  # a report with it is a draft


def say(en: str, zh: str) -> Callable[[AnalysisData], Label]:
    """A rule that no switch changes."""
    label = Label(en, zh)
    return lambda _data: label


def name_query(_data: AnalysisData) -> Label:
    return QUERY


def print_dates(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d").fillna("").astype(object)


def _compare(rows: pd.DataFrame, later: pd.Series, earlier: pd.Series) -> pd.DataFrame:
    """The records of which one date is after another, with both dates."""
    found = rows[(later > earlier).to_numpy()]
    text = print_dates(later[found.index]) + " > " + print_dates(earlier[found.index])
    return found.assign(FOUND=text)


# ---------------------------------------------------------------------------------------------------
# Death and last contact
# ---------------------------------------------------------------------------------------------------


def find_doses_after_death(data: AnalysisData) -> pd.DataFrame:
    subjects = data.subjects
    return _compare(subjects, subjects["TRTEDT"], subjects["DTHDT"])


def find_contacts_after_death(data: AnalysisData) -> pd.DataFrame:
    """Subjects whom somebody recorded alive after the date of death (W38)."""
    subjects = data.subjects
    return _compare(subjects, subjects["SEENALV"], subjects["DTHDT"])


def find_events_after_death(data: AnalysisData) -> pd.DataFrame:
    adae = data["ADAE"]
    found = _compare(adae, adae["ASTDT"], data.spread(data.subjects["DTHDT"], adae))
    return found.assign(FOUND=found["AEDECOD"] + ": " + found["FOUND"])


def find_early_last_contacts(data: AnalysisData) -> pd.DataFrame:
    """Assessments after the last contact that was entered at the end of study (W38)."""
    adrs = data["ADRS"]
    visits = adrs[(adrs["PARAMCD"] == "OVR") & adrs["ADT"].notna()]
    return _compare(visits, visits["ADT"], data.spread(data.subjects["LSTCTDT"], visits))


def find_contacts_before_records(data: AnalysisData) -> pd.DataFrame:
    """Last contacts entered before any record of the living subject: visit, dose, sample, form (W38)."""
    subjects = data.subjects
    return _compare(subjects, subjects["SEENALV"], subjects["LSTCTDT"])


def find_undated_deaths(data: AnalysisData) -> pd.DataFrame:
    subjects = data.subjects
    dead = subjects[(subjects["DTHFL"] == "Y") & subjects["DTHDT"].isna()]
    return dead.assign(FOUND=dead["DTHCAUS"].replace("", "–"))


# ---------------------------------------------------------------------------------------------------
# Adverse events
# ---------------------------------------------------------------------------------------------------


def find_events_that_end_first(data: AnalysisData) -> pd.DataFrame:
    adae = data["ADAE"]
    found = _compare(adae, adae["ASTDT"], adae["AENDT"])
    return found.assign(FOUND=found["AEDECOD"] + ": " + found["FOUND"])


def find_missing_causality(data: AnalysisData) -> pd.DataFrame:
    adae = data["ADAE"]
    missing = adae[(adae["AEREL"] == "") & (adae["AREL"] != "")]
    return missing.assign(FOUND=missing["AEDECOD"])


def find_missing_grades(data: AnalysisData) -> pd.DataFrame:
    adae = data["ADAE"]
    missing = adae[adae["ATOXGR"].isna()]
    return missing.assign(FOUND=missing["AEDECOD"])


def find_stops_without_event(data: AnalysisData) -> pd.DataFrame:
    """Subjects whose treatment ended for an adverse event, while no event says that it was withdrawn.

    Data that have no action of any event contradict nobody.
    """
    subjects, adae = data.subjects, data["ADAE"]
    if (adae["AEACN"] == "").all():
        return subjects.iloc[:0].assign(FOUND="")
    withdrawn = adae["SUBJECT"][adae["AEACN"] == WITHDRAWN]
    stopped = subjects[(subjects["DCTREAS"] == "ADVERSE EVENT") & ~subjects["SUBJECT"].isin(withdrawn)]
    return stopped.assign(FOUND=print_dates(stopped["DCTDT"]).replace("", "–"))


def find_events_without_stop(data: AnalysisData) -> pd.DataFrame:
    """Events for which the drug was withdrawn, while treatment goes on or ended for another reason.

    A fatal event may end treatment as a death.
    """
    adae = data["ADAE"]
    ended = data.spread(data.subjects["DCTREAS"].isin(["ADVERSE EVENT", "DEATH"]), adae)
    found = adae[(adae["AEACN"] == WITHDRAWN) & ~ended.astype(bool)]
    return found.assign(FOUND=found["AEDECOD"] + ": " + print_dates(found["ASTDT"]).replace("", "–"))


def find_reductions_without_dose(data: AnalysisData) -> pd.DataFrame:
    """Events for which the dose was reduced, of subjects whose doses were never lower than the one before."""
    adae, adex = data["ADAE"], data["ADEX"]
    never = adex["SUBJECT"][(adex["PARAMCD"] == "NREDUC") & (adex["AVAL"] == 0)]
    found = adae[(adae["AEACN"] == "DOSE REDUCED") & adae["SUBJECT"].isin(never)]
    return found.assign(FOUND=found["AEDECOD"] + ": " + print_dates(found["ASTDT"]).replace("", "–"))


def name_causality(data: AnalysisData) -> Label:
    if data.plan.value("ae.missing_causality") == "related":
        return Label("Counted as related.", "按与研究药物有关计。")
    return Label("Counted as not related.", "按与研究药物无关计。")


# ---------------------------------------------------------------------------------------------------
# Partial dates and the cut-off
# ---------------------------------------------------------------------------------------------------


def _straddles(texts: pd.Series, cutoffs: pd.Series) -> pd.Series:
    """Does a partial date as text cover days on both sides of the cut-off (W5)?

    The known part is that of the cut-off, which is not the last day of that month or year.
    """
    days = print_dates(cutoffs)
    tomorrow = print_dates(cutoffs + pd.Timedelta(days=1))
    covers = [
        len(text) in (4, 7) and bool(day) and text == day[: len(text)] == after[: len(text)]
        for text, day, after in zip(texts, days, tomorrow, strict=True)
    ]
    return pd.Series(covers, index=texts.index, dtype=bool)


def _find_straddling(data: AnalysisData, dataset: str, text: str, name: str) -> pd.DataFrame:
    rows = data[dataset]
    cutoffs = data.spread(data.subjects["CUTDT"], rows)
    found = rows[_straddles(rows[text], cutoffs).to_numpy()]
    limits = print_dates(cutoffs[found.index])
    return found.assign(FOUND=found[name] + ": " + found[text] + " / " + limits)


def find_onsets_around_cutoff(data: AnalysisData) -> pd.DataFrame:
    return _find_straddling(data, "ADAE", "AESTDTC", "AEDECOD")


def find_ends_around_cutoff(data: AnalysisData) -> pd.DataFrame:
    return _find_straddling(data, "ADAE", "AEENDTC", "AEDECOD")


def find_therapies_around_cutoff(data: AnalysisData) -> pd.DataFrame:
    return _find_straddling(data, "ADCM", "CMSTDTC", "CMTRT")


def find_deaths_around_cutoff(data: AnalysisData) -> pd.DataFrame:
    """The possible days of a death are those of the month, or the year, of the imputed one."""
    subjects = data.subjects
    length = subjects["DTHDTF"].map({"D": 7, "M": 4}).fillna(0).astype(int)
    days = print_dates(subjects["DTHDT"])
    texts = pd.Series([day[:known] for day, known in zip(days, length, strict=True)], index=subjects.index)
    found = subjects[_straddles(texts, subjects["CUTDT"]).to_numpy()]
    return found.assign(FOUND=texts[found.index] + " / " + print_dates(found["CUTDT"]))


def find_undated_results(data: AnalysisData) -> pd.DataFrame:
    """Laboratory results of which the day is not known (W7)."""
    adlb = data["ADLB"]
    undated = adlb[adlb["ADT"].isna() & (adlb["PARAM"] != "")]
    return undated.assign(FOUND=undated["PARAM"])


# ---------------------------------------------------------------------------------------------------
# New anti-cancer therapy
# ---------------------------------------------------------------------------------------------------


def find_therapy_before_event(data: AnalysisData) -> pd.DataFrame:
    """Subjects who began a new therapy before the progression or death that would end PFS (W33)."""
    subjects = data.subjects
    adrs = data["ADRS"]
    progressed = adrs[(adrs["PARAMCD"] == "PD") & (adrs["AVALC"] == "Y")]
    days = np.full(len(subjects), np.datetime64("NaT", "s"), dtype="datetime64[s]")
    days[progressed["SUBJECT"].to_numpy()] = progressed["ADT"].to_numpy()
    first = pd.Series(days, index=subjects.index)
    event = first.where(first.notna() & ~(subjects["DTHDT"] < first), subjects["DTHDT"])
    return _compare(subjects, event, subjects["NWTRSDT"])


def name_new_therapy(data: AnalysisData) -> Label:
    rule = data.plan.value("pfs.new_therapy")
    if rule == "by_rule_set":
        rule = "censor" if data.plan.value("pfs.rule_set") == "fda" else "ignore"
    return {
        "censor": Label(
            "PFS censored at the last adequate assessment on or before its start.",
            "PFS在新治疗开始当日或之前的末次充分评估日删失。",
        ),
        "ignore": Label("The later event counts for PFS.", "其后的事件计为PFS事件。"),
        "event": Label("The start of the therapy counts as an event of PFS.", "新治疗开始计为PFS事件。"),
    }[str(rule)]


EACH_AS_RECORDED = say(
    "Each as recorded: the reason why treatment ended counts in Table 14.1.1, the action in Table 14.3.1.1.",
    "均按记录计：治疗结束原因计入表14.1.1，采取的措施计入表14.3.1.1。",
)

CONTRADICTIONS = (
    Kind(
        "LAST_CONTACT",
        Label("Last contact entered before an assessment", "录入的末次联系日期早于肿瘤评估"),
        "ADRS",
        find_early_last_contacts,
        say(
            "The latest day on which anybody recorded the living subject counts.",
            "以任何记录中受试者存活的最晚日期为准。",
        ),
        blocks_final=True,
    ),
    Kind(
        "LAST_CONTACT_EARLY",
        Label(
            "Last contact entered before another record of the subject",
            "录入的末次联系日期早于该受试者的其他记录",
        ),
        "ADSL",
        find_contacts_before_records,
        say(
            "The latest day on which anybody recorded the living subject counts.",
            "以任何记录中受试者存活的最晚日期为准。",
        ),
        blocks_final=True,
    ),
    Kind(
        "SEEN_AFTER_DEATH",
        Label("Recorded alive after death", "死亡后仍有存活记录"),
        "ADSL",
        find_contacts_after_death,
        say("The date of death counts.", "以死亡日期为准。"),
        blocks_final=True,
    ),
    Kind(
        "DOSE_AFTER_DEATH",
        Label("Dose after death", "死亡后仍有给药"),
        "ADSL",
        find_doses_after_death,
        name_query,
    ),
    Kind(
        "EVENT_AFTER_DEATH",
        Label("Adverse event after death", "死亡后发生的不良事件"),
        "ADAE",
        find_events_after_death,
        name_query,
    ),
    Kind(
        "DEATH_UNDATED",
        Label("Death without a date", "死亡无日期"),
        "ADSL",
        find_undated_deaths,
        say("No event; alive until the date last known alive.", "不计为事件，按末次确认存活日期删失。"),
        blocks_final=True,
    ),
    Kind(
        "THERAPY_BEFORE_EVENT",
        Label("New anti-cancer therapy before progression or death", "进展或死亡前开始新的抗肿瘤治疗"),
        "ADSL",
        find_therapy_before_event,
        name_new_therapy,
    ),
    Kind(
        "EVENT_ENDS_FIRST",
        Label("Adverse event ends before it begins", "不良事件结束早于开始"),
        "ADAE",
        find_events_that_end_first,
        name_query,
    ),
    Kind(
        "CAUSALITY_MISSING",
        Label("Causality missing", "因果关系缺失"),
        "ADAE",
        find_missing_causality,
        name_causality,
    ),
    Kind(
        "GRADE_MISSING",
        Label("Grade of an adverse event missing", "不良事件分级缺失"),
        "ADAE",
        find_missing_grades,
        say("Counted without a grade, in no class of grades.", "计入事件，但不计入任何分级。"),
    ),
    Kind(
        "STOP_WITHOUT_EVENT",
        Label(
            "Treatment ended for an adverse event, none with permanent discontinuation",
            "因不良事件结束治疗，但无导致永久停药的不良事件",
        ),
        "ADSL",
        find_stops_without_event,
        EACH_AS_RECORDED,
    ),
    Kind(
        "EVENT_WITHOUT_STOP",
        Label(
            "Adverse event with permanent discontinuation, treatment not ended for it",
            "有导致永久停药的不良事件，但治疗并非因此结束",
        ),
        "ADAE",
        find_events_without_stop,
        EACH_AS_RECORDED,
    ),
    Kind(
        "REDUCTION_WITHOUT_DOSE",
        Label("Adverse event with dose reduction, no lower dose", "有导致减量的不良事件，但无较低剂量记录"),
        "ADAE",
        find_reductions_without_dose,
        say(
            "Each as recorded: the action counts in Table 14.3.1.1, the doses in Table 14.3.3.",
            "均按记录计：采取的措施计入表14.3.1.1，剂量记录计入表14.3.3。",
        ),
    ),
    Kind(
        "CUTOFF_ONSET",
        Label("Partial onset around the cut-off", "不完整的发生日期跨越数据截止日期"),
        "ADAE",
        find_onsets_around_cutoff,
        say("Counted: it may have begun by the cut-off.", "计入：可能在数据截止前已发生。"),
    ),
    Kind(
        "CUTOFF_END",
        Label("Partial end around the cut-off", "不完整的结束日期跨越数据截止日期"),
        "ADAE",
        find_ends_around_cutoff,
        say("Ended at the cut-off at the latest.", "结束日期最晚取数据截止日期。"),
    ),
    Kind(
        "CUTOFF_THERAPY",
        Label("Partial start of a drug around the cut-off", "不完整的用药开始日期跨越数据截止日期"),
        "ADCM",
        find_therapies_around_cutoff,
        say("Counted: it may have begun by the cut-off.", "计入：可能在数据截止前已开始。"),
    ),
    Kind(
        "CUTOFF_DEATH",
        Label("Partial date of death around the cut-off", "不完整的死亡日期跨越数据截止日期"),
        "ADSL",
        find_deaths_around_cutoff,
        say("Counted: it may have been by the cut-off.", "计入：可能在数据截止前已死亡。"),
    ),
    Kind(
        "UNDATED_RESULT",
        Label("Laboratory result without a whole date", "日期不完整的实验室结果"),
        "ADLB",
        find_undated_results,
        say(
            "Neither baseline nor on treatment, and no change from baseline, until the date is complete.",
            "日期补全前，既不作为基线，也不计入治疗期，不计算较基线变化。",
        ),
    ),
)
