"""Worked cases 51-57: ratios, terms, money.

51 (XH's half share), 55 (a document that names no term) and 56 (days of training) are tested here on small rules and
with GB's 5‰ (52) on the documents' own in ``test_documents_cases_ratios``. Of 57, the deadline and the rate are in no
text of the five: they come from configuration.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, messages, outcomes, rule_of
from dangjian_check.rulebook.standard import Standard

TERMS = ["VOC-1.2.3-1", "NAT-ZB-22-1"]
HALF_SHARE = rule_of(
    """
    check:
      kind: share
      part: {type: 集中学习, tags: 两学一做}
      whole: {type: 集中学习}
      min: 1/2
      per: year
    """
)


def sessions(tagged: int, others: int) -> str:
    """A log of so many study sessions on 两学一做 and so many on something else, one a month."""
    tags = ["两学一做"] * tagged + ["业务"] * others
    days = [f"{{date: 2024-{n:02d}-10, type: 集中学习, tags: {tag}}}" for n, tag in enumerate(tags, 1)]
    return (
        f"log: [{{date: 2024-01-05, type: 支委会}}, {', '.join(days)}]"
        if days
        else "log: [{date: 2024-01-05, type: 支委会}]"
    )


@pytest.mark.parametrize(("tagged", "others", "expected"), [(5, 5, "pass"), (4, 5, "fail"), (6, 5, "pass")])
def test_case_51_exactly_half_of_the_sessions_passes(tagged: int, others: int, expected: str) -> None:
    """Half is tested on whole numbers: twice the part is at least the whole."""
    assert {"2024": expected} == outcomes(HALF_SHARE, sessions(tagged, others), "2024")


def test_case_51_no_session_at_all_is_not_evaluable() -> None:
    """Half of nothing says nothing; the missing study is another clause's matter."""
    expected = {"2024": "unknown"}
    assert expected == outcomes(HALF_SHARE, sessions(0, 0), "2024")
    assert "分母为零，不能评" in messages(HALF_SHARE, sessions(0, 0), "2024")["2024"]


def test_case_51_share_is_decided_only_at_the_end_of_the_year() -> None:
    """Before the year has ended the share is a forecast, good or bad."""
    for tagged, others in ((1, 5), (5, 1)):
        expected = {"2024": "pending"}
        assert expected == outcomes(HALF_SHARE, sessions(tagged, others), "2024", "2024-11-20")


@pytest.mark.parametrize(("rule_id", "year"), [("VOC-B4.2.2-4", "2020"), ("VOC-B4.3.2-2", "2021")])
def test_case_53_model_branch_targets_are_the_schools_and_asked_both_ways(
    rule: Find, voc: Standard, rule_id: str, year: str
) -> None:
    """The 10 % and 20 % of model branches need the number of branches: a superior's matter, by count and by ratio."""
    count, ratio = rule(f"{rule_id}a"), rule(f"{rule_id}b")
    assert (True, True) == (count.by_superior, ratio.by_superior)
    assert ("limit", "share") == (count.check.kind, ratio.check.kind)
    found = assessed(voc, f"{{formal: 9, log: [{{date: {year}-01-09, type: 党课}}]}}", year).deficiencies
    assert {count.id, ratio.id}.isdisjoint({d.rule.id for d in found})


@pytest.mark.parametrize("rule_id", TERMS)
@pytest.mark.parametrize(
    ("elected", "as_of", "expected"),
    [
        ("2021-11-30", "2024-11-30", "pending"),
        ("2021-11-30", "2024-12-01", "fail"),
        ("2020-02-29", "2023-02-28", "pending"),
        ("2020-02-29", "2023-03-01", "fail"),
    ],
)
def test_case_54_last_day_in_time_is_the_same_day_three_years_on(
    rule: Find, rule_id: str, elected: str, as_of: str, expected: str
) -> None:
    """Elected on 30 November 2021 the committee is in time until 30 November 2024; 29 February ends on the 28th."""
    record = f"{{type: 教师, committee: {elected}}}"
    assert {f"term:{elected}": expected} == outcomes(rule(rule_id), record, as_of[:4], as_of)


