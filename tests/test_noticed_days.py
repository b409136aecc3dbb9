"""The day itself: what holds on the first or last day something counts, what is not told of days to come, and what
nearly counted."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from builders import facts_of, near_misses, outcomes, record_of, rule_of
from dangjian_check.checks.base import Deadline, Subject, Verdict
from dangjian_check.checks.training_days import training_days
from dangjian_check.engine.trace import trace
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.series import Training
from dangjian_check.rulebook.rule import Rule

ONCE = "check: {kind: frequency, select: {type: 党课}, per: quarter, min: 1}"
COVERED = "coverage: {from: 2024-01-01, to: 2024-12-31}\nlog: []\n"


def where(condition: str) -> Rule:
    """Once a quarter, where something holds of the branch."""
    return rule_of(f"applies_when: {{{condition}}}\n{ONCE}")


@pytest.mark.parametrize(
    ("condition", "record", "expected"),
    [
        ("branch.accredited: true", "branch: {accreditation: [{level: 达标, date: 2024-03-31}]}", "fail"),
        ("branch.accredited: true", "branch: {accreditation: [{level: 达标, date: 2024-04-01}]}", "not_applicable"),
        ("notices: [党课]", "notices: [{date: 2024-01-01, requires: 党课}]", "fail"),
        ("notices: [党课]", "notices: [{date: 2024-03-31, requires: 党课}]", "fail"),
        ("notices: [党课]", "notices: [{date: 2024-04-01, requires: 党课}]", "not_applicable"),
        ("notices: [党课]", "notices: [{date: 2024-03-01, requires: 大会}]", "not_applicable"),
        ("notices: [党课]", "{}", "unknown"),
        ("ordinary_members: {min: 1}", "committee: {posts: [{name: 甲, post: 书记}]}", "unknown"),
        ("ordinary_members: {min: 1}", "formal: 3", "unknown"),
        ("ordinary_members: {min: 2}", "committee: {posts: [{name: 甲, post: 书记}]}\nformal: 3", "fail"),
        ("ordinary_members: {min: 3}", "committee: {posts: [{name: 甲, post: 书记}]}\nformal: 3", "not_applicable"),
    ],
)
def test_demand_binds_where_its_condition_holds_by_the_last_day(condition: str, record: str, expected: str) -> None:
    """What is not told leaves it open."""
    written = "" if record == "{}" else record
    assert expected == outcomes(where(condition), f"{COVERED}{written}", "2024Q1", "2024-03-31")["2024Q1"]


def test_what_is_known_to_change_after_the_audit_does_not_count_yet() -> None:
    """A member who will have left by the end of the window is still there; one who left by the audit is not."""
    members = "members: [{name: 甲, status: 正式}, {name: 乙, status: 正式, to: 2024-02-20}]"
    rule = where("members: {min: 2}")
    assert {"2024Q1": "pending"} == outcomes(rule, f"{COVERED}{members}", "2024Q1", "2024-02-19")
    assert {"2024Q1": "not_applicable"} == outcomes(rule, f"{COVERED}{members}", "2024Q1", "2024-02-20")


def test_looking_ahead_only_the_gap_that_still_runs_is_followed() -> None:
    """What was followed is over; what begins later is nobody's concern yet."""
    rule = rule_of("check: {kind: interval, select: {type: 党课}, months: 3}")
    record = record_of("log: [{date: 2024-01-10, type: 党课}, {date: 2024-03-10, type: 党课}]")
    ahead = Facts(record, Period(date(2024, 1, 1), date(2024, 12, 31)), date(2024, 4, 1), horizon=date(2024, 9, 30))
    assert ["gap:2024-03-10"] == [window.name for window in rule.check.windows(ahead)]


FOUNDED = "founded: 2024-05-01\nlog: []"


def test_gap_that_has_not_begun_is_not_followed_yet() -> None:
    """Of a branch still to be founded."""
    rule = rule_of("check: {kind: interval, select: {type: 党课}, months: 3}")
    span = Period(date(2024, 1, 1), date(2024, 12, 31))
    listed = {
        day: [w.name for w in rule.check.windows(Facts(record_of(FOUNDED), span, day, horizon=date(2024, 9, 30)))]
        for day in (date(2024, 4, 30), date(2024, 5, 1))
    }
    assert [[], ["gap:2024-05-01"]] == [*listed.values()]


QUARTERLY = rule_of("check: {kind: interval, select: {type: 党课}, months: 3}")


