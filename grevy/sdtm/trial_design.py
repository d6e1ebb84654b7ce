"""Trial design: TA, TE, TV, TI and TS, from the study files alone; no subject is in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from grevy.definition import Study
from grevy.definition.schedule import Event
from grevy.definition.study import Criterion
from grevy.definition.trial_design import LONGEST_TEXT, TrialDesignFile
from grevy.sdtm.domains import conform, get_domain, select_variables
from grevy.sdtm.terminology import CodeList, find_codelist, load_package
from grevy.sdtm.timing import derive_visit

DOMAINS = ("TA", "TE", "TV", "TI", "TS")
_PHASES = {"1": "PHASE I TRIAL", "2": "PHASE II TRIAL", "3": "PHASE III TRIAL", "4": "PHASE IV TRIAL"}
_ANCHORS = {"first_dose": "the first dose", "last_dose": "the last dose"}
_VALUE_LISTS = {
    "STYPE": "STYPE", "TTYPE": "TTYPE", "TPHASE": "TPHASE", "TINDTP": "TINDTP", "INTMODEL": "INTMODEL",
    "INTTYPE": "INTTYPE", "TBLIND": "TBLIND", "TCNTRL": "TCNTRL", "SEXPOP": "SEXPOP", "DOSU": "UNIT",
    "DOSFRM": "FRM", "DOSFRQ": "FREQ", "ROUTE": "ROUTE", "RANDOM": "NY", "ADDON": "NY", "ADAPT": "NY",
    "HLTSUBJI": "NY",
}  # fmt: skip
"""Parameters whose values are terms, with their lists."""


def build_trial_design(study: Study) -> dict[str, ir.Table]:
    """TA, TE, TV, TI and TS of a study; nothing if it has no `trial_design.yaml`."""
    design = study.trial_design
    if design is None:
        return {}
    rows = {
        "TA": _list_arms(study, design),
        "TE": _list_elements(design),
        "TI": _list_criteria(study),
        "TS": _list_parameters(study, design),
    }
    tables = {name: _tabulate(study, name, records) for name, records in rows.items()}
    visits = select_variables(conform(_build_visits(study, design), "TV"), "TV")
    return tables | {"TV": visits}


def derive_start_of_study(summary: ir.Table, subjects: ir.Table) -> ir.Table:
    """TS with SSTDTC: the earliest consent of a subject who was enrolled; as it was while there is none.

    `subjects` is DM. The study data technical conformance guide of the FDA defines the start of a study so.
    """
    enrolled = subjects.filter((subjects.ARMNRS != "SCREEN FAILURE").fill_null(True))
    first = enrolled.RFICDTC.min().as_scalar()
    started = (summary.TSPARMCD == "SSTDTC") & first.notnull()
    return summary.mutate(
        TSVAL=ibis.ifelse(started, first, summary.TSVAL),
        TSVALNF=ibis.ifelse(started, ibis.null("string"), summary.TSVALNF),
    )


def _tabulate(study: Study, domain: str, records: Iterable[dict[str, object]]) -> ir.Table:
    """The records with every declared variable; what is not said is missing, and no empty text."""
    variables = get_domain(domain).variables
    types = {"Num": pa.float64(), "Char": pa.string()}
    schema = pa.schema([(variable.name, types[variable.type]) for variable in variables])
    rows = [{"STUDYID": study.id, "DOMAIN": domain, **record} for record in records]
    told = [{name: None if value == "" else value for name, value in row.items()} for row in rows]
    return ibis.memtable(pa.Table.from_pylist(told, schema=schema))


# --- Arms and elements ---------------------------------------------------------------------------


def _list_arms(study: Study, design: TrialDesignFile) -> Iterator[dict[str, object]]:
    """One row per arm and element. An arm is a regimen, which the physician chooses when screening ends."""
    names = {regimen.code: regimen.label.en for regimen in study.regimens}
    for arm in design.arms:
        for order, element in enumerate(map(design.element, arm.elements), start=1):
            yield {
                "ARMCD": arm.code,
                "ARM": names[arm.code],
                "TAETORD": float(order),
                "ETCD": element.code,
                "ELEMENT": element.label.en,
                "TABRANCH": _say_branch(study, arm.code) if order == 1 else "",
                "TATRANS": arm.transitions.get(element.code, ""),
                "EPOCH": element.epoch,
            }


def _say_branch(study: Study, arm: str) -> str:
    return f"Regimen {arm} chosen by the physician" if len(study.regimens) > 1 else ""


def _list_elements(design: TrialDesignFile) -> Iterator[dict[str, object]]:
    for element in design.elements:
        yield {
            "ETCD": element.code,
            "ELEMENT": element.label.en,
            "TESTRL": element.start,
            "TEENRL": element.end or "",
            "TEDUR": element.duration or "",
        }


# --- Visits --------------------------------------------------------------------------------------


def _build_visits(study: Study, design: TrialDesignFile) -> ir.Table:
    """TV: one row per planned visit up to `followed_days`; the same for every arm, so that ARMCD is empty."""
    planned = [
        {"EVENTID": event.id, "EVENTSEQ": number, "TVSTRL": _say_window(event, number)}
        for event in study.events
        if event.kind == "scheduled"
        for number in range(1, len(event.planned_days(until=design.followed_days)) + 1)
    ]
    named = derive_visit(ibis.memtable(planned, schema={"EVENTID": str, "EVENTSEQ": int, "TVSTRL": str}))
    unnamed = [row["EVENTID"] for row in named.filter(named.VISIT.isnull()).to_pyarrow().to_pylist()]
    if unnamed:
        raise ValueError(f"events without a number of visit: {', '.join(sorted(set(unnamed)))}")
    null = ibis.null("string")
    return named.mutate(STUDYID=ibis.literal(study.id), DOMAIN=ibis.literal("TV"), ARMCD=null, ARM=null)


def _say_window(event: Event, number: int) -> str:
    day, window = event.planned_day(number), event.window
    assert window is not None  # loading checked both
    assert event.anchor is not None
    anchor = _ANCHORS[event.anchor]
    when = (
        "On the day of"
        if day == 0
        else f"{abs(day)} day{'' if abs(day) == 1 else 's'} {'before' if day < 0 else 'after'}"
    )
    return f"{when} {anchor}, from {window.before} days earlier to {window.after} days later"


# --- Criteria ------------------------------------------------------------------------------------


def say_criterion(criterion: Criterion) -> str:
    """IETEST of TI and IE: the text of the criterion, cut after the last word that fits into 200 bytes.

    SDTMIG 3.4, 4.5.3: the full text of a longer criterion stands in the metadata of the study.
    """
    return cut_text(criterion.text.en, "...")


def cut_text(text: str, ending: str = "") -> str:
    """The words of a text that fit into 200 bytes together with the ending."""
    if len(text.encode()) <= LONGEST_TEXT:
        return text
    kept = text.encode()[: LONGEST_TEXT - len(ending.encode())].decode(errors="ignore")
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept).rstrip(" ,;:") + ending


def split_text(text: str) -> list[str]:
    """A text in pieces of at most 200 bytes, parted between words."""
    pieces = []
    while text:
        piece = cut_text(text)
        pieces.append(piece)
        text = text[len(piece) :].lstrip()
    return pieces


def _list_criteria(study: Study) -> Iterator[dict[str, object]]:
    for criterion in study.eligibility:
        yield {
            "IETESTCD": criterion.id,
            "IETEST": say_criterion(criterion),
            "IECAT": criterion.kind.upper(),
            "TIVERS": study.version,
        }


# --- Summary -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Value:
    """A value of a parameter with the terminology that its code is of."""

    text: str = ""
    null: str = ""
    code: str = ""
    dictionary: str = ""
    version: str = ""


def _list_parameters(study: Study, design: TrialDesignFile) -> Iterator[dict[str, object]]:
    """One row per parameter and value; a text over 200 bytes goes on as the next value."""
    names = {concept: name for name, concept in find_codelist("TSPARM").terms.items()}
    codes = find_codelist("TSPARMCD").terms
    for parameter, values in sorted(_collect(study, design)):
        if parameter not in codes:
            raise ValueError(f"trial summary: {parameter!r} is no parameter of the list TSPARMCD")
        for number, value in zip(count(1), values, strict=False):
            yield {
                "TSSEQ": float(number),
                "TSPARMCD": parameter,
                "TSPARM": names[codes[parameter]],
                "TSVAL": value.text,
                "TSVALNF": value.null,
                "TSVALCD": value.code,
                "TSVCDREF": value.dictionary,
                "TSVCDVER": value.version,
            }


def _collect(study: Study, design: TrialDesignFile) -> Iterator[tuple[str, list[_Value]]]:
    for said in design.summary:
        values = [_code(said.parameter, text) for text in said.values]
        yield said.parameter, values or [_Value(null=str(said.null))]
    for parameter, texts in _derive_parameters(study).items():
        pieces = [piece for text in texts for piece in split_text(text)]
        yield parameter, [_code(parameter, piece) for piece in pieces]
    country = _Value(study.design.country, code=study.design.country, dictionary="ISO 3166")
    yield "FCNTRY", [country]


def _derive_parameters(study: Study) -> dict[str, list[str]]:
    """Parameters whose values stand in other study files."""
    design = study.design
    return {
        "TITLE": [study.title.en],
        "TPHASE": [_PHASES[design.phase]],
        "PLANSUB": [str(design.planned_subjects)],
        "AGEMIN": [f"P{design.minimum_age_years}Y"],
        "OBJPRIM": [design.objective.en],
        "NARMS": [str(design.arms)],
        "NCOHORT": [str(len(study.regimens))],
        "DOSE": [str(regimen.start_dose_mg) for regimen in study.regimens],
        "OUTMSPRI": [point.label.en for point in study.analysis.endpoints if point.kind == "primary"],
        "OUTMSSEC": [point.label.en for point in study.analysis.endpoints if point.kind == "secondary"],
        "SDTMVER": ["2.0"],
        "SDTIGVER": ["3.4"],
    }


def _code(parameter: str, text: str) -> _Value:
    """A value with its concept; a term that its list does not have is an error of the study file."""
    if parameter not in _VALUE_LISTS:
        return _Value(text)
    terms: CodeList = find_codelist(_VALUE_LISTS[parameter])
    if text not in terms.terms:
        raise ValueError(f"trial summary: {parameter} {text!r} is not in the list {terms.name}")
    return _Value(text, "", terms.terms[text], "CDISC CT", load_package()["date"])
