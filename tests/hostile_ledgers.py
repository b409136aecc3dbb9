"""Hostile and broken workbooks: sound ones altered, and those that are refused as a whole with a word of why."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import xlsxwriter

from ledgers.build import drawn, workbook
from program import TESTS

LEDGERS = TESTS / "ledgers"
SHEET = "xl/worksheets/sheet1.xml"
PLAIN = {"会议记录": "甲支部2024年会议记录|<|<\n日期|类型|议题\n@2024-01-05|支委会|年度计划\n@2024-02-05|支委会|走访"}
Change = Callable[[bytes], bytes]


def altered(raw: bytes, **changes: Change | None) -> bytes:
    """The archive with some members changed (``sheet1``, ``workbook`` …) or, for None, left out."""
    source, made = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            change = changes.get(Path(member.filename).stem, lambda content: content)
            if change is not None:
                archive.writestr(member.filename, change(source.read(member)))
    return made.getvalue()


def put(old: str, new: str) -> Change:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return change


def with_members(raw: bytes, members: dict[str, bytes]) -> bytes:
    made = io.BytesIO(raw)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def openpyxl_book(**cells: object) -> bytes:
    """A workbook by a library that never reckons its formulas."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "会议记录"
    for row in (["日期", "类型", "应到", "实到", "出勤率"], [date(2024, 1, 5), "支委会", 5, 4, 0.8]):
        sheet.append(row)
    for place, value in cells.items():
        sheet[place] = value
    book.save(made)
    return made.getvalue()


def drawn_book(text: str, name: str = "会议记录", **options: object) -> bytes:
    """A workbook of one sheet, written cell by cell as given; ``options`` are those of the library."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_numbers": False, **options})
    sheet, day = book.add_worksheet(name), book.add_format({"num_format": "yyyy-mm-dd"})
    for row, line in enumerate(drawn(text)):
        for column, value in enumerate(line):
            if value.startswith("@"):
                sheet.write_datetime(row, column, date.fromisoformat(value[1:]), day)
            elif value.startswith("#d"):
                sheet.write_number(row, column, float(value[2:]), day)
            elif value.startswith("#"):
                sheet.write_number(row, column, float(value[1:]))
            else:
                sheet.write_string(row, column, value)
    book.close()
    return made.getvalue()


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
RAW = workbook(PLAIN)
EVIL = b'<worksheet><sheetData><row r="9"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
REFUSED = {
    "a cell far out": (altered(RAW, sheet1=put("</sheetData>", FAR)), "单元格"),
    "far out in single quotes": (altered(RAW, sheet1=put("</sheetData>", FAR.replace('"', "'"))), "单元格"),
    "far out by its row": (
        altered(RAW, sheet1=put("</sheetData>", '<row r="999999999"><c><v>1</v></c></row></sheetData>')),
        "单元格",
    ),
    "far out behind an attribute with a bracket": (
        altered(RAW, sheet1=put("</sheetData>", FAR.replace("<c r=", '<c x="/>" r='))),
        "单元格",
    ),
    "far out in a part of another name": (with_members(RAW, {"xl/evil.xml": EVIL}), "单元格"),
    "beyond the last column": (altered(RAW, sheet1=put('r="A4"', 'r="ZZZZZZ4"')), "单元格"),
    "a bomb by its directory": (with_members(RAW, {"xl/sharedStrings2.xml": b"0" * (33 << 20)}), "展开后太大"),
    "hundreds of parts": (with_members(RAW, {f"xl/x{number}.xml": b"" for number in range(401)}), "展开后太大"),
    "another format beside": (with_members(RAW, {"xl/workbook.bin": b"x"}), "不是 Excel 工作簿"),
    "an archive of something else": (altered(RAW, workbook=None), "不是 Excel 工作簿"),
    "no sheets": (altered(RAW, sheet1=None), "损坏"),
    "cut short": (RAW[: len(RAW) // 2], "损坏"),
    "damaged within": (RAW[:200] + b"\xff" * 60 + RAW[260:], "损坏"),
    "broken XML": (altered(RAW, sheet1=put("<sheetData>", "<sheetData><row><c r=")), "损坏"),
    "a CSV file by another name": ("日期,类型\n".encode(), "不是 Excel 或 WPS 的工作簿"),
    "nothing at all": (b"", "不是 Excel 或 WPS 的工作簿"),
    "an old workbook cut short": ((LEDGERS / "支部台账.xls").read_bytes()[:3000], "损坏"),
    "an old workbook of noise": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(1).randbytes(4000), "损坏"),
    "a password": ((LEDGERS / "hostile" / "密码123456.xlsx").read_bytes(), "密码"),
}
