"""Workbooks of Excel and WPS (xlsx, xls, et) become sheets; the guard against hostile archives stands in front."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any

from dangjian_check.errors import InputProblems, Location, Problem
from dangjian_check.loading.sheets import Sheet, filled

MAX_UNPACKED = 64 * 1024 * 1024
MAX_MEMBERS = 400
MAX_RATIO = 200
MAX_CELLS = 1_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DIMENSION = re.compile(rb'<dimension[^>]*ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_CELL = re.compile(rb'<c\b[^>]*\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>')
_FORMULA = re.compile(
    rb'<c\b[^>]*\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_ERROR = re.compile(rb'<c\b[^>]*\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*\bt="e"[^>]*>')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b([A-Za-z]+)="([^"]*)"')
_SHOWN = 20


def read_sheets(raw: bytes, file: str) -> tuple[list[Sheet], list[Problem]]:
    """The visible sheets of a workbook, and the cells whose value it does not hold.

    Raises `InputProblems` for what is no workbook, too large, protected by a password or damaged.
    """
    if raw.startswith(_ZIP):
        archive = _guard(raw, file)
    elif raw.startswith(_OLE):
        archive = None
    else:
        raise _refused(file, "不是 Excel 或 WPS 的工作簿", "用 Excel 或 WPS 打开后另存为 .xlsx")
    sheets = list(_sheets(raw, file))
    return sheets, list(_without_value(archive, sheets, file)) if archive else []


def _refused(file: str, message: str, remedy: str) -> InputProblems:
    return InputProblems([Problem(file, 0, 0, message, remedy)])


def _guard(raw: bytes, file: str) -> zipfile.ZipFile:
    """The archive, its directory checked before anything is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused(file, "工作簿损坏，读不了", "用 Excel 或 WPS 打开后另存一份") from None
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(raw), 1024):
        raise _refused(file, "工作簿展开后太大", "删去图片和多余的工作表，另存一份")
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise _refused(file, "不是 Excel 工作簿（压缩包里没有工作表）", "用 Excel 或 WPS 打开后另存为 .xlsx")
    for member in _worksheets(archive):
        if _cells(_content(archive, member, file)) > MAX_CELLS:
            raise _refused(file, f"工作表超过 {MAX_CELLS} 个单元格", "删去表外的空行、空列，另存一份")
    return archive


def _worksheets(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [m for m in archive.infolist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", m.filename)]


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> bytes:
    try:
        return archive.read(member)
    except Exception:  # zipfile and zlib raise whatever comes to hand on damaged data
        raise _refused(file, "工作簿损坏，读不了", "用 Excel 或 WPS 打开后另存一份") from None


def _cells(xml: bytes) -> int:
    """The area a sheet claims or its cells span, in cells."""
    corners = [(m[3], m[4]) for m in _DIMENSION.finditer(xml)] + [(m[1], m[2]) for m in _CELL.finditer(xml)]
    width = max((_number(letters) for letters, _ in corners), default=0)
    return width * max((int(row) for _, row in corners), default=0)


def _number(letters: bytes) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + letter - ord("A") + 1
    return found


def _sheets(raw: bytes, file: str) -> Iterator[Sheet]:
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        for about in book.sheets_metadata:
            if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(about.name)
                if sheet.total_height * sheet.total_width > MAX_CELLS:
                    raise _refused(file, f"工作表超过 {MAX_CELLS} 个单元格", "删去表外的空行、空列，另存一份")
                rows: list[list[Any]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
                yield filled(about.name, rows, sheet.merged_cell_ranges or (), about.name)
    except InputProblems:
        raise
    except PasswordError:
        raise _refused(file, "工作簿有密码", "去掉密码后另存一份") from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the library is no Exception
        raise _refused(file, "工作簿损坏，读不了", "用 Excel 或 WPS 打开后另存一份") from None


def _without_value(archive: zipfile.ZipFile, sheets: list[Sheet], file: str) -> Iterator[Problem]:
    """Cells whose formula was never reckoned, or came to an error: they would read as empty."""
    parts = _parts(archive, file)
    for sheet in sheets:
        member = parts.get(sheet.name)
        xml = _content(archive, member, file) if member else b""
        for pattern, message in ((_FORMULA, "公式没有算好的值"), (_ERROR, "公式算出了错误")):
            for match in islice(pattern.finditer(xml), _SHOWN):
                place = Location(int(match[2]), _number(match[1]), sheet.label)
                yield Problem.at(file, place, message, "在 Excel 或 WPS 里打开，改好公式，保存一次")


def _parts(archive: zipfile.ZipFile, file: str) -> dict[str, zipfile.ZipInfo]:
    """Sheet name -> the member that holds it, by the workbook's own table."""
    members = {member.filename: member for member in archive.infolist()}
    relations = members.get("xl/_rels/workbook.xml.rels")
    if relations is None:
        return {}
    targets = {}
    for match in _RELATION.finditer(_content(archive, relations, file)):
        found = dict(_ATTRIBUTE.findall(match[0]))
        targets[found.get(b"Id")] = found.get(b"Target", b"").decode("utf-8", "replace").removeprefix("/xl/")
    named = {}
    for match in _SHEET.finditer(_content(archive, members["xl/workbook.xml"], file)):
        found = dict(_ATTRIBUTE.findall(match[0]))
        member = members.get(f"xl/{targets.get(found.get(b'id'))}")
        if member is not None:
            named[unescape(found.get(b"name", b"").decode("utf-8", "replace"))] = member
    return named
