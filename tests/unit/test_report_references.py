"""Places that a checklist names: each followed by its page where the document prints it."""

import pytest

from grevy.report.references import PageOf, bookmark_of, measure_out, read_places, write_out
from grevy.report.result_rows import ResultRow
from grevy.results.rows import SCHEMA

EMPTY = ResultRow(*[None] * len(SCHEMA), 0)
ITEM = EMPTY._replace(
    output_id="TX9.1",
    row_id="6",
    column_id="WHERE",
    operation="place",
    value_text="Report draft, 9.3, Table 14.1.10",
)


def said(language, printed):
    return "".join(
        f"<{part.target}>" if isinstance(part, PageOf) else part.replace("\u00a0", " ")
        for part in write_out(read_places(ITEM), language, printed)
    )


def test_a_place_is_followed_by_its_page_where_it_is_printed():
    assert said("en", {"T14.1.10"}) == "Report draft, 9.3, Table 14.1.10 (p. <T14.1.10>)"
    assert (
        said("zh", {"T14.1.10", "DRAFT:9.3"}) == "报告草案9.3（第<DRAFT:9.3>页）、表14.1.10（第<T14.1.10>页）"
    )
    assert said("en", ()) == ITEM.value_text


def test_a_number_is_not_parted_from_its_kind_nor_from_its_page():
    parts = write_out(read_places(ITEM), "en", {"T14.1.10"})
    assert measure_out(parts).split(" ")[-1] == "Table\u00a014.1.10\u00a0(p.\u00a0000)"


@pytest.mark.parametrize(
    "other",
    [{"value_text": "Table 14.1.9"}, {"row_id": "99"}, {"output_id": "T14.1.1"}, {"column_id": "AUTHOR"}],
)
def test_a_row_that_says_something_else_names_no_place(other):
    """Results of an older list are printed as they are."""
    assert read_places(ITEM._replace(**other)) == ()


def test_bookmarks_have_letters_digits_and_low_lines_only():
    assert bookmark_of("T14.2.12.1") == "out_T14_2_12_1"
    assert bookmark_of("DRAFT:9.3") == "part_9_3"
