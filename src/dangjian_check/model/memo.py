"""What has been worked out already: per record (`Facts`), and per period and day for all records (`Frame`)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from dangjian_check.model.calendar import STATE, Period, Window

T = TypeVar("T")
MANY = 1024  # answers that are remembered of one owner
_OFTEN = "often"


class Memo:
    """Answers by owner (by identity: a rule, a selector) and key. Owners are kept alive, so that no identity is ever
    taken twice."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[int, Hashable], tuple[object, Any]] = {}

    def once(self, owner: object, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gave the first time it was asked for this."""
        found = self._known.get((id(owner), key))
        if found is None:
            found = self._known[id(owner), key] = (owner, make())
        known: T = found[1]
        return known

    def often(self, owner: object, key: Hashable, make: Callable[[], T]) -> T:
        """As `once`, for keys of which there are ever more: when they are too many, all are forgotten."""
        known: dict[Hashable, T] = self.once(owner, _OFTEN, dict)
        if key not in known:
            if len(known) >= MANY:
                known.clear()
            known[key] = make()
        return known[key]


class Frame(Memo):
    """What judging by one period as of one day (looking ahead to the horizon, if there is one) has in common, whatever
    the record; ``state`` is the audit day as the one window in which things are judged as they stand."""

    __slots__ = ("as_of", "horizon", "period", "state")

    def __init__(self, period: Period, as_of: date, horizon: date | None = None) -> None:
        super().__init__()
        self.period = period
        self.as_of = as_of
        self.horizon = horizon
        self.state = (Window(as_of, as_of, STATE),)
