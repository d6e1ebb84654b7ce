"""The field's file formats in and out: Parquet, Dataset-JSON 1.1, SAS transport (XPT v5). Derives nothing."""

from grevy.exchange.arms import adopt_arms
from grevy.exchange.findings import ExchangeErrors, Finding
from grevy.exchange.gaps import Gap, describe_gaps, list_left_out
from grevy.exchange.tabulation import (
    FORMATS,
    Tabulation,
    TabulationErrors,
    identify_tabulation,
    read_tabulation,
    write_tabulation,
)
from grevy.exchange.terms import describe_terms

__all__ = [
    "FORMATS",
    "ExchangeErrors",
    "Finding",
    "Gap",
    "Tabulation",
    "TabulationErrors",
    "adopt_arms",
    "describe_gaps",
    "describe_terms",
    "identify_tabulation",
    "list_left_out",
    "read_tabulation",
    "write_tabulation",
]
