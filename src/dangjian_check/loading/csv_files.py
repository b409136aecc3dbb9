"""A CSV file becomes one sheet."""

from __future__ import annotations

import csv
import io
from itertools import islice

from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.encodings import decode_any
from dangjian_check.loading.sheets import Sheet

_DELIMITERS = ",\t;|"
_LOOKED_AT = 20
_MAX_ROWS = 10_000


def read_csv_sheet(raw: bytes, file: str, name: str) -> Sheet:
    """The rows of a CSV file as text; the delimiter is the one that gives most of its first rows several cells.

    Raises `InputProblems` for bytes that are no text and for broken quoting.
    """
    text = decode_any(raw, file)
    delimiter = max(_DELIMITERS, key=lambda mark: _fit(text[:65_536], mark))
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append([cell.removeprefix("\ufeff") for cell in row])
            if len(rows) > _MAX_ROWS:
                raise InputProblems([Problem(file, 0, 0, f"超过 {_MAX_ROWS} 行", "按年拆成几个文件")])
    except csv.Error:
        problem = Problem(file, len(rows) + 1, 1, "从这一行起引号不配对", "在 Excel 或 WPS 里打开，另存为 CSV", "")
        raise InputProblems([problem]) from None
    return Sheet(name, rows)


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    """How well a delimiter parts the first rows: how many have several cells, and how many cells those are."""
    try:
        rows = [len(row) for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _LOOKED_AT)]
    except csv.Error:
        return 0, 0
    return sum(width > 1 for width in rows), sum(rows)
