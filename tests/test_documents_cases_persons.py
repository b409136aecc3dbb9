"""Worked cases 42-49 on the rules of the five documents: whose duty it is, and who is counted in it.

VOC's and the national rules are tested in ``test_worked_cases_persons``. Of 44, the advisory on a successor's shortfall
comes with the doubt signals. Of 47, a floating member's participation at the 流入地 is written as 补学 or, for the
retired, as a contact; the record has no field of its own for it.
"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from builders import Find, assessed, judged, outcomes, yaml
from dangjian_check.model.record import Record
from dangjian_check.rulebook.shorthand import expand
from dangjian_check.rulebook.standard import Standard

OWN_PLANS = [
    ("ZJU-2.1-4", "dossiers: [{name: 丙, for: 2024, parts: 个人自学计划}]"),
    ("GB-3.1.2-5", "dossiers: [{name: 丙, for: 2024, parts: 个人自学计划}]"),
    ("XH-4-3", "dossiers: [{name: 丙, for: 2024, parts: 个人自学计划}]"),
    ("QHU-3.1-1", "plans: [{kind: 个人学习计划, owner: 丙, made: 2024-01-10}]"),
]
CHANGED = """
  committee:
    elected: 2022-06-15
    posts:
      - {name: 甲, post: 书记, until: 2024-05-31}
      - {name: 乙, post: 书记, since: 2024-06-01}
      - {name: 丙, post: 副书记}
"""


@pytest.mark.parametrize("rule_id", ["QHU-3.1-4", "ZJU-2.1-6", "XH-5-2"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [("甲", "manual"), ("{name: 甲, as: 普通党员}", "manual"), ("{name: 甲, as: 上级}", "fail"), ("乙", "fail")],
)
def test_case_42_leading_cadre_takes_part_as_an_ordinary_member(
    rule: Find, rule_id: str, written: str, expected: str
) -> None:
    """Every document with 双重组织生活 counts a leading cadre's coming as an ordinary member, and nothing else."""
    record = f"""
      members: [{{name: 甲, status: 正式, leading_cadre: true}}, {{name: 乙, status: 正式}}]
      log: [{{date: 2024-03-01, type: 党员大会, attendance: {{present: [{written}]}}}}]
    """
    assert {"2024/甲": expected} == outcomes(rule(rule_id), record)


@pytest.mark.parametrize(("rule_id", "plans"), OWN_PLANS)
def test_case_43_cadre_is_a_flag_and_never_read_off_a_title(rule: Find, rule_id: str, plans: str) -> None:
    """Who owes a plan of his own is whom the list flags: a secretary or a man of title without the flag owes none."""
    record = f"""
      committee: {{elected: 2022-06-15, posts: [{{name: 甲, post: 书记, admin_post: 副院长}}]}}
      members: [{{name: 甲, status: 正式, category: 处级}}, {{name: 乙, status: 正式, leading_cadre: true}}]
      log: [{{date: 2024-01-09, type: 党课}}]
      {plans}
    """
    expected = {"2024/乙": "fail"}
    assert expected == outcomes(rule(rule_id), record)
    expected = {"2024": "unknown"}
    assert expected == outcomes(rule(rule_id), record.replace(", leading_cadre: true", ""))


def test_case_43_xuhui_lets_any_cadre_lecture(rule: Find) -> None:
    """XH's 党员干部 is wider than 领导干部: a year in which someone not flagged lectured is left to people."""
    record = """
      members: [{name: 甲, status: 正式, leading_cadre: true}, {name: 乙, status: 正式, leading_cadre: false}]
      log: [{date: 2024-03-01, type: 党课, lecturer: 乙}]
    """
    expected = {"2024": "manual"}
    assert expected == outcomes(rule("XH-8-9"), record)
    expected = {"2024/甲": "fail"}
    assert expected == outcomes(rule("ZJU-2.5-13"), record)


