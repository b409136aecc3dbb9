"""Civil dates: periods, named windows and month arithmetic. The only home of ``relativedelta``.

All periods include both ends. Months are added from the original day and clamp at the month's end
(30 November + 3 months = 28/29 February).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from dateutil.relativedelta import relativedelta

Unit = Literal["month", "quarter", "half", "semester", "year"]
UNITS: tuple[Unit, ...] = ("month", "quarter", "half", "semester", "year")
UNIT_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "semester": 6, "year": 12}
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
ONE_DAY = timedelta(days=1)
STATE = "state"

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_WINDOW = re.compile(r"([0-9]{4})(?:H([12])|Q([1-4])|-(spring|autumn)|-(0[1-9]|1[0-2]))?", re.ASCII)
_LENGTH = re.compile(r"([0-9]{1,4})([dwmy])", re.ASCII)
_PERIOD = re.compile(r"([0-9]{4})(?:(H[12])|(Q[1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


@lru_cache(8192)
def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, clamped to the end of a shorter month."""
    return day + relativedelta(months=months)


def months_between(start: date, end: date) -> int:
    """Whole months from ``start`` to ``end``, by the clamping rule of `add_months`; negative if end < start."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return count if add_months(start, count) <= end else count - 1


def iso_day(text: str) -> date | None:
    """The day written as ``YYYY-MM-DD``, or None; impossible days and years outside 1900-2100 are None too."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included."""

    start: date
    end: date

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def covers(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Period) -> bool:
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, order=True, slots=True)
class Window(Period):
    """A named period a rule is judged by; ``name`` is stable across audits and part of fingerprints."""

    name: str = ""


def month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - ONE_DAY


def _aligned(unit: Unit, day: date) -> Window:
    """The calendar window of ``unit`` that holds ``day``; semesters begin on 1 February and 1 August."""
    if unit == "semester":
        shifted = add_months(day, -1)
        start = add_months(date(shifted.year, 1 if shifted.month <= 6 else 7, 1), 1)
    else:
        size = UNIT_MONTHS[unit]
        start = date(day.year, (day.month - 1) // size * size + 1, 1)
    end = add_months(start, UNIT_MONTHS[unit]) - ONE_DAY
    return Window(start, end, _name(unit, start))


def _name(unit: Unit, start: date) -> str:
    if unit == "year":
        return f"{start.year:04d}"
    if unit == "half":
        return f"{start.year:04d}H{start.month // 6 + 1}"
    if unit == "quarter":
        return f"{start.year:04d}Q{start.month // 3 + 1}"
    if unit == "semester":
        return f"{start.year:04d}-{'spring' if start.month == 2 else 'autumn'}"
    return f"{start.year:04d}-{start.month:02d}"


def calendar_windows(unit: Unit, span: Period, semesters: Sequence[Window] = ()) -> Iterator[Window]:
    """The windows of ``unit`` that share a day with ``span``, in order.

    A school calendar (``semesters``) replaces the built-in halves of the school year for the days it
    reaches; days it leaves between two of its semesters belong to none.
    """
    if unit == "semester" and semesters:
        yield from _school_windows(span, semesters)
        return
    window = _aligned(unit, span.start)
    while window.start <= span.end:
        yield window
        window = _aligned(unit, window.end + ONE_DAY)


def _school_windows(span: Period, semesters: Sequence[Window]) -> Iterator[Window]:
    known = sorted(semesters)
    reach = Period(known[0].start, known[-1].end)
    default = calendar_windows("semester", span)
    merged = [w for w in default if not w.overlaps(reach)] + [w for w in known if w.overlaps(span)]
    yield from sorted(merged)


def semester_overlap(semesters: Sequence[Window]) -> tuple[Window, Window] | None:
    """Two semesters of a school calendar that share a day, if there are any."""
    return next(((a, b) for a, b in pairwise(sorted(semesters)) if a.overlaps(b)), None)


def parse_period(text: str) -> Period | None:
    """``2024``, ``2024H1``, ``2024Q3``, ``2024-03``, a day, or ``A..B`` of any of these; None if it is none."""
    first, dots, last = text.strip().partition("..")
    start, end = _single(first), _single(last if dots else first)
    if start is None or end is None or start.start > end.end:
        return None
    return Period(start.start, end.end)


def parse_length(text: str, start: date) -> date | None:
    """The day on which a length of time from ``start`` ends: ``60d``, ``8w``, ``3m`` or ``1y``; None if it is none, or
    leads out of the years known."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    count, unit = int(match[1]), match[2]
    try:
        months = count * 12 if unit == "y" else count
        end = add_months(start, months) if unit in "my" else start + (7 * ONE_DAY if unit == "w" else ONE_DAY) * count
    except (OverflowError, ValueError):
        return None
    return end if end <= LAST_DAY else None


def _single(text: str) -> Period | None:
    day = iso_day(text)
    if day is not None:
        return Period(day, day)
    match = _PERIOD.fullmatch(text)
    if match is None or not FIRST_DAY.year <= int(match[1]) <= LAST_DAY.year:
        return None
    year, half, quarter, month = int(match[1]), match[2], match[3], match[4]
    if half:
        return _plain(_aligned("half", date(year, int(half[1]) * 6, 1)))
    if quarter:
        return _plain(_aligned("quarter", date(year, int(quarter[1]) * 3, 1)))
    return _plain(_aligned("month", date(year, int(month), 1)) if month else _aligned("year", date(year, 1, 1)))


def _plain(window: Window) -> Period:
    return Period(window.start, window.end)


def year_of(day: date) -> Period:
    return _plain(_aligned("year", day))


_HALF = {"1": "上半年", "2": "下半年"}
_QUARTER = {"1": "第一季度", "2": "第二季度", "3": "第三季度", "4": "第四季度"}
_SEASON = {"spring": "春季学期", "autumn": "秋季学期"}


def period_label(period: Period) -> str | None:
    """The name in Chinese of a whole year, half, quarter, semester or month; None of any other span."""
    whole = (next(calendar_windows(unit, period)) for unit in UNITS)
    name = next((window.name for window in whole if (window.start, window.end) == (period.start, period.end)), None)
    return name and window_label(name)


@lru_cache(4096)
def window_label(name: str) -> str:
    """A window's name in Chinese: ``2024-03`` is 2024年3月."""
    if name == STATE:
        return "现状"
    if ".." in name:
        return name.replace("..", "至")
    kind, colon, rest = name.partition(":")
    if colon:
        return {"term": f"{rest}起的一届", "gap": f"{rest}之后", "on": f"活动 {rest}"}.get(kind, name)
    match = _WINDOW.fullmatch(name)
    if match is None:
        return name
    year, half, quarter, season, month = match.groups()
    part = _HALF.get(half) or _QUARTER.get(quarter) or _SEASON.get(season) or (f"{int(month)}月" if month else "")
    return f"{year}年{part}"
