"""Worked cases 18-23: the fixed day of 主题党日.

18-21 (GB: the 5th of the month, Monday evening or Saturday) and 23 (QHU, 相对固定) are tested here on small rules of
kind ``fixed_day``, 23 also on the national 相对固定; on the documents' own rules in ``test_documents_cases_days``.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from builders import Find, assessed, item, messages, months, outcomes, rule_of
from dangjian_check.rulebook.standard import Standard

ON_THE_FIFTH = rule_of("check: {kind: fixed_day, select: {type: 主题党日}, day: 5, shift: [reason, holiday]}")
MONDAY_OR_SATURDAY = rule_of(
    """
    strength: should
    severity: info
    check:
      kind: fixed_day
      select: {type: 主题党日}
      slots: [{weekday: 周一, after: "18:00"}, {weekday: 周六}]
    """
)
EACH_MONTH = rule_of("check: {kind: frequency, select: {type: 主题党日}, per: month, min: 1}")


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
def test_case_18_shift_with_a_reason_keeps_the_fixed_day(activity: str, day: str) -> None:
    """Off the 5th, earlier or later, a written reason is accepted; without one the day is missed, the month is not."""
    record = f"log: [{activity}]"
    expected = {"2024-06": day}
    assert expected == outcomes(ON_THE_FIFTH, record, "2024-06")
    expected = {"2024-06": "pass"}
    assert expected == outcomes(EACH_MONTH, record, "2024-06")


@pytest.mark.parametrize("shift", ["", ", shift: {planned: 2024-01-05, reason: 元旦}"])
def test_case_18_day_moved_into_another_month_misses_its_own(shift: str) -> None:
    """January's day held on 31 December leaves January missed, whatever reason is written."""
    record = f"log: [{{date: 2023-12-31, type: 主题党日{shift}}}, {{date: 2024-02-05, type: 主题党日}}]"
    expected = {"2024-01": "fail", "2024-02": "pass"}
    assert expected == outcomes(EACH_MONTH, record, "2024-01..2024-02")
    expected = {"2024-01": "not_applicable", "2024-02": "pass"}
    assert expected == outcomes(ON_THE_FIFTH, record, "2024-01..2024-02")


def test_case_18_missing_month_is_counted_once_as_missing(rule: Find) -> None:
    """A month without any theme day is a missed month and no off-day besides."""
    record = """
      theme_day: {day: 5}
      log: [{every: month, from: 2024-01, to: 2024-12, except: 2024-06, day: 5, type: 主题党日}]
    """
    expected = months(2024, "pass", m06="fail")
    assert expected == outcomes(rule("VOC-4.4.1-1"), record)
    expected = months(2024, "pass", m06="not_applicable")
    assert expected == outcomes(rule("VOC-4.4.1-2"), record)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("2025-01-05", "pass"),
        ("2025-01-08", "pass"),
        ("2025-10-09", "pass"),
        ("2025-10-05", "pass"),
        ("2025-03-06", "fail"),
        ("2019-05-06", "fail"),
        ("1999-05-06", "unknown"),
    ],
)
def test_case_19_rest_day_is_reason_enough(held: str, expected: str) -> None:
    """Off a Sunday or a holiday no reason need be written, staying on it is as good; a worked Sunday is no rest day,
    and the holidays of an unknown year are not guessed."""
    assert {held[:7]: expected} == outcomes(ON_THE_FIFTH, f"log: [{{date: {held}, type: 主题党日}}]", held[:7])


@pytest.mark.parametrize("held", ["2024-06-30", "2024-06-13"])
def test_case_20_same_month_is_the_only_hard_limit_of_a_shift(held: str) -> None:
    """No number says how far a shift may go: with a reason, any day of the same month will do."""
    record = f"log: [{{date: {held}, type: 主题党日, shift: {{planned: 2024-06-05, reason: 抗洪}}}}]"
    expected = {"2024-06": "pass"}
    assert expected == outcomes(ON_THE_FIFTH, record, "2024-06")


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
def test_case_21_monday_evening_or_saturday(activity: str, expected: str) -> None:
    """Monday needs an hour of 18:00 or later and without one cannot be told; another weekday is only advised upon."""
    assert {"2024-06": expected} == outcomes(MONDAY_OR_SATURDAY, f"log: [{activity}]", "2024-06")


def test_case_22_no_announced_day_is_one_finding(rule: Find, voc: Standard) -> None:
    """Without an announced day twelve theme days give one finding, not twelve, and one 项 is lost."""
    record = "{log: [{every: month, from: 2024-01, to: 2024-12, type: 主题党日}]}"
    expected = {"state": "fail"}
    assert expected == outcomes(rule("VOC-4.4.1-2"), record)
    expected = "没有约定每月哪一天是主题党日，无法认定“固定”"
    assert expected == messages(rule("VOC-4.4.1-2"), record)["state"]
    found = [d for d in assessed(voc, record).deficiencies if d.rule.id == "VOC-4.4.1-2"]
    assert [Fraction(1)] == [d.deduction for d in found]


