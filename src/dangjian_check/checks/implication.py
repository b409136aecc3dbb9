"""Whether one check implies another: every record that meets the first meets the second.

Sound for every kind (on the built-in school year); complete for frequencies. What cannot be told is "no".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor, inf
from typing import Any

from dangjian_check.checks.base import Check, Dated, number_at
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.frequency import Frequency
from dangjian_check.checks.interval import Interval
from dangjian_check.checks.measures import MEASURES
from dangjian_check.checks.presence import Presence
from dangjian_check.model.calendar import UNIT_MONTHS, Unit

_MONEY = "元"
# How many whole windows of the first unit every window of the second contains.
CONTAINS: dict[tuple[Unit, Unit], int] = {
    ("month", "month"): 1,
    ("month", "quarter"): 3,
    ("month", "half"): 6,
    ("month", "semester"): 6,
    ("month", "year"): 12,
    ("quarter", "quarter"): 1,
    ("quarter", "half"): 2,
    ("quarter", "semester"): 1,
    ("quarter", "year"): 4,
    ("half", "half"): 1,
    ("half", "year"): 2,
    ("semester", "semester"): 1,
    ("semester", "year"): 1,
    ("year", "year"): 1,
}


def implies(a: Check, b: Check, day: date) -> bool:
    """Whether meeting ``a`` means meeting ``b``, by the numbers in force on ``day``."""
    if a == b:
        return True
    first, second = _as_frequency(a), _as_frequency(b)
    if isinstance(first, Frequency) and isinstance(second, Frequency):
        return _frequency(first, second, day)
    if isinstance(a, Interval) and isinstance(second, Frequency):
        return _interval_frequency(a, second, day)
    if isinstance(first, Frequency) and isinstance(b, Interval):
        return _frequency_interval(first, b, day)
    rule = _SAME_KIND.get(a.kind)
    return a.kind == b.kind and rule is not None and rule(a, b, day)


def _as_frequency(check: Check) -> Check:
    """Something there in each window is the same demand as at least once in each window."""
    if isinstance(check, Presence) and check.select is not None and check.per is not None:
        return Frequency(kind="frequency", select=check.select, per=check.per, min=Fraction(1))
    return check


def whole_range(bounds: Bounds, day: date) -> tuple[int, int | None]:
    """The whole numbers that keep the limits: the least, and the greatest (None: no end)."""
    limits = bounds.limits_on(day)
    least = max([0, *(ceil(v) if n == "min" else floor(v) + 1 for n, v in limits.items() if n in ("min", "over"))])
    most = [floor(v) if n == "max" else ceil(v) - 1 for n, v in limits.items() if n in ("max", "under")]
    return least, min(most, default=None)


def _frequency(a: Frequency, b: Frequency, day: date) -> bool:
    if (a.select, a.sum, a.grace_months) != (b.select, b.sum, b.grace_months):
        return False
    if a.grace_months is not None and a.per != b.per:
        return False
    if a.sum is not None:
        return a.distinct == b.distinct and _sums(a, b, day)
    if b.distinct is not None and (a.distinct != b.distinct or a.per != b.per):
        return False
    (low_a, high_a), (low_b, high_b) = whole_range(a, day), whole_range(b, day)
    if high_b is not None and not (
        a.per == b.per and a.distinct == b.distinct and high_a is not None and high_a <= high_b
    ):
        return False
    return low_a * CONTAINS.get((a.per, b.per), 0) >= low_b


def _sums(a: Frequency, b: Frequency, day: date) -> bool:
    """Added-up hours or days are no whole numbers: limits are compared as they stand."""
    times = CONTAINS.get((a.per, b.per), 0)
    have = dict(a.limits_on(day))
    if a.per != b.per:
        have = {name: limit * times for name, limit in have.items() if name in ("min", "over") and times}
    return all(_bounded(name, limit, have) for name, limit in b.limits_on(day).items())


def _interval_frequency(a: Interval, b: Frequency, day: date) -> bool:
    low, high = whole_range(b, day)
    plain = b.sum is None and high is None and b.grace_months is None
    return plain and a.select == b.select and low <= 1 and a.months < UNIT_MONTHS[b.per]


def _frequency_interval(a: Frequency, b: Interval, day: date) -> bool:
    plain = a.sum is None and a.grace_months is None
    return plain and a.select == b.select and whole_range(a, day)[0] >= 1 and b.months >= 2 * UNIT_MONTHS[a.per]


def _interval(a: Any, b: Any, day: date) -> bool:
    return bool(a.select == b.select and a.months <= b.months)


def _limit(a: Any, b: Any, day: date) -> bool:
    if (a.of, a.count, a.distinct, a.per) != (b.of, b.count, b.distinct, b.per):
        return False
    if a.of is not None and MEASURES[a.of].unit == _MONEY:
        have = a.limits_on(day)
        return all(_bounded(name, limit, have) for name, limit in b.limits_on(day).items())
    (low_a, high_a), (low_b, high_b) = whole_range(a, day), whole_range(b, day)
    return low_a >= low_b and (high_b is None or (high_a is not None and high_a <= high_b))


def _share(a: Any, b: Any, day: date) -> bool:
    if (a.part, a.whole, a.per, a.banded_by, b.banded_by) != (b.part, b.whole, b.per, None, None):
        return False
    have, need = a.limits_on(day), b.limits_on(day)
    return all(_bounded(name, limit, have) for name, limit in need.items())


def _bounded(name: str, limit: Fraction | int, have: Mapping[str, Fraction | int]) -> bool:
    """Whether the limits at hand guarantee one more limit."""
    least, above = have.get("min", -inf), have.get("over", -inf)
    most, below = have.get("max", inf), have.get("under", inf)
    if name == "min":
        return max(least, above) >= limit
    if name == "over":
        return above >= limit or least > limit
    if name == "max":
        return min(most, below) <= limit
    return below <= limit or most < limit


def _term(a: Any, b: Any, day: date) -> bool:
    kinds = {None, *a.by_type, *b.by_type}
    return all(_shorter(a.by_type.get(k, a.years), b.by_type.get(k, b.years), day) for k in kinds)


def _shorter(a: Fraction | Dated | None, b: Fraction | Dated | None, day: date) -> bool:
    first, second = number_at(a, day), number_at(b, day)
    return second is None or (first is not None and first <= second)


def _presence(a: Any, b: Any, day: date) -> bool:
    if b.posts:
        return set(b.posts) <= set(a.posts)
    if a.field is None or (a.field, a.otherwise) != (b.field, b.otherwise):
        return False
    return not b.one_of or (bool(a.one_of) and set(a.one_of) <= set(b.one_of))


def _fixed_day(a: Any, b: Any, day: date) -> bool:
    same = (a.select, a.day, a.slots) == (b.select, b.day, b.slots)
    return same and (a.tolerance or 0) <= (b.tolerance or 0) and set(a.shift) <= set(b.shift)


def _procedure(a: Any, b: Any, day: date) -> bool:
    same = a.steps == b.steps and a.may_run == b.may_run
    return same and (a.order or not b.order) and all(rule in a.between for rule in b.between)


_SAME_KIND: dict[str, Callable[[Any, Any, date], bool]] = {
    "interval": _interval,
    "limit": _limit,
    "share": _share,
    "term": _term,
    "presence": _presence,
    "fixed_day": _fixed_day,
    "procedure": _procedure,
}
