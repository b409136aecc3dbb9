"""JSON, version 1: the stable face of a report. The same report gives the same bytes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from dangjian_check import __version__
from dangjian_check.engine.assessment import (
    Assessment,
    BranchRef,
    Deficiency,
    ItemScore,
    RecordView,
    Report,
    Score,
    WaivedDeficiency,
)
from dangjian_check.engine.outcomes import RuleOutcome, WindowOutcome
from dangjian_check.errors import Location, Problem
from dangjian_check.model.calendar import Period
from dangjian_check.reports.base import Look
from dangjian_check.reports.base import number as _number
from dangjian_check.rulebook.rule import Source
from dangjian_check.rulebook.standard import Standard
from dangjian_check.rulebook.waiver import Waiver

SCHEMA = "dj-check.report/1"


def render(report: Report, look: Look) -> str:
    """The whole report as one JSON document, keys in a fixed order, UTF-8 text, ending in a newline."""
    return json.dumps(document(report), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "dj-check", "version": __version__},
        "run": {
            "as_of": report.as_of.isoformat() if report.as_of else None,
            "period": _period(report.period),
            "standards": [standard_object(s) for s in report.standards],
        },
        "assessments": [assessment_object(a) for a in report.assessments],
        "records": [record_object(r) for r in report.records],
        "problems": [problem_object(p) for p in report.problems],
        "notes": [problem_object(n) for n in report.notes],
    }


def standard_object(standard: Standard) -> dict[str, Any]:
    """Which standard, in which state of its files."""
    return {"id": standard.id, "title": standard.manifest.title, "digest": standard.digest}


def branch_object(branch: BranchRef) -> dict[str, Any]:
    """Whose record it is."""
    return {
        "id": branch.id,
        "name": branch.name,
        "type": branch.type,
        "parent": branch.parent,
        "file": branch.file,
    }


def record_object(view: RecordView) -> dict[str, Any]:
    """What was found about a record whatever the standard."""
    file = view.branch.file
    return {
        "branch": branch_object(view.branch),
        "notes": [problem_object(n) for n in view.notes],
        "doubts": [
            {
                "kind": d.kind,
                "message": d.message,
                "reason": d.reason,
                "locations": [_location(place, file) for place in d.places],
            }
            for d in view.doubts
        ],
    }


def assessment_object(assessment: Assessment) -> dict[str, Any]:
    """One branch under one standard."""
    branch = assessment.branch
    return {
        "branch": branch_object(branch),
        "standard": assessment.standard.id,
        "as_of": assessment.as_of.isoformat(),
        "period": _period(assessment.period),
        "coverage_assumed": assessment.coverage_assumed,
        "score": _score(assessment.score),
        "counts": {outcome.value: count for outcome, count in assessment.counts().items()},
        "outcomes": [_outcome(o) for o in assessment.outcomes],
        "deficiencies": [_deficiency(d, assessment) for d in assessment.deficiencies],
        "waived": [_waived(w, assessment) for w in assessment.waived],
    }


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    grade = score.grade
    return {
        "low": _number(score.low),
        "high": _number(score.high),
        "max": _number(score.max),
        "completeness": _number(score.completeness),
        "grade": None if grade is None else {"low": grade.low, "high": grade.high, "certain": grade.certain},
        "sheet": {"title": score.sheet_title, "own": score.own_sheet, "with_superior": score.with_superior},
        "items": [_item(item) for item in score.items],
        "bonus": None if score.bonus is None else _item(score.bonus),
    }


def _item(item: ItemScore) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "points": _number(item.points),
        "low": _number(item.low),
        "high": _number(item.high),
        "lost_uncapped": _number(item.lost_uncapped),
        "completeness": _number(item.completeness),
        "by_superior": item.by_superior,
    }


def _outcome(outcome: RuleOutcome) -> dict[str, Any]:
    rule = outcome.rule
    return {
        "rule": rule.id,
        "clauses": rule.clauses,
        "title": rule.title,
        "actor": rule.actor,
        "outcome": outcome.outcome.value,
        "strength": rule.strength,
        "severity": rule.severity,
        "assumed": bool(rule.assumed),
        "to_verify": rule.to_verify,
        "reason": outcome.reason or None,
        "windows": [_window(w) for w in outcome.windows],
    }


def _window(window: WindowOutcome) -> dict[str, Any]:
    verdict = window.verdict
    return {
        "window": window.window.name,
        "subject": window.subject.key if window.subject else None,
        "outcome": verdict.outcome.value,
        "expected": verdict.expected,
        "actual": verdict.actual,
        "message": verdict.message,
    }


def _deficiency(deficiency: Deficiency, assessment: Assessment) -> dict[str, Any]:
    rule = deficiency.rule
    return {
        "fingerprint": deficiency.fingerprint,
        "rule": rule.id,
        "item": deficiency.item,
        "window": deficiency.window,
        "subject": deficiency.subject.key if deficiency.subject else None,
        "people": list(deficiency.people),
        "severity": rule.severity,
        "strength": rule.strength,
        "message": deficiency.message,
        "remedy": rule.remedy,
        "source": source_object(rule.citation),
        "assumed": list(deficiency.assumed),
        "to_verify": rule.to_verify,
        "deduction": _number(deficiency.deduction),
        "curable": deficiency.curable,
        "worth": _number(deficiency.worth),
        "location": _location(assessment.place(deficiency.place), assessment.branch.file),
        "baseline": None if deficiency.known is None else "known" if deficiency.known else "new",
        "expired_waiver": None if deficiency.expired is None else _waiver(deficiency.expired),
    }


def _waived(waived: WaivedDeficiency, assessment: Assessment) -> dict[str, Any]:
    """A deficiency with the waiver that covers it."""
    return _deficiency(waived.deficiency, assessment) | {"waiver": _waiver(waived.waiver)}


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "id": waiver.name,
        "effect": waiver.effect,
        "reason": waiver.reason,
        "approver": waiver.approver,
        "approved": _day(waiver.approved),
        "document": waiver.document,
        "covers": {"from": _day(waiver.covers.start), "to": _day(waiver.covers.end)},
        "expires": _day(waiver.expires),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _location(place: Location, file: str) -> dict[str, Any]:
    return {"file": place.file or file, "line": place.line, "column": place.column, "cell": place.cell}


def source_object(source: Source) -> dict[str, Any]:
    """Where a demand is written."""
    return {"document": source.document, "number": source.number, "article": source.article}


def problem_object(problem: Problem) -> dict[str, Any]:
    """One thing wrong with an input."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "cell": problem.place.cell,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _period(period: Period | None) -> dict[str, str] | None:
    return None if period is None else {"from": period.start.isoformat(), "to": period.end.isoformat()}
