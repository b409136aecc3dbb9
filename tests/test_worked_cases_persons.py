"""Worked cases 42-50: whose duty it is, and who is counted in it.

49 (QHU's talks by half-year) is tested here on small rules and on the national yearly talks. The other documents' side
of 42-49, GB's exemptions (46) among them, is tested in ``test_documents_cases_persons``.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, judged, messages, outcomes, rule_of
from dangjian_check.rulebook.standard import Standard


@pytest.mark.parametrize("rule_id", ["VOC-4.5.1-1", "NAT-ZB-15-1"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("甲", "manual"),
        ("{name: 甲, as: 普通党员}", "manual"),
        ("{name: 甲, as: 主持}", "fail"),
        ("{name: 甲, as: 嘉宾}", "fail"),
        ("{name: 甲, as: 上级}", "fail"),
        ("{name: 甲, as: 检查}", "fail"),
        ("乙", "fail"),
    ],
)
@pytest.mark.parametrize("kind", ["党员大会", "党小组会"])
def test_case_42_leading_cadre_takes_part_as_an_ordinary_member(
    rule: Find, rule_id: str, written: str, expected: str, kind: str
) -> None:
    """Only attendance as an ordinary member counts, in branch or group; hosting, lecturing, inspecting do not."""
    record = f"""
      members: [{{name: 甲, status: 正式, leading_cadre: true}}, {{name: 乙, status: 正式}}]
      log: [{{date: 2024-03-01, type: {kind}, attendance: {{present: [{written}]}}}}]
    """
    assert {"2024/甲": expected} == outcomes(rule(rule_id), record)


@pytest.mark.parametrize("rule_id", ["VOC-4.5.1-1", "NAT-ZB-15-1"])
def test_case_42_branch_without_leading_cadres_is_not_bound(rule: Find, rule_id: str) -> None:
    """Where no member is a leading cadre there is nothing to judge."""
    record = "{members: [{name: 甲, status: 正式, leading_cadre: false}], log: [{date: 2024-03-01, type: 党员大会}]}"
    expected = {"2024": "not_applicable"}
    assert expected == outcomes(rule(rule_id), record)


@pytest.mark.parametrize("rule_id", ["VOC-4.5.1-1", "NAT-ZB-15-1"])
def test_case_43_leading_cadre_is_a_flag_and_never_read_off_a_title(rule: Find, rule_id: str) -> None:
    """Who is a leading cadre comes from the flag; a secretary's post or a title alone makes nobody one."""
    record = """
      committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}]}
      members: [{name: 甲, status: 正式, category: 管理服务}, {name: 乙, status: 正式{0}}]
      log: [{date: 2024-03-01, type: 党员大会, attendance: {present: [丙]}}]
    """
    expected = {"2024/乙": "fail"}
    assert expected == outcomes(rule(rule_id), record.replace("{0}", ", leading_cadre: true"))
    expected = {"2024": "unknown"}
    assert expected == outcomes(rule(rule_id), record.replace("{0}", ""))
    message = messages(rule(rule_id), record.replace("{0}", ""))["2024"]
    assert "名册没有注明谁是党员领导干部" in message


CHANGED = """
  committee:
    elected: 2022-06-15
    posts:
      - {name: 甲, post: 书记, until: 2024-05-31}
      - {name: 乙, post: 书记, since: 2024-06-01}
      - {name: 丙, post: 副书记}
"""


@pytest.mark.parametrize(
    ("held", "lecturer", "expected"),
    [
        ("2024-05-31", "甲", "pass"),
        ("2024-06-01", "乙", "pass"),
        ("2024-05-31", "乙", "fail"),
        ("2024-06-01", "甲", "fail"),
        ("2024-06-01", "丙", "fail"),
    ],
)
def test_case_44_secretarys_lecture_belongs_to_the_post(rule: Find, held: str, lecturer: str, expected: str) -> None:
    """Whoever was secretary on the day serves the year; before taking up or after leaving the post nobody does."""
    record = f"{CHANGED}\n  log: [{{date: {held}, type: 党课, lecturer: {lecturer}}}]"
    assert {"2024": expected} == outcomes(rule("VOC-4.5.1-5"), record)


@pytest.mark.parametrize(("acting", "expected"), [("true", "pass"), ("false", "fail")])
def test_case_44_deputy_counts_only_while_acting(rule: Find, acting: str, expected: str) -> None:
    """A deputy secretary's lecture counts only while the deputy formally acts for the secretary."""
    record = f"""
      committee: {{elected: 2022-06-15, posts: [{{name: 丙, post: 副书记, acting: {acting}}}]}}
      log: [{{date: 2024-07-01, type: 党课, lecturer: 丙}}]
    """
    assert {"2024": expected} == outcomes(rule("VOC-4.5.1-5"), record)


