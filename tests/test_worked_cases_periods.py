"""Worked cases 1-17, calendar windows: what a month, quarter, semester or year owes (9-11 are in the intervals' file).

What other documents than VOC and the national ones say is tested here on small rules of the same mechanism (6 the date
in force of GB; 13 the quarter of ZJU; 14 the half-year of QHU; 15 GB's appraisal at the beginning of the next year; 16
GB's plan for several years) and on their own rules in ``test_documents_cases_periods``. Of 8, the waiver shown beside
the finding comes with the waivers.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, item, messages, months, near_misses, outcomes, rule_of
from dangjian_check.rulebook.standard import Standard

MONTHLY = ["VOC-4.1.1-2", "NAT-ZB-12-1"]
QUARTERLY = ["VOC-4.1.1-3", "NAT-ZB-11-1"]
LECTURE_EACH_QUARTER = rule_of("check: {kind: frequency, select: {type: 党课}, per: quarter, min: 1}")


@pytest.mark.parametrize("rule_id", MONTHLY)
@pytest.mark.parametrize("march", ["", "{date: 2024-03-25, type: 支委会},"])
def test_case_01_month_of_founding_is_not_owed(rule: Find, rule_id: str, march: str) -> None:
    """A branch founded on 20 March owes no meeting in March, whether it held one or not."""
    record = f"""
      founded: 2024-03-20
      committee: 2024-03-20
      log: [{march} {{every: month, from: 2024-04, to: 2024-12, type: 支委会}}]
    """
    expected = months(2024, "pass", m01="not_applicable", m02="not_applicable", m03="not_applicable")
    assert expected == outcomes(rule(rule_id), record)
    expected = "支部 2024-03-20 才成立，该期间不完整"
    assert expected == messages(rule(rule_id), record)["2024-03"]


def test_case_01_meeting_in_the_month_of_founding_saves_nothing(voc: Standard) -> None:
    """A meeting in the month of founding makes up for no later month and moves no point."""
    record = "{{founded: 2024-03-20, committee: 2024-03-20, log: [{{date: 2024-05-09, type: 支委会}}{0}]}}"
    without = assessed(voc, record.format(""), "2024-03..2024-06")
    beside = assessed(voc, record.format(", {date: 2024-03-25, type: 支委会}"), "2024-03..2024-06")
    assert item(without, "4.1") == item(beside, "4.1")
    found = [(d.rule.id, d.window) for d in beside.deficiencies if d.rule.id == "VOC-4.1.1-2"]
    expected = [("VOC-4.1.1-2", "2024-04"), ("VOC-4.1.1-2", "2024-06")]
    assert expected == found


def test_case_01_branch_founded_on_the_first_owes_that_month(rule: Find) -> None:
    """A month that the branch lived through from its first day is owed."""
    record = "{founded: 2024-03-01, committee: 2024-03-01, log: [{date: 2024-04-09, type: 支委会}]}"
    expected = {"2024-03": "fail", "2024-04": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-2"), record, "2024-03..2024-04")


@pytest.mark.parametrize("rule_id", QUARTERLY)
def test_case_02_quarter_of_founding_is_not_owed(rule: Find, rule_id: str) -> None:
    """A branch founded on 10 February owes its first quarterly meeting in the second quarter."""
    record = "{founded: 2024-02-10, log: [{date: 2024-03-05, type: 党员大会}, {date: 2024-08-01, type: 党员大会}]}"
    expected = {"2024Q1": "not_applicable", "2024Q2": "fail", "2024Q3": "pass", "2024Q4": "fail"}
    assert expected == outcomes(rule(rule_id), record)


@pytest.mark.parametrize("rule_id", MONTHLY)
def test_case_03_open_month_is_pending_and_no_deficiency(
    rule: Find, rule_id: str, voc: Standard, national: Standard
) -> None:
    """On 20 November a month without a meeting is pending until the 30th, and no deficiency."""
    record = "{formal: 9, committee: 2022-06-15, log: [{every: month, from: 2024-01, to: 2024-10, type: 支委会}]}"
    expected = {f"2024-{n:02d}": "pass" for n in range(1, 11)} | {"2024-11": "pending"}
    assert expected == outcomes(rule(rule_id), record, "2024", "2024-11-20")
    assert "2024-11-30 到期" in messages(rule(rule_id), record, "2024", "2024-11-20")["2024-11"]
    standard = voc if voc.rule(rule_id) else national
    found = assessed(standard, record, "2024", "2024-11-20").deficiencies
    assert not [d.window for d in found if d.rule.id == rule_id]


@pytest.mark.parametrize("rule_id", MONTHLY)
def test_case_03_open_month_already_served_is_met(rule: Find, rule_id: str) -> None:
    """A month that already has its meeting is met before it has ended."""
    record = "{committee: 2022-06-15, log: [{date: 2024-11-20, type: 支委会}]}"
    expected = "pass"
    assert expected == outcomes(rule(rule_id), record, "2024-11..2024-12", "2024-11-20")["2024-11"]


@pytest.mark.parametrize("rule_id", MONTHLY)
def test_case_04_audit_window_selects_months_and_does_not_shorten_them(rule: Find, rule_id: str) -> None:
    """An audit from 15 February judges the whole of February, and neither January nor an unfinished May."""
    record = """
      committee: 2022-06-15
      log: [{date: 2024-02-05, type: 支委会}, {date: 2024-04-09, type: 支委会}, {date: 2024-12-09, type: 支委会}]
    """
    expected = {"2024-02": "pass", "2024-03": "fail", "2024-04": "pass"}
    assert expected == outcomes(rule(rule_id), record, "2024-02-15..2024-05-20", "2024-12-31")


@pytest.mark.parametrize(("extra", "expected"), [("", "unknown"), (", {date: 2024-02-20, type: 支委会}", "pass")])
def test_case_04_missing_coverage_makes_a_cut_month_unverifiable(rule: Find, extra: str, expected: str) -> None:
    """A month of which the log covers only a part can be met by what is there but not missed."""
    record = f"""
      committee: 2022-06-15
      coverage: {{from: 2024-02-15, to: 2024-04-30}}
      log: [{{date: 2024-03-05, type: 支委会}}{extra}]
    """
    found = outcomes(rule("VOC-4.1.1-2"), record)
    assert {"2024-02": expected, "2024-03": "pass", "2024-04": "fail"} == found


def test_case_05_period_of_dissolution_is_not_owed(rule: Find) -> None:
    """A branch dissolved on 15 June owes neither June nor the second quarter; May it owes."""
    record = """
      dissolved: 2024-06-15
      committee: 2022-06-15
      log: [{every: month, from: 2024-01, to: 2024-04, type: [支委会, 党员大会]}]
    """
    expected = {f"2024-0{n}": "pass" for n in range(1, 5)} | {"2024-05": "fail", "2024-06": "not_applicable"}
    found = outcomes(rule("VOC-4.1.1-2"), record, "2024", "2024-12-31")
    assert expected == {name: found[name] for name in expected}
    expected = "支部 2024-06-15 撤销，该期间不完整"
    assert expected == messages(rule("VOC-4.1.1-2"), record, "2024")["2024-06"]
    quarters = outcomes(rule("VOC-4.1.1-3"), record, "2024", "2024-12-31")
    expected = {"2024Q1": "pass", "2024Q2": "not_applicable", "2024Q3": "not_applicable", "2024Q4": "not_applicable"}
    assert expected == quarters


def test_case_05_each_member_duties_move_with_the_membership() -> None:
    """A member who came on 15 June owes the new branch the second half-year, and left the old one before its end."""
    talks = rule_of(
        "{for_each: {in: members}, check: {kind: frequency, select: {in: talks, by: between}, per: half, min: 1}}"
    )
    record = """
      members: [{{name: 甲, status: 正式}}, {{name: 乙, status: 正式, {0}}}]
      talks: [{{date: 2024-03-01, between: [甲, 丙]}}, {{date: 2024-08-01, between: [甲, 丙]}}]
    """
    new = outcomes(talks, record.format("from: 2024-06-15"), "2024")
    expected = {"2024H1/甲": "pass", "2024H1/乙": "not_applicable", "2024H2/甲": "pass", "2024H2/乙": "fail"}
    assert expected == new
    old = outcomes(talks, record.format("to: 2024-06-15"), "2024")
    expected = {"2024H1/甲": "pass", "2024H1/乙": "not_applicable", "2024H2/甲": "pass"}
    assert expected == old


GB_MONTHLY = "check: {kind: frequency, select: {type: 主题党日}, per: month, min: 1}"
GB_YEARLY = "check: {kind: frequency, select: {type: 主题党日}, per: year, min: 1}"


def test_case_06_monthly_duties_start_with_the_first_full_month_in_force() -> None:
    """A document in force from 22 May 2017 binds from June; of the year 2017 it demands nothing."""
    record = "{log: [{date: 2017-01-09, type: 支委会}]}"
    found = outcomes(rule_of(GB_MONTHLY, since="2017-05-22"), record, "2017-04..2017-07")
    expected = {"2017-04": "not_applicable", "2017-05": "not_applicable", "2017-06": "fail", "2017-07": "fail"}
    assert expected == found
    yearly = rule_of(GB_YEARLY, since="2017-05-22")
    expected = {"2017": "not_applicable", "2018": "fail"}
    assert expected == outcomes(yearly, record, "2017..2018")
    assert "自 2017-05-22 起施行，该期间不完整" in messages(yearly, record, "2017..2018")["2017"]


@pytest.mark.parametrize(
    ("monthly", "yearly", "last_free", "first_owed"),
    [
        ("VOC-4.1.1-2", "VOC-4.2.1-1", "2019-05", "2019-06"),
        ("NAT-ZB-12-1", "NAT-ZB-17-1", "2018-10", "2018-11"),
    ],
)
def test_case_06_the_standards_bind_from_their_own_day(
    rule: Find, monthly: str, yearly: str, last_free: str, first_owed: str
) -> None:
    """Both standards owe nothing before their day in force: VOC 1 June 2019, the regulation 28 October 2018."""
    record = "{committee: 2017-06-15, log: [{date: 2018-01-09, type: 党课}]}"
    found = outcomes(rule(monthly), record, f"{last_free}..{first_owed}")
    assert {last_free: "not_applicable", first_owed: "fail"} == found
    year = int(first_owed[:4])
    assert {str(year): "not_applicable", str(year + 1): "fail"} == outcomes(rule(yearly), record, f"{year}..{year + 1}")


@pytest.mark.parametrize("rule_id", MONTHLY)
def test_case_07_make_up_in_the_next_month_carries_nothing_over(rule: Find, rule_id: str) -> None:
    """January's meeting held on 2 February leaves January missed, although February then has two."""
    record = """
      committee: 2022-06-15
      log:
        - {date: 2024-02-02, type: 支委会, topic: 补开一月的会}
        - {date: 2024-02-20, type: 支委会}
        - {date: 2024-03-09, type: 支委会}
    """
    expected = {"2024-01": "fail", "2024-02": "pass", "2024-03": "pass"}
    assert expected == outcomes(rule(rule_id), record, "2024Q1")
    assert "晚于该期间 2 天，不能补计" in near_misses(rule(rule_id), record, "2024-01", "2024Q1")


