"""Subjects: DM and what belongs to it in SUPPDM."""

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.dates import is_complete, is_year_and_month
from grevy.sdtm.mapping import FormTables, build_supplement, compute_submission, map_items, read_form

_PERSON = ["STUDYID", "SITEID", "SUBJID", "USUBJID"]


def build_subjects(tables: FormTables, study: Study, period: ir.Table) -> ir.Table:
    """DM: one row per screened subject, with reference dates, arm and death.

    The arm is the regimen that a treated subject started with (domain of the study: the physician chose
    it, nobody was randomized). Who never took surufatinib has no arm and a reason for it.
    """
    joined = _screened(tables, study)
    for facts in (_regimen(tables, study), _end_of_participation(tables), _deaths(tables, study), period):
        joined = joined.left_join(facts, "USUBJID").drop("USUBJID_right")
    treated = joined.FIRST_DOSE.notnull() & joined.REGIMEN.notnull()
    arm = ibis.ifelse(treated, joined.REGIMEN, ibis.null("string"))
    arm_name = arm.cases(*((regimen.code, regimen.label.en) for regimen in study.regimens))
    age = compute_age(joined.BRTHDTC, joined.RFICDTC)
    return joined.mutate(
        DOMAIN=ibis.literal("DM"),
        RFSTDTC=joined.FIRST_DOSE.cast("string"),
        RFXSTDTC=joined.FIRST_DOSE.cast("string"),
        RFENDTC=joined.LAST_DOSE.cast("string"),
        RFXENDTC=joined.LAST_DOSE.cast("string"),
        AGE=age.cast("float64"),
        AGEU=ibis.ifelse(age.notnull(), "YEARS", ibis.null("string")),
        COUNTRY=ibis.literal("CHN"),
        ARMCD=arm,
        ACTARMCD=arm,
        ARM=arm_name,
        ACTARM=arm_name,
        ARMNRS=ibis.cases(
            (treated, ibis.null("string")), (joined.SCREEN_FAILED, "SCREEN FAILURE"), else_="NOT ASSIGNED"
        ),
    )


def build_subject_supplement(tables: FormTables, study: Study) -> ir.Table:
    """SUPPDM: height, weight and smoking (until they have own domains), and the reason for the regimen."""
    return ibis.union(
        *(
            build_supplement("SUPPDM", None, read_form(tables, form), study, form)
            for form in ("demographics", "regimen_decision")
        )
    )


def compute_age(birth: ir.StringValue, reference: ir.StringValue) -> ir.IntegerValue:
    """Completed years at a complete date; a missing month of birth is read as June, a missing day as 15."""
    month = ibis.cases((is_complete(birth) | is_year_and_month(birth), birth.substr(5, 2)), else_="06")
    day = ibis.cases((is_complete(birth), birth.substr(8, 2)), else_="15")
    years = reference.substr(0, 4).cast("int32") - birth.substr(0, 4).cast("int32")
    return ibis.ifelse(reference.substr(5, 5) < month + "-" + day, years - 1, years)


def _screened(tables: FormTables, study: Study) -> ir.Table:
    """Everybody who signed a consent or has demographics, with the entry that DM is traced to."""
    consents = read_form(tables, "informed_consent")
    demographics = map_items(read_form(tables, "demographics"), study, "demographics", "DM")
    entry = ["FORM", "EVENTID", "EVENTSEQ", "FORMSEQ", "ROWKEY", "REVISION"]
    consented = consents.select(
        "USUBJID",
        **{f"CONSENT_{name}": consents[name] for name in entry},
        RFICDTC=_.consent_date.cast("string"),
    )
    # the group is what is asked in China; anybody of Han descent is Asian in the terminology
    race = ibis.cases((_.ethnicity == "HAN", "ASIAN"), else_="UNKNOWN")
    described = demographics.select("USUBJID", *entry, "BRTHDTC", "SEX", "ETHNIC", RACE=race)
    persons = ibis.union(consents.select(*_PERSON), demographics.select(*_PERSON), distinct=True)
    for facts in (consented, described):
        persons = persons.left_join(facts, "USUBJID").drop("USUBJID_right")
    return persons.mutate(
        **{name: ibis.coalesce(persons[name], persons[f"CONSENT_{name}"]) for name in entry}
    )


def _regimen(tables: FormTables, study: Study) -> ir.Table:
    decided = read_form(tables, "regimen_decision")
    return decided.select(
        "USUBJID", REGIMEN=compute_submission(decided, study, "regimen_decision", "regimen")
    )


def _end_of_participation(tables: FormTables) -> ir.Table:
    """End of the study for a subject (a later contact moves it), and whether screening ended it."""
    refused = tables["eligibility"].select(
        "USUBJID", END=ibis.null("date"), FAILED=(_.decision == "NOT_ELIGIBLE").fill_null(False)
    )
    ended = tables["end_of_study"].select(
        "USUBJID", END=_.end_date, FAILED=(_.reason == "SCREEN_FAILURE").fill_null(False)
    )
    ends = ibis.union(refused, ended).group_by("USUBJID").agg(END=_.END.max(), SCREEN_FAILED=_.FAILED.any())
    contacts = tables["survival_followup"].group_by("USUBJID").agg(CONTACT=_.contact_date.max())
    joined = ends.left_join(contacts, "USUBJID")
    last = ibis.ifelse(joined.CONTACT > joined.END, joined.CONTACT, joined.END)
    return joined.select("USUBJID", "SCREEN_FAILED", RFPENDTC=last.cast("string"))


def _deaths(tables: FormTables, study: Study) -> ir.Table:
    """Deaths known from the death form, or only from a contact (then without a date)."""
    death = tables["death"]
    reported = death.select("USUBJID", DTHDTC=compute_submission(death, study, "death", "death_date"))
    heard = (
        tables["survival_followup"].filter(_.status == "DEAD").select("USUBJID", DTHDTC=ibis.null("string"))
    )
    return (
        ibis.union(reported, heard)
        .group_by("USUBJID")
        .agg(DTHDTC=_.DTHDTC.min())
        .mutate(DTHFL=ibis.literal("Y"))
    )
