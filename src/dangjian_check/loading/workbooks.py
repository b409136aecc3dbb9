"""Workbooks of Excel and WPS (xlsx, xls, et) become sheets, each cell with what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from dangjian_check.errors import Location, Problem
from dangjian_check.loading import calamine
from dangjian_check.loading.archives import MAX_CELLS, TOO_MANY_CELLS, column_number, refused, repacked
from dangjian_check.loading.calamine import RawSheet
from dangjian_check.loading.files import OLE, ZIP
from dangjian_check.loading.sheets import Area, Lost, Sheet, filled
from dangjian_check.model.fields import shown

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TAG = rb"(?:[\w.-]+:)?"
_CELL = re.compile(rb"<" + _TAG + rb"c\b([^<>]*[^<>/])>(.*?)</" + _TAG + rb"c>", re.DOTALL)
_VALUE = re.compile(rb"<" + _TAG + rb"(?:v|is)\b[^<>]*>(.?)")
_RELATION = re.compile(rb"<" + _TAG + rb"Relationship\b[^<>]*>")
_SHEET = re.compile(rb"<" + _TAG + rb"sheet\b[^<>]*>")
_ATTRIBUTE = re.compile(rb"""\b([A-Za-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_VALUE = Lost("公式没有算好的值", "在 Excel 或 WPS 里打开，保存一次")
_ERROR = Lost("公式算出了错误", "改好公式，或直接填上内容")

# The hidden sheet of the template that holds the words of its drop-downs.
CHOICES = "选项"


def read_sheets(raw: bytes, file: str) -> tuple[list[Sheet], list[Problem]]:
    """The visible sheets of a workbook, and a note for each that is hidden.

    Raises `InputProblems` for what is no workbook, too large, protected by a password or damaged.
    """
    parts: dict[str, bytes] = {}
    if raw.startswith(ZIP):
        clean, archived = repacked(raw, file)
        found, parts = calamine.read(clean), _sheet_parts(archived)
    elif raw.startswith(OLE):
        found = "password" if _ENCRYPTED in raw else calamine.read_apart(raw)
    else:
        raise refused(file, ("不是 Excel 或 WPS 的工作簿", "用 Excel 或 WPS 打开后另存为 .xlsx"))
    if isinstance(found, str):
        raise refused(file, calamine.REFUSALS[found])
    sheets, hidden = found
    notes = [
        Problem.at(file, Location(1, 1, name), f"工作表 {shown(name)} 是隐藏的，没有读", "要读的，取消隐藏后保存")
        for name in hidden
        if name != CHOICES
    ]
    return [_sheet(sheet, parts.get(sheet.name, b""), file) for sheet in sheets], notes


def _sheet(sheet: RawSheet, xml: bytes, file: str) -> Sheet:
    rows = [[_unescaped(cell) for cell in row] for row in sheet.rows]
    for row, column, lost in _lost(xml):
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = lost
    if _merged(rows, sheet.areas) > MAX_CELLS:
        raise refused(file, TOO_MANY_CELLS)
    return filled(sheet.name, rows, sheet.areas, sheet.name)


def _merged(rows: list[list[Any]], areas: list[Area]) -> int:
    """How many cells filling the merged areas would write."""
    height, width = len(rows), max(map(len, rows), default=0)
    return sum(
        max(0, min(bottom + 1, height) - top) * max(0, min(right + 1, width) - left)
        for (top, left), (bottom, right) in areas
    )


def _unescaped(cell: Any) -> Any:
    """A cell whose text writes control characters as ``_x000D_``."""
    if not isinstance(cell, str) or "_x" not in cell:
        return cell
    return (
        _ESCAPED.sub(lambda m: chr(int(m[1], 16)), cell).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def _lost(xml: bytes) -> Iterator[tuple[int, int, Lost]]:
    """Row, column and reason of each cell whose formula was never reckoned or came to an error: it would read as
    empty."""
    if b"<f" not in xml and b":f" not in xml and b'"e"' not in xml and b"'e'" not in xml:
        return
    for match in _CELL.finditer(xml):
        attributes = _attributes(match[1])
        place = re.fullmatch(rb"([A-Za-z]{1,3})([0-9]{1,7})", attributes.get(b"r", b""))
        if place is None:
            continue
        value, kind = _VALUE.search(match[2]), attributes.get(b"t")
        empty = value is None or (kind != b"str" and value[1] in (b"", b"<"))
        if kind == b"e" or (empty and re.search(rb"<" + _TAG + rb"f\b", match[2])):
            yield int(place[2]) - 1, column_number(place[1]) - 1, _ERROR if kind == b"e" else _NO_VALUE


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Sheet name -> its part of the archive, by the workbook's own table."""
    targets = {}
    for match in _RELATION.finditer(parts.get("xl/_rels/workbook.xml.rels", b"")):
        found = _attributes(match[0])
        targets[found.get(b"Id")] = found.get(b"Target", b"").decode("utf-8", "replace").removeprefix("/xl/")
    named = {}
    for match in _SHEET.finditer(parts.get("xl/workbook.xml", b"")):
        found = _attributes(match[0])
        content = parts.get(f"xl/{targets.get(found.get(b'id'))}")
        if content is not None:
            named[unescape(found.get(b"name", b"").decode("utf-8", "replace"))] = content
    return named
