"""What holds of every score: on random sheets with every kind of loss over random outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from builders import record_from, rule_from
from dangjian_check.checks.base import Verdict
from dangjian_check.engine.assessment import Deficiency, RuleOutcome, Score, WindowOutcome
from dangjian_check.engine.assessors import Misfit, apply
from dangjian_check.engine.deficiencies import deficiencies
from dangjian_check.engine.scoring import score
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.series import Discipline
from dangjian_check.rulebook.sheet import Each, Indicator, Line, Sheet, Shortfall
from strategies import Data, sheets, verdict_tables

Table = dict[str, list[Data]]

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
RULES = ("T-1", "T-2", "T-3", "T-4")
SUPERIOR = "T-4"
CHECK = {"kind": "frequency", "select": {"type": "支委会"}, "per": "month", "min": 1}
KNOWN = {
    name: rule_from(
        {"id": name, "check": CHECK} | ({"actor": "superior", "seen_in": "branch"} if name == SUPERIOR else {})
    )
    for name in RULES
}
NOTHING = {"outcome": "fail", "actual": 0, "cases": ()}
OPEN = ("unknown", "manual", "error")
tables = verdict_tables(RULES)
random_sheets = sheets(RULES).map(Sheet.model_validate)


def outcome(name: str, windows: list[Data]) -> RuleOutcome:
    """One rule with its windows, a month each."""
    return RuleOutcome(KNOWN[name], tuple(_window(n, said) for n, said in enumerate(windows, 1)))


def _window(number: int, said: Data) -> WindowOutcome:
    window = Window(date(2024, number, 1), date(2024, number, 28), f"2024-{number:02d}")
    counted = tuple(_case(index, case) for index, case in enumerate(said["cases"]))
    return WindowOutcome(
        window, None, Verdict(Outcome(said["outcome"]), "测试", actual=said["actual"], counted=counted)
    )


def _case(index: int, case: tuple[str, str]) -> Fact:
    entry = Discipline.model_validate({"name": case[0], "matter": case[1], "kind": "党纪", "decided": "2024-03-01"})
    return Fact("discipline", index, entry, entry.date)


def outcomes(table: Table) -> list[RuleOutcome]:
    """Every rule's outcome."""
    return [outcome(name, windows) for name, windows in table.items()]


def scored(sheet: Sheet, table: Table, *, with_superior: bool = False) -> Score | None:
    """The score of a table of verdicts."""
    return score(sheet, outcomes(table), with_superior=with_superior)


def facts(assessments: list[Data] | None = None) -> Facts:
    """A bare branch, with what assessors wrote."""
    return Facts(record_from({"branch": {"name": "甲"}, "assessments": assessments or []}), YEAR, YEAR.end)


def found(sheet: Sheet, judged: Iterable[RuleOutcome]) -> tuple[Deficiency, ...]:
    """The deficiencies of the branch."""
    return deficiencies("b1", judged, facts(), sheet)


def changed(table: Table, name: str, index: int, said: Data) -> Table:
    """The table with another verdict on one window."""
    windows = list(table[name])
    windows[index] = said
    return table | {name: windows}


def places(table: Table, *wanted: str) -> list[tuple[str, int]]:
    """Where in the table these outcomes stand."""
    return [(name, i) for name, windows in table.items() for i, said in enumerate(windows) if said["outcome"] in wanted]


def inside(inner: Score, outer: Score) -> bool:
    """Whether one score's interval lies in the other's, in sum and for every indicator."""
    pairs = [(inner, outer), *zip(inner.items, outer.items, strict=True)]
    return all(old.low <= new.low <= new.high <= old.high for new, old in pairs)


@given(random_sheets, tables, st.booleans())
def test_the_low_end_is_never_above_the_high_end(sheet: Sheet, table: Table, with_superior: bool) -> None:
    """Sum and indicators lie between nothing and their points, the denominator is the table's and fixed."""
    result = scored(sheet, table, with_superior=with_superior)
    assume(result is not None)

    assert sheet.base == result.max
    assert 0 <= result.low <= result.high <= result.max
    assert all(0 <= item.low <= item.high <= item.points for item in result.items)
    assert 0 <= result.completeness <= 1


