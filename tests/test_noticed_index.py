"""What is looked up once for a record and asked many times: claims on single days, days nobody wrote, limits that
changed."""

from __future__ import annotations

from datetime import date

import pytest

from builders import facts_of, looking_ahead, messages, outcomes, record_of, rule_of
from dangjian_check.checks.base import Subject
from dangjian_check.checks.events import each_event_once
from dangjian_check.checks.index import falls_in
from dangjian_check.checks.matching import answers
from dangjian_check.checks.relation import relates
from dangjian_check.checks.select import select
from dangjian_check.engine.judge import judge
from dangjian_check.model.calendar import Window
from dangjian_check.model.outcome import Truth
from dangjian_check.model.record import BranchRow

TALKS = "for_each: {in: entries, select: {type: 党员大会}}\ncheck: {kind: presence, select: {type: 党课}}"
ALL_YEAR = "coverage: {from: 2024-01-01, to: 2024-12-31}"
HELD = "log: [{id: a, date: 2024-03-05, type: 党员大会}]"


@pytest.mark.parametrize(("claimed", "expected"), [("2024-12-31", "fail"), ("2024-03-04", "unknown")])
def test_a_day_is_a_window_whose_claim_is_asked_for(claimed: str, expected: str):
    """What lacks on a day fails only where the log claims to hold everything of that day."""
    record = f"{{{HELD}, coverage: {{from: 2024-01-01, to: {claimed}}}}}"
    assert {"on:a": expected} == outcomes(rule_of(TALKS), record, "2024", "2024-12-31")


def test_share_alike_in_two_years_is_judged_by_the_limit_of_each():
    """Six of ten came: half was enough at first, later two thirds are owed."""
    rule = rule_of(
        "for_each: {in: entries, select: {type: 党员大会}}\n"
        "check: {kind: share, part: attendance.present, whole: attendance.expected, "
        "min: {values: {2020-01-01: 1/2, 2024-01-01: 2/3}}}"
    )
    came = "type: 党员大会, attendance: {expected: 10, present: 6}"
    record = f"log: [{{id: a, date: 2023-03-05, {came}}}, {{id: b, date: 2024-03-05, {came}}}]"
    assert {"on:a": "pass", "on:b": "fail"} == outcomes(rule, record, "2023..2024", "2024-12-31")


def test_alternative_on_a_day_that_counts_already_is_the_same_event():
    """Noted twice, in the log and among the documents, it was held once; on another day it is another."""
    rule = rule_of(
        "check: {kind: frequency, select: {type: 党员大会, also: [{in: documents, kind: 会议}]}, per: year, min: 2}"
    )
    record = "{{log: [{{date: 2024-03-05, type: 党员大会}}], documents: [{{kind: 会议, date: {}}}], {}}}"
    for day, expected in (("2024-03-05", "fail"), ("2024-03-06", "pass")):
        assert {"2024": expected} == outcomes(rule, record.format(day, ALL_YEAR), "2024")


@pytest.mark.parametrize(("host", "expected"), [("甲", "pass"), ("乙", "fail")])
def test_meeting_counts_if_one_in_the_post_asked_for_led_it(host: str, expected: str):
    """The secretary, not any member."""
    rule = rule_of("check: {kind: frequency, select: {type: 支委会, host: 书记}, per: year, min: 1}")
    posts = "committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}, {name: 乙, post: 委员}]}"
    record = f"{{{posts}, log: [{{date: 2024-12-31, type: 支委会, host: {host}}}], {ALL_YEAR}}}"
    assert {"2024": expected} == outcomes(rule, record, "2024")


def test_demand_on_entries_that_binds_nobody_says_so_though_there_are_none():
    """Not that there was nothing to look at, but why it does not apply."""
    rule = rule_of(
        "applies_when: {branch.type: [教师]}\nfor_each: {in: entries, select: {type: 党员大会}}\n"
        "check: {kind: presence, select: {type: 党课}}"
    )
    said = messages(rule, "{type: 学生, log: [{date: 2024-12-31, type: 支委会}]}", "2024")
    assert {"state": "只适用于教师支部"} == said