def test_case_07_surplus_is_not_carried_forward(rule: Find) -> None:
    """Two meetings in January do not serve February."""
    record = """
      committee: 2022-06-15
      log: [{date: 2024-01-09, type: 支委会}, {date: 2024-01-31, type: 支委会}, {date: 2024-03-09, type: 支委会}]
    """
    found = outcomes(rule("VOC-4.1.1-2"), record, "2024Q1")
    expected = {"2024-01": "pass", "2024-02": "fail", "2024-03": "pass"}
    assert expected == found
    assert "早于该期间 1 天，不能结转" in near_misses(rule("VOC-4.1.1-2"), record, "2024-02", "2024Q1")


def test_case_07_twelve_meetings_a_year_can_miss_three_months(rule: Find) -> None:
    """Twelve meetings in nine months leave three months missed: the duty is a floor, not an average."""
    record = """
      committee: 2022-06-15
      log:
        - {every: month, from: 2024-01, to: 2024-09, type: 支委会, day: 5}
        - {every: month, from: 2024-01, to: 2024-03, type: 支委会, day: 25}
    """
    found = outcomes(rule("VOC-4.1.1-2"), record, "2024")
    assert months(2024, "pass", m10="fail", m11="fail", m12="fail") == found


@pytest.mark.parametrize("branch_type", ["教师", "学生"])
def test_case_08_vacation_months_are_owed(rule: Find, branch_type: str) -> None:
    """School branches owe July, August and February too; 一般 lowers the tone of the finding, nothing more."""
    record = f"""
      type: {branch_type}
      committee: 2022-06-15
      log: [{{every: month, from: 2024-01, to: 2024-12, except: [2024-02, 2024-07, 2024-08], type: 支委会}}]
    """
    found = outcomes(rule("VOC-4.1.1-2"), record)
    assert months(2024, "pass", m02="fail", m07="fail", m08="fail") == found
    expected = "should"
    assert expected == rule("VOC-4.1.1-2").strength


