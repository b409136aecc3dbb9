"""Tables of records: one row a branch, in Parquet (the extra ``analytics``) or JSON Lines.

A row has an ``id`` and a ``record``, which is a record as its file would hold it: YAML or JSON as text. In JSON Lines
the record may be an object too, or the whole line may be one. A row goes by a path of its own
(`dangjian_check.loading.files.Row`), so that it is judged, counted and kept as a file is, wherever that happens; it is
found without reading those before it. What is wrong with one row costs no other row anything.
"""

from __future__ import annotations

import codecs
import json
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from dangjian_check.errors import DjCheckError, InputProblems, Problem
from dangjian_check.loading.duckdb_files import connect, listed
from dangjian_check.loading.files import (
    MAX_BYTES,
    TABLES,
    Row,
    begins_report,
    open_regular,
    row_of,
    shown_path,
    witnessed,
)
from dangjian_check.model import fields
from dangjian_check.model.notation import KeyTwice, each_key_once

_BLOCK = 64  # rows of Parquet read together
_LONGEST = 100
# A line holds the escapes of its record besides.
_MAX_LINE = 2 * MAX_BYTES
_WHAT = "记录的表（.parquet、.jsonl）"
_WANTED = "每行一个支部：id 是编号，record 是这份记录的 YAML 或 JSON"
_PARQUET = b"PAR1"


class TableRecord(NamedTuple):
    """One record of a table: what it is called (``table.parquet#b000123``), its bytes, and the ending that says how to
    read them."""

    name: str
    raw: bytes
    ending: str

    @property
    def identity(self) -> bytes:
        """What is the same only if all of it is."""
        return f"{self.name}\0{self.ending}\0".encode() + self.raw


def with_rows(paths: Iterable[Path]) -> Iterator[Path]:
    """The same paths, a table by its rows; one that is none stays, and whoever reads it hears why."""
    for path in paths:
        if path.suffix.lower() not in TABLES:
            yield path
            continue
        try:
            yield from rows(path)
        except DjCheckError:
            yield path


def rows(path: Path) -> Iterator[Path]:
    """The rows of a table in its order, each by its path. Raises `InputProblems` if it is no such table, `UsageProblem`
    if what reads it is not installed."""
    with open_regular(path, shown_path(path), _WHAT) as stream:
        head = stream.peek(256)
        if begins_report(head.removeprefix(codecs.BOM_UTF8)):
            raise InputProblems([Problem(shown_path(path), 0, 0, "这是 dj-check 写出的报告，不是记录的表", _WANTED)])
        if not head.startswith(_PARQUET) and path.suffix.lower() != ".parquet":
            yield from _lines(path, stream)
            return
    yield from (Row(path, number, None).path for number in range(1, _size(path) + 1))


def refused(path: Path) -> DjCheckError:
    """Why a table as a whole is no record."""
    try:
        any(rows(path))
    except DjCheckError as error:
        return error
    return InputProblems([Problem(shown_path(path), 0, 0, "这是一张表，这里要一份记录", "用 dj-check audit 核整张表")])


def read_row(path: Path) -> TableRecord:
    """The record in the row that a path stands for. Raises `InputProblems` if there is none, or it is too large."""
    row = row_of(path)
    assert row is not None
    with open_regular(row.table, shown_path(row.table), _WHAT) as stream:
        found = _of_parquet(row, stream) if row.offset is None else _of_line(row, stream, row.offset)
    witnessed(path, found.identity)
    if len(found.raw) > MAX_BYTES:
        message = f"这份记录超过 {MAX_BYTES // 1024 // 1024} MB"
        raise InputProblems([Problem(found.name, 0, 0, message, "记录里不放附件")])
    return found


def _lines(path: Path, stream: BufferedReader) -> Iterator[Path]:
    number = offset = 0
    whole = True
    while piece := stream.readline(_MAX_LINE):
        if whole:
            number += 1
            if piece.strip():
                yield Row(path, number, offset).path
        offset += len(piece)
        whole = piece.endswith(b"\n")


