"""What of a series may count, found once for a record and all selectors that ask the same: laid out by day, so that a
window is a stretch of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from typing import NamedTuple

from dangjian_check.checks.events import may_be_twins
from dangjian_check.checks.matching import answers
from dangjian_check.checks.selector import Selector
from dangjian_check.model.activity import Activity
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import YES, Truth

EVER = date.min  # a window from here on looks at everything, and is no window of the calendar
_LEAST_STATED = timedelta(days=80)
_UNEVEN = timedelta(days=3)  # months, quarters and halves differ by no more: the same kind of period

Candidate = tuple[Fact, Truth, bool | None]  # an entry, whether it counts, whether it falls in


class Line(NamedTuple):
    """What of a series may count, leaving time and subject aside, in order: entries that only their day places, with
    those days, and the others; ``unsure`` if some of the former may not count; ``claims``: for each kind asked for, the
    days for which the log claims to hold everything."""

    days: list[date]
    dated: list[Candidate]
    loose: list[tuple[Fact, Truth]]
    unsure: bool
    claims: list[list[Period]]


class Reached(NamedTuple):
    """What may count in one window, whoever is judged; whether absence would prove anything; and whether all of it
    counts, each entry as an event of its own."""

    entries: list[Candidate]
    complete: bool
    certain: bool


def falls_in(fact: Fact, window: Period) -> bool | None:
    """Whether an entry belongs to a window: by the period it is *for* where that is no longer kind of period, else
    by its day. A paper for several years belongs to each of them; a meeting is never for another month (case 7)."""
    stated = fact.stated
    if window.start == EVER:
        known = fact.day or (stated.start if stated else None)
        return None if known is None else known <= window.end
    if stated is not None:
        meeting = isinstance(fact.entry, Activity)
        by_month = window.end - window.start < _LEAST_STATED
        alike = stated.end - stated.start <= window.end - window.start + _UNEVEN and not (meeting and by_month)
        if stated.covers(window) and (alike or not meeting):
            return True
        if alike:
            return window.covers(stated)
    return None if fact.day is None else window.contains(fact.day)


def line(selector: Selector, facts: Facts) -> Line:
    """What of its series a selector may count."""
    return facts.known.once(selector, "line", lambda: _shared_line(selector, facts))


def _shared_line(selector: Selector, facts: Facts) -> Line:
    return facts.known.once(selector.demand(facts), "line", lambda: _line(selector, facts))


def _line(selector: Selector, facts: Facts) -> Line:
    listed = selector.candidates(facts)
    asked = selector.demand(facts).questions
    said = answers(asked, [fact.entry for fact in listed], facts) if asked else [YES] * len(listed)
    pairs = zip(listed, said, strict=True)
    likely: list[Candidate] = [(fact, truth, True) for fact, truth in pairs if truth.value is not False]
    dated = [item for item in likely if item[0].day is not None and item[0].stated is None]
    loose = [(f, truth) for f, truth, _ in likely if f.day is None or f.stated is not None]
    days = [fact.day for fact, _, _ in dated if fact.day is not None]
    names = selector.type if selector.series == "activities" else selector.kind
    claims = [facts.coverage.claimed(selector.series, name) for name in names or ("",)]
    return Line(days, dated, loose, None in [truth.value for _, truth, _ in dated], claims)


def reach(selector: Selector, facts: Facts, window: Window) -> Reached:
    """What may count in one window."""
    found = line(selector, facts)
    entries = found.dated[bisect_left(found.days, window.start) : bisect_right(found.days, window.end)]
    if found.loose:
        entries += [(f, truth, inside) for f, truth in found.loose if (inside := falls_in(f, window)) is not False]
        entries.sort(key=lambda item: (item[0].day or date.min, item[0].index))
    certain = not (found.unsure or found.loose or (len(entries) > 1 and may_be_one(selector, facts)))
    return Reached(entries, _complete(found, facts, window), certain)


def counts(selector: Selector, facts: Facts, windows: tuple[Window, ...]) -> tuple[int, ...] | None:
    """How many entries count in each of these windows, in order and apart; None where it is not that simple: where
    some may or may not count, may be one event, or may lack in a log that is not complete."""
    if selector.also or not windows:
        return None
    found = line(selector, facts)
    span = Window(windows[0].start, windows[-1].end)
    if found.unsure or found.loose or not _complete(found, facts, span) or may_be_one(selector, facts):
        return None
    ends = [bisect_right(found.days, window.end) for window in windows]
    return tuple([end - bisect_left(found.days, w.start, 0, end) for w, end in zip(windows, ends, strict=True)])


def days_of(selector: Selector, facts: Facts) -> list[date]:
    """The days, in order, of the entries that count."""
    return sorted({fact.day for fact in entries_of(selector, facts) if fact.day is not None})


def entries_of(selector: Selector, facts: Facts) -> list[Fact]:
    """The entries that count, whenever they were."""
    found = line(selector, facts)
    return [fact for fact, truth, _ in found.dated if truth.value] + [f for f, truth in found.loose if truth.value]


def doubt_in(selector: Selector, facts: Facts, days: Period) -> str:
    """Why it is not known whether something on these days counts; nothing if it is known of everything."""
    found = line(selector, facts)
    for fact, truth in [*((fact, truth) for fact, truth, _ in found.dated), *found.loose]:
        if fact.day is None and (fact.stated is None or fact.stated.overlaps(days)):
            return truth.reason or "没有写日期"
        if fact.day is not None and truth.value is None and days.contains(fact.day):
            return truth.reason
    return ""


def may_be_one(selector: Selector, facts: Facts) -> bool:
    """Whether two entries may be one event."""
    return selector.series == "activities" and may_be_twins(facts)


def _complete(found: Line, facts: Facts, window: Window) -> bool:
    """Whether the log claims to hold everything of the kind up to the day judged."""
    start, end = window.start, min(window.end, facts.as_of)
    if start > end:
        return True
    for claimed in found.claims:
        for span in claimed:
            if span.start <= start and end <= span.end:
                break
        else:
            return False
    return True
