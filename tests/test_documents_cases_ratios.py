"""Worked cases 51-57 on the rules of the five documents: ratios, terms, money.

VOC's and the national rules are tested in ``test_worked_cases_ratios_terms``. Of 51, the hours as a second figure wait
for a share that can add up hours.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, judged, messages, outcomes
from dangjian_check.rulebook.standard import Standard

TERMS = ["ZJU-2.5-24", "QHU-3.4-3", "GB-4.6.2-5"]


def sessions(tagged: int, others: int, kind: str = "集中学习") -> str:
    """A log of so many study sessions on 两学一做 and so many on something else, one a month."""
    tags = ["两学一做"] * tagged + ["业务"] * others
    days = [f"{{date: 2024-{n:02d}-10, type: {kind}, tags: {tag}}}" for n, tag in enumerate(tags, 1)]
    return f"log: [{', '.join(['{date: 2024-01-05, type: 支委会}', *days])}]"


@pytest.mark.parametrize("kind", ["集中学习", "中心组学习"])
@pytest.mark.parametrize(
    ("tagged", "others", "expected"), [(5, 5, "pass"), (4, 5, "fail"), (6, 5, "pass"), (1, 0, "pass")]
)
def test_case_51_exactly_half_of_the_sessions_passes(
    rule: Find, kind: str, tagged: int, others: int, expected: str
) -> None:
    """XH's half is tested on whole numbers of sessions in the year: twice the part is at least the whole."""
    assert {"2024": expected} == outcomes(rule("XH-4-2"), sessions(tagged, others, kind), "2024")


def test_case_51_mixed_session_counts_if_it_is_tagged(rule: Find) -> None:
    """A session on 两学一做 and something else counts in the part; one that only had no tag leaves it open."""
    mixed = """
      log:
        - {date: 2024-03-10, type: 集中学习, tags: [业务, 两学一做]}
        - {date: 2024-06-10, type: 集中学习, tags: 业务}
    """
    expected = {"2024": "pass"}
    assert expected == outcomes(rule("XH-4-2"), mixed, "2024")
    untagged = mixed.replace(", tags: [业务, 两学一做]", "")
    expected = {"2024": "unknown"}
    assert expected == outcomes(rule("XH-4-2"), untagged, "2024")


def test_case_51_share_is_decided_only_at_the_end_of_the_year(rule: Find) -> None:
    """Before the year has ended the share is only a forecast, good or bad, and its figures are shown."""
    for tagged, others in ((1, 5), (5, 1)):
        expected = {"2024": "pending"}
        assert expected == outcomes(rule("XH-4-2"), sessions(tagged, others), "2024", "2024-11-20")
        assert f"{tagged}/6" in messages(rule("XH-4-2"), sessions(tagged, others), "2024", "2024-11-20")["2024"]


def test_case_51_no_session_at_all_is_reported_by_the_other_clause(rule: Find) -> None:
    """A year without any study is not evaluable as a share; that the study is missing is another clause's finding."""
    expected = {"2024": "unknown"}
    assert expected == outcomes(rule("XH-4-2"), sessions(0, 0), "2024")
    assert "分母为零，不能评" in messages(rule("XH-4-2"), sessions(0, 0), "2024")["2024"]
    expected = {"2024": "fail"}
    assert expected == outcomes(rule("XH-8-5"), sessions(0, 0), "2024")


def town(members: int, warned: int, more: str = "") -> str:
    """A town's record of the first half of 2024 with so many members and 警示型党员."""
    issues = ", ".join(f"{{found: 2024-06-20, kind: 警示型党员, topic: 党员{n}}}" for n in range(warned))
    log = "log: [{date: 2024-01-09, type: 中心组学习}]"
    return f"{{organization: {{name: 某镇党委}}, headcount: {{formal: {members}}}, issues: [{issues}], {log}{more}}}"


@pytest.mark.parametrize(
    ("members", "warned", "expected"),
    [(200, 1, "manual"), (201, 1, "fail"), (400, 2, "manual"), (401, 2, "fail"), (40, 0, "fail"), (1000, 5, "manual")],
)
def test_case_52_five_per_mille_of_the_town(rule: Find, members: int, warned: int, expected: str) -> None:
    """GB's 5‰ is tested on whole numbers and on the town's total: a thousandfold part is at least five wholes."""
    assert {"2024H1": expected} == outcomes(rule("GB-4.5.3-7"), town(members, warned), "2024H1")


