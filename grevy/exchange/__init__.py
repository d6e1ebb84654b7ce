"""The field's file formats in and out: Parquet, Dataset-JSON 1.1, SAS transport (XPT v5). Derives nothing."""

from grevy.exchange.findings import ExchangeErrors, Finding
from grevy.exchange.tabulation import FORMATS, Tabulation, TabulationErrors, read_tabulation, write_tabulation

__all__ = [
    "FORMATS",
    "ExchangeErrors",
    "Finding",
    "Tabulation",
    "TabulationErrors",
    "read_tabulation",
    "write_tabulation",
]
