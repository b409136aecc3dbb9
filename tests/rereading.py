"""Assessments written as reports and read back, the way `diff` and `summary` meet them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from builders import record_from, rule_from, standard_from
from dangjian_check.engine.assess import Span, assess
from dangjian_check.engine.assessment import Assessment, BranchRef, Report
from dangjian_check.engine.reported import ReportedRun
from dangjian_check.loading.reports import load_report
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.reports import FORMATS, Look
from dangjian_check.rulebook.standard import Standard

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
SHEET = {
    "title": "表",
    "indicators": [
        {
            "id": "1",
            "title": "会议",
            "points": 10,
            "lines": [{"title": "缺会", "rules": ["T-1"], "loss": {"kind": "each", "points": "1/2"}}],
        },
        {
            "id": "2",
            "title": "党员",
            "points": 5,
            "lines": [{"title": "有人缺", "rules": ["T-4"], "loss": {"kind": "flat", "points": 2}}],
        },
    ],
}
RULES: tuple[dict[str, Any], ...] = (
    {"id": "T-1", "check": {"kind": "frequency", "select": {"type": "支委会"}, "per": "month", "min": 1}},
    {
        "id": "T-2",
        "for_each": {"in": "groups"},
        "check": {"kind": "frequency", "select": {"type": "党小组会"}, "per": "quarter", "min": 1},
    },
    {
        "id": "T-3",
        "for_each": {"in": "entries", "select": {"type": ["支委会", "党小组会"]}},
        "check": {"kind": "share", "part": "attendance.present", "whole": "attendance.expected", "min": "1/2"},
    },
    {
        "id": "T-4",
        "for_each": {"in": "members"},
        "check": {"kind": "frequency", "select": {"type": "党员大会"}, "per": "half", "min": 1},
    },
    {"id": "T-5", "check": {"kind": "interval", "select": {"type": "党员大会"}, "months": 3}},
    {"id": "T-6", "check": {"kind": "presence", "field": "branch.venue.fixed"}},
)


def pack(**changed: Any) -> Standard:
    """A standard of the rules above, each with the same parts changed."""
    return standard_from([rule_from(rule | changed) for rule in RULES], SHEET)


def audited(record: dict[str, Any], span: Span | None = None, branch: str = "b1", file: str = "b1.yaml") -> Assessment:
    """One record under that standard."""
    name = record["branch"]["name"]
    reference = BranchRef(branch, name, file, parent=record["branch"].get("parent"))
    return assess(pack(), Facts(record_from(record), *(span or Span(YEAR, YEAR.end))), reference)[0]


def text(assessments: Iterable[Assessment], form: str = "json") -> str:
    """The report of these assessments."""
    listed = tuple(assessments)
    content = FORMATS[form](Report(listed, (), tuple({a.standard.id: a.standard for a in listed}.values())), Look())
    assert isinstance(content, str)
    return content


def reread(*assessments: Assessment, form: str = "json") -> ReportedRun:
    """The report of these assessments, written to a file and read back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{form}"
        path.write_text(text(assessments, form), encoding="utf-8", errors="backslashreplace")
        return load_report(path)
