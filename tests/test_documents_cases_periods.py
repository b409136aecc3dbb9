"""Worked cases 1-16 on the rules of the five documents: what a month, quarter, semester, half-year or year owes, and
GB's running clock. The mechanisms are tested in ``test_worked_cases_periods`` and ``test_worked_cases_intervals``.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, messages, months, outcomes
from dangjian_check.rulebook.standard import Standard

MONTHLY = [("ZJU-2.5-1", "支委会"), ("GB-4.5.1-2", "支委会"), ("QHU-3.5-5", "主题党日"), ("XH-9-1", "主题党日")]


@pytest.mark.parametrize(("rule_id", "kind"), MONTHLY)
@pytest.mark.parametrize("march", ["", "{{date: 2024-03-25, type: {0}}},"])
def test_case_01_month_of_founding_is_not_owed(rule: Find, rule_id: str, kind: str, march: str) -> None:
    """A branch founded on 20 March owes nothing monthly in March under any document, whether it met or not."""
    record = f"""
      founded: 2024-03-20
      committee: 2024-03-20
      log: [{march.format(kind)} {{every: month, from: 2024-05, to: 2024-12, type: {kind}}}]
    """
    expected = months(2024, "pass", m01="not_applicable", m02="not_applicable", m03="not_applicable", m04="fail")
    assert expected == outcomes(rule(rule_id), record)


def test_case_02_quarter_of_founding_is_not_owed_and_the_clock_runs_from_founding(rule: Find) -> None:
    """Founded on 10 February: ZJU's quarterly duties begin with Q2, GB's first assembly is due by 10 May."""
    record = """
      founded: 2024-02-10
      groups: [{id: g1, formed: 2024-02-10}]
      log: [{date: 2024-05-11, type: [党员大会, 党课]}]
    """
    expected = {"2024Q1": "not_applicable", "2024Q2": "pass"}
    assert expected == outcomes(rule("ZJU-2.5-3"), record, "2024H1")
    assert expected == outcomes(rule("ZJU-2.5-5"), record, "2024H1")
    expected = {"gap:2024-02-10": "fail", "gap:2024-05-11": "pending"}
    assert expected == outcomes(rule("GB-4.5.1-1"), record, "2024H1")
    assert "应在 2024-05-10 前" in messages(rule("GB-4.5.1-1"), record, "2024H1")["gap:2024-02-10"]
    in_time = record.replace("05-11", "05-10")
    expected = {"gap:2024-02-10": "pass", "gap:2024-05-10": "pending"}
    assert expected == outcomes(rule("GB-4.5.1-1"), in_time, "2024H1")


@pytest.mark.parametrize(
    ("rule_id", "kind", "first"),
    [
        ("GB-4.5.1-2", "支委会", "2017-06"),
        ("GB-4.5.2-2", "主题党日", "2017-06"),
        ("XH-9-1", "主题党日", "2017-09"),
        ("QHU-3.5-5", "主题党日", "2017-07"),
        ("ZJU-2.5-1", "支委会", "2017-04"),
    ],
)
def test_case_06_monthly_duties_begin_with_the_first_full_month(
    rule: Find, rule_id: str, kind: str, first: str
) -> None:
    """GB is of 22 May and XH of 28 August 2017: the month of issue is not owed, the next one is."""
    record = f"{{committee: 2016-06-15, log: [{{date: 2017-01-09, type: {kind}}}]}}"
    found = outcomes(rule(rule_id), record, "2017")
    expected = {f"2017-{n:02d}": "fail" if f"2017-{n:02d}" >= first else "not_applicable" for n in range(2, 13)}
    assert expected == {name: outcome for name, outcome in found.items() if name != "2017-01"}


@pytest.mark.parametrize("rule_id", ["GB-4.5.1-4", "GB-3.1.2-2", "XH-8-6", "XH-4-2"])
def test_case_06_year_of_issue_is_not_owed(rule: Find, rule_id: str) -> None:
    """Yearly duties of 2017 bind nobody under a document that came in the middle of 2017."""
    record = "{log: [{date: 2017-01-09, type: 支委会}], plans: []}"
    expected = "not_applicable"
    assert expected == outcomes(rule(rule_id), record, "2017..2018")["2017"]


@pytest.mark.parametrize(("rule_id", "kind"), MONTHLY)
def test_case_07_make_up_in_the_next_month_carries_nothing_over(rule: Find, rule_id: str, kind: str) -> None:
    """January's made up on 2 February beside February's own leaves January missed under every document."""
    record = f"{{committee: 2022-06-15, log: [{{date: 2024-02-02, type: {kind}}}, {{date: 2024-02-20, type: {kind}}}]}}"
    expected = {"2024-01": "fail", "2024-02": "pass"}
    assert expected == outcomes(rule(rule_id), record, "2024-01..2024-02")


@pytest.mark.parametrize(("rule_id", "kind"), MONTHLY)
@pytest.mark.parametrize("branch_type", ["学生", "教师", "中小学"])
def test_case_08_vacation_months_are_owed(rule: Find, rule_id: str, kind: str, branch_type: str) -> None:
    """No document exempts July and August, school branches included."""
    log = f"{{every: month, from: 2024-01, to: 2024-12, except: [2024-07, 2024-08], type: {kind}}}"
    record = f"{{type: {branch_type}, committee: 2022-06-15, log: [{log}]}}"
    assert months(2024, "pass", m07="fail", m08="fail") == outcomes(rule(rule_id), record)


def test_case_09_gap_is_missed_although_each_quarter_is_served(rule: Find, gaibei: Standard) -> None:
    """2 January and 28 June serve VOC's and ZJU's quarters; under GB the gap was due on 2 April. That the quarters
    were served stands beside the finding as a reason for leniency."""
    record = """
      groups: [{id: g1}]
      log: [{date: 2024-01-02, type: 党员大会}, {date: 2024-06-28, type: 党员大会}]
    """
    expected = {"2024Q1": "pass", "2024Q2": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-3"), record, "2024H1")
    assert expected == outcomes(rule("ZJU-2.5-3"), record, "2024H1")
    expected = "fail"
    assert expected == outcomes(rule("GB-4.5.1-1"), record, "2024H1")["gap:2024-01-02"]
    message = messages(rule("GB-4.5.1-1"), record, "2024H1")["gap:2024-01-02"]
    assert "应在 2024-04-02 前" in message
    assert "2024-06-28 才有" in message
    found = [d for d in assessed(gaibei, record, "2024H1").deficiencies if d.rule.id == "GB-4.5.1-1"]
    expected = ["gap:2024-01-02"]
    assert expected == [d.window for d in found]
    assert any("各季都开了" in reading for reading in found[0].assumed)


@pytest.mark.parametrize(
    ("last", "following", "expected"),
    [
        ("2023-11-30", "2024-02-29", "pass"),
        ("2023-11-30", "2024-03-01", "fail"),
        ("2022-11-30", "2023-02-28", "pass"),
        ("2022-11-30", "2023-03-02", "fail"),
        ("2023-12-31", "2024-03-31", "pass"),
    ],
)
def test_case_10_three_months_are_calendar_months_clamped(rule: Find, last: str, following: str, expected: str) -> None:
    """GB's three months from 30 November run out on the last of February, never after 90 days."""
    record = f"{{log: [{{date: {last}, type: 党员大会}}, {{date: {following}, type: 党员大会}}]}}"
    assert expected == outcomes(rule("GB-4.5.1-1"), record, following[:4])[f"gap:{last}"]


