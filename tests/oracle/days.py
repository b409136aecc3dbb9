"""Days, one at a time: no date arithmetic cleverer than the next day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

Data = dict[str, Any]
Days = Sequence[date]
UNITS = ("month", "quarter", "half", "semester", "year")
FIRST, LAST = date(1898, 8, 1), date(2103, 1, 31)


@cache
def day(text: str) -> date:
    """The day that a text names."""
    return date.fromisoformat(text)


def walk(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


@cache
def later(start: date, months: int) -> date:
    """So many months on: walk until that many first days of a month were passed, then on to the same day of the
    month, or to the last one the month has."""
    passed, here = 0, start
    while True:
        step = date.fromordinal(here.toordinal() + 1)
        if step.day == 1:
            if passed == months:
                return here
            passed += 1
        elif passed == months and here.day == start.day:
            return here
        here = step
        if passed == months and here.day == start.day:
            return here


def name_of(unit: str, on: date) -> str:
    """The calendar window of a unit that a day belongs to, by the days people count on."""
    year, month = on.year, on.month
    if unit == "semester":
        if 2 <= month <= 7:
            return f"{year}-spring"
        return f"{year}-autumn" if month >= 8 else f"{year - 1}-autumn"
    if unit == "month":
        return f"{year}-{month:02d}"
    if unit == "quarter":
        return f"{year}Q{1 if month <= 3 else 2 if month <= 6 else 3 if month <= 9 else 4}"
    return f"{year}H{1 if month <= 6 else 2}" if unit == "half" else f"{year}"


@cache
def _grouped(unit: str) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for each in walk(FIRST, LAST):
        found.setdefault(name_of(unit, each), []).append(each)
    return found


def windows_of(unit: str, days: Iterable[date], semesters: Sequence[Data]) -> dict[str, list[date]]:
    """The windows of a unit that share a day with ``days``. A school calendar pushes out every built-in semester that
    touches the time from its first day to its last."""
    groups = _grouped(unit)
    names = dict.fromkeys(name_of(unit, each) for each in days)
    if unit != "semester" or not semesters:
        return {name: groups[name] for name in names}
    own = {s["name"]: walk(day(s["from"]), day(s["to"])) for s in semesters}
    first, last = min(d[0] for d in own.values()), max(d[-1] for d in own.values())
    left = {name: groups[name] for name in names if not any(first <= d <= last for d in groups[name])}
    asked = set(days)
    return left | {name: found for name, found in own.items() if not asked.isdisjoint(found)}


def listed(unit: str, record: Data, period: tuple[date, date], as_of: date) -> dict[str, list[date]]:
    """The windows judged: those that end inside the period and have begun, and the one still open at ``as_of``."""
    inside = walk(*period)
    semesters = record.get("calendar", {}).get("semesters", [])
    found = windows_of(unit, inside, semesters)
    closed = {n: d for n, d in found.items() if period[0] <= d[-1] <= period[1] and d[0] <= as_of}
    running = {n: d for n, d in found.items() if d[0] <= as_of < d[-1]}
    return closed | running


def span_of(text: str) -> list[date]:
    """Every day of a period as people write it: ``2024``, ``2024H1``, ``2024Q3``, ``2024-03``, ``A..B``."""
    first, _, last = text.partition("..")
    both = [_named_span(part) for part in (first, last or first)]
    return walk(both[0][0], both[1][-1])


@cache
def _named_span(text: str) -> list[date]:
    for unit in ("month", "quarter", "half", "year"):
        if text in _grouped(unit):
            return _grouped(unit)[text]
    return [day(text)]


def days_apart(one: date, other: date) -> int:
    """How many days lie between two days, counted one by one."""
    return len(walk(min(one, other), max(one, other))) - 1
