"""Worked cases 67-72 on the rules of the five documents: what a record proves, restated and named duties.

VOC's and the national rules are tested in ``test_worked_cases_evidence``. Of 68, a filing late within the plan's year
is not said: no document gives a deadline to be late for.
"""

from __future__ import annotations

import pytest

from builders import Find, assessed, judged, messages, months, outcomes
from dangjian_check.model.record import SERIES
from dangjian_check.rulebook.standard import Standard

PLANS = [("ZJU-2.5-20", "ZJU-2.5-21"), ("QHU-3.5-10", "QHU-3.5-11a"), ("XH-8-6", "XH-8-7")]


@pytest.fixture(scope="session")
def documents(zju: Standard, qhu: Standard, gaibei: Standard, xuhui: Standard) -> dict[str, Standard]:
    """The four documents without a scoring table, by their ids."""
    return {standard.id: standard for standard in (zju, qhu, gaibei, xuhui)}


def standard_of(rule_id: str, documents: dict[str, Standard]) -> Standard:
    """The document a rule belongs to."""
    return next(standard for standard in documents.values() if standard.rule(rule_id))


@pytest.mark.parametrize(
    ("rule_id", "kind"),
    [("ZJU-2.5-1", "支委会"), ("GB-4.5.1-2", "支委会"), ("QHU-3.5-5", "主题党日"), ("XH-9-1", "主题党日")],
)
def test_case_67_absence_is_a_miss_only_where_the_log_claims_to_be_complete(
    rule: Find, rule_id: str, kind: str
) -> None:
    """With a log complete for 党课 alone a month without the meeting is unverifiable, with it recorded it is met."""
    record = f"""
      committee: 2022-06-15
      coverage: {{from: 2024-01-01, to: 2024-12-31, types: [党课]}}
      log: [{{date: 2024-03-09, type: {kind}}}]
    """
    assert months(2024, "unknown", m03="pass") == outcomes(rule(rule_id), record)
    assert "这段时间的记录没有声明完整" in messages(rule(rule_id), record)["2024-04"]
    assert months(2024, "fail", m03="pass") == outcomes(rule(rule_id), record.replace(", types: [党课]", ""))


@pytest.mark.parametrize(
    ("rule_id", "kind"), [("ZJU-2.5-11", "专题研讨"), ("QHU-3.1-4", "党员大会"), ("GB-4.5.2-7", "主题党日")]
)
def test_case_67_record_without_a_list_proves_the_day_and_not_who_came(rule: Find, rule_id: str, kind: str) -> None:
    """Without names of those present nobody's participation is shown."""
    record = f"""
      members: [{{name: 甲, status: 正式, leading_cadre: true, category: 离退休}}]
      contacts: []
      log: [{{date: 2024-03-15, type: {kind}}}]
    """
    expected = {"2024/甲": "unknown"}
    assert expected == outcomes(rule(rule_id), record, "2024")


@pytest.mark.parametrize(("planned", "filing"), PLANS)
@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        ("", ["plan"]),
        ("{id: a, kind: 三会一课年度计划, for: 2024, made: 2024-01-05}", ["filing"]),
        ("{id: a, kind: 三会一课年度计划, for: 2024, made: 2024-01-05, filed: 2025-01-01}", ["filing"]),
        ("{id: a, kind: 三会一课年度计划, for: 2024, made: 2024-01-05, filed: 2024-12-31}", []),
        ("{id: a, kind: 三会一课年度计划, for: 2024, made: 2024-01-05, filed: 2024-01-05}", []),
    ],
)
def test_case_68_plan_and_filing_are_two_duties(
    documents: dict[str, Standard], planned: str, filing: str, plans: str, expected: list[str]
) -> None:
    """No plan is one finding, and its filing does not apply; a plan unfiled, or filed after its year, is one."""
    record = f"{{log: [{{date: 2024-01-09, type: 党课}}], plans: [{plans}]}}"
    assessment = assessed(standard_of(planned, documents), record, "2024", "2025-06-30")
    names = {planned: "plan", filing: "filing"}
    assert expected == [names[d.rule.id] for d in assessment.deficiencies if d.rule.id in names]
    if expected == ["plan"]:
        outcome = next(o.outcome for o in assessment.outcomes if o.rule.id == filing)
        assert outcome == "not_applicable"