def test_case_52_never_a_deficiency_of_a_branch(gaibei: Standard, rule: Find) -> None:
    """For a branch of forty 5‰ would force one in forty: the clause is the town's and stays in the annex."""
    record = "{formal: 40, log: [{date: 2024-01-09, type: 党课}], issues: []}"
    assessment = assessed(gaibei, record, "2024")
    assert rule("GB-4.5.3-7").by_superior
    assert "GB-4.5.3-7" not in {d.rule.id for d in assessment.deficiencies}
    assert "GB-4.5.3-7" in {o.rule.id for o in assessment.annex()}
    assert judged(rule("GB-4.5.3-7"), record, "2024").outcome != "fail"


@pytest.mark.parametrize(("assessed_then", "expected"), [(400, "manual"), (401, "fail")])
def test_case_52_denominator_is_the_members_assessed_that_half_year(
    rule: Find, assessed_then: int, expected: str
) -> None:
    """Of a thousand members four hundred were assessed: two 警示型 are exactly 5‰ of those, not of the town."""
    grades = ", ".join(f"{{name: 党员{n}, grade: 警示型}}" for n in range(2))
    review = f"{{id: a, date: 2024-06-20, for: 2024H1, assessed: {assessed_then}, results: [{grades}]}}"
    assert expected == judged(rule("GB-4.5.3-7"), town(1000, 2, f", appraisals: [{review}]"), "2024H1").outcome


@pytest.mark.parametrize(
    ("rule_id", "kind", "models", "expected"),
    [
        ("VOC-B4.2.2-4a", "limit", 4, "pass"),
        ("VOC-B4.2.2-4a", "limit", 3, "fail"),
        ("VOC-B4.2.2-4b", "share", 4, "pass"),
        ("VOC-B4.2.2-4b", "share", 3, "fail"),
    ],
)
def test_case_53_forty_branches_of_2020_give_the_same_by_count_and_by_ratio(
    rule: Find, rule_id: str, kind: str, models: int, expected: str
) -> None:
    """VOC's figures of 2020 imply forty branches: with so many its four and its tenth are the same demand."""
    model = ", accreditation: [{level: 校级样板, date: 2020-06-01}]"
    rows = [f"{{id: z{n}, name: 第{n}支部{model if n <= models else ''}}}" for n in range(1, 41)]
    record = f"{{organization: {{name: 某校党委, type: 学校党委}}, branches: [{', '.join(rows)}]}}"
    assert kind == rule(rule_id).check.kind
    assert expected == judged(rule(rule_id), record, "2020", "2020-12-31").outcome


@pytest.mark.parametrize("rule_id", TERMS)
@pytest.mark.parametrize(
    ("as_of", "expected"), [("2024-11-30", "pending"), ("2024-12-01", "fail"), ("2030-01-01", "fail")]
)
def test_case_54_last_day_in_time(rule: Find, rule_id: str, as_of: str, expected: str) -> None:
    """Elected on 30 November 2021 for three years: in time until 30 November 2024, overdue from the day after."""
    record = "committee: {exists: true, elected: 2021-11-30, term_years: 3}"
    assert {"term:2021-11-30": expected} == outcomes(rule(rule_id), record, as_of[:4], as_of)


@pytest.mark.parametrize("rule_id", TERMS)
@pytest.mark.parametrize(
    ("approval", "expected"),
    [("", "unknown"), ("term_years: 3,", "fail"), ("term_years: 5,", "pending")],
)
def test_case_55_document_without_a_term_takes_it_from_the_approval(
    rule: Find, rule_id: str, approval: str, expected: str
) -> None:
    """ZJU, QHU and GB name no years: the approval's count, or nobody can tell; VOC's three are not lent."""
    record = f"committee: {{exists: true, {approval} elected: 2021-06-15}}"
    assert {"term:2021-06-15": expected} == outcomes(rule(rule_id), record, "2024", "2024-12-31")


