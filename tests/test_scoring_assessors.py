"""What an assessor may change of a score: what is open, inside the interval, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dangjian_check.engine.assessment import Score
from dangjian_check.engine.assessors import Misfit, apply
from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.engine.scoring import score
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.sheet import Sheet
from strategies import Data
from tables import (
    NOTHING,
    RULES,
    Table,
    bare_facts,
    found,
    grades_inside,
    inside,
    one_line,
    outcomes,
    random_sheets,
    random_tables,
    said,
    scored,
)

MONTHLY = {"kind": "merged", "lower": 0.5, "upper": 1, "up_to": "1/3"}
SHORTFALL = {"kind": "shortfall", "points": "1/2", "per": "1/10", "below": "1/2"}
CASES = {"kind": "each", "points": 1, "distinct": ["name", "matter"]}
STEEP = {"kind": "tiers", "tiers": [{"at_least": 1, "points": "1/3"}, {"at_least": 3, "points": 2}]}


@st.composite
def opinions(draw: st.DrawFn, rules: tuple[str, ...] = RULES) -> list[Data]:
    """What assessors wrote: prices for rules or single windows, some out of bounds, and awards."""
    price = st.sampled_from([0, 0, "1/3", 0.5, 1, "4/3", 2, 3, 5])
    written = []
    for rule in rules:
        what = "award" if draw(st.integers(0, 5)) == 0 else "deduct"
        windows = draw(st.sampled_from([[None], [None], ["2024-01"], ["2024-02"], ["2024-01", "2024-02"]]))
        written += [opinion(rule, draw(price), window, what) for window in windows]
    return draw(st.permutations(written))


def opinion(rule: str, points: object, window: str | None = None, what: str = "deduct") -> Data:
    """One entry under ``assessments``."""
    aim = {"window": window} if window else {}
    return {"rule": rule, what: points, "by": "周七", "on": "2024-12-20"} | aim


def laid_over(sheet: Sheet, table: Table, written: list[Data]) -> tuple[list[RuleOutcome], list[Misfit]]:
    """The verdicts with what assessors wrote laid over them."""
    return apply(outcomes(table), bare_facts(written), sheet)


def steps(sheet: Sheet, table: Table, written: list[Data], *, with_superior: bool = False) -> list[Score | None]:
    """The score before any opinion, and after each further one."""
    judged = [laid_over(sheet, table, written[:n])[0] for n in range(len(written) + 1)]
    return [score(Losses(sheet), verdicts, with_superior=with_superior) for verdicts in judged]


@given(random_sheets, random_tables, opinions(), st.booleans())
def test_an_assessor_decides_inside_the_interval(
    sheet: Sheet, table: Table, written: list[Data], with_superior: bool
) -> None:
    """Each opinion that stands leaves the score in the interval that was there before it, and so the grade."""
    results = steps(sheet, table, written, with_superior=with_superior)
    assume(results[0] is not None)

    assert all(inside(after, before) for before, after in pairwise(results))
    assert all(grades_inside(sheet, after, before) for before, after in pairwise(results))


@given(random_sheets, random_tables, opinions(), st.sampled_from(["pass", "fail", "not_applicable"]))
def test_what_the_record_answers_after_an_assessor_is_inside_too(
    sheet: Sheet, table: Table, written: list[Data], word: str
) -> None:
    """What no opinion answered may still turn out either way, and the score stays in the interval."""
    judged, _ = laid_over(sheet, table, written)
    before, after = score(Losses(sheet), judged), score(Losses(sheet), resolved(judged, Outcome(word)))
    assume(before is not None)
    assume(after is not None)

    assert inside(after, before)


def resolved(judged: list[RuleOutcome], word: Outcome) -> list[RuleOutcome]:
    """Verdicts with this outcome for the first window of each rule that was open."""
    first = {id(w) for o in judged for w in [w for w in o.windows if w.outcome.is_open][:1]}
    return [
        replace(
            o,
            windows=tuple(
                w._replace(verdict=w.verdict._replace(outcome=word)) if id(w) in first else w for w in o.windows
            ),
        )
        for o in judged
    ]


@pytest.mark.parametrize("loss", [STEEP, MONTHLY, SHORTFALL, CASES, {"kind": "proportion", "points": 2}])
def test_what_one_opinion_took_for_certain_another_does_not_give_back(loss: Data) -> None:
    """Whatever the first takes for certain stays taken when the second finds fewer failures than there might be."""
    sheet = one_line(loss, "T-1", "T-2")
    met = [said("pass", 1)] * 2
    for price, failed in product(("1/3", 0.5, 1), ([], [NOTHING])):
        table = {"T-1": [*failed, said("unknown", 1), *met], "T-2": [said("unknown", 1)]}
        results = steps(sheet, table, [opinion("T-1", price), opinion("T-2", 0)])

        assert all(inside(after, before) for before, after in pairwise(results))


def test_a_price_above_the_tier_reached_waits_for_the_next_failure() -> None:
    """Half a point where two failures cost a third of one: a third is certain, more only if a third failure is."""
    table = {"T-1": [said("fail"), said("unknown")], "T-2": [said("unknown")]}
    first, second, third = steps(one_line(STEEP, "T-1", "T-2"), table, [opinion("T-1", 0.5), opinion("T-2", 0)])
    sure = 10 - Fraction(1, 3)

    assert (8, sure) == (first.low, first.high)
    assert (8, sure) == (second.low, second.high)
    assert (sure, sure) == (third.low, third.high)


@pytest.mark.parametrize(("loss", "left"), [(CASES, 8), (SHORTFALL, 8), ({"kind": "each", "points": 2}, 8)])
def test_what_the_record_does_not_tell_costs_what_the_assessor_says(loss: Data, left: int) -> None:
    """Two cases the record does not list, found by a person, are two points lost; nothing listed is no cap."""
    [*_, last] = steps(one_line(loss, "T-1"), {"T-1": [said("unknown", 1)]}, [opinion("T-1", 2)])

    assert (left, left) == (last.low, last.high)


@pytest.mark.parametrize(
    ("loss", "left"), [({"kind": "each", "points": "1/2"}, 9), ({"kind": "proportion", "points": 2}, "53/6")]
)
def test_what_one_opinion_takes_too_much_the_next_does_not_collect(loss: Data, left: object) -> None:
    """Each opinion is bounded by the windows it is for; five points on one window do not fill up the rest."""
    sheet = one_line(loss, "T-1")
    results = steps(sheet, {"T-1": [said("manual")] * 3}, [opinion("T-1", 5, "2024-01"), opinion("T-1", 0.5)])

    assert all(inside(after, before) for before, after in pairwise(results))
    assert Fraction(str(left)) == results[-1].high


def test_a_price_for_one_failed_window_leaves_the_range_of_the_others() -> None:
    """Two failures within an assessor's range of one to three points: a word on the first is none on the second."""
    written = [opinion("T-1", 1, "2024-01"), opinion("T-1", 2, "2024-02")]
    results = steps(one_line({"kind": "range", "low": 1, "high": 3}, "T-1"), {"T-1": [said("fail")] * 2}, written)
    expected = [(7, 9), (7, 9), (8, 8)]

    assert expected == [(result.low, result.high) for result in results]