@pytest.mark.parametrize(("planned", "filing"), PLANS)
def test_case_68_plan_of_the_open_year_may_still_be_filed(rule: Find, planned: str, filing: str) -> None:
    """While its year runs a plan not yet filed is pending and no deficiency."""
    record = "plans: [{id: a, kind: 三会一课年度计划, for: 2024, made: 2024-01-05}]"
    expected = {"on:a": "pending"}
    assert expected == outcomes(rule(filing), record, "2024", "2024-06-30")
    expected = {"2024": "pass"}
    assert expected == outcomes(rule(planned), record, "2024", "2024-06-30")


@pytest.mark.parametrize("name", ["gaibei", "voc"])
def test_case_68_documents_without_such_a_plan_demand_none(
    documents: dict[str, Standard], voc: Standard, name: str
) -> None:
    """GB and VOC know no plan of 三会一课: a branch without one misses nothing there."""
    chosen = {"voc": voc, **documents}[name]
    found = assessed(chosen, "{log: [{date: 2024-01-09, type: 党课}], plans: []}", "2024").deficiencies
    assert found
    assert not [d.rule.id for d in found if "三会一课" in d.rule.title and "计划" in d.rule.title]


def test_case_69_appendix_has_one_duty_of_its_own(xuhui: Standard) -> None:
    """Of XH's appendix only XH-A3-2 has a rule; the fifteen restatements are cited by the rules of the body."""
    assert xuhui.ledger is not None
    appendix = [clause for clause in xuhui.ledger.clauses if clause.startswith("XH-A")]
    expected = 16
    assert expected == len(appendix)
    expected = ["XH-A3-2"]
    assert expected == [rule.id for rule in xuhui.rules if rule.id.startswith("XH-A")]
    for clause in set(appendix) - {"XH-A3-2"}:
        citing = [rule for rule in xuhui.rules if clause in rule.clauses]
        assert citing, clause
        assert all(rule.clauses[0] != clause for rule in citing), clause


def test_case_69_restated_duty_is_one_finding(xuhui: Standard) -> None:
    """A secretary short of his week of training is one deficiency though body and appendix both say it."""
    record = """
      committee: {elected: 2021-06-15, posts: [{name: 甲, post: 书记}]}
      log: [{date: 2024-01-09, type: 党课}]
      training: [{name: 甲, from: 2024-04-01, days: 4}]
    """
    found = [d for d in assessed(xuhui, record, "2024").deficiencies if "XH-A7-1" in d.rule.clauses]
    expected = [("XH-7-3", "2024")]
    assert expected == [(d.rule.id, d.window) for d in found]


@pytest.mark.parametrize(
    ("rule_id", "word", "kind"),
    [
        ("QHU-3.5-1", "定期", "党课"),
        ("XH-8-1a", "按期", "党员大会"),
        ("XH-8-1c", "按期", "党课"),
        ("XH-8-2", "定期", "支委会"),
        ("GB-3.1.2-1", "经常", "集中学习"),
        ("GB-3.1.1-5", "及时", "集中学习"),
    ],
)
def test_case_70_no_number_is_lent_to_a_duty_without_one(rule: Find, rule_id: str, word: str, kind: str) -> None:
    """None all year is a finding, one or more are a person's to weigh, with the dates; the reading is flagged."""
    one = f"{{committee: 2022-06-15, log: [{{date: 2024-09-01, type: {kind}, topic: 学习系列讲话}}]}}"
    expected = {"2024": "manual"}
    assert expected == outcomes(rule(rule_id), one)
    assert "2024-09-01" in messages(rule(rule_id), one)["2024"]
    none = "{committee: 2022-06-15, log: [{date: 2024-01-09, type: 志愿服务, topic: 植树}]}"
    expected = {"2024": "fail"}
    assert expected == outcomes(rule(rule_id), none)
    assert any(word in reading for reading in rule(rule_id).assumed)


def bare() -> str:
    """A branch that kept every list of 2018 to 2020, completely, with nothing in any of them."""
    empty = ", ".join(f"{name}: []" for name in SERIES if name not in ("activities", "filings", "visits"))
    body = "groups: [], members: [{name: 甲, status: 正式, leading_cadre: false}]"
    return f"{{coverage: {{from: 2018-01-01, to: 2020-12-31}}, log: [], {body}, {empty}}}"


