"""From all forms at a moment to SDTM: the whole tabulation, domain by domain.

What several domains are made from is computed once and kept: an expression is compiled anew each time it is
used, and numbering, relations and trace would compile every domain several times over.
"""

import ibis.expr.types as ir

from grevy.definition import Study
from grevy.engine import Keep, run_program
from grevy.sdtm import adverse_events, disposition, examination, exposure, history, subjects, tumors, visits
from grevy.sdtm.comments import build_comments
from grevy.sdtm.domains import conform, select_variables
from grevy.sdtm.findings import build_findings
from grevy.sdtm.mapping import FormTables, build_supplements
from grevy.sdtm.qualifiers import build_finding_supplement
from grevy.sdtm.timing import build_exposure_period, derive_timing
from grevy.sdtm.trace import build_trace, number_records

_FINDINGS = ("LB", "VS", "EG", "CV", "QS", "FA", "DA", "SC")
_SUPPLEMENTED = ("MH", "CM", "PR", "DV")
_CAUSED = {"CM": ("concomitant_medication", "partner_dosing"), "PR": ("procedure",)}
"""Forms by domain that name the adverse event that caused them."""


def build_sdtm(tables: FormTables, study: Study) -> dict[str, ir.Table]:
    """Build every domain the study collects, its supplemental qualifiers, RELREC and TRACE.

    SDTMIG 3.4. `tables` are the form tables of a snapshot; TRACE is ours and has one row per record. The
    statements are compiled once per study and columns of the forms.
    """

    def derive(tables: dict[str, ir.Table], keep: Keep) -> dict[str, ir.Table]:
        return _derive_domains(tables, study, keep)

    # the whole content: a study that was copied with a change bears the hash of the one it was copied from
    return run_program(tables, derive, ("tabulation", study.model_dump_json()))


def _derive_domains(tables: FormTables, study: Study, keep: Keep) -> dict[str, ir.Table]:
    period = keep(build_exposure_period(tables))
    lesions = keep(tumors.read_baseline_lesions(tables, study, period))
    followed = keep(tumors.read_followed_lesions(tables, study, lesions))
    new = keep(tumors.read_new_lesions(tables, study))
    dm = keep(subjects.build_subjects(tables, study, period))
    records = {
        "DS": disposition.build_dispositions(tables, study),
        "IE": disposition.build_violated_criteria(tables, study),
        "MH": history.build_history(tables, study),
        "EX": exposure.build_exposure(tables, study),
        "AE": adverse_events.build_adverse_events(tables, study),
        "TU": tumors.build_identifications(lesions, followed, new),
        "TR": tumors.build_lesion_results(tables, lesions, followed, new),
        "RS": tumors.build_responses(tables, study, build_findings(tables, study, "RS", dm, period)),
        "DD": disposition.build_death_details(tables, study),
        "SS": disposition.build_survival_status(tables, study),
        "CM": exposure.build_therapies(tables, study),
        "SE": visits.build_elements(dm, study),
    }
    collected = {
        "PR": exposure.build_procedures(tables, study),
        "DV": disposition.build_deviations(tables, study),
        "PE": examination.build_examinations(tables, study, period),
        "SV": visits.build_visits(tables, study),
        **{domain: build_findings(tables, study, domain, dm, period) for domain in _FINDINGS},
    }
    # what the study has no form for is no domain
    records |= {domain: rows for domain, rows in collected.items() if rows is not None}
    numbered = {
        domain: keep(number_records(derive_timing(rows, domain, period), domain))
        for domain, rows in records.items()
    }
    comments = build_comments(tables, study, numbered)
    if comments is not None:
        numbered["CO"] = keep(number_records(comments, "CO"))
    related = {
        "SUPPDM": subjects.build_subject_supplement(tables, study),
        **_build_supplements(tables, study, numbered),
        "SUPPAE": adverse_events.build_event_supplement(numbered["AE"], tables, study),
        "RELREC": adverse_events.build_relations(numbered["AE"], _relate(tables, numbered), dm),
    }
    traced = {"DM": dm, **numbered}
    domains = {
        domain: keep(select_variables(conform(rows, domain), domain))
        for domain, rows in {**traced, **related}.items()
    }
    return {**domains, "TRACE": keep(build_trace(traced))}


def _build_supplements(
    tables: FormTables, study: Study, numbered: dict[str, ir.Table]
) -> dict[str, ir.Table]:
    """Supplemental qualifiers of the parents that have some, findings tied by their results."""
    built = {
        parent: build_supplements(tables, study, parent, numbered[parent])
        for parent in _SUPPLEMENTED
        if parent in numbered
    } | {
        parent: build_finding_supplement(tables, study, parent, numbered[parent])
        for parent in (*_FINDINGS, "RS")
        if parent in numbered
    }
    return {f"SUPP{parent}": rows for parent, rows in built.items() if rows is not None}


def _relate(tables: FormTables, numbered: dict[str, ir.Table]) -> dict[str, ir.Table | None]:
    """Records by domain with the number of the adverse event that caused them."""
    return {"EX": numbered["EX"], "DD": numbered["DD"]} | {
        domain: adverse_events.read_event_numbers(numbered[domain], domain, tables, forms)
        for domain, forms in _CAUSED.items()
        if domain in numbered
    }