@given(random_sheets, tables)
def test_points_are_exact_fractions(sheet: Sheet, table: Table) -> None:
    """Nothing is rounded before it is printed."""
    result = scored(sheet, table)
    assume(result is not None)
    numbers = [result.low, result.high, result.max, result.completeness]
    numbers += [number for i in result.items for number in (i.points, i.low, i.high, i.completeness)]
    numbers += [deficiency.deduction for deficiency in found(sheet, outcomes(table))]

    assert {Fraction} == {type(number) for number in numbers}


@given(random_sheets, tables, st.data(), st.booleans())
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


@given(random_sheets, tables, st.data(), st.booleans())
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


@given(random_sheets, tables)
def test_the_high_end_is_the_score_with_every_open_window_met(sheet: Sheet, table: Table) -> None:
    """What is open is not lost at the high end."""
    met = {"outcome": "pass", "actual": 1, "cases": ()}
    best = {name: [met if said["outcome"] in OPEN else said for said in windows] for name, windows in table.items()}
    result = scored(sheet, table)
    assume(result is not None)

    assert scored(sheet, best).high == result.high


@given(random_sheets, tables)
def test_the_low_end_is_the_score_with_every_open_window_failed(sheet: Sheet, table: Table) -> None:
    """What is open is lost in full at the low end; where a loss has no end of its own, up to the cap."""
    worst = {
        name: [NOTHING if said["outcome"] in OPEN else said for said in windows] for name, windows in table.items()
    }
    result = scored(sheet, table)
    assume(result is not None)
    floor = scored(sheet, worst).low

    assert result.low <= floor
    if not any(_endless(line) for leaf in sheet.leaves() for line in leaf.lines):
        assert floor == result.low


def _endless(line: Line) -> bool:
    """Whether the most a line can cost is not told by the number of its windows."""
    return isinstance(line.loss, Shortfall) or (isinstance(line.loss, Each) and bool(line.loss.distinct))


@given(random_sheets, tables, st.sampled_from(RULES), st.integers(1, 4))
def test_a_rule_that_applies_nowhere_changes_nothing(sheet: Sheet, table: Table, name: str, windows: int) -> None:
    """The score is the same as if the rule were not there, and so is every deficiency."""
    silent = table | {name: [{"outcome": "not_applicable", "actual": None, "cases": ()}] * windows}
    without = {rule: said for rule, said in table.items() if rule != name}
    with_it, without_it = scored(sheet, silent), scored(sheet, without)
    assume(with_it is not None or without_it is not None)

    assert (without_it.low, without_it.high, without_it.max) == (with_it.low, with_it.high, with_it.max)
    assert without_it.grade == with_it.grade
    assert found(sheet, outcomes(without)) == found(sheet, outcomes(silent))


@given(random_sheets, tables, st.data())
def test_the_order_of_rules_windows_and_lines_is_irrelevant(sheet: Sheet, table: Table, data: st.DataObject) -> None:
    """The same verdicts in any order, under the same lines in any order, cost the same."""
    mixed = [
        RuleOutcome(o.rule, tuple(data.draw(st.permutations(o.windows))))
        for o in data.draw(st.permutations(outcomes(table)))
    ]
    turned = Sheet.model_validate(_turned(sheet.model_dump(by_alias=True, exclude_none=True)))
    result, again = scored(sheet, table), score(turned, mixed)
    assume(result is not None)

    assert (result.low, result.high) == (again.low, again.high)
    assert result.completeness == again.completeness


def _turned(sheet: Data) -> Data:
    """The sheet with the lines of each indicator, and the rules of each line, backwards."""
    for leaf in sheet["indicators"][0]["indicators"]:
        leaf["lines"] = [line | {"rules": line["rules"][::-1]} for line in leaf["lines"][::-1]]
    return sheet


@given(random_sheets, tables)
def test_deductions_add_up_exactly_to_the_certain_loss(sheet: Sheet, table: Table) -> None:
    """The shares of the deficiencies are what the sheet takes away for certain, no more and no less."""
    result = scored(sheet, table)
    assume(result is not None)

    assert result.max - result.high == sum(d.deduction for d in found(sheet, outcomes(table)))


@given(random_sheets, tables)
def test_a_deduction_is_never_less_than_nothing(sheet: Sheet, table: Table) -> None:
    """No deficiency pays back what another cost."""
    assert all(deficiency.deduction >= 0 for deficiency in found(sheet, outcomes(table)))


