"""Whether one demand implies another, pair by pair: the next greater number, the other window, the condition more."""

from __future__ import annotations

from datetime import date

import pytest

from builders import rule_from, yaml
from dangjian_check.checks.base import Check
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.implication import implies, whole_range

DAY = date(2024, 12, 31)


def check(kind: str, text: str) -> Check:
    """A check of a kind with its parameters, put to every payment if it asks of one."""
    each = {"for_each": {"in": "entries", "select": {"in": "dues"}}} if "dues." in text else {}
    return rule_from(each | {"check": {"kind": kind} | yaml(f"{{{text}}}")}).check


def told(kind: str, first: str, second: str, other: str | None = None) -> bool:
    """Whether a check with the first parameters implies one (of another kind) with the second."""
    return implies(check(kind, first), check(other or kind, second), DAY)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("min: 2", (2, None)),
        ("min: 3/2", (2, None)),
        ("over: 2", (3, None)),
        ("over: 3/2", (2, None)),
        ("min: 2, over: 2", (3, None)),
        ("min: 0", (0, None)),
        ("max: 2", (0, 2)),
        ("max: 5/2", (0, 2)),
        ("under: 2", (0, 1)),
        ("under: 5/2", (0, 2)),
        ("max: 1, under: 3", (0, 1)),
        ("max: 3, under: 3", (0, 2)),
        ("min: 1, under: 3", (1, 2)),
    ],
)
def test_limits_on_whole_things_are_the_least_and_the_greatest_that_keep_them(
    written: str, expected: tuple[int, int | None]
) -> None:
    """以上 and 不超过 include the number, 超过 and 不足 do not; there are no fewer than none."""
    assert expected == whole_range(Bounds.model_validate(yaml(f"{{{written}}}")), DAY)


def test_limits_are_those_of_the_day_asked_about() -> None:
    """A number that changed over time is compared as it then stands."""
    dated = Bounds.model_validate(yaml("{min: {values: {2020-01-01: 2, 2025-01-01: 5}}}"))
    assert (2, None) == whole_range(dated, DAY)
    assert (5, None) == whole_range(dated, date(2025, 1, 1))


LECTURE = "select: {type: 党课}"
MONTHLY, QUARTERLY = f"{LECTURE}, per: month", f"{LECTURE}, per: quarter"


@pytest.mark.parametrize("unit", ["month", "quarter", "half", "semester", "year"])
def test_of_any_window_more_implies_less(unit: str) -> None:
    """Two in each are one in each; one in each are not two."""
    two, one = (f"{LECTURE}, per: {unit}, min: {least}" for least in (2, 1))
    assert (True, False) == (told("frequency", two, one), told("frequency", one, two))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("min: 2", "min: 2", True),
        ("min: 3", "min: 2", True),
        ("min: 2", "min: 3", False),
        ("max: 2", "max: 2", True),
        ("max: 1", "max: 2", True),
        ("max: 3", "max: 2", False),
        ("min: 1", "max: 2", False),
        ("min: 1, max: 2", "max: 2", True),
        ("min: 2, distinct: topic", "min: 2", True),
        ("min: 2", "min: 2, distinct: topic", False),
        ("min: 2, distinct: place", "min: 2, distinct: topic", False),
        ("min: 3, distinct: topic", "min: 2, distinct: topic", True),
        ("max: 2, distinct: topic", "max: 2", False),
        ("max: 2", "max: 2, distinct: topic", False),
        ("max: 1, distinct: topic", "max: 2, distinct: topic", True),
        ("min: 2, grace_months: 1", "min: 2", False),
        ("min: 2", "min: 2, grace_months: 1", False),
        ("min: 2, grace_months: 1", "min: 1, grace_months: 1", True),
        ("min: 2, sum: hours", "min: 2", False),
        ("min: 2, sum: hours", "min: 1, sum: hours", True),
        ("max: 2, sum: hours", "max: 3, sum: hours", True),
        ("max: 3, sum: hours", "max: 2, sum: hours", False),
        ("min: 2, sum: hours", "min: 1, max: 9, sum: hours", False),
    ],
)
def test_frequency_implies_one_of_the_same_window(first: str, second: str, expected: bool) -> None:
    """If it asks for as much of the same thing, counted the same way; different topics are as many entries at least."""
    assert expected is told("frequency", f"{MONTHLY}, {first}", f"{MONTHLY}, {second}")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("min: 1", "min: 3", True),
        ("min: 1", "min: 4", False),
        ("max: 1", "max: 9", False),
        ("min: 1, max: 1", "max: 3", False),
        ("min: 1, distinct: topic", "min: 1, distinct: topic", False),
        ("min: 1, distinct: topic", "min: 3", True),
        ("min: 1, grace_months: 1", "min: 1, grace_months: 1", False),
        ("min: 2, sum: hours", "min: 6, sum: hours", True),
        ("min: 2, sum: hours", "min: 7, sum: hours", False),
        ("over: 2, sum: hours", "over: 6, sum: hours", True),
        ("max: 2, sum: hours", "max: 9, sum: hours", False),
        ("under: 2, sum: hours", "under: 9, sum: hours", False),
    ],
)
def test_monthly_frequency_implies_a_quarterly_one(first: str, second: str, expected: bool) -> None:
    """Three months' least is a quarter's; an upper limit, different topics or a time of grace do not add up."""
    assert expected is told("frequency", f"{MONTHLY}, {first}", f"{QUARTERLY}, {second}")


