"""The field's file formats: Parquet, Dataset-JSON 1.1, SAS transport, Define-XML 2.1. Derives nothing."""

from grevy.exchange.analysis import write_analysis
from grevy.exchange.arms import adopt_arms
from grevy.exchange.findings import ExchangeErrors, Finding
from grevy.exchange.gaps import Gap, describe_gaps, list_left_out
from grevy.exchange.tabulation import (
    FORMATS,
    UNDATED,
    Tabulation,
    TabulationErrors,
    identify_tabulation,
    read_tabulation,
    write_tabulation,
)
from grevy.exchange.terms import describe_terms

__all__ = [
    "FORMATS",
    "UNDATED",
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
    "write_analysis",
    "write_tabulation",
]