@pytest.mark.parametrize("outcome", ["manual", "fail"])
def test_an_older_opinion_does_not_overrule_a_newer(outcome: str) -> None:
    """One point said in December stands against three said in June, of what was open as of what had failed."""
    sheet = one_line({"kind": "range", "low": 1, "high": 3}, "T-1")
    written = [opinion("T-1", 3) | {"on": "2024-06-20"}, opinion("T-1", 1)]
    judged, misfits = laid_over(sheet, {"T-1": [said(outcome)]}, written)
    result = score(Losses(sheet), judged)

    assert [("assessments", 0)] == [misfit.path for misfit in misfits]
    assert (9, 9) == (result.low, result.high)


def test_a_price_is_chosen_only_where_the_sheet_leaves_a_choice() -> None:
    """A rule under a flat line and under a range: what the machine failed still costs the flat line its points."""
    data = one_line({"kind": "flat", "points": 2}, "T-1").model_dump(by_alias=True)
    data["indicators"][0]["lines"] += one_line({"kind": "range", "low": 0.5, "high": 1}, "T-1").indicators[0].lines
    sheet = Sheet.model_validate(data)
    before, after = steps(sheet, {"T-1": [said("fail")]}, [opinion("T-1", 0.5)])

    assert (7, 7.5) == (before.low, before.high)
    assert (7.5, 7.5) == (after.low, after.high)


@pytest.mark.parametrize(
    ("loss", "points"),
    [
        (MONTHLY, 0.5),
        ({"kind": "each", "points": 1}, 1),
        ({"kind": "proportion", "points": 7}, 1),
        ({"kind": "tiers", "tiers": [{"at_least": 1, "points": 1}, {"at_least": 5, "points": 3}]}, 1),
    ],
)
def test_an_opinion_on_one_window_does_not_excuse_the_others(loss: Data, points: object) -> None:
    """Six months the machine found wanting cost what they cost, whatever a person says of the seventh."""
    sheet = one_line(loss, "T-1")
    before, after = steps(sheet, {"T-1": [*[said("fail")] * 6, said("manual")]}, [opinion("T-1", points, "2024-07")])

    assert inside(after, before)