def test_case_45_lecture_to_another_branch_counts_in_voc(rule: Find) -> None:
    """VOC names no audience: the secretary's lecture held elsewhere counts."""
    elsewhere = "place: 第二党支部会议室, joint_with: 第二党支部"
    record = f"{CHANGED}\n  log: [{{date: 2024-07-01, type: 党课, lecturer: 乙, {elsewhere}}}]"
    expected = {"2024": "pass"}
    assert expected == outcomes(rule("VOC-4.5.1-5"), record)


def test_case_47_denominator_is_the_membership_of_the_day() -> None:
    """Counted are the members of that day: probationary and floating ones too, who leaves or comes from that day."""
    share = rule_of(
        """
        for_each: {in: entries, select: {type: 党员大会}}
        check: {kind: share, part: attendance.present, whole: members, min: 1}
        """
    )
    record = """
      members:
        - {name: 甲, status: 正式}
        - {name: 乙, status: 预备}
        - {name: 丙, status: 正式, mobility: 流动}
        - {name: 丁, status: 正式, to: 2024-05-01}
        - {name: 戊, status: 正式, to: 2024-05-01}
        - {name: 己, status: 正式, from: 2024-05-01}
      log:
        - {id: a, date: 2024-04-30, type: 党员大会, attendance: {present: 3}}
        - {id: b, date: 2024-05-01, type: 党员大会, attendance: {present: 3}}
    """
    expected = {"on:a": "3/5", "on:b": "3/4"}
    assert expected == {w.window.name: w.verdict.actual for w in judged(share, record).windows}


def test_case_47_nobody_expected_is_not_evaluable(rule: Find) -> None:
    """A share of nobody is neither none nor all."""
    record = "log: [{id: a, date: 2024-04-30, type: 支委会, attendance: {expected: 0, present: 0}}]"
    expected = {"on:a": "unknown"}
    assert expected == outcomes(rule("NAT-ZB-12-2"), record)
    assert "分母为零，不能评" in messages(rule("NAT-ZB-12-2"), record)["on:a"]


FILES = """
  members:
    - {name: 甲, status: 正式}
    - {name: 乙, status: 正式}
    - {name: 丙, status: 预备}
    - {name: 丁, status: 正式, from: 2024-03-01}
    - {name: 戊, status: 正式, to: 2024-11-30}
  dossiers: [{name: 甲, for: 2024, parts: [学习教育]}]
"""


def test_case_48_each_member_duty_binds_who_was_there_all_year(rule: Find) -> None:
    """Joiners owe nothing for the year they came, and who died or left is dropped."""
    expected = {
        "2024/甲": "manual",
        "2024/乙": "fail",
        "2024/丙": "fail",
        "2024/丁": "not_applicable",
        "2024/戊": "not_applicable",
    }
    assert expected == outcomes(rule("VOC-3.3.2-1"), FILES, "2024")


def test_case_48_missing_members_are_one_finding_with_their_names(voc: Standard) -> None:
    """Two members without a file are one deficiency that lists both, not two."""
    found = [d for d in assessed(voc, FILES, "2024").deficiencies if d.rule.id == "VOC-3.3.2-1"]
    expected = [("2024", ("乙", "丙"))]
    assert expected == [(d.window, d.people) for d in found]
    expected = "2024年有 2 名党员没有做到“每名党员每年都有纪实”：乙、丙"
    assert expected == found[0].message


BRANCH_OF_SIX = """
  committee: {posts: [{name: 甲, post: 书记}, {name: 乙, post: 组织委员}, {name: 丙, post: 宣传委员}]}
  members:
    - {name: 甲, status: 正式}
    - {name: 乙, status: 正式}
    - {name: 丙, status: 正式}
    - {name: 丁, status: 正式}
    - {name: 戊, status: 正式}
    - {name: 己, status: 预备}
"""


