"""Many assessments seen together: what is common, how the scores lie, unit by unit. Nobody is ranked.

What is asked of an assessment stands in a `Seen`, so that assessments just made and those read back from reports are
counted by the same code, one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from dangjian_check.engine.assessment import Assessment
from dangjian_check.rulebook.rule import SEVERITIES, Rule, Severity

NO_UNIT = "（没有写上级党组织）"
_BANDS = 10


class Duty(Protocol):
    """What the overview asks of a rule."""

    @property
    def id(self) -> str: ...
    @property
    def severity(self) -> Severity: ...


D = TypeVar("D", bound=Duty)


@dataclass(frozen=True, slots=True)
class Seen(Generic[D]):
    """One assessment as the overview sees it: every missed window with its rule and the points lost for certain;
    ``share`` is the score's two ends as parts of its maximum."""

    branch: str
    name: str
    unit: str | None
    standard: str
    missed: tuple[tuple[D, Fraction], ...]
    judged: bool
    waiting: int
    share: tuple[Fraction, Fraction] | None


@dataclass(frozen=True, slots=True)
class CommonProblem(Generic[D]):
    """One rule of one standard and how widely it was missed: branches, windows, points lost for certain. ``more`` is
    the number of branches not among those, ``names`` what they are called."""

    standard: str
    rule: D
    branches: tuple[str, ...]
    times: int
    points: Fraction
    more: int = 0
    names: tuple[str, ...] = ()

    @property
    def spread(self) -> int:
        """How many branches missed it."""
        return len(self.branches) + self.more


@dataclass(slots=True)
class Unit:
    """The assessments of the branches below one superior organization; ``clean`` are those judged without a
    deficiency, ``waiting`` duties that wait for a person or a fuller record."""

    name: str
    count: int = 0
    deficiencies: int = 0
    clean: int = 0
    waiting: int = 0
    scored: int = 0
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)

    def add(self, seen: Seen[D]) -> None:
        self.count += 1
        self.deficiencies += len(seen.missed)
        self.clean += seen.judged and not seen.missed
        self.waiting += seen.waiting
        if seen.share is not None:
            self.scored += 1
            self.low += seen.share[0]
            self.high += seen.share[1]

    @property
    def average(self) -> tuple[Fraction, Fraction] | None:
        """Mean of the low and of the high ends, as shares of the maximum; None if nothing was scored."""
        return (self.low / self.scored, self.high / self.scored) if self.scored else None


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from ``start`` to below ``end`` percent of the maximum (100 belongs to the last band): how many
    assessments lie there with their low end, and with their high end."""

    start: int
    end: int
    low: int
    high: int


class Bands:
    """For either end of scores, how many lie in each tenth of the maximum."""

    def __init__(self) -> None:
        self.low, self.high = [0] * _BANDS, [0] * _BANDS

    def add(self, share: tuple[Fraction, Fraction]) -> None:
        self.low[_band(share[0])] += 1
        self.high[_band(share[1])] += 1

    def listed(self) -> list[Band]:
        step = 100 // _BANDS
        return [Band(i * step, (i + 1) * step, self.low[i], self.high[i]) for i in range(_BANDS)]


@dataclass(slots=True)
class Missed(Generic[D]):
    """A missed rule while it is counted; the branches in the order they came."""

    standard: str
    rule: D
    branches: dict[str, str] = field(default_factory=dict)
    times: int = 0
    points: Fraction = Fraction(0)
    more: int = 0


class Overview(Generic[D]):
    """Takes assessments in one by one and keeps only what is counted: ``missed`` rules by standard and id, units in the
    order they first came, and for either end of the scores how many lie in each tenth of the maximum. Of each missed
    rule at most ``named`` branches are kept by name; each assessment beyond counts for a branch of its own."""

    def __init__(self, named: int | None = None) -> None:
        self._named = named
        self.missed: dict[tuple[str, str], Missed[D]] = {}
        self.by_unit: dict[str, Unit] = {}
        self.bands = Bands()

    def add(self, seen: Seen[D]) -> None:
        beyond: dict[str, Missed[D]] = {}
        for rule, points in seen.missed:
            found = self.missed.setdefault((seen.standard, rule.id), Missed(seen.standard, rule))
            if self._named is None or len(found.branches) < self._named:
                found.branches[seen.branch] = seen.name
            elif seen.branch not in found.branches:
                beyond[rule.id] = found
            found.times += 1
            found.points += points
        for found in beyond.values():
            found.more += 1
        name = seen.unit or NO_UNIT
        self.by_unit.setdefault(name, Unit(name)).add(seen)
        if seen.share is not None:
            self.bands.add(seen.share)

    def common_problems(self) -> list[CommonProblem[D]]:
        """Missed rules, those missed by most branches first, then the heavier ones."""
        found = (
            CommonProblem(m.standard, m.rule, tuple(m.branches), m.times, m.points, m.more, tuple(m.branches.values()))
            for m in self.missed.values()
        )
        return sorted(
            found,
            key=lambda p: (-p.spread, SEVERITIES.index(p.rule.severity), -p.points, p.standard, p.rule.id),
        )

    def units(self) -> list[Unit]:
        """The assessments by superior organization, in the order in which these first appear."""
        return list(self.by_unit.values())

    def distribution(self) -> list[Band]:
        """How the two ends of the scores lie in ten bands of their maximum."""
        return self.bands.listed()


def _band(share: Fraction) -> int:
    return min(_BANDS - 1, max(0, share.numerator * _BANDS // share.denominator))


def seen(a: Assessment) -> Seen[Rule]:
    """An assessment just made."""
    score = a.score
    return Seen(
        branch=a.branch.id,
        name=a.branch.name,
        unit=a.branch.parent,
        standard=a.standard.id,
        missed=tuple((d.rule, d.deduction) for d in a.deficiencies),
        judged=a.judged,
        waiting=sum(o.has_open for o in a.own()),
        share=(score.low / score.max, score.high / score.max) if score and score.max else None,
    )


def together(assessments: Iterable[Assessment]) -> Overview[Rule]:
    """The overview of assessments just made."""
    overview: Overview[Rule] = Overview()
    for assessment in assessments:
        overview.add(seen(assessment))
    return overview