@pytest.mark.parametrize(("rule_id", "met"), [("GB-4.5.1-7", "pass"), ("XH-8-10", "pass"), ("QHU-3.5-2", "manual")])
@pytest.mark.parametrize(
    ("held", "lecturer", "counts"),
    [
        ("2024-05-31", "甲", True),
        ("2024-06-01", "乙", True),
        ("2024-05-31", "乙", False),
        ("2024-06-01", "甲", False),
        ("2024-06-01", "丙", False),
    ],
)
def test_case_44_secretarys_lecture_belongs_to_the_post(
    rule: Find, rule_id: str, met: str, held: str, lecturer: str, *, counts: bool
) -> None:
    """Whoever was secretary on the day of the lecture serves the year; a deputy who does not act never does."""
    record = f"{CHANGED}\n  log: [{{date: {held}, type: 党课, lecturer: {lecturer}}}]"
    assert {"2024": met if counts else "fail"} == outcomes(rule(rule_id), record)


def test_case_44_week_of_training_is_owed_by_the_person_in_office_all_year(rule: Find) -> None:
    """A secretary appointed in November owes no week of training for that year, and the whole week for the next."""
    record = """
      committee:
        elected: 2021-06-15
        posts: [{name: 甲, post: 书记, until: 2023-10-31}, {name: 乙, post: 书记, since: 2023-11-01}]
      log: [{date: 2023-01-09, type: 党课}]
      training: [{name: 甲, from: 2023-04-01, days: 5}]
    """
    expected = {"2023/乙": "not_applicable", "2024/乙": "fail"}
    assert expected == outcomes(rule("XH-7-3"), record, "2023..2024", "2024-12-31")


@pytest.mark.parametrize(
    ("rule_id", "expected"), [("XH-8-10", "fail"), ("GB-4.5.1-7", "pass"), ("VOC-4.5.1-5", "pass")]
)
def test_case_45_xuhuis_audience_is_the_branchs_own_members(rule: Find, rule_id: str, expected: str) -> None:
    """A secretary's lecture given outside the branch counts in VOC and GB, which name no audience, and not in XH."""
    elsewhere = "level: 上级, place: 第二党支部会议室, attendance: {present: [乙]}"
    record = f"{CHANGED}\n  log: [{{date: 2024-07-01, type: 党课, lecturer: 乙, {elsewhere}}}]"
    assert {"2024": expected} == outcomes(rule(rule_id), record)


def theme_day(exemption: str, attendance: str) -> str:
    """A branch of five with its theme day on 5 March; 戊 applied to be exempt as written."""
    return f"""
      members:
        - {{name: 甲, status: 正式}}
        - {{name: 乙, status: 预备}}
        - {{name: 丙, status: 正式, mobility: 流动}}
        - {{name: 丁, status: 正式}}
        - {{name: 戊, status: 正式, exemptions: [{exemption}]}}
        - {{name: 己, status: 正式, to: 2024-03-05}}
        - {{name: 庚, status: 正式, from: 2024-03-06}}
      log: [{{id: a, date: 2024-03-05, type: 主题党日, attendance: {{{attendance}}}}}]
    """


IN_TIME = "{kind: 长期患病卧床, applied: 2024-01-02, approved: 2024-01-04}"
TOO_LATE = "{kind: 长期患病卧床, applied: 2024-01-02, approved: 2024-03-08}"
NOT_APPROVED = "{kind: 年老体弱, applied: 2024-01-02}"
RUN_OUT = "{kind: 年老体弱, applied: 2023-01-02, approved: 2023-01-04, until: 2023-12-31}"


def test_case_46_only_two_kinds_of_exemption_exist() -> None:
    """年老体弱 and 长期患病卧床 are the only grounds a record can give; 工作忙 is refused."""
    short = "{{members: [{{name: 甲, status: 正式, exemptions: [{{kind: {0}, approved: 2024-01-04}}]}}]}}"
    for kind in ("年老体弱", "长期患病卧床"):
        record = Record.model_validate(expand(yaml(short.format(kind))))
        assert [kind] == [e.kind for m in record.members or () for e in m.exemptions]
    with pytest.raises(ValidationError):
        Record.model_validate(expand(yaml(short.format("工作忙"))))


