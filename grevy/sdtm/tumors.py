"""Lesions and responses: TU identifies a lesion, TR holds what was seen of it, RS the investigator's call.

The three are tied by the lesion (TULNKID, TRLNKID) and by the assessment (TRLNKGRP, RSLNKGRP). Nothing is
judged here: a lesion that was not evaluated, was too small, split or merged is written down as such.
"""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.domains import conform
from grevy.sdtm.mapping import (
    ENTRY_ORDER,
    FormTables,
    compute_digits,
    compute_submission,
    map_items,
    read_form,
    read_group,
)
from grevy.sdtm.timing import derive_timing, derive_visit
from grevy.sdtm.trace import number_records

_ENTRY = [
    "STUDYID", "USUBJID", "FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWKEY", "ROWNO", "PART", "REVISION",
]  # fmt: skip
_IDENTIFICATION = [
    "TUTESTCD",
    "TULNKID",
    "TUGRPID",
    "TUORRES",
    "TULOC",
    "TULAT",
    "TUMETHOD",
    "TULOBXFL",
    "TUDTC",
]
_RESULT = [
    "TRTESTCD", "TRLNKID", "TRLNKGRP", "TRGRPID", "TRORRES", "TRORRESU", "TRSTRESN", "TRSTAT", "TRREASND",
    "TRMETHOD", "TRLOBXFL", "TRDTC",
]  # fmt: skip
_TEST_NAMES = {
    "TUMIDENT": "Tumor Identification",
    "TUMERGE": "Tumor Merged",
    "TUSPLIT": "Tumor Split",
    "LDIAM": "Longest Diameter",
    "LPERP": "Longest Perpendicular",
    "TUMSTATE": "Tumor State",
    "TRALL": "All Tumor Results",
    "TRGRESP": "Target Response",
    "NTRGRESP": "Non-target Response",
    "OVRLRESP": "Overall Response",
    "ECOG101": "ECOG1-Performance Status",
}
_TOO_SMALL = "TOO SMALL TO MEASURE"
_NULL = ibis.null("string")


def build_tumor_domains(
    tables: FormTables, study: Study, period: ir.Table, *, keep: Callable[[ir.Table], ir.Table]
) -> dict[str, ir.Table]:
    """TU, TR and RS (the investigator's calls alone), numbered and conformed: what responses are made of."""
    lesions = keep(read_baseline_lesions(tables, study, period))
    followed = keep(read_followed_lesions(tables, study, lesions))
    new = keep(read_new_lesions(tables, study))
    records = {
        "TU": build_identifications(lesions, followed, new),
        "TR": build_lesion_results(tables, lesions, followed, new),
        "RS": build_responses(tables, study, None),
    }
    numbered = {
        domain: keep(number_records(derive_timing(rows, domain, period), domain))
        for domain, rows in records.items()
    }
    return {domain: keep(conform(rows, domain)) for domain, rows in numbered.items()}


# --- Entries -------------------------------------------------------------------------------------


def read_baseline_lesions(tables: FormTables, study: Study, period: ir.Table) -> ir.Table:
    """One row per lesion found at screening: its identification, NODAL, scan date and baseline flag."""
    rows = read_group(tables, "baseline_lesions", "lesions")
    rows = map_items(rows, study, "baseline_lesions", "TU", group="lesions").mutate(
        DATE=ibis.coalesce(_.scan_date, _.form_scan_date),
        NODAL=((_.kind == "NODAL") | (_.organ == "LYMPH_NODE")).fill_null(False),
    )
    dosed = rows.left_join(period.select("USUBJID", "FIRST_DOSE"), "USUBJID").drop("USUBJID_right")
    at_baseline = dosed.FIRST_DOSE.isnull() | (dosed.DATE <= dosed.FIRST_DOSE)
    return dosed.mutate(
        # a node is known by its location, whatever else was entered for it
        TULOC=ibis.ifelse(dosed.NODAL, "LYMPH NODE", dosed.TULOC),
        LOBXFL=ibis.ifelse(at_baseline, "Y", _NULL),
        ASSESSMENT=compute_assessment(dosed),
    )