@given(random_sheets, tables, st.booleans())
def test_caps_are_never_exceeded(sheet: Sheet, table: Table, with_superior: bool) -> None:
    """An indicator loses at most its points and its cap (or the price of nothing held), a line at most its own."""
    result = scored(sheet, table, with_superior=with_superior)
    assume(result is not None)
    for leaf, item in zip(_scored_leaves(sheet), result.items, strict=True):
        most = leaf.cap if leaf.cap is not None else leaf.points
        if leaf.not_held is not None:
            most = max(most, leaf.not_held.points)

        assert leaf.points - item.low <= min(leaf.points, most)


@given(random_sheets, tables)
def test_the_deficiencies_of_a_line_cost_no_more_than_its_cap(sheet: Sheet, table: Table) -> None:
    """However many windows failed, a line's own cap holds for all of them together."""
    costs = found(sheet, outcomes(table))
    for leaf in _scored_leaves(sheet):
        for line in leaf.lines if leaf.not_held is None else []:
            if line.cap is not None:
                assert sum(d.deduction for d in costs if d.rule.id in line.rules) <= line.cap


def _scored_leaves(sheet: Sheet) -> list[Indicator]:
    return [leaf for leaf in sheet.leaves() if not leaf.bonus]


@given(random_sheets, tables, st.data())
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
def test_nothing_to_judge_gives_no_score(sheet: Sheet, said: list[str]) -> None:
    """With nothing but what does not apply or is not yet due there is no score, neither 0 nor full."""
    table = {name: [{"outcome": word, "actual": None, "cases": ()}] for name, word in zip(RULES, said, strict=True)}

    assert scored(sheet, table) is None


# What assessors add


@st.composite
def opinions(draw: st.DrawFn) -> list[Data]:
    """What assessors wrote: prices for rules or single windows, some out of bounds, and awards."""
    price = st.sampled_from([0, 0, "1/3", 0.5, 1, "4/3", 2, 3, 5])
    written = []
    for _ in range(draw(st.integers(1, 5))):
        opinion: Data = {"rule": draw(st.sampled_from(RULES)), "by": "周七", "on": "2024-12-20"}
        opinion |= {"award" if draw(st.integers(0, 5)) == 0 else "deduct": draw(price)}
        window = draw(st.sampled_from([None, None, "2024-01", "2024-02"]))
        written.append(opinion | ({"window": window} if window else {}))
    return written


def assessed(sheet: Sheet, table: Table, written: list[Data]) -> tuple[list[RuleOutcome], list[Misfit]]:
    """The verdicts with what assessors wrote laid over them."""
    return apply(outcomes(table), facts(written), sheet)


@given(random_sheets, tables, opinions())
def test_an_assessor_decides_inside_the_interval(sheet: Sheet, table: Table, written: list[Data]) -> None:
    """Each opinion that stands leaves the score in the interval that was there before it."""
    results = [score(sheet, assessed(sheet, table, written[:n])[0]) for n in range(len(written) + 1)]
    assume(results[0] is not None)

    assert all(inside(after, before) for before, after in pairwise(results))


@given(random_sheets, tables, opinions())
def test_deductions_add_up_when_an_assessor_set_the_price(sheet: Sheet, table: Table, written: list[Data]) -> None:
    """A price set by a person is shared among its deficiencies just as the formula's is."""
    judged, _ = assessed(sheet, table, written)
    result = score(sheet, judged)
    assume(result is not None)

    assert result.max - result.high == sum(d.deduction for d in found(sheet, judged))


@given(random_sheets, tables, opinions(), st.data())
def test_the_order_of_opinions_is_irrelevant(
    sheet: Sheet, table: Table, written: list[Data], data: st.DataObject
) -> None:
    """Assessors may write in any order."""
    result = score(sheet, assessed(sheet, table, written)[0])
    again = score(sheet, assessed(sheet, table, data.draw(st.permutations(written)))[0])
    assume(result is not None)

    assert (result.low, result.high) == (again.low, again.high)


@given(random_sheets, tables, opinions())
def test_a_bonus_is_kept_apart_and_capped(sheet: Sheet, table: Table, written: list[Data]) -> None:
    """Awards move the bonus within its points and nothing else; each award narrows what is still possible."""
    awards = [opinion for opinion in written if "award" in opinion]
    before, after = scored(sheet, table), score(sheet, assessed(sheet, table, awards)[0])
    assume(before is not None)

    assert (before.low, before.high, before.max) == (after.low, after.high, after.max)
    assert 0 <= before.bonus.low <= after.bonus.low <= after.bonus.high <= before.bonus.high <= sheet.bonus
