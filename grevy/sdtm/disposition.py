"""How a subject came in and went: DS, IE, DD and SS."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.mapping import FormTables, compute_submission, map_form, map_items, read_form
from grevy.sdtm.timing import derive_visit
from grevy.sdtm.trial_design import say_criterion

_MILESTONE = {"DSCAT": "PROTOCOL MILESTONE", "DSSCAT": None}
_END_OF_TREATMENT = {"DSCAT": "DISPOSITION EVENT", "DSSCAT": "STUDY TREATMENT"}
_END_OF_STUDY = {"DSCAT": "DISPOSITION EVENT", "DSSCAT": "STUDY PARTICIPATION"}
_DISPOSITION = ["DSTERM", "DSDECOD", "DSCAT", "DSSCAT", "DSSTDTC", "DSREFID"]
_ENTRY = [
    "STUDYID", "USUBJID", "FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWKEY", "ROWNO", "PART", "REVISION",
]  # fmt: skip


def build_dispositions(tables: FormTables, study: Study) -> ir.Table:
    """DS: consent, enrolment, end of treatment and end of study; one row per subject and event."""
    again = [_consents_again(tables)] if "reconsent" in tables else []
    return ibis.union(
        _consents(read_form(tables, "informed_consent")),
        *again,
        _enrolments(tables, study),
        _ends_of_treatment(tables, study),
        _ends_of_study(tables, study),
    )


def _consents(rows: ir.Table) -> ir.Table:
    term = "INFORMED CONSENT OBTAINED"
    dated = rows.filter(_.consent_date.notnull())
    return _select_disposition(dated, ibis.literal(term), ibis.literal(term), _.consent_date, _MILESTONE)


def _consents_again(tables: FormTables) -> ir.Table:
    """Consent to a later version of the form, which is its reference."""
    rows = read_form(tables, "reconsent")
    return _consents(rows.mutate(DSREFID=rows.consent_version))


def _enrolments(tables: FormTables, study: Study) -> ir.Table:
    """The decision that a subject is eligible is the enrolment, on the date of the decision."""
    rows = read_form(tables, "eligibility").filter(_.decision == "ELIGIBLE")
    term = compute_submission(rows, study, "eligibility", "decision")
    return _select_disposition(rows, term, term, _.decision_date, _MILESTONE)


def _ends_of_treatment(tables: FormTables, study: Study) -> ir.Table:
    """End of treatment, dated by the progression or the death that caused it, otherwise by the last dose.

    RECIST and clinical progression are one decoded reason; the term keeps them apart, because only the
    former is an event of the endpoints.
    """
    rows = _read_with_death(tables, study, "end_of_treatment")
    progressed = rows.reason.isin(["PROGRESSION_RECIST", "PROGRESSION_CLINICAL"])
    progression = ibis.ifelse(
        progressed,
        compute_submission(rows, study, "end_of_treatment", "progression_date"),
        ibis.null("string"),
    )
    death = ibis.ifelse(rows.reason == "DEATH", rows.DIED, ibis.null("string"))
    date = ibis.coalesce(progression, death, rows.last_dose_date.cast("string"))
    term = _compute_reason_text(rows, study, "end_of_treatment", rows.detail)
    decoded = compute_submission(rows, study, "end_of_treatment", "reason")
    return _select_disposition(rows, term, decoded, date, _END_OF_TREATMENT)


def _read_with_death(tables: FormTables, study: Study, form: str) -> ir.Table:
    """Records of a form with the date of death, null for who lives."""
    deaths = tables["death"]
    died = deaths.select("USUBJID", DIED=compute_submission(deaths, study, "death", "death_date"))
    died = died.group_by("USUBJID").agg(DIED=_.DIED.min())
    return read_form(tables, form).left_join(died, "USUBJID").drop("USUBJID_right")


def _ends_of_study(tables: FormTables, study: Study) -> ir.Table:
    """End of study; a death is dated as it is in DM, even if that is less precise (SDTMIG 3.4, 6.2.4)."""
    rows = _read_with_death(tables, study, "end_of_study")
    term = _compute_reason_text(rows, study, "end_of_study", ibis.null("string"))
    decoded = compute_submission(rows, study, "end_of_study", "reason")
    death = ibis.ifelse(rows.reason == "DEATH", rows.DIED, ibis.null("string"))
    date = ibis.coalesce(death, rows.end_date.cast("string"))
    return _select_disposition(rows, term, decoded, date, _END_OF_STUDY)


def _compute_reason_text(rows: ir.Table, study: Study, form: str, detail: ir.StringValue) -> ir.StringValue:
    """Reason in words: the label of its code; what was written where the reason is another one."""
    item = next(item for item in study.forms[form].items if item.name == "reason")
    assert item.codelist is not None
    labels = [(code.code, code.label.en.upper()) for code in study.codelists[item.codelist].codes]
    words = rows.reason.cases(*labels, else_=ibis.null("string"))
    return ibis.ifelse(rows.reason == "OTHER", ibis.coalesce(detail.upper(), words), words)


def _select_disposition(
    rows: ir.Table,
    term: ir.StringValue,
    decoded: ir.StringValue,
    date: ir.Value,
    category: Mapping[str, str | None],
) -> ir.Table:
    named = {name: ibis.literal(value, "string") for name, value in category.items()}
    referred = rows if "DSREFID" in rows.columns else rows.mutate(DSREFID=ibis.null("string"))
    result = referred.mutate(DSTERM=term, DSDECOD=decoded, DSSTDTC=date, **named)
    return result.mutate(DSSTDTC=result.DSSTDTC.cast("string")).select(*_ENTRY, *_DISPOSITION)


def build_deviations(tables: FormTables, study: Study) -> ir.Table | None:
    """DV: one row per deviation from the protocol that was reported."""
    return map_form(tables, study, "protocol_deviation", "DV") if "protocol_deviation" in tables else None


def build_violated_criteria(tables: FormTables, study: Study) -> ir.Table:
    """IE: one row per inclusion criterion that is not met and per exclusion criterion that is."""
    rows = read_form(tables, "eligibility")
    answered = {item.name for item in study.forms["eligibility"].items}
    criteria = []
    for criterion in study.eligibility:
        name = criterion.id.lower()
        if name not in answered:
            raise ValueError(f"criterion {criterion.id} has no item {name!r} on the form 'eligibility'")
        including = criterion.kind == "inclusion"
        violated = rows.filter(rows[name] == ("NOT_MET" if including else "MET"))
        criteria.append(
            violated.select(
                *(column for column in _ENTRY if column != "PART"),
                PART=ibis.literal(criterion.id),
                IETESTCD=ibis.literal(criterion.id),
                IETEST=ibis.literal(say_criterion(criterion)),
                IECAT=ibis.literal(criterion.kind.upper()),
                IEORRES=ibis.literal("N" if including else "Y"),
                IESTRESC=ibis.literal("N" if including else "Y"),
                IEDTC=violated.decision_date.cast("string"),
            )
        )
    return derive_visit(ibis.union(*criteria))


def build_death_details(tables: FormTables, study: Study) -> ir.Table:
    """DD: the primary cause of each death."""
    rows = map_items(read_form(tables, "death"), study, "death", "DD")
    cause = compute_submission(rows, study, "death", "cause")
    return rows.mutate(
        DDTESTCD=ibis.literal("PRCDTH"),
        DDTEST=ibis.literal("Primary Cause of Death"),
        DDORRES=ibis.coalesce(rows.detail, cause),
        DDSTRESC=cause,
        DDDTC=compute_submission(rows, study, "death", "death_date"),
    ).filter(_.DDSTRESC.notnull())


def build_survival_status(tables: FormTables, study: Study) -> ir.Table:
    """SS: one row per contact; who left the study alive was alive at the last contact."""
    contacts = read_form(tables, "survival_followup")
    asked = contacts.mutate(
        SSORRES=compute_submission(contacts, study, "survival_followup", "status"),
        SSDTC=contacts.contact_date.cast("string"),
    )
    left = read_form(tables, "end_of_study").filter(_.last_contact_date.notnull(), _.reason != "DEATH")
    left = left.mutate(SSORRES=ibis.literal("ALIVE"), SSDTC=left.last_contact_date.cast("string"))
    columns = [*_ENTRY, "SSORRES", "SSDTC"]
    status = ibis.union(asked.select(*columns), left.select(*columns)).mutate(
        SSTESTCD=ibis.literal("SURVSTAT"), SSTEST=ibis.literal("Survival Status"), SSSTRESC=_.SSORRES
    )
    return derive_visit(status)