@pytest.mark.parametrize(
    ("kept", "expected"), [(", attendance: {present: [甲]}", "pass"), ("", "unknown"), (", level: 支部", "pass")]
)
def test_lecture_of_a_superior_counts_where_the_branch_kept_who_came(kept: str, expected: str):
    """Without a list nobody can tell whether it took part (case 30)."""
    rule = rule_of("check: {kind: frequency, select: {type: 党课}, per: year, min: 1}")
    level = "" if "level" in kept else ", level: 上级"
    record = f"log: [{{date: 2024-12-31, type: 党课{level}{kept}}}]"
    assert {"2024": expected} == outcomes(rule, record, "2024")


def test_entry_without_a_day_leaves_a_gap_open():
    """It may have been on any day: what it may have filled is neither kept nor missed."""
    rule = rule_of("check: {kind: interval, select: {in: documents, kind: 会议}, months: 4}")
    dated = ", ".join(f"{{kind: 会议, date: 2024-{month:02}-28}}" for month in (1, 5, 9, 12))
    record = f"{{documents: [{dated}, {{kind: 会议}}], {ALL_YEAR}}}"
    assert {"pass", "unknown"} == set(outcomes(rule, record, "2024").values()) - {"pending"}


def test_entry_that_names_no_branch_may_be_of_any():
    """A superior's entry concerns a branch if it names it by id or name."""
    branch = Subject("branch", "b1", "一支部", ("branches", 0), BranchRow(id="b1", name="一支部"))
    facts = facts_of("transfers: [{name: 甲, direction: 转出, out: 2024-01-05}]", "2024")
    (fact,) = facts.entries("transfers")
    assert None is relates(fact, None, facts, branch).value


def test_of_one_event_the_entry_that_is_sure_stands_for_it_else_the_fullest():
    """The fullest is of most kinds; of equals one with a number, and the least."""
    kinds = ["党课", "[党课, 主题党日]", "党课", "党课"]
    ids = ["", "", ", id: b", ", id: a"]
    log = ", ".join(f"{{date: 2024-03-05, type: {kind}{name}}}" for kind, name in zip(kinds, ids, strict=True))
    bare, full, b, a = facts_of(f"activities: [{log}]", "2024").entries("activities")
    wanted = ["党课", "主题党日"]

    assert [full] == each_event_once([bare, full, b, a], wanted)
    assert [bare] == each_event_once([bare, full, b, a], wanted, {bare})
    assert [[b], [b]] == [each_event_once(two, wanted) for two in ([bare, b], [b, bare])]
    assert [[a], [a]] == [each_event_once(two, wanted) for two in ([a, b], [b, a])]


def test_entries_of_a_window_stand_by_their_days_though_one_is_there_by_its_period():
    """A paper for the year of January comes before one of May."""
    rule = rule_of("check: {kind: presence, select: {in: documents, kind: 制度}, per: year}")
    papers = "{kind: 制度, date: 2024-05-05}, {kind: 制度, date: 2024-01-05, for: 2024}"
    said = messages(rule, f"documents: [{papers}]", "2024")["2024"]
    assert said.index("2024-01-05") < said.index("2024-05-05")


@pytest.mark.parametrize(("end", "expected"), [("2024-04-03", True), ("2024-04-04", False)])
def test_meeting_is_for_a_quarter_if_its_period_is_hardly_longer(end: str, expected: bool):
    """Three days more are still a quarter, four are not: then it is where its day is."""
    log = f"activities: [{{date: 2024-05-01, type: 党课, for: 2024-01-01..{end}}}]"
    (lecture,) = facts_of(log, "2024").entries("activities")
    assert expected is falls_in(lecture, Window(date(2024, 1, 1), date(2024, 3, 31), "2024Q1"))


@pytest.mark.parametrize(("claimed", "expected"), [("2024-03-05", "fail"), ("2024-03-04", "unknown")])
def test_what_was_owed_on_one_day_fails_only_where_that_day_is_claimed(claimed: str, expected: str):
    """A window of a single day is asked for like any other."""
    rule = rule_of("check: {kind: presence, select: {type: 党课}, within: 2024-03-05..2024-03-05}")
    record = f"{{log: [], coverage: {{from: 2024-01-01, to: {claimed}}}}}"
    assert {"2024-03-05..2024-03-05": expected} == outcomes(rule, record, "2024", "2024-12-31")


