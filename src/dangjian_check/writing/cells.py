"""What a record holds, as people would write it in a cell. Where plain writing would read back differently, the cell
holds brackets (JSON with Chinese keys)."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from dangjian_check.model import name_lists, notation
from dangjian_check.model.calendar import iso_day
from dangjian_check.model.columns import Column, in_chinese
from dangjian_check.model.fields import exact
from dangjian_check.model.notation import Unreadable

Cell = Any  # text, int, float or date


def cell(column: Column, value: Any) -> Cell:
    """The cell that reads back as ``value``."""
    if value is None:
        return ""
    if column.kind == "day":
        return iso_day(str(value)) or str(value)
    if column.kind == "number":
        return _number(value)
    if column.kind == "yes_no":
        return "是" if value is True else "否" if value is False else str(value)
    if column.kind == "types":
        return "、".join(value) if isinstance(value, list) else str(value)
    if column.kind in ("people", "count_or_people") and not isinstance(value, int):
        return _listed(value, name_lists.listed, _person)
    if column.kind == "texts":
        return _listed(value, lambda text: notation.texts(text, sentences=column.sentences), str, column.sentences)
    if column.kind in ("nested", "many", "steps"):
        return bracketed(value, column)
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _number(value: Any) -> Cell:
    number = exact(value)
    if number is None:
        return str(value)
    if number.denominator == 1:
        return int(number)
    near = float(number)
    return near if Fraction(str(near)) == number else str(value)


def _listed(value: Any, read: Callable[[str], Any], write: Callable[[Any], str], sentences: bool = False) -> Cell:
    items = value if isinstance(value, list) else [value]
    text = ("；" if sentences else "、").join(map(write, items)) if items else "无"
    wanted = [_bare(item) for item in items]
    try:
        same = not text.startswith("[") and [_bare(item) for item in read(text)] == wanted
    except (Unreadable, TypeError):
        same = False
    return text if same else json.dumps(wanted, ensure_ascii=False)


def _bare(item: Any) -> Any:
    return item["name"] if isinstance(item, dict) and set(item) == {"name"} else item


def _person(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    aside = item.get("reason") or item.get("as")
    return f"{item.get('name')}（{aside}）" if aside else str(item.get("name"))


def bracketed(value: Any, column: Column) -> str:
    """A cell in brackets, its keys in Chinese."""
    model = column.models[0] if column.models else None
    return json.dumps(in_chinese(value, model), ensure_ascii=False, default=str)
