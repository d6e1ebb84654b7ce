"""All analysis data sets of a study, in the order in which they need each other."""

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.adae import build_adae
from grevy.adam.adcm import build_adcm, build_addv, build_admh, build_adpr
from grevy.adam.adecog import build_adecog
from grevy.adam.adeg import build_adcv, build_adeg
from grevy.adam.adex import PLANNED_DAILY_MG, build_adex
from grevy.adam.adlb import build_adlb
from grevy.adam.adqs import build_adqs
from grevy.adam.adrs import build_adrs
from grevy.adam.adsl import KEYS, build_adsl, flag, join
from grevy.adam.adtr import build_adtr
from grevy.adam.adtte import build_adtte
from grevy.adam.advs import build_advs
from grevy.adam.assessments import NE, true
from grevy.adam.cutoff import cut_off
from grevy.adam.tumor import TumorAnalysis, analyse_tumors
from grevy.definition import AnalysisPlan
from grevy.engine import Keep, run_program
from grevy.sdtm.domains import DOMAINS, build_empty


def build_adam(
    sdtm: Mapping[str, ir.Table],
    plan: AnalysisPlan,
    *,
    cutoff: date | None = None,
    keep: Keep | None = None,
) -> dict[str, ir.Table]:
    """Build the analysis data sets from conformed SDTM domains; a domain that nobody supplied is empty.

    Records dated after ``cutoff`` are invisible to every data set (W5). The statements are compiled once per
    columns of the domains, plan and cut-off. ``keep`` computes a table that several later steps read once,
    for a caller with an engine of its own.
    """
    missing = {name: build_empty(name) for name in DOMAINS if name not in sdtm}

    def derive(tables: dict[str, ir.Table], keep: Keep) -> dict[str, ir.Table]:
        return _derive_data_sets(tables, plan, cutoff, keep)

    if keep is not None:
        return derive({**sdtm, **missing}, keep)
    return run_program({**sdtm, **missing}, derive, (repr(plan), cutoff))


def _derive_data_sets(
    sdtm: dict[str, ir.Table], plan: AnalysisPlan, cutoff: date | None, keep: Keep
) -> dict[str, ir.Table]:
    sdtm = cut_off(sdtm, cutoff) if cutoff else sdtm
    adsl = build_adsl(sdtm, plan, cutoff, keep=keep)
    analysis = analyse_tumors(sdtm["TU"], sdtm["TR"], sdtm["RS"], adsl, plan, keep=keep)
    adex = keep(build_adex(sdtm["EX"], adsl, plan, cutoff, da=sdtm["DA"]))
    adsl = keep(add_tumor_flags(adsl, analysis))
    adsl = keep(flag_per_protocol(adsl, adex, sdtm["DV"], plan))
    adtr = keep(build_adtr(analysis))
    adrs = keep(build_adrs(analysis, adtr, keep=keep))
    adae = keep(build_adae(sdtm["AE"], adsl, plan))
    adqs = keep(build_adqs(sdtm["QS"], adsl, plan, keep=keep))
    return {
        "ADSL": adsl,
        "ADTR": adtr,
        "ADRS": adrs,
        "ADTTE": keep(build_adtte(analysis, adsl, adrs, plan, adae=adae, adqs=adqs, keep=keep)),
        "ADAE": adae,
        "ADEX": adex,
        "ADCM": keep(build_adcm(sdtm["CM"], adsl, plan)),
        "ADMH": keep(build_admh(sdtm["MH"], adsl)),
        "ADPR": keep(build_adpr(sdtm["PR"], adsl, plan)),
        "ADDV": keep(build_addv(sdtm["DV"], adsl)),
        "ADLB": keep(build_adlb(sdtm["LB"], adsl, plan, keep=keep)),
        "ADVS": keep(build_advs(sdtm["VS"], adsl, plan, keep=keep)),
        "ADEG": keep(build_adeg(sdtm["EG"], adsl, plan, keep=keep)),
        "ADCV": keep(build_adcv(sdtm["CV"], adsl, plan, keep=keep)),
        "ADECOG": keep(build_adecog(sdtm["RS"], adsl, plan, keep=keep)),
        "ADQS": adqs,
    }


def add_tumor_flags(adsl: ir.Table, analysis: TumorAnalysis) -> ir.Table:
    """Add BLSCANFL, MEASFL, the response-evaluable set and EARLYNT (Y: other therapy before any assessment).

    Response-evaluable: measurable at baseline and an adequate assessment later, or death before one.
    """
    assessed = analysis.responses.group_by("SUBJECT").agg(
        ADEQUATE=_.ASMT.count(where=_.RESPONSE != NE), FIRST=_.DAY.min()
    )
    facts = analysis.subjects.left_join(assessed, "SUBJECT").select(
        "STUDYID",
        "USUBJID",
        "HAS_BASELINE",
        "MEASURABLE",
        "ADEQUATE",
        "DEATH_DAY",
        "NEW_THERAPY_DAY",
        "FIRST",
    )
    flagged = join(adsl, facts).mutate(
        BLSCANFL=flag(_.HAS_BASELINE),
        MEASFL=flag(_.MEASURABLE),
        RSPEVFL=flag((_.FASFL == "Y") & _.MEASURABLE & (true(_.ADEQUATE > 0) | _.DEATH_DAY.notnull())),
        EARLYNT=flag(ibis.coalesce(_.FIRST, 1) > _.NEW_THERAPY_DAY),
    )
    return flagged.drop("HAS_BASELINE", "MEASURABLE", "ADEQUATE", "DEATH_DAY", "NEW_THERAPY_DAY", "FIRST")


def flag_per_protocol(adsl: ir.Table, adex: ir.Table, dv: ir.Table, plan: AnalysisPlan) -> ir.Table:
    """Add PPROTFL and PPROTRES, the first reason for which a subject of the FAS is not in the set.

    Per-protocol: no criterion of eligibility violated, started at the dose of the regimen, at least half of
    the planned dose in the first 8 weeks (the plan says which), no other therapy before the first tumor
    assessment, no deviation recorded as major. What cannot be judged excludes nobody.
    """
    exposure = adex.group_by(KEYS).agg(
        STRTDOSE=_.AVAL.max(where=_.PARAMCD == "STRTDOSE"), EARLY=_.AVAL.max(where=_.PARAMCD == "RDIEARLY")
    )
    major = dv.filter(true(dv.DVSCAT.upper().contains("MAJOR")) | true(dv.DVCAT.upper().contains("MAJOR")))
    rows = join(join(adsl, exposure), major.group_by(KEYS).agg(MAJOR=_.count()))
    planned = rows.COHORT.cases(*PLANNED_DAILY_MG.items()).cast("float64")
    wrong_dose = planned != rows.STRTDOSE
    if not plan.value("sets.starting_dose"):
        wrong_dose = ibis.literal(False)
    least = float(plan.value("sets.minimum_intensity"))
    reason = ibis.cases(
        (rows.FASFL != "Y", ibis.null("string")),
        (rows.SCRFREAS.notnull(), "Eligibility criterion violated"),
        (true(wrong_dose), "Starting dose not that of the regimen"),
        (true(least > rows.EARLY), "Dose intensity of the first weeks too low"),
        (rows.EARLYNT == "Y", "Other therapy before the first assessment"),
        (true(rows.MAJOR > 0), "Major protocol deviation"),
    )
    return rows.mutate(
        PPROTFL=flag((rows.FASFL == "Y") & reason.isnull()),
        PPROTRES=reason,
        ASEQ=ibis.literal(1, "int64"),
    ).drop("STRTDOSE", "EARLY", "MAJOR", "EARLYNT")
