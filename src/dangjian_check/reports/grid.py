"""Duties by month: which windows were met, month by month, told apart without colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from dangjian_check.engine.assessment import Assessment
from dangjian_check.engine.outcomes import RuleOutcome, WindowOutcome
from dangjian_check.model.calendar import Period
from dangjian_check.model.outcome import Outcome, worst

_CALENDAR = ("frequency", "fixed_day")


class Row(NamedTuple):
    """One duty of one year: the outcome standing in each month, and the months a longer window stretches over."""

    rule: str
    label: str
    cells: dict[int, Outcome]
    stretch: frozenset[int]

    def segments(self) -> Iterator[tuple[int, int, Outcome | None]]:
        """The year as runs of months: each window whole, and months without one (None) one by one."""
        first = 1
        for month in range(1, 13):
            if month in self.cells or month not in self.stretch:
                yield first, month, self.cells.get(month)
                first = month + 1
        if first <= 12:
            yield first, 12, None


def years(assessment: Assessment) -> list[int]:
    """Calendar years the audited period touches, up to ``as_of``."""
    return list(range(assessment.period.start.year, min(assessment.period.end, assessment.as_of).year + 1))


def rows(assessment: Assessment, year: int) -> Iterator[Row]:
    """Every duty with calendar windows that someone must meet again and again within the year."""
    for outcome in assessment.own():
        if outcome.rule.check.kind not in _CALENDAR:
            continue
        for label, windows in _by_subject(outcome):
            row = _row(outcome, label, windows, year)
            if row is not None:
                yield row


def _by_subject(outcome: RuleOutcome) -> Iterable[tuple[str, list[WindowOutcome]]]:
    """One row a rule; one a group; members together."""
    found: dict[str, list[WindowOutcome]] = {}
    for window in outcome.windows:
        subject = window.subject
        name = subject.label if subject is not None and subject.kind == "group" else ""
        found.setdefault(name, []).append(window)
    return found.items()


def _row(outcome: RuleOutcome, label: str, windows: list[WindowOutcome], year: int) -> Row | None:
    span = Period(date(year, 1, 1), date(year, 12, 31))
    cells: dict[int, list[Outcome]] = {}
    stretch: set[int] = set()
    for item in windows:
        window = item.window
        if not window.name[:4].isdecimal() or not window.overlaps(span):
            continue
        last = window.end.month if window.end.year == year else 12
        first = window.start.month if window.start.year == year else 1
        cells.setdefault(last, []).append(item.outcome)
        stretch.update(range(first, last))
    known = {month: worst(outcomes) for month, outcomes in cells.items()}
    if not known or set(known.values()) == {Outcome.NOT_APPLICABLE}:
        return None
    return Row(outcome.rule.id, label, known, frozenset(stretch - set(known)))
