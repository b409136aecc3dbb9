"""Worked cases 27-31 and 36-41 on the rules of the five documents: which body met, which bodies a branch has.

VOC's and the national rules are tested in ``test_worked_cases_events`` and ``test_worked_cases_who_counts``.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, judged, messages, months, outcomes
from dangjian_check.rulebook.standard import Standard

COMMITTEE_MEETINGS = ["ZJU-2.5-1", "GB-4.5.1-2"]


@pytest.mark.parametrize(
    ("rule_id", "kind", "window"),
    [
        ("ZJU-2.5-1", "支委扩大会", "2024-03"),
        ("GB-4.5.1-2", "支委扩大会", "2024-03"),
        ("ZJU-2.5-2", "支委扩大会", "2024-03"),
        ("ZJU-2.5-3", "党小组会", "2024Q1"),
        ("XH-8-1a", "支委扩大会", "2024"),
    ],
)
def test_case_27_another_body_is_not_the_one_named(rule: Find, rule_id: str, kind: str, window: str) -> None:
    """An enlarged committee meeting is no committee meeting and no assembly; groups meeting on one day are none."""
    groups = "groups: [{id: g1}, {id: g2}]," if kind == "党小组会" else "groups: [],"
    log = ", ".join(f"{{date: 2024-03-09, type: {kind}, group: {g}}}" for g in ("g1", "g2"))
    log = log if kind == "党小组会" else f"{{date: 2024-03-09, type: {kind}}}"
    record = f"{{committee: 2022-06-15, {groups} log: [{log}]}}"
    assert {window: "fail"} == outcomes(rule(rule_id), record, window)


BY_GROUPS = "{{date: 2024-03-0{0}, type: [党小组会, 集中学习], group: g{0}}}"


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("{date: 2024-03-05, type: 集中学习}", ("pass", "pass", "pass")),
        ("{date: 2024-03-05, type: [党员大会, 集中学习]}", ("pass", "pass", "pass")),
        ("{date: 2024-03-05, type: 党员大会}", ("fail", "fail", "fail")),
        (", ".join(BY_GROUPS.format(n) for n in (1, 2, 3)), ("pass", "pass", "pass")),
        (", ".join(BY_GROUPS.format(n) for n in (1, 2)), ("pass", "pass", "fail")),
    ],
)
def test_case_28_study_by_the_branch_or_by_every_group(rule: Find, log: str, expected: tuple[str, str, str]) -> None:
    """Under ZJU one session of the branch serves every group; of three groups two meeting leave the third missed."""
    record = f"{{groups: [{{id: g1}}, {{id: g2}}, {{id: g3}}], log: [{log}]}}"
    found = outcomes(rule("ZJU-2.5-9b"), record, "2024-03")
    assert dict(zip(("2024-03/g1", "2024-03/g2", "2024-03/g3"), expected, strict=True)) == found
    expected = {"2024-03": "not_applicable"}
    assert expected == outcomes(rule("ZJU-2.5-9a"), record, "2024-03")


def test_case_28_branch_without_groups_studies_itself(rule: Find) -> None:
    """Without groups the branch owes ZJU's monthly study; an assembly with a recorded study item is one."""
    record = """
      groups: []
      log:
        - {date: 2024-01-05, type: 集中学习}
        - {date: 2024-02-05, type: [党员大会, 集中学习]}
        - {date: 2024-03-05, type: 党员大会}
    """
    expected = {"2024-01": "pass", "2024-02": "pass", "2024-03": "fail"}
    assert expected == outcomes(rule("ZJU-2.5-9a"), record, "2024Q1")
    expected = {"2024-01": "not_applicable", "2024-02": "not_applicable", "2024-03": "not_applicable"}
    assert expected == outcomes(rule("ZJU-2.5-9b"), record, "2024Q1")


def test_case_29_seminar_inside_the_monthly_study_meets_both(rule: Find) -> None:
    """ZJU's seminar of the quarter may be one of its three monthly study sessions."""
    record = """
      groups: []
      log:
        - {every: month, from: 2024-01, to: 2024-02, type: 集中学习}
        - {date: 2024-03-10, type: [集中学习, 专题研讨], topic: 党章}
    """
    expected = {"2024-01": "pass", "2024-02": "pass", "2024-03": "pass"}
    assert expected == outcomes(rule("ZJU-2.5-9a"), record, "2024Q1")
    expected = {"2024Q1": "pass"}
    assert expected == outcomes(rule("ZJU-2.5-10"), record, "2024Q1")