def test_case_49_one_talk_of_each_kind_will_do(rule: Find) -> None:
    """Each of the committee talks with one colleague, each member with one of them and one another: not all pairs."""
    record = f"""{BRANCH_OF_SIX}
  talks:
    - {{date: 2024-02-01, between: [甲, 乙]}}
    - {{date: 2024-02-02, between: [乙, 丙]}}
    - {{date: 2024-02-03, between: [甲, 丁]}}
    - {{date: 2024-02-04, between: [丙, 戊]}}
    - {{date: 2024-02-05, between: [丙, 己]}}
    - {{date: 2024-02-06, between: [丁, 戊]}}
"""
    expected = {"2024/甲": "pass", "2024/乙": "pass", "2024/丙": "pass"}
    assert expected == outcomes(rule("NAT-ZB-19-1"), record, "2024")
    expected = {"2024/丁": "pass", "2024/戊": "pass", "2024/己": "pass"}
    assert expected == outcomes(rule("NAT-ZB-19-2"), record, "2024")
    expected = {"2024/丁": "pass", "2024/戊": "pass", "2024/己": "fail"}
    assert expected == outcomes(rule("NAT-ZB-19-3"), record, "2024")


@pytest.mark.parametrize(
    ("between", "counted"), [("[甲, 乙]", "支委-支委"), ("[甲, 丁]", "支委-党员"), ("[丁, 戊]", "党员-党员")]
)
def test_case_49_talk_is_of_the_most_specific_kind_only(between: str, counted: str) -> None:
    """A talk of two committee members is not also one between members; each talk is of one kind."""
    record = f"{BRANCH_OF_SIX}\n  talks: [{{date: 2024-02-01, between: {between}}}]"
    for pair in ("支委-支委", "支委-党员", "党员-党员"):
        talks = rule_of(f"check: {{kind: frequency, select: {{in: talks, pair: {pair}}}, per: half, min: 1}}")
        assert {"2024H1": "pass" if pair == counted else "fail"} == outcomes(talks, record, "2024H1")


def test_case_49_talks_are_owed_each_half_year() -> None:
    """A talk in the first half-year leaves the second owed."""
    talks = rule_of(
        """
        for_each: {in: members, in_committee: false}
        check: {kind: frequency, select: {in: talks, pair: 支委-党员, by: between}, per: half, min: 1}
        """
    )
    record = (
        f"{BRANCH_OF_SIX}\n  talks: [{{date: 2024-02-01, between: [甲, 丁]}}, {{date: 2024-08-01, between: [甲, 丁]}}]"
    )
    found = outcomes(talks, record, "2024")
    expected = {"2024H1/丁": "pass", "2024H2/丁": "pass", "2024H1/戊": "fail", "2024H2/戊": "fail"}
    assert expected == {name: found[name] for name in expected}


def test_case_49_one_group_talk_covers_everyone_on_its_list(rule: Find) -> None:
    """One talk of a committee member with several members covers each of them."""
    record = f"{BRANCH_OF_SIX}\n  talks: [{{date: 2024-02-01, between: [甲, 丁, 戊], kind: 集体谈话}}]"
    expected = {"2024/丁": "pass", "2024/戊": "pass", "2024/己": "fail"}
    assert expected == outcomes(rule("NAT-ZB-19-2"), record, "2024")


@pytest.mark.parametrize("rule_id", ["VOC-1.1.1-3", "NAT-ZB-5-2"])
@pytest.mark.parametrize(("largest", "expected"), [(2, "pass"), (3, "fail")])
def test_case_50_unit_of_a_joint_branch_that_grew_to_three_is_found(
    rule: Find, rule_id: str, largest: int, expected: str
) -> None:
    """Each unit of a joint branch has fewer than three full members; one that has three is found."""
    record = f"{{joint: true, joint_units: [{{name: 甲系, formal: {largest}}}, {{name: 乙系, formal: 1}}]}}"
    assert {"state": expected} == outcomes(rule(rule_id), record, "2024")


@pytest.mark.parametrize("rule_id", ["VOC-1.1.1-3", "NAT-ZB-5-2"])
def test_case_50_unit_that_grew_is_an_advisory(rule: Find, rule_id: str) -> None:
    """No document says when a unit must separate: the finding is a hint, not a fault."""
    expected = "info"
    assert expected == rule(rule_id).severity


@pytest.mark.parametrize("rule_id", ["VOC-1.1.1-1", "NAT-ZB-4-2"])
@pytest.mark.parametrize(("formal", "expected"), [(3, "pass"), (2, "fail")])
def test_case_50_members_are_counted_on_the_joint_branch(rule: Find, rule_id: str, formal: int, expected: str) -> None:
    """The union, not each unit, needs three full members."""
    record = f"""
      joint: true
      joint_units: [{{name: 甲系, formal: {formal - 1}}}, {{name: 乙系, formal: 1}}]
      formal: {formal}
    """
    assert {"state": expected} == outcomes(rule(rule_id), record, "2024")
