"""``procedure``: steps in order, with the least and most time between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from dangjian_check.checks.base import Check, Deadline, Subject, Verdict
from dangjian_check.checks.index import EVER
from dangjian_check.checks.select import select
from dangjian_check.checks.selector import Selector
from dangjian_check.errors import KeyPath
from dangjian_check.model.activity import period_of
from dangjian_check.model.calendar import FIRST_DAY, Period, Window, add_months, year_of
from dangjian_check.model.coverage import NOT_CLAIMED
from dangjian_check.model.fact_names import field_value
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import Strict, Text, wrong
from dangjian_check.model.outcome import Outcome


class Span(Strict):
    """A length of time: whole days, or months that clamp at the month's end."""

    days: int | None = Field(None, ge=0)
    months: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Span:
        if (self.days is None) == (self.months is None):
            raise wrong("span", "时长须写且只写一种", "写 days 或 months")
        return self

    def after(self, day: date) -> date:
        return add_months(day, self.months) if self.months is not None else day + timedelta(days=self.days or 0)

    @property
    def label(self) -> str:
        return f"{self.months} 个月" if self.months is not None else f"{self.days} 天"


class Step(Strict):
    """A step of the procedure: dated by a ``field`` of the case, by its first entry of ``select``, or by the
    case's own ``steps``."""

    name: Text
    field: Text | None = None
    select: Selector | None = None


class Between(Strict):
    """At least or at most so much time from one step to a later one. ``then_owed``: once the least time has run, the
    later step is to be taken without delay."""

    start: Text = Field(alias="from")
    end: Text = Field(alias="to")
    at_least: Span | None = None
    at_most: Span | None = None
    then_owed: bool = False

    @model_validator(mode="after")
    def _some(self) -> Between:
        if self.at_least is None and self.at_most is None:
            raise wrong("between", "没有写时长", "写 at_least 或 at_most")
        return self


