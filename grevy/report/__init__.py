"""Results laid out as a report whose every number opens the records behind it. Computes nothing."""

from grevy.report.document import describe_document
from grevy.report.documents import DOCUMENTS, write_documents
from grevy.report.explain import explain
from grevy.report.page import write_report

__all__ = ["DOCUMENTS", "describe_document", "explain", "write_documents", "write_report"]
