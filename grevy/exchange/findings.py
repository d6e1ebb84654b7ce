"""What is wrong with a file: where, how many rows, what was found, what is allowed, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One mistake of one file, or one note about it, in words a data manager can act on."""

    file: str
    domain: str
    variable: str
    found: str
    allowed: str
    advice: str
    rows: int = 0

    def __str__(self) -> str:
        """`ae.xpt, AE.AESTDTC, 3 rows: found '2024-02-30' (row 17); allowed: a real date. Correct it ...`"""
        place = ".".join(part for part in (self.domain, self.variable) if part)
        rows = f"{self.rows} row{'s' if self.rows != 1 else ''}" if self.rows else ""
        where = ", ".join(part for part in (self.file, place, rows) if part)
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{where}: {self.found}{allowed}. {self.advice}"


class ExchangeErrors(ValueError):
    """All mistakes of the files at once; nothing was read or written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class UnreadableFile(Exception):
    """A file that is not what its name says; the text tells what is wrong."""