def test_windows_that_do_not_fill_each_other_add_up_to_nothing() -> None:
    """Nothing of a quarter says that there is anything in a month; none at least there is in every month."""
    assert not told("frequency", f"{QUARTERLY}, min: 9, sum: hours", f"{MONTHLY}, min: 1, sum: hours")
    assert not told("frequency", f"{QUARTERLY}, min: 9", f"{MONTHLY}, min: 1")
    assert told("frequency", f"{QUARTERLY}, min: 9", f"{MONTHLY}, min: 0")


def test_demands_on_different_things_imply_nothing_of_each_other() -> None:
    """However many lectures there are, of meetings there may be none."""
    other = "select: {type: 党员大会}"
    assert not told("frequency", f"{MONTHLY}, min: 9", f"{other}, per: month, min: 1")
    assert not told("interval", f"{LECTURE}, months: 1", f"{other}, months: 9")
    assert not told("interval", f"{LECTURE}, months: 1", f"{other}, per: year, min: 1", "frequency")
    assert not told("frequency", f"{MONTHLY}, min: 9", f"{other}, months: 9", "interval")
    assert not told("frequency", f"{MONTHLY}, min: 9", "of: members, min: 1", "limit")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("months: 2", f"{QUARTERLY}, min: 1", True),
        ("months: 3", f"{QUARTERLY}, min: 1", False),
        ("months: 2", f"{QUARTERLY}, min: 0", True),
        ("months: 1", f"{QUARTERLY}, min: 2", False),
        ("months: 1", f"{QUARTERLY}, min: 1, max: 9", False),
        ("months: 1", f"{QUARTERLY}, min: 1, sum: hours", False),
        ("months: 1", f"{QUARTERLY}, min: 1, grace_months: 1", False),
    ],
)
def test_interval_shorter_than_the_window_leaves_none_empty(first: str, second: str, expected: bool) -> None:
    """Of three months it may just leave a quarter out; of two it says no more than once."""
    assert expected is told("interval", f"{LECTURE}, {first}", second, "frequency")


def test_interval_shorter_than_the_window_puts_something_into_each() -> None:
    """Something there in each quarter is the same demand as once a quarter, whichever way it is written."""
    there = "select: {type: 党课}, per: quarter"
    assert told("interval", f"{LECTURE}, months: 2", there, "presence")
    assert told("frequency", f"{QUARTERLY}, min: 1", there, "presence")
    assert told("presence", there, f"{QUARTERLY}, min: 1", "frequency")
    assert not told("presence", there, f"{QUARTERLY}, min: 2", "frequency")
    assert not told("frequency", f"{QUARTERLY}, max: 1", there, "presence")
    assert not told("presence", "select: {type: 党课}", f"{QUARTERLY}, min: 1", "frequency")
    assert not told("presence", "field: branch.founded", f"{QUARTERLY}, min: 1", "frequency")


