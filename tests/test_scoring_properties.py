"""What holds of every score: on random sheets with every kind of loss over random outcomes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.engine.scoring import score
from dangjian_check.rulebook.sheet import Each, Line, Sheet, Shortfall
from strategies import Data
from tables import (
    NOTHING,
    OPEN,
    RULES,
    Table,
    found,
    grades_inside,
    inside,
    one_line,
    outcomes,
    random_sheets,
    random_tables,
    said,
    scored,
    scored_leaves,
)


def changed(table: Table, name: str, index: int, verdict: Data) -> Table:
    """The table with another verdict on one window."""
    windows = list(table[name])
    windows[index] = verdict
    return table | {name: windows}


def with_open(table: Table, verdict: Data) -> Table:
    """The table with this verdict on every window that was open."""
    return {name: [verdict if w["outcome"] in OPEN else w for w in windows] for name, windows in table.items()}


def places(table: Table, *wanted: str) -> list[tuple[str, int]]:
    """Where in the table these outcomes stand."""
    return [(name, i) for name, windows in table.items() for i, w in enumerate(windows) if w["outcome"] in wanted]


@given(random_sheets, random_tables, st.booleans())
def test_the_low_end_is_never_above_the_high_end(sheet: Sheet, table: Table, with_superior: bool) -> None:
    """Sum and indicators lie between nothing and their points, the denominator is the table's and fixed."""
    result = scored(sheet, table, with_superior=with_superior)
    assume(result is not None)

    assert sheet.base == result.max
    assert 0 <= result.low <= result.high <= result.max
    assert all(0 <= item.low <= item.high <= item.points for item in result.items)
    assert 0 <= result.completeness <= 1


@given(random_sheets, random_tables)
def test_points_are_exact_fractions(sheet: Sheet, table: Table) -> None:
    """Nothing is rounded before it is printed."""
    result = scored(sheet, table)
    assume(result is not None)
    numbers = [result.low, result.high, result.max, result.completeness]
    numbers += [number for i in result.items for number in (i.points, i.low, i.high, i.completeness)]
    numbers += [deficiency.deduction for deficiency in found(sheet, outcomes(table))]

    assert {Fraction} == {type(number) for number in numbers}


@given(random_sheets, random_tables, st.data(), st.booleans())
def test_one_more_deficiency_never_raises_the_score(
    sheet: Sheet, table: Table, data: st.DataObject, with_superior: bool
) -> None:
    """A window found wanting instead of met, or one more window with nothing held, lowers both ends or neither."""
    name, index = data.draw(st.sampled_from([*places(table, "pass"), *((name, None) for name in RULES)]))
    worse = table | {name: [*table[name], NOTHING]} if index is None else changed(table, name, index, NOTHING)
    before, after = scored(sheet, table, with_superior=with_superior), scored(sheet, worse, with_superior=with_superior)
    assume(before is not None)

    assert after.low <= before.low
    assert after.high <= before.high


@given(random_sheets, random_tables, st.data(), st.booleans())
def test_resolving_an_open_item_stays_inside_the_old_interval(
    sheet: Sheet, table: Table, data: st.DataObject, with_superior: bool
) -> None:
    """Whatever an unknown, manual or broken window turns out to be, the answer was already allowed for."""
    assume(places(table, *OPEN))
    name, index = data.draw(st.sampled_from(places(table, *OPEN)))
    actual = data.draw(st.sampled_from([0, 1, None, "1/4"]))
    answer = {"outcome": data.draw(st.sampled_from(["pass", "fail", "not_applicable", "pending"])), "actual": actual}
    settled = changed(table, name, index, answer | {"cases": table[name][index]["cases"]})
    before, after = (
        scored(sheet, table, with_superior=with_superior),
        scored(sheet, settled, with_superior=with_superior),
    )
    assume(before is not None)
    assume(after is not None)

    assert inside(after, before)
    assert grades_inside(sheet, after, before)


@given(random_sheets, random_tables)
def test_the_high_end_is_the_score_with_every_open_window_met(sheet: Sheet, table: Table) -> None:
    """What is open is not lost at the high end."""
    result = scored(sheet, table)
    assume(result is not None)

    assert scored(sheet, with_open(table, said("pass", 1))).high == result.high


@given(random_sheets, random_tables)
def test_the_low_end_is_the_score_with_every_open_window_failed(sheet: Sheet, table: Table) -> None:
    """What is open is lost in full at the low end; where a loss has no end of its own, up to the cap."""
    result = scored(sheet, table)
    assume(result is not None)
    floor = scored(sheet, with_open(table, NOTHING)).low

    assert result.low <= floor
    if not any(_endless(line) for leaf in sheet.leaves() for line in leaf.lines):
        assert floor == result.low


