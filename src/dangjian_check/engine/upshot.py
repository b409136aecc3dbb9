"""What assessments come to, as far as the way a run ends depends on it: small, and adding up in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from dangjian_check.engine.assessment import Assessment
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.rule import Severity


@dataclass(frozen=True, slots=True)
class Upshot:
    """Whether anything was judged and whether a rule went wrong; how severe the duties are that were missed (and are
    not in the baseline) or could not be told; the lowest score."""

    judged: bool = False
    broken: bool = False
    missed: frozenset[Severity] = frozenset()
    unknown: frozenset[Severity] = frozenset()
    lowest: Fraction | None = None

    def __add__(self, other: Upshot) -> Upshot:
        return Upshot(
            self.judged or other.judged,
            self.broken or other.broken,
            self.missed | other.missed,
            self.unknown | other.unknown,
            min((low for low in (self.lowest, other.lowest) if low is not None), default=None),
        )


def upshot(assessments: Iterable[Assessment]) -> Upshot:
    """What these come to together."""
    return sum(map(_of, assessments), Upshot())


def _of(a: Assessment) -> Upshot:
    return Upshot(
        judged=a.judged,
        broken=any(o.outcome is Outcome.ERROR for o in a.outcomes),
        missed=frozenset(d.rule.severity for d in a.deficiencies if not d.known),
        unknown=frozenset(o.rule.severity for o in a.own() if o.outcome is Outcome.UNKNOWN),
        lowest=a.score.low if a.score else None,
    )