@pytest.mark.parametrize("loss", [{"kind": "flat", "points": 2}, {"kind": "range", "low": 1, "high": 2}])
def test_opinions_on_two_rules_of_one_line_cost_the_line_once(loss: Data) -> None:
    """Two clauses that lead to one deduction lose it once, decided by the machine or by a person (case 61)."""
    sheet = one_line(loss, "T-1", "T-2")
    table = {"T-1": [said("manual")], "T-2": [said("manual")]}
    *_, last = steps(sheet, table, [opinion("T-1", 2), opinion("T-2", 2)])

    assert (8, 8) == (last.low, last.high)


@pytest.mark.parametrize("loss", [MONTHLY, {"kind": "range", "low": 0.5, "high": 1}])
def test_opinions_on_two_windows_of_one_item_cost_the_item_once(loss: Data) -> None:
    """Windows of one duty are one item of the sheet (case 59): two opinions of one point each lose one point."""
    sheet = one_line(loss, "T-1")
    written = [opinion("T-1", 1, "2024-01"), opinion("T-1", 1, "2024-02")]
    *_, last = steps(sheet, {"T-1": [said("manual"), said("manual")]}, written)

    assert (9, 9) == (last.low, last.high)


def test_what_an_assessor_failed_counts_among_the_failed() -> None:
    """A second failure, found by a person, brings the third within reach of the tier that begins there."""
    loss = {"kind": "tiers", "tiers": [{"at_least": 1, "points": 1}, {"at_least": 3, "points": 4}]}
    table = {"T-1": [said("fail"), said("manual")], "T-2": [said("unknown")]}
    first, second, third = steps(one_line(loss, "T-1", "T-2"), table, [opinion("T-1", 1), opinion("T-2", 0)])

    assert (6, 9) == (first.low, first.high)
    assert (6, 9) == (second.low, second.high)
    assert (9, 9) == (third.low, third.high)


def test_an_opinion_of_no_deduction_on_what_is_open_loses_nothing() -> None:
    """``deduct: 0`` answers the open windows as met; those the machine failed stay failed."""
    sheet = one_line({"kind": "each", "points": 1}, "T-1")
    before, after = steps(sheet, {"T-1": [said("fail"), said("manual"), said("unknown")]}, [opinion("T-1", 0)])

    assert (7, 9) == (before.low, before.high)
    assert (9, 9) == (after.low, after.high)


def test_an_opinion_on_one_window_goes_before_one_on_the_whole_rule() -> None:
    """Nothing to deduct except in January: the general word is for the windows that no other opinion names."""
    sheet = one_line({"kind": "each", "points": 1}, "T-1")
    written = [opinion("T-1", 0), opinion("T-1", 1, "2024-01")]
    table = {"T-1": [said("manual")] * 3}
    expected: list[Misfit] = []

    assert expected == laid_over(sheet, table, written)[1]
    assert (9, 9) == (steps(sheet, table, written)[-1].low, steps(sheet, table, written)[-1].high)


@given(random_sheets, random_tables, opinions())
def test_deductions_add_up_when_an_assessor_set_the_price(sheet: Sheet, table: Table, written: list[Data]) -> None:
    """A price set by a person is shared among its deficiencies just as the formula's is."""
    judged, _ = laid_over(sheet, table, written)
    result = score(Losses(sheet), judged)
    assume(result is not None)

    assert result.max - result.high == sum(d.deduction for d in found(sheet, judged))


@given(random_sheets, random_tables, opinions((*RULES, *RULES)), st.randoms(use_true_random=False))
def test_the_order_of_opinions_is_irrelevant(sheet: Sheet, table: Table, written: list[Data], random: Any) -> None:
    """Assessors may write in any order, even where they do not agree."""
    result = score(Losses(sheet), laid_over(sheet, table, written)[0])
    again = score(Losses(sheet), laid_over(sheet, table, random.sample(written, len(written)))[0])
    assume(result is not None)

    assert (result.low, result.high) == (again.low, again.high)


@given(random_sheets, random_tables, opinions())
def test_a_bonus_is_kept_apart_and_capped(sheet: Sheet, table: Table, written: list[Data]) -> None:
    """Awards move the bonus within its points and nothing else; each award narrows what is still possible."""
    awards = [one for one in written if "award" in one]
    before, after = scored(sheet, table), score(Losses(sheet), laid_over(sheet, table, awards)[0])
    assume(before is not None)

    assert (before.low, before.high, before.max) == (after.low, after.high, after.max)
    assert 0 <= before.bonus.low <= after.bonus.low <= after.bonus.high <= before.bonus.high <= sheet.bonus