def test_case_46_leave_is_an_advisory_and_no_violation(rule: Find, gaibei: Standard) -> None:
    """Leave is neither absence nor presence: nobody is 无故缺席, and the missing one is a hint, with 补学 as remedy."""
    record = theme_day("", "expected: 5, present: [甲, 乙, 丙, 戊], leave: [{name: 丁, reason: 出差}]")
    expected = {"on:a": "pass"}
    assert expected == outcomes(rule("GB-4.5.2-5a"), record, "2024-03")
    expected = {"on:a": "fail"}
    assert expected == outcomes(rule("GB-4.5.2-5b"), record, "2024-03")
    found = [d for d in assessed(gaibei, record, "2024-03").deficiencies if d.rule.clauses == ["GB-4.5.2-5"]]
    expected = [("GB-4.5.2-5b", "info")]
    assert expected == [(d.rule.id, d.rule.severity) for d in found]
    assert "补学" in found[0].rule.remedy


def test_case_46_absence_without_leave_is_a_violation(rule: Find) -> None:
    """A member written as absent is one who stayed away without reason."""
    record = theme_day("", "present: [甲, 乙, 丙, 戊], absent: [丁]")
    expected = {"on:a": "fail"}
    assert expected == outcomes(rule("GB-4.5.2-5a"), record, "2024-03")


@pytest.mark.parametrize(
    ("exemption", "expected"), [(IN_TIME, "pass"), (TOO_LATE, "fail"), (NOT_APPROVED, "fail"), (RUN_OUT, "fail")]
)
def test_case_46_exemption_counts_only_if_approved_before_the_day(rule: Find, exemption: str, expected: str) -> None:
    """Who was exempt is not expected; approved after the day, not at all, or no longer, he was expected and missing."""
    record = theme_day(exemption, "present: [甲, 乙, 丙, 丁], exempt: [戊]")
    assert {"on:a": expected} == outcomes(rule("GB-4.5.2-5b"), record, "2024-03")


@pytest.mark.parametrize("exemption", [TOO_LATE, NOT_APPROVED])
def test_case_46_machine_never_passes_an_exemption_by_itself(rule: Find, exemption: str) -> None:
    """An exemption on the list is put before people with the question whether application and approval came first."""
    clause = rule("GB-4.5.2-6")
    record = theme_day(exemption, "present: [甲]")
    expected = {"state/戊": "manual"}
    assert expected == outcomes(clause, record, "2024-03")
    assert clause.judgement is not None
    assert "活动以前" in clause.judgement


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("log: [{date: 2024-03-05, type: 主题党日, attendance: {present: [甲]}}]", "manual"),
        ("log: [{date: 2024-03-05, type: 主题党日, attendance: {present: [乙], make_up: [甲]}}]", "manual"),
        ("contacts: [{date: 2024-04-05, name: 甲, kind: 送学上门}]", "manual"),
        ("contacts: [{date: 2024-04-05, name: 甲, kind: 线上参加}]", "manual"),
        ("contacts: [{date: 2024-04-05, name: 甲, kind: 慰问}]", "fail"),
    ],
)
def test_case_46_retired_members_may_take_part_in_any_recorded_way(rule: Find, done: str, expected: str) -> None:
    """For the retired any recorded form will do; nothing recorded all year is a gap."""
    log = "" if done.startswith("log") else "log: [{date: 2024-03-05, type: 主题党日, attendance: {present: [乙]}}]"
    contacts = "" if done.startswith("contacts") else "contacts: []"
    record = f"""
      coverage: {{from: 2024-01-01, to: 2024-12-31}}
      members: [{{name: 甲, status: 正式, category: 离退休}}, {{name: 乙, status: 正式}}]
      {log}
      {contacts}
      {done}
    """
    assert {"2024/甲": expected} == outcomes(rule("GB-4.5.2-7"), record, "2024")


@pytest.mark.parametrize(("present", "expected"), [("[甲, 乙, 丙, 丁]", "4/4"), ("[甲, 乙, 丁]", "3/4")])
def test_case_47_denominator_is_the_membership_less_the_exempt(rule: Find, present: str, expected: str) -> None:
    """Of the day's members, the probationary and the floating one stay in, the exempt one is taken off; who left that
    day or came the day after is not among them."""
    record = theme_day(IN_TIME, f"present: {present}, exempt: [戊]")
    assert [expected] == [w.verdict.actual for w in judged(rule("GB-4.5.2-5b"), record, "2024-03").windows]


def test_case_47_nobody_expected_is_not_evaluable(rule: Find) -> None:
    """Where nobody was expected the share is neither none nor all."""
    record = "log: [{id: a, date: 2024-03-05, type: 主题党日, attendance: {expected: 0, present: 0}}]"
    expected = {"on:a": "unknown"}
    assert expected == outcomes(rule("GB-4.5.2-5b"), record, "2024-03")


