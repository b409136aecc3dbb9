"""What an assessor may change of a score: what is open, inside the interval, and nothing else."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dangjian_check.engine.assessment import RuleOutcome, Score
from dangjian_check.engine.assessors import Misfit, apply
from dangjian_check.engine.scoring import score
from dangjian_check.rulebook.sheet import Merged, Sheet
from strategies import Data
from tables import (
    OPEN,
    RULES,
    Table,
    bare_facts,
    found,
    inside,
    one_line,
    outcomes,
    random_sheets,
    random_tables,
    said,
    scored,
)

MONTHLY = {"kind": "merged", "lower": 0.5, "upper": 1, "up_to": "1/3"}


@st.composite
def opinions(draw: st.DrawFn, rules: tuple[str, ...] = RULES) -> list[Data]:
    """What assessors wrote: prices for rules or single windows, some out of bounds, and awards."""
    price = st.sampled_from([0, 0, "1/3", 0.5, 1, "4/3", 2, 3, 5])
    written = []
    for rule in rules:
        what = "award" if draw(st.integers(0, 5)) == 0 else "deduct"
        window = draw(st.sampled_from([None, None, "2024-01", "2024-02"]))
        written.append(opinion(rule, draw(price), window, what))
    return written


def opinion(rule: str, points: object, window: str | None = None, what: str = "deduct") -> Data:
    """One entry under ``assessments``."""
    aim = {"window": window} if window else {}
    return {"rule": rule, what: points, "by": "周七", "on": "2024-12-20"} | aim


def laid_over(sheet: Sheet, table: Table, written: list[Data]) -> tuple[list[RuleOutcome], list[Misfit]]:
    """The verdicts with what assessors wrote laid over them."""
    return apply(outcomes(table), bare_facts(written), sheet)


def steps(sheet: Sheet, table: Table, written: list[Data]) -> list[Score | None]:
    """The score before any opinion, and after each further one."""
    return [score(sheet, laid_over(sheet, table, written[:n])[0]) for n in range(len(written) + 1)]


def answers(sheet: Sheet, table: Table, written: Data) -> bool:
    """Whether an opinion answers something open, and does not only choose inside the range of a merged line."""
    number = int(written["window"][-2:]) - 1 if "window" in written else None
    windows = table[written["rule"]]
    aimed = windows if number is None else windows[number : number + 1]
    merged = any(
        isinstance(line.loss, Merged) and written["rule"] in line.rules for i in sheet.leaves() for line in i.lines
    )
    return not merged or any(window["outcome"] in OPEN for window in aimed)


@given(random_sheets, random_tables, opinions())
def test_an_assessor_decides_inside_the_interval(sheet: Sheet, table: Table, written: list[Data]) -> None:
    """Each opinion that stands leaves the score in the interval that was there before it."""
    results = steps(sheet, table, [one for one in written if answers(sheet, table, one)])
    assume(results[0] is not None)

    assert all(inside(after, before) for before, after in pairwise(results))


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
    result = score(sheet, judged)
    assume(result is not None)

    assert result.max - result.high == sum(d.deduction for d in found(sheet, judged))


@given(random_sheets, random_tables, opinions((*RULES, *RULES)), st.randoms(use_true_random=False))
def test_the_order_of_opinions_is_irrelevant(sheet: Sheet, table: Table, written: list[Data], random: Any) -> None:
    """Assessors may write in any order, even where they do not agree."""
    result = score(sheet, laid_over(sheet, table, written)[0])
    again = score(sheet, laid_over(sheet, table, random.sample(written, len(written)))[0])
    assume(result is not None)

    assert (result.low, result.high) == (again.low, again.high)


@given(random_sheets, random_tables, opinions())
def test_a_bonus_is_kept_apart_and_capped(sheet: Sheet, table: Table, written: list[Data]) -> None:
    """Awards move the bonus within its points and nothing else; each award narrows what is still possible."""
    awards = [one for one in written if "award" in one]
    before, after = scored(sheet, table), score(sheet, laid_over(sheet, table, awards)[0])
    assume(before is not None)

    assert (before.low, before.high, before.max) == (after.low, after.high, after.max)
    assert 0 <= before.bonus.low <= after.bonus.low <= after.bonus.high <= before.bonus.high <= sheet.bonus
