"""Limits on a number: ``min`` (以上, 不少于: ≥), ``over`` (超过: >), ``max`` (不超过: ≤), ``under`` (不足: <)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

from pydantic import model_validator

from dangjian_check.checks.base import Dateable, Dated, amount, number_at, plain
from dangjian_check.model.fields import Strict, wrong

_WORDS = {"min": "不少于", "over": "多于", "max": "不超过", "under": "少于"}


class Bounds(Strict):
    """At least one limit; legal usage: 以上 and 不超过 include the number, 超过 and 不足 do not."""

    min: Dateable | None = None
    over: Dateable | None = None
    max: Dateable | None = None
    under: Dateable | None = None

    @model_validator(mode="after")
    def _some(self) -> Bounds:
        if self._needs_limit() and not any(True for _ in self._limits()):
            raise wrong("bounds", "没有写界限", "至少写 min、over、max、under 中的一个")
        return self

    def _needs_limit(self) -> bool:
        return True

    def _limits(self) -> Iterator[tuple[str, Any]]:
        for name in _WORDS:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def limits_on(self, day: date) -> Mapping[str, Fraction | int]:
        """The limits in force on ``day``."""
        values = (self.min, self.over, self.max, self.under)
        if Dated not in map(type, values):
            return _undated(*values)
        dated = ((name, number_at(value, day)) for name, value in self._limits())
        return {name: number for name, number in dated if number is not None}

    @property
    def varies(self) -> bool:
        """Whether a limit changed over time."""
        return Dated in map(type, (self.min, self.over, self.max, self.under))

    def expected(self, day: date) -> dict[str, Any]:
        return {name: plain(number) for name, number in self.limits_on(day).items()}

    def words(self, day: date, unit: str = "") -> str:
        """The limits in Chinese: 不少于 1 次."""
        return _in_words(tuple(self.limits_on(day).items()), unit)

    def holds(self, low: Fraction | int, high: Fraction | int, day: date) -> bool | None:
        """Whether a number known to lie in [low, high] keeps the limits: yes, no, or cannot tell."""
        answers = [_keeps(name, limit, low, high) for name, limit in self.limits_on(day).items()]
        if False in answers:
            return False
        return None if None in answers else True

    def lacking(self, count: Fraction | int, day: date) -> Fraction:
        """How many more of whole things a count needs to reach the lower limits; zero if none."""
        limits = self.limits_on(day)
        wanted: list[Fraction | int] = [limits["min"]] if "min" in limits else []
        wanted += [Fraction(floor(limits["over"]) + 1)] if "over" in limits else []
        return max([Fraction(0), *(Fraction(limit - count) for limit in wanted)])

    def exceeded(self, low: Fraction | int, day: date) -> bool:
        """Whether an upper limit is already broken however much is still to come."""
        limits = self.limits_on(day)
        return ("max" in limits and low > limits["max"]) or ("under" in limits and low >= limits["under"])

    def demands_on(self, day: date) -> bool:
        """Whether any limit is in force on ``day``."""
        return not self._needs_limit() or bool(self.limits_on(day))


@cache
def _in_words(limits: tuple[tuple[str, Fraction | int], ...], unit: str) -> str:
    said = [(_WORDS[name], f"{amount(limit)} {unit}" if unit else plain(limit)) for name, limit in limits]
    return "且".join(f"{word} {limit}" for word, limit in said)


@cache
def _undated(*values: Fraction | None) -> dict[str, Fraction | int]:
    written = {name: value for name, value in zip(_WORDS, values, strict=True) if value is not None}
    return {name: value.numerator if value.denominator == 1 else value for name, value in written.items()}


def _keeps(name: str, limit: Fraction | int, low: Fraction | int, high: Fraction | int) -> bool | None:
    if name == "min":
        return True if low >= limit else (False if high < limit else None)
    if name == "over":
        return True if low > limit else (False if high <= limit else None)
    if name == "max":
        return True if high <= limit else (False if low > limit else None)
    return True if high < limit else (False if low >= limit else None)
