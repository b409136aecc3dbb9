"""A small record that keeps one rule and breaks another: found by trying regular years, proved by judging them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from dangjian_check.checks.frequency import Frequency
from dangjian_check.checks.interval import Interval
from dangjian_check.checks.selector import Selector
from dangjian_check.engine.judge import judge
from dangjian_check.model.calendar import ONE_DAY, UNITS, Period, Window, add_months, calendar_windows
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import Record
from dangjian_check.rulebook.rule import Rule

SPAN = Period(date(2023, 1, 1), date(2024, 12, 31))
_MOST = 6


def witness(keeps: Rule, breaks: Rule) -> dict[str, Any] | None:
    """A record (in the file format) under which ``keeps`` has no failure and at least one pass, and ``breaks``
    fails; None if no regular year shows the difference."""
    selector = keeps.check.selector() or breaks.check.selector()
    if not isinstance(selector, Selector) or selector.series != "activities":
        return None
    for days in _logs(keeps, breaks):
        record = _record(selector, days, keeps, breaks)
        if _kept(keeps, record) and _broken(breaks, record):
            return record
    return None


def _logs(*rules: Rule) -> Iterator[list[date]]:
    """Regular logs: so many entries at the beginning, the end, or in turn at both, of every window of a unit; one
    every so many months; the counts being those the rules speak of."""
    counts = sorted({n for rule in rules for n in _numbers(rule)} | {0, 1})
    for unit in UNITS:
        windows = [w for w in calendar_windows(unit, SPAN) if SPAN.covers(w)]
        for count in counts:
            for turn in product((False, True), repeat=4):
                yield [d for i, w in enumerate(windows) for d in _placed(w, count, last=turn[i % len(turn)])]
    for months in (1, 2, 3, 4, 6, 12):
        yield [add_months(SPAN.start, months * i) for i in range(24 // months + 1)]


def _numbers(rule: Rule) -> list[int]:
    check = rule.check
    if isinstance(check, Frequency):
        limits = [v for v in (check.min, check.over, check.max, check.under) if isinstance(v, Fraction)]
        return [n for v in limits for n in (int(v) - 1, int(v), int(v) + 1) if 0 <= n <= _MOST]
    return [check.months] if isinstance(check, Interval) and check.months <= _MOST else []


def _placed(window: Window, count: int, *, last: bool) -> list[date]:
    start = window.end - ONE_DAY * (count - 1) if last else window.start
    return [start + ONE_DAY * i for i in range(count)]


def _record(selector: Selector, days: list[date], *rules: Rule) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": selector.type[0] if selector.type else "其他"}
    if selector.tags:
        entry["tags"] = [selector.tags[0]]
    if selector.lecturer or selector.host:
        entry |= {"lecturer": "甲", "host": "甲"}
    grouped = any(rule.for_each is not None and rule.for_each.subjects == "groups" for rule in rules)
    wants = {rule.applies_when.had_groups for rule in rules if rule.applies_when is not None}
    if grouped:
        entry["group"] = "g1"
    record: dict[str, Any] = {
        "branch": {"name": "举例支部", "type": "教师"},
        "coverage": {"from": SPAN.start.isoformat(), "to": SPAN.end.isoformat()},
        "committee": {"exists": True, "elected": "2022-06-15", "posts": [{"name": "甲", "post": "书记"}]},
        "headcount": {"formal": 9},
        "activities": [
            {"date": d.isoformat(), **entry, "topic": f"第{i + 1}次"} for i, d in enumerate(days) if SPAN.contains(d)
        ],
    }
    if grouped or True in wants:
        record["groups"] = [{"id": "g1", "name": "第一党小组"}]
    return record


def _outcomes(rule: Rule, record: dict[str, Any]) -> list[Outcome]:
    facts = Facts(Record.model_validate(record), SPAN, SPAN.end)
    return [window.outcome for window in judge(rule, facts).windows]


def _kept(rule: Rule, record: dict[str, Any]) -> bool:
    found = _outcomes(rule, record)
    return Outcome.FAIL not in found and bool({Outcome.PASS, Outcome.MANUAL} & set(found))


def _broken(rule: Rule, record: dict[str, Any]) -> bool:
    return Outcome.FAIL in _outcomes(rule, record)