@pytest.mark.parametrize(("second", "expected"), [("党章", "fail"), ("准则", "pass")])
def test_case_29_two_sessions_on_one_topic_are_one_topic(rule: Find, second: str, expected: str) -> None:
    """GB's 若干专题 counts different topics, read as two and flagged; ZJU's quarter owes one topic."""
    record = f"""
      log:
        - {{date: 2024-01-10, type: 专题研讨, topic: 党章}}
        - {{date: 2024-03-10, type: 专题研讨, topic: {second}}}
    """
    assert {"2024": expected} == outcomes(rule("GB-3.1.3-1b"), record)
    assert any("若干" in reading for reading in rule("GB-3.1.3-1b").assumed)
    expected = {"2024Q1": "pass"}
    assert expected == outcomes(rule("ZJU-2.5-10"), record, "2024Q1")


@pytest.mark.parametrize(("rule_id", "window"), [("ZJU-2.5-5", "2024Q1"), ("GB-4.5.1-4", "2024")])
@pytest.mark.parametrize(("attendance", "expected"), [("attendance: {present: [甲]}", "pass"), ("", "unknown")])
def test_case_30_superiors_lecture_counts_with_a_list(
    rule: Find, rule_id: str, window: str, attendance: str, expected: str
) -> None:
    """A superior's lecture is the branch's 党课 where a list of those who went was kept."""
    record = f"log: [{{date: 2024-03-15, type: 党课, level: 上级, lecturer: 某教授, {attendance}}}]"
    assert {window: expected} == outcomes(rule(rule_id), record, window)


@pytest.mark.parametrize("rule_id", ["GB-4.5.1-7", "XH-8-10", "QHU-3.5-2"])
def test_case_30_superiors_lecture_is_not_the_secretarys(rule: Find, rule_id: str) -> None:
    """Going to a superior's lecture is no 书记讲党课 under any document."""
    record = """
      committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}]}
      log: [{date: 2024-03-15, type: 党课, level: 上级, lecturer: 某教授, attendance: {present: [甲]}}]
    """
    expected = {"2024": "fail"}
    assert expected == outcomes(rule(rule_id), record)


@pytest.mark.parametrize(
    ("rule_id", "kind", "expected"),
    [
        ("ZJU-2.5-1", "支委会", "fail"),
        ("GB-4.5.1-2", "支委会", "fail"),
        ("ZJU-2.5-2", "党员大会", "fail"),
        ("XH-9-1", "主题党日", "pass"),
        ("GB-4.5.2-2", "主题党日", "pass"),
        ("QHU-3.5-5", "主题党日", "pass"),
        ("ZJU-2.5-9a", "集中学习", "pass"),
    ],
)
def test_case_31_own_bodies_cannot_meet_jointly(rule: Find, rule_id: str, kind: str, expected: str) -> None:
    """Theme day and study held with another branch count, an assembly or committee meeting does not."""
    activity = f"{{date: 2024-03-09, type: {kind}, joint_with: 第二党支部, attendance: {{present: [甲]}}}}"
    record = f"{{committee: 2022-06-15, groups: [], log: [{activity}]}}"
    assert {"2024-03": expected} == outcomes(rule(rule_id), record, "2024-03")


@pytest.mark.parametrize("rule_id", COMMITTEE_MEETINGS)
def test_case_36_small_branch_without_committee_owes_no_meetings(rule: Find, rule_id: str) -> None:
    """Without a 支委会 its monthly meetings do not apply under ZJU and GB."""
    record = "{formal: 6, probationary: 5, committee: false, log: [{date: 2024-01-09, type: 党课}]}"
    assert months(2024, "not_applicable") == outcomes(rule(rule_id), record)
    assert "未设支委会" in messages(rule(rule_id), record)["2024-03"]


def test_case_36_small_branch_owes_no_committee_meeting_without_number_either(rule: Find) -> None:
    """XH's 定期 committee meetings do not apply without a 支委会 either; QHU demands none by themselves."""
    record = "{formal: 6, committee: false, log: [{date: 2024-01-09, type: 党课}]}"
    expected = {"2024": "not_applicable"}
    assert expected == outcomes(rule("XH-8-2"), record)


