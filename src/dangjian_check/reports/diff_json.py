"""The comparison of two reports as JSON, ``dj-check.diff/1``. The same reports give the same bytes."""

from __future__ import annotations

import json
from typing import Any

from dangjian_check import __version__
from dangjian_check.engine.claims import Checked, Compared, Standing
from dangjian_check.engine.diff import Comparison, Finding, State
from dangjian_check.engine.reported import ReportedAssessment, ReportedDeficiency
from dangjian_check.engine.score_change import Change
from dangjian_check.reports.base import ends, number
from dangjian_check.reports.json_v1 import problem_object

SCHEMA = "dj-check.diff/1"


def diff_json(compared: Compared) -> str:
    """One JSON document, UTF-8 text, ending in a newline."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "dj-check", "version": __version__},
        "old": {"file": compared.old.file},
        "new": {"file": compared.new.file},
        "counts": _counts(compared.diff.counts()),
        "comparisons": [_comparison(c) for c in compared.diff.comparisons],
        "ledger": _ledger(compared),
        "problems": [problem_object(p) for p in compared.problems],
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _counts(counts: dict[State, int]) -> dict[str, int]:
    return {state.value: count for state, count in counts.items()}


def _comparison(c: Comparison) -> dict[str, Any]:
    branch = c.branch
    return {
        "branch": {"id": branch.id, "name": branch.name, "parent": branch.parent},
        "standard": {"id": c.standard.id, "title": c.standard.title},
        "old": _side(c.old),
        "new": _side(c.new),
        "notes": list(c.notes),
        "counts": _counts(c.counts()),
        "score": None
        if c.score is None
        else {"total": _change(c.score.total), "items": [_change(i) for i in c.score.items]},
        "findings": [_finding(f) for f in c.findings],
    }


def _side(a: ReportedAssessment | None) -> dict[str, Any] | None:
    if a is None:
        return None
    period = {"from": a.period.start.isoformat(), "to": a.period.end.isoformat()}
    return {"period": period, "as_of": a.as_of.isoformat(), "digest": a.pack.digest}


def _change(change: Change) -> dict[str, Any]:
    by = change.by
    return {
        "id": change.id,
        "title": change.title,
        "points": [None if value is None else number(value) for value in change.most],
        "old": ends(change.old),
        "new": ends(change.new),
        "direction": change.direction,
        "by": None if by is None else {"least": number(by[0]), "most": number(by[1])},
    }


def _finding(f: Finding) -> dict[str, Any]:
    d = f.shown
    return {
        "state": f.state.value,
        "fingerprint": d.fingerprint,
        "rule": d.rule,
        "title": f.title,
        "window": d.window,
        "subject": d.subject,
        "severity": d.severity,
        "message": d.message,
        "remedy": d.remedy,
        "source": {"document": d.source.document, "number": d.source.number, "article": d.source.article},
        "reason": f.reason or None,
        "old": _report(f.old),
        "new": _report(f.new),
        "cases": [
            {"subject": c.subject, "label": c.label, "state": c.state.value, "reason": c.reason or None}
            for c in f.cases
        ],
    }


def _report(d: ReportedDeficiency | None) -> dict[str, Any] | None:
    if d is None:
        return None
    return {"fingerprint": d.fingerprint, "message": d.message, "deduction": number(d.deduction)}


def _ledger(compared: Compared) -> dict[str, Any] | None:
    if compared.ledger is None:
        return None
    counts = {s.value: sum(c.standing is s for c in compared.checked) for s in Standing}
    return {"file": compared.ledger, "counts": counts, "rows": [_checked(c) for c in compared.checked]}


def _checked(c: Checked) -> dict[str, Any]:
    claim, finding = c.claim, c.finding
    return {
        "standing": c.standing.value,
        "fingerprint": finding.shown.fingerprint if finding else claim.fingerprint if claim else None,
        "cell": claim.place.cell if claim else None,
        "branch": c.comparison.branch.name if c.comparison else claim.branch if claim else None,
        "message": finding.shown.message if finding else claim.text if claim else None,
        "claimed": None if claim is None else {"state": claim.state, "closed": claim.closed},
        "state": finding.state.value if finding else None,
    }
