"""``interval``: the longest time without something. A running clock, not a calendar frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from dangjian_check.checks.base import Check, Deadline, NearMiss, Subject, Verdict
from dangjian_check.checks.index import days_of, doubt_in, entries_of
from dangjian_check.checks.nearness import near_misses
from dangjian_check.checks.selector import Selector
from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import ONE_DAY, Period, Window, add_months
from dangjian_check.model.coverage import NOT_CLAIMED
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import Outcome


def _name(start: date) -> str:
    return f"gap:{start.isoformat()}"


class Interval(Check):
    """At most ``months`` may pass between one entry of ``select`` and the next.

    The clock starts at the last entry before the period, else at the founding, else at the first day the log
    covers; in that last case a first gap within the limit stays unknown, over or not. An empty selection is one long
    gap. A gap that ran out before the period and still runs in it is judged as well: it is broken on every day of it,
    and is the same gap in every period. Where a gap ran out before the demand was in force, or before the log is
    complete, its last days are judged by themselves.
    """

    kind: Literal["interval"]
    select: Selector
    months: int = Field(ge=1, le=120)

    def windows(self, facts: Facts) -> Sequence[Window]:
        return list(self._windows(facts))

    def _windows(self, facts: Facts) -> Iterator[Window]:
        anchors = self._anchors(facts)
        for start, following in zip(anchors, [*anchors[1:], None], strict=True):
            due = add_months(start, self.months)
            if facts.horizon is not None:
                listed = following is None and start <= facts.as_of
            else:
                listed = due <= facts.period.end or start <= facts.as_of < due
            if listed:
                yield Window(start, due, _name(start))

    def bound_span(self, facts: Facts, window: Window) -> Period:
        """The day on which the gap runs out (or the audit day, if that is earlier); of its last days all."""
        day = min(window.end, facts.as_of)
        return Period(day if window.name == _name(window.start) else window.start, day)

    def restarted(self, facts: Facts, window: Window) -> Window | None:
        """The last days of a gap as long as an interval and more: none were to be without, had the clock been started
        by them, as it is where the demand, or the log, begins within the gap."""
        closed = (self._following(facts, window), facts.branch.dissolved, facts.as_of)
        last = min(min(day for day in closed if day is not None) - ONE_DAY, facts.period.end)
        start = _months_before(last, self.months)
        return Window(start, last, window.name) if start > window.start else None

    def _days(self, facts: Facts) -> list[date]:
        return facts.known.once(self, "days", lambda: days_of(self.select, facts))

    def _anchors(self, facts: Facts) -> list[date]:
        """Where the clock starts, no earlier than at the last entry before the period, and every entry since."""
        days, founded = self._days(facts), facts.branch.founded
        earlier = [day for day in days if day <= facts.period.start]
        if founded is not None and add_months(founded, self.months) >= facts.period.start:
            first = founded
        else:
            first = max(earlier) if earlier else self._first_covered(facts)
        return [first, *(d for d in days if d > first)]

    def _first_covered(self, facts: Facts) -> date:
        """The first day of the claim that holds the period's first day, or of the next; none before the founding."""
        since = facts.coverage.since(self.select.series, self.select.type, facts.period.start) or facts.period.start
        return max(since, facts.branch.founded or since)

    def _following(self, facts: Facts, window: Window) -> date | None:
        return next((day for day in self._days(facts) if day > window.start), None)

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        following, inside = self._following(facts, window), self._inside(facts, window)
        known = window.start in (facts.branch.founded, *(fact.day for fact in inside))
        outcome, found = self._outcome(facts, window, following, known=known)
        owed = f"{window.start} 之后应在 {window.end} 前再有{self.select.label}（间隔不超过 {self.months} 个月）"
        return Verdict(
            outcome,
            f"{owed}，{found}",
            expected={"max_months": self.months},
            actual=following.isoformat() if following else None,
            defect="late" if following else "missing",
            counted=inside,
            place=self._place(facts, window),
        )

    def _inside(self, facts: Facts, window: Window) -> tuple[Fact, ...]:
        """The entries from the one the gap begins with to the day it runs out."""
        return tuple(f for f in entries_of(self.select, facts) if f.day is not None and window.contains(f.day))

    def _place(self, facts: Facts, window: Window) -> KeyPath | None:
        """The entry the whole gap, not only its last days, begins with."""
        begun = [f.path for f in entries_of(self.select, facts) if f.day is not None and _name(f.day) == window.name]
        return begun[-1] if begun else None

    def _outcome(self, facts: Facts, window: Window, following: date | None, *, known: bool) -> tuple[Outcome, str]:
        if following is not None and following <= window.end:
            if known:
                return Outcome.PASS, f"{following} 已有"
            return Outcome.UNKNOWN, f"{following} 已有，但记录起始以前的情况不明"
        if facts.as_of <= window.end and following is None:
            return (Outcome.PENDING, "尚未到期") if known else (Outcome.UNKNOWN, "记录起始以前的情况不明")
        span = Period(window.start + ONE_DAY if known else window.start, min(window.end, facts.as_of))
        if not facts.coverage.complete(self.select.series, self.select.type, span):
            return Outcome.UNKNOWN, NOT_CLAIMED
        doubt = doubt_in(self.select, facts, span)
        if doubt:
            return Outcome.UNKNOWN, doubt
        return Outcome.FAIL, f"{following} 才有" if following else "至今没有"

    @property
    def owing(self) -> frozenset[Outcome]:
        return super().owing | {Outcome.UNKNOWN}

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """When the gap runs out, at the latest where nobody knows how long it has run; one that has is owed until it
        ends, late as that will be."""
        open_still = verdict.actual is None and facts.as_of <= window.end and facts.coverage.keeps(self.select.series)
        if verdict.outcome is Outcome.PENDING or (verdict.outcome is Outcome.UNKNOWN and open_still):
            return Deadline(window.end, self.select.label)
        running = verdict.outcome is Outcome.FAIL and verdict.actual is None
        return Deadline(window.end, self.select.label, late=True) if running else None

    def near(self, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
        return near_misses(self.select, facts, window, subject)


def _months_before(day: date, months: int) -> date:
    """The last day from which so many months are over on ``day``."""
    start = add_months(day, -months)
    while add_months(start + ONE_DAY, months) <= day:
        start += ONE_DAY
    return start