@pytest.mark.parametrize("rule_id", TERMS)
def test_case_54_late_election_is_found_cured_and_restarts_the_term(rule: Find, rule_id: str) -> None:
    """A late election is named with its days, counts as cured, and the new term runs from the actual day."""
    record = """
      type: 教师
      committee: [{exists: true, elected: 2018-11-30}, {exists: true, elected: 2021-12-10}]
    """
    expected = {"term:2018-11-30": "fail", "term:2021-12-10": "pending"}
    assert expected == outcomes(rule(rule_id), record, "2021..2024", "2024-12-10")
    expected = {"term:2018-11-30": "fail", "term:2021-12-10": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2021..2024", "2024-12-11")
    found = messages(rule(rule_id), record, "2021..2024", "2024-12-11")
    assert "2021-12-10 才换届，逾期 10 天（已换届）" in found["term:2018-11-30"]
    assert "已逾期 1 天" in found["term:2021-12-10"]


@pytest.mark.parametrize("rule_id", TERMS)
def test_case_54_by_election_of_one_member_restarts_nothing(rule: Find, rule_id: str) -> None:
    """A member elected in between leaves the term running from the election of the whole."""
    record = """
      type: 教师
      committee:
        elected: 2021-11-30
        posts: [{name: 甲, post: 书记}, {name: 乙, post: 组织委员, since: 2024-03-01, mode: 补选}]
      elections: [{date: 2021-11-30, kind: 换届}, {date: 2024-03-01, kind: 补选}]
    """
    expected = {"term:2021-11-30": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2024", "2024-12-01")


@pytest.mark.parametrize("rule_id", TERMS)
@pytest.mark.parametrize(("approved", "expected"), [("2024-11-30", "pending"), ("2024-12-01", "fail")])
def test_case_54_extension_counts_only_if_approved_before_expiry(
    rule: Find, rule_id: str, approved: str, expected: str
) -> None:
    """An extension approved after the term ran out extends nothing."""
    record = f"""
      type: 教师
      committee: {{exists: true, elected: 2021-11-30, extension: {{until: 2025-05-31, approved: {approved}}}}}
    """
    assert {"term:2021-11-30": expected} == outcomes(rule(rule_id), record, "2024", "2024-12-31")


@pytest.mark.parametrize("rule_id", ["VOC-4.1.1-2", "NAT-ZB-12-1"])
def test_case_54_committee_in_overtime_still_owes_its_meetings(rule: Find, rule_id: str) -> None:
    """A committee that should have been re-elected a year ago owes each month's meeting."""
    record = "{committee: 2020-06-15, log: [{date: 2024-05-09, type: 支委会}]}"
    expected = {"2024-05": "pass", "2024-06": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2024-05..2024-06")


def test_case_54_villages_and_communities_elect_for_five_years(rule: Find) -> None:
    """The term is the one of the branch's kind: five years in a village, three elsewhere."""
    for branch_type, expected in (("村", "pending"), ("社区", "pending"), ("机关", "fail")):
        record = f"{{type: {branch_type}, committee: 2020-06-15}}"
        assert {"term:2020-06-15": expected} == outcomes(rule("NAT-ZB-22-1"), record, "2024", "2024-12-31")


@pytest.mark.parametrize(
    ("approval", "expected"),
    [("", "unknown"), ("term_years: 3,", "fail"), ("term_years: 5,", "pending")],
)
def test_case_55_document_without_a_term_takes_it_from_the_approval(approval: str, expected: str) -> None:
    """A document that names no years is judged by the approval's, or not at all: no number is lent to it."""
    term = rule_of("check: {kind: term}")
    record = f"committee: {{exists: true, {approval} elected: 2021-06-15}}"
    assert {"term:2021-06-15": expected} == outcomes(term, record, "2024", "2024-12-31")


@pytest.mark.parametrize(("second", "expected"), [("days: 3", "pass"), ("days: 2", "fail"), ("hours: 8", "unknown")])
def test_case_56_days_of_training_add_up_over_the_year(second: str, expected: str) -> None:
    """Five days of training may be the sum of several courses; a course without its days leaves it open."""
    training = rule_of("check: {kind: frequency, select: {in: training}, per: year, sum: days, min: 5}")
    record = f"""
      log: [{{date: 2024-01-09, type: 党课}}]
      training:
        - {{name: 甲, from: 2024-04-01, to: 2024-04-02, days: 2}}
        - {{name: 甲, from: 2024-09-01, {second}}}
    """
    assert {"2024": expected} == outcomes(training, record)


DUES_EACH_MONTH = rule_of(
    "{for_each: {in: members}, check: {kind: presence, select: {in: dues}, per: month}}",
)


def test_case_57_dues_count_for_the_month_they_cover() -> None:
    """Dues paid in February for January are January's; February's are still missing."""
    record = """
      members: [{name: 甲, status: 正式}]
      log: [{date: 2024-01-09, type: 党课}]
      dues: [{name: 甲, month: 2024-01, due: 20, paid: 20, paid_on: 2024-02-20}]
    """
    expected = {"2024-01/甲": "pass", "2024-02/甲": "fail"}
    assert expected == outcomes(DUES_EACH_MONTH, record, "2024-01..2024-02")


def test_case_57_prepayment_for_a_quarter_covers_three_months() -> None:
    """One receipt for a quarter covers its three months, and not the fourth."""
    record = """
      members: [{name: 甲, status: 正式}]
      log: [{date: 2024-01-09, type: 党课}]
      dues: [{name: 甲, month: 2024Q1, due: 60, paid: 60, paid_on: 2024-01-10}]
    """
    expected = {"2024-01/甲": "pass", "2024-02/甲": "pass", "2024-03/甲": "pass", "2024-04/甲": "fail"}
    assert expected == outcomes(DUES_EACH_MONTH, record, "2024-01..2024-04")
