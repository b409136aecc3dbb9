"""``frequency``: how often something is done in each calendar window. Every window is judged by itself."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from dangjian_check.checks.base import ANYONE, Check, Deadline, NearMiss, Subject, Verdict, amount, plain
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.events import different
from dangjian_check.checks.index import counts
from dangjian_check.checks.nearness import near_misses
from dangjian_check.checks.select import OfMembers, Selection, of_members, select
from dangjian_check.checks.selector import Selector
from dangjian_check.checks.training_days import training_days
from dangjian_check.model.activity import period_of
from dangjian_check.model.calendar import (
    ONE_DAY,
    Period,
    Unit,
    Window,
    add_months,
    calendar_windows,
    month_end,
    window_label,
)
from dangjian_check.model.coverage import NOT_CLAIMED
from dangjian_check.model.fact_names import field_value, label_of
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.fields import exact, wrong
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.series import Training

_NO_END = Fraction(10**9)
_MEASURED = {"hours": "学时", "days": "天"}


class _Count(NamedTuple):
    """How much was found for certain and at most; whether the log claims to be complete; what makes the number
    uncertain."""

    low: Fraction | int
    high: Fraction | int
    complete: bool
    doubt: str


class Frequency(Bounds, Check):
    """Counts the entries of ``select`` in each window of ``per`` and holds the count against the limits.

    An empty selection counts zero. Enough already is a pass even where the log is not complete; too few is a
    fail only where the window (and its time of grace) has closed and the log claims to be complete for it.
    ``sum: hours`` adds up a field instead of counting entries, ``sum: days`` days of training; ``distinct`` counts
    different values of a field. ``grace_months`` keeps a window open so long after its end.
    """

    kind: Literal["frequency"]
    select: Selector
    per: Unit
    sum: Literal["hours", "days"] | None = None
    distinct: str | None = None
    grace_months: int | None = Field(None, ge=1, le=6)
    binds_alike: ClassVar[bool] = True

    @model_validator(mode="after")
    def _of_what_is_written(self) -> Frequency:
        if self.sum == "days" and self.select.all_series() != {"training"}:
            raise wrong("sum", "sum: days 只配 training", "只选 training，或者改用 sum: hours")
        self.select.must_have([name for name in (self.sum, self.distinct) if name not in (None, "days")])
        return self

    def windows(self, facts: Facts) -> Sequence[Window]:
        listed = facts.windows(self.per, self.grace_months or 0)
        return [*self._late(facts), *listed] if self.grace_months and facts.horizon is None else listed

    def _late(self, facts: Facts) -> Iterator[Window]:
        """Windows from before the period whose time of grace runs out in it, or is not yet over, as far as the log
        claims to be complete for them: when they ended nobody could tell."""
        first = facts.period.start
        before = Period(add_months(first, -(self.grace_months or 0)), first - ONE_DAY)
        for window in calendar_windows(self.per, before, facts.semesters) if facts.as_of >= first else ():
            closing = self._closing(window)
            due = facts.period.contains(closing.end) or (closing.end >= first and facts.is_open(closing))
            if window.end < first and due and facts.coverage.complete(self.select.series, self.select.type, window):
                yield window

    def reads(self) -> frozenset[str] | None:
        return self.select.all_series()

    def told(self, facts: Facts) -> Hashable | None:
        if self.sum is not None or self.distinct is not None or self.grace_months or facts.horizon is not None:
            return None
        return counts(self.select, facts, facts.windows(self.per))

    def of_members(self, facts: Facts, window: Window) -> OfMembers | None:
        return None if self.grace_months else of_members(self.select, facts, window)

    def alike(self, facts: Facts, found: Selection) -> Hashable | None:
        if found.maybe or ((self.sum or self.distinct) and found.yes):
            return None
        return len(found.yes), found.complete

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        found = self._found(facts, window, subject)
        low, high, doubt = self._count(found)
        count = _Count(low, high, found.complete, doubt)
        if self.sum is not None or (subject is not None and subject.label != ANYONE.label):
            return self._verdict(facts, window, subject, count, found.yes)
        key = (window.start, window.end, window.name, subject is None, count)
        said = facts.frame.once(self, key, lambda: self._verdict(facts, window, subject, count, ()))
        return Verdict(said.outcome, said.message, said.expected, said.actual, said.defect, found.yes)

    def _verdict(
        self, facts: Facts, window: Window, subject: Subject | None, count: _Count, counted: tuple[Fact, ...]
    ) -> Verdict:
        outcome, note = self._outcome(facts, self._closing(window), count)
        return Verdict(
            outcome,
            self._message(window, count.low, note, subject),
            expected=self.expected(window.start),
            actual=plain(count.low),
            defect="too_many" if self.exceeded(count.low, window.start) else "too_few",
            counted=counted,
        )

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """Up to the end of the window and its time of grace; an upper limit leaves nothing to do."""
        if verdict.outcome is not Outcome.PENDING:
            return None
        low, _, _ = self._count(self._found(facts, window, subject))
        lacking = self.lacking(low, window.start)
        if not lacking:
            return None
        unit = _MEASURED.get(self.sum or "", "次")
        return Deadline(self._closing(window).end, f"{self.select.label}还差 {amount(lacking)} {unit}")

    def near(self, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
        return near_misses(self.select, facts, window, subject)

    def _closing(self, window: Window) -> Window:
        """The window with the time of grace in which it may still be met."""
        end = month_end(add_months(window.end, self.grace_months)) if self.grace_months else window.end
        return Window(window.start, end, window.name)

    def _found(self, facts: Facts, window: Window, subject: Subject | None) -> Selection:
        """Entries of the window. In a time of grace an entry that does not say what it is for belongs to the
        window before, but only if that one has none of its own (case 15)."""
        found = select(self.select, facts, window, subject)
        if self.grace_months is None:
            return found
        lent = self._lent(facts, window, subject)
        own = tuple(f for f in found.yes if f not in lent)
        if not own:
            following = Window(window.end + ONE_DAY, self._closing(window).end, window.name)
            own = tuple(f for f in select(self.select, facts, following, subject).yes if period_of(f.entry) is None)
        claimed = select(self.select, facts, self._closing(window), subject).complete
        return replace(found, yes=own, complete=claimed)

    def _lent(self, facts: Facts, window: Window, subject: Subject | None) -> tuple[Fact, ...]:
        """The entries of a window that belong to the one before, because that has none of its own, not counting what
        it lent in turn."""
        chain = [(window, self._lendable(facts, window, subject))]
        while chain[-1][1]:
            last = chain[-1][0].start - ONE_DAY
            before = next(calendar_windows(self.per, Period(last, last)))
            chain.append((before, self._lendable(facts, before, subject)))
        lent: tuple[Fact, ...] = ()
        for (_, lendable), (before, _) in reversed(list(pairwise(chain))):
            own = any(f not in lent for f in select(self.select, facts, before, subject).yes)
            lent = () if own else lendable
        return lent

    def _lendable(self, facts: Facts, window: Window, subject: Subject | None) -> tuple[Fact, ...]:
        end = month_end(add_months(window.start, (self.grace_months or 1) - 1))
        early = select(self.select, facts, Window(window.start, end, window.name), subject)
        return tuple(f for f in early.yes if period_of(f.entry) is None)

    def _count(self, found: Selection) -> tuple[Fraction | int, Fraction | int, str]:
        if self.sum is not None:
            return self._sum(found)
        if self.distinct is None:
            return len(found.yes), len(found.yes) + len(found.maybe), found.doubt
        low, most = different([self.distinct], found.yes)
        _, high = different([self.distinct], (*found.yes, *(near.fact for near in found.maybe)))
        return low, high, found.doubt or (f"有记录没有写{label_of(self.distinct)}" if most > low else "")

    def _sum(self, found: Selection) -> tuple[Fraction, Fraction, str]:
        assert self.sum is not None
        if self.sum == "days":
            values = list(training_days(f.entry for f in found.yes if isinstance(f.entry, Training)))
        else:
            values = [exact(field_value(fact.entry, self.sum)) for fact in found.yes]
        low = sum((v for v in values if v is not None), Fraction(0))
        if None in values or found.maybe:
            return low, _NO_END, found.doubt or f"有记录没有写{_MEASURED[self.sum]}"
        return low, low, ""

    def _outcome(self, facts: Facts, window: Window, count: _Count) -> tuple[Outcome, str]:
        if self.exceeded(count.low, window.start):
            return Outcome.FAIL, ""
        open_ended = facts.is_open(window)
        most = count.high if count.complete and not open_ended else _NO_END
        held = self.holds(count.low, most, window.start)
        if held:
            return Outcome.PASS, ""
        if open_ended:
            return Outcome.PENDING, f"{window.end} 到期"
        if held is False:
            return Outcome.FAIL, ""
        return Outcome.UNKNOWN, count.doubt or NOT_CLAIMED

    def _message(self, window: Window, low: Fraction | int, note: str, subject: Subject | None) -> str:
        unit = _MEASURED.get(self.sum or "", "次")
        who = f"{subject.label}：" if subject else ""
        owed = self.words(window.start, unit)
        text = f"{window_label(window.name)}{who}应有{self.select.label}{owed}，实有 {amount(low)} {unit}"
        return f"{text}（{note}）" if note else text