def read_followed_lesions(tables: FormTables, study: Study, baseline: ir.Table) -> ir.Table:
    """One row per lesion and assessment that was done, with its role and kind at baseline."""
    rows = read_group(tables, "tumor_assessment", "lesions").filter(_.form_done.fill_null("Y") != "N")
    known = baseline.select("USUBJID", "lesion_id", "NODAL", ROLE=_.TUORRES)
    rows = rows.left_join(known, ["USUBJID", "lesion_id"]).drop("USUBJID_right", "lesion_id_right")
    # a lesion that baseline does not know keeps the role that its number says
    numbered_role = ibis.ifelse(rows.lesion_id.startswith("NT"), "NON-TARGET", "TARGET")
    return rows.mutate(
        ROLE=rows.ROLE.coalesce(numbered_role),
        NODAL=rows.NODAL.fill_null(False),
        DATE=ibis.coalesce(rows.scan_date, rows.form_assessment_date),
        ASSESSMENT=compute_assessment(rows),
        TRMETHOD=compute_submission(rows, study, "tumor_assessment", "method", group="lesions"),
    )


def read_new_lesions(tables: FormTables, study: Study) -> ir.Table:
    """One row per new lesion and assessment at which it was seen, in all its certainty."""
    rows = read_group(tables, "tumor_assessment", "new_lesions").filter(_.form_done.fill_null("Y") != "N")
    rows = map_items(rows, study, "tumor_assessment", "TU", group="new_lesions")
    return rows.mutate(
        DATE=ibis.coalesce(rows.scan_date, rows.form_assessment_date),
        ASSESSMENT=compute_assessment(rows),
        CERTAINTY=compute_submission(rows, study, "tumor_assessment", "status", group="new_lesions"),
    )


def compute_assessment(rows: ir.Table) -> ir.StringValue:
    """Identifier of an assessment within a subject, the same in TR and RS."""
    return rows.EVENTID + "-" + rows.EVENTSEQ.cast("string")


def read_fragments(followed: ir.Table) -> ir.Table:
    """One row per part of a split lesion and assessment: "22+16" of T1 is T1.1 (22 mm) and T1.2 (16 mm)."""
    parts = followed.filter(_.state == "SPLIT").mutate(PIECES=_.fragments.split("+"))
    numbered = parts.mutate(INDEX=ibis.range(0, parts.PIECES.length()).unnest())
    fragment = numbered.lesion_id + "." + (numbered.INDEX + 1).cast("string")
    return numbered.mutate(FRAGMENT=fragment, PART=fragment, SIZE=numbered.PIECES[numbered.INDEX].strip())


# --- TU ------------------------------------------------------------------------------------------


def build_identifications(baseline: ir.Table, followed: ir.Table, new: ir.Table) -> ir.Table:
    """TU: one row per lesion (baseline or new), per part of a split one and per member of a merged one."""
    rows = ibis.union(
        _identify_baseline(baseline),
        _identify_new(new),
        _identify_fragments(followed),
        _identify_merged(followed),
    )
    return derive_visit(rows).mutate(
        TUTEST=_.TUTESTCD.cases(*_TEST_NAMES.items()), TUSTRESC=_.TUORRES, TUEVAL=ibis.literal("INVESTIGATOR")
    )


def _identify_baseline(baseline: ir.Table) -> ir.Table:
    return baseline.mutate(
        TUTESTCD=ibis.literal("TUMIDENT"), TUGRPID=_NULL, TULOBXFL=_.LOBXFL, TUDTC=_.DATE.cast("string")
    ).select(*_ENTRY, *_IDENTIFICATION)


def _identify_new(new: ir.Table) -> ir.Table:
    """A new lesion is identified once, from its first entry, and dated by the earliest sight of it."""
    sightings = ibis.window(group_by=["USUBJID", "TULNKID"])
    seen = new.mutate(SEEN=ibis.coalesce(new.first_seen_date, new.DATE))
    return (
        seen.mutate(SIGHT=_.SEEN.min().over(sightings))
        .filter(_is_first(["USUBJID", "TULNKID"]))
        .mutate(
            TUTESTCD=ibis.literal("TUMIDENT"),
            TUORRES=ibis.literal("NEW"),
            TUGRPID=_NULL,
            TULAT=_NULL,
            TULOBXFL=_NULL,
            TUDTC=_.SIGHT.cast("string"),
        )
        .select(*_ENTRY, *_IDENTIFICATION)
    )


def _identify_fragments(followed: ir.Table) -> ir.Table:
    first = read_fragments(followed).filter(_is_first(["USUBJID", "FRAGMENT"]))
    return first.mutate(TUTESTCD=ibis.literal("TUSPLIT"), TULNKID=_.FRAGMENT, TUGRPID=_.lesion_id).pipe(
        _identify_change
    )


