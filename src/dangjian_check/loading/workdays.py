"""The working calendar: year files of ours or a customer's first, then the years chinesecalendar knows.

A year neither knows stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pydantic import Field

from dangjian_check.loading.files import CALENDARS, is_folder, is_year, read_bytes, walk
from dangjian_check.loading.standards import rules_root
from dangjian_check.loading.wording import validated
from dangjian_check.model.calendar import ONE_DAY
from dangjian_check.model.fields import Day, For, Strict, Text
from dangjian_check.model.workdays import WorkDays, WorkYear

_SATURDAY = 5


class YearFile(Strict):
    """``cn-YYYY.yaml``: days off (single days or ``A..B``), weekend days worked, and the notice they come from."""

    year: int = Field(ge=1950, le=2100)
    notice: Text
    off: list[For]
    on: list[Day] = []


def load_year(path: Path) -> YearFile:
    """One year file. Raises `InputProblems` with every problem of it."""
    from dangjian_check.loading.yaml_events import read_yaml

    shown = path.as_posix()
    return validated(read_yaml(read_bytes(path, shown), shown), YearFile)


def load_workdays(extra: Iterable[Path] = ()) -> WorkDays:
    """Every year file below the built-in rules and the customer's folders (which win), and the library behind them.

    Raises `InputProblems` for a year file that is wrong.
    """
    years: dict[int, WorkYear] = {}
    for root in (rules_root(), *extra):
        for path in _year_files(root / CALENDARS):
            parsed = load_year(path)
            off = frozenset(day for span in parsed.off for day in _days(span.start, span.end))
            years[parsed.year] = WorkYear(off, frozenset(parsed.on))
    return WorkDays(years, _from_library)


def _year_files(folder: Path) -> Iterator[Path]:
    """The year files of a folder, in order; the folder itself if it cannot be listed: whoever reads it hears why."""
    if is_folder(folder):
        _, _, names = next(walk(folder))
        yield from [folder] if names is None else sorted(folder / name for name in names if is_year(folder / name))


def _from_library(year: int) -> WorkYear | None:
    from chinese_calendar import holidays, workdays

    if not any(day.year == year for day in holidays):
        return None
    days = _days(date(year, 1, 1), date(year, 12, 31))
    weekends = {day for day in days if day.weekday() >= _SATURDAY}
    free = weekends.union(day for day in days if day in holidays)
    return WorkYear(frozenset(free.difference(workdays)), frozenset(weekends.intersection(workdays)))


def _days(start: date, end: date) -> list[date]:
    return [start + ONE_DAY * n for n in range((end - start).days + 1)]
