"""``frequency``: how often something is done in each calendar window. Every window is judged by itself."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from dangjian_check.checks.base import Check, NearMiss, Subject, Verdict, plain
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.select import Selection, Selector, near_misses, select
from dangjian_check.model.calendar import Unit, Window, window_label
from dangjian_check.model.fact_names import field_value
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.fields import exact
from dangjian_check.model.outcome import Outcome

_MEASURED = {"hours": "学时", "days": "天"}


class Frequency(Check, Bounds):
    """Counts the entries of ``select`` in each window of ``per`` and holds the count against the limits.

    An empty selection counts zero. Enough already is a pass even where the log is not complete; too few is a
    fail only where the window has closed and the log claims to be complete for it. ``sum: hours`` adds up a
    field instead of counting entries; ``distinct`` counts different values of a field.
    """

    kind: Literal["frequency"]
    select: Selector
    per: Unit
    sum: Literal["hours", "days"] | None = None
    distinct: str | None = None

    def windows(self, facts: Facts) -> Iterator[Window]:
        return facts.windows(self.per)

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        found = select(self.select, facts, window, subject)
        low, high, doubt = self._count(found)
        outcome, note = self._outcome(facts, window, found, low, high)
        return Verdict(
            outcome,
            self._message(window, low, note or (doubt if outcome is Outcome.UNKNOWN else ""), subject),
            expected=self.expected(window.start),
            actual=plain(low),
            defect="too_many" if self.exceeded(low, window.start) else "too_few",
            counted=found.yes,
        )

    def near(self, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
        return near_misses(self.select, facts, window, subject)

    def _count(self, found: Selection) -> tuple[Fraction, Fraction, str]:
        maybe = [near.fact for near in found.maybe]
        if self.sum is not None:
            return self._sum(found)
        low = len(self._different(found.yes))
        high = len(self._different([*found.yes, *maybe]))
        return Fraction(low), Fraction(high), found.doubt

    def _different(self, facts: tuple[Fact, ...] | list[Fact]) -> set[object]:
        if self.distinct is None:
            return set(facts)
        return {field_value(fact.entry, self.distinct) or fact for fact in facts}

    def _sum(self, found: Selection) -> tuple[Fraction, Fraction, str]:
        assert self.sum is not None
        values = [exact(field_value(fact.entry, self.sum)) for fact in found.yes]
        low = sum((v for v in values if v is not None), Fraction(0))
        if None in values or found.maybe:
            return low, Fraction(10**9), found.doubt or f"有记录没有写{_MEASURED[self.sum]}"
        return low, low, ""

    def _outcome(
        self, facts: Facts, window: Window, found: Selection, low: Fraction, high: Fraction
    ) -> tuple[Outcome, str]:
        if self.exceeded(low, window.start):
            return Outcome.FAIL, ""
        open_ended = facts.is_open(window)
        most = high if found.complete and not open_ended else Fraction(10**9)
        held = self.holds(low, most, window.start)
        if held:
            return Outcome.PASS, ""
        if open_ended:
            return Outcome.PENDING, f"{window.end} 到期"
        if held is False:
            return Outcome.FAIL, ""
        return Outcome.UNKNOWN, found.doubt or "这段时间的记录没有声明完整"

    def _message(self, window: Window, low: Fraction, note: str, subject: Subject | None) -> str:
        unit = _MEASURED.get(self.sum or "", "次")
        who = f"{subject.label}：" if subject else ""
        owed = self.words(window.start, unit)
        text = f"{window_label(window.name)}{who}应有{self.select.label}{owed}，实有 {plain(low)} {unit}"
        return f"{text}（{note}）" if note else text