@pytest.mark.parametrize(
    ("announced", "on_day", "off_day"),
    [
        ("{day: 15}", "2024-06-15", "2024-06-14"),
        ("{weekday: 周五, nth: 1}", "2024-06-07", "2024-06-14"),
        ("{weekday: 周五}", "2024-06-14", "2024-06-15"),
        ("{day: 31}", "2024-06-30", "2024-06-29"),
    ],
)
def test_case_22_judged_by_the_announced_rule(rule: Find, announced: str, on_day: str, off_day: str) -> None:
    """The day is judged by the branch's own rule: a day of the month, an nth weekday, a weekday, the month's end."""
    for held, outcome in ((on_day, "pass"), (off_day, "fail")):
        record = f"{{theme_day: {announced}, log: [{{date: {held}, type: 主题党日}}]}}"
        assert {"2024-06": outcome} == outcomes(rule("VOC-4.4.1-2"), record, "2024-06")


@pytest.mark.parametrize(("off", "lost"), [(1, "0.5"), (4, "0.5"), (5, "1"), (12, "1")])
def test_case_22_off_days_are_listed_by_month_and_one_item_together(voc: Standard, off: int, lost: str) -> None:
    """Each off-day month is its own deficiency, but all of them together are one 项 of the table."""
    days = [f"2024-{n:02d}-{16 if n <= off else 15}" for n in range(1, 13)]
    record = f"{{theme_day: {{day: 15}}, log: [{', '.join(f'{{date: {day}, type: 主题党日}}' for day in days)}]}}"
    assessment = assessed(voc, record)
    found = [d for d in assessment.deficiencies if d.rule.id == "VOC-4.4.1-2"]
    assert [f"2024-{n:02d}" for n in range(1, off + 1)] == [d.window for d in found]
    assert Fraction(lost) == sum(d.deduction for d in found)
    assert (5 - Fraction(lost), 5 - Fraction(lost)) == (item(assessment, "4.4").low, item(assessment, "4.4").high)


def test_case_22_new_rule_counts_from_its_day_on(rule: Find) -> None:
    """A rule changed for the time to come is judged from then on; the old one stands for the months before."""
    record = """
      theme_day: [{day: 15}, {day: 10, from: 2024-07-01}]
      log:
        - {every: month, from: 2024-05, to: 2024-06, day: 15, type: 主题党日}
        - {date: 2024-07-10, type: 主题党日}
        - {date: 2024-08-15, type: 主题党日}
    """
    expected = {"2024-05": "pass", "2024-06": "pass", "2024-07": "pass", "2024-08": "fail"}
    assert expected == outcomes(rule("VOC-4.4.1-2"), record, "2024-05..2024-08")


def test_case_22_rule_announced_later_says_nothing_of_earlier_months(rule: Find) -> None:
    """Before the first announced rule no month is off its day."""
    record = """
      theme_day: {day: 10, from: 2024-07-01}
      log: [{every: month, from: 2024-06, to: 2024-07, day: 10, type: 主题党日}]
    """
    expected = {"2024-06": "not_applicable", "2024-07": "pass"}
    assert expected == outcomes(rule("VOC-4.4.1-2"), record, "2024-06..2024-07")


def test_case_22_recorded_shift_off_a_holiday_is_accepted(rule: Find) -> None:
    """A rule that lands on a holiday may be shifted: the shift is written and named in the message."""
    record = """
      theme_day: {day: 1}
      log: [{date: 2024-10-09, type: 主题党日, shift: {planned: 2024-10-01, reason: 国庆节}}]
    """
    expected = {"2024-10": "pass"}
    assert expected == outcomes(rule("VOC-4.4.1-2"), record, "2024-10")
    expected = "2024年10月改到 2024-10-09，写明了原因"
    assert expected == messages(rule("VOC-4.4.1-2"), record, "2024-10")["2024-10"]


@pytest.mark.parametrize(("held", "expected"), [("2024-06-12", "pass"), ("2024-06-18", "pass"), ("2024-06-19", "fail")])
def test_case_23_deviation_within_the_tolerance_is_silent(held: str, expected: str) -> None:
    """相对固定 allows a deviation up to the tolerance, before or after, and warns beyond it."""
    near_the_day = rule_of("check: {kind: fixed_day, select: {type: 主题党日}, tolerance: 3}")
    record = f"{{theme_day: {{day: 15}}, log: [{{date: {held}, type: 主题党日}}]}}"
    assert {"2024-06": expected} == outcomes(near_the_day, record, "2024-06")


@pytest.mark.parametrize(("held", "day"), [("2024-06-08", "pass"), ("2024-06-07", "fail")])
def test_case_23_national_relative_day_is_only_a_hint(rule: Find, held: str, day: str) -> None:
    """The national 相对固定 is silent within seven days, a hint beyond, and the month is served all the same."""
    record = f"{{theme_day: {{day: 15}}, log: [{{date: {held}, type: 主题党日}}]}}"
    assert {"2024-06": day} == outcomes(rule("NAT-ZB-16-4"), record, "2024-06")
    expected = ("info", "should")
    assert expected == (rule("NAT-ZB-16-4").severity, rule("NAT-ZB-16-4").strength)
    expected = {"2024-06": "pass"}
    assert expected == outcomes(rule("NAT-ZB-16-3"), record, "2024-06")
