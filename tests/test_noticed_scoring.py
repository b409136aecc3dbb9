"""Points and grades on sheets of one or two lines: the point itself, the lowest band, the lowest ceiling."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from builders import rule_from
from dangjian_check.checks.base import Verdict
from dangjian_check.engine.assessment import Grade, Score
from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import Price, RuleOutcome, WindowOutcome, Windows
from dangjian_check.engine.scoring import score
from dangjian_check.model.calendar import Window
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.sheet import Sheet

YEAR = Window(date(2024, 1, 1), date(2024, 12, 31), "2024")
CHECK = {"kind": "frequency", "select": {"type": "党课"}, "per": "year", "min": 1}
BANDS = [{"name": "优秀", "min": 9}, {"name": "合格", "min": 5}]


def found(name: str, *outcomes: Outcome, counted: bool = True) -> RuleOutcome:
    """A rule whose windows came to these outcomes."""
    return of_windows(name, *map(window, outcomes), counted=counted)


def of_windows(name: str, *windows: WindowOutcome, counted: bool = True) -> RuleOutcome:
    """A rule with these windows."""
    return RuleOutcome(rule_from({"id": name, "check": CHECK}), Windows(windows) if counted else windows)


def window(outcome: Outcome, actual: int | None = None, *, excused: bool = False) -> WindowOutcome:
    """A window in which so much was found."""
    return WindowOutcome(YEAR, None, Verdict(outcome, "", actual=actual), excused=excused)


def sheet(**more: Any) -> Sheet:
    """Ten points, of which each failure of either rule takes one."""
    line = {"title": "次数", "rules": ["T-1", "T-2"], "loss": {"kind": "each", "points": 1}}
    return Sheet.model_validate(
        {
            "title": "表",
            "indicators": [{"id": "a", "title": "甲", "points": 10, "lines": [line]}],
        }
        | more
    )


def scored(table: Sheet, *outcomes: RuleOutcome, losses: Losses | None = None, **more: Any) -> Score:
    """The score of these outcomes."""
    told = score(losses or Losses(table), outcomes, **more)
    assert told is not None
    return told


@pytest.mark.parametrize(
    ("failures", "expected"), [(0, "优秀"), (1, "优秀"), (2, "合格"), (5, "合格"), (6, "合格"), (10, "合格")]
)
def test_band_begins_at_its_own_points_and_the_lowest_has_no_floor(failures: int, expected: str) -> None:
    """Nine points are 优秀; whoever has fewer than the lowest band asks for is in the lowest."""
    told = scored(sheet(grades=BANDS), found("T-1", Outcome.PASS, *[Outcome.FAIL] * failures))
    assert Grade(expected, expected) == told.grade


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Outcome.PASS, Outcome.PASS, Grade("优秀", "优秀")),
        (Outcome.FAIL, Outcome.PASS, Grade("合格", "合格")),
        (Outcome.PASS, Outcome.FAIL, Grade("不合格", "不合格")),
        (Outcome.FAIL, Outcome.FAIL, Grade("不合格", "不合格")),
        (Outcome.PASS, Outcome.UNKNOWN, Grade("不合格", "优秀")),
    ],
)
def test_of_several_vetoes_the_lowest_ceiling_holds(first: Outcome, second: Outcome, expected: Grade) -> None:
    """Whatever the points; one that is open may still come to it."""
    grades = [{"name": "不合格", "min": 0}, {"name": "合格", "min": 1}, {"name": "优秀", "min": 2}]
    veto = [{"rules": ["T-2"], "max_grade": "不合格"}, {"rules": ["T-1"], "max_grade": "合格"}]
    assert expected == scored(sheet(grades=grades, veto=veto), found("T-1", first), found("T-2", second)).grade


def test_what_does_not_apply_keeps_its_points_and_is_wholly_examined() -> None:
    """Beside something that was judged."""
    line = {"title": "次数", "rules": ["T-1"], "loss": {"kind": "each", "points": 1}}
    both = [
        {"id": name, "title": name, "points": 5, "lines": [line | {"rules": [rule]}]}
        for name, rule in (("a", "T-1"), ("b", "T-2"))
    ]
    told = scored(sheet(indicators=both), found("T-1", Outcome.NOT_APPLICABLE), found("T-2", Outcome.FAIL))
    assert [(5, 5, 1), (4, 4, 1)] == [(item.low, item.high, item.completeness) for item in told.items]
    assert (9, 9, 1) == (told.low, told.high, told.completeness)


def test_bonus_bears_the_name_of_the_first_that_may_be_earned() -> None:
    """And is told from the rest."""
    extra = [{"id": name, "title": f"加分{name}", "points": 2, "bonus": True, "rules": ["T-2"]} for name in "xy"]
    plain = sheet().model_dump(by_alias=True)["indicators"]
    told = scored(sheet(indicators=[*plain, *extra]), found("T-1", Outcome.PASS), found("T-2", Outcome.MANUAL)).bonus
    assert told is not None
    assert ("x", "加分x", True, Fraction(4)) == (told.id, told.title, told.bonus, told.points)


def test_records_that_are_not_only_counted_are_reckoned_each_by_itself() -> None:
    """However many share what is known of the sheet."""
    table = sheet()
    shared = Losses(table)
    lows = [
        scored(table, found("T-1", *[Outcome.FAIL] * count, counted=False), losses=shared).low for count in (1, 2, 3)
    ]
    assert [9, 8, 7] == lows


def test_failure_that_is_excused_vetoes_nothing() -> None:
    """Beside one that is not it changes nothing."""
    table = sheet(grades=BANDS, veto=[{"rules": ["T-1"], "max_grade": "合格"}])
    excused, lost = (WindowOutcome(YEAR, None, Verdict(Outcome.FAIL, ""), excused=flag) for flag in (True, False))
    rule = rule_from({"id": "T-1", "check": CHECK})
    grades = [scored(table, RuleOutcome(rule, Windows(windows))).grade for windows in ([excused], [excused, lost])]
    assert [Grade("优秀", "优秀"), Grade("合格", "合格")] == grades


def test_nothing_is_scored_where_only_the_other_sides_duties_were_judged() -> None:
    """A branch by the duties of its superior, or a superior by those of branches."""
    judged = found("T-1", Outcome.PASS)
    above = RuleOutcome(rule_from({"id": "T-1", "check": CHECK, "actor": "superior"}), judged.windows)
    scores = [score(Losses(sheet()), [one], of_organization=side) for one in (judged, above) for side in (False, True)]
    assert [True, False, False, True] == [told is not None for told in scores]


@pytest.mark.parametrize(
    ("windows", "kept"),
    [
        ([window(Outcome.FAIL), window(Outcome.FAIL)], 4),
        ([window(Outcome.FAIL), window(Outcome.NOT_APPLICABLE)], 4),
        ([window(Outcome.FAIL), window(Outcome.PENDING)], 4),
        ([window(Outcome.FAIL), window(Outcome.FAIL, 1)], 8),
        ([window(Outcome.FAIL), window(Outcome.FAIL, 1, excused=True)], 9),
        ([window(Outcome.FAIL), window(Outcome.FAIL, excused=True)], 4),
    ],
)
def test_nothing_held_is_priced_as_such_unless_something_was_held(windows: list[WindowOutcome], kept: int) -> None:
    """What does not apply, or is not yet due, is nothing held either way; what was held is not forgotten for being
    excused."""
    line = {"title": "次数", "rules": ["T-1"], "loss": {"kind": "each", "points": 1}}
    leaf = {"id": "a", "title": "甲", "points": 10, "lines": [line], "not_held": {"rules": ["T-1"], "points": 6}}
    told = scored(sheet(indicators=[leaf]), of_windows("T-1", *windows))
    assert (kept, kept) == (told.low, told.high)


@pytest.mark.parametrize(("price", "each", "expected"), [(6, 1, 6), (2, 3, 9)])
def test_what_is_lost_before_the_cap_is_the_dearer_of_the_two_prices(price: int, each: int, expected: int) -> None:
    """Three failed windows by the line, or nothing held."""
    line = {"title": "次数", "rules": ["T-1"], "loss": {"kind": "each", "points": each}}
    held = {"rules": ["T-1"], "points": price}
    leaf = {"id": "a", "title": "甲", "points": 8, "lines": [line], "not_held": held}
    told = scored(sheet(indicators=[leaf]), of_windows("T-1", *[window(Outcome.FAIL)] * 3))
    assert [expected] == [item.lost_uncapped for item in told.items]


def test_part_that_may_be_lost_is_that_of_the_windows_that_may_fail() -> None:
    """One of four failed and one is open: a quarter for certain, a half at most."""
    line = {"title": "比例", "rules": ["T-1"], "loss": {"kind": "proportion", "points": 4}}
    four = found("T-1", Outcome.PASS, Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN)
    told = scored(sheet(indicators=[{"id": "a", "title": "甲", "points": 10, "lines": [line]}]), four)
    assert (8, 9) == (told.low, told.high)


@pytest.mark.parametrize(("price", "windows", "lost"), [(12, 2, 12), (20, 2, 16), (12, 1, 8)])
def test_price_for_several_windows_is_at_most_what_they_can_all_cost(price: int, windows: int, lost: int) -> None:
    """Eight tenths lacking cost eight points in each of them."""
    size = {"kind": "shortfall", "points": 1, "per": "1/10", "below": "8/10"}
    leaf = {"id": "a", "title": "甲", "points": 30, "lines": [{"title": "到会率", "rules": ["T-1"], "loss": size}]}
    opinion = Price(Fraction(price), ("assessments", 0))
    priced = [WindowOutcome(YEAR, None, Verdict(Outcome.FAIL, ""), opinion)] * windows
    assert 30 - lost == scored(sheet(indicators=[leaf]), of_windows("T-1", *priced)).low