def _of_line(row: Row, stream: BufferedReader, offset: int) -> TableRecord:
    if offset >= os.fstat(stream.fileno()).st_size:
        raise _missing(row)
    stream.seek(offset)
    line = stream.readline(_MAX_LINE + 1)
    file, number = shown_path(row.table), row.number
    if len(line) > _MAX_LINE:
        message = f"这一行超过 {_MAX_LINE // 1024 // 1024} MB，没有读"
        raise InputProblems([Problem(file, number, 1, message, _WANTED)])
    line = line.removeprefix(b"" if offset else codecs.BOM_UTF8)
    try:
        data, twice = _parsed(line)
    except (ValueError, RecursionError):
        if _ending(line) == ".json":
            return TableRecord(f"{file}#{number}", line, ".json")
        data = None
    if not isinstance(data, dict):
        raise InputProblems([Problem(f"{file}#{number}", 0, 0, "这一行不是 JSON 写的一份记录", _WANTED)])
    if "record" not in data:
        return TableRecord(_name(file, number, _own_id(data)), line, ".json")
    if twice is not None:
        message = f"键 {fields.shown(twice)} 在同一处写了两次"
        raise InputProblems([Problem(f"{file}#{number}", 0, 0, message, "合并成一处，或删去多余的一处")])
    record = data["record"]
    if isinstance(record, str):
        raw = record.encode("utf-8", "backslashreplace")
        return TableRecord(_name(file, number, data.get("id")), raw, _ending(raw))
    raw = b"" if record is None else json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return TableRecord(_name(file, number, data.get("id") or _own_id(record)), raw, ".json")


def _missing(row: Row) -> InputProblems:
    return InputProblems([Problem(shown_path(row.path), 0, 0, "没有这一行", "表被改过的，从头再核")])


def _parsed(line: bytes) -> tuple[Any, str | None]:
    """The data of a line, and a key that stands in it twice if there is one: of such the last is all that is left."""
    try:
        return json.loads(line, object_pairs_hook=each_key_once), None
    except KeyTwice as error:
        return json.loads(line), str(error)


def _own_id(record: Any) -> Any:
    """The id a record gives itself."""
    branch = record.get("branch") if isinstance(record, dict) else None
    return branch.get("id") if isinstance(branch, dict) else None


def _of_parquet(row: Row, stream: BufferedReader) -> TableRecord:
    now = os.fstat(stream.fileno())
    first = (row.number - 1) // _BLOCK * _BLOCK
    shown = shown_path(row.table)
    found = _block(row.table, (now.st_mtime_ns, now.st_size), first).get(row.number - 1)
    if found is None:
        raise _missing(row)
    name, record = found
    raw = record.encode() if isinstance(record, str) else record or b""
    return TableRecord(_name(shown, row.number, name), raw, _ending(raw))


def _size(path: Path) -> int:
    """The number of rows of a table in Parquet."""
    [(count,)] = _asked(path, "SELECT count(*) FROM {table}")
    return int(count)


@lru_cache(maxsize=1)
def _block(path: Path, version: tuple[int, int], first: int) -> dict[int, tuple[Any, Any]]:
    """Some rows of a table as it is now, from ``first`` on."""
    wanted = f"file_row_number BETWEEN {first} AND {first + _BLOCK - 1}"
    found = _asked(path, f"SELECT file_row_number, {{id}}, record FROM {{table}} WHERE {wanted}")  # noqa: S608
    return {number: (name, record) for number, name, record in found}


def _asked(path: Path, query: str) -> list[Any]:
    """What a query gives of ``{table}`` and its ``{id}``."""
    # one thread holds one group of rows at a time
    connection = connect([path], threads=1)
    from duckdb import Error, OutOfMemoryException

    shown = shown_path(path)
    table = f"read_parquet({listed([path])}, file_row_number = true)"
    try:
        kinds = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}  # noqa: S608
        if kinds.get("record") not in ("VARCHAR", "BLOB", "JSON"):
            raise InputProblems([Problem(shown, 0, 0, "没有 record 这一列，或者它不是文字", _WANTED)])
        asked = query.format(table=table, id="id" if "id" in kinds else "NULL")
        return connection.execute(asked).fetchall()
    except OutOfMemoryException:
        raise MemoryError from None
    except Error:
        raise InputProblems([Problem(shown, 0, 0, "读不了，不是完好的 Parquet", "核对文件是不是传完整了")]) from None
    finally:
        connection.close()


def _name(file: str, number: int, given: Any) -> str:
    """The id as it can stand in a file name and in a message, else the number of the row."""
    text = str(given).strip() if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    return f"{file}#{text if text.isprintable() and 0 < len(text) <= _LONGEST else number}"


def _ending(raw: bytes) -> str:
    return ".json" if raw.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{" else ".yaml"