@pytest.mark.parametrize(
    ("first", "months", "expected"),
    [
        ("min: 1", 6, True),
        ("min: 1", 5, False),
        ("max: 1", 12, False),
        ("min: 1, sum: hours", 12, False),
        ("min: 1, grace_months: 1", 12, False),
    ],
)
def test_once_a_window_bounds_the_time_between(first: str, months: int, expected: bool) -> None:
    """By twice the window; hours, or what may come later, do not."""
    assert expected is told("frequency", f"{QUARTERLY}, {first}", f"{LECTURE}, months: {months}", "interval")


@pytest.mark.parametrize(
    ("kind", "first", "second", "expected"),
    [
        ("interval", "select: {type: 党课}, months: 3", "select: {type: 党课}, months: 4", True),
        ("interval", "select: {type: 党课}, months: 3", "select: {type: 党课}, months: 2", False),
        ("limit", "of: members, min: 3", "of: members, over: 2", True),
        ("limit", "of: members, min: 3", "of: members, over: 3", False),
        ("limit", "of: members, max: 3", "of: members, under: 4", True),
        ("limit", "of: members, max: 3", "of: members, max: 2", False),
        ("limit", "of: members, min: 3", "of: members, max: 9", False),
        ("limit", "of: members, min: 3", "of: formal_members, min: 3", False),
        ("limit", "of: dues.paid, min: 2", "of: dues.paid, over: 3/2", True),
        ("limit", "of: dues.paid, min: 2", "of: dues.paid, min: 2, max: 9", False),
        ("limit", "of: dues.paid, min: 3/2", "of: dues.paid, over: 1, min: 3/2", True),
        ("share", "part: members, whole: members, min: 1/2", "part: members, whole: members, over: 1/3", True),
        ("share", "part: members, whole: members, min: 1/2", "part: members, whole: members, over: 1/2", False),
        ("share", "part: members, whole: members, min: 1/2", "part: members, whole: members, min: 1/3, max: 1", False),
        ("share", "part: members, whole: members, min: 1/2", "part: groups, whole: members, min: 1/2", False),
        ("term", "years: 3", "years: 3, notice_months: 6", True),
        ("term", "years: 3", "years: 4", True),
        ("term", "years: 4", "years: 3", False),
        ("term", "years: 3", "by_type: {村: 4}", True),
        ("term", "by_type: {村: 4}", "years: 5", False),
        ("term", "years: 3, by_type: {村: 5}", "years: 4", False),
        ("term", "years: 3, by_type: {村: 5}", "years: 4, by_type: {村: 5}", True),
        ("presence", "posts: [书记, 组织委员]", "posts: [书记]", True),
        ("presence", "posts: [书记, 组织委员]", "posts: [组织委员, 书记]", True),
        ("presence", "posts: [书记]", "posts: [书记, 组织委员]", False),
        ("presence", "posts: [书记]", "field: branch.founded", False),
        ("presence", "field: branch.founded", "posts: [书记]", False),
        ("presence", "field: branch.type, one_of: [村]", "field: branch.type", True),
        ("presence", "field: branch.type, one_of: [村]", "field: branch.type, one_of: [村, 教师]", True),
        ("presence", "field: branch.type, one_of: [村, 教师]", "field: branch.type, one_of: [村]", False),
        ("presence", "field: branch.type, one_of: [村, 教师]", "field: branch.type, one_of: [教师, 村]", True),
        ("presence", "field: branch.type", "field: branch.type, one_of: [村]", False),
        ("presence", "field: branch.type", "field: branch.name", False),
        (
            "presence",
            "field: branch.type, one_of: [村], otherwise: manual",
            "field: branch.type, one_of: [村]",
            False,
        ),
        ("presence", "select: {type: 党课}", "select: {type: 党员大会}", False),
        ("fixed_day", "select: {type: 主题党日}", "select: {type: 主题党日}, tolerance: 1", True),
        ("fixed_day", "select: {type: 主题党日}, tolerance: 1", "select: {type: 主题党日}", False),
        ("fixed_day", "select: {type: 主题党日}, shift: []", "select: {type: 主题党日}", True),
        ("fixed_day", "select: {type: 主题党日}, shift: [holiday]", "select: {type: 主题党日}", False),
        ("fixed_day", "select: {type: 主题党日}, day: 5", "select: {type: 主题党日}, tolerance: 1", False),
    ],
)
def test_demand_implies_a_milder_one_of_its_kind(kind: str, first: str, second: str, expected: bool) -> None:
    """And never one on another thing, or one that asks for more."""
    assert expected is told(kind, first, second)