def test_case_11_anchor_first_gap_and_tail(rule: Find) -> None:
    """GB's clock starts at the last meeting before the audit; without one the first gap is unverifiable until it alone
    exceeds three months; the tail up to the audit day is judged too."""
    anchored = "{log: [{date: 2023-12-20, type: 党员大会}, {date: 2024-03-21, type: 党员大会}]}"
    expected = "fail"
    assert expected == outcomes(rule("GB-4.5.1-1"), anchored, "2024")["gap:2023-12-20"]
    for first, outcome in (("2024-02-20", "unknown"), ("2024-04-20", "fail")):
        record = f"{{log: [{{date: {first}, type: 党员大会}}]}}"
        assert outcome == outcomes(rule("GB-4.5.1-1"), record, "2024")["gap:2024-01-01"]
    tail = "{log: [{date: 2024-09-10, type: 党员大会}]}"
    for as_of, outcome in (("2024-12-10", "pending"), ("2024-12-11", "fail")):
        assert outcome == outcomes(rule("GB-4.5.1-1"), tail, "2024", as_of)["gap:2024-09-10"]


def test_case_12_semester_is_no_half_year(rule: Find) -> None:
    """ZJU's lecture each semester: a calendar year sees the autumn that ends in January, the spring, and the new
    autumn still open."""
    record = """
      organization: {name: 某院党委}
      committee: {posts: [{name: 甲, post: 书记}]}
      coverage: {from: 2023-08-01, to: 2024-12-31}
      log: [{date: 2023-12-20, type: 党课, lecturer: 甲}]
    """
    expected = {"2023-autumn": "pass", "2024-spring": "fail", "2024-autumn": "pending"}
    assert expected == outcomes(rule("ZJU-2.5-14"), record, "2024")


