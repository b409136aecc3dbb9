"""Tables of records: one row a branch, in Parquet (the extra ``analytics``) or JSON Lines.

A row has an ``id`` and a ``record``, which is a record as its file would hold it: YAML or JSON as text. In JSON Lines
the record may be an object too, or the whole line may be one. Rows come one by one; what is wrong with one of them is
for the reader of records to say, and costs no other row anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.duckdb_files import connect, listed
from dangjian_check.loading.files import MAX_BYTES, open_regular, shown_path

ENDINGS = frozenset({".jsonl", ".ndjson", ".parquet"})
_BATCH = 64
_LONGEST = 100
# A line holds the escapes of its record besides.
_MAX_LINE = 2 * MAX_BYTES
_WANTED = "每行一个支部：id 是编号，record 是这份记录的 YAML 或 JSON"
_MARK = b"\xef\xbb\xbf"


class TableRecord(NamedTuple):
    """One record of a table: what it is called (``table.parquet#b000123``), its bytes, and the ending that says how to
    read them."""

    name: str
    raw: bytes
    ending: str


def iter_records(path: Path) -> Iterator[TableRecord]:
    """The records of a table in its order. Rows without an id go by their number. Raises `InputProblems` if it is no
    such table."""
    shown = shown_path(path)
    with open_regular(path, shown, "记录的表（.parquet、.jsonl）") as stream:
        if stream.peek(4)[:4] != b"PAR1":
            number = 0
            while line := stream.readline(_MAX_LINE + 1):
                number += 1
                if len(line) > _MAX_LINE:
                    message = f"这一行超过 {_MAX_LINE // 1024 // 1024} MB，后面的没有读"
                    raise InputProblems([Problem(shown, number, 1, message, _WANTED)])
                if line.strip():
                    yield _of_line(shown, number, line.removeprefix(_MARK) if number == 1 else line)
            return
    yield from _of_parquet(path, shown)


def _of_line(file: str, number: int, line: bytes) -> TableRecord:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return TableRecord(f"{file}#{number}", line, ".json")
    if not isinstance(data, dict) or "record" not in data:
        return TableRecord(_name(file, number, _own_id(data)), line, ".json")
    record = data["record"]
    if isinstance(record, str):
        raw = record.encode("utf-8", "backslashreplace")
        return TableRecord(_name(file, number, data.get("id")), raw, _ending(raw))
    raw = b"" if record is None else json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return TableRecord(_name(file, number, data.get("id") or _own_id(record)), raw, ".json")


def _own_id(record: Any) -> Any:
    """The id a record gives itself."""
    branch = record.get("branch") if isinstance(record, dict) else None
    return branch.get("id") if isinstance(branch, dict) else None


def _of_parquet(path: Path, shown: str) -> Iterator[TableRecord]:
    # one thread holds one group of rows at a time
    connection = connect([path], threads=1)
    from duckdb import Error

    try:
        table = f"read_parquet({listed([path])})"
        kinds = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}  # noqa: S608
        if kinds.get("record") not in ("VARCHAR", "BLOB", "JSON"):
            raise InputProblems([Problem(shown, 0, 0, "没有 record 这一列，或者它不是文字", _WANTED)])
        cursor = connection.execute(f"SELECT {'id' if 'id' in kinds else 'NULL'}, record FROM {table}")  # noqa: S608
        number = 0
        while rows := cursor.fetchmany(_BATCH):
            for name, record in rows:
                number += 1
                raw = record.encode() if isinstance(record, str) else record or b""
                yield TableRecord(_name(shown, number, name), raw, _ending(raw))
    except Error:
        raise InputProblems([Problem(shown, 0, 0, "读不了，不是完好的 Parquet", "核对文件是不是传完整了")]) from None
    finally:
        connection.close()


def _name(file: str, number: int, given: Any) -> str:
    """The id as it can stand in a file name and in a message, else the number of the row."""
    text = str(given).strip() if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    return f"{file}#{text if text.isprintable() and 0 < len(text) <= _LONGEST else number}"


def _ending(raw: bytes) -> str:
    return ".json" if raw.removeprefix(_MARK).lstrip()[:1] == b"{" else ".yaml"