def test_member_belongs_to_what_they_attended_unless_the_rule_says_how():
    """By the list of those who came."""
    rule = rule_of("for_each: {in: members}\ncheck: {kind: frequency, select: {type: 党课}, per: year, min: 1}")
    members = "members: [{name: 甲, status: 正式, from: 2020-01-01}, {name: 乙, status: 正式, from: 2020-01-01}]"
    log = "log: [{date: 2024-03-05, type: 党课, attendance: {present: [甲]}}]"
    found = outcomes(rule, f"{{{members}, {log}, {ALL_YEAR}}}", "2024")
    assert ["pass", "fail"] == list(found.values())


def test_talk_without_a_list_of_posts_may_be_between_any_two():
    """Who was a committee member nobody can tell."""
    rule = rule_of("check: {kind: frequency, select: {in: talks, pair: 支委-党员}, per: year, min: 1}")
    record = f"{{talks: [{{date: 2024-12-31, between: [甲, 乙]}}], {ALL_YEAR}}}"
    assert {"2024": "unknown"} == outcomes(rule, record, "2024")
    assert "没有任职名单" in messages(rule, record, "2024")["2024"]


@pytest.mark.parametrize(("kinds", "expected"), [("党课", "pass"), ("[党课, 主题党日]", "fail")])
def test_entry_that_is_also_of_an_unwanted_type_does_not_count(kinds: str, expected: str):
    """A lecture by itself, not one on a theme day."""
    rule = rule_of("check: {kind: frequency, select: {type: 党课, not_type: 主题党日}, per: year, min: 1}")
    record = f"{{log: [{{date: 2024-03-05, type: {kinds}}}], {ALL_YEAR}}}"
    assert {"2024": expected} == outcomes(rule, record, "2024")


@pytest.mark.parametrize("asked", ["{type: 支委会}", "{type: 党课, tags: [党纪]}", "{type: 党课}"])
def test_of_the_very_entry_that_is_judged_nothing_is_left_open_by_the_log(asked: str):
    """Whether it counts is seen from itself."""
    facts = facts_of("log: [{date: 2024-03-05, type: 党课, topic: 甲, tags: [乙]}]", "2024")
    (fact,) = facts.entries("activities")
    subject = Subject("entry", "a", "a", fact.path, fact)
    selector = rule_of(f"check: {{kind: presence, select: {asked}}}").check.selector()
    assert select(selector, facts, Window(fact.day, fact.day, "on:a"), subject).complete


def test_entries_of_one_day_are_told_in_the_order_of_the_record():
    """Also where others are without a day."""
    rule = rule_of("check: {kind: frequency, select: {in: documents, kind: 制度}, per: year, min: 1}")
    papers = "{kind: 制度, date: 2024-03-05, title: 乙}, {kind: 制度, date: 2024-03-05, title: 甲}, {kind: 制度}"
    facts = facts_of(f"{{documents: [{papers}], {ALL_YEAR}}}", "2024")
    found = select(rule.check.selector(), facts, facts.windows("year")[0])
    assert ["乙", "甲"] == [fact.entry.title for fact in found.yes]
    plans = rule_of("check: {kind: frequency, select: {in: plans, kind: 计划}, per: year, min: 1}")
    facts = facts_of("plans: [{kind: 计划, for: 2024, made: 2024-03-05}, {kind: 计划, made: 2024-03-05}]", "2024")
    assert [0, 1] == [f.index for f in select(plans.check.selector(), facts, facts.windows("year")[0]).yes]


@pytest.mark.parametrize(
    ("more", "expected"),
    [("", "fail"), ("for: 2024Q1", "unknown"), ("tags: [乙]", "fail"), ("tags: [甲]", "pass"), ("host: 丙", "unknown")],
)
def test_gap_that_something_may_have_closed_is_neither_closed_nor_broken(more: str, expected: str):
    """A meeting of which nobody wrote what it was about: no proof that there was none, and none that there was."""
    rule = rule_of("check: {kind: interval, select: {type: 组织生活会, tags: [甲]}, months: 3}")
    second = f", {{date: 2024-03-30, type: 组织生活会, {more}}}" if more else ""
    record = f"{{log: [{{date: 2024-01-01, type: 组织生活会, tags: [甲]}}{second}], {ALL_YEAR}}}"
    assert expected == outcomes(rule, record, "2024-01..2024-04")["gap:2024-01-01"]


