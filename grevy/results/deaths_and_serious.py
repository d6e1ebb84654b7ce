"""L14.3.2: deaths, serious adverse events, and narratives built from the records (ICH E3, 14.3.2 and 14.3.3).

A narrative is made of sentences, one result each, with the record that says so. Only what was recorded is
said; what a physician thinks of it is written elsewhere.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from grevy.results.adverse_events import list_kinds, name_term
from grevy.results.frames import AnalysisData, Column, Mask, Records
from grevy.results.labels import MISSING, Label, find_label
from grevy.results.rows import Line, Row, nothing_row
from grevy.results.time_at_risk import DIED, find_end_of_risk

NO_DEATH = Label("No subject of the safety set died.", "安全性分析集中无受试者死亡。")
NO_SERIOUS = Label("No serious adverse event was recorded.", "未记录严重不良事件。")
NO_NARRATIVE = Label(
    "No serious adverse event and no death on treatment.", "无严重不良事件，治疗期间无死亡。"
)
NO_REGIMEN = Label("Regimen missing", "方案缺失")

SUBJECT = Column("SUBJECT", Label("Subject", "受试者编号"))
DEATH_COLUMNS = (
    SUBJECT,
    Column("AGE_SEX", Label("Age, sex", "年龄，性别")),
    Column("FIRST", Label("First dose", "首次给药")),
    Column("LAST", Label("Last dose", "末次给药")),
    Column("DEATH", Label("Death (study day)", "死亡（研究日）")),
    Column("SINCE", Label("Days since last dose", "距末次给药天数")),
    Column("CAUSE", Label("Cause", "死因")),
)
SERIOUS_COLUMNS = (
    SUBJECT,
    Column("EVENT", Label("Event", "事件")),
    Column("GRADE", Label("Grade", "级别")),
    Column("ONSET", Label("Onset (study day)", "发生（研究日）")),
    Column("END", Label("End", "结束")),
    Column("WHY", Label("Serious because of", "严重性标准")),
    Column("CAUSALITY", Label("Causality", "因果关系")),
    Column("ACTION", Label("Action with study drug", "对研究药物采取的措施")),
    Column("OUTCOME", Label("Outcome", "转归")),
)
NARRATIVE_COLUMNS = (
    Column("PART", Label("Part", "部分")),
    Column("TEXT", Label("From the records", "根据记录")),
)
CRITERIA = (
    ("AESDTH", Label("Death", "死亡")),
    ("AESLIFE", Label("Life-threatening", "危及生命")),
    ("AESHOSP", Label("Hospitalization", "住院")),
)
OTHER_CRITERION = Label("Other", "其他")
ONGOING = Label("No end recorded", "未记录结束日期")
NOT_JUDGED = Label("Not judged", "未判定")
CAUSALITY = {
    "NONE": Label("Not related", "无关"),
    "REMOTE": Label("Unlikely related", "可能无关"),
}
"""Words of other systems for what ADAE takes as not related."""
UNKNOWN = Label("Unknown", "不详")

PARTS = {
    "SUBJECT": Label("Subject", "受试者"),
    "EVENT": Label("Event {n}", "事件{n}"),
    "END": Label("Course", "经过"),
}
SENTENCES = {
    "SUBJECT": Label(
        "{sex}, {age} years{group}; {regimen}; first dose on {first}.",
        "{sex}，{age}岁{group}；{regimen}；首次给药{first}。",
    ),
    "EVENT": Label(
        "{term}{verbatim}, {grade}, began on {onset}{day}. Serious because of: {why}. "
        "Causality: {causality}. Action with study drug: {action}. Outcome: {outcome}; {end}.",
        "{term}{verbatim}，{grade}，发生于{onset}{day}。严重性标准：{why}。因果关系：{causality}。"
        "对研究药物采取的措施：{action}。转归：{outcome}；{end}。",
    ),
    "ON": Label("Still on treatment when last seen, on {seen}.", "末次随访{seen}时仍在治疗中。"),
    "STOPPED": Label("Last dose on {last} (day {day}){reason}.", "末次给药{last}（第{day}天）{reason}。"),
    "DIED": Label(
        "Died on {death} (day {day}), days after the last dose: {since}; cause: {cause}.",
        "{death}死亡（第{day}天），距末次给药{since}天；死因：{cause}。",
    ),
    "DIED_ON": Label(
        "Died on {death} (day {day}) while on treatment; cause: {cause}.",
        "{death}治疗期间死亡（第{day}天）；死因：{cause}。",
    ),
    "ALIVE": Label("Last known alive on {seen}.", "末次确认存活日期{seen}。"),
}


def _joined(labels: list[Label]) -> Label:
    return Label(", ".join(label.en for label in labels), "、".join(label.zh for label in labels))


def _same(text: str) -> Label:
    return Label(text, text)


def _iso(value: pd.Timestamp) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"


def count_days(start: pd.Timestamp, end: pd.Timestamp) -> int | None:
    """Study day of a date: the first dose is day 1, the day before is day -1 (W4)."""
    if pd.isna(start) or pd.isna(end):
        return None
    days = (end - start).days
    return days + 1 if days >= 0 else days


def _with_day(date: str, start: pd.Timestamp, end: pd.Timestamp) -> str:
    day = count_days(start, end)
    return date if day is None else f"{date} ({str(day).replace('-', '−')})"


def _value(data: AnalysisData, codelist: str, value: str, missing: Label = UNKNOWN) -> Label:
    return find_label(data.study, codelist, value) if value else missing


def _regimen(data: AnalysisData, cohort: str) -> Label:
    return next((column.label for column in data.regimens if column.value == cohort and cohort), NO_REGIMEN)


def _entry(line: Line, cells: dict[Column, Label], records: Records) -> Iterator[Row]:
    for column, text in cells.items():
        yield Row(line, column, None, text.en, text_zh=text.zh, records=records)


def _by_regimen(data: AnalysisData, chosen: Mask) -> list[tuple[int, str]]:
    """Positions in ADSL, in the order of the regimens and then of the subjects."""
    order = {column.value: place for place, column in enumerate(data.regimens)}
    cohorts = data.subjects["COHORT"].to_numpy()
    return sorted(
        ((int(place), str(cohorts[place])) for place in np.flatnonzero(chosen)),
        key=lambda found: (order.get(found[1], len(order)), found[0]),
    )


# ---- Deaths ----------------------------------------------------------------------------------------------


def list_deaths(data: AnalysisData) -> Iterator[Row]:
    """L14.3.2.1: every subject of the safety set who died, whenever it was."""
    adsl = data.subjects
    died = data.in_set("SAFETY") & (adsl["DTHDT"].notna() | (adsl["DTHFL"] == "Y")).to_numpy()
    if not died.any():
        yield nothing_row(SUBJECT, NO_DEATH)
    for place, cohort in _by_regimen(data, died):
        subject = adsl.iloc[place]
        name = str(subject["USUBJID"])
        line = Line(name, _same(name), "listing", group=_regimen(data, cohort))
        sex = find_label(data.study, None, subject["SEX"]) if subject["SEX"] else MISSING
        since = count_days(subject["TRTEDT"], subject["DTHDT"])
        imputed = " *" if subject["DTHDTF"] else ""
        cells = (
            _same(name),
            Label(f"{_age(subject)}, {sex.en}", f"{_age(subject)}，{sex.zh}"),
            _same(_iso(subject["TRTSDT"])),
            _same(_iso(subject["TRTEDT"])),
            _same(_with_day(_iso(subject["DTHDT"]), subject["TRTSDT"], subject["DTHDT"]) + imputed),
            _same("–" if since is None else str(since - 1)),
            _value(data, "death_cause", subject["DTHCAUS"]),
        )
        records = Records("ADSL", np.array([place], dtype=np.intp))
        yield from _entry(line, dict(zip(DEATH_COLUMNS, cells, strict=True)), records)


def _age(subject: pd.Series) -> str:
    return "–" if np.isnan(subject["AGE"]) else f"{subject['AGE']:.0f}"


# ---- Serious adverse events ------------------------------------------------------------------------------


def flag_serious(data: AnalysisData) -> Mask:
    """Serious adverse events of the safety set, treatment-emergent or not; a fatal one is serious."""
    adae = data["ADAE"]
    kinds = {name: flag for name, _, flag in list_kinds(adae)}
    return (kinds["SERIOUS"] | kinds["DEATH"]) & data.rows_of("ADAE", data.in_set("SAFETY"))


def list_serious(data: AnalysisData) -> Iterator[Row]:
    """L14.3.2.2: every serious event with what was done and how it ended."""
    adae, serious = data["ADAE"], flag_serious(data)
    if not serious.any():
        yield nothing_row(SUBJECT, NO_SERIOUS)
    have = np.zeros(len(data.subjects), dtype=bool)
    have[adae["SUBJECT"].to_numpy()[serious]] = True
    events = _sort_events(data, serious)
    for place, cohort in _by_regimen(data, have):
        subject = data.subjects.iloc[place]
        name = str(subject["USUBJID"])
        for number, row in events[events["SUBJECT"] == place].iterrows():
            line = Line(f"{name}|{row['ASEQ']}", _same(name), "listing", group=_regimen(data, cohort))
            facts = describe_event(data, row, subject["TRTSDT"])
            before = "" if row["TRTEMFL"] == "Y" else " †"
            cells = (
                _same(name),
                Label(facts["term"].en + before, facts["term"].zh + before),
                *(facts[key] for key in ("grade_number", "onset_day", "end_date", "why", "causality")),
                *(facts[key] for key in ("action", "outcome")),
            )
            records = Records("ADAE", np.array([number], dtype=np.intp))
            yield from _entry(line, dict(zip(SERIOUS_COLUMNS, cells, strict=True)), records)


def _sort_events(data: AnalysisData, chosen: Mask) -> pd.DataFrame:
    """The flagged events by onset; one whose day is unknown comes first."""
    return data["ADAE"][chosen].sort_values(["ASTDT", "ASEQ"], na_position="first", kind="stable")


def describe_event(data: AnalysisData, row: pd.Series, first_dose: pd.Timestamp) -> dict[str, Label]:
    """What was recorded of an event, each fact in both languages; a partial date as it was recorded."""
    reported, coded = str(row["AETERM"]), str(row["AEDECOD"])
    term = name_term(data, coded or reported)
    grade = "" if np.isnan(row["ATOXGR"]) else f"{row['ATOXGR']:.0f}"
    onset, end = str(row["AESTDTC"])[:10] or _iso(row["ASTDT"]), str(row["AEENDTC"])[:10]
    day = count_days(first_dose, row["ASTDT"]) if not row["ASTDTF"] else None
    met = [label for name, label in CRITERIA if row[name] == "Y"]
    return {
        "term": term,
        "verbatim": Label(f" ({reported})", f"（{reported}）")
        if reported and reported.casefold() not in (coded.casefold(), term.en.casefold(), term.zh)
        else _same(""),
        "grade": Label(f"grade {grade}", f"{grade}级") if grade else Label("grade missing", "分级缺失"),
        "grade_number": _same(grade or "–"),
        "onset": _same(onset) if onset else UNKNOWN,
        "day": _same("") if day is None else Label(f" (day {day})".replace("-", "−"), f"（第{day}天）"),
        "onset_day": _same(_with_day(onset, first_dose, row["ASTDT"]) if day is not None else onset or "–"),
        "end_date": _same(end) if end else ONGOING,
        "end": Label(f"ended on {end}", f"结束于{end}")
        if end
        else Label("no end recorded", "未记录结束日期"),
        "why": _joined(met) if met else OTHER_CRITERION,
        "causality": CAUSALITY.get(row["AEREL"]) or _value(data, "causality", row["AEREL"], NOT_JUDGED),
        "action": _value(data, "ae_action", row["AEACN"]),
        "outcome": _value(data, "ae_outcome", row["AEOUT"]),
    }


# ---- Narratives ------------------------------------------------------------------------------------------


def list_narratives(data: AnalysisData) -> Iterator[Row]:
    """L14.3.2.3: everybody with a serious event, or who died on treatment or in the window after it."""
    serious = flag_serious(data)
    chosen = data.in_set("SAFETY") & (find_end_of_risk(data).cause == DIED)
    chosen[data["ADAE"]["SUBJECT"].to_numpy()[serious]] = True
    if not chosen.any():
        yield nothing_row(NARRATIVE_COLUMNS[0], NO_NARRATIVE)
    events = _sort_events(data, serious)
    for place, _ in _by_regimen(data, chosen):
        yield from _tell(data, place, events[events["SUBJECT"] == place])


def _tell(data: AnalysisData, place: int, events: pd.DataFrame) -> Iterator[Row]:
    subject = data.subjects.iloc[place]
    of_subject = Records("ADSL", np.array([place], dtype=np.intp))
    yield from _sentence(subject, "SUBJECT", PARTS["SUBJECT"], _introduce(data, subject), of_subject)
    for number, (position, row) in enumerate(events.iterrows(), start=1):
        facts = describe_event(data, row, subject["TRTSDT"])
        part = _fill(PARTS["EVENT"], {"n": _same(str(number))})
        records = Records("ADAE", np.array([position], dtype=np.intp))
        text = _fill(SENTENCES["EVENT"], facts)
        yield from _sentence(subject, f"EVENT|{row['ASEQ']}", part, text, records)
    yield from _sentence(subject, "END", PARTS["END"], _describe_end(data, subject), of_subject)


def _sentence(subject: pd.Series, key: str, part: Label, text: Label, records: Records) -> Iterator[Row]:
    name = str(subject["USUBJID"])
    line = Line(f"{name}|{key}", part, "narrative", group=_same(name))
    yield from _entry(line, dict(zip(NARRATIVE_COLUMNS, (part, text), strict=True)), records)


def _fill(template: Label, values: dict[str, Label]) -> Label:
    """The template of each language with the values of that language."""
    return Label(
        template.en.format(**{key: value.en for key, value in values.items()}),
        template.zh.format(**{key: value.zh for key, value in values.items()}),
    )


def _introduce(data: AnalysisData, subject: pd.Series) -> Label:
    values = {
        "sex": find_label(data.study, None, subject["SEX"])
        if subject["SEX"]
        else Label("Sex missing", "性别缺失"),
        "age": _same(_age(subject)),
        "group": Label(f", {group}", f"，{group}") if (group := subject["NENGRP"]) else _same(""),
        "regimen": _regimen(data, subject["COHORT"]),
        "first": _same(_iso(subject["TRTSDT"])),
    }
    return _fill(SENTENCES["SUBJECT"], values)


def _describe_end(data: AnalysisData, subject: pd.Series) -> Label:
    """How treatment and life went on: last dose, death or last contact."""
    first, last, death = (subject[name] for name in ("TRTSDT", "TRTEDT", "DTHDT"))
    told: list[Label] = []
    seen = {"seen": _same(_iso(subject["LSTALVDT"]))}
    if pd.notna(last):
        reason = subject["DCTREAS"]
        why = find_label(data.study, "discontinuation_reason", reason) if reason else None
        values = {
            "last": _same(_iso(last)),
            "day": _same(str(count_days(first, last))),
            "reason": Label(f"; reason: {why.en}", f"，原因：{why.zh}") if why else _same(""),
        }
        told.append(_fill(SENTENCES["STOPPED"], values))
    elif pd.isna(death):
        told.append(_fill(SENTENCES["ON"], seen))
    if pd.notna(death):
        values = {
            "death": _same(_iso(death) + ("*" if subject["DTHDTF"] else "")),
            "day": _same(str(count_days(first, death))),
            "since": _same("" if pd.isna(last) else str((death - last).days)),
            "cause": _value(data, "death_cause", subject["DTHCAUS"]),
        }
        told.append(_fill(SENTENCES["DIED_ON" if pd.isna(last) else "DIED"], values))
    elif pd.notna(last):
        told.append(_fill(SENTENCES["ALIVE"], seen))
    return Label(" ".join(label.en for label in told), "".join(label.zh for label in told))