def _endless(line: Line) -> bool:
    """Whether the most a line can cost is not told by the number of its windows."""
    return isinstance(line.loss, Shortfall) or (isinstance(line.loss, Each) and bool(line.loss.distinct))


@given(random_sheets, random_tables, st.sampled_from(RULES), st.integers(1, 4))
def test_a_rule_that_applies_nowhere_changes_nothing(sheet: Sheet, table: Table, name: str, windows: int) -> None:
    """The score is the same as if the rule were not there, and so is every deficiency."""
    silent = table | {name: [said("not_applicable")] * windows}
    without = {rule: verdicts for rule, verdicts in table.items() if rule != name}
    with_it, without_it = scored(sheet, silent), scored(sheet, without)
    assume(with_it is not None or without_it is not None)

    assert (without_it.low, without_it.high, without_it.max) == (with_it.low, with_it.high, with_it.max)
    assert without_it.grade == with_it.grade
    assert found(sheet, outcomes(without)) == found(sheet, outcomes(silent))


@given(random_sheets, random_tables, st.data())
def test_the_order_of_rules_windows_and_lines_is_irrelevant(sheet: Sheet, table: Table, data: st.DataObject) -> None:
    """The same verdicts in any order, under the same lines in any order, cost the same."""
    mixed = [
        RuleOutcome(o.rule, tuple(data.draw(st.permutations(o.windows))))
        for o in data.draw(st.permutations(outcomes(table)))
    ]
    turned = Sheet.model_validate(_turned(sheet.model_dump(by_alias=True, exclude_none=True)))
    result, again = scored(sheet, table), score(Losses(turned), mixed)
    assume(result is not None)

    assert (result.low, result.high) == (again.low, again.high)
    assert result.completeness == again.completeness


def _turned(sheet: Data) -> Data:
    """The sheet with the lines of each indicator, and the rules of each line, backwards."""
    for leaf in sheet["indicators"][0]["indicators"]:
        leaf["lines"] = [line | {"rules": line["rules"][::-1]} for line in leaf["lines"][::-1]]
    return sheet


@given(random_sheets, random_tables)
def test_deductions_add_up_exactly_to_the_certain_loss(sheet: Sheet, table: Table) -> None:
    """The shares of the deficiencies are what the sheet takes away for certain, no more and no less."""
    result = scored(sheet, table)
    assume(result is not None)

    assert result.max - result.high == sum(d.deduction for d in found(sheet, outcomes(table)))


@given(random_sheets, random_tables)
def test_a_deduction_is_never_less_than_nothing(sheet: Sheet, table: Table) -> None:
    """No deficiency pays back what another cost."""
    assert all(deficiency.deduction >= 0 for deficiency in found(sheet, outcomes(table)))


@given(random_sheets, random_tables, st.booleans())
def test_caps_are_never_exceeded(sheet: Sheet, table: Table, with_superior: bool) -> None:
    """An indicator loses at most its points and its cap (or the price of nothing held), a line at most its own."""
    result = scored(sheet, table, with_superior=with_superior)
    assume(result is not None)
    for leaf, item in zip(scored_leaves(sheet), result.items, strict=True):
        most = leaf.cap if leaf.cap is not None else leaf.points
        if leaf.not_held is not None:
            most = max(most, leaf.not_held.points)

        assert leaf.points - item.low <= min(leaf.points, most)


@given(random_sheets, random_tables)
def test_the_deficiencies_of_a_line_cost_no_more_than_its_cap(sheet: Sheet, table: Table) -> None:
    """However many windows failed, a line's own cap holds for all of them together."""
    costs = found(sheet, outcomes(table))
    for leaf in scored_leaves(sheet):
        for line in leaf.lines if leaf.not_held is None else []:
            if line.cap is not None:
                assert sum(d.deduction for d in costs if d.rule.id in line.rules) <= line.cap


@given(random_sheets, random_tables, st.data())
def test_one_more_deficiency_never_raises_the_grade(sheet: Sheet, table: Table, data: st.DataObject) -> None:
    """Neither the sure grade nor either of two possible ones gets better, veto or none."""
    assume(sheet.grades)
    name = data.draw(st.sampled_from(RULES))
    before, after = scored(sheet, table), scored(sheet, table | {name: [*table[name], NOTHING]})
    assume(before is not None)
    order = [band.name for band in sorted(sheet.grades, key=lambda band: band.min)]

    assert order.index(after.grade.low) <= order.index(before.grade.low)
    assert order.index(after.grade.high) <= order.index(before.grade.high)
    assert order.index(before.grade.low) <= order.index(before.grade.high)
    assert (before.grade.low == before.grade.high) == before.grade.certain


