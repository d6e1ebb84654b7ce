"""Results laid out as a report whose every number opens the records behind it. Computes nothing."""

from grevy.report.explain import explain
from grevy.report.page import write_report

__all__ = ["explain", "write_report"]
