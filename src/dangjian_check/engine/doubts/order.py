"""The order of entries by all they say, found at the first word in which two of them differ.

It is the order of `dangjian_check.model.activity.all_it_says`, without writing out what is the same in both.
"""

from __future__ import annotations

import json
from functools import cache

from pydantic import BaseModel

from dangjian_check.model.activity import BESIDE_THE_POINT, Entry

_WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def compared(first: Entry, second: Entry) -> int:
    """Below zero, zero or above: whether the first entry comes before the second, says the same, or comes after it."""
    return _compared(first, second, BESIDE_THE_POINT)


def _compared(first: BaseModel, second: BaseModel, left_out: frozenset[str] = frozenset()) -> int:
    a, b = vars(first), vars(second)
    for name, closing in _fields(type(first), left_out):
        one, other = a[name], b[name]
        if one is other:
            continue
        if isinstance(one, BaseModel) and type(one) is type(other):
            order = _compared(one, other)
        elif _is_of_models(one) and _is_of_models(other):
            order = _compared_lists(one, other)
        elif one == other:
            continue
        else:
            order = _alphabetic(_text(first, name) + closing, _text(second, name) + closing)
        if order:
            return order
    return 0


@cache
def _fields(model: type[BaseModel], left_out: frozenset[str]) -> list[tuple[str, str]]:
    """The fields in the order in which they are written, each with the mark that follows its value."""
    names = sorted(model.model_fields.keys() - left_out)
    return [(name, "," if name != names[-1] else "}") for name in names]


def _is_of_models(value: object) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], BaseModel))


def _compared_lists(one: list[BaseModel], other: list[BaseModel]) -> int:
    """The order of ``[{…}, {…}]``: a list that goes on has a comma where the other is closed, an empty one a bracket
    where the other opens a brace."""
    for x, y in zip(one, other, strict=False):
        order = _compared(x, y)
        if order:
            return order
    return len(other) - len(one) if one and other else len(one) - len(other)


def _text(entry: BaseModel, name: str) -> str:
    """The value of one field as it is written."""
    value = vars(entry)[name]
    plain = value is None or isinstance(value, (str, int))
    return _WRITTEN(value if plain else entry.model_dump(mode="json", include={name})[name])


def _alphabetic(one: str, other: str) -> int:
    return (one > other) - (one < other)
