"""Worked cases 58-66: how the vocational college's table is read. All amounts are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest

from builders import Find, assessed, item
from dangjian_check.engine.assessment import Assessment
from dangjian_check.rulebook.standard import Standard

HALF, NONE = Fraction(1, 2), Fraction(0)
LECTURES = ", ".join(f"{{date: {day}, type: 党课}}" for day in ("2023-09-10", "2023-11-10", "2024-03-10", "2024-05-10"))


def kept(assessment: Assessment, name: str) -> tuple[Fraction, Fraction]:
    """What an indicator keeps at least and at most."""
    return item(assessment, name).low, item(assessment, name).high


def lost(assessment: Assessment, *rules: str) -> list[Fraction]:
    """The deductions of the deficiencies of these rules."""
    return [d.deduction for d in assessment.deficiencies if d.rule.id in rules]


def test_case_58_four_missing_kinds_of_meeting_cost_three_points(voc: Standard) -> None:
    """4.1: nothing held of all four kinds is four points against three; the indicator ends at zero, not below."""
    record = """
      committee: 2022-06-15
      groups: [{id: g1}]
      coverage: {from: 2023-08-01, to: 2024-12-31}
      log: []
    """
    assessment = assessed(voc, record, "2024")
    expected = (NONE, NONE)
    assert expected == kept(assessment, "4.1")
    expected = 4
    assert expected == item(assessment, "4.1").lost_uncapped
    expected = 3
    assert expected == sum(lost(assessment, "VOC-4.1.1-1", "VOC-4.1.1-2", "VOC-4.1.1-3", "VOC-4.1.1-4"))


def test_case_58_committee_indicator_loses_at_most_three(voc: Standard) -> None:
    """1.2: vacant posts at two points and an overdue election at two are four against three."""
    record = """
      formal: 9
      committee: {elected: 2020-06-15, posts: [{name: 甲, post: 书记}, {name: 乙, post: 组织委员}]}
      log: [{date: 2024-01-09, type: 支委会}]
      assessments: [{rule: VOC-1.2.1-4, deduct: 2, by: 某人, on: 2024-12-20}]
    """
    assessment = assessed(voc, record, "2024")
    expected = (NONE, NONE)
    assert expected == kept(assessment, "1.2")
    expected = 4
    assert expected == item(assessment, "1.2").lost_uncapped


@pytest.mark.parametrize(("opinion", "low", "high"), [("", NONE, Fraction(2)), ("1", Fraction(1), Fraction(1))])
def test_case_40_missing_year_of_party_age_costs_points_only_if_confirmed(
    voc: Standard, opinion: str, low: Fraction, high: Fraction
) -> None:
    """1.3: 一般应当 is a warning; the one or two points of the table are lost once an assessor says so."""
    said = f"{{rule: VOC-1.3.1-2, deduct: {opinion}, by: 某人, on: 2024-12-20}}, " if opinion else ""
    record = f"""
      type: 学生
      members: [{{name: 甲, status: 正式, confirmed: 2022-06-15}}]
      committee:
        {{elected: 2022-06-15, posts: [{{name: 甲, post: 书记, identity: 学生党员}}, {{name: 乙, post: 委员}}]}}
      log: [{{date: 2024-01-09, type: 支委会}}]
      assessments: [{said}{{rule: VOC-1.3.1-1, deduct: 0, by: 某人, on: 2024-12-20}}]
    """
    assessment = assessed(voc, record, "2024")
    assert (2 - high, 2 - low) == kept(assessment, "1.3")


def test_case_58_secretary_indicator_loses_at_most_two(voc: Standard) -> None:
    """1.3: two points for the missing 双带头人 and at least one for no 骨干 end at zero of two."""
    record = """
      type: 教师
      members: [{name: 甲, status: 正式, confirmed: 2020-06-15}]
      committee:
        elected: 2022-06-15
        posts: [{name: 甲, post: 书记, dual_leader: false, backbone: 无}, {name: 乙, post: 委员}]
      log: [{date: 2024-01-09, type: 支委会}]
    """
    assessment = assessed(voc, record, "2024")
    expected = (NONE, NONE)
    assert expected == kept(assessment, "1.3")
    expected = 3
    assert expected == item(assessment, "1.3").lost_uncapped
    expected = 2
    assert expected == sum(lost(assessment, "VOC-1.3.1-3", "VOC-1.3.1-4"))


@pytest.mark.parametrize("cases", [1, 3, 4, 7])
def test_case_58_sanctions_lose_one_each_up_to_three(voc: Standard, cases: int) -> None:
    """3.3: each 人次 costs one point, four or more against three no more than three."""
    listed = ", ".join(f"{{name: 党员{n}, matter: 违纪, kind: 党纪, decided: 2024-03-0{n + 1}}}" for n in range(cases))
    record = f"{{log: [{{date: 2024-01-09, type: 支委会}}], discipline: [{listed}]}}"
    left = max(3 - cases, 0)
    assert (left, left) == kept(assessed(voc, record, "2024"), "3.3")


@pytest.mark.parametrize(("missed", "loss"), [(0, NONE), (1, HALF), (4, HALF), (5, Fraction(1)), (12, Fraction(1))])
def test_case_59_missed_months_of_one_duty_are_one_item(voc: Standard, missed: int, loss: Fraction) -> None:
    """Missed months of the 支委会 are one 项: half a point up to a third of them, one point beyond."""
    months = ", ".join(f"2024-{n:02d}" for n in range(1, missed + 1))
    record = f"""
      committee: 2022-06-15
      groups: []
      log: [{{every: month, from: 2024-01, to: 2024-12, except: [{months}], type: 支委会}},
            {{every: quarter, from: 2024Q1, to: 2024Q4, type: 党员大会}}, {LECTURES}]
    """
    assessment = assessed(voc, record, "2024")
    assert (3 - loss, 3 - loss) == kept(assessment, "4.1")
    assert missed == len(lost(assessment, "VOC-4.1.1-2"))
    assert loss == sum(lost(assessment, "VOC-4.1.1-2"))


def test_case_59_worse_branch_never_scores_better(voc: Standard) -> None:
    """The loss of 4.4 grows with the missed months and is greatest where no theme day was held at all."""
    losses = []
    for missed in range(13):
        days = ", ".join(f"{{date: 2024-{n:02d}-15, type: 主题党日}}" for n in range(missed + 1, 13))
        assessment = assessed(voc, f"{{theme_day: {{day: 15}}, log: [{days}]}}", "2024")
        assert item(assessment, "4.4").low == item(assessment, "4.4").high
        losses.append(5 - item(assessment, "4.4").low)
    expected = [NONE, *[HALF] * 4, *[Fraction(1)] * 7, Fraction(2)]
    assert expected == losses


@pytest.mark.parametrize(
    ("name", "points", "rules"),
    [("4.2", 2, ["VOC-4.2.1-1"]), ("4.3", 2, ["VOC-4.3.1-1"]), ("4.4", 5, ["VOC-4.4.1-1", "VOC-4.4.1-2"])],
)
def test_case_60_nothing_held_costs_two_and_nothing_besides(
    voc: Standard, name: str, points: int, rules: list[str]
) -> None:
    """未开展 costs two points in place of the 项, though further rules of the indicator failed as well."""
    record = """
      notices: [{date: 2024-08-01, requires: 专题组织生活会}]
      log: [{date: 2024-01-09, type: 支委会}]
    """
    assessment = assessed(voc, record, "2024")
    assert (points - 2, points - 2) == kept(assessment, name)
    expected = 2
    assert expected == sum(lost(assessment, *rules))


def test_case_60_partial_case_costs_at_most_two(voc: Standard) -> None:
    """Held in half of the months and always off its day: two 项 of one point each, and no 未开展 besides."""
    record = """
      theme_day: {day: 15}
      log: [{every: month, from: 2024-01, to: 2024-06, day: 16, type: 主题党日}]
    """
    assessment = assessed(voc, record, "2024")
    assert (Fraction(3), Fraction(3)) == kept(assessment, "4.4")
    expected = 1
    assert expected == sum(lost(assessment, "VOC-4.4.1-1"))
    expected = 1
    assert expected == sum(lost(assessment, "VOC-4.4.1-2"))


def test_case_60_yearly_meeting_held_and_the_special_one_missed(voc: Standard) -> None:
    """The yearly meeting held, the ordered special one not: only the 项 of the latter, half a point to one."""
    record = """
      notices: [{date: 2024-08-01, requires: 专题组织生活会}]
      log: [{date: 2024-01-09, type: 组织生活会}]
    """
    assert (Fraction(1), Fraction(3, 2)) == kept(assessed(voc, record, "2024"), "4.2")


@pytest.mark.parametrize(("lecturer", "cost"), [("丙", [HALF, HALF]), ("甲", [Fraction(1)]), ("[甲, 乙]", [])])
def test_case_61_missing_lectures_cost_one_point_once(voc: Standard, lecturer: str, cost: list[Fraction]) -> None:
    """未讲党课 is one point, whether the secretary, a leading cadre, or both gave none."""
    record = f"""
      committee: {{elected: 2022-06-15, posts: [{{name: 甲, post: 书记}}]}}
      members: [{{name: 甲, status: 正式}}, {{name: 乙, status: 正式, leading_cadre: true}}, {{name: 丙, status: 正式}}]
      log: [{{date: 2024-03-10, type: 党课, lecturer: {lecturer}}}]
    """
    assert cost == lost(assessed(voc, record, "2024"), "VOC-4.5.1-2", "VOC-4.5.1-5")


PUNISHED = """
  members: [{name: 甲, status: 正式, teacher: true}, {name: 乙, status: 正式}, {name: 走, status: 正式, to: 2024-03-01}]
  log: [{date: 2024-01-09, type: 支委会}]
