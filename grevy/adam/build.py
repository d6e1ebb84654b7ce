"""All analysis data sets of a study, in the order in which they need each other."""

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.adam.adae import build_adae
from grevy.adam.adex import build_adex
from grevy.adam.adrs import build_adrs
from grevy.adam.adsl import build_adsl, flag, join
from grevy.adam.adtr import build_adtr
from grevy.adam.adtte import build_adtte
from grevy.adam.assessments import NE, true
from grevy.adam.cutoff import cut_off
from grevy.adam.engine import Keep, keep_beside
from grevy.adam.tumor import TumorAnalysis, analyse_tumors
from grevy.definition import AnalysisPlan


def build_adam(
    sdtm: Mapping[str, ir.Table],
    plan: AnalysisPlan,
    *,
    cutoff: date | None = None,
    keep: Keep | None = None,
) -> dict[str, ir.Table]:
    """Build ADSL, ADTR, ADRS, ADTTE, ADAE and ADEX from conformed SDTM domains.

    Records dated after ``cutoff`` are invisible to every data set (W5). ``keep`` computes a table that
    several later steps read once.
    """
    keep = keep or keep_beside(sdtm["DM"])
    sdtm = cut_off(sdtm, cutoff) if cutoff else dict(sdtm)
    adsl = build_adsl(sdtm, plan, cutoff, keep=keep)
    analysis = analyse_tumors(sdtm["TU"], sdtm["TR"], sdtm["RS"], adsl, plan, keep=keep)
    adsl = keep(add_tumor_flags(adsl, analysis))
    adtr = keep(build_adtr(analysis))
    adrs = keep(build_adrs(analysis, adtr, keep=keep))
    return {
        "ADSL": adsl,
        "ADTR": adtr,
        "ADRS": adrs,
        "ADTTE": keep(build_adtte(analysis, adsl, adrs, plan, keep=keep)),
        "ADAE": keep(build_adae(sdtm["AE"], adsl, plan)),
        "ADEX": keep(build_adex(sdtm["EX"], adsl, plan, cutoff)),
    }


def add_tumor_flags(adsl: ir.Table, analysis: TumorAnalysis) -> ir.Table:
    """Add BLSCANFL, MEASFL and the response-evaluable and per-protocol sets.

    Response-evaluable: measurable at baseline and an adequate assessment later, or death before one.
    Per-protocol: no criterion violated, and no other therapy before the first assessment.
    """
    assessed = analysis.responses.group_by("SUBJECT").agg(
        ADEQUATE=_.ASMT.count(where=_.RESPONSE != NE), FIRST=_.DAY.min()
    )
    facts = analysis.subjects.left_join(assessed, "SUBJECT").drop("SUBJECT_right")
    facts = facts.select(
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
        PPROTFL=flag(
            (_.FASFL == "Y") & _.SCRFREAS.isnull() & ~true(ibis.coalesce(_.FIRST, 1) > _.NEW_THERAPY_DAY)
        ),
        ASEQ=ibis.literal(1, "int64"),
    )
    return flagged.drop("HAS_BASELINE", "MEASURABLE", "ADEQUATE", "DEATH_DAY", "NEW_THERAPY_DAY", "FIRST")
