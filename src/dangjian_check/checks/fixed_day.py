"""``fixed_day``: held on the agreed day of each month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field

from dangjian_check.checks.base import Check, NearMiss, Subject, Verdict, state_window
from dangjian_check.checks.select import Selector, select
from dangjian_check.model.calendar import STATE, Window, month_end, window_label
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import ThemeDay


class FixedDay(Check):
    """In each month with an entry of ``select``, one falls on the day the branch announced (``theme_day``),
    give or take ``tolerance`` days, or was moved with a recorded reason.

    Months without any entry do not bind: a missing meeting is the matter of a ``frequency`` rule. Without an
    announced day there is one finding, not one a month.
    """

    kind: Literal["fixed_day"]
    select: Selector
    tolerance: int = Field(0, ge=0, le=30)

    def windows(self, facts: Facts) -> Iterator[Window]:
        if facts.record.branch.theme_day:
            yield from facts.windows("month")
        else:
            yield state_window(facts)

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        if window.name == STATE:
            message = f"没有约定每月哪一天是{self.select.label}，无法认定“固定”"
            return Verdict(Outcome.FAIL, message, {"theme_day": True}, None, "undeclared", place=("branch",))
        rule = facts.theme_day_at(window.end)
        if rule is None:
            return Verdict(Outcome.NOT_APPLICABLE, "当月还没有约定固定日")
        found = select(self.select, facts, window).yes
        if not found:
            return Verdict(Outcome.NOT_APPLICABLE, f"{window_label(window.name)}没有{self.select.label}，另按次数核")
        return self._weigh(rule, window, found)

    def _weigh(self, rule: ThemeDay, window: Window, found: tuple[Fact, ...]) -> Verdict:
        agreed = [day for day in _days(window) if _agrees(rule, day)]
        expected = {"theme_day": rule.label}
        days = [f.day for f in found if f.day is not None]
        actual = [day.isoformat() for day in days]
        label = window_label(window.name)
        if any(abs((day - target).days) <= self.tolerance for day in days for target in agreed):
            message = f"{label}在约定日（{rule.label}）开展"
            return Verdict(Outcome.PASS, message, expected, actual, counted=found, place=found[0].path)
        shifted = next((f for f in found if getattr(f.entry, "shift", None) is not None), None)
        if shifted is not None:
            message = f"{label}改到 {shifted.day}，写明了原因"
            return Verdict(Outcome.PASS, message, expected, actual, counted=found, place=shifted.path)
        message = f"{label}应在{rule.label}开展{self.select.label}，实在 {'、'.join(actual)}"
        return Verdict(Outcome.FAIL, message, expected, actual, "off_day", found, found[0].path)

    def near(self, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
        return []


def _days(window: Window) -> list[date]:
    return [window.start.replace(day=n) for n in range(1, window.end.day + 1)]


def _agrees(rule: ThemeDay, day: date) -> bool:
    """Whether a day is the announced one. A day the month lacks is its last; 第n个 counts within the month."""
    if rule.day is not None:
        return day.day == min(rule.day, month_end(day).day)
    return day.weekday() == rule.weekday_index and (rule.nth is None or (day.day - 1) // 7 + 1 == rule.nth)
