"""``limit``: a count within limits, either as things stand on the audit day or per calendar window."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import model_validator

from dangjian_check.checks.base import Check, Deadline, NearMiss, Subject, Verdict, amount, plain
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.events import different
from dangjian_check.checks.measures import MEASURES
from dangjian_check.checks.nearness import near_misses
from dangjian_check.checks.select import OfMembers, Selection, of_members, select
from dangjian_check.checks.selector import Selector
from dangjian_check.model.calendar import STATE, Unit, Window, window_label
from dangjian_check.model.coverage import NOT_CLAIMED
from dangjian_check.model.fact_names import label_of
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import Texts, wrong
from dangjian_check.model.outcome import Outcome


class Limit(Bounds, Check):
    """Holds a named quantity (``of``) or the number of selected entries (``count``) against limits.

    A quantity the record does not tell is unknown. ``count`` needs ``per``; ``distinct`` counts different
    combinations of fields (one person punished twice for one matter is one).
    """

    kind: Literal["limit"]
    of: str | None = None
    count: Selector | None = None
    distinct: Texts = []
    per: Unit | None = None
    binds_alike: ClassVar[bool] = True

    @model_validator(mode="after")
    def _one_quantity(self) -> Limit:
        if (self.of is None) == (self.count is None) or (self.count is None) != (self.per is None):
            raise wrong("limit", "limit 的对象不明确", "写 of，或写 count 和 per")
        if self.of is not None and self.of not in MEASURES:
            raise wrong("limit", f"没有名为 {self.of} 的数量", f"可用：{'、'.join(MEASURES)}")
        if self.count is not None:
            self.count.must_have(self.distinct)
        return self

    def windows(self, facts: Facts) -> Sequence[Window]:
        return facts.frame.state if self.per is None else facts.windows(self.per)

    def quantities(self) -> tuple[str, ...]:
        return (self.of,) if self.of else ()

    def reads(self) -> frozenset[str] | None:
        return self.count.all_series() if self.count else None

    def told(self, facts: Facts) -> Hashable | None:
        if self.of is None or MEASURES[self.of].of:
            return None
        measured = MEASURES[self.of].read(facts, facts.as_of, None)
        return measured.value, measured.missing

    def of_members(self, facts: Facts, window: Window) -> OfMembers | None:
        return of_members(self.count, facts, window) if self.count else None

    def alike(self, facts: Facts, found: Selection) -> Hashable | None:
        return None if found.yes else (len(found.maybe), found.doubt, found.complete)

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        return self._count(facts, window, subject) if self.count else self._measure(facts, window, subject)

    def _measure(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        measure = MEASURES[self.of or ""]
        measured = measure.read(facts, window.start, subject)
        expected = self.expected(window.start)
        who = f"{subject.label}：" if subject else ""
        owed = f"{who}{measure.label}应{self.words(window.start, measure.unit)}"
        if measured.value is None:
            return Verdict(Outcome.UNKNOWN, f"{owed}（{measured.missing}）", expected=expected)
        held = self.holds(measured.value, measured.value, window.start)
        outcome = Outcome.PASS if held else Outcome.FAIL
        message = f"{owed}，实为 {amount(measured.value)} {measure.unit}"
        return Verdict(outcome, message, expected=expected, actual=plain(measured.value), defect="out_of_bounds")

    def _count(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        assert self.count is not None
        found = select(self.count, facts, window, subject)
        low, most = different(self.distinct, found.yes) if self.distinct else (len(found.yes),) * 2
        doubt = found.doubt or (f"有记录没有写全{'、'.join(map(label_of, self.distinct))}" if most > low else "")
        open_ended = facts.is_open(window)
        high = most + len(found.maybe) if found.complete and not open_ended else 10**9
        held = self.holds(low, high, window.start)
        note = ""
        if held is None:
            note = f"{window.end} 到期" if open_ended else doubt or NOT_CLAIMED
        outcomes = {
            True: Outcome.PASS,
            False: Outcome.FAIL,
            None: Outcome.PENDING if open_ended else Outcome.UNKNOWN,
        }
        owed = f"{window_label(window.name)}{self.count.label}应{self.words(window.start, '人次')}，实有 {low} 人次"
        return Verdict(
            outcomes[held],
            f"{owed}（{note}）" if note else owed,
            expected=self.expected(window.start),
            actual=plain(low),
            defect="out_of_bounds",
            counted=found.yes,
            place=found.yes[0].path if found.yes else None,
        )

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """Of a count what is missing by the end of the window. A number of the branch can be put right at any time;
        one written in an entry only if it may still grow."""
        if self.count is None:
            grows = window.name == STATE and not MEASURES[self.of or ""].of
            open_still = verdict.outcome is Outcome.FAIL and (grows or MEASURES[self.of or ""].grows)
            return Deadline(facts.as_of, verdict.message, standing=True) if open_still else None
        if verdict.outcome is not Outcome.PENDING:
            return None
        lacking = self.lacking(Fraction(str(verdict.actual)), window.start)
        return Deadline(window.end, f"{self.count.label}还差 {amount(lacking)} 人次") if lacking else None

    def selector(self) -> Selector | None:
        return self.count

    def near(self, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
        return near_misses(self.count, facts, window, subject) if self.count else []
