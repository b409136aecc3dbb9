"""The ten rules as a decision graph of GoRules (zen-engine): one expression node, each line free to use those above."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ten import FIRST_IN_TERM, HALVES, MONTHS, QUARTERS, TEXT, Answers, Engine, plain, texts


def _months(kind: str) -> str:
    return f"map(filter(activities, #.type == '{kind}'), #.date[0:6])"


def _none_of(name: str, spans: list[list[str]]) -> str:
    """How many of the spans hold none of the months of ``name``."""
    return " + ".join(f"(some({span}, # in $.{name}) ? 0 : 1)" for span in spans)


LINES = {
    "committee": _months("支委会"),
    "theme": _months("主题党日活动"),
    "assembly": _months("党员大会"),
    "lecture": _months("党课"),
    "talked": "map(talks, #.date[0:6])",
    "without": f"[filter({MONTHS}, not (# in $.committee)), filter({MONTHS}, not (# in $.theme))]",
    "halves": "[" + ", ".join(f"len(filter($.talked, # in {half}))" for half in HALVES) + "]",
    "kept": "["
    + ", ".join([
        "len($.without[0]) == 0",
        f"({_none_of('assembly', QUARTERS)}) == 0",
        "len($.without[1]) == 0",
        f"({_none_of('lecture', QUARTERS)}) == 0",
        f"some(activities, #.type == '组织生活会' and startsWith(#.date, '{MONTHS[0][:4]}'))",
        f"some(activities, #.type == '民主评议' and startsWith(#.date, '{MONTHS[0][:4]}'))",
        "all(activities, #.type != '党员大会' or #.attendance.present * 10 >= #.attendance.expected * 9)",
        "$.halves[0] >= 3 and $.halves[1] >= 3",
        f"date(committee.elected) >= date('{FIRST_IN_TERM}')",
        "len(filter(members, #.status == '正式')) <= 50",
    ])
    + "]",
}  # fmt: skip


def _graph() -> dict[str, Any]:
    lines = [{"id": key, "key": key, "value": value} for key, value in LINES.items()]
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {"id": "ten", "type": "expressionNode", "name": "ten", "position": place,
             "content": {"expressions": lines, "passThrough": False}},
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "ten", "type": "edge"},
            {"id": "2", "sourceId": "ten", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip


def _answers(native: Sequence[dict[str, Any]]) -> list[Answers]:
    return plain([found["result"] for found in native])


def zen() -> list[Engine]:
    """zen-engine, the decision made once."""
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(_graph(), ensure_ascii=False))

    def judge(given: Sequence[str]) -> list[Any]:
        return [decision.evaluate(text) for text in given]

    return [Engine("决策引擎：zen-engine", texts, judge, _answers, TEXT)]
