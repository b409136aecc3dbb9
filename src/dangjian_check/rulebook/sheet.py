"""The scoring sheet of a standard, as data: a tree of indicators with points and, for each rule, how loss is
reckoned. All amounts are exact fractions of points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from dangjian_check.checks.base import Amount
from dangjian_check.model.fields import Number, Strict, Text, Texts, wrong


class Flat(Strict):
    """So many points once, however often it is missed."""

    kind: Literal["flat"]
    points: Number


class Each(Strict):
    """So many points for each missed window; with ``distinct``, for each different case among what was counted."""

    kind: Literal["each"]
    points: Number
    distinct: Texts = []


class Range(Strict):
    """An assessor's range: at least ``low``, at most ``high`` once anything is missed; with ``on_confirmation`` only
    if an assessor confirms it."""

    kind: Literal["range"]
    low: Number
    high: Number
    on_confirmation: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if self.low > self.high:
            raise wrong("range", "扣分幅度的下限大于上限", "对调 low 与 high")
        return self


class Merged(Strict):
    """All missed windows together are one item: ``lower`` points up to ``up_to`` of them missed, else ``upper``."""

    kind: Literal["merged"]
    lower: Number
    upper: Number
    up_to: Amount = Fraction(1, 3)

    @model_validator(mode="after")
    def _ordered(self) -> Merged:
        if self.lower > self.upper:
            raise wrong("merged", "缺得少的扣分大于缺得多的扣分", "对调 lower 与 upper")
        return self


class Tier(Strict):
    at_least: int = Field(ge=1)
    points: Number


class Tiers(Strict):
    """Points by the number of missed windows: the highest tier reached."""

    kind: Literal["tiers"]
    tiers: list[Tier] = Field(min_length=1)


class Shortfall(Strict):
    """``points`` for each full ``per`` by which a ratio stays below ``below``."""

    kind: Literal["shortfall"]
    points: Number
    per: Amount
    below: Amount

    @model_validator(mode="after")
    def _stepped(self) -> Shortfall:
        if self.per <= 0:
            raise wrong("shortfall", "per 应大于 0", "写每低多少扣一次，例如 1/20")
        return self


class Proportion(Strict):
    """The missed part of the windows judged, times ``points``."""

    kind: Literal["proportion"]
    points: Number


Loss = Annotated[
    Flat | Each | Range | Merged | Tiers | Shortfall | Proportion,
    Field(discriminator="kind"),
]


class Line(Strict):
    """One deduction of an indicator: the rules it looks at and what missing them costs."""

    title: Text
    rules: Texts
    loss: Loss
    cap: Number | None = None


class NotHeld(Strict):
    """未开展: if nothing at all was held under ``rules``, this many points replace the lines of the indicator."""

    rules: Texts
    points: Number


class Indicator(Strict):
    """An indicator with its points: either inner indicators, or lines that may cost up to ``cap`` (its points).

    ``bonus`` indicators add instead of taking away and are kept apart. ``bearer: superior`` marks what the
    superior answers for.
    """

    id: Text
    title: Text
    points: Number
    indicators: list[Indicator] = []
    lines: list[Line] = []
    not_held: NotHeld | None = None
    cap: Number | None = None
    bonus: bool = False
    rules: Texts = []
    bearer: Literal["branch", "superior"] = "branch"

    @model_validator(mode="after")
    def _adds_up(self) -> Indicator:
        if self.indicators:
            inner = sum(i.points for i in self.indicators)
            if inner != self.points:
                raise wrong("points", f"指标 {self.id} 的分值 {self.points} 不等于下级之和 {inner}", "核对分值")
            if self.lines or self.rules:
                raise wrong("points", f"指标 {self.id} 既有下级又有扣分项", "扣分项放到最末一级")
        return self

    def leaves(self) -> Iterator[Indicator]:
        if not self.indicators:
            yield self
        for inner in self.indicators:
            yield from inner.leaves()

    def all_rules(self) -> Iterator[str]:
        for line in self.lines:
            yield from line.rules
        yield from self.rules
        if self.not_held:
            yield from self.not_held.rules


class GradeBand(Strict):
    name: Text
    min: Number


class Veto(Strict):
    """A failure of any of these rules puts a ceiling on the grade."""

    rules: Texts
    max_grade: Text


class Sheet(Strict):
    """A whole table. ``own`` is false for the tool's default sheet, which the report must say."""

    title: Text
    indicators: list[Indicator]
    grades: list[GradeBand] = []
    veto: list[Veto] = []
    own: bool = True
    note: Text | None = None

    @model_validator(mode="after")
    def _vetoes_name_grades(self) -> Sheet:
        names = [band.name for band in self.grades]
        for veto in self.veto:
            if names and veto.max_grade not in names:
                raise wrong("veto", f"否决写的等次 {veto.max_grade} 不在 grades 里", f"改为 {'、'.join(names)} 之一")
        return self

    def leaves(self) -> Iterator[Indicator]:
        for indicator in self.indicators:
            yield from indicator.leaves()

    @property
    def base(self) -> Fraction:
        """Points to be lost: everything but bonus indicators."""
        return sum((leaf.points for leaf in self.leaves() if not leaf.bonus), Fraction(0))

    @property
    def bonus(self) -> Fraction:
        return sum((leaf.points for leaf in self.leaves() if leaf.bonus), Fraction(0))


class Weights(Strict):
    """The tool's default sheet: 100 points shared among the branch-side rules of a standard by severity."""

    title: Text
    total: Number
    weights: dict[Literal["critical", "major", "minor", "info"], Number]
    note: Text
