"""Worked cases 18-23 on the rules of GB, QHU and XH: the day of 主题党日. VOC's and the mechanism are tested in
``test_worked_cases_fixed_day``.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, outcomes
from dangjian_check.rulebook.standard import Standard


@pytest.mark.parametrize(
    ("activity", "day"),
    [
        ("{date: 2024-06-05, type: 主题党日}", "pass"),
        ("{date: 2024-06-12, type: 主题党日, shift: {planned: 2024-06-05, reason: 抗洪}}", "pass"),
        ("{date: 2024-06-03, type: 主题党日, shift: {planned: 2024-06-05, reason: 抗洪}}", "pass"),
        ("{date: 2024-06-12, type: 主题党日}", "fail"),
        ("{date: 2024-06-04, type: 主题党日}", "fail"),
    ],
)
def test_case_18_shift_without_a_reason_costs_the_day_and_not_the_month(rule: Find, activity: str, day: str) -> None:
    """In a village the month is served on any of its days; off the 5th the day wants a reason, and is only 原则上."""
    record = f"{{type: 村, log: [{activity}]}}"
    expected = {"2024-06": day}
    assert expected == outcomes(rule("GB-4.5.2-1"), record, "2024-06")
    expected = {"2024-06": "pass"}
    assert expected == outcomes(rule("GB-4.5.2-2"), record, "2024-06")
    expected = ("should", "must")
    assert expected == (rule("GB-4.5.2-1").strength, rule("GB-4.5.2-2").strength)


def test_case_18_day_moved_into_another_month_misses_its_own(rule: Find) -> None:
    """January's day held on 31 December leaves January missed: once, by the count of months."""
    record = """
      type: 村
      log:
        - {date: 2023-12-31, type: 主题党日, shift: {planned: 2024-01-05, reason: 元旦}}
        - {date: 2024-02-05, type: 主题党日}
    """
    expected = {"2024-01": "fail", "2024-02": "pass"}
    assert expected == outcomes(rule("GB-4.5.2-2"), record, "2024-01..2024-02")
    expected = {"2024-01": "not_applicable", "2024-02": "pass"}
    assert expected == outcomes(rule("GB-4.5.2-1"), record, "2024-01..2024-02")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("2025-01-05", "pass"),
        ("2025-01-08", "pass"),
        ("2024-10-09", "pass"),
        ("2025-10-05", "pass"),
        ("2025-03-06", "fail"),
        ("2019-05-06", "fail"),
    ],
)
def test_case_19_rest_day_is_reason_enough(rule: Find, held: str, expected: str) -> None:
    """Off a Sunday or the National Day holiday no reason is needed, staying on it is as good; 5 May 2019 was a worked
    Sunday and no rest day."""
    record = f"{{type: 村, log: [{{date: {held}, type: 主题党日}}]}}"
    assert {held[:7]: expected} == outcomes(rule("GB-4.5.2-1"), record, held[:7])


def advisories(standard: Standard, record: str) -> list[str]:
    """Months in which some rule on the village's 5th says something of severity info."""
    found = assessed(standard, record, "2024-06").deficiencies
    return [d.window for d in found if d.rule.severity == "info" and "GB-4.5.2-1" in d.rule.clauses]


@pytest.mark.parametrize("held", ["2024-06-12", "2024-06-13", "2024-06-30"])
def test_case_20_same_month_is_the_only_hard_limit(rule: Find, held: str) -> None:
    """How far 适当 goes has no number: a shift with a reason inside the month is never a miss."""
    record = f"{{type: 村, log: [{{date: {held}, type: 主题党日, shift: {{planned: 2024-06-05, reason: 抗洪}}}}]}}"
    expected = {"2024-06": "pass"}
    assert expected == outcomes(rule("GB-4.5.2-1"), record, "2024-06")
    assert expected == outcomes(rule("GB-4.5.2-2"), record, "2024-06")


@pytest.mark.parametrize(("held", "expected"), [("2024-06-12", []), ("2024-06-13", ["2024-06"])])
def test_case_20_beyond_seven_days_there_is_an_advisory(gaibei: Standard, held: str, expected: list[str]) -> None:
    """A shift of more than seven days is pointed out, as a hint of severity info."""
    record = f"{{type: 村, log: [{{date: {held}, type: 主题党日, shift: {{planned: 2024-06-05, reason: 抗洪}}}}]}}"
    assert expected == advisories(gaibei, record)


