"""The parts of a Word document that its Python library does not write: fields, tables of numbers, rules.

Built as text and parsed once for each table: a call of the library for each cell costs seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from markupsafe import escape

from grevy.report.grid import Grid, Head, Line, Printed
from grevy.report.paging import INDENT, LEAST_ROWS, SEAM, UPRIGHT_ROOM, Widths, break_head
from grevy.report.references import bookmark_of

TWIPS_PER_MM = 1440 / 25.4
NAMESPACES = nsdecls("w")
TABLE_POINTS = 9.0
UNKNOWN_PAGE = "…"
THICK, HEAD, THIN = 6, 4, 3  # rules in eighths of a point
NUMBER_MARGIN, TEXT_MARGIN = 40, 100  # on the right of a cell, in twips: texts may fill theirs
MOST_KEPT, MOST_KEPT_ACROSS = 22, 16  # rows of a group that stay on one page, upright and landscape
SEPARATOR = '<w:spacing w:before="0" w:after="80" w:line="20" w:lineRule="exact"/>'


def run(text: str, *, bold: bool = False, raised: bool = False) -> str:
    """A run of text as XML; a blank at its end stays."""
    properties = ("<w:b/>" if bold else "") + ('<w:vertAlign w:val="superscript"/>' if raised else "")
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(_legal(text))}</w:t></w:r>'


def marked_run(text: str, marks: Mapping[str, str | None]) -> str:
    """A run with its marks: bold (b), italic (i), underlined (u), raised or lowered (vertAlign)."""
    properties = "".join(
        f"<w:{name}/>" if value is None else f'<w:{name} w:val="{escape(value)}"/>'
        for name, value in marks.items()
    )
    lines = (part.split("\t") for part in _legal(text).split("\n"))
    words = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in parts)
        for parts in lines
    )
    return f"<w:r><w:rPr>{properties}</w:rPr>{words}</w:r>"


def _legal(text: str) -> str:
    """Without the control characters that XML refuses."""
    return "".join(c for c in text if c >= " " or c in "\t\n")


def page_of(target: str) -> str:
    """The page of a place, which the reader's program counts when it opens the file."""
    return field(f"PAGEREF {bookmark_of(target)} \\h", UNKNOWN_PAGE, is_stale=True)


def field(code: str, shown: str, *, is_stale: bool = False) -> str:
    """A field with what it shows until the reader's program counts anew."""
    stale = ' w:dirty="true"' if is_stale else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{stale}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmark(name: str, number: int, inside: str) -> str:
    """A place that other fields can point at."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name="{escape(name)}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'
    )


def paragraph(style: str, inside: str, properties: str = "") -> Any:
    return parse_xml(
        f'<w:p {NAMESPACES}><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inside}</w:p>'
    )


def room_for_author(tag: str, shown: str) -> Any:
    """A content control for an author's text: its tag tells later programs what it is about."""
    return _control(
        tag, f'<w:p><w:pPr><w:pStyle w:val="ForAuthor"/></w:pPr>{run(shown)}</w:p>', "<w:showingPlcHdr/>"
    )


def text_of_author(tag: str, paragraphs: Iterable[str]) -> Any:
    """The same place with what an author wrote there, each paragraph as its runs."""
    style = '<w:pPr><w:pStyle w:val="Normal"/></w:pPr>'
    return _control(tag, "".join(f"<w:p>{style}{runs}</w:p>" for runs in paragraphs))


