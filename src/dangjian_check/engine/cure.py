"""What mending a failed window would bring back: the sheet reckoned again as if it had passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from dangjian_check.engine.due import deadline
from dangjian_check.engine.losses import ZERO, Losses
from dangjian_check.engine.outcomes import Outcomes, RuleOutcome, WindowOutcome, Windows
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome


class Cures:
    """Asked about each deficiency of one assessment in turn."""

    def __init__(self, losses: Losses, outcomes: Iterable[RuleOutcome], facts: Facts, *, with_superior: bool) -> None:
        self._losses = losses
        self._known = Outcomes.of(outcomes).by_rule
        self._facts = facts
        self._with_superior = with_superior

    def of(self, outcome: RuleOutcome, group: list[WindowOutcome], price: Fraction) -> tuple[bool, Fraction]:
        """Whether any of the windows can still be made good, and how much of their price that brings back.

        Never more than the price: where one cure moves a whole item to a lower step, the rest of the gain belongs
        to the other failures of that item.
        """
        found = [(window, deadline(outcome, window, self._facts)) for window in group]
        mended = {id(w): _mended(outcome, w, late=last.late) for w, last in found if last is not None}
        return bool(mended), min(price, self._gain(outcome, mended)) if mended and price else ZERO

    def _gain(self, outcome: RuleOutcome, mended: dict[int, WindowOutcome]) -> Fraction:
        """What is lost for certain now, less what would be if these windows stood as mended."""
        plain = isinstance(outcome.windows, Windows)
        cured = replace(outcome, windows=(Windows if plain else tuple)(mended.get(id(w), w) for w in outcome.windows))
        after = {**self._known, outcome.rule.id: cured}
        return self._lost(outcome.rule.id, self._known) - self._lost(outcome.rule.id, after)

    def _lost(self, rule: str, known: Mapping[str, RuleOutcome]) -> Fraction:
        leaves = self._losses.touched_by([rule])
        return sum((self._losses.of(leaf, known, self._with_superior).low for leaf in leaves), ZERO)


def _mended(outcome: RuleOutcome, window: WindowOutcome, *, late: bool) -> WindowOutcome:
    """The window once mended: passed, or left to a person where something remains to be judged; if late, failed
    still, though no longer for want of anything."""
    if late:
        return window._replace(verdict=window.verdict._replace(actual=window.verdict.actual or 1))
    passed = Outcome.MANUAL if outcome.rule.judgement else Outcome.PASS
    return window._replace(verdict=window.verdict._replace(outcome=passed), price=None)
