"""Worked cases 67-73: what a record proves and what it does not.

The other documents' side of 67-72 (the plan and its filing as two duties of ZJU, QHU and XH, XH's appendix, GB's
names that look like numbers) is tested in ``test_documents_cases_evidence``. The hints of 73 come with the doubt
signals; that they never cost anything is tested.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, judged, messages, months, outcomes, yaml
from dangjian_check.model.consistency import clashes
from dangjian_check.model.record import SERIES, Record
from dangjian_check.rulebook.shorthand import expand
from dangjian_check.rulebook.standard import Standard


@pytest.mark.parametrize("rule_id", ["VOC-4.4.1-1", "NAT-ZB-16-3"])
def test_case_67_absence_is_a_miss_only_where_the_log_claims_to_be_complete(rule: Find, rule_id: str) -> None:
    """With a log complete for 支委会 alone a month without theme day is unverifiable, with it recorded it is met."""
    record = """
      committee: 2022-06-15
      coverage: {from: 2024-01-01, to: 2024-12-31, types: [支委会]}
      log: [{date: 2024-03-09, type: 支委会}, {date: 2024-03-15, type: 主题党日}]
    """
    assert months(2024, "unknown", m03="pass") == outcomes(rule(rule_id), record)
    assert "这段时间的记录没有声明完整" in messages(rule(rule_id), record)["2024-04"]
    assert months(2024, "fail", m03="pass") == outcomes(rule("VOC-4.1.1-2"), record)


def test_case_67_period_declared_incomplete_proves_nothing(rule: Find) -> None:
    """A month that the log says it does not hold completely is unverifiable amid a complete year."""
    record = """
      committee: 2022-06-15
      coverage:
        - {from: 2024-01-01, to: 2024-12-31}
        - {from: 2024-03-01, to: 2024-03-31, complete: false}
      log: [{date: 2024-01-09, type: 支委会}]
    """
    assert months(2024, "fail", m01="pass", m03="unknown") == outcomes(rule("VOC-4.1.1-2"), record)


@pytest.mark.parametrize(("talks", "expected"), [("", "unknown"), ("talks: []", "fail")])
def test_case_67_series_not_kept_proves_nothing(rule: Find, talks: str, expected: str) -> None:
    """A record without a list of talks does not say that nobody talked; an empty list does."""
    record = f"""
      members: [{{name: 甲, status: 正式, leading_cadre: true}}]
      coverage: {{from: 2024-01-01, to: 2024-12-31}}
      {talks}
    """
    assert {"2024/甲": expected} == outcomes(rule("VOC-4.5.1-3"), record)


def test_case_67_assumed_completeness_is_said(rule: Find, voc: Standard) -> None:
    """A log that claims nothing is taken as complete from its first year on, and the assessment says so."""
    log = "log: [{date: 2024-03-09, type: 支委会}]"
    assumed = f"{{committee: 2022-06-15, {log}}}"
    declared = f"{{committee: 2022-06-15, coverage: {{from: 2024-01-01, to: 2024-12-31}}, {log}}}"
    assert months(2024, "fail", m03="pass") == outcomes(rule("VOC-4.1.1-2"), assumed)
    assert assessed(voc, assumed).coverage_assumed
    assert not assessed(voc, declared).coverage_assumed


def test_case_67_empty_log_yields_the_full_list(rule: Find) -> None:
    """An empty log without a claim is no clean sheet: every month of the audited period is missed."""
    assert months(2024, "fail") == outcomes(rule("VOC-4.4.1-1"), "log: []", "2024")


@pytest.mark.parametrize("rule_id", ["VOC-4.5.1-1", "NAT-ZB-15-1"])
@pytest.mark.parametrize("attendance", ["", ", attendance: {expected: 9, present: 9}"])
def test_case_67_event_without_a_list_proves_its_day_and_not_who_came(
    rule: Find, rule_id: str, attendance: str
) -> None:
    """Without names of those present the event counts for its month, but nobody's participation is shown."""
    record = f"""
      members: [{{name: 甲, status: 正式, leading_cadre: true}}]
      log: [{{date: 2024-03-15, type: 主题党日{attendance}}}]
    """
    expected = {"2024-03": "pass"}
    assert expected == outcomes(rule("VOC-4.4.1-1"), record, "2024-03")
    expected = {"2024/甲": "unknown"}
    assert expected == outcomes(rule(rule_id), record, "2024")
    assert "没有到会人员名单" in messages(rule(rule_id), record, "2024")["2024/甲"]


@pytest.mark.parametrize(
    ("filed", "expected"), [("2024-01-04", ["备案日期早于制定日期"]), ("2024-01-05", []), ("2024-12-20", [])]
)
def test_case_68_plan_filed_before_it_was_made_is_a_data_error(filed: str, expected: list[str]) -> None:
    """A plan cannot have been filed before it was made; the same day can be."""
    plan = f"{{kind: 三会一课年度计划, for: 2024, made: 2024-01-05, filed: {filed}}}"
    record = Record.model_validate(expand(yaml(f"plans: [{plan}]")))
    assert expected == [clash.message for clash in clashes(record)]


@pytest.mark.parametrize(
    ("restated", "judged_by"), [("VOC-B4.1.1-1", "VOC-B4.1.3.2-1"), ("VOC-B4.3.2-1", "VOC-B4.3.3.2-1")]
)
def test_case_69_restated_duty_is_judged_once(voc: Standard, restated: str, judged_by: str) -> None:
    """A clause that repeats another has no rule of its own; the rule of the other cites both."""
    assert voc.rule(restated) is None
    assert [judged_by] == [rule.id for rule in voc.rules if restated in rule.clauses]