def _control(tag: str, inside: str, properties: str = "") -> Any:
    return parse_xml(
        f'<w:sdt {NAMESPACES}><w:sdtPr><w:tag w:val="{escape(tag)}"/>{properties}</w:sdtPr>'
        f"<w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    )


# ---- Tables ----------------------------------------------------------------------------------------------


def tables(grid: Grid, widths: Widths, mark: Callable[[str, str], str]) -> Iterator[Any]:
    """Real tables of fixed widths: heads that repeat, rows that do not break, groups that stay whole.

    A group that is longer than that has a table of its own, whose repeated head names it on every page.
    `mark` makes what a row stands for a bookmark.
    """
    columns = [_twips(width) for width in widths.all]
    right = TEXT_MARGIN if grid.is_of_words else NUMBER_MARGIN
    most = MOST_KEPT if sum(widths.all) <= UPRIGHT_ROOM + 1 else MOST_KEPT_ACROSS
    parts = _split_off_long_groups(grid.lines, most)
    for number, lines in enumerate(parts):
        if number:
            yield paragraph("TableText", "", SEPARATOR)
        is_end = number == len(parts) - 1
        named = 1 if _is_long(lines, most) else 0  # the heading stands in the head
        rows = [_spanner_row(grid, columns)] if grid.spanners else []
        rows.append(_head_row(grid, columns, widths, is_first=not grid.spanners))
        kept, last = keep_rows(lines, most), len(lines) - 1
        rows += [
            _body_row(
                line, columns, widths, grid, mark, keeps=kept[n], is_last=is_end and n == last,
                is_head=n < named,
            )
            for n, line in enumerate(lines)
        ]  # fmt: skip
        grid_columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
        yield parse_xml(
            f'<w:tbl {NAMESPACES}><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
            f'<w:right w:w="{right}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid_columns}</w:tblGrid>"
            f"{''.join(rows)}</w:tbl>"
        )


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines by group; a line outside of all groups stands for itself."""
    group: list[Line] = []
    for line in lines:
        if group and (line.begins_group or not line.indent):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _is_long(group: Sequence[Line], most: int) -> bool:
    head = group[0]
    return head.begins_group and not head.cells and len(next(_groups(group))) > most


def _split_off_long_groups(lines: Sequence[Line], most: int) -> list[list[Line]]:
    parts: list[list[Line]] = []
    for group in _groups(lines):
        if parts and not _is_long(group, most) and not _is_long(parts[-1], most):
            parts[-1] += group
        else:
            parts.append(group)
    return parts


def keep_rows(lines: Sequence[Line], most: int = MOST_KEPT) -> list[bool]:
    """Whether each row stays on the page of the next: short groups whole, no row alone, notes at the end."""
    kept: list[bool] = []
    for group in _groups(lines):
        size = len(group)
        kept += [
            size <= most or n < LEAST_ROWS or n == size - 2 or after.indent > 1
            for n, after in enumerate(group[1:])
        ] + [False]
    kept[0] = True
    kept[-2:] = [True] * len(kept[-2:])
    return kept


def _twips(millimeters: float) -> int:
    return round(millimeters * TWIPS_PER_MM)


def _row(cells: Iterable[str], *, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    width: int, inside: str, *, align: str = "left", properties: str = "", top: int = 0, bottom: int = 0,
    span: int = 1, low: bool = False,
) -> str:  # fmt: skip
    rules = (f'<w:top w:val="single" w:sz="{top}" w:color="1A1A1A"/>' if top else "") + (
        f'<w:bottom w:val="single" w:sz="{bottom}" w:color="1A1A1A"/>' if bottom else ""
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f"<w:tcBorders>{rules}</w:tcBorders>" if rules else "")
        + ('<w:vAlign w:val="bottom"/>' if low else "")
        + f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="TableText"/>{properties}<w:jc w:val="{align}"/></w:pPr>'
        f"{inside}</w:p></w:tc>"
    )


def _spanner_row(grid: Grid, columns: list[int]) -> str:
    cells, place = [_cell(columns[0], "", properties="<w:keepNext/>", top=THICK)], 1
    for label, width in grid.spanners:
        inside = run(label, bold=True) if label else ""
        cells.append(_cell(
            sum(columns[place : place + width]), inside, align="center", properties="<w:keepNext/>",
            span=width, top=THICK, bottom=THIN if label else 0,
        ))  # fmt: skip
        place += width
    return _row(cells, is_head=True)


def _head_row(grid: Grid, columns: list[int], widths: Widths, *, is_first: bool) -> str:
    rules = {"top": THICK if is_first else 0, "bottom": HEAD, "low": True, "properties": "<w:keepNext/>"}
    align = "left" if grid.is_of_words else "center"
    cells = [_cell(columns[0], run(grid.stub, bold=True), **rules)]
    cells += [
        _cell(width, _head(head, room), align=align, **rules)
        for head, width, room in zip(grid.heads, columns[1:], widths.columns, strict=True)
    ]
    return _row(cells, is_head=True)


def _head(head: Head, room: float) -> str:
    lines = [run(line, bold=True) for line in break_head(head.label, room, TABLE_POINTS)]
    return "<w:r><w:br/></w:r>".join([*lines, *([run(f"N = {head.n}")] if head.n else [])])


def _body_row(
    line: Line,
    columns: list[int],
    widths: Widths,
    grid: Grid,
    mark: Callable[[str, str], str],
    *,
    keeps: bool,
    is_last: bool,
    is_head: bool,
) -> str:
    bottom = THICK if is_last else 0
    keep = "<w:keepNext/>" if keeps else ""
    space = '<w:spacing w:before="60"/>' if line.begins_group else ""
    indent = f'<w:ind w:left="{_twips(INDENT * line.indent)}"/>' if line.indent else ""
    label = run(line.label, bold=line.begins_group)
    if line.stands_for:
        label = mark(line.stands_for, label)
    if not line.cells:
        return _row([_cell(
            sum(columns), label, properties=keep + space + indent, bottom=bottom, span=len(columns)
        )], is_head=is_head)  # fmt: skip
    cells = [_cell(columns[0], label, properties=keep + space + indent, bottom=bottom)]
    for place, cell in enumerate(line.cells):
        width = columns[place + 1]
        if grid.is_of_words or any(value.is_text for value in cell):
            align = "left" if grid.is_of_words else "center"
            inside = "<w:r><w:br/></w:r>".join(_words(value, line.is_bold) for value in cell)
            cells.append(_cell(width, inside, align=align, properties=keep + space, bottom=bottom))
        else:
            tabs = _tabs(cell, widths.seams[place], widths.percents[place])
            inside = "<w:r><w:br/></w:r>".join(_halves(value, line.is_bold) for value in cell)
            cells.append(_cell(width, inside, properties=keep + tabs + space, bottom=bottom))
    return _row(cells)


def _tabs(cell: tuple[Printed, ...], seam: float, percent_width: float) -> str:
    """Where left halves end and brackets begin; percents end under each other."""
    percent = any(value.is_percent for value in cell)
    kind, place = ("right", seam + SEAM + percent_width) if percent else ("left", seam + SEAM)
    return (
        f'<w:tabs><w:tab w:val="right" w:pos="{_twips(seam)}"/>'
        f'<w:tab w:val="{kind}" w:pos="{_twips(place)}"/></w:tabs>'
    )


def _halves(value: Printed, bold: bool) -> str:
    tab = "<w:r><w:tab/></w:r>"
    right = f"{tab}{_marked(value, value.right, bold)}" if value.right else _mark(value)
    return f"{tab}{run(value.left, bold=bold)}{right}"


def _words(value: Printed, bold: bool) -> str:
    """A text; where it names places, with their pages as fields."""
    if not value.parts:
        return _marked(value, value.text, bold)
    return "".join(run(part) if isinstance(part, str) else page_of(part.target) for part in value.parts)


def _marked(value: Printed, text: str, bold: bool) -> str:
    return run(text, bold=bold) + _mark(value)


def _mark(value: Printed) -> str:
    return run(value.mark, raised=True) if value.mark else ""
