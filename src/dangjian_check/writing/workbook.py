"""A record as a workbook for Excel and WPS: filled, or empty as a template with drop-downs."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from rich.cells import cell_len

from dangjian_check.model.columns import Column, columns
from dangjian_check.model.record import Branch
from dangjian_check.model.vocabulary import ACTIVITY_TYPES
from dangjian_check.writing.tables import ABOUT, Data, Table, about, tables

TEMPLATE = ("activities", "members", "committee", "groups", "talks", "training", "plans", "dues", "development",
            "documents", "issues")  # fmt: skip
GUIDE, CHOICES = "填写说明", "选项"
_GUIDE = (
    "一、一张表记一类事，一行记一件事。列名不要改，用不着的列、用不着的表可以删掉，也可以空着。",
    "二、日期写成 2024-03-05（写成 2024年3月5日、2024/3/5 也读得出）。看不出年份的日期会被退回。",
    "三、人数写数字；名单用“、”隔开，事由写在括号里：张三（病假）、李四。没有人缺席写“无”。",
    "四、一次活动兼几种会的，在“类型”里用“、”写在一起：主题党日、党课。",
    "五、空着的表当作没有记；确实一次也没有的，在列名下面写“无”。",
    "六、“基本情况”里的“记全期间”是说这本台账从哪天到哪天记全了，例如 2024-01-01至2024-12-31。",
    "七、填好以后运行：dj-check audit 台账.xlsx",
)
_FONT = "等线"
_WIDTHS = {"day": 12, "clock": 9, "whole": 9, "number": 9, "yes_no": 9, "types": 16, "texts": 20, "people": 18,
           "count_or_people": 20, "period": 11, "choice": 11, "text": 18, "nested": 28, "many": 28,
           "steps": 28}  # fmt: skip
_OWN_WIDTHS = {
    "topic": 28,
    "agenda": 30,
    "remark": 18,
    "title": 28,
    "items": 30,
    "elements": 30,
    "host": 9,
    "recorder": 9,
    "lecturer": 9,
    "group": 10,
    "place": 14,
    "tags": 12,
    "evidence": 12,
    "name": 10,
    "reason": 14,
}
_ROWS, _WIDE = 500, 14
_CREATED = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def workbook(data: Data | None, branch: Data | None = None) -> bytes:
    """The record as a workbook; None gives the template, with what is known of the branch. The same record gives the
    same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": "党支部工作台账", "author": "dj-check", "created": _CREATED})
    pen = _Pen(book)
    if data is None:
        pen.guide()
    name, rows = about(data or {"branch": branch or {}})
    pen.about(name, rows)
    for table in tables(data or {}, usual=TEMPLATE if data is None else ()):
        pen.table(table)
    pen.choices()
    book.close()
    return buffer.getvalue()


class _Pen:
    """Draws sheets in one style."""

    def __init__(self, book: Any) -> None:
        self.book = book
        plain = {"font_name": _FONT, "font_size": 11, "valign": "top"}
        self.text = book.add_format({**plain, "text_wrap": True})
        self.day = book.add_format({**plain, "num_format": "yyyy-mm-dd", "align": "left"})
        self.count = book.add_format({**plain, "align": "center"})
        self.head = book.add_format(
            {**plain, "bold": True, "bg_color": "#F2DCDB", "border": 1, "border_color": "#BFBFBF", "text_wrap": True,
             "align": "center", "valign": "vcenter"}
        )  # fmt: skip
        self.label = book.add_format({
            **plain,
            "bold": True,
            "bg_color": "#F2F2F2",
            "border": 1,
            "border_color": "#BFBFBF",
        })
        self.value = book.add_format({**plain, "border": 1, "border_color": "#BFBFBF", "text_wrap": True})
        self.value_day = book.add_format({
            **plain,
            "border": 1,
            "border_color": "#BFBFBF",
            "num_format": "yyyy-mm-dd",
            "align": "left",
        })
        self.title = book.add_format({**plain, "bold": True, "font_size": 16})

    def guide(self) -> None:
        sheet = self.book.add_worksheet(GUIDE)
        sheet.set_column(0, 0, 96)
        sheet.write_string(0, 0, "党支部工作台账", self.title)
        for row, line in enumerate(_GUIDE, 2):
            sheet.write_string(row, 0, line, self.text)

    def about(self, name: str, rows: list[tuple[str, Any]]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 52)
        for row, (label, value) in enumerate(rows):
            sheet.write_string(row, 0, label, self.label)
            self._write(sheet, row, 1, value, self.value_day if isinstance(value, date) else self.value)
            if name == ABOUT and label == "支部类型":
                kinds = next(c.options for c in columns(Branch) if c.path == "type")
                self._offer(sheet, row, 1, row, list(kinds))
        _on_paper(sheet, landscape=False)

    def table(self, table: Table) -> None:
        sheet = self.book.add_worksheet(table.name)
        for position, title in enumerate(table.headings()):
            sheet.write_string(0, position, title, self.head)
        sheet.set_column(0, 0, 6, self.count)
        for position, column in enumerate(table.columns, 1):
            wanted = _OWN_WIDTHS.get(column.path, _WIDTHS.get(column.kind, 14))
            width = max(wanted, min(22, cell_len(column.words[0]) + 3))
            sheet.set_column(position, position, width, self.day if column.kind == "day" else self.text)
            self._choose(sheet, position, column)
        body = table.body()
        for row, cells in enumerate(body, 1):
            for position, value in enumerate(cells):
                self._write(sheet, row, position, value, None)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(body), 1), len(table.columns))
        sheet.repeat_rows(0)
        _on_paper(sheet, landscape=True, wide=len(table.columns) > _WIDE)

    def _write(self, sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, style or self.day)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, style or (self.count if column == 0 else self.text))
        elif value != "":
            sheet.write_string(row, column, value, style or self.text)
        elif style is not None:
            sheet.write_blank(row, column, None, style)

    def _choose(self, sheet: Any, position: int, column: Column) -> None:
        if column.kind == "types":
            source = f"={CHOICES}!$A$1:$A${len(ACTIVITY_TYPES)}"
            self._offer(sheet, 1, position, _ROWS, source)
        elif column.kind == "yes_no":
            self._offer(sheet, 1, position, _ROWS, ["是", "否"])
        elif column.options:
            self._offer(sheet, 1, position, _ROWS, list(column.options))

    def _offer(self, sheet: Any, first: int, column: int, last: int, source: Any) -> None:
        """A drop-down that offers and does not forbid: a cell may name two types."""
        offer = {"validate": "list", "source": source, "error_type": "information", "show_error": False}
        sheet.data_validation(first, column, last, column, offer)

    def choices(self) -> None:
        sheet = self.book.add_worksheet(CHOICES)
        sheet.hide()
        for row, word in enumerate(ACTIVITY_TYPES):
            sheet.write_string(row, 0, word)


def _on_paper(sheet: Any, *, landscape: bool, wide: bool = False) -> None:
    """A4, or A3 for a table too wide to be read on A4."""
    sheet.set_paper(8 if wide else 9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