@pytest.mark.parametrize("name", ["zju", "qhu", "gaibei", "xuhui"])
def test_case_36_no_document_but_voc_asks_nine_members_for_a_committee(
    zju: Standard, qhu: Standard, gaibei: Standard, xuhui: Standard, name: str
) -> None:
    """Seven is VOC's and the nation's number: under the other four nine members without a 支委会 miss nothing of it."""
    chosen = {"zju": zju, "qhu": qhu, "gaibei": gaibei, "xuhui": xuhui}[name]
    record = """
      formal: 9
      committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}]}
      log: [{date: 2024-01-09, type: 党课}]
    """
    found = assessed(chosen, record, "2024")
    assert found.deficiencies
    assert not [d.message for d in found.deficiencies if "支委会" in d.rule.title]


def test_case_38_stricter_duty_is_not_imposed_on_the_mixed_month(rule: Find) -> None:
    """Groups formed on 15 May: January to April each owe ZJU's assembly, Q2 owes one overall, Q3 and Q4 one each."""
    record = """
      groups: [{id: g1, formed: 2024-05-15}, {id: g2, formed: 2024-05-15}]
      log: [{date: 2024-02-09, type: 党员大会}, {date: 2024-04-09, type: 党员大会}, {date: 2024-12-09, type: 党员大会}]
    """
    owed = {"m01": "fail", "m02": "pass", "m03": "fail", "m04": "pass"}
    assert months(2024, "not_applicable", **owed) == outcomes(rule("ZJU-2.5-2"), record, "2024")
    expected = {"2024Q1": "not_applicable", "2024Q2": "pass", "2024Q3": "fail", "2024Q4": "pass"}
    assert expected == outcomes(rule("ZJU-2.5-3"), record, "2024")


@pytest.mark.parametrize("rule_id", ["ZJU-2.5-4", "GB-4.5.1-3"])
def test_case_39_each_group_is_counted_by_itself(rule: Find, rule_id: str) -> None:
    """One of three groups met three times in a month: two are missed; a group owes only months it existed in full."""
    record = """
      groups: [{id: g1}, {id: g2}, {id: g3}, {id: g4, formed: 2024-03-02}]
      log: [{date: 2024-03-05, type: 党小组会, group: g1}, {date: 2024-03-12, type: 党小组会, group: g1},
            {date: 2024-03-19, type: 党小组会, group: g1}]
    """
    expected = {"2024-03/g1": "pass", "2024-03/g2": "fail", "2024-03/g3": "fail", "2024-03/g4": "not_applicable"}
    assert expected == outcomes(rule(rule_id), record, "2024-03")


def test_case_39_group_without_a_number_is_counted_by_itself_too(rule: Find) -> None:
    """XH's 按期 asks each group for a meeting in the year; one group's do not serve another."""
    record = "{groups: [{id: g1}, {id: g2}], log: [{date: 2024-03-05, type: 党小组会, group: g1}]}"
    expected = {"2024/g1": "manual", "2024/g2": "fail"}
    assert expected == outcomes(rule("XH-8-1b"), record)


@pytest.mark.parametrize(
    ("branch_type", "expected"), [("教师", "fail"), ("行政教辅", "not_applicable"), ("学生", "not_applicable")]
)
def test_case_41_dual_leader_is_zjus_project_and_only_a_hint(rule: Find, branch_type: str, expected: str) -> None:
    """ZJU's 双带头人 is a project: a teacher branch's secretary who is none is an advisory, other branches are free."""
    record = f"{{type: {branch_type}, committee: {{posts: [{{name: 甲, post: 书记, dual_leader: false}}]}}}}"
    advisory = rule("ZJU-2.4-7b")
    assert expected == judged(advisory, record, "2024").outcome
    expected = "info"
    assert expected == advisory.severity


def test_case_41_zju_never_costs_the_branch_a_point(zju: Standard) -> None:
    """Under ZJU a secretary without the double role is no deficiency of the branch; under VOC he costs two points."""
    record = "{{type: 教师, committee: {{posts: [{{name: 甲, post: 书记, dual_leader: {0}}}]}}}}"
    with_it, without = (assessed(zju, record.format(value), "2024") for value in ("true", "false"))
    assert with_it.score is not None
    assert without.score is not None
    assert (with_it.score.low, with_it.score.high) == (without.score.low, without.score.high)
    assert "ZJU-2.4-7b" not in {d.rule.id for d in without.deficiencies}
