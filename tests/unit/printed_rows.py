"""Result rows as a figure gets them, from the rows of an estimate."""

from grevy.report.result_rows import read_result_rows
from grevy.results.rows import Placed, Sources, build_rows


def print_rows(data, output_id, rows):
    """Number and store the rows of one output, and read them as the report does."""
    placed = [Placed(output_id, "FAS", (), row) for row in rows]
    return read_result_rows(build_rows(placed, Sources(data), "snapshot"))


def draw(figure, rows, language="en"):
    """The figure as text."""
    return str(figure(rows, language, is_simulated=True).markup("x", "t", "d", language))
