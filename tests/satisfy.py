"""Doing what `due` lists: for each kind of check, the entries a branch would write down once the duty is met."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from dangjian_check.engine.assessment import Due
from dangjian_check.model.calendar import STATE
from strategies import Data

PLENTY = 40


def satisfied(record: Data, done: Iterable[tuple[Due, date]]) -> Data:
    """The record after each duty was met on its day; nothing of the one before is changed but what the duty is on."""
    after = copy.deepcopy(record)
    for number, (due, day) in enumerate(done):
        HOW[due.rule.check.kind](after, due, day, f"补{number}")
    return after


def _add(record: Data, series: str, *entries: Data) -> None:
    record.setdefault(series, []).extend(entries)


def _lacking(due: Due) -> int:
    """How many are missing, as the duty says it: 支委会还差 2 次."""
    found = re.search(r"还差 (\d+)", due.missing)
    return int(found[1]) if found else 1


def _entry(due: Due, selector: Any, day: date, topic: str) -> tuple[str, Data]:
    """One entry that the selector counts, for whoever owes it."""
    kind: Data = {"kind": selector.kind[0]} if selector.kind else {}
    if selector.series == "plans":
        return "plans", kind | {"made": day.isoformat()}
    if selector.series == "documents":
        return "documents", kind | {"date": day.isoformat()}
    entry: Data = {"date": day.isoformat(), "type": selector.type[0], "topic": topic}
    if due.subject is not None and due.subject.kind == "group":
        entry["group"] = due.subject.key
    return "activities", entry | ({"tags": list(selector.tags)} if selector.tags else {})


def _counted(record: Data, due: Due, day: date, topic: str) -> None:
    check: Any = due.rule.check
    selector = check.count if check.kind == "limit" else check.select
    if selector is not None and selector.series == "talks":
        _add(record, "talks", *({"date": day.isoformat(), "between": [name, "谈话人"]} for name in due.people))
        return
    for number in range(_lacking(due)):
        series, entry = _entry(due, selector, day, f"{topic}-{number}")
        late = getattr(check, "grace_months", None) and {"for": int(due.window)}
        _add(record, series, entry | (late or {}))


def _shared(record: Data, due: Due, day: date, topic: str) -> None:
    check: Any = due.rule.check
    if check.part == "dues.paid":
        entry = record["dues"][due.subject.path[1]]  # type: ignore[union-attr]
        entry["paid"] = entry["due"]
        return
    _add(record, "activities", *(_entry(due, check.part, day, f"{topic}-{n}")[1] for n in range(PLENTY)))


def _elected(record: Data, due: Due, day: date, topic: str) -> None:
    _add(record, "committee", {"exists": True, "elected": day.isoformat()})


def _stepped(record: Data, due: Due, day: date, topic: str) -> None:
    check: Any = due.rule.check
    if due.subject is None:
        for step in check.steps:
            if step.name in due.missing:
                _add(record, *_entry(due, step.select, day, topic))
        return
    series, index = due.subject.path
    for step in check.steps:
        if step.name in due.missing:
            if step.field is None:
                record[series][index]["steps"][step.name] = day.isoformat()
            else:
                record[series][index][step.field] = day.isoformat()


def _agreed(record: Data, due: Due, day: date, topic: str) -> None:
    if due.window == STATE:
        record["branch"]["theme_day"] = {"day": 10}
        return
    held = {"date": due.day.isoformat(), "type": due.rule.check.select.type[0], "topic": topic}  # type: ignore[union-attr]
    moved: Data = {"shift": {"reason": "约定的日子已过"}} if "写明原因" in due.missing else {}
    _add(record, "activities", held | moved)


def _confirmed(record: Data, due: Due, day: date, topic: str) -> None:
    member = next(m for m in record["members"] if m["name"] in due.people)
    member |= {"status": "正式", "confirmed": day.isoformat()}


HOW = {
    "frequency": _counted,
    "presence": _counted,
    "limit": _counted,
    "interval": _counted,
    "share": _shared,
    "term": _elected,
    "procedure": _stepped,
    "fixed_day": _agreed,
    "manual": _confirmed,
}
