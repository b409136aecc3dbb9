"""How many days of training several courses make: no day of overlapping courses counts twice (case 56)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from dangjian_check.model.fields import exact
from dangjian_check.model.series import Training

WEEK = 7
WORKING_WEEK = 5


def training_days(courses: Iterable[Training]) -> Iterator[Fraction | None]:
    """What each course adds, in the order of their days; None where its length cannot be told.

    A course adds its written ``days`` as far as they fit into calendar days no earlier course took; without them
    every whole week from its first to its last day adds five.
    """
    taken: set[date] = set()
    for course in sorted(courses, key=lambda c: (c.start, c.end or c.start, c.days or 0)):
        span = _calendar_days(course)
        free = Fraction(len(span - taken))
        days = exact(course.days)
        if days is None and len(span) >= WEEK:
            days = Fraction(len(span) // WEEK * WORKING_WEEK)
        overlapping = bool(span & taken)
        taken |= span
        yield min(days, free) if days is not None and overlapping else days


def _calendar_days(course: Training) -> set[date]:
    """The days from first to last; of a course that names no last day as many as it says it took."""
    last = course.end or course.start + timedelta(days=ceil(course.days or 1) - 1)
    return {course.start + timedelta(days=n) for n in range((last - course.start).days + 1)}
