"""The summary of many reports as JSON, ``dj-check.summary/1``. The same reports give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from dangjian_check import __version__
from dangjian_check.engine.summary import ByStandard, Common, Moment, Summary, Tally
from dangjian_check.errors import Problem
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import ends, number
from dangjian_check.reports.json_v1 import problem_object
from dangjian_check.reports.summary_blocks import found, general
from dangjian_check.rulebook.rule import SEVERITIES

SCHEMA = "dj-check.summary/1"


def summary_json(summary: Summary, problems: Iterable[Problem] = ()) -> str:
    """One JSON document, UTF-8 text, ending in a newline."""
    data = {
        "schema": SCHEMA,
        "tool": {"name": "dj-check", "version": __version__},
        "assessments": summary.count,
        "repeated": summary.twice,
        "alike": summary.alike,
        "unread": list(summary.unread),
        "standards": [_standard(s, rank=summary.rank) for s in summary.standards.values()],
        "problems": [problem_object(p) for p in problems],
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _standard(s: ByStandard, *, rank: bool) -> dict[str, Any]:
    data = {
        "id": s.standard.id,
        "title": s.standard.title,
        "is_series": s.is_series,
        "circular": {"general": list(general(s)), "found": list(found(s))},
        "current": _tally(s.current),
        "periods": [_moment(moment) | _brief(tally) for moment, tally in sorted(s.moments.items(), key=lambda m: m[0])],
    }
    if rank:
        data["ranking"] = [
            {"branch": r.branch, "name": r.name, "low": number(r.low), "high": number(r.high)}
            | {"best": r.best, "worst": r.worst}
            for r in s.ranking()
        ]
    return data


def _moment(moment: Moment) -> dict[str, Any]:
    period = {"from": moment.start.isoformat(), "to": moment.end.isoformat()}
    return {"period": period, "as_of": moment.as_of.isoformat()}


def _brief(tally: Tally) -> dict[str, Any]:
    return {
        "assessments": tally.count,
        "judged": tally.judged,
        "clean": tally.clean,
        "deficiencies": tally.deficiencies,
        "average": ends(tally.average),
        "completeness": None if tally.completeness is None else number(tally.completeness),
        "missed": {p.rule.id: len(p.branches) for p in tally.by_branches()},
    }


def _tally(t: Tally) -> dict[str, Any]:
    return _brief(t) | {
        "waiting": t.waiting,
        "waived": t.waived,
        "outcomes": {o.value: t.outcomes[o] for o in Outcome},
        "severities": {level: t.severities[level] for level in SEVERITIES},
        "lowest": ends(t.lowest),
        "highest": ends(t.highest),
        "common": [_common(p) for p in t.by_branches()],
        "by_points": [p.rule.id for p in t.by_points() if p.points],
        "items": [
            {"id": i.id, "title": i.title, "rate": number(i.rate), "lost": number(i.lost), "open": number(i.open)}
            | {"points": number(i.points), "branches": i.branches}
            for i in t.worst_items()
        ],
        "distribution": [
            {"from": b.start, "to": b.end, "low": b.low, "high": b.high} for b in t.overview.distribution()
        ],
        "units": [
            {"name": u.name, "assessments": u.count, "average": ends(u.average), "clean": u.clean}
            | {"deficiencies": u.deficiencies, "waiting": u.waiting}
            for u in t.overview.units()
        ],
    }


def _common(p: Common) -> dict[str, Any]:
    source = p.rule.source
    return {
        "rule": p.rule.id,
        "title": p.rule.title,
        "severity": p.rule.severity,
        "source": {"document": source.document, "number": source.number, "article": source.article},
        "remedy": p.rule.remedy,
        "branches": list(p.branches),
        "times": p.times,
        "points": number(p.points),
    }