@pytest.mark.parametrize(
    ("record", "period", "as_of", "expected"),
    [
        ("founded: 2023-10-15\nlog: []", "2023", "2024-01-14", {"gap:2023-10-15": "pending"}),
        ("founded: 2023-10-15\nlog: []", "2023", "2024-01-15", {"state": "not_applicable"}),
        ("founded: 2023-10-01\nlog: [{date: 2024-01-01, type: 党课}]", "2024Q1", "2024-03-31", {
            "gap:2023-10-01": "pass", "gap:2024-01-01": "pending",
        }),
        ("log: [{date: 2023-05-01, type: 党课}, {date: 2024-02-01, type: 党课}]", "2024Q1", "2024-03-31", {
            "gap:2023-05-01": "fail", "gap:2024-02-01": "pending",
        }),
        ("log: [{date: 2023-05-01, type: 党课}, {date: 2024-01-01, type: 党课}]", "2024Q1", "2024-03-31", {
            "gap:2024-01-01": "pending",
        }),
    ],
)  # fmt: skip
def test_gap_is_listed_while_it_runs_when_it_runs_out_and_while_it_stays_broken(
    record: str, period: str, as_of: str, expected: dict[str, str]
) -> None:
    """One that runs out after the period only as long as it runs; the clock of the founding, too."""
    assert expected == outcomes(QUARTERLY, record, period, as_of)


# What nearly counted

PLANNED = rule_of("check: {kind: frequency, select: {in: plans}, per: year, min: 1}")


def test_entry_without_a_day_nearly_counted() -> None:
    """For want of its day."""
    assert ["没有写日期"] == near_misses(PLANNED, "plans: [{kind: 年度计划}]", "2024", "2024")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-12-01", ["早于该期间 31 天，不能结转"]),
        ("2023-11-30", []),
        ("2023-12-31", ["早于该期间 1 天，不能结转"]),
        ("2025-01-01", ["晚于该期间 1 天，不能补计"]),
        ("2025-01-31", ["晚于该期间 31 天，不能补计"]),
        ("2025-02-01", []),
    ],
)
def test_entry_within_a_month_of_the_window_nearly_counted(day: str, expected: list[str]) -> None:
    """By how many days it misses is said."""
    record = f"plans: [{{kind: 年度计划, made: {day}}}]"
    assert expected == near_misses(PLANNED, record, "2024", "2023..2025", "2025-06-30")


# What a person has to judge


def ripe() -> Rule:
    """Probationary members are to be discussed a year after their admission."""
    return rule_of("""
      for_each: {in: members, status: 预备}
      check: {kind: manual, ask: 转正了吗, by: {what: 讨论转正, after: admitted, months: 12, unless: [转正, 延长]}}
    """)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("", [Deadline(date(2024, 6, 1), "讨论转正")]),
        ("转正: 2024-05-20", [None]),
        ("延长: 2024-05-20", [None]),
        ("转正: 2024-06-30", [None]),
        ("转正: 2024-07-01", [Deadline(date(2024, 6, 1), "讨论转正")]),
        ("入党: 2023-06-01", [Deadline(date(2024, 6, 1), "讨论转正")]),
    ],
)
def test_matter_of_a_member_is_due_so_long_after_a_day_on_the_roster_unless_a_step_was_taken(
    steps: str, expected: list[Deadline | None]
) -> None:
    """Any of the steps, by the day of the audit; steps of others do not count."""
    record = f"""
      members: [{{name: 甲, status: 预备, admitted: 2023-06-01}}]
      development: [{{name: 甲, steps: {{{steps}}}}}, {{name: 乙, steps: {{转正: 2024-05-01}}}}]
    """
    facts = facts_of(record, "2024", "2024-06-30")
    rule = ripe()
    found = [w.outcome for w in trace(rule, facts).windows]
    assert expected == [rule.check.due(facts, w.window, w.subject, w.verdict) for w in found]


def test_only_what_waits_for_a_person_is_due() -> None:
    """What somebody has judged is done, and without a day nothing is due."""
    facts = facts_of("members: [{name: 甲, status: 预备, admitted: 2023-06-01}]", "2024")
    [member] = facts.record.members or ()
    subject = Subject("member", "甲", "甲", ("members", 0), member)
    window = Window(facts.as_of, facts.as_of, "state")
    open_, done = (Verdict(outcome, "") for outcome in (Outcome.MANUAL, Outcome.PASS))
    dated, undated = ripe().check, rule_of("check: {kind: manual, ask: 好吗}").check

    assert Deadline(date(2024, 6, 1), "讨论转正") == dated.due(facts, window, subject, open_)
    assert dated.due(facts, window, subject, done) is None
    assert undated.due(facts, window, subject, open_) is None
    assert [True, False, False] == [
        v.outcome in check.owing for check, v in ((dated, open_), (dated, done), (undated, open_))
    ]


def test_matter_is_due_for_members_only() -> None:
    """And for those whose day the roster gives."""
    facts = facts_of("groups: [{id: 一}]\nmembers: [{name: 甲, status: 预备}]", "2024")
    by = ripe().check.by  # type: ignore[attr-defined]
    [group], [member] = facts.record.groups or (), facts.record.members or ()
    subjects = [None, Subject("group", "一", "一", ("groups", 0), group), Subject("member", "甲", "甲", (), member)]
    assert [None, None, None] == [by.day(facts, subject) for subject in subjects]


