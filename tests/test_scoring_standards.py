"""What holds of every score under the built-in standards, over random records of branches."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from builders import key, record_from
from dangjian_check.engine.assess import assess
from dangjian_check.engine.assessment import Assessment, BranchRef, Score
from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.engine.scoring import score
from dangjian_check.loading.standards import load_standards
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.standard import Standard
from strategies import Data, records, reordered, spans

BRANCH = BranchRef("b1", "机械学院第一党支部", "branch.yaml")
which = st.sampled_from(["voc", "national"])
# A whole standard each time; a failing record is not made smaller, which would take minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
few = settings(max_examples=settings.default.max_examples * 2 // 5, phases=PHASES)


@st.composite
def audits(draw: st.DrawFn) -> tuple[str, Data, tuple[Period, date]]:
    """Which standard, which record, over which period as of which day."""
    return draw(which), draw(records()), draw(spans(within=True))


@cache
def standard(name: str) -> Standard:
    """A built-in standard; no fixture, since a failing example would print it whole."""
    return load_standards([name])[0]


def audited(standard: Standard, record: Data, span: tuple[Period, date]) -> Assessment:
    """The record under the standard; opinions that do not fit are left out, as they are for users."""
    return assess(standard, Facts(record_from(record), *span), BRANCH)[0]


def scored(standard: Standard, outcomes: list[RuleOutcome]) -> Score | None:
    """The score of outcomes under the standard's sheet."""
    return score(Losses(standard.sheet), outcomes)


def settled(outcome: RuleOutcome, index: int, said: Outcome) -> RuleOutcome:
    """The same rule with one of its windows decided otherwise, nothing found in it."""
    windows = list(outcome.windows)
    windows[index] = windows[index]._replace(
        verdict=windows[index].verdict._replace(outcome=said, actual=0, counted=())
    )
    return replace(outcome, windows=tuple(windows))


def windows_that_are(assessment: Assessment, *wanted: Outcome) -> list[tuple[int, int]]:
    """Positions of rule and window with these outcomes."""
    return [
        (i, j)
        for i, outcome in enumerate(assessment.outcomes)
        for j, window in enumerate(outcome.windows)
        if window.outcome in wanted
    ]


def inside(inner: Score, outer: Score) -> bool:
    """Whether one score's interval lies in the other's, in sum and for every indicator."""
    pairs = [(inner, outer), *zip(inner.items, outer.items, strict=True)]
    return all(old.low <= new.low <= new.high <= old.high for new, old in pairs)


@few
@given(audits())
def test_a_score_lies_within_the_table_and_its_deductions_add_up(audit: tuple[str, Data, Any]) -> None:
    """Low under high, both within a fixed denominator, exact, and every lost point on some deficiency."""
    name, record, span = audit
    assessment = audited(standard(name), record, span)
    result = assessment.score
    assume(result is not None)

    assert standard(name).sheet.base == result.max
    assert 0 <= result.low <= result.high <= result.max
    assert all(0 <= item.low <= item.high <= item.points for item in result.items)
    assert {Fraction} == {type(n) for item in result.items for n in (item.low, item.high, item.points)}
    assert result.max - result.high == sum(d.deduction for d in assessment.deficiencies)


@few
@given(audits(), st.data())
def test_one_more_deficiency_never_raises_the_score(audit: tuple[str, Data, Any], data: st.DataObject) -> None:
    """A window that was met and now is not lowers both ends or neither."""
    name, record, span = audit
    assessment = audited(standard(name), record, span)
    met = windows_that_are(assessment, Outcome.PASS)
    assume(met and assessment.score)
    i, j = data.draw(st.sampled_from(met))
    outcomes = list(assessment.outcomes)
    outcomes[i] = settled(outcomes[i], j, Outcome.FAIL)
    worse = scored(standard(name), outcomes)

    assert worse.low <= assessment.score.low
    assert worse.high <= assessment.score.high