def test_case_13_two_lectures_in_may(rule: Find) -> None:
    """Two lectures in May meet VOC's spring semester and leave ZJU's first quarter missed."""
    record = "{log: [{date: 2024-01-02, type: 支委会}, {date: 2024-05-10, type: 党课}, {date: 2024-05-20, type: 党课}]}"
    expected = {"2024-spring": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")
    expected = {"2024Q1": "fail", "2024Q2": "pass"}
    assert expected == outcomes(rule("ZJU-2.5-5"), record, "2024H1")


@pytest.mark.parametrize(("third", "autumn"), [("2024-08-10", "pass"), ("2024-07-20", "fail")])
def test_case_13_one_a_quarter(rule: Find, third: str, autumn: str) -> None:
    """One in March, June, August, November serves every quarter of ZJU; with the third in July VOC's autumn has one."""
    days = ["2024-03-10", "2024-06-10", third, "2024-11-10"]
    record = f"{{log: [{', '.join(f'{{date: {day}, type: 党课}}' for day in days)}]}}"
    expected = {"2024Q1": "pass", "2024Q2": "pass", "2024Q3": "pass", "2024Q4": "pass"}
    assert expected == outcomes(rule("ZJU-2.5-5"), record, "2024")
    expected = {"2024-spring": "pass", "2024-autumn": autumn}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2025-01", "2025-02-01")


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2024-06-30", ("pass", "fail")), ("2024-07-01", ("fail", "pass"))],
)
def test_case_14_half_years_are_calendar_halves(rule: Find, held: str, expected: tuple[str, str]) -> None:
    """QHU's talks and GB's 先锋指数 are owed January to June and July to December, not by semester."""
    committee = "committee: {posts: [{name: 甲, post: 书记}, {name: 乙, post: 组织委员}]}"
    talk = f"""
      {committee}
      members: [{{name: 甲, status: 正式}}, {{name: 乙, status: 正式}}]
      log: [{{date: 2024-01-09, type: 党课}}]
      talks: [{{date: {held}, between: [甲, 乙]}}]
    """
    first, second = expected
    wanted = {"2024H1/甲": first, "2024H1/乙": first, "2024H2/甲": second, "2024H2/乙": second}
    assert wanted == outcomes(rule("QHU-3.10-1"), talk, "2024")
    review = f"{{log: [{{date: 2024-01-09, type: 党课}}, {{date: {held}, type: 先锋指数考评}}]}}"
    assert {"2024H1": first, "2024H2": second} == outcomes(rule("GB-4.5.3-6"), review, "2024")


@pytest.mark.parametrize(
    ("appraisals", "expected"),
    [
        (["2019-01-20"], ("manual", "fail")),
        (["2019-02-28"], ("manual", "fail")),
        (["2019-03-01"], ("fail", "manual")),
        (["2018-07-01", "2019-01-20"], ("manual", "manual")),
        (["2019-01-20", "2019-06-20"], ("manual", "manual")),
        (["2019-01-20, for: 2018", "2020-01-20, for: 2019"], ("manual", "manual")),
        (["2019-01-20, for: 2019"], ("fail", "manual")),
    ],
)
def test_case_15_appraisal_of_early_next_year(rule: Find, appraisals: list[str], expected: tuple[str, str]) -> None:
    """GB's appraisal counts for the year it is for; one of January or February without a year is last year's only if
    that year has none. Whether it was a good one stays with people, so a year served is never more than manual."""
    listed = ", ".join(f"{{type: 民主评议, date: {day}}}" for day in appraisals)
    record = f"log: [{{date: 2018-01-09, type: 支委会}}, {listed}]"
    assert dict(zip(("2018", "2019"), expected, strict=True)) == outcomes(
        rule("GB-4.5.3-2"), record, "2018..2019", "2020-12-31"
    )


@pytest.mark.parametrize(("as_of", "expected"), [("2019-02-27", "pending"), ("2019-02-28", "fail")])
def test_case_15_year_stays_open_until_the_end_of_february(rule: Find, as_of: str, expected: str) -> None:
    """GB's appraisal of 2018 is not missed before February 2019 has closed."""
    record = "log: [{date: 2018-01-09, type: 支委会}]"
    assert {"2018": expected} == outcomes(rule("GB-4.5.3-2"), record, "2018", as_of)


def test_case_16_aims_of_the_term_once_and_of_the_year_yearly(rule: Find) -> None:
    """A village secretary who made both known in 2022 owes the term's aims no more, the year's every year."""
    record = """
      type: 村
      committee: {elected: 2021-12-01, posts: [{name: 甲, post: 书记}]}
      log: [{date: 2022-01-05, type: 支委会}]
      commitments:
        - {name: 甲, date: 2022-01-10, kind: 公开承诺, items: [任期目标, 年度目标], published: 2022-01-12}
        - {name: 甲, date: 2023-01-10, kind: 公开承诺, items: [年度目标], published: 2023-01-12}
    """
    expected = {"state/甲": "pass"}
    assert expected == outcomes(rule("GB-4.4.4-1b"), record, "2022..2024", "2024-12-31")
    expected = {"2022/甲": "pass", "2023/甲": "pass", "2024/甲": "fail"}
    assert expected == outcomes(rule("GB-4.4.4-1a"), record, "2022..2024", "2024-12-31")


def test_case_16_plan_for_three_years_serves_each_of_them(rule: Find) -> None:
    """An 实施方案 for 2023 to 2025 satisfies GB in each year it covers and in no other."""
    record = """
      log: [{date: 2022-01-10, type: 党课}]
      plans: [{kind: 实施方案, for: 2023..2025, made: 2023-01-10}]
    """
    expected = {"2022": "fail", "2023": "pass", "2024": "pass", "2025": "pass", "2026": "fail"}
    assert expected == outcomes(rule("GB-5.1-3a"), record, "2022..2026")