def test_case_55_xuhui_asks_for_the_papers_and_lends_no_years(xuhui: Standard) -> None:
    """XH's 规范换届 names no years either: no rule of it reckons a term."""
    expected = []
    assert expected == [rule.id for rule in xuhui.rules if rule.check.kind == "term"]


SECRETARY = """
  committee: {elected: 2021-06-15, posts: [{name: 甲, post: 书记}]}
  log: [{date: 2024-01-09, type: 党课}]
"""


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ("{name: 甲, from: 2024-04-01, days: 3}, {name: 甲, from: 2024-09-02, days: 2}", "pass"),
        ("{name: 甲, from: 2024-04-01, days: 3}, {name: 甲, from: 2024-09-02, days: 1.5}", "fail"),
        ("{name: 甲, from: 2024-04-01, days: 3}, {name: 乙, from: 2024-09-02, days: 2}", "fail"),
        ("{name: 甲, from: 2024-04-01, to: 2024-04-05, days: 5}", "pass"),
    ],
)
def test_case_56_days_of_training_add_up_over_the_year(rule: Find, courses: str, expected: str) -> None:
    """XH's week may be the sum of several courses: five working days of the secretary's own."""
    record = f"{SECRETARY}\n  training: [{courses}]"
    assert {"2024/甲": expected} == outcomes(rule("XH-7-3"), record, "2024")


def test_case_56_one_run_of_seven_days_is_a_week(rule: Find) -> None:
    """A course from Monday to Sunday is a week, whether or not its days were counted; one of three days is none."""
    record = f"{SECRETARY}\n  training: [{{name: 甲, from: 2024-07-01, to: 2024-07-0{{0}}}}]"
    expected = {"2024/甲": "pass"}
    assert expected == outcomes(rule("XH-7-3"), record.replace("{0}", "7"), "2024")
    expected = {"2024/甲": "fail"}
    assert expected == outcomes(rule("XH-7-3"), record.replace("{0}", "3, days: 3"), "2024")


@pytest.mark.parametrize(
    ("second", "expected"), [("2024-04-02, to: 2024-04-04", "fail"), ("2024-04-09, to: 2024-04-11", "pass")]
)
def test_case_56_days_of_overlapping_courses_are_counted_once(rule: Find, second: str, expected: str) -> None:
    """Two courses of three days that share two of them are four days; one after the other they are six."""
    courses = f"{{name: 甲, from: 2024-04-01, to: 2024-04-03, days: 3}}, {{name: 甲, from: {second}, days: 3}}"
    record = f"{SECRETARY}\n  training: [{courses}]"
    assert {"2024/甲": expected} == outcomes(rule("XH-7-3"), record, "2024")


@pytest.mark.parametrize(
    ("entry", "enough", "paid"),
    [
        ("month: 2024-01, due: 20, paid: 20", "manual", "manual"),
        ("month: 2024-01, due: 20, paid: 19.99", "fail", "manual"),
        ("month: 2024-01, paid: 20", "unknown", "manual"),
        ("month: 2024Q1, due: 60, paid: 60", "manual", "manual"),
        ("month: 2023-12, due: 20, paid: 20", "manual", "fail"),
    ],
)
def test_case_57_dues_count_for_what_they_cover(rule: Find, entry: str, enough: str, paid: str) -> None:
    """Too little is 未足额, without the sum due only 有无 is told; dues paid in January for December are December's."""
    record = f"""
      coverage: {{from: 2024-01-01, to: 2024-12-31}}
      members: [{{name: 甲, status: 正式}}]
      dues: [{{id: a, name: 甲, {entry}, paid_on: 2024-01-10}}]
    """
    assert {"on:a": enough} == outcomes(rule("XH-8-13a"), record, "2024")
    assert {"2024/甲": paid} == outcomes(rule("XH-8-13b"), record, "2024")


@pytest.mark.parametrize("rule_id", ["ZJU-2.5-23", "GB-4.6.2-4", "XH-8-13a", "XH-8-13b"])
def test_case_57_no_document_lends_a_deadline_or_a_rate(rule: Find, rule_id: str) -> None:
    """No text names the day or the rate: the rules ask for a record and for the sum due as the branch wrote it."""
    check = rule(rule_id).check.model_dump(mode="json", exclude_none=True)
    assert not check.get("bands")
    assert check.get("per") != "month"
    assert rule(rule_id).assumed
