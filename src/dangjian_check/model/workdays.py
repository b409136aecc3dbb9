"""Which days are holidays and which are worked, for the years that are known. An unknown year is never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dangjian_check.model.calendar import ONE_DAY

_LONGEST_BREAK = 30


@dataclass(frozen=True, slots=True)
class WorkYear:
    """One year's notice: days off beyond ordinary weekends, and weekend days that are worked."""

    off: frozenset[date]
    on: frozenset[date]


class WorkDays:
    """The working calendar. ``years`` are known outright; ``more`` is asked for a year that is not among them."""

    def __init__(self, years: Mapping[int, WorkYear], more: Callable[[int], WorkYear | None] | None = None) -> None:
        self._years: dict[int, WorkYear | None] = dict(years)
        self._more = more

    def _year(self, year: int) -> WorkYear | None:
        if year not in self._years:
            self._years[year] = self._more(year) if self._more else None
        return self._years[year]

    def is_off(self, day: date) -> bool | None:
        """Whether nobody works that day: a holiday or a weekend that is not worked. None for an unknown year."""
        known = self._year(day.year)
        if known is None:
            return None
        return day in known.off or (day.weekday() >= 5 and day not in known.on)

    def after(self, day: date, count: int) -> date | None:
        """The ``count``-th working day after ``day`` (which itself does not count), or None if a year is unknown."""
        found, current, limit = 0, day, day + timedelta(days=7 * count + _LONGEST_BREAK)
        while found < count and current < limit:
            current += ONE_DAY
            off = self.is_off(current)
            if off is None:
                return None
            found += not off
        return current if found == count else None
