"""Worked cases 24-33: one event and several duties, and what is no event at all.

28 and 29 (ZJU's study by the branch or by every group, its seminar inside the monthly study, the distinct topics of
GB) are tested here on small rules and on the documents' own in ``test_documents_cases_who``. The "stacking" advisory of
33 comes with the doubt signals; that two different lectures of one day both count is tested.
"""

from __future__ import annotations

import pytest

from builders import Find, near_misses, outcomes, rule_of

ASSEMBLIES = ["VOC-4.1.1-3", "NAT-ZB-11-1"]
GROUP_MEETINGS = ["VOC-4.1.1-1", "NAT-ZB-13-4"]
SECRETARY = "committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}, {name: 乙, post: 组织委员}]}"


def test_case_24_theme_day_with_assembly_and_lecture_serves_each(rule: Find) -> None:
    """A theme day recorded also as 党员大会 and 党课 counts once for each of the three."""
    record = """
      log:
        - {date: 2024-03-15, type: [主题党日, 党员大会, 党课], agenda: [民主议事, 党课]}
        - {date: 2024-06-15, type: 党课}
    """
    expected = {"2024-03": "pass"}
    assert expected == outcomes(rule("VOC-4.4.1-1"), record, "2024-03")
    assert expected == outcomes(rule("NAT-ZB-16-3"), record, "2024-03")
    expected = {"2024Q1": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-3"), record, "2024Q1")
    assert expected == outcomes(rule("NAT-ZB-11-1"), record, "2024Q1")
    expected = {"2024-spring": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")


@pytest.mark.parametrize("written", ["[党课, 党课]", "[党课, 上党课]", "[党课, 主题党日, 专题党课]"])
def test_case_24_never_twice_for_the_same_kind(rule: Find, written: str) -> None:
    """One event never counts twice for one kind, however often or differently the kind is written."""
    record = f"{{log: [{{date: 2024-03-15, type: {written}}}]}}"
    expected = {"2024-spring": "fail"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")


def test_case_25_one_lecture_by_the_secretary_serves_three_duties(rule: Find) -> None:
    """A lecture by a secretary who is a leading cadre counts as 党课, as 书记讲党课 and as 领导干部讲党课."""
    record = f"""
      {SECRETARY}
      members: [{{name: 甲, status: 正式, leading_cadre: true}}]
      log: [{{date: 2024-03-15, type: 党课, lecturer: 甲}}, {{date: 2024-05-15, type: 党课, lecturer: 乙}}]
    """
    expected = {"2024-spring": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")
    expected = {"2024": "pass"}
    assert expected == outcomes(rule("VOC-4.5.1-5"), record, "2024")
    expected = {"2024/甲": "pass"}
    assert expected == outcomes(rule("VOC-4.5.1-2"), record, "2024")


@pytest.mark.parametrize(("meeting", "appraisal"), [("VOC-4.2.1-1", "VOC-4.3.1-1"), ("NAT-ZB-17-1", "NAT-ZB-18-1")])
@pytest.mark.parametrize(
    ("types", "met", "appraised"),
    [("[组织生活会, 民主评议]", "pass", "pass"), ("组织生活会", "pass", "fail"), ("民主评议", "fail", "pass")],
)
def test_case_26_meeting_and_appraisal_on_one_day_both_count(
    rule: Find, meeting: str, appraisal: str, types: str, met: str, appraised: str
) -> None:
    """组织生活会 and 民主评议 held together are both counted if both are recorded; one is never read as the other."""
    record = f"{{log: [{{date: 2024-12-20, type: {types}}}]}}"
    assert {"2024": met} == outcomes(rule(meeting), record)
    assert {"2024": appraised} == outcomes(rule(appraisal), record)


@pytest.mark.parametrize(("types", "expected"), [("专题组织生活会", "fail"), ("[专题组织生活会, 组织生活会]", "pass")])
def test_case_26_special_meeting_doubles_as_the_yearly_one_only_if_said(rule: Find, types: str, expected: str) -> None:
    """A 专题组织生活会 serves as the year's meeting (VOC) only if the record says both."""
    record = f"""
      notices: [{{date: 2024-08-01, requires: 专题组织生活会}}]
      log: [{{date: 2024-09-01, type: {types}}}]
    """
    assert {"2024": expected} == outcomes(rule("VOC-4.2.1-1"), record)
    expected = {"2024": "manual"}
    assert expected == outcomes(rule("VOC-4.2.1-2"), record)


@pytest.mark.parametrize("rule_id", ASSEMBLIES)
@pytest.mark.parametrize("written", ["支委扩大会", "党小组会"])
def test_case_27_other_bodies_are_no_assembly(rule: Find, rule_id: str, written: str) -> None:
    """Neither an enlarged committee meeting nor all groups on one day make a 党员大会; both are shown as near."""
    record = f"""
      groups: [{{id: g1}}, {{id: g2}}]
      log:
        - {{date: 2024-02-01, type: {written}, group: g1}}
        - {{date: 2024-02-01, type: {written}, group: g2}}
    """
    expected = {"2024Q1": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2024Q1")
    assert "登记的类型不是党员大会，不能顶替" in near_misses(rule(rule_id), record, "2024Q1", "2024Q1")


@pytest.mark.parametrize("rule_id", GROUP_MEETINGS)
def test_case_27_assembly_is_no_group_meeting(rule: Find, rule_id: str) -> None:
    """A 党员大会 is not each group's 党小组会."""
    record = "{groups: [{id: g1}], log: [{date: 2024-02-01, type: 党员大会}]}"
    expected = {"2024-02/g1": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2024-02")


@pytest.mark.parametrize("rule_id", ["VOC-4.1.1-2", "NAT-ZB-12-1"])
def test_case_27_enlarged_meeting_is_no_committee_meeting(rule: Find, rule_id: str) -> None:
    """支委扩大会 does not serve the month's 支委会."""
    record = "{committee: 2022-06-15, log: [{date: 2024-02-01, type: 支委扩大会}]}"
    expected = {"2024-02": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2024-02")


STUDY_OF_EACH_GROUP = rule_of(
    """
    for_each: {in: groups}
    check: {kind: frequency, select: {type: 集中学习, by: group_or_branch}, per: month, min: 1}
    """
)


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("{date: 2024-03-05, type: 集中学习}", ("pass", "pass", "pass")),
        ("{date: 2024-03-05, type: [党员大会, 集中学习]}", ("pass", "pass", "pass")),
        (
            "{date: 2024-03-05, type: [党小组会, 集中学习], group: g1},"
            "{date: 2024-03-06, type: [党小组会, 集中学习], group: g2},"
            "{date: 2024-03-07, type: [党小组会, 集中学习], group: g3}",
            ("pass", "pass", "pass"),
        ),
        (
            "{date: 2024-03-05, type: [党小组会, 集中学习], group: g1},"
            "{date: 2024-03-06, type: [党小组会, 集中学习], group: g2}",
            ("pass", "pass", "fail"),
        ),
        (
            "{date: 2024-03-05, type: 集中学习, group: g1}, {date: 2024-03-06, type: 集中学习, group: g2}",
            ("pass", "pass", "fail"),
        ),
    ],
)
def test_case_28_study_by_the_branch_or_by_every_group(log: str, expected: tuple[str, str, str]) -> None:
    """One session of the branch serves every group; of three groups two meeting leave the third missed."""
    record = f"{{groups: [{{id: g1}}, {{id: g2}}, {{id: g3}}], log: [{log}]}}"
    found = outcomes(STUDY_OF_EACH_GROUP, record, "2024-03")
    assert dict(zip(("2024-03/g1", "2024-03/g2", "2024-03/g3"), expected, strict=True)) == found


def test_case_29_seminar_inside_the_monthly_study_meets_both() -> None:
    """The quarter's seminar may be one of the monthly study sessions, if it is recorded as both."""
    study = rule_of("check: {kind: frequency, select: {type: 集中学习}, per: month, min: 1}")
    seminar = rule_of("check: {kind: frequency, select: {type: 专题研讨}, per: quarter, min: 1}")
    record = """
      log:
        - {every: month, from: 2024-01, to: 2024-02, type: 集中学习}
        - {date: 2024-03-10, type: [集中学习, 专题研讨]}
    """
    expected = {"2024-01": "pass", "2024-02": "pass", "2024-03": "pass"}
    assert expected == outcomes(study, record, "2024Q1")
    expected = {"2024Q1": "pass"}
    assert expected == outcomes(seminar, record, "2024Q1")


@pytest.mark.parametrize(("second", "expected"), [("党章", "fail"), ("准则", "pass")])
def test_case_29_two_sessions_on_one_topic_are_one_topic(second: str, expected: str) -> None:
    """Where topics are owed, two sessions on one topic are one."""
    topics = rule_of("check: {kind: frequency, select: {type: 专题研讨}, per: year, distinct: topic, min: 2}")
    record = f"""
      log:
        - {{date: 2024-01-10, type: 专题研讨, topic: 党章}}
        - {{date: 2024-03-10, type: 专题研讨, topic: {second}}}
    """
    assert {"2024": expected} == outcomes(topics, record)


@pytest.mark.parametrize(
    ("attendance", "expected"), [("attendance: {present: [甲, 乙]}", "pass"), ("topic: 形势报告", "unknown")]
)
def test_case_30_superiors_lecture_counts_if_the_branch_organised_it(
    rule: Find, attendance: str, expected: str
) -> None:
    """A superior's lecture counts as the branch's 党课 if a list of those who went was kept; else nobody can tell."""
    record = f"""
      log:
        - {{date: 2024-03-15, type: 党课, level: 上级, lecturer: 某教授, {attendance}}}
        - {{date: 2024-05-15, type: 党课}}
    """
    assert {"2024-spring": expected} == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")


@pytest.mark.parametrize(("lecturer", "expected"), [("某教授", "fail"), ("乙", "fail"), ("甲", "pass")])
def test_case_30_superiors_lecture_is_the_secretarys_only_if_he_lectured(
    rule: Find, lecturer: str, expected: str
) -> None:
    """A superior's lecture is 书记讲党课 only if the branch secretary gave it."""
    record = f"""
      {SECRETARY}
      log: [{{date: 2024-03-15, type: 党课, level: 上级, lecturer: {lecturer}, attendance: {{present: [甲, 乙]}}}}]
    """
    assert {"2024": expected} == outcomes(rule("VOC-4.5.1-5"), record)


def test_case_31_joint_theme_day_and_lecture_count_for_the_branch(rule: Find) -> None:
    """主题党日 and 党课 held with another branch count for each of them."""
    activity = "joint_with: 第二党支部, attendance: {present: [甲, 乙]}"
    record = f"""
      log:
        - {{date: 2024-03-15, type: [主题党日, 党课], {activity}}}
        - {{date: 2024-05-15, type: 党课, {activity}}}
    """
    expected = {"2024-03": "pass"}
    assert expected == outcomes(rule("VOC-4.4.1-1"), record, "2024-03")
    assert expected == outcomes(rule("NAT-ZB-16-3"), record, "2024-03")
    expected = {"2024-spring": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")


@pytest.mark.parametrize(
    ("rule_id", "written", "window"),
    [
        ("VOC-4.1.1-2", "支委会", "2024-03"),
        ("NAT-ZB-12-1", "支委会", "2024-03"),
        ("VOC-4.1.1-3", "党员大会", "2024Q1"),
        ("NAT-ZB-11-1", "党员大会", "2024Q1"),
    ],
)
def test_case_31_own_bodies_cannot_meet_jointly(rule: Find, rule_id: str, written: str, window: str) -> None:
    """党员大会 and 支委会 are the branch's own bodies: held together with another branch they do not count."""
    record = f"""
      committee: 2022-06-15
      log: [{{date: 2024-03-15, type: {written}, joint_with: 第二党支部}}]
    """
    assert {window: "fail"} == outcomes(rule(rule_id), record, window)
    expected = [f"{written}是本支部自己的会议，与其他支部合开的不计"]
    assert expected == near_misses(rule(rule_id), record, window, window)


@pytest.mark.parametrize("status", ["流会", "取消", "计划"])
@pytest.mark.parametrize("rule_id", ["VOC-4.1.1-2", "NAT-ZB-12-1"])
def test_case_32_what_was_not_held_does_not_count(rule: Find, rule_id: str, status: str) -> None:
    """An aborted, cancelled or planned meeting does not count, even with minutes."""
    record = f"""
      committee: 2022-06-15
      log:
        - {{date: 2024-03-15, type: 支委会, status: {status}, minutes: {{written: 2024-03-16, recorder: 甲}}}}
    """
    expected = {"2024-03": "fail"}
    assert expected == outcomes(rule(rule_id), record, "2024-03")
    assert [f"状态是“{status}”，没有开成的不计"] == near_misses(rule(rule_id), record, "2024-03", "2024-03")


def test_case_33_duplicate_entries_are_one(rule: Find) -> None:
    """Same kind, day, hour and topic is one event written twice."""
    record = """
      log:
        - {date: 2024-03-15, start: "14:00", type: 党课, topic: 党史}
        - {date: 2024-03-15, start: "14:00", type: 党课, topic: 党史}
    """
    expected = {"2024-spring": "fail"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")
    expected = ["与另一条记录的类型、日期、时间、主题都相同，只计一次"]
    assert expected == near_misses(rule("VOC-4.1.1-4"), record, "2024-spring", "2024-02..2024-07")


def test_case_33_duplicate_written_with_an_alias_is_one(rule: Find) -> None:
    """The same event under two names people use for its kind is one."""
    record = "{log: [{date: 2024-03-15, type: 党课, topic: 党史}, {date: 2024-03-15, type: 微党课, topic: 党史}]}"
    expected = {"2024-spring": "fail"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")


@pytest.mark.parametrize(("start", "topic"), [("16:00", "党章"), ("16:00", "党史"), ("14:00", "党章")])
def test_case_33_two_lectures_in_one_afternoon_are_two(rule: Find, start: str, topic: str) -> None:
    """Same day but another hour or topic: two lectures, and the semester's two are met to the letter."""
    record = f"""
      log:
        - {{date: 2024-03-15, start: "14:00", type: 党课, topic: 党史}}
        - {{date: 2024-03-15, start: "{start}", type: 党课, topic: {topic}}}
    """
    expected = {"2024-spring": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-4"), record, "2024-02..2024-07")


@pytest.mark.parametrize("rule_id", GROUP_MEETINGS)
def test_case_33_groups_meeting_at_the_same_hour_are_no_duplicates(rule: Find, rule_id: str) -> None:
    """Two groups that meet at one hour on one topic hold two meetings."""
    record = """
      groups: [{id: g1}, {id: g2}]
      log:
        - {date: 2024-03-15, start: "14:00", type: 党小组会, topic: 党史, group: g1}
        - {date: 2024-03-15, start: "14:00", type: 党小组会, topic: 党史, group: g2}
    """
    expected = {"2024-03/g1": "pass", "2024-03/g2": "pass"}
    assert expected == outcomes(rule(rule_id), record, "2024-03")
