"""Many assessments seen together: what is common, how the scores lie, unit by unit. Nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from dangjian_check.engine.assessment import Assessment
from dangjian_check.rulebook.rule import SEVERITIES, Rule

NO_UNIT = "（没有写上级党组织）"
_BANDS = 10


@dataclass(frozen=True, slots=True)
class CommonProblem:
    """One rule of one standard and how widely it was missed: branches, windows, points lost for certain."""

    standard: str
    rule: Rule
    branches: tuple[str, ...]
    times: int
    points: Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """The assessments of the branches below one superior organization."""

    name: str
    assessments: tuple[Assessment, ...]

    @property
    def deficiencies(self) -> int:
        return sum(len(a.deficiencies) for a in self.assessments)

    @property
    def clean(self) -> int:
        """Branches judged without a deficiency."""
        return sum(a.judged and not a.deficiencies for a in self.assessments)

    @property
    def waiting(self) -> int:
        """Duties that wait for a person or a fuller record."""
        return sum(o.has_open for a in self.assessments for o in a.own())

    @property
    def average(self) -> tuple[Fraction, Fraction] | None:
        """Mean of the low and of the high ends, as shares of the maximum; None if nothing was scored."""
        scores = [a.score for a in self.assessments if a.score and a.score.max]
        if not scores:
            return None
        low = sum((s.low / s.max for s in scores), Fraction(0)) / len(scores)
        high = sum((s.high / s.max for s in scores), Fraction(0)) / len(scores)
        return low, high


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from ``start`` to below ``end`` percent of the maximum (100 belongs to the last band): how many
    assessments lie there with their low end, and with their high end."""

    start: int
    end: int
    low: int
    high: int


def common_problems(assessments: Iterable[Assessment]) -> list[CommonProblem]:
    """Missed rules, those missed by most branches first, then the heavier ones."""
    found: dict[tuple[str, str], CommonProblem] = {}
    for assessment in assessments:
        for d in assessment.deficiencies:
            key = (assessment.standard.id, d.rule.id)
            old = found.get(key) or CommonProblem(assessment.standard.id, d.rule, (), 0, Fraction(0))
            names = old.branches if assessment.branch.id in old.branches else (*old.branches, assessment.branch.id)
            found[key] = CommonProblem(key[0], d.rule, names, old.times + 1, old.points + d.deduction)
    return sorted(
        found.values(),
        key=lambda p: (-len(p.branches), SEVERITIES.index(p.rule.severity), -p.points, p.standard, p.rule.id),
    )


def units(assessments: Iterable[Assessment]) -> list[Unit]:
    """The assessments by superior organization, in the order in which these first appear."""
    found: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        found.setdefault(assessment.branch.parent or NO_UNIT, []).append(assessment)
    return [Unit(name, tuple(listed)) for name, listed in found.items()]


def distribution(assessments: Iterable[Assessment]) -> list[Band]:
    """How the two ends of the scores lie in ten bands of their maximum."""
    scores = [a.score for a in assessments if a.score and a.score.max]
    low, high = [0] * _BANDS, [0] * _BANDS
    for score in scores:
        low[min(_BANDS - 1, int(score.low * _BANDS / score.max))] += 1
        high[min(_BANDS - 1, int(score.high * _BANDS / score.max))] += 1
    step = 100 // _BANDS
    return [Band(i * step, (i + 1) * step, low[i], high[i]) for i in range(_BANDS)]
