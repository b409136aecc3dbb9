"""``fixed_day``: held on the agreed day of each month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from dangjian_check.checks.base import Check, Deadline, Subject, Verdict
from dangjian_check.checks.select import select
from dangjian_check.checks.selector import Selector
from dangjian_check.model.calendar import STATE, Period, Window, month_end, window_label
from dangjian_check.model.fact_names import field_value
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.fields import ONE_OR_MORE, Clock, Strict, wrong
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import ThemeDay, Weekday
from dangjian_check.model.vocabulary import WEEKDAYS


class Slot(Strict):
    """A time of the week: a weekday, ``after`` an hour if that matters."""

    weekday: Weekday
    after: Clock | None = None

    @property
    def label(self) -> str:
        return f"{self.weekday}{self.after + ' 以后' if self.after else ''}"


class FixedDay(Check):
    """In each month with an entry of ``select``, one falls on the agreed day, give or take ``tolerance`` days.

    The day is the standard's own ``day`` of the month, one of its ``slots`` of the week, or else the one the branch
    announced (``theme_day``; without one there is a single finding, not one a month). A moved day is accepted with
    a recorded ``reason``, or where the agreed day is a ``holiday``; an unknown year's holidays leave it unknown.
    Months without any entry do not bind: a missing meeting is the matter of a ``frequency`` rule. Until a month is over
    another meeting may still fall on the day.
    """

    kind: Literal["fixed_day"]
    select: Selector
    day: Annotated[int, Field(ge=1, le=28)] | None = None
    slots: Annotated[list[Slot], ONE_OR_MORE] = []
    tolerance: int | None = Field(None, ge=0, le=30)
    shift: list[Literal["reason", "holiday"]] = ["reason"]

    @model_validator(mode="after")
    def _one_way(self) -> FixedDay:
        if self.slots and (self.day is not None or self.tolerance is not None):
            raise wrong("fixed_day", "slots 不能与 day、tolerance 并用", "按星期的只写 slots")
        return self

    def windows(self, facts: Facts) -> Sequence[Window]:
        agreed = self.day or self.slots or facts.branch.theme_day
        return facts.windows("month") if agreed else facts.frame.state

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        if window.name == STATE:
            message = f"没有约定每月哪一天是{self.select.label}，无法认定“固定”"
            return Verdict(Outcome.FAIL, message, {"theme_day": True}, None, "undeclared", place=("branch",))
        found = select(self.select, facts, window).yes
        label = window_label(window.name)
        if not found and facts.horizon is not None and self._to_come(facts, window):
            return Verdict(Outcome.PENDING, f"{label}的{self.select.label}还没有开展")
        if not found:
            return Verdict(Outcome.NOT_APPLICABLE, f"{label}没有{self.select.label}，另按次数核")
        rule = self._announced(facts, window)
        if rule is None and not self.slots:
            return Verdict(Outcome.NOT_APPLICABLE, "当月还没有约定固定日")
        verdict = self._monthly(facts, rule, window, found) if rule and not self.slots else self._weekly(window, found)
        if verdict.outcome is Outcome.PASS or not facts.is_open(window):
            return verdict
        return verdict._replace(outcome=Outcome.PENDING, message=f"{verdict.message}（{window.end} 到期）")

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """The last agreed day of the month that is still to come, else the month's last for one moved with its reason;
        that no day was ever agreed can be mended now."""
        if verdict.outcome not in (Outcome.PENDING, Outcome.FAIL):
            return None
        if window.name == STATE:
            return Deadline(facts.as_of, f"约定每月哪一天是{self.select.label}", standing=True)
        ahead = self._to_come(facts, window)
        if ahead:
            return Deadline(ahead[-1], f"按约定日开展{self.select.label}")
        may_move = verdict.outcome is Outcome.PENDING and "reason" in self.shift
        return Deadline(window.end, f"改期开展{self.select.label}并写明原因") if may_move else None

    def _announced(self, facts: Facts, window: Window) -> ThemeDay | None:
        """The day of the month in force at the window's end: the standard's own, else the branch's."""
        return ThemeDay(day=self.day) if self.day else facts.theme_day_at(window.end)

    def _to_come(self, facts: Facts, window: Window) -> list[date]:
        """The agreed days of the month that are not over."""
        if not facts.is_open(window):
            return []
        days = [day for day in _days(window) if facts.is_open(Period(day, day))]
        if self.slots:
            return [day for day in days if any(WEEKDAYS[day.weekday()] == slot.weekday for slot in self.slots)]
        rule = self._announced(facts, window)
        return [day for day in days if rule is not None and _agrees(rule, day)]

    def _monthly(self, facts: Facts, rule: ThemeDay, window: Window, found: tuple[Fact, ...]) -> Verdict:
        key = (rule.day, rule.weekday, rule.nth, window.start, window.end)
        agreed = facts.frame.once(FixedDay, key, lambda: [day for day in _days(window) if _agrees(rule, day)])
        expected, actual = {"theme_day": rule.label}, _written(found)
        label = window_label(window.name)
        days = [f.day for f in found if f.day is not None]
        apart = [abs((day - target).days) for day in days for target in agreed]
        if apart and min(apart) <= (self.tolerance or 0):
            message = f"{label}在约定日（{rule.label}）开展"
            return Verdict(Outcome.PASS, message, expected, actual, counted=found, place=found[0].path)
        shifted = self._shifted(found)
        if shifted is not None:
            message = f"{label}改到 {shifted.day}，写明了原因"
            return Verdict(Outcome.PASS, message, expected, actual, counted=found, place=shifted.path)
        if "holiday" in self.shift:
            verdict = self._on_holiday(facts, agreed, label, expected, found)
            if verdict is not None:
                return verdict
        message = f"{label}应在{rule.label}开展{self.select.label}，实在 {'、'.join(actual)}"
        return Verdict(Outcome.FAIL, message, expected, actual, "off_day", found, found[0].path)

    def _shifted(self, found: tuple[Fact, ...]) -> Fact | None:
        """An entry that was moved for a written reason, if that will do."""
        moved = (fact for fact in found if getattr(fact.entry, "shift", None) is not None)
        return next(moved, None) if "reason" in self.shift else None

    def _on_holiday(
        self, facts: Facts, agreed: list[date], label: str, expected: dict[str, str], found: tuple[Fact, ...]
    ) -> Verdict | None:
        """A verdict if the agreed day was, or may have been, a day off."""
        off = [facts.workdays.is_off(day) for day in agreed]
        actual, place = _written(found), found[0].path
        if True in off:
            message = f"{label}约定日逢休息日，改在 {'、'.join(actual)}"
            return Verdict(Outcome.PASS, message, expected, actual, counted=found, place=place)
        if None in off:
            message = f"{label}不在约定日；没有 {agreed[0].year} 年的节假日表，不知约定日是否休息"
            return Verdict(Outcome.UNKNOWN, message, expected, actual, counted=found, place=place)
        return None

    def _weekly(self, window: Window, found: tuple[Fact, ...]) -> Verdict:
        words = "或".join(slot.label for slot in self.slots)
        label, actual = window_label(window.name), _written(found)
        answers = [_in_slot(slot, fact) for fact in found for slot in self.slots]
        outcome, text = Outcome.FAIL, f"实在 {'、'.join(actual)}"
        shifted = self._shifted(found)
        if True in answers:
            outcome = Outcome.PASS
        elif shifted is not None:
            outcome, text = Outcome.PASS, f"改到 {shifted.day}，写明了原因"
        elif None in answers:
            outcome, text = Outcome.UNKNOWN, "没有写开始时刻，看不出"
        message = f"{label}{self.select.label}应在{words}，{text}"
        return Verdict(outcome, message, {"slots": words}, actual, "off_day", found, found[0].path)


def _written(found: tuple[Fact, ...]) -> list[str]:
    return [fact.day.isoformat() for fact in found if fact.day is not None]


def _in_slot(slot: Slot, fact: Fact) -> bool | None:
    if fact.day is None or WEEKDAYS[fact.day.weekday()] != slot.weekday:
        return False
    if slot.after is None:
        return True
    start = field_value(fact.entry, "start")
    return None if start is None else bool(start >= slot.after)


def _days(window: Window) -> list[date]:
    return [window.start.replace(day=n) for n in range(1, window.end.day + 1)]


def _agrees(rule: ThemeDay, day: date) -> bool:
    """Whether a day is the announced one. A day the month lacks is its last; 第n个 counts within the month."""
    if rule.day is not None:
        return day.day == min(rule.day, month_end(day).day)
    return day.weekday() == rule.weekday_index and (rule.nth is None or (day.day - 1) // 7 + 1 == rule.nth)
