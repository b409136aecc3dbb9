"""The sheets of a workbook: fonts, borders, widths, printing, and cells in which text can only be text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import islice
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from dangjian_check.reports.base import clean

MOST_ROWS = 1_000_000
_MOST_TEXT = 32_767
_MOST_NAME = 31
_MOST_HEIGHT = 400
_LONGEST = 3000
_LINE = 14.5
_NOT_IN_NAMES = str.maketrans("[]:*?/\\'", "（）：×？－－’")
_CUT = "…（过长，已截短）"
_BODY = {"font_name": "宋体", "font_size": 10, "font_family": 3, "font_charset": 134, "valign": "vcenter"}
_BOX = {"border": 1, "border_color": "#A6A6A6", "text_wrap": True}
_BLACK = {"font_name": "黑体", "font_family": 3}
LOOKS: dict[str, dict[str, Any]] = {
    "": {**_BOX, "align": "left"},
    "middle": {**_BOX, "align": "center"},
    "number": {**_BOX, "align": "center"},
    "strong": {**_BOX, **_BLACK, "align": "center", "bg_color": "#F2F2F2"},
    "critical": {**_BOX, "align": "center", "bg_color": "#F6D5D5"},
    "major": {**_BOX, "align": "center", "bg_color": "#FBE5D2"},
    "minor": {**_BOX, "align": "center", "bg_color": "#FDF6DC"},
    "info": {**_BOX, "align": "center", "bg_color": "#E6EFF7"},
    "fill": {**_BOX, "align": "left", "bg_color": "#FBFBF3", "locked": False},
    "choose": {**_BOX, "align": "center", "bg_color": "#FBFBF3", "locked": False},
    "day": {**_BOX, "align": "center", "bg_color": "#FBFBF3", "num_format": "yyyy-mm-dd", "locked": False},
    "faint": {"font_size": 8, "font_color": "#808080", "align": "left"},
    "title": {**_BLACK, "font_size": 16, "align": "center"},
    "under": {"font_size": 10, "font_color": "#404040", "align": "center", "text_wrap": True},
    "block": {**_BLACK, "font_size": 11, "align": "left"},
    "head": {**_BOX, **_BLACK, "align": "center", "bg_color": "#DCE6F1"},
    "plain": {"align": "left", "text_wrap": True, "valign": "top"},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with one of the `LOOKS`; a bare value takes that of its column."""

    value: Value
    look: str