@pytest.mark.parametrize("name", ["zju", "qhu", "gaibei", "xuhui"])
def test_case_71_what_is_only_encouraged_is_never_a_deficiency(documents: dict[str, Standard], name: str) -> None:
    """A branch that did nothing at all is not blamed for what a document merely encourages, explores or allows."""
    chosen = documents[name]
    assessment = assessed(chosen, bare())
    assert assessment.deficiencies
    assert not [d.rule.id for d in assessment.deficiencies if d.rule.strength == "may"]
    for encouraged in (rule for rule in chosen.rules if rule.strength == "may"):
        assert judged(encouraged, bare()).outcome in ("pass", "manual", "not_applicable"), encouraged.id


def test_case_72_one_record_a_day_is_a_name_and_no_frequency(rule: Find) -> None:
    """闪光言行一日一记 is an activity: held once, or kept as one book, it serves the agency's year."""
    for done in (
        "log: [{date: 2024-05-01, type: 其他, topic: 闪光言行一日一记}], documents: []",
        "log: [{date: 2024-05-01, type: 党课, topic: 党史}], documents: [{kind: 闪光言行一日一记, date: 2024-12-01}]",
    ):
        expected = {"2024": "manual"}
        assert expected == outcomes(rule("GB-4.3.3-3"), f"{{type: 机关, {done}}}", "2024")
    assert any("不读成每天一条" in reading for reading in rule("GB-4.3.3-3").assumed)
    expected = ("presence", "year")
    check = rule("GB-4.3.3-3").check.model_dump(mode="json")
    assert expected == (check["kind"], check["per"])


@pytest.mark.parametrize(
    ("documents_kept", "expected"),
    [
        ("{kind: 正面清单, date: 2018-08-01}, {kind: 负面清单, date: 2018-08-01}", "manual"),
        ("{kind: 正负面清单, date: 2018-08-01}", "manual"),
        ("{kind: 正面清单, date: 2018-08-01}", "fail"),
        ("{kind: 负面清单, date: 2018-08-01}", "fail"),
    ],
)
def test_case_72_double_ten_is_a_count_of_two_lists(rule: Find, documents_kept: str, expected: str) -> None:
    """双十条 is ten and ten: two lists are owed once, and a person is asked whether each has ten items."""
    record = f"documents: [{documents_kept}]"
    clause = rule("GB-3.2.2-2")
    assert expected == judged(clause, record, "2024").outcome
    assert clause.judgement is not None
    assert "各十条" in clause.judgement


@pytest.mark.parametrize(
    ("documents_kept", "expected"),
    [
        ("{kind: 一村一策, date: 2018-03-01}, {kind: 一村一清单, date: 2018-03-01}", "manual"),
        ("{kind: 一村一策一清单, date: 2018-03-01}", "manual"),
        ("{kind: 一村一策, date: 2018-03-01}", "fail"),
        ("{kind: 一村一清单, date: 2018-03-01}", "fail"),
    ],
)
def test_case_72_one_policy_and_one_list_for_each_village(rule: Find, documents_kept: str, expected: str) -> None:
    """一村一策一清单 is one of each per village: an old one serves, and other kinds of branch owe none."""
    record = f"{{type: {{0}}, documents: [{documents_kept}]}}"
    assert expected == judged(rule("GB-4.4.1-4"), record.replace("{0}", "村"), "2024").outcome
    expected = "not_applicable"
    assert expected == judged(rule("GB-4.4.1-4"), record.replace("{0}", "机关"), "2024").outcome


@pytest.mark.parametrize(("tag", "expected"), [("三个一", "manual"), ("联系群众", "fail")])
def test_case_72_three_ones_are_undefined_and_never_counted(rule: Find, tag: str, expected: str) -> None:
    """QHU nowhere says what its 三个一 are: one record named so is left to people, no number is put in its place."""
    clause = rule("QHU-3.9-1b")
    record = f"log: [{{date: 2024-03-05, type: 联系服务, tags: {tag}}}]"
    assert expected == judged(clause, record, "2024").outcome