STEPS = "steps: [{name: 一}, {name: 二}]"
MONTH_BETWEEN = "between: [{from: 一, to: 二, at_least: {months: 1}}]"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (f"{STEPS}, {MONTH_BETWEEN}", STEPS, True),
        (STEPS, f"{STEPS}, {MONTH_BETWEEN}", False),
        (STEPS, f"{STEPS}, order: false", True),
        (f"{STEPS}, order: false", STEPS, False),
        (f"{STEPS}, order: false, {MONTH_BETWEEN}", f"{STEPS}, order: false", True),
        (STEPS, f"{STEPS}, may_run: true", False),
        (STEPS, "steps: [{name: 一}]", False),
    ],
)
def test_procedure_implies_the_same_steps_with_fewer_conditions(first: str, second: str, expected: bool) -> None:
    """Steps in order are steps; times between them may be left out, not added."""
    assert expected is told("procedure", first, second)


@pytest.mark.parametrize("share", ["banded_by: members, bands: [{min: 1/2}]"])
def test_bands_are_not_told_to_imply_anything_else(share: str) -> None:
    """What cannot be told is no."""
    quantities = "part: members, whole: members"
    assert not told("share", f"{quantities}, {share}", f"{quantities}, min: 1/2")
    assert not told("share", f"{quantities}, min: 1/2", f"{quantities}, {share}")


@pytest.mark.parametrize(
    ("have", "need"),
    [
        ("min: 2", "min: 2"), ("over: 2", "min: 2"), ("over: 2", "over: 2"), ("min: 2", "over: 3/2"),
        ("max: 2", "max: 2"), ("under: 2", "max: 2"), ("under: 2", "under: 2"), ("max: 3/2", "under: 2"),
    ],
)  # fmt: skip
def test_exact_limit_guarantees_itself_and_what_it_excludes(have: str, need: str) -> None:
    """Of ratios and money, which are no whole numbers; what else is asked for is no hindrance."""
    more = "max: 9" if have[:3] in ("min", "ove") else "min: 1"
    assert told("limit", f"of: dues.paid, {have}, {more}", f"of: dues.paid, {need}")


@pytest.mark.parametrize(
    ("have", "need"),
    [
        ("min: 2", "over: 2"), ("over: 3/2", "min: 2"), ("over: 3/2", "over: 2"), ("min: 3/2", "min: 2"),
        ("max: 2", "under: 2"), ("under: 5/2", "max: 2"), ("under: 5/2", "under: 2"), ("max: 5/2", "max: 2"),
        ("max: 2", "min: 2"), ("max: 2", "over: 1"), ("min: 2", "max: 2"), ("min: 1", "under: 2"),
    ],
)  # fmt: skip
def test_exact_limit_guarantees_no_more(have: str, need: str) -> None:
    """Not the number itself where it may just be kept, and nothing on the other side."""
    assert not told("limit", f"of: dues.paid, {have}", f"of: dues.paid, {need}")


WHOLE = {
    "month": {"month": 1, "quarter": 3, "half": 6, "semester": 6, "year": 12},
    "quarter": {"quarter": 1, "half": 2, "semester": 1, "year": 4},
    "half": {"half": 1, "year": 2},
    "semester": {"semester": 1, "year": 1},
    "year": {"year": 1},
}


@pytest.mark.parametrize("per", WHOLE)
@pytest.mark.parametrize("other", WHOLE)
def test_so_many_whole_windows_lie_in_every_window_of_another_kind(per: str, other: str) -> None:
    """A school year begins within a half; the months and quarters of a semester are whole."""
    count = WHOLE[per].get(other, 0)
    least = [
        told("frequency", f"{LECTURE}, per: {per}, min: 1", f"{LECTURE}, per: {other}, min: {n}") for n in range(14)
    ]
    assert [n <= count for n in range(14)] == least