Value = str | int | Fraction | None
Row = Sequence[Value | Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, look, and the width its content may take; beyond that it wraps. ``choices`` make a
    drop-down list."""

    title: str
    look: str = ""
    least: int = 6
    most: int = 40
    choices: tuple[str, ...] = ()
    printed: bool = True


class Book:
    """A workbook in memory. The same calls give the same bytes: no clock, no temporary file."""

    def __init__(self, title: str, day: date) -> None:
        self._buffer = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": "宋体", "font_size": 10},
        }
        self._book = xlsxwriter.Workbook(self._buffer, options)
        made = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
        self._book.set_properties({
            "title": clean(title),
            "subject": "dj-check.report",
            "author": "dj-check",
            "created": made,
        })
        self._formats: dict[tuple[str, str], Any] = {}
        self._names: set[str] = set()

    def format(self, look: str, number: str = "") -> Any:
        """The cell format of a look, made once."""
        key = (look, number)
        if key not in self._formats:
            shown = {"num_format": number} if number else {}
            self._formats[key] = self._book.add_format({**_BODY, **LOOKS[look], **shown})
        return self._formats[key]

    def page(self, name: str) -> Page:
        """A new sheet, under a name that Excel accepts and no other sheet bears."""
        return Page(self, self._book.add_worksheet(self._free(legal_name(name))))

    def _free(self, name: str) -> str:
        found, number = name, 1
        while found.casefold() in self._names:
            number += 1
            ending = f"（{number}）"
            found = _cut(name, _MOST_NAME - len(ending)) + ending
        self._names.add(found.casefold())
        return found

    def close(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._buffer.getvalue()


def legal_name(text: str) -> str:
    """A sheet name that Excel accepts: at most 31 units, none of ``[]:*?/\\``, no apostrophe, not empty."""
    name = _cut(clean(text).translate(_NOT_IN_NAMES).strip(), _MOST_NAME)
    return name if name and name.casefold() != "history" else "未命名"


def _cut(text: str, units: int) -> str:
    """Text cut to so many UTF-16 units, as Excel counts; never half a character."""
    return text.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore")


def cell_text(text: str) -> str:
    """Text as a cell can hold it: harmless, and at most as long as Excel allows."""
    shown = clean(text)
    if len(shown) * 2 <= _MOST_TEXT or len(shown.encode("utf-16-le")) // 2 <= _MOST_TEXT:
        return shown
    return _cut(shown, _MOST_TEXT - len(_CUT)) + _CUT


def lines(value: Value, width: float) -> int:
    """How many lines a value takes in a cell of that width."""
    if not isinstance(value, str):
        return 1
    return max(1, -(-cell_len(value[:_LONGEST]) // max(1, int(width) - 1)))


class Page:
    """One sheet."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book = book
        self.sheet = sheet

    def put(self, row: int, column: int, value: Value, look: str) -> None:
        """One cell: text as text, numbers as numbers with at most two places shown."""
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, self._book.format(look))
        elif isinstance(value, str):
            self.sheet.write_string(row, column, cell_text(value), self._book.format(look))
        else:
            self.sheet.write_number(row, column, float(value), self._book.format(look, _number_format(value)))

    def merge(self, first: tuple[int, int], last: tuple[int, int], value: Value, look: str) -> None:
        """One cell over several."""
        if first != last:
            self.sheet.merge_range(*first, *last, "", self._book.format(look))
        self.put(*first, value, look)

    def height(self, row: int, needed: int) -> None:
        """Room for so many lines: not every program sees to that itself, and none for merged cells."""
        self.sheet.set_row(row, min(_MOST_HEIGHT, _LINE * needed + 4))

    def heading(self, title: str, under: str, columns: int) -> int:
        """The title of the table over its whole width; the row after it."""
        self.merge((0, 0), (0, columns - 1), title, "title")
        self.sheet.set_row(0, 30)
        self.merge((1, 0), (1, columns - 1), under, "under")
        return 2

    def head(self, row: int, titles: Iterable[str]) -> None:
        """A row of column headings."""
        for number, title in enumerate(titles):
            self.put(row, number, title, "head")
        self.sheet.set_row(row, 24)

    def widths(self, widths: Iterable[float]) -> None:
        for number, width in enumerate(widths):
            self.sheet.set_column(number, number, width)

    def printing(self, last_row: int, last_column: int, repeat: tuple[int, int] | None = None) -> None:
        """A4 across, one page wide, headings on every page, page numbers."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.center_horizontally()
        self.sheet.set_footer("&C第 &P 页，共 &N 页")
        self.sheet.print_area(0, 0, last_row, last_column)
        if repeat is not None:
            self.sheet.repeat_rows(*repeat)

    def table(self, title: str, under: str, columns: Sequence[Column], rows: Iterable[Row], frozen: int = 2) -> None:
        """A whole sheet that is one table: title, headings that stay in view, filters, drop-downs, printing."""
        listed = list(_limited(rows, len(columns)))
        widths = [_width(column, [row[i] for row in listed]) for i, column in enumerate(columns)]
        shown = sum(column.printed for column in columns)
        top = self.heading(title, under, shown)
        self.height(1, lines(under, sum(widths[:shown])))
        self.head(top, (column.title for column in columns))
        for number, row in enumerate(listed, top + 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                cell = value if isinstance(value, Cell) else Cell(value, column.look)
                self.put(number, place, cell.value, cell.look)
            self.height(number, max(_needed(value, widths[place]) for place, value in enumerate(row[:shown])))
        last = top + len(listed)
        self.widths(widths)
        self.sheet.freeze_panes(top + 1, frozen)
        self.sheet.autofilter(top, 0, last, len(columns) - 1)
        for place, column in enumerate(columns):
            if column.choices and listed:
                self._choices(top + 1, last, place, column)
        self.printing(last, shown - 1, (top, top))

    def _choices(self, first: int, last: int, place: int, column: Column) -> None:
        rule = {
            "validate": "list",
            "source": list(column.choices),
            "error_title": column.title,
            "error_message": f"请从下拉列表中选：{'、'.join(column.choices)}",
        }
        self.sheet.data_validation(first, place, last, place, rule)


def _limited(rows: Iterable[Row], columns: int) -> Iterator[Row]:
    """At most as many rows as Excel has; what is left out is said in the last one."""
    found = iter(rows)
    yield from islice(found, MOST_ROWS)
    rest = sum(1 for _ in found)
    if rest:
        yield [None, f"Excel 的行数不够，另有 {rest} 行没有写入，请分批核查", *[None] * (columns - 2)]


def _needed(value: Value | Cell, width: float) -> int:
    return lines(value.value if isinstance(value, Cell) else value, width)


def _width(column: Column, values: Iterable[Value | Cell]) -> float:
    """Wide enough for the content, within the bounds of the column."""
    plain = (value.value if isinstance(value, Cell) else value for value in values)
    needed = max((cell_len(value[:200]) for value in plain if isinstance(value, str)), default=0)
    return max(column.least, cell_len(column.title) + 3, min(column.most, needed + 2))


def _number_format(value: int | Fraction) -> str:
    """As many places as the number has, at most two."""
    hundredths = round(Fraction(value) * 100)
    if hundredths % 100 == 0:
        return "0"
    return "0.0" if hundredths % 10 == 0 else "0.00"
