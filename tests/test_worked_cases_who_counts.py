"""Worked cases 34-41: who counts, and which bodies the branch has.

38 (ZJU's 党员大会 with and without groups) is tested here on small rules; the other documents' side of 36, 38, 39 and
41 in ``test_documents_cases_who``. Of 37, the softer tone in the first three months after crossing seven is a setting
that no standard has yet.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, judged, messages, months, outcomes, rule_of
from dangjian_check.rulebook.standard import Standard

COMMITTEE_OWED = ["VOC-1.2.1-1", "NAT-ZB-21-1"]


def roster(formal: int, probationary: int = 0, *others: str) -> str:
    """A members list of so many full and probationary members, and some written out."""
    listed = [f"{{name: 正{n}, status: 正式}}" for n in range(formal)]
    listed += [f"{{name: 预{n}, status: 预备}}" for n in range(probationary)]
    return f"members: [{', '.join([*listed, *others])}]"


@pytest.mark.parametrize(
    ("bounds", "passing", "failing"),
    [("min: 3", 3, 2), ("over: 3", 4, 3), ("max: 50", 50, 51), ("under: 7", 6, 7)],
)
def test_case_34_limits_include_the_number_as_in_legal_usage(bounds: str, passing: int, failing: int) -> None:
    """以上, 不少于 and 不超过 include the number; 超过 and 不足 do not."""
    limit = rule_of(f"check: {{kind: limit, of: formal_members, {bounds}}}")
    expected = {"state": "pass"}
    assert expected == outcomes(limit, f"formal: {passing}", "2024")
    expected = {"state": "fail"}
    assert expected == outcomes(limit, f"formal: {failing}", "2024")


@pytest.mark.parametrize(
    ("rule_id", "passing", "failing"),
    [
        ("VOC-1.1.1-1", "formal: 3", "formal: 2"),
        ("NAT-ZB-4-2", "formal: 3", "formal: 2"),
        ("VOC-1.1.1-4", "formal: 50", "formal: 51"),
        ("NAT-ZB-4-3", "formal: 50", "formal: 51"),
        ("VOC-1.2.1-1", "{formal: 6, committee: false}", "{formal: 7, committee: false}"),
        ("NAT-ZB-21-1", "{formal: 6, committee: false}", "{formal: 7, committee: false}"),
    ],
)
def test_case_34_the_thresholds_three_seven_and_fifty(rule: Find, rule_id: str, passing: str, failing: str) -> None:
    """Three full members suffice, fifty members pass and fifty-one fail, six need no 支委会 and seven do."""
    expected = {"state": "pass"}
    assert expected == outcomes(rule(rule_id), passing, "2024")
    expected = {"state": "fail"}
    assert expected == outcomes(rule(rule_id), failing, "2024")


@pytest.mark.parametrize(("present", "expected"), [(2, "pass"), (1, "fail")])
def test_case_34_exactly_half_is_half(rule: Find, present: int, expected: str) -> None:
    """不少于二分之一 is met by exactly one half."""
    record = f"log: [{{id: a, date: 2024-01-10, type: 支委会, attendance: {{expected: 4, present: {present}}}}}]"
    assert {"on:a": expected} == outcomes(rule("NAT-ZB-12-2"), record)


@pytest.mark.parametrize(
    ("rule_id", "record", "expected"),
    [
        ("VOC-1.1.1-1", "{formal: 2, probationary: 5}", "fail"),
        ("NAT-ZB-4-2", "{formal: 2, probationary: 5}", "fail"),
        ("VOC-1.2.1-1", "{formal: 6, probationary: 5, committee: false}", "pass"),
        ("NAT-ZB-21-1", "{formal: 6, probationary: 5, committee: false}", "pass"),
        ("VOC-1.1.1-4", "{formal: 48, probationary: 3}", "fail"),
        ("NAT-ZB-4-3", "{formal: 48, probationary: 3}", "fail"),
    ],
)
def test_case_35_three_and_seven_exclude_probationary_members_and_fifty_includes_them(
    rule: Find, rule_id: str, record: str, expected: str
) -> None:
    """Six full and five probationary members need no 支委会; forty-eight and three are more than fifty."""
    assert {"state": expected} == outcomes(rule(rule_id), record, "2024")


def test_case_35_roster_and_headcount_say_the_same(rule: Find) -> None:
    """A roster of six full and five probationary members is read like the head count."""
    record = f"{{committee: false, {roster(6, 5)}}}"
    expected = {"state": "pass"}
    assert expected == outcomes(rule("VOC-1.2.1-1"), record, "2024")
    expected = {"state": "fail"}
    assert expected == outcomes(rule("VOC-1.1.1-4"), f"{{{roster(48, 3)}}}", "2024")


@pytest.mark.parametrize("rule_id", ["VOC-4.1.1-2", "NAT-ZB-12-1"])
def test_case_36_small_branch_without_committee_owes_no_meetings(rule: Find, rule_id: str) -> None:
    """Where there is no 支委会 its monthly meetings do not apply; they are not missed."""
    record = "{formal: 6, committee: false, log: [{date: 2024-01-09, type: 党课}]}"
    assert months(2024, "not_applicable") == outcomes(rule(rule_id), record)
    assert "未设支委会" in messages(rule(rule_id), record)["2024-03"]


@pytest.mark.parametrize(("body", "meetings"), [("VOC-1.2.1-1", "VOC-4.1.1-2"), ("NAT-ZB-21-1", "NAT-ZB-12-1")])
def test_case_36_missing_committee_is_one_finding_and_not_twelve_more(
    rule: Find, voc: Standard, national: Standard, body: str, meetings: str
) -> None:
    """Nine full members and no 支委会 give one finding for the body, none for the meetings it cannot hold."""
    record = """
      formal: 9
      committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}]}
      log: [{date: 2024-01-09, type: 党课}]
    """
    standard = voc if voc.rule(body) else national
    found = [d.rule.id for d in assessed(standard, record).deficiencies if d.rule.id in (body, meetings)]
    assert [body] == found
    assert months(2024, "not_applicable") == outcomes(rule(meetings), record)


@pytest.mark.parametrize("rule_id", COMMITTEE_OWED)
@pytest.mark.parametrize(
    ("as_of", "expected"), [("2024-06-30", "pass"), ("2024-07-01", "fail"), ("2024-12-31", "fail")]
)
def test_case_37_structure_is_judged_at_the_audit_day(rule: Find, rule_id: str, as_of: str, expected: str) -> None:
    """The seventh full member, confirmed on 1 July, counts from that day on and not before."""
    seventh = "{name: 新, status: 正式, admitted: 2023-07-01, confirmed: 2024-07-01}"
    record = f"{{committee: false, {roster(6, 0, seventh)}}}"
    assert {"state": expected} == outcomes(rule(rule_id), record, "2024", as_of)


@pytest.mark.parametrize("rule_id", COMMITTEE_OWED)
@pytest.mark.parametrize(("as_of", "expected"), [("2024-07-09", "fail"), ("2024-07-10", "not_applicable")])
def test_case_37_committee_counts_from_the_day_it_was_formed(
    rule: Find, rule_id: str, as_of: str, expected: str
) -> None:
    """Seven full members owe a 支委会 until the day it was formed."""
    record = "{formal: 7, committee: {exists: true, formed: 2024-07-10, elected: 2024-07-10}, log: []}"
    assert {"state": expected} == outcomes(rule(rule_id), record, "2024", as_of)


@pytest.mark.parametrize(
    ("rule_id", "size", "before", "after"),
    [("VOC-1.1.1-4", 50, "fail", "pass"), ("VOC-1.1.1-1", 2, "pass", "fail")],
)
def test_case_37_leaving_member_counts_until_the_day_of_leaving(
    rule: Find, rule_id: str, size: int, before: str, after: str
) -> None:
    """The same holds for three and fifty: who left on 1 July counted on 30 June and no longer on 1 July."""
    record = f"{{{roster(size, 0, '{name: 走, status: 正式, to: 2024-07-01}')}}}"
    assert {"state": before} == outcomes(rule(rule_id), record, "2024", "2024-06-30")
    assert {"state": after} == outcomes(rule(rule_id), record, "2024", "2024-07-01")


@pytest.mark.parametrize("rule_id", ["VOC-4.1.1-2", "NAT-ZB-12-1"])
def test_case_37_meetings_are_owed_by_the_body_that_existed_then(rule: Find, rule_id: str) -> None:
    """A 支委会 formed on 10 July owes its meetings from August on."""
    record = """
      committee: {exists: true, formed: 2024-07-10, elected: 2024-07-10}
      log: [{date: 2024-01-09, type: 党课}, {every: month, from: 2024-08, to: 2024-11, type: 支委会}]
    """
    before = {f"m{n:02d}": "not_applicable" for n in range(1, 8)}
    assert months(2024, "pass", m12="fail", **before) == outcomes(rule(rule_id), record)


def test_case_38_stricter_duty_is_not_imposed_on_the_mixed_month() -> None:
    """Groups formed on 15 May: January to April each owe an assembly, then Q2 owes one overall, Q3 and Q4 one each."""
    monthly = rule_of(
        """
        applies_when: {branch.had_groups: false}
        check: {kind: frequency, select: {type: 党员大会}, per: month, min: 1}
        """
    )
    quarterly = rule_of(
        """
        applies_when: {branch.had_groups: true}
        check: {kind: frequency, select: {type: 党员大会}, per: quarter, min: 1}
        """
    )
    record = """
      groups: [{id: g1, formed: 2024-05-15}, {id: g2, formed: 2024-05-15}]
      log: [{date: 2024-01-09, type: 党员大会}, {date: 2024-06-30, type: 党员大会}, {date: 2024-12-09, type: 党员大会}]
    """
    later = {f"m{n:02d}": "not_applicable" for n in range(5, 13)}
    assert months(2024, "fail", m01="pass", **later) == outcomes(monthly, record)
    expected = {"2024Q1": "not_applicable", "2024Q2": "pass", "2024Q3": "fail", "2024Q4": "pass"}
    assert expected == outcomes(quarterly, record)


@pytest.mark.parametrize("rule_id", ["VOC-4.1.1-1", "NAT-ZB-13-4"])
def test_case_39_each_group_is_counted_by_itself(rule: Find, rule_id: str) -> None:
    """Three meetings of one group leave the two others missed."""
    record = """
      groups: [{id: g1}, {id: g2}, {id: g3}]
      log:
        - {date: 2024-03-05, type: 党小组会, group: g1}
        - {date: 2024-03-12, type: 党小组会, group: g1}
        - {date: 2024-03-19, type: 党小组会, group: g1}
    """
    expected = {"2024-03/g1": "pass", "2024-03/g2": "fail", "2024-03/g3": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2024-03")


@pytest.mark.parametrize("rule_id", ["VOC-4.1.1-1", "NAT-ZB-13-4"])
def test_case_39_group_owes_only_months_it_existed_in_full(rule: Find, rule_id: str) -> None:
    """A group formed on 15 February and dissolved on 10 May owes March and April."""
    record = """
      groups: [{id: g1, formed: 2024-02-15, dissolved: 2024-05-10}]
      log: [{date: 2024-01-09, type: 党课}, {date: 2024-02-20, type: 党小组会}, {date: 2024-03-20, type: 党小组会}]
    """
    found = outcomes(rule(rule_id), record, "2024-02..2024-05")
    expected = {
        "2024-02/g1": "not_applicable",
        "2024-03/g1": "pass",
        "2024-04/g1": "fail",
        "2024-05/g1": "not_applicable",
    }
    assert expected == found


@pytest.mark.parametrize("rule_id", ["VOC-1.3.1-2", "NAT-ZB-23-1"])
@pytest.mark.parametrize(
    ("confirmed", "since", "expected"),
    [
        ("2021-06-15", "2022-06-15", "pass"),
        ("2021-06-15", "2022-06-14", "fail"),
        ("2020-02-29", "2021-02-28", "pass"),
        ("2020-02-29", "2021-02-27", "fail"),
    ],
)
def test_case_40_party_age_runs_from_confirmation_to_appointment(
    rule: Find, rule_id: str, confirmed: str, since: str, expected: str
) -> None:
    """One year of 党龄 on the day of appointment, anniversary included, counted from 转正 and not from admission."""
    record = f"""
      members: [{{name: 甲, status: 正式, admitted: 2010-01-01, confirmed: {confirmed}}}]
      committee: {{elected: 2018-06-15, posts: [{{name: 甲, post: 书记, since: {since}}}]}}
    """
    assert {"state/甲": expected} == outcomes(rule(rule_id), record, "2024")
    expected = "should"
    assert expected == rule(rule_id).strength


@pytest.mark.parametrize(
    ("branch_type", "expected"), [("教师", "fail"), ("行政教辅", "not_applicable"), ("学生", "not_applicable")]
)
def test_case_41_dual_leader_is_owed_by_teacher_branches_only(rule: Find, branch_type: str, expected: str) -> None:
    """双带头人 binds teacher branches; the administrative staff's branch is no teacher branch."""
    record = f"{{type: {branch_type}, committee: {{posts: [{{name: 甲, post: 书记, dual_leader: false}}]}}}}"
    assert expected == judged(rule("VOC-1.3.1-4"), record, "2024").outcome


@pytest.mark.parametrize(("branch_type", "binds"), [("教师", True), ("行政教辅", True), ("学生", False)])
def test_case_41_backbone_is_owed_by_all_staff_branches(rule: Find, branch_type: str, binds: bool) -> None:
    """The backbone clause binds the administrative staff's branch as well as the teachers'."""
    record = f"{{type: {branch_type}, committee: {{posts: [{{name: 甲, post: 书记}}]}}}}"
    assert binds == (judged(rule("VOC-1.3.1-3"), record, "2024").outcome != "not_applicable")
