"""Waivers laid over an assessment once it is judged. No outcome changes; what is no longer held against the branch is
kept apart with its ground, and what was excused costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dangjian_check.engine.assessment import Assessment, Deficiency, WaivedDeficiency
from dangjian_check.engine.deficiencies import prices, ranked
from dangjian_check.engine.losses import ZERO, Losses
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.engine.scoring import score
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.waiver import Waiver

Case = tuple[str, str]  # rule and window


def lay(assessment: Assessment, waivers: Sequence[Waiver]) -> tuple[Assessment, frozenset[int]]:
    """The assessment under these waivers, and the positions of those that met a failed window. Of several on one
    window an excuse comes first, and any that holds before one that has run out; their order is irrelevant."""
    met = _met(assessment, waivers) if waivers else {}
    if not met:
        return assessment, frozenset()
    used = frozenset(number for numbers in met.values() for number in numbers)
    granted: dict[Case, Waiver] = {}
    expired: dict[Case, Waiver] = {}
    for case, numbers in met.items():
        for waiver in sorted((waivers[n] for n in numbers), key=lambda w: w.order):
            (expired if waiver.expired(assessment.as_of) else granted).setdefault(case, waiver)
    excused = {case for case, waiver in granted.items() if waiver.effect == "excuse"}
    return _laid(_rescored(assessment, excused), granted, expired), used


def _met(assessment: Assessment, waivers: Sequence[Waiver]) -> dict[Case, list[int]]:
    """Which waivers name each failed window."""
    found: dict[Case, list[int]] = {}
    for outcome in assessment.own():
        rule = outcome.rule
        named = [n for n, waiver in enumerate(waivers) if waiver.binds(rule.id, assessment.branch.id)]
        for item in outcome.windows if named and rule.waivable else ():
            inside = [n for n in named if waivers[n].covers.holds(item.window)]
            if inside and item.outcome is Outcome.FAIL:
                found[rule.id, item.window.name] = inside
    return found


def _rescored(assessment: Assessment, excused: set[Case]) -> Assessment:
    """Score and prices as if the excused windows did not apply."""
    if not excused or assessment.score is None:
        return assessment
    outcomes = [_marked(outcome, excused) for outcome in assessment.outcomes]
    with_superior, organization = assessment.score.with_superior, assessment.of_organization
    kept = [d for d in assessment.deficiencies if (d.rule.id, d.window) not in excused]
    losses = Losses(assessment.sheet)
    priced = prices(losses, outcomes, [d.rule.id for d in kept], with_superior)
    repriced = {id(d): d._replace(deduction=priced.get(i, ZERO)) for i, d in enumerate(kept)}
    free = [repriced.get(id(d)) or d._replace(deduction=ZERO) for d in assessment.deficiencies]
    whole = score(losses, outcomes, with_superior=with_superior, of_organization=organization)
    return replace(assessment, deficiencies=ranked(free, outcomes), score=whole)


def _marked(outcome: RuleOutcome, excused: set[Case]) -> RuleOutcome:
    rule = outcome.rule.id
    windows = tuple(
        w._replace(excused=True) if w.outcome is Outcome.FAIL and (rule, w.window.name) in excused else w
        for w in outcome.windows
    )
    return replace(outcome, windows=windows)


def _laid(assessment: Assessment, granted: dict[Case, Waiver], expired: dict[Case, Waiver]) -> Assessment:
    still_open: list[Deficiency] = []
    waived: list[WaivedDeficiency] = []
    for deficiency in assessment.deficiencies:
        case = (deficiency.rule.id, deficiency.window)
        if case in granted:
            waived.append(WaivedDeficiency(deficiency, granted[case]))
        elif case in expired:
            still_open.append(_returned(deficiency, expired[case]))
        else:
            still_open.append(deficiency)
    return replace(assessment, deficiencies=tuple(still_open), waived=tuple(waived))


def _returned(deficiency: Deficiency, waiver: Waiver) -> Deficiency:
    message = f"{deficiency.message}（豁免 {waiver.name} 已于 {waiver.expires} 到期）"
    return deficiency._replace(message=message, expired=waiver)