@pytest.mark.parametrize("branch_type", ["机关", "事业单位"])
@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        ('{date: 2024-06-03, start: "18:00", type: 主题党日}', "pass"),
        ('{date: 2024-06-03, start: "17:59", type: 主题党日}', "fail"),
        ("{date: 2024-06-03, type: 主题党日}", "unknown"),
        ("{date: 2024-06-01, type: 主题党日}", "pass"),
        ('{date: 2024-06-04, start: "19:00", type: 主题党日}', "fail"),
    ],
)
def test_case_21_monday_evening_or_saturday(rule: Find, branch_type: str, activity: str, expected: str) -> None:
    """In an agency a Monday wants an hour of 18:00 or later and without one cannot be told; Saturday needs none."""
    record = f"{{type: {branch_type}, log: [{activity}]}}"
    assert {"2024-06": expected} == outcomes(rule("GB-4.5.2-3"), record, "2024-06")


def test_case_21_another_weekday_is_advised_upon_only(gaibei: Standard) -> None:
    """一般: an agency's theme day on a Tuesday is a hint of severity info, and nothing beyond."""
    record = "{type: 机关, log: [{date: 2024-06-04, type: 主题党日, topic: 党史, attendance: {present: 9, absent: 0}}]}"
    found = [d for d in assessed(gaibei, record, "2024-06").deficiencies if d.rule.citation.article == "四（五）2"]
    expected = [("GB-4.5.2-3", "should", "info")]
    assert expected == [(d.rule.id, d.rule.strength, d.rule.severity) for d in found]


def test_case_22_no_announced_day_is_one_finding(xuhui: Standard) -> None:
    """Under XH a branch that never said which day has one finding, not twelve."""
    record = "{log: [{every: month, from: 2024-01, to: 2024-12, day: 15, type: 主题党日}]}"
    found = [d.window for d in assessed(xuhui, record).deficiencies if d.rule.id == "XH-9-2"]
    expected = ["state"]
    assert expected == found


@pytest.mark.parametrize(
    ("announced", "on_day", "off_day"),
    [("{day: 15}", "2024-03-15", "2024-03-16"), ("{weekday: 周五, nth: 1}", "2024-03-01", "2024-03-08")],
)
def test_case_22_judged_by_the_announced_rule(rule: Find, announced: str, on_day: str, off_day: str) -> None:
    """XH judges by the branch's own rule, a day of the month or the n-th weekday, and takes a recorded shift."""
    for held, expected in ((on_day, "pass"), (off_day, "fail")):
        record = f"{{theme_day: {announced}, log: [{{date: {held}, type: 主题党日}}]}}"
        assert {"2024-03": expected} == outcomes(rule("XH-9-2"), record, "2024-03")
    shifted = f"{{date: {off_day}, type: 主题党日, shift: {{planned: {on_day}, reason: 校庆}}}}"
    expected = {"2024-03": "pass"}
    assert expected == outcomes(rule("XH-9-2"), f"{{theme_day: {announced}, log: [{shifted}]}}", "2024-03")


@pytest.mark.parametrize(("held", "day"), [("2024-06-08", "pass"), ("2024-06-22", "pass"), ("2024-06-23", "fail")])
def test_case_23_relative_day_is_silent_within_the_tolerance(rule: Find, held: str, day: str) -> None:
    """QHU's 相对固定 says nothing within seven days and only warns beyond; the same day fails XH's fixed one."""
    record = f"{{theme_day: {{day: 15}}, log: [{{date: {held}, type: 主题党日}}]}}"
    assert {"2024-06": day} == outcomes(rule("QHU-3.5-6"), record, "2024-06")
    expected = ("should", "info")
    assert expected == (rule("QHU-3.5-6").strength, rule("QHU-3.5-6").severity)
    expected = {"2024-06": "pass"}
    assert expected == outcomes(rule("QHU-3.5-5"), record, "2024-06")
    expected = {"2024-06": "fail"}
    assert expected == outcomes(rule("XH-9-2"), record, "2024-06")


def test_case_23_zju_is_not_failed_by_the_month(zju: Standard) -> None:
    """ZJU promotes the theme day without a number: one in a year is no deficiency of a branch."""
    record = "{theme_day: {day: 15}, log: [{date: 2024-10-10, type: 主题党日}]}"
    found = assessed(zju, record).deficiencies
    assert not [d.rule.id for d in found if "主题党日" in d.rule.title]
