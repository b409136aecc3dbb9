"""Quantities as a rule names them, read off records so small that anyone can count; and what is said of one that the
record does not tell."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from pydantic import ValidationError

from builders import facts_of, judged, rule_of
from dangjian_check.checks.base import Subject, amount
from dangjian_check.checks.measures import MEASURES, Measured

DAY = "2024-06-30"


def of_branch(name: str, record: str, day: str = DAY) -> Measured:
    """A quantity of the branch on a day."""
    return MEASURES[name].read(facts_of(record, "2024"), date.fromisoformat(day), None)


def of_entry(name: str, series: str, record: str) -> Measured:
    """A quantity of the record's only entry of a series, read on its day."""
    facts = facts_of(record, "2024")
    [fact] = facts.entries(series)
    subject = Subject("entry", fact.name, fact.label, fact.path, fact)
    return MEASURES[name].read(facts, fact.day or date.fromisoformat(DAY), subject)


def of_meeting(name: str, entry: str, more: str = "") -> Measured:
    """A quantity of a meeting of the members."""
    return of_entry(name, "activities", f"log: [{{date: 2024-03-05, type: 党员大会, {entry}}}]\n{more}")


def of_post(since: str, members: str) -> Measured:
    """The party age of the secretary, as it was when the post was taken up."""
    facts = facts_of(f"committee: {{posts: [{{name: 甲, post: 书记{since}}}]}}\nmembers: {members}", "2024")
    [held] = facts.posts_on(date.fromisoformat(DAY)) or []
    return MEASURES["party_age_months"].read(facts, facts.as_of, Subject("post", "甲", "书记甲", held.path, held))


ROSTER = """
members:
  - {name: 甲, status: 正式}
  - {name: 乙, status: 正式, from: 2024-07-01}
  - {name: 丙, status: 预备}
  - {name: 丁, status: 正式, exemptions: [{kind: 年老体弱, applied: 2024-01-02, approved: 2024-01-10}]}
"""
POSTS = "committee: {posts: [{name: 甲, post: 书记兼组织委员}, {name: 甲, post: 宣传委员}, {name: 乙, post: 副书记}]}"
UNITS = "joint_units: [{name: 一, formal: 3}, {name: 二, formal: 5}]"


@pytest.mark.parametrize(
    ("name", "record", "expected"),
    [
        ("members", ROSTER, 3),
        ("formal_members", ROSTER, 2),
        ("probationary_members", ROSTER, 1),
        ("probationary_members", "{formal: 8, probationary: 3}", 3),
        ("committee_size", POSTS, 2),
        ("secretaries", POSTS, 1),
        ("deputies", POSTS, 1),
        ("groups", "groups: [{id: a}, {id: b, formed: 2024-07-01}, {id: c, dissolved: 2024-06-30}]", 1),
        ("groups", "groups: [{id: a, formed: 2024-06-30}, {id: b, dissolved: 2024-07-01}]", 2),
        ("joint_units", UNITS, 2),
        ("largest_joint_unit", UNITS, 5),
    ],
)
def test_branch_is_counted_as_it_stood_on_the_day(name: str, record: str, expected: int) -> None:
    """Who or what had come by the day and had not gone; nobody twice for two posts."""
    assert expected == of_branch(name, record).value


@pytest.mark.parametrize(
    ("name", "record", "why"),
    [
        ("members", "{}", "没有党员名册或人数"),
        ("probationary_members", "{}", "没有党员名册或人数"),
        ("committee_size", "{}", "没有任职名单"),
        ("secretaries", "{}", "没有任职名单"),
        ("groups", "{}", "没有党小组名册"),
        ("joint_units", "{}", "没有列出联合各单位"),
        ("largest_joint_unit", "{}", "没有写齐联合各单位的正式党员人数"),
        ("largest_joint_unit", "joint_units: [{name: 一, formal: 3}, {name: 二}]", "没有写齐联合各单位的正式党员人数"),
        ("assessed_members", "{}", "没有参评人数，也没有党员名册或人数"),
        ("branches", "{}", "没有所属支部名单（branches）"),
    ],
)
def test_what_the_record_does_not_tell_of_the_branch_is_no_number(name: str, record: str, why: str) -> None:
    """Never nought: the reason is said."""
    assert Measured(None, why) == of_branch(name, record)


