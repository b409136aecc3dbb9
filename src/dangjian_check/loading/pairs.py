"""Labels and, to their right or behind a colon, what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from dangjian_check.errors import Location
from dangjian_check.loading.sheets import Sheet
from dangjian_check.model.notation import narrow

_BEHIND_COLON = re.compile(r"([^:：]{2,12}?)\s*[:：]\s*(.*)", re.DOTALL)


class Pair(NamedTuple):
    """A label and its value; ``label`` is empty for what stands in no relation to one."""

    label: str
    value: object
    place: Location


def pairs(sheet: Sheet, rows: range, known: Callable[[str], bool]) -> list[Pair]:
    """What the rows say, each from left to right. ``known`` tells a label; what stands right beside one is its value,
    whatever it looks like."""
    found: list[Pair] = []
    for row in rows:
        label, after = "", -1
        for column, text in sheet.own(row):
            place = sheet.place(row, column)
            inside = [pair for pair in _inside(text, place) if known(pair.label)]
            is_label = not inside and column != after and known(narrow(text).rstrip(":"))
            if not inside and not is_label:
                found.append(Pair(label, sheet.rows[row][column], place))
            found += inside
            label, after = (text, _after(sheet, row, column)) if is_label else ("", -1)
    return found


def _after(sheet: Sheet, row: int, column: int) -> int:
    """The column next to a cell, which may be merged with some to its right."""
    column += 1
    while (row, column) in sheet.wide:
        column += 1
    return column


def _inside(text: str, place: Location) -> list[Pair]:
    """Labels and values in one cell: ``时间：2024年3月5日　地点：会议室``."""
    parts = re.split(r"[ \u3000\n]+(?=[^\s:：]{2,10}[:：])", text)
    matches = [_BEHIND_COLON.fullmatch(part) for part in parts]
    return [Pair(match[1].strip(), match[2].strip(), place) for match in matches if match and match[2].strip()]