def test_first_reason_why_an_entry_does_not_count_is_the_one_given():
    """What it was refused for is not asked further."""
    no = [lambda entries, facts, why=why: [Truth(False, why)] * len(entries) for why in ("甲", "乙")]
    assert ["甲"] == [truth.reason for truth in answers(tuple(no), [object()], facts_of("{}"))]


def test_same_numbers_in_a_quarter_still_open_are_not_those_of_one_that_is_over():
    """One lecture in each, and the member was there: the first quarter is met, of the second that is not yet known."""
    rule = rule_of(
        "for_each: {in: members}\n"
        "check: {kind: share, part: {type: 党课, by: attended}, whole: {type: 党课, by: attended}, per: quarter, "
        "min: 1/2}"
    )
    held = "type: 党课, attendance: {present: [甲]}"
    record = (
        f"{{members: [{{name: 甲, status: 正式, from: 2020-01-01}}], log: [{{date: 2024-02-05, {held}}}, "
        f"{{date: 2024-04-05, {held}}}], coverage: {{from: 2024-01-01, to: 2024-05-01}}}}"
    )
    assert {"2024Q1/甲": "pass", "2024Q2/甲": "pending"} == outcomes(rule, record, "2024", "2024-05-01")


def test_window_that_ends_on_the_first_day_of_the_period_is_listed_once():
    """Though its time of grace runs on in the period."""
    rule = rule_of("check: {kind: frequency, select: {type: 民主评议}, per: month, min: 1, grace_months: 1}")
    facts = facts_of("{log: [{date: 2018-01-09, type: 支委会}]}", "2018-05-31..2018-06-30")
    assert ["2018-04", "2018-05", "2018-06"] == [window.name for window in rule.check.windows(facts)]


def test_where_it_is_not_known_whether_anything_was_held_the_doubt_is_told():
    """Of a lecture nobody tagged."""
    rule = rule_of(
        "applies_when: {held: {type: 党课, tags: [甲]}}\n"
        "check: {kind: frequency, select: {type: 支委会}, per: year, min: 1}"
    )
    said = messages(rule, f"{{log: [{{date: 2024-03-05, type: 党课}}], {ALL_YEAR}}}", "2024")
    assert "没有标签，看不出是否涉及甲" in said["2024"]


@pytest.mark.parametrize(("day", "owed"), [("2024-04-01", True), ("2024-04-02", False)])
def test_first_gap_of_which_nobody_knows_the_beginning_is_owed_to_its_last_day(day: str, owed: bool):
    """The log begins with the year: three months on at the latest."""
    rule = rule_of("check: {kind: interval, select: {type: 党员大会}, months: 3}")
    record = record_of("log: [{date: 2024-01-05, type: 支委会}]")
    facts = looking_ahead(record, date.fromisoformat(day), date(2024, 12, 31))
    [window] = judge(rule, facts).windows
    found = rule.check.due(facts, window.window, None, window.verdict)
    assert owed is (found is not None and not found.late)


def test_what_an_entry_must_be_is_said_by_its_conditions_only_where_no_kind_is_asked_for():
    """A lecture, or a meeting that has minutes."""
    each = "for_each: {in: entries, select: {type: 党员大会}}\ncheck: {kind: presence, select: {"
    where = "where: {topic: {exists: true}}}}"
    held = "log: [{id: a, date: 2024-03-05, type: 党员大会}]"
    with_kind, without = (
        messages(rule_of(f"{each}{kind}{where}"), held, "2024")["on:a"] for kind in ("type: 党课, ", "")
    )
    assert (True, False) == ("应是党课" in with_kind, "应是" in without)


def test_one_on_leave_is_excused_though_only_the_number_is_written_of_those_who_came():
    """Of the others nobody knows."""
    rule = rule_of(
        "for_each: {in: members}\n"
        "check: {kind: frequency, select: {type: 党员大会, by: came_or_excused}, per: year, min: 1}"
    )
    people = "{name: 甲, status: 正式, from: 2020-01-01}, {name: 乙, status: 正式, from: 2020-01-01}"
    held = "{date: 2024-03-05, type: 党员大会, attendance: {present: 1, leave: [甲]}}"
    record = f"{{members: [{people}], log: [{held}], {ALL_YEAR}}}"
    assert {"2024/甲": "pass", "2024/乙": "unknown"} == outcomes(rule, record, "2024")