def _identify_merged(followed: ir.Table) -> ir.Table:
    """Every lesion of a merged mass, the one that goes on being measured included, when it is first seen."""
    merged = followed.filter(_.state == "MERGED", _.merged_into.notnull())
    gone = merged.filter(_is_first(["USUBJID", "lesion_id"])).mutate(TULNKID=_.lesion_id)
    kept = merged.filter(_is_first(["USUBJID", "merged_into"])).mutate(
        TULNKID=_.merged_into, PART=ibis.literal("INTO")
    )
    return (
        ibis.union(gone, kept)
        .mutate(TUTESTCD=ibis.literal("TUMERGE"), TUGRPID=_.merged_into)
        .pipe(_identify_change)
    )


def _identify_change(rows: ir.Table) -> ir.Table:
    return rows.mutate(
        TUORRES=ibis.literal("Y"),
        TULOC=_NULL,
        TULAT=_NULL,
        TUMETHOD=_NULL,
        TULOBXFL=_NULL,
        TUDTC=_.DATE.cast("string"),
    ).select(*_ENTRY, *_IDENTIFICATION)


def _is_first(by: list[str]) -> ir.BooleanValue:
    """The first entry of its group in the order of the assessments."""
    return ibis.row_number().over(ibis.window(group_by=by, order_by=["DATE", *ENTRY_ORDER])) == 0


# --- TR ------------------------------------------------------------------------------------------


def build_lesion_results(
    tables: FormTables, baseline: ir.Table, followed: ir.Table, new: ir.Table
) -> ir.Table:
    """TR: one row per lesion (or part of a split one) and assessment, and one per assessment not done.

    A target has a diameter (the short axis of a node), is absent, too small, or not evaluated; a merged one
    has no result of its own from then on. A non-target is present, absent, in unequivocal progression or
    not evaluable, and a non-target node may be measured; a new lesion is equivocal or unequivocal.
    """
    rows = ibis.union(
        _baseline_results(baseline),
        _followed_results(followed),
        _fragment_results(followed),
        _new_results(new),
        _assessments_not_done(tables),
    )
    return derive_visit(rows).mutate(
        TRTEST=_.TRTESTCD.cases(*_TEST_NAMES.items()),
        TRSTRESC=_.TRORRES,
        TRSTRESU=_.TRORRESU,
        TREVAL=ibis.literal("INVESTIGATOR"),
    )


def _baseline_results(baseline: ir.Table) -> ir.Table:
    measured = baseline.diameter_mm.notnull() & ((baseline.TUORRES == "TARGET") | baseline.NODAL)
    return _select_result(
        baseline.mutate(TRMETHOD=_.TUMETHOD, TRLNKID=_.TULNKID),
        measured=measured,
        state=ibis.ifelse(baseline.TUORRES == "NON-TARGET", "PRESENT", _NULL),
        reason=ibis.literal("NO DIAMETER ENTERED"),
    )


def _followed_results(followed: ir.Table) -> ir.Table:
    rows = followed.filter(~_.state.isin(["SPLIT", "MERGED"]) | (_.ROLE == "NON-TARGET"))
    target = rows.ROLE != "NON-TARGET"
    measured = rows.diameter_mm.notnull() & (
        (target & rows.state.isin(["MEASURED", "TOO_SMALL", "PRESENT"]))
        | (rows.NODAL & (rows.state == "MEASURED"))
    )
    state = ibis.cases(
        # a lesion whose state was not entered was not evaluated, whatever its role
        (rows.state.isnull(), _NULL),
        (rows.state == "ABSENT", "ABSENT"),
        (target & (rows.state == "TOO_SMALL"), _TOO_SMALL),
        (target, _NULL),
        (rows.state == "UNEQUIVOCAL_PD", "UNEQUIVOCAL"),
        (rows.state == "NOT_EVALUABLE", "NE"),
        else_="PRESENT",
    )
    reason = ibis.coalesce(
        rows.ne_reason, rows.state.cases(("NOT_EVALUABLE", "NOT EVALUABLE"), else_="NO DIAMETER ENTERED")
    )
    return _select_result(
        rows.mutate(TRLNKID=_.lesion_id, LOBXFL=_NULL), measured=measured, state=state, reason=reason
    )


def _select_result(
    rows: ir.Table, *, measured: ir.BooleanValue, state: ir.StringValue, reason: ir.StringValue
) -> ir.Table:
    """Result of a lesion: its diameter if it was measured, else its state, else that it was not evaluated."""
    axis = ibis.ifelse(rows.NODAL, "LPERP", "LDIAM")
    not_done = ~measured & state.isnull()
    is_state = ~measured & state.notnull() & (state != _TOO_SMALL).fill_null(False)
    return rows.mutate(
        TRTESTCD=ibis.ifelse(is_state, "TUMSTATE", axis),
        TRLNKGRP=_.ASSESSMENT,
        TRGRPID=_NULL,
        TRORRES=ibis.ifelse(measured, compute_digits(rows.diameter_mm), state),
        TRORRESU=ibis.ifelse(measured, "mm", _NULL),
        TRSTRESN=ibis.ifelse(measured, rows.diameter_mm.cast("float64"), ibis.null("float64")),
        TRSTAT=ibis.ifelse(not_done, "NOT DONE", _NULL),
        TRREASND=ibis.ifelse(not_done, reason, _NULL),
        TRLOBXFL=rows.LOBXFL,
        TRDTC=_.DATE.cast("string"),
    ).select(*_ENTRY, *_RESULT)


