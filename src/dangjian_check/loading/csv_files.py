"""A CSV file becomes one sheet."""

from __future__ import annotations

import csv
import io

from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.encodings import decode_any
from dangjian_check.loading.sheets import Sheet

_DELIMITERS = ",\t;"
_MAX_ROWS = 200_000


def read_csv_sheet(raw: bytes, file: str, name: str) -> Sheet:
    """The rows of a CSV file as text; the delimiter is the one its first lines use most.

    Raises `InputProblems` for bytes that are no text and for broken quoting.
    """
    text = decode_any(raw, file)
    head = text[:4096]
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error:
        raise InputProblems([Problem(file, 0, 0, "引号不配对", "在 Excel 或 WPS 里打开，另存为 CSV")]) from None
    if len(rows) > _MAX_ROWS:
        raise InputProblems([Problem(file, 0, 0, f"超过 {_MAX_ROWS} 行", "按年拆成几个文件")])
    return Sheet(name, [[cell.removeprefix("\ufeff") for cell in row] for row in rows])
