"""Results laid out as a report whose every number opens the records behind it. Computes nothing."""

from grevy.report.analysis_results import write_results_json
from grevy.report.carried_over import CannotCarryOver
from grevy.report.compare import Comparison, compare_runs, write_comparison
from grevy.report.comparison_text import tell_comparison
from grevy.report.document import describe_document
from grevy.report.documents import DOCUMENTS, Writers, write_documents
from grevy.report.explain import explain
from grevy.report.listing_views import view_listings
from grevy.report.page import hash_script, write_report
from grevy.report.shells import mask_results, name_shells

__all__ = [
    "DOCUMENTS",
    "CannotCarryOver",
    "Comparison",
    "Writers",
    "compare_runs",
    "describe_document",
    "explain",
    "hash_script",
    "mask_results",
    "name_shells",
    "tell_comparison",
    "view_listings",
    "write_comparison",
    "write_documents",
    "write_report",
    "write_results_json",
]
