"""So many assessments that they are counted as they come and not kept: what is common, how the scores lie, unit by
unit. It takes the same room for a thousand and for a million."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic

from dangjian_check.engine.overview import Bands, CommonProblem, D, Overview, Seen, Unit
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard

NAMED = 20  # branches named for each missed rule


@dataclass(slots=True)
class Lot:
    """The assessments under one standard."""

    bands: Bands = field(default_factory=Bands)
    count: int = 0
    judged: int = 0
    clean: int = 0
    scored: int = 0
    deficiencies: int = 0
    waiting: int = 0

    def add(self, seen: Seen[D]) -> None:
        if seen.share is not None:
            self.bands.add(seen.share)
        self.count += 1
        self.judged += seen.judged
        self.clean += seen.judged and not seen.missed
        self.scored += seen.share is not None
        self.deficiencies += len(seen.missed)
        self.waiting += seen.waiting


@dataclass(slots=True)
class Crowd(Generic[D]):
    """Everything counted; ``records`` is how many there were."""

    records: int = 0
    lots: dict[str, Lot] = field(default_factory=dict)
    _all: Overview[D] = field(default_factory=lambda: Overview(NAMED))

    @property
    def count(self) -> int:
        return sum(lot.count for lot in self.lots.values())

    def add(self, seen: Seen[D]) -> None:
        self._all.add(seen)
        self.lots.setdefault(seen.standard, Lot()).add(seen)

    def units(self) -> list[Unit]:
        return self._all.units()

    def common_problems(self, standards: Iterable[Standard]) -> list[CommonProblem[Rule]]:
        """Missed rules, those missed by most branches first, with the rules these names stand for."""
        rules = {(standard.id, rule.id): rule for standard in standards for rule in standard.rules}
        return [
            CommonProblem(p.standard, rules[p.standard, p.rule.id], p.branches, p.times, p.points, p.more, p.names)
            for p in self._all.common_problems()
        ]