"""


@pytest.mark.parametrize(
    ("entries", "loss"),
    [
        ("{name: 甲, matter: 酒驾, kind: 党纪, decided: 2024-05-01}", 1),
        (
            "{name: 甲, matter: 酒驾, kind: 党纪, decided: 2024-05-01},"
            "{name: 甲, matter: 酒驾, kind: 政务, decided: 2024-06-01}",
            1,
        ),
        (
            "{name: 甲, matter: 有偿补课, kind: 师德, decided: 2024-05-01},"
            "{name: 甲, matter: 有偿补课, kind: 党纪, decided: 2024-06-01}",
            1,
        ),
        (
            "{name: 甲, matter: 酒驾, kind: 党纪, decided: 2024-05-01},"
            "{name: 甲, matter: 有偿补课, kind: 师德, decided: 2024-06-01}",
            2,
        ),
        (
            "{name: 甲, matter: 酒驾, kind: 党纪, decided: 2024-05-01},"
            "{name: 乙, matter: 酒驾, kind: 党纪, decided: 2024-05-01}",
            2,
        ),
        ("{name: 甲, matter: 酒驾, kind: 党纪, decided: 2023-12-31}", 0),
        ("{name: 甲, matter: 酒驾, kind: 党纪, decided: 2025-01-01}", 0),
    ],
)
def test_case_62_sanctions_are_counted_by_person_and_matter(voc: Standard, entries: str, loss: int) -> None:
    """One person punished for one matter in several ways is one 人次; the day of the decision places it in a year."""
    record = f"{PUNISHED}  discipline: [{entries}]"
    assert (3 - loss, 3 - loss) == kept(assessed(voc, record, "2024", "2024-12-31"), "3.3")


@pytest.mark.parametrize(("decided", "loss"), [("2024-02-29", 1), ("2024-05-01", 0)])
def test_case_62_only_members_of_the_day_of_decision_count(voc: Standard, decided: str, loss: int) -> None:
    """Who had left the branch on 1 March is not its case when punished in May."""
    record = f"{PUNISHED}  discipline: [{{name: 走, matter: 酒驾, kind: 党纪, decided: {decided}}}]"
    assert (3 - loss, 3 - loss) == kept(assessed(voc, record, "2024"), "3.3")


def test_case_63_indicator_that_does_not_apply_keeps_its_points(voc: Standard) -> None:
    """Without leading cadres 4.5 keeps all its points, and the total is still out of eighty."""
    record = """
      committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}]}
      members: [{name: 甲, status: 正式, leading_cadre: false}]
      log: [{date: 2024-03-10, type: 党课, lecturer: 甲}]
    """
    assessment = assessed(voc, record, "2024")
    assert (Fraction(3), Fraction(3)) == kept(assessment, "4.5")
    assert assessment.score is not None
    expected = 80
    assert expected == assessment.score.max


def test_case_63_no_reweighting_among_what_applies(voc: Standard) -> None:
    """Where neither 支委会 nor groups exist, missing two of four assemblies costs what it costs everywhere."""
    record = f"""
      formal: 5
      committee: {{posts: [{{name: 甲, post: 书记}}]}}
      groups: []
      log: [{{date: 2024-01-09, type: 党员大会}}, {{date: 2024-04-09, type: 党员大会}}, {LECTURES}]
    """
    assessment = assessed(voc, record, "2024")
    assert (Fraction(2), Fraction(2)) == kept(assessment, "4.1")


def test_case_64_highlights_are_twenty_points_apart_for_a_person(voc: Standard) -> None:
    """The machine's score is out of eighty; the twenty of 特色亮点 stay open beside it, neither 0 nor 20."""
    score = assessed(voc, "{formal: 9, log: [{date: 2024-01-09, type: 支委会}], awards: []}", "2024").score
    assert score is not None
    expected = 80
    assert expected == score.max
    assert score.high <= 80
    assert score.bonus is not None
    assert (NONE, Fraction(20), Fraction(20)) == (score.bonus.low, score.bonus.high, score.bonus.points)


