"""``share``: a part of a whole, as an exact ratio. Exactly half is half."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Tag

from dangjian_check.checks.base import Check, Subject, Verdict, state_window
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.measures import MEASURES, Measured
from dangjian_check.checks.select import Selector, select
from dangjian_check.model.calendar import Unit, Window, window_label
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import wrong
from dangjian_check.model.outcome import Outcome


def _measure_name(value: str) -> str:
    if value not in MEASURES:
        raise wrong("measure", f"没有名为 {value} 的数量", f"可用：{'、'.join(MEASURES)}")
    return value


Quantity = Annotated[
    Annotated[Annotated[str, BeforeValidator(_measure_name)], Tag("measure")] | Annotated[Selector, Tag("select")],
    Discriminator(lambda value: "measure" if isinstance(value, str) else "select"),
]


class Share(Check, Bounds):
    """``part`` divided by ``whole`` within limits; each a named quantity or selected entries of a window.

    A whole of zero, or a number the record does not tell, is unknown: never 0 % and never 100 %.
    """

    kind: Literal["share"]
    part: Quantity
    whole: Quantity
    per: Unit | None = None

    def windows(self, facts: Facts) -> Iterator[Window]:
        if self.per is None:
            yield state_window(facts)
        else:
            yield from facts.windows(self.per)

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        part, whole = (_read(q, facts, window, subject) for q in (self.part, self.whole))
        who = f"{subject.label}：" if subject else (window_label(window.name) if self.per else "")
        owed = f"{who}{_label(self.part)}占{_label(self.whole)}的比例应{self.words(window.start)}"
        expected = self.expected(window.start)
        if part.value is None or whole.value is None or whole.value == 0:
            why = part.missing if part.value is None else whole.missing if whole.value is None else "分母为零，不能评"
            return Verdict(Outcome.UNKNOWN, f"{owed}（{why}）", expected=expected)
        ratio = Fraction(part.value, whole.value)
        message = f"{owed}，实为 {part.value}/{whole.value}"
        if self.per is not None and facts.is_open(window):
            return Verdict(Outcome.PENDING, f"{message}（{window.end} 到期）", expected=expected)
        outcome = Outcome.PASS if self.holds(ratio, ratio, window.start) else Outcome.FAIL
        return Verdict(
            outcome, message, expected=expected, actual=f"{part.value}/{whole.value}", defect="out_of_bounds"
        )


def _read(quantity: str | Selector, facts: Facts, window: Window, subject: Subject | None) -> Measured:
    if isinstance(quantity, str):
        return MEASURES[quantity].read(facts, window.start, subject)
    found = select(quantity, facts, window, subject)
    if found.maybe:
        return Measured(None, found.doubt)
    return Measured(len(found.yes)) if found.complete else Measured(None, "这段时间的记录没有声明完整")


def _label(quantity: str | Selector) -> str:
    return MEASURES[quantity].label if isinstance(quantity, str) else quantity.label