def _fragment_results(followed: ir.Table) -> ir.Table:
    fragments = read_fragments(followed.filter(_.ROLE != "NON-TARGET"))
    return fragments.mutate(
        TRTESTCD=ibis.ifelse(_.NODAL, "LPERP", "LDIAM"),
        TRLNKID=_.FRAGMENT,
        TRLNKGRP=_.ASSESSMENT,
        TRGRPID=_.lesion_id,
        TRORRES=_.SIZE,
        TRORRESU=ibis.literal("mm"),
        TRSTRESN=_.SIZE.cast("float64"),
        TRSTAT=_NULL,
        TRREASND=_NULL,
        TRLOBXFL=_NULL,
        TRDTC=_.DATE.cast("string"),
    ).select(*_ENTRY, *_RESULT)


def _new_results(new: ir.Table) -> ir.Table:
    return new.mutate(
        TRMETHOD=_.TUMETHOD,
        TRTESTCD=ibis.literal("TUMSTATE"),
        TRLNKID=_.TULNKID,
        TRLNKGRP=_.ASSESSMENT,
        TRGRPID=_NULL,
        TRORRES=_.CERTAINTY,
        TRORRESU=_NULL,
        TRSTRESN=ibis.null("float64"),
        TRSTAT=_NULL,
        TRREASND=_NULL,
        TRLOBXFL=_NULL,
        TRDTC=_.DATE.cast("string"),
    ).select(*_ENTRY, *_RESULT)


def _assessments_not_done(tables: FormTables) -> ir.Table:
    rows = read_form(tables, "tumor_assessment").filter(_.done == "N")
    return rows.mutate(
        TRTESTCD=ibis.literal("TRALL"),
        TRLNKID=_NULL,
        TRLNKGRP=compute_assessment(rows),
        TRGRPID=_NULL,
        TRORRES=_NULL,
        TRORRESU=_NULL,
        TRSTRESN=ibis.null("float64"),
        TRSTAT=ibis.literal("NOT DONE"),
        TRREASND=ibis.coalesce(_.not_done_reason, "REASON NOT ENTERED"),
        TRMETHOD=_NULL,
        TRLOBXFL=_NULL,
        TRDTC=_.assessment_date.cast("string"),
    ).select(*_ENTRY, *_RESULT)


# --- RS ------------------------------------------------------------------------------------------


def build_responses(tables: FormTables, study: Study, status: ir.Table | None) -> ir.Table:
    """RS: the investigator's three calls per assessment, and the performance status at each visit.

    `status` are the findings declared for RS: ECOG on its own form and, at screening, with demographics.
    """
    calls = derive_visit(ibis.union(*_investigators_calls(tables, study)))
    judged = calls.mutate(RSTEST=_.RSTESTCD.cases(*_TEST_NAMES.items()), RSSTRESC=_.RSORRES).filter(
        _.RSORRES.notnull()
    )
    number = ibis.null("float64")
    parts = [judged.mutate(RSSTRESN=number, RSLOBXFL=_NULL, RSSTAT=_NULL, RSREASND=_NULL)]
    if status is not None:
        parts.append(status.mutate(RSLNKGRP=_NULL).select(*parts[0].columns))
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return rows.mutate(RSEVAL=ibis.literal("INVESTIGATOR"))


def _investigators_calls(tables: FormTables, study: Study) -> list[ir.Table]:
    form = "tumor_assessment"
    rows = read_form(tables, form)
    calls = {"target_response": "TRGRESP", "non_target_response": "NTRGRESP", "overall_response": "OVRLRESP"}
    return [
        rows.select(
            *(name for name in _ENTRY if name != "PART"),
            PART=ibis.literal(item),
            RSCAT=ibis.literal("RECIST 1.1"),
            RSTESTCD=ibis.literal(test),
            RSLNKGRP=compute_assessment(rows),
            RSORRES=compute_submission(rows, study, form, item),
            RSDTC=rows.assessment_date.cast("string"),
        )
        for item, test in calls.items()
    ]