# Days of training


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        (["2024-03-01..2024-03-06"], [None]),
        (["2024-03-01..2024-03-07"], [5]),
        (["2024-03-01..2024-03-13"], [5]),
        (["2024-03-01..2024-03-14"], [10]),
        (["2024-03-01..2024-03-07 3"], [3]),
        (["2024-03-01 1", "2024-03-01 1"], [1, 0]),
        (["2024-03-01 2", "2024-03-02 2"], [2, 1]),
        (["2024-03-01 2", "2024-03-03 2"], [2, 2]),
        (["2024-03-01 1/2", "2024-03-01 1/2"], [Fraction(1, 2), 0]),
        (["2024-03-02 2", "2024-03-01 2"], [2, 1]),
        (["2024-03-01..2024-03-02 1", "2024-03-01..2024-03-01 1"], [1, 1]),
        (["2024-03-01", "2024-03-01 1"], [None, 0]),
        (["2024-03-01 1/2", "2024-03-01"], [None, 0]),
        (["2024-03-01 0"], [0]),
        (["2024-03-01..2024-03-02 5"], [5]),
        (["2024-03-01 1", "2024-03-02..2024-03-02 1"], [1, 1]),
        (["2024-03-01", "2024-03-02..2024-03-02 1"], [None, 1]),
        (["2024-03-01 2", "2024-03-02..2024-03-02 1"], [2, 0]),
        (["2024-03-01 9"], [9]),
    ],
)
def test_no_day_of_overlapping_courses_counts_twice(courses: list[str], expected: list[int | Fraction | None]) -> None:
    """Case 56: written days as far as they fit; else five of every whole week; in the order of their days."""
    listed = []
    for course in courses:
        span, _, days = course.partition(" ")
        start, _, end = span.partition("..")
        listed.append(
            Training.model_validate({"from": start} | ({"to": end} if end else {}) | ({"days": days} if days else {}))
        )
    assert expected == list(training_days(listed))


def test_gap_in_a_log_that_does_not_claim_its_days_is_not_told() -> None:
    """Claimed up to the last day in time, it is missed."""
    rule = rule_of("check: {kind: interval, select: {type: 党课}, months: 3}")
    record = "log: [{{date: 2024-01-10, type: 党课}}]\ncoverage: {{from: 2024-01-01, to: {}}}"
    for claimed, expected in (("2024-04-09", "unknown"), ("2024-04-10", "fail")):
        assert expected == outcomes(rule, record.format(claimed), "2024H1", "2024-06-30")["gap:2024-01-10"]


@pytest.mark.parametrize(
    ("since", "as_of", "expected"),
    [
        ("2024-04-10", "2024-06-30", "fail"),
        ("2024-04-11", "2024-06-30", "not_applicable"),
        ("2024-04-11", "2024-07-11", "not_applicable"),
        ("2024-04-11", "2024-07-12", "fail"),
        ("2024-08-31", "2024-11-30", "not_applicable"),
        ("2024-08-31", "2024-12-01", "fail"),
        ("2024-03-01", "2024-03-01", "pending"),
        ("2024-03-02", "2024-03-01", "not_applicable"),
    ],
)
def test_gap_is_bound_by_what_was_in_force_when_it_ran_out(since: str, as_of: str, expected: str) -> None:
    """Or on the day of the audit, if it still runs; or so long ago that it has run out once more since."""
    rule = rule_of("check: {kind: interval, select: {type: 党课}, months: 3}", since=since)
    assert {"gap:2024-01-10": expected} == outcomes(rule, "founded: 2024-01-10\nlog: []", "2024", as_of)


@pytest.mark.parametrize(
    ("source", "dissolved", "expected"),
    [
        ("to: 2024-04-09", "2025-01-01", "not_applicable"),
        ("to: 2024-04-10", "2025-01-01", "fail"),
        ("from: 2024-01-01", "2024-04-10", "not_applicable"),
        ("from: 2024-01-01", "2024-04-11", "fail"),
        ("from: 2024-05-01", "2024-08-01", "not_applicable"),
        ("from: 2024-05-01", "2024-08-02", "fail"),
    ],
)
def test_gap_that_ran_out_stays_missed_whatever_ends_later(source: str, dissolved: str, expected: str) -> None:
    """The rule or the branch: what matters is the day it ran out, or ran out once more."""
    rule = rule_of(
        "check: {kind: interval, select: {type: 党课}, months: 3}\n"
        f"source: {{document: 测试文件, article: 第一条, {source}}}"
    )
    record = f"founded: 2024-01-10\ndissolved: {dissolved}\nlog: []"
    assert {"gap:2024-01-10": expected} == outcomes(rule, record, "2024", "2024-12-31")
