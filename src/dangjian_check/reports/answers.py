"""The answer to a query: a table at a terminal, as Markdown, as CSV, as JSON. The same answer gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dangjian_check.reports.base import Look, number
from dangjian_check.reports.csv import guarded
from dangjian_check.reports.summary_blocks import Cell, Table
from dangjian_check.reports.summary_text import table_markdown, table_text

_FEW = 50
_HARMLESS = (bool, int, float, Decimal, date, time, type(None))  # a spreadsheet may take them for what they are


@dataclass(frozen=True, slots=True)
class Answer:
    """Headings, and rows of plain values: text, numbers, days, truth, nothing, lists and objects of these."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def answer_text(answer: Answer, look: Look) -> str:
    """For people; of a long answer the first rows, unless verbose."""
    if not answer.rows:
        return f"  {answer.title}：没有\n"
    return "".join(table_text(_table(answer), look)).lstrip("\n")


def answer_markdown(answer: Answer) -> str:
    """One table."""
    lines = table_markdown(_table(answer)) if answer.rows else (f"{answer.title}：没有",)
    return "".join(f"{line}\n" for line in lines).lstrip("\n")


def answer_csv(answer: Answer) -> str:
    """For spreadsheets: UTF-8 with a byte order mark, CRLF, nothing that runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(guarded, answer.heads))
    for row in answer.rows:
        writer.writerow([_words(v) if isinstance(v, _HARMLESS) else guarded(_words(v)) for v in row])
    return "\ufeff" + text.getvalue()


def answer_json(answer: Answer) -> str:
    """A list of objects, one a line; of columns with one name the last counts."""
    lines = ",\n".join(
        json.dumps(dict(zip(answer.heads, map(_data, row), strict=True)), ensure_ascii=False) for row in answer.rows
    )
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def _table(answer: Answer) -> Table:
    return Table(answer.title, answer.heads, tuple(tuple(_cells(row)) for row in answer.rows), few=_FEW)


def _cells(row: tuple[Any, ...]) -> Iterator[Cell]:
    for value in row:
        plain = isinstance(value, int | Decimal) and not isinstance(value, bool)
        yield Fraction(value) if plain else _words(value)


def _words(value: Any) -> str:
    """A value for a cell."""
    data = _data(value)
    if data is None:
        return ""
    if isinstance(data, bool):
        return "是" if data else "否"
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)


def _data(value: Any) -> Any:
    """A value as JSON has it; numbers that JSON has no room for, and what is none of ours, as text."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return number(Fraction(value)) if value.is_finite() else str(value)
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_data(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _data(item) for key, item in value.items()}
    return str(value)
