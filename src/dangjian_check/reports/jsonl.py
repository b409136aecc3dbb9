"""JSON Lines for batches: one object a line, each of which can be read without the others.

    {"type": "assessment", "schema": …, "tool": …, "standard": {"id", "title", "digest"}, …}
    {"type": "record", …}       only for records with notes or doubts, after the record's assessments
    {"type": "problem", …}
    {"type": "note", …}

Record by record; what is wrong with inputs and notes on the run come last.

Apart from these leading keys, and ``standard`` being the run's object instead of its id, the objects are those of
the JSON report, version 1.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from dangjian_check import __version__
from dangjian_check.engine.assessment import Assessment, RecordView, Report
from dangjian_check.reports import json_v1
from dangjian_check.reports.base import Look

SCHEMA = "dj-check.lines/1"


def render(report: Report, look: Look) -> str:
    """Every object on a line of its own, UTF-8 text; nothing at all for an empty report."""
    return "".join(
        json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_BREAKS) + "\n"
        for line in _lines(report)
    )


# Legal inside a JSON string, but line ends to many a reader of lines.
_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    for assessments, view in _by_record(report):
        for assessment in assessments:
            standard = {"standard": json_v1.standard_object(assessment.standard)}
            yield _head("assessment") | standard | json_v1.assessment_object(assessment) | standard
        if view is not None and (view.notes or view.doubts):
            yield _head("record") | json_v1.record_object(view)
    for problem in report.problems:
        yield _head("problem") | json_v1.problem_object(problem)
    for note in report.notes:
        yield _head("note") | json_v1.problem_object(note)


def _by_record(report: Report) -> Iterator[tuple[list[Assessment], RecordView | None]]:
    """Every record with its assessments, one under each standard; last, assessments of no record that is there."""
    left = deque(report.assessments)
    for view in report.records:
        own: dict[str, Assessment] = {}
        while left and left[0].branch == view.branch and left[0].standard.id not in own:
            first = left.popleft()
            own[first.standard.id] = first
        yield list(own.values()), view
    yield list(left), None


def _head(kind: str) -> dict[str, Any]:
    return {"type": kind, "schema": SCHEMA, "tool": {"name": "dj-check", "version": __version__}}
