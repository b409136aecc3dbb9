"""Which days are holidays and which are worked, for the years that are known. An unknown year is never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dangjian_check.model.calendar import ONE_DAY

_LONGEST_BREAK = 30
_LONGEST_HOLIDAY = 12 * ONE_DAY


class WorkYear(NamedTuple):
    """One year's notice: days off beyond ordinary weekends, and weekend days that are worked."""

    off: frozenset[date]
    on: frozenset[date]


class WorkDays:
    """The working calendar. ``years`` are known outright; ``more`` is asked for a year that is not among them."""

    def __init__(self, years: Mapping[int, WorkYear], more: Callable[[int], WorkYear | None] | None = None) -> None:
        self._years: dict[int, WorkYear | None] = dict(years)
        self._more = more
        self._holidays: dict[date, bool] = {}

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

    def is_holiday(self, day: date) -> bool:
        """Whether a day is off and is no plain weekend: the days off it belongs to hold one of Monday to Friday."""
        if day not in self._holidays:
            self._holidays[day] = any(off.weekday() < 5 for off in self._break(day))
        return self._holidays[day]

    def _break(self, day: date) -> Iterator[date]:
        """The days off that a day belongs to, as far as the calendar knows; none for a day that is worked."""
        if self.is_off(day):
            yield day
            for step in (ONE_DAY, -ONE_DAY):
                near = day + step
                while self.is_off(near) and abs(near - day) <= _LONGEST_HOLIDAY:
                    yield near
                    near += step

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
