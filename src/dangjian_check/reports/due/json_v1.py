"""What is owed as JSON, version 1. The same record and day give the same bytes."""

from __future__ import annotations

import json
from typing import Any

from dangjian_check import __version__
from dangjian_check.engine.assessment import Due
from dangjian_check.engine.due import Agenda, DueReport
from dangjian_check.reports.base import Look
from dangjian_check.reports.due import wording
from dangjian_check.reports.json_v1 import branch_object, problem_object, source_object, standard_object

SCHEMA = "dj-check.due/1"


def render(report: DueReport, look: Look) -> str:
    """The whole list as one JSON document, branch by branch."""
    return json.dumps(document(report), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def document(report: DueReport) -> dict[str, Any]:
    """The list as plain data."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "dj-check", "version": __version__},
        "run": {"as_of": report.as_of.isoformat(), "until": report.until.isoformat()},
        "agendas": [_agenda(agenda) for agenda in report.agendas],
        "problems": [problem_object(problem) for problem in report.problems],
    }


def _agenda(agenda: Agenda) -> dict[str, Any]:
    return {
        "branch": branch_object(agenda.branch),
        "standard": standard_object(agenda.standard),
        "judged": agenda.judged,
        "later": agenda.later,
        "due": [_due(due, agenda) for due in agenda.dues],
    }


def _due(due: Due, agenda: Agenda) -> dict[str, Any]:
    rule = due.rule
    return {
        "key": due.key,
        "rule": rule.id,
        "title": rule.title,
        "window": due.window,
        "subject": due.subject.key if due.subject and not due.people else None,
        "people": list(due.people),
        "day": due.day.isoformat(),
        "days_left": (due.day - agenda.as_of).days,
        "group": wording.group(due, agenda.as_of),
        "overdue": due.overdue,
        "standing": due.standing,
        "notice": due.notice.isoformat() if due.notice else None,
        "missing": due.missing,
        "message": due.message,
        "remedy": due.remedy,
        "severity": rule.severity,
        "strength": rule.strength,
        "source": source_object(rule.citation),
        "assumed": list(rule.assumed),
        "to_verify": rule.to_verify,
    }
