"""The guard in front of workbooks: an xlsx file is opened, measured and packed anew before its reader sees it.

The reader takes as much memory as the outermost cell asks for, or as the texts are said to be many, and ends the whole
program if there is none. So it gets an archive of our own making, which holds nothing but parts that were looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from dangjian_check.errors import InputProblems, Problem

MAX_UNPACKED = 32 * 1024 * 1024
MAX_MEMBERS = 400
MAX_RATIO = 200
MAX_CELLS = 500_000
_MAX_COLUMNS = 16_384
_PARTS = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/.*\.(?:xml|rels)")
_OTHER_FORMATS = frozenset({"xl/workbook.bin", "content.xml", "mimetype"})
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]*)["']""")
_EMPTY_CELL = re.compile(rb"""<(?:[\w.-]+:)?c(?:\s+[\w.:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/>""")
_EMPTY_ROW = re.compile(
    rb"""<(?:[\w.-]+:)?row(?:\s+[\w.:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*(?:/>|>\s*</(?:[\w.-]+:)?row\s*>)"""
)
_TEXTS = re.compile(rb"""<([^\s<>/"'=!?]*sst)\s(?:[^>"']|"[^"]*"|'[^']*')*+>""")  # their number is an attribute
DAMAGED = ("工作簿损坏，读不了", "用 Excel 或 WPS 打开后另存一份")
TOO_MANY_CELLS = (f"工作表超过 {MAX_CELLS} 个单元格", "删去表外的空行、空列，另存一份")


def refused(file: str, said: tuple[str, str]) -> InputProblems:
    """What stands in the way of a whole file: what it is and what to do."""
    return InputProblems([Problem(file, 0, 0, *said)])


def repacked(raw: bytes, file: str) -> tuple[bytes, dict[str, bytes]]:
    """The archive made anew from the parts a reader of cells needs, and those parts by their names.

    Raises `InputProblems` for what is damaged, no workbook or too large, by the directory before anything is
    unpacked.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        members = [member for member in archive.infolist() if _PARTS.fullmatch(member.filename)]
    except Exception:  # zipfile raises whatever comes to hand on damaged data
        raise refused(file, DAMAGED) from None
    names = {member.filename for member in archive.infolist()}
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(raw), 1024):
        raise refused(file, ("工作簿展开后太大", "删去多余的工作表和表外的空行，另存一份"))
    if "xl/workbook.xml" not in names or names & _OTHER_FORMATS:
        raise refused(file, ("不是 Excel 工作簿（压缩包里没有工作表）", "用 Excel 或 WPS 打开后另存为 .xlsx"))
    try:
        parts = {member.filename: _uncounted(archive.read(member)) for member in members}
    except Exception:  # as above
        raise refused(file, DAMAGED) from None
    if any(_area(xml) > MAX_CELLS for name, xml in parts.items() if not name.endswith(".rels")):
        raise refused(file, TOO_MANY_CELLS)
    return _packed(parts.items()), parts


def _uncounted(xml: bytes) -> bytes:
    """With the texts that cells share left to be counted by the reader."""
    return _TEXTS.sub(lambda tag: b"<" + tag[1] + (b"/>" if tag[0].endswith(b"/>") else b">"), xml)


def _packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _area(xml: bytes) -> int:
    """The area up to the outermost cell, in cells. Cells that only carry a format do not count, if counting them
    would be too much."""
    if b"sheetData" not in xml:
        return 0
    area = _spanned(xml)
    return area if area <= MAX_CELLS else _spanned(_EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", xml)))


def _spanned(xml: bytes) -> int:
    found = _REFERENCE.findall(xml)
    width = max(map(column_number, {letters for letters, _ in found}), default=1)
    height = max((int(digits[:9] or 1) for digits in {digits for _, digits in found}), default=1)
    return width * height if width <= _MAX_COLUMNS else MAX_CELLS + 1


def column_number(letters: bytes) -> int:
    """A column's number by its letters: A is 1."""
    found = 0
    for letter in letters[:8].upper():
        found = found * 26 + letter - ord("A") + 1
    return found
