"""The rules a JSON Schema can state: all but the attendance, a ratio of two numbers of the record; yes or no only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ten import HALVES, MONTHS, PARSED, QUARTERS, Answers, Engine, parsed


def _held(kind: str, span: Sequence[str]) -> dict[str, Any]:
    """Some activity of the kind on a day of the span."""
    day = {"type": "string", "pattern": "^(" + "|".join(span) + ")"}
    return {"contains": {"properties": {"type": {"const": kind}, "date": day}, "required": ["type", "date"]}}


def _activities(kind: str, spans: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {"properties": {"activities": {"allOf": [_held(kind, span) for span in spans]}}}


def _talks(half: Sequence[str]) -> dict[str, Any]:
    return {"contains": {"properties": {"date": {"pattern": "^(" + "|".join(half) + ")"}}}, "minContains": 3}


FULL = {"contains": {"properties": {"status": {"const": "正式"}}}, "minContains": 0, "maxContains": 50}
ELECTED = "^(202[2-9]|2021-12-31)"
SCHEMAS: list[dict[str, Any] | None] = [
    _activities("支委会", [[month] for month in MONTHS]),
    _activities("党员大会", QUARTERS),
    _activities("主题党日活动", [[month] for month in MONTHS]),
    _activities("党课", QUARTERS),
    _activities("组织生活会", [MONTHS]),
    _activities("民主评议", [MONTHS]),
    None,
    {"properties": {"talks": {"allOf": [_talks(half) for half in HALVES]}}},
    {"properties": {"committee": {"properties": {"elected": {"type": "string", "pattern": ELECTED}}}}},
    {"properties": {"members": FULL}},
]


def rust() -> list[Engine]:
    """jsonschema-rs, a validator a rule."""
    import jsonschema_rs

    draft = "https://json-schema.org/draft/2020-12/schema"
    rules = [None if s is None else jsonschema_rs.validator_for({"$schema": draft, **s}) for s in SCHEMAS]

    def judge(data: dict[str, Any]) -> list[bool | None]:
        return [None if rule is None else rule.is_valid(data) for rule in rules]

    def said(native: Sequence[list[bool | None]]) -> list[Answers]:
        return [Answers(tuple(kept), None) for kept in native]

    note = "十条里的九条，只答是否，不说缺哪个月"
    return [Engine("JSON Schema：jsonschema-rs", parsed, lambda given: [judge(d) for d in given], said, PARSED, note)]
