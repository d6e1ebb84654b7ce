"""Interventions: EX for surufatinib as taken, CM for all other drugs, PR for procedures."""

import re

import ibis
import ibis.expr.types as ir
from ibis import _

from grevy.definition import Study
from grevy.sdtm.mapping import (
    FormTables,
    complete_variables,
    compute_submission,
    find_item,
    map_form,
    map_items,
    read_form,
    read_group,
)

_PROCEDURES = re.compile("SURGERY_.*|LIVER_DIRECTED|RADIOTHERAPY")
"""Types of prior therapy that are procedures; every other one is a drug."""
_NULL = ibis.null("string")


def build_exposure(tables: FormTables, study: Study) -> ir.Table:
    """EX: one row per interval at one dose; an interruption has 0 mg, an interval without end is ongoing."""
    intervals = map_items(read_form(tables, "surufatinib_dosing"), study, "surufatinib_dosing", "EX")
    return intervals.mutate(
        EXSPID=intervals.FORMSEQ.cast("string"),
        EXTRT=ibis.literal("SURUFATINIB"),
        EXDOSU=ibis.literal("mg"),
        EXDOSFRM=ibis.literal("CAPSULE"),
        EXDOSFRQ=intervals.EXDOSFRQ.coalesce("QD"),
        EXROUTE=ibis.literal("ORAL"),
    )


def build_therapies(tables: FormTables, study: Study) -> ir.Table:
    """CM: drugs before, beside and after surufatinib, and the partners of the combination.

    A partner is DECLARED with the regimen and ADMINISTERED as it was given.
    """
    parts = [
        map_form(tables, study, "subsequent_therapy", "CM").mutate(
            CMCAT=ibis.literal("SUBSEQUENT ANTI-CANCER THERAPY")
        ),
        _declared_partners(tables, study),
    ]
    if "concomitant_medication" in tables:
        parts.append(_concomitant_medications(tables, study))
    if "prior_therapy" in tables:
        parts.append(_prior_therapies(tables, study, "CM"))
    if "partner_dosing" in tables:
        parts.append(_administered_partners(tables, study))
    return ibis.union(*(part.select(*parts[0].columns) for part in parts))


def build_procedures(tables: FormTables, study: Study) -> ir.Table | None:
    """PR: prior surgery, radiotherapy and liver-directed therapy, and the procedures of the log."""
    parts = []
    if "prior_therapy" in tables:
        parts.append(_prior_therapies(tables, study, "PR"))
    if "procedure" in tables:
        parts.append(map_form(tables, study, "procedure", "PR").mutate(PRSPID=_.FORMSEQ.cast("string")))
    return ibis.union(*(part.select(*parts[0].columns) for part in parts)) if parts else None


def _declared_partners(tables: FormTables, study: Study) -> ir.Table:
    group = read_group(tables, "regimen_decision", "partners")
    rows = map_items(group, study, "regimen_decision", "CM", group="partners")
    # "other" is no name of a treatment: what the form does not name is submitted by its class
    return complete_variables(rows, "CM").mutate(
        CMTRT=ibis.coalesce(_.CMTRT.nullif("OTHER"), _.CMCLAS, _.CMTRT),
        CMCAT=ibis.literal("COMBINATION PARTNER"),
        CMSCAT=ibis.literal("DECLARED"),
    )


def _administered_partners(tables: FormTables, study: Study) -> ir.Table:
    rows = read_form(tables, "partner_dosing")
    drug = compute_submission(rows, study, "partner_dosing", "drug")
    named = ibis.coalesce(rows.other_drug.upper(), drug) if "other_drug" in rows.columns else drug
    mapped = map_items(rows.mutate(CMTRT=named), study, "partner_dosing", "CM")
    return complete_variables(mapped, "CM").mutate(
        CMCAT=ibis.literal("COMBINATION PARTNER"), CMSCAT=ibis.literal("ADMINISTERED")
    )


def _concomitant_medications(tables: FormTables, study: Study) -> ir.Table:
    """A medication that went on at the end of participation has no end but a point of reference."""
    rows = map_form(tables, study, "concomitant_medication", "CM")
    ongoing = rows.CMENRTPT == "Y"
    return rows.mutate(
        CMSPID=rows.FORMSEQ.cast("string"),
        CMENRTPT=ibis.ifelse(ongoing, "ONGOING", _NULL),
        CMENTPT=ibis.ifelse(ongoing, "END OF STUDY", _NULL),
    )


def _prior_therapies(tables: FormTables, study: Study, domain: str) -> ir.Table:
    """Prior lines: surgery, radiotherapy and what is done to the liver are procedures, the rest are drugs."""
    codes = study.codelists[str(find_item(study, "prior_therapy", "therapy_type").codelist)].codes
    procedures = [code.code for code in codes if _PROCEDURES.fullmatch(code.code)]
    is_procedure = _.therapy_type.isin(procedures)
    kept = tables["prior_therapy"].filter(is_procedure if domain == "PR" else ~is_procedure)
    rows = map_form({"prior_therapy": kept}, study, "prior_therapy", domain)
    kind = rows.CMCLAS if domain == "CM" else rows.PRSCAT
    # an agent that nobody knows any more is still known by the class of the therapy
    return rows.mutate(**{f"{domain}TRT": ibis.coalesce(rows[f"{domain}TRT"].nullif(""), kind)})
