"""The ten rules as one CEL expression, in the Rust and in the Python implementation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ten import FIRST_IN_TERM, HALVES, MONTHS, PARSED, QUARTERS, READ, Answers, Case, Engine, parsed, plain


def _days(kind: str) -> str:
    return f'activities.filter(a, a.type == "{kind}").map(a, a.date)'


def _lacking(kind: str) -> str:
    """The months without; a list of one element stands for the local name that CEL has not."""
    return f"[{_days(kind)}].map(days, months.filter(m, !days.exists(d, d.startsWith(m))))[0]"


def _each_quarter(kind: str) -> str:
    return f"[{_days(kind)}].map(days, quarters.all(q, q.exists(m, days.exists(d, d.startsWith(m)))))[0]"


def _in_year(kind: str) -> str:
    return f'activities.exists(a, a.type == "{kind}" && a.date.startsWith(year))'


TALKS = "halves.all(h, size(talks.filter(t, h.exists(m, t.date.startsWith(m)))) >= 3)"
ATTENDED = 'activities.all(a, a.type != "党员大会" || a.attendance.present * 10 >= a.attendance.expected * 9)'
RULES = [
    _lacking("支委会"),
    _each_quarter("党员大会"),
    _lacking("主题党日活动"),
    _each_quarter("党课"),
    _in_year("组织生活会"),
    _in_year("民主评议"),
    ATTENDED,
    TALKS,
    f'committee.elected >= "{FIRST_IN_TERM}"',
    'size(members.filter(m, m.status == "正式")) <= 50',
]
EXPRESSION = "[" + ",\n ".join(RULES) + "]"
CONSTANTS = {"months": MONTHS, "quarters": QUARTERS, "halves": HALVES, "year": MONTHS[0][:4]}


def _answers(native: Sequence[list[Any]]) -> list[Answers]:
    return plain([_said(list(found)) for found in native])


def _said(found: list[Any]) -> dict[str, Any]:
    without = [[str(month) for month in found[index]] for index in (0, 2)]
    kept = [not value if index in (0, 2) else bool(value) for index, value in enumerate(found)]
    return {"kept": kept, "without": without}


def _given(taken: Sequence[Case]) -> list[dict[str, Any]]:
    return [{**data, **CONSTANTS} for data in parsed(taken)]


def rust() -> list[Engine]:
    """cel-rust, compiled once."""
    import cel

    program = cel.compile(EXPRESSION)

    def judge(given: Sequence[dict[str, Any]]) -> list[Any]:
        return [program.execute(data) for data in given]

    return [Engine("CEL：Rust", _given, judge, _answers, PARSED, most=50)]


def python() -> list[Engine]:
    """cel-python, compiled once; turning the data into CEL values is outside the clock."""
    import celpy
    from celpy.adapter import json_to_cel

    environment = celpy.Environment()
    program = environment.program(environment.compile(EXPRESSION))

    def given(taken: Sequence[Case]) -> list[Any]:
        return [json_to_cel(data) for data in _given(taken)]

    def judge(data: Sequence[Any]) -> list[Any]:
        return [program.evaluate(values) for values in data]

    return [Engine("CEL：cel-python", given, judge, _answers, READ, most=2)]