def test_case_12_calendar_year_sees_three_semesters(rule: Find) -> None:
    """A calendar year sees the autumn ending in January, the spring, and the new autumn still open."""
    record = """
      log:
        - {date: 2023-08-01, type: 党课}
        - {date: 2024-01-31, type: 党课}
        - {date: 2024-02-01, type: 党课}
        - {date: 2024-08-01, type: 党课}
    """
    expected = {"2023-autumn": "pass", "2024-spring": "fail", "2024-autumn": "pending"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024")
    assert "2025-01-31 到期" in messages(rule("VOC-4.1.1-4"), record, "2024")["2024-autumn"]


def test_case_12_school_calendar_overrides_the_partition(rule: Find) -> None:
    """The school's own semesters replace the built-in ones where it names them."""
    record = """
      calendar: {semesters: [{name: 2024春, from: 2024-02-26, to: 2024-07-12}]}
      log: [{date: 2024-02-25, type: 党课}, {date: 2024-03-01, type: 党课}, {date: 2024-07-12, type: 党课}]
    """
    expected = {"2024春": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-03..2024-07")


def test_case_13_two_lectures_in_may_serve_the_semester_not_the_quarter(rule: Find) -> None:
    """Two lectures in May meet the spring semester and leave the first quarter missed."""
    record = "{log: [{date: 2024-05-08, type: 党课}, {date: 2024-05-22, type: 党课}]}"
    expected = {"2024-spring": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")
    expected = {"2024Q1": "fail", "2024Q2": "pass"}
    assert expected == outcomes(LECTURE_EACH_QUARTER, record, "2024H1")


@pytest.mark.parametrize(("third", "autumn"), [("2024-08-20", "pass"), ("2024-07-20", "fail")])
def test_case_13_one_a_quarter_may_leave_the_autumn_one_short(rule: Find, third: str, autumn: str) -> None:
    """March, June, August, November meet both windows; with July for August the autumn semester has only one."""
    days = ("2024-03-10", "2024-06-10", third, "2024-11-10")
    record = f"{{log: [{', '.join(f'{{date: {day}, type: 党课}}' for day in days)}]}}"
    expected = {"2024-spring": "pass", "2024-autumn": autumn}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2025-01")
    assert {f"2024Q{n}": "pass" for n in range(1, 5)} == outcomes(LECTURE_EACH_QUARTER, record, "2024")


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2024-06-30", {"2024H1": "pass", "2024H2": "fail"}), ("2024-07-01", {"2024H1": "fail", "2024H2": "pass"})],
)
def test_case_14_half_years_are_calendar_halves(held: str, expected: dict[str, str]) -> None:
    """A half-year ends on 30 June, not with the semester."""
    talks = rule_of("check: {kind: frequency, select: {in: talks}, per: half, min: 1}")
    record = f"{{log: [{{date: 2024-01-09, type: 党课}}], talks: [{{date: {held}, between: [甲, 乙]}}]}}"
    assert expected == outcomes(talks, record, "2024")


@pytest.mark.parametrize("rule_id", ["VOC-4.3.1-1", "NAT-ZB-18-1"])
def test_case_15_appraisal_counts_for_the_year_it_is_for(rule: Find, rule_id: str) -> None:
    """A calendar year may hold two appraisals, or none, without fault: they count by the year they are for."""
    two_and_none = """
      log:
        - {date: 2022-03-01, type: 党课}
        - {date: 2023-01-20, type: 民主评议, for: 2022}
        - {date: 2023-06-20, type: 民主评议}
        - {date: 2025-01-20, type: 民主评议, for: 2024}
    """
    expected = {"2022": "pass", "2023": "pass", "2024": "pass"}
    assert expected == outcomes(rule(rule_id), two_and_none, "2022..2024", "2025-02-01")


@pytest.mark.parametrize("rule_id", ["VOC-4.3.1-1", "NAT-ZB-18-1"])
def test_case_15_appraisal_for_last_year_does_not_serve_this_year(rule: Find, rule_id: str) -> None:
    """An appraisal held in January for last year leaves this year's owed."""
    record = "{log: [{date: 2023-03-01, type: 党课}, {date: 2024-01-20, type: 民主评议, for: 2023}]}"
    expected = {"2023": "pass", "2024": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2023..2024")


APPRAISAL_WITH_GRACE = rule_of(
    "check: {kind: frequency, select: {type: 民主评议}, per: year, min: 1, grace_months: 2}", since="2016-01-01"
)


@pytest.mark.parametrize(
    ("appraisals", "expected"),
    [
        ("{date: 2018-01-20, type: 民主评议}", {"2017": "pass", "2018": "fail"}),
        ("{date: 2018-02-28, type: 民主评议}", {"2017": "pass", "2018": "fail"}),
        ("{date: 2018-03-01, type: 民主评议}", {"2017": "fail", "2018": "pass"}),
        ("{date: 2017-07-01, type: 民主评议}, {date: 2018-01-20, type: 民主评议}", {"2017": "pass", "2018": "pass"}),
        ("{date: 2018-01-20, type: 民主评议, for: 2018}", {"2017": "fail", "2018": "pass"}),
        ("{date: 2018-06-20, type: 民主评议, for: 2017}", {"2017": "pass", "2018": "fail"}),
    ],
)
def test_case_15_appraisal_of_early_next_year(appraisals: str, expected: dict[str, str]) -> None:
    """Without a year of its own, January or February's appraisal is last year's only if that year has none."""
    record = f"log: [{{date: 2017-01-09, type: 支委会}}, {appraisals}]"
    assert expected == outcomes(APPRAISAL_WITH_GRACE, record, "2017..2018", "2019-12-31")


@pytest.mark.parametrize(("as_of", "expected"), [("2018-02-27", "pending"), ("2018-02-28", "fail")])
def test_case_15_year_stays_open_until_the_end_of_february(as_of: str, expected: str) -> None:
    """A year's appraisal is pending until the last day of February of the next year has closed."""
    record = "log: [{date: 2017-01-09, type: 支委会}]"
    assert {"2017": expected} == outcomes(APPRAISAL_WITH_GRACE, record, "2017", as_of)


@pytest.mark.parametrize(
    ("period", "as_of", "log", "expected"),
    [
        ("2018", None, "", {"2017": "fail", "2018": "pending"}),
        ("2018", "2018-02-27", "", {"2017": "pending", "2018": "pending"}),
        ("2018", "2018-02-28", "", {"2017": "fail", "2018": "pending"}),
        ("2018", None, "{date: 2018-01-20, type: 民主评议}", {"2017": "pass", "2018": "pending"}),
        ("2018-01", "2018-01-31", "", {"2017": "pending", "2018": "pending"}),
        ("2018-01", "2018-12-31", "", {}),
        ("2018-02", "2018-12-31", "", {"2017": "fail"}),
        ("2018-03", "2018-12-31", "", {}),
        ("2017", None, "", {"2017": "pending"}),
    ],
)
def test_case_15_year_is_judged_by_the_audit_in_which_its_time_of_grace_runs_out(
    period: str, as_of: str | None, log: str, expected: dict[str, str]
) -> None:
    """Not by the audit of the year itself, which is over before; the year before the log begins is nobody's matter."""
    record = f"log: [{{date: 2017-01-09, type: 支委会}}, {log}]"
    assert (expected or {"state": "not_applicable"}) == outcomes(APPRAISAL_WITH_GRACE, record, period, as_of)


def test_case_16_plan_for_three_years_serves_each_of_them() -> None:
    """A plan made once for 2023 to 2025 meets a yearly demand in each year it covers, and in no other."""
    plan = rule_of("check: {kind: presence, select: {in: plans, kind: 实施方案}, per: year}")
    record = """
      log: [{date: 2022-01-10, type: 党课}]
      plans: [{kind: 实施方案, for: 2023..2025, made: 2023-01-10}]
    """
    expected = {"2022": "fail", "2023": "pass", "2024": "pass", "2025": "pass", "2026": "fail"}
    assert expected == outcomes(plan, record, "2022..2026")


@pytest.mark.parametrize(
    "activity",
    [
        "{date: 2024-01-31, until: 2024-02-01, type: 支委会}",
        '{date: 2024-01-31, until: 2024-02-01, start: "22:00", end: "00:30", type: 支委会}',
    ],
)
def test_case_17_activity_over_two_days_is_one_on_its_first(rule: Find, activity: str) -> None:
    """What spans days, or midnight, is one activity and counts on the day it began."""
    record = f"{{committee: 2022-06-15, log: [{activity}]}}"
    expected = {"2024-01": "pass", "2024-02": "fail"}
    assert expected == outcomes(rule("VOC-4.1.1-2"), record, "2024-01..2024-02")
