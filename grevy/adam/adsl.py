"""ADSL: one row per subject: who it is, when treated, how long known alive, in which analysis sets."""

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.assessments import true
from grevy.adam.dates import (
    DateRule,
    compute_date,
    compute_date_flag,
    compute_new_therapy_start,
)
from grevy.adam.therapies import is_new_therapy
from grevy.definition import AnalysisPlan
from grevy.engine import Keep

KEYS = ["STUDYID", "USUBJID"]

NEN_FACTS = {
    "NENCLASS": "NENCLASS", "PRIMSITE": "PRIMSITE", "DIFFER": "DIFFER", "KI67": "KI67",
    "FUNCTNL": "FUNCTNL", "STAGE": "STAGE", "LIVERMFL": "LIVERMET", "BONEMFL": "BONEMET",
    "NODEMFL": "NODEMET", "LUNGMFL": "LUNGMET", "PERIMFL": "PERIMET", "OTHMFL": "OTHMET",
    "PRIORLIN": "PRIORLIN", "SSTR": "SSTR", "CGAXULN": "CGAXULN",
}  # fmt: skip
"""ADSL variable: supplemental qualifier of the diagnosis that it comes from."""

METASTATIC_ORGANS = ["LIVERMFL", "BONEMFL", "NODEMFL", "LUNGMFL", "PERIMFL", "OTHMFL"]


def flag(condition: ir.BooleanValue) -> ir.StringValue:
    """Y where the condition holds, N elsewhere, also where it cannot be judged."""
    return ibis.ifelse(true(condition), "Y", "N")


def join(left: ir.Table, right: ir.Table) -> ir.Table:
    """Left join by subject."""
    return left.left_join(right, KEYS).drop("STUDYID_right", "USUBJID_right")


def build_adsl(
    sdtm: Mapping[str, ir.Table], plan: AnalysisPlan, cutoff: date | None, *, keep: Keep
) -> ir.Table:
    """One row per subject of DM. The flags that need tumor records are added by `add_tumor_flags`."""
    adsl = keep(_describe(sdtm["DM"], plan))
    adsl = keep(join(adsl, keep(_summarise_exposure(sdtm["EX"], plan))))
    adsl = keep(_date_treatment(adsl))
    adsl = keep(_end_treatment(join(adsl, _summarise_disposition(sdtm["DS"]))))
    adsl = keep(join(adsl, keep(_last_alive(sdtm, cutoff))))
    adsl = keep(join(adsl, _last_contact(sdtm["SS"])))
    adsl = keep(_date_death(adsl, sdtm, plan))
    adsl = keep(_date_new_therapy(adsl, sdtm, plan))
    adsl = keep(_describe_disease(adsl, sdtm))
    adsl = keep(_describe_size_and_history(adsl, sdtm))
    adsl = keep(join(adsl, _baseline_ecog(sdtm["RS"], adsl)))
    adsl = _flag_sets(adsl, sdtm["IE"])
    cut = ibis.literal(cutoff, "date") if cutoff else ibis.null("date")
    return keep(adsl.mutate(CUTDT=cut))


def derive_reference_dates(sdtm: Mapping[str, ir.Table], plan: AnalysisPlan, *, keep: Keep) -> ir.Table:
    """One row per subject of DM with the dates that responses need: TRTSDT, RFICDT and NWTRSDT, as in ADSL.

    For one subject whose course is shown while it is entered; death and clinical progression do not bear on
    a response.
    """
    adsl = keep(join(keep(_describe(sdtm["DM"], plan)), keep(_summarise_exposure(sdtm["EX"], plan))))
    adsl = keep(_date_new_therapy(keep(_date_treatment(adsl)), sdtm, plan))
    return adsl.select(
        *KEYS, "TRTSDT", "RFICDT", "NWTRSDT", DTHDT=ibis.null("date"), CLPDDT=ibis.null("date")
    )