class Procedure(Check):
    """All ``steps`` were taken, in order (unless ``order: false``), with the times of ``between`` kept.

    A missing step is a failure where the record keeps what would show it, else unknown. With ``may_run: true``
    steps missing at the end are still to come; with ``within_for: true`` every step must be taken before the period
    the entry is for (else the year it is dated in) has ended.
    """

    kind: Literal["procedure"]
    steps: list[Step] = Field(min_length=1)
    order: bool = True
    may_run: bool = False
    within_for: bool = False
    between: list[Between] = []

    @model_validator(mode="after")
    def _known_steps(self) -> Procedure:
        names = {step.name for step in self.steps}
        for rule in self.between:
            for name in (rule.start, rule.end):
                if name not in names:
                    raise wrong("between", f"没有名为 {name} 的步骤", f"可用：{'、'.join(sorted(names))}")
        return self

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        taken = {step.name: self._day(step, facts, window, subject) for step in self.steps}
        closing = self._closing(subject)
        if closing is not None:
            taken = {name: day if day is None or day <= closing else None for name, day in taken.items()}
        who = f"{subject.label}：" if subject else ""
        place = subject.path if subject else self._register()
        expected = {"steps": [step.name for step in self.steps]}
        actual = {name: day.isoformat() for name, day in taken.items() if day}
        outcome, message, defect = self._weigh(taken, facts, subject)
        in_time = closing is not None and facts.is_open(Period(closing, closing))
        if outcome is Outcome.FAIL and defect == "missing" and in_time:
            outcome, message = Outcome.PENDING, f"{message}（{closing} 到期）"
        return Verdict(outcome, f"{who}{message}", expected, actual, defect, place=place)

    def _register(self) -> KeyPath | None:
        """The series the first selected step is looked for in."""
        return next(((step.select.series,) for step in self.steps if step.select), None)

    def _closing(self, subject: Subject | None) -> date | None:
        """The last day for every step: the end of the period the entry is for, else of the year it is dated in."""
        if subject is None or not self.within_for:
            return None
        stated = period_of(subject.item.entry)
        if stated is None and subject.item.day is not None:
            stated = year_of(subject.item.day)
        return stated.end if stated else None

    def outlasts(self) -> bool:
        return self.within_for or any(rule.at_most for rule in self.between)

    def open_until(self, facts: Facts, window: Window, subject: Subject) -> date | None:
        """The end of the period it is for; else the last day set by a time within which a step, not taken before the
        audited period, must follow another."""
        closing = self._closing(subject)
        if closing is not None:
            return closing
        steps, days = {step.name: step for step in self.steps}, []
        for rule in self.between:
            start, end = (self._written(steps[name], facts, window, subject) for name in (rule.start, rule.end))
            if rule.at_most and start is not None and (end is None or end >= facts.period.start):
                days.append(rule.at_most.after(start))
        return max(days, default=None)

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """When the next step is due: by the times set, else by the end of the period it is for; without a day it is
        lacking now. What was done out of order or time can no longer be mended."""
        done = verdict.actual or {}
        missing = [step.name for step in self.steps if step.name not in done]
        late = verdict.outcome is Outcome.FAIL and verdict.defect == "timing"
        if verdict.outcome not in (Outcome.PENDING, Outcome.FAIL) or not missing or verdict.defect == "order":
            return None
        days = list(self._set_days(missing, facts, window, subject))
        if late:
            return Deadline(*min(days), late=True) if days and not self._broken(done) else None
        closing = self._closing(subject)
        if closing is not None:
            days += [(closing, "、".join(missing))] if verdict.outcome is Outcome.PENDING else []
        elif verdict.outcome is Outcome.FAIL and (not self.order or self._trailing(missing)):
            return Deadline(*min(days)) if days else Deadline(facts.as_of, "、".join(missing), standing=True)
        return Deadline(*min(days)) if days else None

    def _trailing(self, missing: list[str]) -> bool:
        return [step.name for step in self.steps][-len(missing) :] == missing

    def _set_days(
        self, missing: list[str], facts: Facts, window: Window, subject: Subject | None
    ) -> Iterator[tuple[date, str]]:
        """The day set for a missing step (and those before it) by one that is taken or has its day in writing."""
        steps = {step.name: step for step in self.steps}
        for rule in self.between:
            start = self._written(steps[rule.start], facts, window, subject) if rule.end in missing else None
            span = rule.at_most or (rule.at_least if rule.then_owed else None)
            if start is not None and span is not None:
                before = missing[: missing.index(rule.end)] if self.order else []
                wait = "" if rule.at_most else f"（满 {span.label}，不能提前）"
                yield span.after(start), "、".join([*before, f"{rule.end}{wait}"])

    def _broken(self, done: dict[str, str]) -> bool:
        """Whether two steps that were taken do not keep the time between them."""
        taken = {step.name: None for step in self.steps} | {n: date.fromisoformat(d) for n, d in done.items()}
        return self._mistimed(taken, FIRST_DAY) is not None

    def _day(self, step: Step, facts: Facts, window: Window, subject: Subject | None) -> date | None:
        """The day a step was taken, by ``as_of``."""
        day = self._written(step, facts, window, subject)
        return day if day is not None and day <= facts.as_of else None

    def _written(self, step: Step, facts: Facts, window: Window, subject: Subject | None) -> date | None:
        if step.select is not None:
            found = select(step.select, facts, Window(EVER, facts.as_of), None)
            return min((f.day for f in found.yes if f.day), default=None)
        entry = subject.item.entry if subject else None
        if step.field is not None:
            value = field_value(entry, step.field)
        else:
            value = (getattr(entry, "steps", None) or {}).get(step.name)
        return value if isinstance(value, date) else None

    def _weigh(self, taken: dict[str, date | None], facts: Facts, subject: Subject | None) -> tuple[Outcome, str, str]:
        disorder = self._disorder(taken) if self.order else None
        if disorder:
            return Outcome.FAIL, disorder, "order"
        late = self._mistimed(taken, facts.as_of)
        if late:
            return Outcome.FAIL, late, "timing"
        missing = [name for name, day in taken.items() if day is None]
        if not missing:
            return Outcome.PASS, f"{'、'.join(taken)}齐全", "missing"
        text = f"缺{'、'.join(missing)}（应有{'、'.join(taken)}）"
        if self.may_run and list(taken)[-len(missing) :] == missing:
            return Outcome.PENDING, f"尚未到{'、'.join(missing)}", "missing"
        doubt = next((d for d in (self._doubt(name, facts) for name in missing) if d), "")
        if doubt:
            return Outcome.UNKNOWN, f"{text}，{doubt}", "missing"
        if subject is not None and len(missing) == len(taken):
            return Outcome.UNKNOWN, f"{text}，各步日期都没有写", "missing"
        return Outcome.FAIL, text, "missing"

    def _doubt(self, name: str, facts: Facts) -> str:
        """Why the absence of a selected step proves nothing, or an empty text."""
        selector = next(step for step in self.steps if step.name == name).select
        if selector is None:
            return ""
        if not facts.coverage.keeps(selector.series):
            return selector.not_kept
        found = select(selector, facts, Window(EVER, facts.as_of), None)
        span = Period(min(facts.period.start, facts.as_of), facts.as_of)
        claimed = selector.series != "activities" or facts.coverage.complete("activities", selector.type, span)
        if found.yes:
            return "没有写日期"
        return found.doubt or ("" if claimed else NOT_CLAIMED)

    def _disorder(self, taken: dict[str, date | None]) -> str | None:
        done = [(name, day) for name, day in taken.items() if day is not None]
        for (first, day), (second, other) in pairwise(done):
            if other < day:
                return f"{second}（{other}）早于{first}（{day}），次序颠倒"
        return None

    def _mistimed(self, taken: dict[str, date | None], as_of: date) -> str | None:
        for rule in self.between:
            start, end = taken[rule.start], taken[rule.end]
            if start is None:
                continue
            reached = end or as_of
            if rule.at_most and reached > rule.at_most.after(start):
                when = f"{end}" if end else "至今未完成"
                if rule.at_most.after(start) == start:
                    return f"{rule.end}（{when}）晚于{rule.start}（{start}）"
                return f"{rule.start}（{start}）到{rule.end}（{when}）超过 {rule.at_most.label}"
            if rule.at_least and end is not None and end < rule.at_least.after(start):
                return f"{rule.start}（{start}）到{rule.end}（{end}）不满 {rule.at_least.label}"
        return None