LISTED = """
organization: {name: 学院党委}
branches:
  - {name: 一, accreditation: [{level: 达标, date: 2023-05-01}, {level: 省级样板, date: 2024-06-30}]}
  - {name: 二, accreditation: [{level: 国家级样板, date: 2024-07-01}]}
  - {name: 三, accreditation: [{level: 校级样板, date: 2024-01-01}]}
  - {name: 四, founded: 2024-07-01}
  - {name: 五, dissolved: 2024-06-30, accreditation: [{level: 国家级样板, date: 2020-01-01}]}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("branches", 3),
        ("branches.accredited", 2),
        ("branches.school_model", 2),
        ("branches.provincial_model", 1),
        ("branches.national_model", 0),
    ],
)
def test_branches_of_a_superior_are_counted_by_what_they_held_by_the_day(name: str, expected: int) -> None:
    """A branch counts once, at any level at or above the one asked about; not before it is founded or accredited."""
    assert expected == of_branch(name, LISTED).value


def appraised(*appraisals: str) -> int | Fraction | None:
    """How many took part, of a branch of eight."""
    return of_branch("assessed_members", f"formal: 8\nappraisals: [{', '.join(appraisals)}]").value


def test_members_assessed_are_those_of_the_shortest_period_the_day_lies_in() -> None:
    """Case 52: by the appraisals that say what they are for; if one of them gives no number, or none speaks of the
    day, all members."""
    year = "{date: 2024-06-01, for: 2024, assessed: 7}"
    half = "{date: 2024-06-01, for: 2024H1, assessed: 5}"
    untold = "{date: 2024-06-02, for: 2024H1}"

    assert 7 == appraised(year)
    assert 5 == appraised(year, half)
    assert 10 == appraised(year, half, half.replace("06-01", "06-02"))
    assert 8 == appraised(year, half, untold)
    assert 8 == appraised("{date: 2024-06-01, for: 2023, assessed: 7}")
    assert 8 == appraised("{date: 2024-06-01, assessed: 7}")


MEETING = "attendance: {present: [甲, 丙, 外人]}"


@pytest.mark.parametrize(
    ("name", "entry", "record", "expected"),
    [
        ("attendance.expected", "attendance: {expected: 9}", "", 9),
        ("attendance.present", "attendance: {present: [甲, 外人]}", "", 2),
        ("attendance.obliged", "attendance: {expected: 9}", ROSTER, 9),
        ("attendance.obliged", "attendance: {present: 2}", ROSTER, 2),
        ("attendance.obliged", "topic: 一", ROSTER, 2),
        ("attendance.obliged_present", "attendance: {present: [甲, 丁, 外人]}", ROSTER, 1),
        ("attendance.obliged_present", "attendance: {expected: 9, present: [甲, 丁, 外人]}", ROSTER, 3),
        ("attendance.obliged_present", "attendance: {present: 4}", ROSTER, 4),
        ("attendance.obliged_present", "attendance: {present: [甲, 外人]}", "", 2),
        ("attendance.unexcused", "attendance: {present: 3, absent: [乙]}", ROSTER, 1),
        ("attendance.unexcused", "attendance: {present: 3}", "", 0),
        ("attendance.unexcused", "attendance: {expected: 2, present: 3}", "", 0),
        ("attendance.voting_expected", "attendance: {voting_expected: 7}", ROSTER, 7),
        ("attendance.voting_expected", "attendance: {present: 2}", ROSTER, 2),
        ("attendance.voting_expected", "topic: 一", ROSTER, 2),
        ("attendance.voting_present", "attendance: {voting_present: 6, present: [甲]}", ROSTER, 6),
        ("attendance.voting_present", MEETING, ROSTER, 1),
        ("attendance.voting_present", "attendance: {present: [甲, 丁, 外人]}", ROSTER, 2),
        ("votes.least_in_favour", "votes: [{matter: 一, for: 7}, {matter: 二, for: 4}]", "", 4),
        ("votes.least_in_favour", "votes: [{matter: 一, for: 7}, {matter: 二, for: 1, passed: false}]", "", 7),
    ],
)  # fmt: skip
def test_meeting_is_counted_as_written_else_by_the_roster(name: str, entry: str, record: str, expected: int) -> None:
    """Numbers written go before the roster; by the roster only who belonged, and had to come or had a vote."""
    assert expected == of_meeting(name, entry, record).value


@pytest.mark.parametrize(
    ("name", "entry", "record", "why"),
    [
        ("attendance.expected", "topic: 一", "", "没有写应到人数"),
        ("attendance.present", "attendance: {expected: 9}", "", "没有写实到人数"),
        ("attendance.obliged", "topic: 一", "", "没有写应到人数，也没有名册"),
        ("attendance.obliged_present", "topic: 一", ROSTER, "没有写实到人数"),
        ("attendance.voting_expected", "topic: 一", "", "没有写应到会有表决权的人数，也没有名册"),
        ("attendance.voting_present", "topic: 一", ROSTER, "没有写实到会有表决权的人数"),
        ("attendance.voting_present", "attendance: {present: 3}", ROSTER, "没有写实到会有表决权的人数"),
        ("attendance.voting_present", MEETING, "", "没有写实到会有表决权的人数"),
        ("votes.least_in_favour", "votes: [{matter: 一, for: 7, passed: false}]", "", "没有写通过事项的票数"),
    ],
)
def test_what_is_not_told_of_a_meeting_is_no_number(name: str, entry: str, record: str, why: str) -> None:
    """Names without a roster tell nothing of votes, nor does a roster without names."""
    assert Measured(None, why) == of_meeting(name, entry, record)


@pytest.mark.parametrize(
    ("name", "entry", "expected"),
    [
        ("election.expected", "expected: 20", 20),
        ("election.present", "present: 18", 18),
        ("election.seats", "seats: 3", 3),
        ("election.ballots", "ballots: 17", 17),
        ("election.extra_candidates", "candidates: [甲, 乙, 丙, 丁], seats: 3", 1),
        ("election.extra_candidates", "candidates: 3, seats: 3", 0),
        ("election.least_winner_votes", "winners: [{name: 甲, votes: 9}, {name: 乙, votes: 7}]", 7),
    ],
)
def test_election_is_counted_as_written(name: str, entry: str, expected: int) -> None:
    """Candidates beyond the seats, and the winner with the fewest votes."""
    assert expected == of_entry(name, "elections", f"elections: [{{date: 2024-03-05, {entry}}}]").value


@pytest.mark.parametrize(
    ("name", "entry", "why"),
    [
        ("election.expected", "seats: 3", "没有写应到人数"),
        ("election.extra_candidates", "candidates: 3", "没有写候选人数或应选名额"),
        ("election.extra_candidates", "seats: 3", "没有写候选人数或应选名额"),
        ("election.least_winner_votes", "seats: 3", "没有写当选人的得票"),
        ("election.least_winner_votes", "winners: [{name: 甲, votes: 9}, {name: 乙}]", "没有写当选人的得票"),
    ],
)
def test_what_is_not_told_of_an_election_is_no_number(name: str, entry: str, why: str) -> None:
    """One number of two is no difference, the votes of some winners are not the fewest of all."""
    assert Measured(None, why) == of_entry(name, "elections", f"elections: [{{date: 2024-03-05, {entry}}}]")


GRADES = "[{name: 甲, grade: 优秀}, {name: 丙, grade: 警示型}, {name: 乙, grade: 合格}]"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("appraisal.assessed", 3),
        ("appraisal.excellent", 1),
        ("appraisal.warned", 1),
        ("appraisal.odd_grades", 1),
        ("appraisal.graded_probationers", 1),
    ],
)
def test_results_of_an_appraisal_are_counted_by_grade_and_person(name: str, expected: int) -> None:
    """优秀, 警示, grades other than the four, and grades given to probationary members."""
    record = f"appraisals: [{{date: 2024-12-05, assessed: 3, results: {GRADES}}}]\n{ROSTER}"
    assert expected == of_entry(name, "appraisals", record).value


@pytest.mark.parametrize(
    ("name", "record", "why"),
    [
        ("appraisal.excellent", ROSTER, "没有写评议结果"),
        ("appraisal.odd_grades", ROSTER, "没有写评议结果"),
        ("appraisal.graded_probationers", ROSTER, "没有写评议结果或没有名册"),
        ("appraisal.assessed", ROSTER, "没有写参评人数"),
    ],
)
def test_what_is_not_told_of_an_appraisal_is_no_number(name: str, record: str, why: str) -> None:
    """Without results nobody is known to be graded."""
    assert Measured(None, why) == of_entry(name, "appraisals", f"appraisals: [{{date: 2024-12-05}}]\n{record}")


def test_who_is_probationary_nobody_knows_without_a_roster() -> None:
    """Grades alone do not tell whom they were given to."""
    record = f"appraisals: [{{date: 2024-12-05, results: {GRADES}}}]"
    assert Measured(None, "没有写评议结果或没有名册") == of_entry("appraisal.graded_probationers", "appraisals", record)


def test_party_age_runs_in_months_from_confirmation_to_the_day_the_post_was_taken_up() -> None:
    """Of the holder, not of anybody else on the roster."""
    others = "{name: 乙, status: 正式, confirmed: 2001-01-01}"
    holder = "{name: 甲, status: 正式, confirmed: 2021-05-15}"

    assert 36 == of_post(", since: 2024-05-15", f"[{others}, {holder}]").value
    assert 35 == of_post(", since: 2024-05-14", f"[{holder}, {others}]").value
    assert Measured(None, "没有写任职起始日") == of_post("", f"[{holder}]")
    untold = Measured(None, "名册中没有任职者的转正日期")
    assert untold == of_post(", since: 2024-05-15", f"[{others}]")
    assert untold == of_post(", since: 2024-05-15", "[{name: 甲, status: 正式}]")


@pytest.mark.parametrize("name", MEASURES)
def test_quantity_of_an_entry_needs_one_and_one_of_the_branch_does_not(name: str) -> None:
    """As the table says of each."""
    if MEASURES[name].of:
        with pytest.raises(AssertionError):
            of_branch(name, "{}")
    else:
        assert of_branch(name, "{}").value is None


def test_only_dues_paid_may_still_grow_after_their_day() -> None:
    """All else is over when the entry is written."""
    assert ["dues.paid"] == [name for name, measure in MEASURES.items() if measure.grows]


@pytest.mark.parametrize(
    ("each", "check", "remedy"),
    [
        ("", "{kind: limit, of: election.seats, min: 3}", "in: elections"),
        ("for_each: {in: posts, role: 书记}", "{kind: limit, of: dues.due, min: 0}", "in: dues"),
        ("for_each: {in: members}", "{kind: limit, of: party_age_months, min: 12}", "in: posts"),
        (
            "for_each: {in: entries, select: {in: talks}}",
            "{kind: share, part: members, whole: attendance.expected, min: 1/2}",
            "in: activities",
        ),
    ],
)
def test_quantity_of_an_entry_is_asked_of_such_entries_only(each: str, check: str, remedy: str):
    """Else the rule would break over every record."""
    with pytest.raises(ValidationError, match="逐条核才有") as caught:
        rule_of(f"{each}\ncheck: {check}")
    assert remedy in caught.value.errors()[0]["ctx"]["remedy"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(3, "3"), (Fraction(100), "100"), (Fraction(47, 2), "23.5"), (Fraction(19, 100), "0.19"), (Fraction(1, 3), "1/3")],
)
def test_amounts_are_decimals_where_these_are_exact(number: Fraction | int, expected: str) -> None:
    """Nobody pays 19/100 元, and a third of an hour is no 0.33."""
    assert expected == amount(number)


def test_ratio_of_sums_of_money_is_read_in_decimals_and_kept_as_a_fraction() -> None:
    """Of whole numbers it is kept as it was counted."""
    rule = rule_of(
        "for_each: {in: entries, select: {in: dues}}\ncheck: {kind: share, part: dues.paid, whole: dues.due, min: 1}"
    )
    paid = "dues: [{{id: a, name: 甲, month: 2024-03, paid_on: 2024-03-05, due: 20, paid: {}}}]"
    found = [judged(rule, paid.format(sum), "2024").windows[0].verdict for sum in ("19.5", "18")]
    assert [(True, "39/40"), (True, "18/20")] == [
        (verdict.message.endswith(shown), verdict.actual)
        for verdict, shown in zip(found, ("实为 19.5/20", "实为 18/20"), strict=True)
    ]