def _describe(dm: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Identity, demographics, regimen; COHORT is the regimen at first dose (MONO, COMBO).

    In data of another study COHORT is the code of the actual arm.
    """
    arm_code = ibis.coalesce(dm.ACTARMCD, dm.ARMCD).upper()
    arm = ibis.coalesce(dm.ACTARM, dm.ARM)
    consent = compute_date(dm.RFICDTC, "first")
    birth = compute_date(dm.BRTHDTC, "first")
    before_birthday = (consent.month() * 100 + consent.day()) < (birth.month() * 100 + birth.day())
    age = consent.year() - birth.year() - ibis.ifelse(true(before_birthday), 1, 0)
    return dm.select(
        "STUDYID", "USUBJID", "SUBJID", "SITEID",
        AGE=dm.AGE.coalesce(age.cast("float64")),
        AGEU=dm.AGEU.coalesce(ibis.cases((birth.notnull(), "YEARS"))),
        SEX=dm.SEX, RACE=dm.RACE, ETHNIC=dm.ETHNIC, COUNTRY=dm.COUNTRY,
        ARMCODE=arm_code,
        ARM=arm,
        TRT01P=dm.ARM.coalesce(dm.ACTARM),
        TRT01A=arm,
        ARM_COHORT=ibis.cases(
            (arm_code.isin([arm.code for arm in plan.arms] or ["MONO", "COMBO"]), arm_code),
            (true(arm.upper().contains("MONOTHERAPY")), "MONO"),
            (true(arm.upper().contains("COMBINATION")), "COMBO"),
        ),
        RFICDT=consent,
        RFXSTDTC=dm.RFXSTDTC,
        DM_FIRST=dm.RFXSTDTC.coalesce(dm.RFSTDTC),
        DM_LAST=dm.RFXENDTC,
        DM_DEATH=dm.DTHDTC,
        DM_DIED=dm.DTHFL,
    )  # fmt: skip


def _summarise_exposure(ex: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """First and last dose. A record of 0 mg is an interruption of the study drug, not a dose.

    Placebo has no other dose than 0 (SDTMIG 3.4, EXDOSE): each of its records is a dose.
    """
    names = [name.upper() for name in plan.study_drugs]
    ours = true(ex.EXTRT.upper().strip().isin(names))
    rows = ex.mutate(
        OURS=ours,
        GIVEN=(ours & (is_taken(ex) | ex.EXDOSE.isnull())) | ~ours,
        START=compute_date(ex.EXSTDTC, "first"),
        END=compute_date(ex.EXENDTC, "last"),
    ).filter(_.GIVEN)
    per_subject = rows.group_by(KEYS).agg(
        FIRST_OURS=_.START.min(where=_.OURS),
        FIRST_ANY=_.START.min(),
        LAST_OURS=_.END.max(where=_.OURS),
        LAST_ANY=_.END.max(),
        LAST_START=_.START.max(where=_.OURS),
        LAST_START_ANY=_.START.max(),
        OPEN_START=_.START.max(where=_.END.isnull() & _.OURS),
        OPEN_START_ANY=_.START.max(where=_.END.isnull()),
        ENDS=_.END.count(),
    )
    first = rows.filter(_.OURS).select(*KEYS, FIRST_OURS=_.START, DOSE=_.EXDOSE)
    starting = (
        first.inner_join(per_subject.select(*KEYS, "FIRST_OURS"), [*KEYS, "FIRST_OURS"])
        .group_by(KEYS)
        .agg(FIRST_DOSE=_.DOSE.max())
    )
    return join(per_subject, starting)


def is_taken(ex: ir.Table) -> ir.BooleanValue:
    """Whether something was taken: more than 0, or placebo."""
    return true(ex.EXDOSE > 0) | true(ex.EXTRT.upper().contains("PLACEBO"))


def _date_treatment(adsl: ir.Table) -> ir.Table:
    """TRTSDT, TRTEDT (null while dosing goes on) and the cohort."""
    ours = _.FIRST_OURS.notnull()
    last = ibis.ifelse(ours, _.LAST_OURS, _.LAST_ANY)
    open_start = ibis.ifelse(ours, _.OPEN_START, _.OPEN_START_ANY)
    last_start = ibis.ifelse(ours, _.LAST_START, _.LAST_START_ANY)
    ongoing = true(open_start == last_start)
    told = compute_date(_.DM_LAST, "last")
    believed = ibis.ifelse(true(told < last_start), ibis.null("date"), told)  # an end before the last start
    dated = adsl.mutate(
        TRTSDT=ibis.coalesce(_.FIRST_OURS, _.FIRST_ANY, compute_date(_.DM_FIRST, "first")),
        TRTEDT=ibis.coalesce(ibis.ifelse(ongoing, ibis.null("date"), last), believed),
        COHORT=ibis.coalesce(
            _.ARM_COHORT, ibis.cases((_.FIRST_DOSE == 300, "MONO"), (_.FIRST_DOSE == 250, "COMBO"))
        ),
    )
    return dated.drop(
        "FIRST_OURS", "FIRST_ANY", "LAST_OURS", "LAST_ANY", "LAST_START", "LAST_START_ANY", "OPEN_START",
        "OPEN_START_ANY", "ENDS", "FIRST_DOSE", "ARM_COHORT", "DM_FIRST", "DM_LAST",
    )  # fmt: skip


def _summarise_disposition(ds: ir.Table) -> ir.Table:
    """Enrolment, end of treatment and end of study, one row per subject."""
    rows = ds.mutate(
        DECOD=ds.DSDECOD.upper(),
        DATE=compute_date(ds.DSSTDTC, "first"),
        MILESTONE=true(ds.DSCAT.upper().contains("MILESTONE")),
        TREATMENT=true(ds.DSSCAT.upper().contains("TREATMENT")),
        CLINICAL=true(ds.DSTERM.upper().contains("CLINICAL")),
    )
    enrolled = _.DECOD.isin(["ELIGIBILITY CRITERIA MET", "ENROLLED", "RANDOMIZED"])
    other = true(ds.DSCAT.upper() == "OTHER EVENT")
    outcome = ~_.MILESTONE & ~other & ~enrolled & (_.DECOD != "INFORMED CONSENT OBTAINED")
    end_treatment, end_study = outcome & _.TREATMENT, outcome & ~_.TREATMENT
    return rows.group_by(KEYS).agg(
        ENRLDT=_.DATE.min(where=enrolled),
        MILESTONES=_.DECOD.count(where=enrolled),
        DCTREAS=_.DECOD.min(where=end_treatment),
        DCTDT=_.DATE.min(where=end_treatment),
        DCSREAS=_.DECOD.min(where=end_study),
        DCSDT=_.DATE.min(where=end_study),
        DS_DEATH=_.DSSTDTC.min(where=_.DECOD == "DEATH"),
        CLPDDT=_.DATE.min(where=(_.DECOD == "PROGRESSIVE DISEASE") & _.CLINICAL),
        FAILED=_.DECOD.count(where=_.DECOD == "SCREEN FAILURE"),
    )


def _end_treatment(adsl: ir.Table) -> ir.Table:
    """Who left the study left the treatment, whatever the last dosing record does not say.

    A tabulation with one disposition per subject has no record for the treatment alone: that of the study
    stands for it. A last dose without an end ended by then at the latest: the last day possible (W9).
    """
    only_study = adsl.TRTSDT.notnull() & adsl.DCTREAS.isnull()
    adsl = adsl.mutate(
        DCTREAS=ibis.ifelse(only_study, adsl.DCSREAS, adsl.DCTREAS),
        DCTDT=ibis.ifelse(only_study, adsl.DCSDT, adsl.DCTDT),
    )
    adsl = adsl.mutate(
        TRTEDT=ibis.ifelse(true(adsl.DCTDT >= adsl.TRTSDT), adsl.TRTEDT.coalesce(adsl.DCTDT), adsl.TRTEDT)
    )
    return adsl.mutate(TRTDURD=(adsl.TRTEDT.delta(adsl.TRTSDT, unit="day") + 1).cast("int64"))


def _last_alive(sdtm: Mapping[str, ir.Table], cutoff: date | None) -> ir.Table:
    """Last date known alive: the latest contact, visit, scan, dose, sample or questionnaire (W38).

    Only the day that is certain counts: the first possible one of a partial date (W9).
    """
    ds = sdtm["DS"]
    said_gone = ds.DSDECOD.upper().isin(["DEATH", "LOST TO FOLLOW-UP", "SCREEN FAILURE"])
    contacts = {
        "SS": (sdtm["SS"].filter(_.SSSTRESC.upper() == "ALIVE"), ["SSDTC"]),
        "DS": (ds.filter(~true(said_gone)), ["DSSTDTC"]),
        "DM": (sdtm["DM"], ["RFICDTC", "RFXSTDTC"]),
        "EX": (sdtm["EX"].filter(_.EXDOSE.isnull() | is_taken(_)), ["EXSTDTC", "EXENDTC"]),
        "AE": (sdtm["AE"], ["AESTDTC"]),
        "CM": (sdtm["CM"], ["CMSTDTC"]),
        # a visit that left findings has its date there; a contact that left none says how it was made
        "SV": (sdtm["SV"].filter(_.SVCNTMOD.notnull()), ["SVSTDTC"]),
        **{d: (sdtm[d], [f"{d}DTC"]) for d in ("TU", "TR", "RS", "LB", "VS", "EG", "QS", "CV") if d in sdtm},
    }
    texts = [
        table.select(*KEYS, DTC=table[column]) for table, columns in contacts.values() for column in columns
    ]
    dates = ibis.union(*texts).mutate(DATE=compute_date(_.DTC, "first"))
    if cutoff is not None:
        dates = dates.filter(ibis.literal(cutoff, "date") >= _.DATE)
    return dates.group_by(KEYS).agg(SEENALV=_.DATE.max())


def _last_contact(ss: ir.Table) -> ir.Table:
    """LSTCTDT: the last contact as the site gave it at the end of study, to be held against all records."""
    given = ss.filter((ss.SSSTRESC.upper() == "ALIVE") & ss.VISIT.upper().contains("END OF STUDY"))
    return given.group_by(KEYS).agg(LSTCTDT=compute_date(given.SSDTC, "last").max())


def _date_death(adsl: ir.Table, sdtm: Mapping[str, ir.Table], plan: AnalysisPlan) -> ir.Table:
    """DTHDT: a partial date takes the first day possible, not before the last date known alive (W10)."""
    dd = (
        sdtm["DD"]
        .group_by(KEYS)
        .agg(DD_DEATH=_.DDDTC.min(), DTHCAUS=_.DDSTRESC.max(where=_.DDTESTCD == "PRCDTH"))
    )
    fatal = sdtm["AE"].filter(_.AEOUT.upper() == "FATAL").group_by(KEYS).agg(AE_DEATH=_.AEENDTC.min())
    adsl = join(join(adsl, dd), fatal)
    rule: DateRule = plan.value("dates.death")
    adsl = adsl.mutate(DTC=ibis.coalesce(_.DM_DEATH, _.DD_DEATH, _.DS_DEATH, _.AE_DEATH))
    possible, latest = compute_date(_.DTC, rule), compute_date(_.DTC, "last")
    adsl = adsl.mutate(
        DTHDT=ibis.ifelse(true((possible < _.SEENALV) & (latest >= _.SEENALV)), _.SEENALV, possible),
        DTHDTF=compute_date_flag(_.DTC),
    )
    adsl = adsl.mutate(
        DTHFL=flag(_.DTHDT.notnull() | (_.DM_DIED == "Y")),
        LSTALVDT=ibis.cases((_.DTHDT.notnull() & (_.SEENALV > _.DTHDT), _.DTHDT), else_=_.SEENALV),
    )
    return adsl.drop("DTC", "DM_DEATH", "DD_DEATH", "DS_DEATH", "AE_DEATH", "DM_DIED")


def _date_new_therapy(adsl: ir.Table, sdtm: Mapping[str, ir.Table], plan: AnalysisPlan) -> ir.Table:
    """NWTRSDT: start of the first anti-cancer therapy after the study treatment began.

    A partial start takes the first day possible, but none on which study treatment had not begun (W10).
    """
    rule: DateRule = plan.value("dates.new_therapy")
    parts = [
        sdtm[domain].filter(is_new_therapy(sdtm[domain], domain, plan)).select(*KEYS, DTC=f"{domain}STDTC")
        for domain in ("CM", "PR")
        if domain in sdtm
    ]
    started = ibis.union(*parts).inner_join(adsl.select(*KEYS, "TRTSDT"), KEYS)
    started = started.filter(compute_date(_.DTC, "last") > _.TRTSDT)
    first = started.group_by(KEYS).agg(NWTRSDT=compute_new_therapy_start(_.DTC, _.TRTSDT, rule).min())
    return join(adsl, first)


def _describe_disease(adsl: ir.Table, sdtm: Mapping[str, ir.Table]) -> ir.Table:
    """Facts of the diagnosis (supplemental qualifiers of MH) and of DM, and the groups made of them."""
    facts = (
        sdtm["SUPPMH"]
        .group_by(KEYS)
        .agg(**{name: _.QVAL.max(where=qualifier == _.QNAM) for name, qualifier in NEN_FACTS.items()})
    )
    adsl = join(adsl, facts)
    numbers = ["KI67", "PRIORLIN", "CGAXULN"]
    adsl = adsl.mutate(**{name: adsl[name].try_cast("float64") for name in numbers})
    return adsl.mutate(
        PRIORLIN=_.PRIORLIN.cast("int64"),
        AGEGR1=ibis.cases((_.AGE < 65, "<65"), (_.AGE >= 65, ">=65")),
        NENGRP=ibis.cases(
            (_.NENCLASS.isin(["NET G1", "NET G2"]), "NET G1/G2"),
            (_.NENCLASS == "NET G3", "NET G3"),
            (_.NENCLASS.startswith("NEC") | (_.NENCLASS == "MINEN"), "NEC/MiNEN"),
        ),
        PANCFL=ibis.cases((_.PRIMSITE.notnull(), flag(_.PRIMSITE == "PANCREAS"))),
        KI67GR1=ibis.cases((_.KI67 < 3, "<3"), (_.KI67 <= 20, "3-20"), (_.KI67 > 20, ">20")),
        LINE=ibis.cases((_.PRIORLIN == 0, "1"), (_.PRIORLIN == 1, "2"), (_.PRIORLIN >= 2, "3+")),
        METORGN=_count_organs(),
    )


def _describe_size_and_history(adsl: ir.Table, sdtm: Mapping[str, ir.Table]) -> ir.Table:
    """HEIGHT and WEIGHT at baseline, BMI, counts of conditions (MHN) and prior therapies (PRIORN).

    Size is the last vital sign on or before the first dose (W11), otherwise what was supplied with DM.
    """
    vs = sdtm["VS"].filter(_.VSTESTCD.isin(["HEIGHT", "WEIGHT"]) & _.VSSTRESN.notnull())
    vs = vs.inner_join(adsl.select(*KEYS, "TRTSDT"), KEYS)
    vs = vs.mutate(DATE=compute_date(vs.VSDTC, "first"))
    newest = ibis.window(group_by=[*KEYS, "VSTESTCD"], order_by=[ibis.desc("DATE"), ibis.desc("VSSEQ")])
    before = vs.filter(_.TRTSDT.isnull() | (_.DATE <= _.TRTSDT)).mutate(PLACE=ibis.row_number().over(newest))
    measured = before.filter(_.PLACE == 0).group_by(KEYS)
    measured = measured.agg(
        HEIGHT=_.VSSTRESN.max(where=_.VSTESTCD == "HEIGHT"),
        WEIGHT=_.VSSTRESN.max(where=_.VSTESTCD == "WEIGHT"),
    )
    supplied = sdtm["SUPPDM"].group_by(KEYS)
    supplied = supplied.agg(
        DM_HEIGHT=_.QVAL.max(where=_.QNAM == "HEIGHT"),
        DM_WEIGHT=_.QVAL.max(where=_.QNAM == "WEIGHT"),
        REGREAS=_.QVAL.max(where=_.QNAM == "REGREAS"),
    )
    history = sdtm["MH"].filter(_.MHCAT == "GENERAL MEDICAL HISTORY").group_by(KEYS).agg(MHN=_.count())
    rows = join(join(join(join(adsl, measured), supplied), history), _count_prior_therapies(sdtm))
    rows = rows.mutate(
        HEIGHT=_.HEIGHT.coalesce(_.DM_HEIGHT.try_cast("float64")),
        WEIGHT=_.WEIGHT.coalesce(_.DM_WEIGHT.try_cast("float64")),
        MHN=_.MHN.fill_null(0).cast("int64"),
        PRIORN=_.PRIORN.fill_null(0).cast("int64"),
    ).drop("DM_HEIGHT", "DM_WEIGHT")
    return rows.mutate(BMI=_.WEIGHT / (_.HEIGHT / 100) / (_.HEIGHT / 100))


def _count_prior_therapies(sdtm: Mapping[str, ir.Table]) -> ir.Table:
    prior = [
        sdtm[domain].filter(true(_[f"{domain}CAT"].upper().contains("PRIOR ANTI-CANCER"))).select(*KEYS)
        for domain in ("CM", "PR")
    ]
    return ibis.union(*prior).group_by(KEYS).agg(PRIORN=_.count())


def _count_organs() -> ir.IntegerValue:
    total = 0
    for organ in METASTATIC_ORGANS:
        total = total + ibis.ifelse(true(_[organ] == "Y"), 1, 0)
    return ibis.cases((_.NENCLASS.notnull(), total)).cast("int64")


def _baseline_ecog(rs: ir.Table, adsl: ir.Table) -> ir.Table:
    """Last ECOG performance status on or before first dose (W11)."""
    rows = rs.filter(_.RSTESTCD == "ECOG101").inner_join(adsl.select(*KEYS, "TRTSDT"), KEYS)
    rows = rows.mutate(DATE=compute_date(_.RSDTC, "first"), VALUE=_.RSSTRESC.try_cast("int64"))
    rows = rows.filter(_.VALUE.notnull() & (_.TRTSDT.isnull() | (_.DATE <= _.TRTSDT)))
    newest = ibis.window(group_by=KEYS, order_by=[ibis.desc("DATE"), ibis.desc("RSSEQ")])
    last = rows.mutate(PLACE=ibis.row_number().over(newest)).filter(_.PLACE == 0)
    return last.select(*KEYS, ECOGBL=_.VALUE)


def _flag_sets(adsl: ir.Table, ie: ir.Table) -> ir.Table:
    """Analysis sets and states that need no tumor record.

    Enrolled: consent and eligibility confirmed, by the milestone; where the tabulation has no milestone,
    whoever was assigned to a regimen or dosed.
    """
    violated = ie.group_by(KEYS).agg(SCRFREAS=_.IETESTCD.min())
    adsl = join(adsl, violated)
    failed = true(_.FAILED > 0) | true(_.ARMCODE.isin(["SCRNFAIL", "NOTASSGN"]))
    assigned = _.ARMCODE.notnull() & ~true(_.ARMCODE.isin(["SCRNFAIL", "NOTASSGN", ""]))
    adsl = adsl.mutate(
        SCRNFL=ibis.literal("Y"),
        SCRFFL=flag(failed),
        ENRLFL=flag(true(_.MILESTONES > 0) | (~failed & (assigned | _.TRTSDT.notnull()))),
        SAFFL=flag(_.TRTSDT.notnull()),
        EOTSTT=ibis.cases(
            (_.TRTSDT.isnull(), ibis.null("string")),
            (true(_.DCTREAS == "COMPLETED"), "COMPLETED"),
            (_.DCTREAS.notnull(), "DISCONTINUED"),
            else_="ONGOING",
        ),
        EOSSTT=ibis.cases(
            (true(_.DCSREAS == "COMPLETED"), "COMPLETED"),
            (_.DCSREAS.notnull(), "DISCONTINUED"),
            else_="ONGOING",
        ),
    )
    return adsl.mutate(FASFL=flag((_.ENRLFL == "Y") & (_.SAFFL == "Y"))).drop(
        "ARMCODE", "MILESTONES", "FAILED"
    )
