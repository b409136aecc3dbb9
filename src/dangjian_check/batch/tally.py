"""What many parts came to, counted as they come."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

from dangjian_check.batch.part import Named, Part
from dangjian_check.engine.crowd import Crowd
from dangjian_check.engine.upshot import Upshot
from dangjian_check.errors import Problem
from dangjian_check.model.calendar import Period

IN_FULL = 200  # files shown whole where there are too many for all


@dataclass(slots=True)
class Tally:
    """How the run ends, what was wrong, what the parts have in common, and the files that scored lowest."""

    upshot: Upshot = field(default_factory=Upshot)
    problems: list[Problem] = field(default_factory=list)
    periods: set[Period] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    crowd: Crowd[Named] = field(default_factory=Crowd)
    _lowest: list[tuple[Fraction, int, Path, int]] = field(default_factory=list)
    _files: int = 0

    def add(self, path: Path, part: Part) -> None:
        self._files += 1
        self.upshot += part.upshot
        self.problems += part.problems
        for period, day in part.spans:
            self.periods.add(period)
            self.days.add(day)
        self.crowd.records += part.records
        for seen in part.seen:
            self.crowd.add(seen)
        low = min((seen.share[0] for seen in part.seen if seen.share is not None), default=None)
        if low is not None:
            place = heapq.heappush if len(self._lowest) < IN_FULL else heapq.heappushpop
            place(self._lowest, (-low, -self._files, path, part.records))

    def lowest(self) -> list[Path]:
        """The files that scored lowest, in the order of the run."""
        return [path for _, _, path, _ in sorted(self._lowest, key=lambda entry: -entry[1])]

    @property
    def shown(self) -> int:
        """How many records these files hold."""
        return sum(records for *_, records in self._lowest)
