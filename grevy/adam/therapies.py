"""Which records of medications and procedures are a new anti-cancer therapy."""

import ibis
import ibis.expr.types as ir

from grevy.definition import AnalysisPlan


def is_new_therapy(records: ir.Table, domain: str, plan: AnalysisPlan) -> ir.BooleanValue:
    """A record of CM or PR whose category or subcategory has one of the words that the plan gives."""
    text = (records[f"{domain}CAT"].fill_null("") + "|" + records[f"{domain}SCAT"].fill_null("")).upper()
    return ibis.or_(*(text.contains(word.upper()) for word in plan.new_therapy_categories))