@given(random_sheets, st.lists(st.sampled_from(["not_applicable", "pending"]), min_size=4, max_size=4))
def test_nothing_to_judge_gives_no_score(sheet: Sheet, words: list[str]) -> None:
    """With nothing but what does not apply or is not yet due there is no score, neither 0 nor full."""
    assert scored(sheet, {name: [said(word)] for name, word in zip(RULES, words, strict=True)}) is None


def test_what_is_not_yet_due_does_not_hide_what_was_judged() -> None:
    """Ten months met and an eleventh still open is a score without loss, not "nothing was judged"."""
    sheet = one_line({"kind": "flat", "points": 2}, "T-1")
    result = scored(sheet, {"T-1": [*[said("pass", 1)] * 10, said("pending")]})

    assert result is not None
    assert (sheet.base, sheet.base) == (result.low, result.high)


def test_what_is_open_beside_nothing_held_stays_open() -> None:
    """The price of nothing held replaces the lines below it; a line that may yet cost more is not forgotten."""
    sheet = one_line({"kind": "flat", "points": 1}, "T-1")
    dear = {"title": "另一项", "rules": ["T-2"], "loss": {"kind": "flat", "points": 4}}
    data = sheet.model_dump(by_alias=True)["indicators"][0]
    data |= {"lines": [*data["lines"], dear], "not_held": {"rules": ["T-1"], "points": 2}}
    both = Sheet.model_validate({"title": "表", "indicators": [data]})
    result = scored(both, {"T-1": [NOTHING], "T-2": [said("unknown")]})

    assert (5, 8) == (result.low, result.high)


def test_a_range_left_to_an_assessor_is_an_interval() -> None:
    """What failed loses at least the lower end of the sheet's range and at most the upper."""
    result = scored(one_line({"kind": "range", "low": 1, "high": 3}, "T-1"), {"T-1": [NOTHING, said("pass", 1)]})

    assert (7, 9) == (result.low, result.high)


def test_a_veto_puts_a_ceiling_on_the_grade_and_on_nothing_else() -> None:
    """The best of scores is graded no higher than the veto allows, and stays the score it is."""
    data = one_line({"kind": "flat", "points": 0}, "T-1").model_dump(by_alias=True)
    data["grades"] = [{"name": "不合格", "min": 0}, {"name": "合格", "min": 5}, {"name": "优秀", "min": 9}]
    free = scored(Sheet.model_validate(data), {"T-1": [NOTHING]})
    bound = scored(Sheet.model_validate(data | {"veto": [{"rules": ["T-1"], "max_grade": "合格"}]}), {"T-1": [NOTHING]})

    assert (10, "优秀", "优秀") == (free.low, free.grade.low, free.grade.high)
    assert (10, "合格", "合格") == (bound.low, bound.grade.low, bound.grade.high)


def test_a_veto_that_is_still_open_leaves_the_grade_open() -> None:
    """Full points at both ends, but what may yet be found would bar the best grade: the grade is not certain."""
    data = one_line({"kind": "flat", "points": 0}, "T-1").model_dump(by_alias=True)
    data |= {"grades": [{"name": "合格", "min": 0}, {"name": "优秀", "min": 9}]}
    sheet = Sheet.model_validate(data | {"veto": [{"rules": ["T-1"], "max_grade": "合格"}]})
    unknown, failed = (scored(sheet, {"T-1": windows}) for windows in ([said("unknown")], [NOTHING, said("error")]))

    assert ("合格", "优秀") == (unknown.grade.low, unknown.grade.high)
    assert ("合格", "合格") == (failed.grade.low, failed.grade.high)


def test_a_veto_must_name_one_of_the_grades() -> None:
    """A ceiling that is no grade of the sheet would bar nothing, or break off when it is needed."""
    data = one_line({"kind": "flat", "points": 0}, "T-1").model_dump(by_alias=True)
    data |= {"grades": [{"name": "合格", "min": 0}], "veto": [{"rules": ["T-1"], "max_grade": "合各"}]}

    with pytest.raises(ValidationError, match="合各"):
        Sheet.model_validate(data)


@pytest.mark.parametrize(
    "loss",
    [
        {"kind": "merged", "lower": 2, "upper": 1},
        {"kind": "range", "low": 2, "high": 1},
        {"kind": "shortfall", "points": 1, "per": 0, "below": "4/5"},
        {"kind": "shortfall", "points": 1, "per": "-1/20", "below": "4/5"},
    ],
)
def test_a_line_that_would_cost_less_the_more_is_missed_is_refused(loss: Data) -> None:
    """Bounds the wrong way round, steps of nothing: the score could not be an interval."""
    with pytest.raises(ValidationError):
        one_line(loss, "T-1")