def test_case_64_awarded_points_stay_apart_and_end_at_twenty(voc: Standard) -> None:
    """What a person awards fills the bonus up to twenty and moves nothing in the eighty."""
    record = "{{formal: 9, log: [{{date: 2024-01-09, type: 支委会}}], assessments: [{0}]}}"
    awards = ", ".join(
        f"{{rule: {rule}, award: {points}, by: 某人, on: 2024-12-20}}"
        for rule, points in (("VOC-6.1.1-1", 15), ("VOC-6.1.2-1", 8))
    )
    plain, awarded = (assessed(voc, record.format(given), "2024").score for given in ("", awards))
    assert plain is not None
    assert awarded is not None
    assert (plain.low, plain.high) == (awarded.low, awarded.high)
    assert awarded.bonus is not None
    assert (Fraction(20), Fraction(20)) == (awarded.bonus.low, awarded.bonus.high)


def test_case_64_what_a_person_awarded_waits_for_a_person_no_more(voc: Standard) -> None:
    """The judgement is recorded, even where it is that nothing is added; what nobody looked at still waits."""
    record = """
      awards: [{date: 2024-05-04, title: 院级先进}]
      media: [{date: 2024-05-05, outlet: 校报}]
      assessments: [{rule: VOC-6.1.1-1, award: 0, by: 某人, on: 2024-12-20, remark: 院级的不加}]
    """
    outcomes = {o.rule.id: o for o in assessed(voc, record, "2024").outcomes}
    judged, waiting = outcomes["VOC-6.1.1-1"], outcomes["VOC-6.1.2-1"]
    assert ("pass", "manual") == (judged.outcome.value, waiting.outcome.value)
    assert "评分人 2024-12-20 认定加 0 分：院级的不加" == judged.windows[0].verdict.message