@few
@given(audits(), st.data())
def test_resolving_open_items_one_by_one_narrows_the_interval(
    audit: tuple[str, Data, Any], data: st.DataObject
) -> None:
    """Each answer to an open window leaves the score inside the interval before it."""
    name, record, span = audit
    assessment = audited(standard(name), record, span)
    unsettled = windows_that_are(assessment, Outcome.UNKNOWN, Outcome.MANUAL, Outcome.ERROR)
    assume(unsettled and assessment.score)
    outcomes, before = list(assessment.outcomes), assessment.score
    for i, j in data.draw(st.lists(st.sampled_from(unsettled), min_size=1, max_size=5, unique=True)):
        outcomes[i] = settled(outcomes[i], j, data.draw(st.sampled_from([Outcome.PASS, Outcome.FAIL])))
        after = scored(standard(name), outcomes)

        assert inside(after, before)
        before = after


@few
@given(audits())
def test_rules_that_apply_nowhere_change_nothing(audit: tuple[str, Data, Any]) -> None:
    """Taking all of them away leaves the score as it was."""
    name, record, span = audit
    assessment = audited(standard(name), record, span)
    assume(assessment.score)
    bound = [outcome for outcome in assessment.outcomes if outcome.outcome is not Outcome.NOT_APPLICABLE]
    without = scored(standard(name), bound)

    assert (assessment.score.low, assessment.score.high) == (without.low, without.high)


@few
@given(audits(), st.data())
def test_the_order_of_records_is_irrelevant(audit: tuple[str, Data, Any], data: st.DataObject) -> None:
    """Entries of every series in another order: the same outcomes, score, fingerprints and prices."""
    name, record, span = audit
    once = audited(standard(name), record, span)
    again = audited(standard(name), data.draw(reordered(record)), span)

    assert said(once) == said(again)
    assert ends(once) == ends(again)
    assert priced(once) == priced(again)


def said(assessment: Assessment) -> dict[str, Counter[tuple[str, str]]]:
    """What each rule says of its windows, whatever their order."""
    return {o.rule.id: Counter((key(w), w.outcome.value) for w in o.windows) for o in assessment.outcomes}


def ends(assessment: Assessment) -> tuple[Fraction, Fraction] | None:
    """Both ends of the score."""
    return (assessment.score.low, assessment.score.high) if assessment.score else None


def priced(assessment: Assessment) -> Counter[tuple[str, Fraction]]:
    """Fingerprints with what they cost."""
    return Counter((d.fingerprint, d.deduction) for d in assessment.deficiencies)


@st.composite
def opinions(draw: st.DrawFn, assessment: Assessment) -> list[Data]:
    """What an assessor may have written on rules that are open or failed, in no bounds at all, once on each rule."""
    asked = [o.rule.id for o in assessment.own() if o.outcome.is_open or o.outcome is Outcome.FAIL]
    price = st.sampled_from([0, 0.5, 1, 1.5, 2])
    once = st.lists(st.tuples(st.sampled_from(asked or [""]), price), min_size=1, max_size=5, unique_by=lambda p: p[0])
    written = draw(once) if asked else []
    on = assessment.as_of.isoformat()
    return [{"rule": rule, "deduct": deduct, "by": "周七", "on": on} for rule, deduct in written]


@few
@given(audits(), st.data())
def test_an_assessor_decides_inside_the_interval(audit: tuple[str, Data, Any], data: st.DataObject) -> None:
    """Each opinion that stands leaves the score inside the interval before it, and the deductions still add up."""
    name, record, span = audit
    first = audited(standard(name), record, span)
    assume(first.score)
    written = data.draw(opinions(first))
    steps = [audited(standard(name), record | {"assessments": written[:n]}, span) for n in range(len(written) + 1)]

    assert all(inside(after.score, before.score) for before, after in pairwise(steps))
    for step in steps:
        assert step.score.max - step.score.high == sum(d.deduction for d in step.deficiencies)