def test_case_70_no_number_is_lent_to_a_duty_without_one(rule: Find) -> None:
    """党课 has no national number: none all year is a finding, one or more are a person's to weigh, with the dates."""
    lectures = rule("NAT-ZB-16-1")
    one = "log: [{date: 2024-01-09, type: 支委会}, {date: 2024-09-01, type: 党课, topic: 党史}]"
    expected = {"2024": "manual"}
    assert expected == outcomes(lectures, one)
    assert "2024-09-01 党课《党史》" in messages(lectures, one)["2024"]
    none = "log: [{date: 2024-01-09, type: 支委会}]"
    expected = {"2024": "fail"}
    assert expected == outcomes(lectures, none)
    assert "记录中没有" in messages(lectures, none)["2024"]


@pytest.mark.parametrize("rule_id", ["VOC-4.5.1-1", "VOC-4.5.1-2", "VOC-4.5.1-3", "NAT-ZB-15-1"])
def test_case_70_duties_without_a_number_ask_for_existence_and_say_what_is_assumed(rule: Find, rule_id: str) -> None:
    """Where the document says no number the rule asks whether there was any, and says that this is our reading."""
    expected = "presence"
    assert expected == rule(rule_id).check.kind
    assert any("没有写次数" in reading for reading in rule(rule_id).assumed)


def test_case_70_some_is_read_as_two_and_flagged(rule: Find, voc: Standard) -> None:
    """若干 read as two or more is flagged as assumed on the rule and on every deficiency that rests on it."""
    record = "{formal: 12, dispersed: true, groups: [{id: g1}], log: [{date: 2024-01-09, type: 支委会}]}"
    expected = {"state": "fail"}
    assert expected == outcomes(rule("VOC-1.1.3-1b"), record)
    found = next(d for d in assessed(voc, record).deficiencies if d.rule.id == "VOC-1.1.3-1b")
    assert "“若干”读作两个以上" in found.assumed


def bare(period: str) -> str:
    """A branch that kept every list, completely, with nothing in any of them."""
    start, end = period.split("..")
    empty = ", ".join(f"{name}: []" for name in SERIES if name not in ("activities", "filings", "visits"))
    return f"{{coverage: {{from: {start}-01-01, to: {end}-12-31}}, log: [], groups: [], {empty}}}"


@pytest.mark.parametrize("standard", ["voc", "national"])
def test_case_71_what_is_only_encouraged_is_never_a_deficiency(
    standard: str, voc: Standard, national: Standard
) -> None:
    """A branch that did nothing at all is not blamed for what a document merely encourages or allows."""
    chosen = {"voc": voc, "national": national}[standard]
    encouraged = [rule for rule in chosen.rules if rule.strength == "may"]
    assert encouraged
    assessment = assessed(chosen, bare("2019..2021"))
    assert assessment.deficiencies
    assert not [d.rule.id for d in assessment.deficiencies if d.rule in encouraged]
    for rule in encouraged:
        outcome = judged(rule, bare("2019..2021")).outcome
        assert outcome in ("pass", "manual", "not_applicable"), rule.id


HONEST = """
  committee: 2022-06-15
  log:
    - {date: 2024-03-09, type: 支委会, attendance: {present: [甲, 乙]}, minutes: {written: 2024-03-09}}
    - {date: 2024-06-09, type: 支委会, attendance: {present: [甲, 丙]}, minutes: {written: 2024-06-10}}
    - {date: 2024-12-30, start: "14:00", type: 党员大会, attendance: {present: [甲, 乙, 丙]}}
    - {date: 2024-12-31, start: "14:00", type: 党课, attendance: {present: [甲, 乙]}}
"""
DOUBTFUL = """
  committee: 2022-06-15
  log:
    - {date: 2024-03-09, type: 支委会, attendance: {present: [甲, 乙]}, minutes: {written: 2024-03-01}}
    - {date: 2024-06-09, type: 支委会, attendance: {present: [甲, 乙]}, minutes: {written: 2024-03-01}}
    - {date: 2024-12-30, start: "14:00", type: 党员大会, attendance: {present: [甲, 乙]}}
    - {date: 2024-12-30, start: "14:00", type: 党课, attendance: {present: [甲, 乙]}}
"""


@pytest.mark.parametrize("standard", ["voc", "national"])
def test_case_73_signs_of_fabrication_never_cost_anything(standard: str, voc: Standard, national: Standard) -> None:
    """Minutes before the meeting, the same list each time, one person in two places: no deficiency and no point."""
    chosen = {"voc": voc, "national": national}[standard]
    honest, doubtful = assessed(chosen, HONEST, "2024"), assessed(chosen, DOUBTFUL, "2024")
    assert [d.fingerprint for d in honest.deficiencies] == [d.fingerprint for d in doubtful.deficiencies]
    assert honest.score is not None
    assert doubtful.score is not None
    assert (honest.score.low, honest.score.high) == (doubtful.score.low, doubtful.score.high)


def test_case_73_fabrication_is_a_finding_of_people(rule: Find) -> None:
    """Whether something was fabricated is the superior's to establish; the machine only asks."""
    assert rule("VOC-B5.2-3").by_superior
    expected = "manual"
    assert expected == judged(rule("VOC-B5.2-3"), DOUBTFUL, "2024").outcome
