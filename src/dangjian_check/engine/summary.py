"""Many reports seen together, one assessment at a time: what is common, how the scores lie, what was lost where, how
much is undecided, and how it went from period to period. Nobody is ranked unless asked for.

Assessments are counted by standard. If most branches come under more than one period (or audit day), the periods make a
series and are counted one by one as well; where each branch merely has a period of its own, they do not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from dangjian_check.engine.overview import CommonProblem, Overview, Seen
from dangjian_check.engine.reported import (
    ReportedAssessment,
    ReportedDuty,
    ReportedItem,
    ReportedRow,
    ReportedScore,
    ReportedSpan,
    ReportedStandard,
)
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.rule import Severity

Countable = ReportedAssessment | ReportedRow
Common = CommonProblem[ReportedDuty]


def seen(a: Countable) -> Seen[ReportedDuty]:
    """An assessment read back, as the overview sees it."""
    score = a.score
    share = (score.low / score.max, score.high / score.max) if score and score.max else None
    return Seen(a.branch.id, a.branch.name, a.branch.parent, a.pack.id, a.missed(), a.judged, a.waiting, share)


@dataclass(slots=True)
class ItemLoss:
    """One indicator over all assessments: points lost for certain, points still open, points there were."""

    id: str
    title: str
    lost: Fraction = Fraction(0)
    open: Fraction = Fraction(0)
    points: Fraction = Fraction(0)
    branches: int = 0

    def add(self, item: ReportedItem) -> None:
        self.lost += item.points - item.high
        self.open += item.high - item.low
        self.points += item.points
        self.branches += item.high < item.points

    @property
    def rate(self) -> Fraction:
        return self.lost / self.points if self.points else Fraction(0)


@dataclass(slots=True)
class Tally:
    """What is counted of a set of assessments under one standard."""

    overview: Overview[ReportedDuty] = field(default_factory=Overview)
    count: int = 0
    judged: int = 0
    clean: int = 0
    deficiencies: int = 0
    waiting: int = 0
    waived: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    items: dict[str, ItemLoss] = field(default_factory=dict)
    scored: int = 0
    shares: list[Fraction] = field(default_factory=lambda: [Fraction(0)] * 3)
    lowest: tuple[Fraction, Fraction] | None = None
    highest: tuple[Fraction, Fraction] | None = None
    maxima: Counter[Fraction] = field(default_factory=Counter)

    def add(self, a: Countable) -> None:
        one = seen(a)
        self.overview.add(one)
        self.count += 1
        self.judged += one.judged
        self.clean += one.judged and not one.missed
        self.deficiencies += len(one.missed)
        self.waiting += one.waiting
        self.waived += a.excused
        self.outcomes.update(a.came_to())
        self.severities.update(duty.severity for duty, _ in one.missed)
        if one.share is not None:
            self._scored(a.score, one.share)

    def _scored(self, score: ReportedScore | None, share: tuple[Fraction, Fraction]) -> None:
        assert score is not None
        self.scored += 1
        self.maxima[score.max] += 1
        for place, value in enumerate((*share, score.completeness)):
            self.shares[place] += value
        self.lowest = share if self.lowest is None else (min(self.lowest[0], share[0]), min(self.lowest[1], share[1]))
        self.highest = (
            share if self.highest is None else (max(self.highest[0], share[0]), max(self.highest[1], share[1]))
        )
        for item in score.items:
            if not item.by_superior:
                self.items.setdefault(item.id, ItemLoss(item.id, item.title)).add(item)

    @property
    def average(self) -> tuple[Fraction, Fraction] | None:
        """Mean of the low and of the high ends, as parts of the maximum."""
        return (self.shares[0] / self.scored, self.shares[1] / self.scored) if self.scored else None

    @property
    def completeness(self) -> Fraction | None:
        """Mean part of the points that is decided."""
        return self.shares[2] / self.scored if self.scored else None

    def by_branches(self) -> list[Common]:
        return self.overview.common_problems()

    def by_points(self) -> list[Common]:
        """The same problems, those that cost most first."""
        return sorted(self.by_branches(), key=lambda p: -p.points)

    def worst_items(self) -> list[ItemLoss]:
        """Indicators that lost anything for certain, those that lost the greatest part first."""
        lossy = (item for item in self.items.values() if item.lost > 0)
        return sorted(lossy, key=lambda item: (-item.rate, -item.lost, item.id))


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A period as of a day; the later the greater."""

    end: date
    start: date
    as_of: date

    @property
    def span(self) -> ReportedSpan:
        return ReportedSpan(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One branch with the best and the worst place its interval allows."""

    branch: str
    name: str
    low: Fraction
    high: Fraction
    best: int
    worst: int


@dataclass(slots=True)
class ByStandard:
    """Everything under one standard: together, and period by period."""

    standard: ReportedStandard
    whole: Tally = field(default_factory=Tally)
    moments: dict[Moment, Tally] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    scores: dict[Moment, list[tuple[str, str, Fraction, Fraction]]] = field(default_factory=dict)

    @property
    def is_series(self) -> bool:
        """Whether at least half of the branches come under more than one period."""
        return 0 < len(self.names) <= 2 * len(self.repeated)

    def series(self) -> list[tuple[Moment, Tally]]:
        """The periods in order of time; empty unless they make a series."""
        return sorted(self.moments.items(), key=lambda pair: pair[0]) if self.is_series else []

    @property
    def current(self) -> Tally:
        """What the main tables show: the last period of a series, else everything."""
        return self.series()[-1][1] if self.is_series else self.whole

    def ranking(self) -> list[Ranked]:
        """The branches of what is current, each with the places it may hold: behind those surely better, before those
        surely worse."""
        wanted = [self.series()[-1][0]] if self.is_series else list(self.scores)
        rows = [row for moment in wanted for row in self.scores.get(moment, ())]
        lows, highs = sorted(row[2] for row in rows), sorted(row[3] for row in rows)
        ranked = []
        for row in rows:
            _, _, low, high = row
            surely = len(rows) - bisect_right(lows, high)
            perhaps = len(rows) - bisect_right(highs, low) - (high > low)
            ranked.append(Ranked(*row, best=surely + 1, worst=perhaps + 1))
        return sorted(ranked, key=lambda r: (r.best, r.worst, -r.low, r.branch))


class Summary:
    """Takes assessments in one by one. ``rank`` keeps the scores of each, for a ranking."""

    def __init__(self, *, rank: bool = False) -> None:
        self.rank = rank
        self.standards: dict[str, ByStandard] = {}
        self.twice = self.alike = 0
        self.shared: set[str] = set()
        self.unread: dict[str, None] = {}
        self._known: set[tuple[str, str, str, Moment]] = set()
        self._branches: set[tuple[str, str, Moment]] = set()
        self._first: dict[tuple[str, str], Moment] = {}

    def add(self, a: Countable) -> None:
        """Count an assessment. Of one branch, record file, standard, period and day only the first counts (``twice``);
        the same branch from another record file counts, and is told (``alike``; its id is ``shared``)."""
        standard = self.standards.setdefault(a.pack.id, ByStandard(a.pack))
        moment = Moment(a.period.end, a.period.start, a.as_of)
        key = (a.pack.id, a.branch.id, a.branch.file, moment)
        if key in self._known:
            self.twice += 1
            return
        self._known.add(key)
        branch = (a.pack.id, a.branch.id, moment)
        if branch in self._branches:
            self.alike += 1
            self.shared.add(a.branch.id)
        self._branches.add(branch)
        first = self._first.setdefault((a.pack.id, a.branch.id), moment)
        if first != moment:
            standard.repeated.add(a.branch.id)
        standard.digests.add(a.pack.digest)
        standard.names[a.branch.id] = a.branch.name
        standard.whole.add(a)
        standard.moments.setdefault(moment, Tally()).add(a)
        if self.rank and (score := a.score) and score.max:
            row = (a.branch.id, a.branch.name, score.low / score.max, score.high / score.max)
            standard.scores.setdefault(moment, []).append(row)

    @property
    def count(self) -> int:
        return sum(s.whole.count for s in self.standards.values())