JOINERS = """
  members:
    - {{name: 甲, status: 正式}}
    - {{name: 乙, status: 预备}}
    - {{name: 丙, status: 正式}}
    - {{name: 丁, status: 正式, from: 2024-02-01}}
    - {{name: 戊, status: 正式, to: 2024-11-30}}
  {0}: [{{name: 甲, date: 2024-01-20}}]
"""


@pytest.mark.parametrize(("rule_id", "series"), [("QHU-3.8-1a", "reports"), ("QHU-3.8-2a", "commitments")])
def test_case_48_each_member_duty_binds_who_was_there_all_year(
    rule: Find, qhu: Standard, rule_id: str, series: str
) -> None:
    """QHU's 述职 and 承诺 are owed by who was there all year; the missing ones are one finding with their names."""
    record = JOINERS.format(series)
    expected = {
        "2024/甲": "pass",
        "2024/乙": "fail",
        "2024/丙": "fail",
        "2024/丁": "not_applicable",
        "2024/戊": "not_applicable",
    }
    assert expected == outcomes(rule(rule_id), record, "2024")
    found = [d for d in assessed(qhu, record, "2024").deficiencies if d.rule.id == rule_id]
    expected = [("2024", ("乙", "丙"))]
    assert expected == [(d.window, d.people) for d in found]


@pytest.mark.parametrize(
    ("joined", "expected"), [("2024-05-31", "fail"), ("2024-06-15", "fail"), ("2024-06-16", "not_applicable")]
)
def test_case_48_reflection_is_owed_by_who_was_there_on_the_day_of_the_seminar(
    rule: Find, joined: str, expected: str
) -> None:
    """ZJU's 体会 on the seminar of 15 June is owed by everyone in the branch that day, whole quarter or not."""
    record = f"""
      members: [{{name: 甲, status: 正式}}, {{name: 丁, status: 正式, from: {joined}}}]
      log: [{{date: 2024-04-09, type: 支委会}}, {{date: 2024-06-15, type: 专题研讨, topic: 党章}}]
      reflections: [{{name: 甲, date: 2024-06-20, topic: 党章}}]
    """
    assert expected == outcomes(rule("ZJU-2.5-12"), record, "2024Q2")["2024Q2/丁"]


BRANCH_OF_SIX = """
  committee: {posts: [{name: 甲, post: 书记}, {name: 乙, post: 组织委员}, {name: 丙, post: 宣传委员}]}
  members: [{name: 甲, status: 正式}, {name: 乙, status: 正式}, {name: 丙, status: 正式}, {name: 丁, status: 正式},
            {name: 戊, status: 正式}, {name: 己, status: 预备}]
"""


def test_case_49_one_talk_of_each_kind_will_do(rule: Find) -> None:
    """Each of the committee talks with one colleague, each member with one of them and one another: not all pairs. A
    talk with a list covers everyone on it, and a talk of two of the committee is not one between members."""
    record = f"""{BRANCH_OF_SIX}
  talks:
    - {{date: 2024-02-01, between: [甲, 乙]}}
    - {{date: 2024-02-02, between: [乙, 丙]}}
    - {{date: 2024-02-03, between: [甲, 丁, 戊, 己]}}
    - {{date: 2024-02-06, between: [丁, 戊]}}
"""
    expected = {"2024H1/甲": "pass", "2024H1/乙": "pass", "2024H1/丙": "pass"}
    assert expected == outcomes(rule("QHU-3.10-1"), record, "2024H1")
    expected = {"2024H1/丁": "pass", "2024H1/戊": "pass", "2024H1/己": "pass"}
    assert expected == outcomes(rule("QHU-3.10-2"), record, "2024H1")
    expected = {"2024H1/丁": "pass", "2024H1/戊": "pass", "2024H1/己": "fail"}
    assert expected == outcomes(rule("QHU-3.10-3"), record, "2024H1")
    expected = {f"2024H2/{name}": "fail" for name in ("丁", "戊", "己")}
    found = outcomes(rule("QHU-3.10-2"), record, "2024")
    assert expected == {window: outcome for window, outcome in found.items() if window.startswith("2024H2")}
