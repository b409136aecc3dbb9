"""JSON Lines for a hundred thousand branches: one flat line an assessment, ``dj-check.rows/1``.

    {"type": "assessment", "schema": …, "version": …, <columns>, "deficiencies": […], "items": […]}
    {"type": "problem", …}
    {"type": "note", …}

The columns are those of `row_columns`. Of a deficiency the baseline and waivers are said only where there are any.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from dangjian_check import __version__
from dangjian_check.engine.assessment import Assessment, Deficiency, Report, Score
from dangjian_check.errors import Problem
from dangjian_check.model.outcome import OPEN, SILENT, Outcome, worst
from dangjian_check.reports.base import Look
from dangjian_check.reports.base import number as _number
from dangjian_check.reports.row_columns import SCHEMA
from dangjian_check.rulebook.waiver import Waiver

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_COUNTS = {outcome: f"n_{outcome.value}" for outcome in Outcome}
# Legal inside a JSON string, but line ends to many a reader of lines.
_BREAKS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(report: Report, look: Look) -> str:
    """Record by record its assessments; then what could not be used, then notes."""
    doubts = {view.branch: len(view.doubts) for view in report.records}
    return "".join(
        [assessment_line(a, doubts.get(a.branch, 0)) for a in report.assessments]
        + [problem_line(problem) for problem in report.problems]
        + [problem_line(note, "note") for note in report.notes]
    )


def assessment_line(assessment: Assessment, doubts: int = 0) -> str:
    """The line of one assessment, its end included; ``doubts`` is how many its record has."""
    branch, standard, score = assessment.branch, assessment.standard, assessment.score
    grade = score.grade if score else None
    counts, judged, waiting = _counted(assessment)
    return _line({
        "type": "assessment", "schema": SCHEMA, "version": __version__,
        "branch": branch.id,
        "name": branch.name,
        "branch_type": branch.type,
        "parent": branch.parent,
        "file": branch.file,
        "standard": standard.id,
        "standard_title": standard.manifest.title,
        "digest": standard.digest,
        "period_from": assessment.period.start.isoformat(),
        "period_to": assessment.period.end.isoformat(),
        "as_of": assessment.as_of.isoformat(),
        "coverage_assumed": assessment.coverage_assumed,
        "judged": judged,
        "score_low": _number(score.low) if score else None,
        "score_high": _number(score.high) if score else None,
        "score_max": _number(score.max) if score else None,
        "completeness": _number(score.completeness) if score else None,
        "grade_low": grade.low if grade else None,
        "grade_high": grade.high if grade else None,
        **counts,
        "waiting": waiting,
        "n_deficiencies": len(assessment.deficiencies),
        "n_waived": len(assessment.waived),
        "doubts": doubts,
        "deficiencies": [
            *(_deficiency(d, assessment) for d in assessment.deficiencies),
            *(_deficiency(w.deficiency, assessment) | _waiver(w.waiver) for w in assessment.waived),
        ],
        "items": _items(score),
    })  # fmt: skip


def problem_line(problem: Problem, kind: str = "problem") -> str:
    """The line of something wrong with an input, or of a note."""
    return _line({
        "type": kind, "schema": SCHEMA, "version": __version__,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "cell": problem.place.cell,
        "message": problem.message,
        "remedy": problem.remedy,
    })  # fmt: skip


def _line(row: dict[str, Any]) -> str:
    text = _encode(row)
    for char, escape in _BREAKS.items():
        if char in text:
            text = text.replace(char, escape)
    return text + "\n"


def _counted(assessment: Assessment) -> tuple[dict[str, int], bool, int]:
    """How many duties came to which outcome, whether anything was judged, how many duties wait."""
    duties = Counter(frozenset(o.tally) for o in assessment.own())
    counts = dict.fromkeys(_COUNTS.values(), 0)
    judged, waiting = False, 0
    for outcomes, number in duties.items():
        counts[_COUNTS[worst(outcomes)]] += number
        judged = judged or not outcomes <= SILENT
        waiting += 0 if outcomes.isdisjoint(OPEN) else number
    return counts, judged, waiting


def _deficiency(deficiency: Deficiency, assessment: Assessment) -> dict[str, Any]:
    rule, place = deficiency.rule, assessment.place(deficiency.place)
    source = rule.citation
    row = {
        "fingerprint": deficiency.fingerprint,
        "rule": rule.id,
        "title": rule.title,
        "item": deficiency.item,
        "window": deficiency.window,
        "subject": deficiency.subject.key if deficiency.subject else None,
        "severity": rule.severity,
        "strength": rule.strength,
        "message": deficiency.message,
        "remedy": rule.remedy,
        "deduction": _number(deficiency.deduction),
        "curable": deficiency.curable,
        "worth": _number(deficiency.worth),
        "document": source.document,
        "number": source.number,
        "article": source.article,
        "file": place.file or assessment.branch.file,
        "line": place.line,
        "column": place.column,
        "cell": place.cell,
    }
    if deficiency.known is not None:
        row["baseline"] = "known" if deficiency.known else "new"
    if deficiency.expired is not None:
        row["expired_waiver"] = deficiency.expired.name
    return row


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {"waiver": waiver.name, "waiver_effect": waiver.effect, "waiver_reason": waiver.reason}


def _items(score: Score | None) -> list[dict[str, Any]]:
    """The indicators this branch (or organization) answers for."""
    return [
        {
            "id": item.id,
            "title": item.title,
            "points": _number(item.points),
            "low": _number(item.low),
            "high": _number(item.high),
        }
        for item in (score.items if score else ())
        if not item.by_superior
    ]
