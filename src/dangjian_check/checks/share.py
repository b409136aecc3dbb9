"""``share``: a part of a whole, as an exact ratio. Exactly half is half."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Discriminator, Tag, model_validator

from dangjian_check.checks.base import ANYONE, Amount, Check, Deadline, Subject, Verdict, amount, nameless, plain
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.measures import MEASURES
from dangjian_check.checks.select import select
from dangjian_check.checks.selector import Selector
from dangjian_check.model.calendar import STATE, Unit, Window, window_label
from dangjian_check.model.coverage import NOT_CLAIMED
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import wrong
from dangjian_check.model.outcome import Outcome


def _measure_name(value: str) -> str:
    if value not in MEASURES:
        raise wrong("measure", f"没有名为 {value} 的数量", f"可用：{'、'.join(MEASURES)}")
    return value


MeasureName = Annotated[str, BeforeValidator(_measure_name)]
Quantity = Annotated[
    Annotated[MeasureName, Tag("measure")] | Annotated[Selector, Tag("select")],
    Discriminator(lambda value: "measure" if isinstance(value, str) else "select"),
]


class Band(Bounds):
    """The limits for cases whose measure is at most ``up_to`` (no end for the last band)."""

    up_to: Amount | None = None


class Share(Bounds, Check):
    """``part`` divided by ``whole`` within limits; each a named quantity or selected entries of a window.

    ``bands`` give different limits by another measure (``banded_by``). A whole of zero, or a number the record does
    not tell, is unknown once the window is over: never 0 % and never 100 %.
    """

    kind: Literal["share"]
    part: Quantity
    whole: Quantity
    per: Unit | None = None
    banded_by: MeasureName | None = None
    bands: list[Band] = []

    @model_validator(mode="after")
    def _banded(self) -> Share:
        ends = [band.up_to for band in self.bands]
        rising = all(a is not None and (b is None or a < b) for a, b in pairwise(ends))
        if bool(self.bands) != bool(self.banded_by) or not rising or (ends and ends[-1] is not None):
            raise wrong("bands", "分档写得不完整", "写 banded_by 和从低到高的 bands，最后一档不写 up_to")
        return self

    def _needs_limit(self) -> bool:
        return not self.bands

    def _bounds(self, facts: Facts, window: Window, subject: Subject | None) -> Bounds | str:
        """The limits for this case, or why its band cannot be told."""
        if self.banded_by is None:
            return self
        measured = MEASURES[self.banded_by].read(facts, window.start, subject)
        if measured.value is None:
            return measured.missing
        return next(band for band in self.bands if band.up_to is None or measured.value <= band.up_to)

    def quantities(self) -> tuple[str, ...]:
        return tuple(one for one in (self.part, self.whole, self.banded_by) if isinstance(one, str))

    def windows(self, facts: Facts) -> Sequence[Window]:
        return facts.frame.state if self.per is None else facts.windows(self.per)

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        part, whole = (_read(q, facts, window, subject) for q in (self.part, self.whole))
        bounds = self._bounds(facts, window, subject)
        if isinstance(bounds, str):
            who = f"{subject.label}：" if subject else (window_label(window.name) if self.per else "")
            open_ended = self.per is not None and facts.is_open(window)
            return Verdict(Outcome.PENDING if open_ended else Outcome.UNKNOWN, f"{who}{bounds}")
        if subject is None or self.per is not None:
            return self._weigh(facts, window, subject, bounds, part, whole)
        key = (part, whole, id(bounds), window.start if bounds.varies else None)
        said = facts.frame.often(self, key, lambda: self._weigh(facts, window, nameless(subject), bounds, part, whole))
        message = said.message.replace(ANYONE.label, subject.label)
        return Verdict(said.outcome, message, said.expected, said.actual, said.defect)

    def _weigh(
        self, facts: Facts, window: Window, subject: Subject | None, bounds: Bounds, part: _Known, whole: _Known
    ) -> Verdict:
        who = f"{subject.label}：" if subject else (window_label(window.name) if self.per else "")
        open_ended = self.per is not None and facts.is_open(window)
        owed = f"{who}{_label(self.part)}占{_label(self.whole)}的比例应{bounds.words(window.start)}"
        expected = bounds.expected(window.start)
        why = part.missing or whole.missing or ("" if whole.low else "分母为零，不能评")
        found = f"{amount(part.low)}/{amount(whole.low)}"
        message = f"{owed}（{why}）" if why else f"{owed}，实为 {found}"
        if open_ended:
            return Verdict(Outcome.PENDING, f"{message}（{window.end} 到期）", expected=expected)
        if why:
            return Verdict(Outcome.UNKNOWN, message, expected=expected)
        held = bounds.holds(Fraction(part.low, whole.high), Fraction(part.high, whole.low), window.start)
        if held is None:
            return Verdict(Outcome.UNKNOWN, f"{message}（{part.doubt or whole.doubt}）", expected=expected)
        outcome = Outcome.PASS if held else Outcome.FAIL
        whole_numbers = part.low.denominator == whole.low.denominator == 1
        actual = found if whole_numbers else plain(Fraction(part.low, whole.low))
        return Verdict(outcome, message, expected=expected, actual=actual, defect="out_of_bounds")

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """While the window is open, if the ratio is not kept as it stands (a whole that is nothing yet, or not told, is
        the matter of another demand). Of an entry only what may still grow."""
        if verdict.outcome is Outcome.PENDING:
            part, whole = (_read(q, facts, window, subject) for q in (self.part, self.whole))
            bounds = self._bounds(facts, window, subject)
            if isinstance(bounds, str) or part.missing or whole.missing or not whole.low:
                return None
            now = Fraction(part.low, whole.low)
            kept = bounds.holds(now, now, window.start)
            short = f"{_label(self.part)}占{_label(self.whole)} {amount(part.low)}/{amount(whole.low)}"
            return None if kept else Deadline(window.end, f"{short}，应{bounds.words(window.start)}")
        if verdict.outcome is not Outcome.FAIL:
            return None
        quantity = MEASURES[self.part] if isinstance(self.part, str) else None
        standing = window.name == STATE or (quantity is not None and quantity.grows)
        return Deadline(facts.as_of, verdict.message, standing=True) if standing else None


class _Known(NamedTuple):
    """A quantity known to lie between two numbers; ``missing`` says why it is not known at all."""

    low: Fraction | int = 0
    high: Fraction | int = 0
    missing: str = ""
    doubt: str = ""


def _read(quantity: str | Selector, facts: Facts, window: Window, subject: Subject | None) -> _Known:
    if isinstance(quantity, str):
        measured = MEASURES[quantity].read(facts, window.start, subject)
        if measured.value is None:
            return _Known(missing=measured.missing)
        return _Known(measured.value, measured.value)
    found = select(quantity, facts, window, subject)
    if not found.complete and not facts.is_open(window):
        return _Known(missing=NOT_CLAIMED)
    low = len(found.yes)
    return _Known(low, low + len(found.maybe), doubt=found.doubt)


def _label(quantity: str | Selector) -> str:
    return MEASURES[quantity].label if isinstance(quantity, str) else quantity.label
