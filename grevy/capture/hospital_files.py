"""Tables that hospitals export: CSV in the encodings met in China, and Excel, read as text.

A table is refused whole, with every place that cannot be read, where a reader would have to guess: merged
cells, formulas, two columns of one name, an unknown encoding.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException

from grevy.definition.words import Text

MOST_BYTES = 10_000_000
MOST_ROWS = 10_000
ENCODINGS = ("utf-8-sig", "gb18030")
"""GB18030 reads every GBK and GB2312 file as well."""
MOST_TOLD = 20


@dataclass(frozen=True)
class Sheet:
    """A table as text: the names of its columns and its rows, each as long as the names."""

    name: str
    sha256: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def signature(self) -> str:
        """What tells one layout of columns from another, whatever the rows."""
        return hashlib.sha256("\x1f".join(self.header).encode()).hexdigest()


class FileRefused(Exception):
    """A file that cannot be read without guessing; `messages` say where, what was found, what to do."""

    def __init__(self, *messages: Text) -> None:
        self.messages = messages
        super().__init__(f"{len(messages)} problems")


def read_sheet(name: str, content: bytes) -> Sheet:
    """The table of a CSV or Excel file. Raises FileRefused."""
    if len(content) > MOST_BYTES:
        raise FileRefused(
            Text(
                en=f"The file has {len(content)} bytes; allowed: {MOST_BYTES}. Export a shorter time.",
                zh=f"文件大小为 {len(content)} 字节，上限 {MOST_BYTES} 字节。请缩短导出的时间范围。",
            )
        )
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise FileRefused(
            Text(
                en="This is an Excel file of the old kind (.xls). Save it as .xlsx or CSV.",
                zh="这是旧版 Excel 文件（.xls）。请另存为 .xlsx 或 CSV。",
            )
        )
    rows = _read_excel(content) if zipfile.is_zipfile(io.BytesIO(content)) else _read_csv(content)
    return _checked(name, content, rows)


def _checked(name: str, content: bytes, rows: list[list[str]]) -> Sheet:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        raise FileRefused(
            Text(
                en="The file has no rows under a line of column names.",
                zh="文件中没有数据：需要一行列名和至少一行数据。",
            )
        )
    if len(filled) - 1 > MOST_ROWS:
        raise FileRefused(
            Text(
                en=f"The file has {len(filled) - 1} rows; allowed: {MOST_ROWS}. Export a shorter time.",
                zh=f"文件共 {len(filled) - 1} 行，上限 {MOST_ROWS} 行。请缩短导出的时间范围。",
            )
        )
    header = tuple(cell.strip() for cell in filled[0])
    while header and not header[-1]:
        header = header[:-1]
    _check_header(header)
    long = [number for number, row in enumerate(filled[1:], 2) if any(c.strip() for c in row[len(header) :])]
    if long:
        told = ", ".join(map(str, long[:MOST_TOLD]))
        raise FileRefused(
            Text(
                en=f"Rows {told} have more cells than there are column names. Mend the export.",
                zh=f"第 {told} 行的单元格数多于列名数，请修正导出文件。",
            )
        )
    width = len(header)
    data = tuple(tuple(cell.strip() for cell in (row + [""] * width)[:width]) for row in filled[1:])
    return Sheet(name, hashlib.sha256(content).hexdigest(), header, data)


def _check_header(header: tuple[str, ...]) -> None:
    empty = [str(place) for place, name in enumerate(header, 1) if not name]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if empty:
        raise FileRefused(
            Text(
                en=f"Columns {', '.join(empty)} have no name in the first row. Name them.",
                zh=f"第 {'、'.join(empty)} 列在首行没有列名，请补充。",
            )
        )
    if twice:
        raise FileRefused(
            Text(
                en=f"Two columns have the same name: {', '.join(twice)}. Give each its own.",
                zh=f"列名重复：{'、'.join(twice)}。请使用不同的列名。",
            )
        )


# ---- CSV -----------------------------------------------------------------------------------------------


def _read_csv(content: bytes) -> list[list[str]]:
    text = _decode(content)
    if "\x00" in text:
        raise FileRefused(Text(en="This is neither CSV nor Excel.", zh="该文件既不是 CSV 也不是 Excel。"))
    first = text.split("\n", 1)[0]
    separator = max(",\t;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FileRefused(
            Text(
                en=f"The file is no CSV that can be read ({error}). Export it again.",
                zh=f"CSV 文件无法读取（{error}）。请重新导出。",
            )
        ) from error


def _decode(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        Text(
            en="The text is neither in UTF-8 nor in GB18030. Save the file as CSV UTF-8.",
            zh="文件编码既不是 UTF-8 也不是 GB18030。请另存为 CSV UTF-8。",
        )
    )


# ---- Excel ---------------------------------------------------------------------------------------------


def _read_excel(content: bytes) -> list[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content))
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise FileRefused(
            Text(en="The Excel file is damaged. Save it again.", zh="Excel 文件已损坏，请重新保存。")
        ) from error
    sheet = book.worksheets[0]
    merged = [str(part) for part in sheet.merged_cells.ranges]
    formulas = [
        cell.coordinate for row in sheet.iter_rows() for cell in row if getattr(cell, "data_type", "") == "f"
    ]
    messages = []
    if merged:
        told = ", ".join(merged[:MOST_TOLD])
        messages.append(
            Text(
                en=f"Merged cells: {told}. Unmerge them, each row with its own values.",
                zh=f"存在合并单元格：{told}。请取消合并，并使每行各有其值。",
            )
        )
    if formulas:
        told = ", ".join(formulas[:MOST_TOLD])
        messages.append(
            Text(
                en=f"Formulas in {told}. Paste them as values.",
                zh=f"以下单元格为公式：{told}。请粘贴为数值。",
            )
        )
    if messages:
        raise FileRefused(*messages)
    return [[_cell_text(cell) for cell in row] for row in sheet.iter_rows()]


def _cell_text(cell: Cell) -> str:
    """A cell as it would be typed: a date in ISO 8601, a number with the digits it has."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    return str(value)