def test_case_65_superiors_indicators_are_no_loss_of_the_branch(voc: Standard) -> None:
    """Without a fixed venue 5.4 loses nothing unless asked for, is labelled the superior's, and is no deficiency."""
    record = "{formal: 9, venue: {fixed: false}, log: [{date: 2024-01-09, type: 支委会}]}"
    own, official = assessed(voc, record, "2024"), assessed(voc, record, "2024", with_superior=True)
    assert (Fraction(6), Fraction(6)) == kept(own, "5.4")
    assert (Fraction(4), Fraction(4)) == kept(official, "5.4")
    for assessment in (own, official):
        assert item(assessment, "5.4").by_superior
        expected = []
        assert expected == [d.rule.id for d in assessment.deficiencies if d.rule.by_superior]
        assert "VOC-5.4.1-1" in {o.rule.id for o in assessment.annex()}


def test_case_65_superiors_part_of_the_setup_indicator_is_left_out(voc: Standard, rule: Find) -> None:
    """Of 1.1 the duties of the superior (a unit that outgrew the joint branch) cost the branch nothing."""
    record = """
      formal: 4
      joint: true
      joint_units: [{name: 甲系, formal: 3}, {name: 乙系, formal: 1}]
      dispersed: false
      documents: [{kind: 支部设置请示, date: 2015-08-20}, {kind: 支部设置批复, date: 2015-08-21}]
      log: [{date: 2024-01-09, type: 支委会}]
    """
    assert rule("VOC-1.1.1-3").by_superior
    assert (Fraction(5), Fraction(5)) == kept(assessed(voc, record, "2024"), "1.1")
    expected = 4
    assert expected == kept(assessed(voc, record, "2024", with_superior=True), "1.1")[1]


def test_case_66_no_pass_mark_no_verdict_on_reaching_the_standard(voc: Standard) -> None:
    """The table names no score for 达标: without a threshold there is no grade."""
    score = assessed(voc, "{formal: 9, log: [{date: 2024-01-09, type: 支委会}]}", "2024").score
    assert score is not None
    assert score.grade is None
    expected = []
    assert expected == voc.sheet.grades
