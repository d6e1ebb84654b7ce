"""L-issues: what in the data is doubtful, one entry per subject and kind, with the rule that was applied."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.contradictions import CONTRADICTIONS, Kind, name_query, print_dates
from grevy.results.frames import AnalysisData, Column, Records
from grevy.results.labels import Label
from grevy.results.laboratory import label_test
from grevy.results.rows import Line, Row, absent_row
from grevy.results.terms import TERMS

SUBJECT = Column("SUBJECT", Label("Subject", "受试者编号"))
FOUND = Column("FOUND", Label("Found", "发现"))
RULE = Column("RULE", Label("Rule applied", "适用规则"))

NONE_FOUND = Label("None found.", "未发现。")


def list_issues(data: AnalysisData) -> Iterator[Row]:
    """Every kind in turn; a kind that nobody has says so."""
    for kind in KINDS:
        found = kind.find(data)
        if found.empty:
            line = Line(f"{kind.id}|NONE", NONE_FOUND, "none", group=kind.label)
            yield absent_row(line, SUBJECT, NONE_FOUND, text="–")
        ordered = found.sort_index()
        for subject in ordered["SUBJECT"].unique().tolist():
            yield from _list_entry(data, kind, subject, ordered[ordered["SUBJECT"] == subject])


def _list_entry(data: AnalysisData, kind: Kind, subject: int, rows: pd.DataFrame) -> Iterator[Row]:
    name = str(data.subjects["USUBJID"].iat[subject])
    line = Line(
        f"{kind.id}|{name}",
        Label(name, name),
        "listing",
        group=kind.label,
        group_1="KIND",
        group_1_value=kind.id,
    )
    records = Records(kind.dataset, rows.index.to_numpy(dtype=np.intp))
    rule = kind.rule(data)
    yield Row(line, SUBJECT, None, name, records=records)
    yield Row(
        line,
        FOUND,
        None,
        _join_texts(rows["FOUND"]),
        text_zh=_join_texts(_translate(data, rows).str.replace(": ", "："), "；"),
        records=records,
    )
    yield Row(line, RULE, None, rule.en, text_zh=rule.zh, records=records)


def _translate(data: AnalysisData, rows: pd.DataFrame) -> pd.Series:
    """The same texts in Chinese where what was found is a test, or names a preferred term."""
    if "PARAM" in rows and (rows["FOUND"] == rows["PARAM"]).all():
        tests = zip(rows["PARAMCD"], rows["PARAM"], strict=True)
        return pd.Series([label_test(data, code, name).zh for code, name in tests], index=rows.index)
    if "AEDECOD" not in rows:
        return rows["FOUND"]
    pairs = zip(rows["FOUND"], rows["AEDECOD"], strict=True)
    words = [text.replace(term, TERMS.get(term, term), 1) if term else text for text, term in pairs]
    return pd.Series(words, index=rows.index, dtype=object)


def _join_texts(texts: pd.Series, separator: str = "; ") -> str:
    """Every text once, in the order of the records, with how often it is there: "2025-03-03 PD ×2"."""
    times = Counter(texts)
    return separator.join(text if count == 1 else f"{text} ×{count}" for text, count in times.items())


def _select_overall(data: AnalysisData, parameter: str = "OVR") -> pd.DataFrame:
    adrs = data["ADRS"]
    return adrs[(adrs["PARAMCD"] == parameter) & adrs["ADT"].notna()]


def find_assessments_after_death(data: AnalysisData) -> pd.DataFrame:
    """Assessments dated after the death of the subject."""
    visits = _select_overall(data)
    died = data.spread(data.subjects["DTHDT"], visits)
    late = visits[visits["ADT"] > died]
    return late.assign(FOUND=print_dates(late["ADT"]) + " > " + print_dates(died[late.index]))


def find_same_day_responses(data: AnalysisData) -> pd.DataFrame:
    """Several overall responses on one day (W20)."""
    visits = _select_overall(data)
    twice = visits[visits.duplicated(["SUBJECT", "ADT"], keep=False)]
    return twice.assign(FOUND=print_dates(twice["ADT"]) + " " + twice["AVALC"])


def find_straddling_onsets(data: AnalysisData) -> pd.DataFrame:
    """Partial onsets whose possible days lie on both sides of the first dose (W8)."""
    adae = data["ADAE"]
    partial = adae[adae["ASTDTF"] != ""]
    first_dose = print_dates(data.spread(data.subjects["TRTSDT"], partial))
    known = partial["AESTDTC"].str.len().fillna(0).astype(int)
    # the known part equals that of the first dose: the day could be before it, on it or after it
    straddles = [
        bool(dose) and text == dose[:length] and length < 10
        for text, dose, length in zip(partial["AESTDTC"], first_dose, known, strict=True)
    ]
    chosen = partial[np.array(straddles, dtype=bool)]
    doses = first_dose[chosen.index]
    onset = chosen["AESTDTC"].replace("", "–")
    return chosen.assign(FOUND=chosen["AEDECOD"] + ": " + onset + " / " + doses)


def find_partial_deaths(data: AnalysisData) -> pd.DataFrame:
    """Dates of death of which a part is imputed (W10)."""
    subjects = data.subjects
    partial = subjects[subjects["DTHDTF"] != ""]
    return partial.assign(FOUND=print_dates(partial["DTHDT"]) + " (" + partial["DTHDTF"] + ")")


def find_duplicate_events(data: AnalysisData) -> pd.DataFrame:
    """Adverse events recorded twice: same term, onset and grade."""
    adae = data["ADAE"]
    named = adae[adae["AEDECOD"] != ""]
    twice = named[named.duplicated(["SUBJECT", "AEDECOD", "AESTDTC", "ATOXGR"], keep=False)]
    return twice.assign(FOUND=twice["AEDECOD"] + " " + twice["AESTDTC"])


def find_discordant_responses(data: AnalysisData) -> pd.DataFrame:
    """Assessments at which the investigator's call differs from the derived response.

    Compared with what could be told at the visit: a new lesion proven later is no disagreement.
    """
    derived = _select_overall(data).reset_index(names="RECORD")
    given = _select_overall(data, "OVRINV")[["SUBJECT", "AVISITN", "AVALC"]].rename(
        columns={"AVALC": "GIVEN"}
    )
    both = derived.merge(given.drop_duplicates(["SUBJECT", "AVISITN"]), on=["SUBJECT", "AVISITN"])
    both["TOLD"] = both["AVALCV"].where(both["AVALCV"] != "", both["AVALC"])
    differ = both[(both["TOLD"] != both["GIVEN"]) & (both["GIVEN"] != "")].set_index("RECORD")
    return differ.assign(FOUND=print_dates(differ["ADT"]) + " " + differ["TOLD"] + " / " + differ["GIVEN"])


def find_survival_before_progression(data: AnalysisData) -> pd.DataFrame:
    """Subjects whose progression-free survival is longer than their survival."""
    adtte = data["ADTTE"]
    pfs, os = (adtte[adtte["PARAMCD"] == name] for name in ("PFS", "OS"))
    days = np.full(len(data.subjects), np.nan)
    days[os["SUBJECT"]] = os["AVAL"]
    survived = data.spread(days, pfs)
    longer = pfs[pfs["AVAL"] > survived]
    texts = [
        f"PFS {own:g} > OS {whole:g}"
        for own, whole in zip(longer["AVAL"], survived[longer.index], strict=True)
    ]
    return longer.assign(FOUND=pd.Series(texts, index=longer.index, dtype=object))


def _name_same_date(data: AnalysisData) -> Label:
    if data.plan.value("recist.same_date") == "worst":
        return Label("The worst of the day counts; not evaluable last.", "取当日最差疗效，不可评价排在最后。")
    return Label("The last entered of the day counts.", "取当日最后录入的疗效。")


def _name_onset(data: AnalysisData) -> Label:
    if data.plan.value("dates.ae_start") == "treatment_emergent":
        return Label(
            "Onset taken as the day of first dose, unless the event ended before it: treatment-emergent.",
            "除非事件在首次给药前已结束，发生日期取首次给药日期，计为治疗期间出现。",
        )
    rule = data.plan.value("dates.ae_start")
    days = {"first": Label("first", "第一"), "last": Label("last", "最后")}[rule]
    return Label(f"Onset taken as the {days.en} day possible.", f"发生日期取可能的{days.zh}天。")


def _name_death(data: AnalysisData) -> Label:
    words = {"first": ("first", "第一"), "middle": ("middle", "居中"), "last": ("last", "最后")}
    en, zh = words[data.plan.value("dates.death")]
    return Label(
        f"Death taken as the {en} day possible, not before the subject was last known alive.",
        f"死亡日期取可能的{zh}天，且不早于末次确认存活日期。",
    )


def _name_duplicate(data: AnalysisData) -> Label:
    return Label("Subjects counted once; both events kept.", "受试者仅计1例，两条事件均保留。")


def _name_discordance(data: AnalysisData) -> Label:
    if data.plan.value("recist.response_source") == "lesions":
        return Label("The response derived from the lesions is used.", "采用根据病灶推导的疗效。")
    return Label("The response given by the assessor is used.", "采用评估者给出的疗效。")


KINDS = (
    Kind(
        "AFTER_DEATH",
        Label("Assessment after death", "死亡后的肿瘤评估"),
        "ADRS",
        find_assessments_after_death,
        name_query,
    ),
    Kind(
        "SAME_DAY",
        Label("Several responses on one day", "同一天有多个疗效"),
        "ADRS",
        find_same_day_responses,
        _name_same_date,
    ),
    Kind(
        "PARTIAL_ONSET",
        Label("Partial onset around the first dose", "不完整的发生日期跨越首次给药"),
        "ADAE",
        find_straddling_onsets,
        _name_onset,
    ),
    Kind(
        "PARTIAL_DEATH",
        Label("Partial date of death", "不完整的死亡日期"),
        "ADSL",
        find_partial_deaths,
        _name_death,
    ),
    Kind(
        "DUPLICATE_EVENT",
        Label("Adverse event recorded twice", "重复记录的不良事件"),
        "ADAE",
        find_duplicate_events,
        _name_duplicate,
    ),
    Kind(
        "DISCORDANT",
        Label("Derived response / investigator's call", "系统推导疗效与研究者评估不一致"),
        "ADRS",
        find_discordant_responses,
        _name_discordance,
    ),
    Kind(
        "PFS_AFTER_OS",
        Label("Progression-free longer than alive", "无进展生存期长于总生存期"),
        "ADTTE",
        find_survival_before_progression,
        name_query,
    ),
    *CONTRADICTIONS,
)
