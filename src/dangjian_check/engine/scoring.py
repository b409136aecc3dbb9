"""Points from outcomes, as an interval (`losses`). Rounding is for printing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from dangjian_check.engine.assessment import Grade, ItemScore, Score
from dangjian_check.engine.losses import ZERO, Losses, chosen
from dangjian_check.engine.outcomes import Outcomes, RuleOutcome
from dangjian_check.model.outcome import OPEN, Outcome
from dangjian_check.rulebook.sheet import Indicator, Sheet


def score(
    losses: Losses, outcomes: Iterable[RuleOutcome], *, with_superior: bool = False, of_organization: bool = False
) -> Score | None:
    """The score by a sheet, or None if nothing was judged.

    Duties of the superior lose nothing unless ``with_superior``; they count as not examined. An indicator that
    does not apply keeps its points.
    """
    known = Outcomes.of(outcomes).by_rule
    if not any(o.judged for o in known.values() if o.rule.by_superior is of_organization):
        return None
    with_superior = with_superior or of_organization
    sheet = losses.sheet
    shares = [_share(leaf, known, losses, with_superior) for leaf in losses.leaves]
    base, low, high, examined = (_sum([share.parts[n] for share in shares]) for n in range(4))
    return Score(
        low=low,
        high=high,
        max=base,
        completeness=examined / base if base else ZERO,
        items=tuple(share.item for share in shares),
        bonus=_bonus(losses, known),
        grade=_grade(sheet, known, low, high),
        own_sheet=sheet.own,
        sheet_title=sheet.title,
        with_superior=with_superior,
    )


class _Share(NamedTuple):
    """An indicator's part in the score; ``parts`` are its points, what it keeps at least and at most and how much of it
    is examined, as numerators and denominators."""

    item: ItemScore
    parts: tuple[tuple[int, int], ...]


def _sum(numbers: Iterable[tuple[int, int]]) -> Fraction:
    """The sum of many fractions, of which few have different denominators."""
    parts: dict[int, int] = {}
    for numerator, denominator in numbers:
        parts[denominator] = parts.get(denominator, 0) + numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in parts.items()), ZERO)


def _share(leaf: Indicator, known: Mapping[str, RuleOutcome], losses: Losses, with_superior: bool) -> _Share:
    key = losses.key(leaf, known, with_superior)
    if key is None:
        return _reckoned(leaf, known, losses, with_superior)
    return losses.known.once(leaf, key, lambda: _reckoned(leaf, known, losses, with_superior))


def _reckoned(leaf: Indicator, known: Mapping[str, RuleOutcome], losses: Losses, with_superior: bool) -> _Share:
    loss = losses.of(leaf, known, with_superior)
    item = ItemScore(
        id=leaf.id,
        title=leaf.title,
        points=leaf.points,
        low=leaf.points - loss.high,
        high=leaf.points - loss.low,
        completeness=_completeness(leaf, known, with_superior),
        by_superior=leaf.bearer == "superior",
        lost_uncapped=loss.uncapped,
    )
    numbers = (item.points, item.low, item.high, item.points * item.completeness)
    return _Share(item, tuple((number.numerator, number.denominator) for number in numbers))


def _completeness(leaf: Indicator, known: Mapping[str, RuleOutcome], with_superior: bool) -> Fraction:
    """The judged part of an indicator: mean over its rules of definite windows among definite and open ones."""
    if leaf.bearer == "superior" and not with_superior:
        return ZERO
    outcomes = chosen(dict.fromkeys(leaf.all_rules()), known, with_superior)
    if not outcomes:
        return ZERO
    shares = []
    for outcome in outcomes:
        definite = outcome.count(Outcome.PASS, Outcome.FAIL)
        still_open = outcome.count(*OPEN)
        if definite or still_open:
            shares.append(Fraction(definite, definite + still_open))
    return sum(shares, ZERO) / len(shares) if shares else Fraction(1)


def _bonus(losses: Losses, known: Mapping[str, RuleOutcome]) -> ItemScore | None:
    leaves = losses.bonus
    if not leaves:
        return None
    low = high = ZERO
    for leaf in leaves:
        awards = [known[r].awarded for r in leaf.rules if r in known]
        given = [a for a in awards if a is not None]
        least = min(leaf.points, sum(given, ZERO))
        low += least
        high += least if len(given) == len(awards) else leaf.points
    done = Fraction(int(low == high))
    return ItemScore(leaves[0].id, leaves[0].title, losses.sheet.bonus, low, high, done, bonus=True)


def _grade(sheet: Sheet, known: Mapping[str, RuleOutcome], low: Fraction, high: Fraction) -> Grade | None:
    if not sheet.grades:
        return None
    bands = sorted(sheet.grades, key=lambda band: band.min)
    names = [band.name for band in bands]

    def position(points: Fraction) -> int:
        return max((i for i, band in enumerate(bands) if points >= band.min), default=0)

    def ceiling(*, open_too: bool) -> int:
        hit = [v for v in sheet.veto if any(_vetoes(known[r], open_too=open_too) for r in v.rules if r in known)]
        return min((names.index(veto.max_grade) for veto in hit), default=len(bands))

    worst, best = min(position(low), ceiling(open_too=True)), min(position(high), ceiling(open_too=False))
    return Grade(names[worst], names[best])


def _vetoes(outcome: RuleOutcome, *, open_too: bool) -> bool:
    lost = Outcome.FAIL in outcome.tally and any(w.is_lost for w in outcome.windows)
    return lost or (open_too and outcome.has_open)
