"""What is still owed and by when, in the words of a branch: terms, probation, theme days, semesters, talks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from builders import Find, assessed, looking_ahead, record_of, rule_of, standard_from
from dangjian_check.engine.assessment import BranchRef, Due
from dangjian_check.engine.due import agenda
from dangjian_check.model.calendar import parse_length
from dangjian_check.reports import account
from dangjian_check.rulebook.rule import Rule
from program import LAX, PROBE, SOUND, Run

BRANCH = BranchRef("b1", "测试支部", "branch.yaml")
EMPTY = {"title": "空表", "indicators": []}
MONTHLY = "check: {kind: frequency, select: {type: 支委会}, per: month, min: 1}"
THEME = "check: {kind: fixed_day, select: {type: 主题党日}}"


def owed(rules: Rule | Iterable[Rule], record: str, as_of: str, within: str = "60d") -> list[Due]:
    """What a short record owes on a day."""
    listed = [rules] if isinstance(rules, Rule) else list(rules)
    day = date.fromisoformat(as_of)
    until = parse_length(within, day)
    assert until is not None
    return list(agenda(standard_from(listed, EMPTY), looking_ahead(record_of(record), day, until), BRANCH).dues)


def days(rules: Rule | Iterable[Rule], record: str, as_of: str, within: str = "60d") -> dict[str, str]:
    """The last day of every duty, by its window (and subject)."""
    found = owed(rules, record, as_of, within)
    return {f"{d.window}/{d.subject.key}" if d.subject else d.window: d.day.isoformat() for d in found}


# Calendar windows


def test_each_month_of_the_horizon_owes_its_own_meeting():
    """A past month is lapsed, this one and the next are owed by their ends; the one that has its meeting is not."""
    record = "log: [{date: 2024-01-08, type: 支委会}, {date: 2024-06-03, type: 支委会}]"
    assert {"2024-07": "2024-07-31", "2024-08": "2024-08-31"} == days(rule_of(MONTHLY), record, "2024-06-20", "11w")


def test_last_day_of_the_month_is_not_over_for_who_asks_on_it():
    """An audit as of that day's close has failed the month; on the day itself the meeting can still be held."""
    [due] = owed(rule_of(MONTHLY), "log: [{date: 2024-01-08, type: 支委会}]", "2024-06-30", "0d")
    assert ("2024-06", date(2024, 6, 30), False) == (due.window, due.day, due.overdue)


def test_february_of_a_leap_year_ends_on_the_29th():
    """Month ends as the calendar has them."""
    record = "log: [{date: 2024-01-08, type: 支委会}]"
    assert {"2024-02": "2024-02-29"} == days(rule_of(MONTHLY), record, "2024-02-01", "29d")
    assert {"2025-02": "2025-02-28"} == days(rule_of(MONTHLY), record, "2025-02-01", "1m")


def test_missing_says_how_many():
    """Two lectures a semester, one held: one more by the end of January."""
    rule = rule_of("check: {kind: frequency, select: {type: 党课}, per: semester, min: 2}")
    [due] = owed(rule, "log: [{date: 2024-09-10, type: 党课}]", "2024-12-20")
    expected = ("2024-autumn", date(2025, 1, 31), "党课还差 1 次")
    assert expected == (due.window, due.day, due.missing)


def test_semesters_are_those_of_the_school():
    """A school calendar of its own moves the last day."""
    rule = rule_of("check: {kind: frequency, select: {type: 党课}, per: semester, min: 1}")
    calendar = "calendar: {semesters: [{name: 2024-2025-1, from: 2024-08-26, to: 2025-01-17}]}"
    assert {"2024-2025-1": "2025-01-17"} == days(rule, f"{calendar}\nlog: []", "2024-12-20")


def test_year_just_ended_is_owed_until_its_grace_has_run():
    """The yearly meeting may be held until the end of February."""
    rule = rule_of("check: {kind: frequency, select: {type: 组织生活会}, per: year, min: 1, grace_months: 2}")
    record = "{coverage: {from: 2022-01-01, to: 2025-12-31}, log: []}"
    assert {"2023": "2024-02-29"} == days(rule, record, "2024-01-15")
    assert {} == days(rule, record, "2024-03-01")


def test_clock_that_began_before_the_log_is_owed_at_the_latest_by_the_log():
    """Nobody knows since when; without the series at all nobody knows anything, and no day is made up."""
    meetings, elections = (
        rule_of(f"check: {{kind: interval, select: {{{what}}}, months: 3}}")
        for what in ("type: 党员大会", "in: elections, kind: 换届")
    )
    record = "{coverage: {from: 2024-01-01, to: 2024-02-20}, log: [{date: 2024-01-20, type: 支委会}]}"
    assert {"gap:2024-01-01": "2024-04-01"} == days(meetings, record, "2024-02-20")
    assert {} == days(elections, record, "2024-02-20")


def test_an_upper_limit_owes_nothing():
    """At most two a month is nothing to be done, neither in `due` nor in an audit's list of what comes."""
    rule = rule_of("check: {kind: frequency, select: {type: 支委会}, per: month, max: 2}")
    record = "log: [{date: 2024-06-03, type: 支委会}]"
    assert {} == days(rule, record, "2024-06-20")
    assert [] == account.coming_due(assessed(standard_from([rule], EMPTY), record, "2024", "2024-06-20"))


def test_what_is_only_encouraged_or_the_superiors_is_not_owed():
    """Neither 可以 nor a duty of the superior is listed for a branch."""
    rules = [rule_of(f"{MONTHLY}\nstrength: may"), rule_of(f"{MONTHLY}\nactor: superior\nseen_in: branch")]
    assert [] == owed(rules, "log: []", "2024-06-20")


def test_months_in_which_the_branch_or_the_document_is_not_there_owe_nothing():
    """A branch dissolved on 10 July owes June; a document in force from August owes August."""
    record = "{dissolved: 2024-07-10, log: []}"
    assert {"2024-06": "2024-06-30"} == days(rule_of(MONTHLY), record, "2024-06-20")
    assert {"2024-08": "2024-08-31"} == days(rule_of(MONTHLY, since="2024-08-01"), "log: []", "2024-06-20", "3m")


def test_share_is_owed_while_it_is_short():
    """Half of the lectures by the end of the year; once it is kept there is nothing to do."""
    rule = rule_of("check: {kind: share, part: {type: 党课, tags: 党章}, whole: {type: 党课}, per: year, min: 1/2}")
    other, of_it = "{date: 2024-03-01, type: 党课, tags: [其他]}", "{date: 2024-04-01, type: 党课, tags: [党章]}"
    assert {"2024": "2024-12-31"} == days(rule, f"log: [{other}]", "2024-11-20")
    assert {} == days(rule, f"log: [{other}, {of_it}]", "2024-11-20")


def test_talks_not_yet_held_are_one_duty_with_the_names():
    """Those who still owe one, by name."""
    rule = rule_of("for_each: {in: members}\ncheck: {kind: presence, select: {in: talks}, per: half}")
    record = """
    members: [{name: 甲, status: 正式}, {name: 乙, status: 正式}, {name: 丙, status: 正式}]
    talks: [{date: 2024-03-02, between: [甲, 书记]}]
    """
    [due] = owed(rule, record, "2024-06-20", "10d")
    assert (("乙", "丙"), date(2024, 6, 30)) == (due.people, due.day)


def test_group_meetings_are_owed_group_by_group():
    """A group that has met owes nothing more."""
    rule = rule_of("for_each: {in: groups}\ncheck: {kind: frequency, select: {type: 党小组会}, per: month, min: 1}")
    record = "{groups: [{id: g1}, {id: g2}], log: [{date: 2024-06-03, type: 党小组会, group: g1}]}"
    assert {"2024-06/g2": "2024-06-30"} == days(rule, record, "2024-06-20", "10d")


def test_what_is_not_known_to_bind_is_not_owed():
    """An open window is pending whatever the branch is; what it lacks is owed only where that is said."""
    village = rule_of(
        "applies_when: {branch.type: [村]}\ncheck: {kind: frequency, select: {in: training}, per: year, min: 1}"
    )
    assert {"2024": "2024-12-31"} == days(village, "{type: 村, training: []}", "2024-12-01")
    assert {} == days(village, "{training: []}", "2024-12-01")


# Running clocks: intervals, terms, probation


def test_gap_runs_out_on_the_clamped_day():
    """Three months after 30 November is the last day of February."""
    rule = rule_of("check: {kind: interval, select: {type: 党员大会}, months: 3}")
    record = "log: [{date: 2023-11-30, type: 党员大会}]"
    assert {"gap:2023-11-30": "2024-02-29"} == days(rule, record, "2024-01-15")


def test_gap_that_ran_out_last_year_is_still_owed():
    """Nothing since: overdue until there is one."""
    rule = rule_of("check: {kind: interval, select: {type: 党员大会}, months: 3}")
    [due] = owed(rule, "log: [{date: 2023-05-10, type: 党员大会}]", "2024-06-20")
    assert (date(2023, 8, 10), True) == (due.day, due.overdue)


def test_election_comes_up_six_months_before_the_term_ends(rule: Find):
    """Listed once the day to be reminded lies in the horizon, long before the day itself does."""
    term, record = rule("NAT-ZB-22-1"), "{type: 教师, committee: 2022-03-31}"
    assert {} == days(term, record, "2024-07-31")
    [due] = owed(term, record, "2024-08-01")
    assert (date(2025, 3, 31), date(2024, 9, 30), False) == (due.day, due.notice, due.overdue)


def test_term_from_29_february_ends_on_28_february(rule: Find):
    """A day the last year lacks is clamped, for the end and for the notice."""
    [due] = owed(rule("NAT-ZB-22-1"), "{type: 教师, committee: 2020-02-29}", "2022-08-30")
    assert (date(2023, 2, 28), date(2022, 8, 28)) == (due.day, due.notice)


def test_number_of_months_of_one_document_is_not_lent_to_another(rule: Find):
    """The college's table says nothing of six months: the election is listed when its day comes near."""
    term, record = rule("VOC-1.2.3-1"), "{committee: 2022-03-31}"
    assert {} == days(term, record, "2024-10-01")
    [due] = owed(term, record, "2025-03-01")
    assert (date(2025, 3, 31), None) == (due.day, due.notice)


def test_overdue_election_is_on_top(rule: Find):
    """And stays there; an election held, late or not, owes nothing."""
    rules = [rule_of(MONTHLY), rule("VOC-1.2.3-1").model_copy(update={"id": "T-2"})]
    found = owed(rules, "{committee: 2020-11-30, log: []}", "2024-06-20", "10d")
    assert [("T-2", True), ("T-1", False)] == [(d.rule.id, d.overdue) for d in found]
    late = "{committee: [{exists: true, elected: 2020-11-30}, {exists: true, elected: 2024-02-01}]}"
    assert {} == days(rule("VOC-1.2.3-1"), late, "2024-06-20")


def test_probation_ends_a_year_after_admission(rule: Find):
    """The month's end clamps; whoever has been confirmed owes nothing; a year past its end is overdue."""
    probation = rule("NAT-FZ14-10c")
    record = """
    members:
      - {name: 甲, status: 预备, admitted: 2024-02-29}
      - {name: 乙, status: 预备, admitted: 2024-01-10}
      - {name: 丙, status: 正式, admitted: 2024-01-10, confirmed: 2025-01-12}
    """
    found = owed(probation, record, "2025-01-20")
    expected = [("乙", date(2025, 1, 10), True), ("甲", date(2025, 2, 28), False)]
    assert expected == [(d.people[0], d.day, d.overdue) for d in found]


def test_prolonged_probation_is_due_when_it_has_run(rule: Find):
    """Eighteen months from admission, and no sooner; the first year's end is no longer the day."""
    rules = [rule("NAT-FZ14-10b"), rule("NAT-FZ14-10c")]
    record = """
    members: [{name: 甲, status: 预备, admitted: 2023-10-10}]
    development: [{id: a, name: 甲, steps: {支部大会通过接收: 2023-10-10, 延长预备期: 2024-10-12}}]
    """
    [due] = owed(rules, record, "2025-03-01")
    assert ("NAT-FZ14-10b", date(2025, 4, 10)) == (due.rule.id, due.day)
    assert "不能提前" in due.missing


# Steps, states, fixed days


def test_task_is_due_on_the_day_it_names(rule: Find):
    """Though its deadline lies ahead; afterwards it is overdue."""
    task, record = rule("VOC-2.1.2-2a"), "tasks: [{id: t, assigned: 2024-05-01, topic: 防汛, due: 2024-07-10}]"
    assert {"on:t/t": "2024-07-10"} == days(task, record, "2024-06-20")
    [due] = owed(task, record, "2024-07-11")
    assert due.overdue


def test_step_of_last_year_is_still_followed(rule: Find):
    """Transferred out in December, to be received within three months."""
    record = "transfers: [{id: t, name: 甲, direction: 转出, out: 2024-11-30}]"
    assert {"on:t/t": "2025-02-28"} == days(rule("NAT-ZZ-1"), record, "2025-01-10")


def test_plan_is_to_be_filed_within_the_year_it_is_for(rule: Find):
    """A plan made and not filed: by 31 December, then never."""
    record = "plans: [{id: p, kind: 三会一课年度计划, for: 2024, made: 2024-01-05}]"
    plan = rule("QHU-3.5-11a")
    assert {"on:p/p": "2024-12-31"} == days(plan, record, "2024-12-01")
    assert {} == days(plan, record, "2025-01-05")


def test_what_has_no_day_is_lacking_now(rule: Find):
    """A post not filled and a theme day never agreed are owed as of today."""
    rules = [rule_of("check: {kind: presence, posts: [书记, 组织委员]}\nid: T-3"), rule_of(THEME)]
    record = "{committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}]}, log: []}"
    found = owed(rules, record, "2024-06-20")
    expected = {("T-1", "约定每月哪一天是主题党日", True, True), ("T-3", "组织委员", True, True)}
    assert expected == {(d.rule.id, d.missing, d.standing, d.overdue) for d in found}


def test_agreed_day_that_the_month_lacks_is_its_last():
    """The 31st: 30 June and 31 July; a month in which it has passed is not to be repaired."""
    record = "{theme_day: {day: 31}, log: []}"
    assert {"2024-06": "2024-06-30", "2024-07": "2024-07-31"} == days(rule_of(THEME), record, "2024-06-20")
    assert {"2024-07": "2024-07-05"} == days(rule_of(THEME), "{theme_day: {day: 5}, log: []}", "2024-06-20", "15d")


def test_meeting_held_on_another_day_can_be_made_good_until_the_month_is_over():
    """Held on the 3rd, agreed for the 25th: on the 20th it is owed, on the 26th one moved with reason still does;
    nothing is lost before the month is over."""
    record = "{theme_day: {day: 25}, log: [{date: 2024-06-03, type: 主题党日}]}"
    assert {"2024-06": "2024-06-25"} == days(rule_of(THEME), record, "2024-06-20", "5d")
    [moved] = owed(rule_of(THEME), record, "2024-06-26", "4d")
    assert (date(2024, 6, 30), "改期开展主题党日并写明原因") == (moved.day, moved.missing)
    unmoved = rule_of("check: {kind: fixed_day, select: {type: 主题党日}, shift: [holiday]}")
    assert [] == owed(unmoved, record, "2024-06-26", "4d")
    line = {"title": "日子", "rules": ["T-1"], "loss": {"kind": "each", "points": 2}}
    leaf = {"id": "1", "title": "甲", "points": 4, "lines": [line]}
    standard = standard_from([rule_of(THEME)], {"title": "表", "indicators": [leaf]})
    assert () == tuple(assessed(standard, record, "2024", "2024-06-20").deficiencies)
    [found] = assessed(standard, record, "2024", "2024-06-30").deficiencies
    assert (False, 0) == (found.curable, found.worth)


def test_branch_only_meetings_of_the_past_cannot_be_cured(rule: Find):
    """A past month stays missed; an overdue election must be held and brings no points back."""
    line = {"title": "缺会", "rules": ["T-1"], "loss": {"kind": "each", "points": 1}}
    late = {"title": "换届", "rules": ["VOC-1.2.3-1"], "loss": {"kind": "flat", "points": 2}}
    leaf = {"id": "1", "title": "甲", "points": 20, "lines": [line, late]}
    standard = standard_from([rule_of(MONTHLY), rule("VOC-1.2.3-1")], {"title": "表", "indicators": [leaf]})
    found = assessed(standard, "{committee: 2020-11-30, log: [{date: 2024-02-05, type: 支委会}]}", "2024", "2024-03-15")
    cures = {(d.rule.id, d.window): (d.curable, d.worth) for d in found.deficiencies}
    assert {("T-1", "2024-01"): (False, 0), ("VOC-1.2.3-1", "term:2020-11-30"): (True, 0)} == cures


# The command


def test_status_tells_overdue_from_clean(run: Run):
    """1 overdue, 0 nothing overdue or ``--exit-zero``, 2 bad input, 3 nothing to say."""
    lax = ("due", LAX, "--as-of", "2024-06-20", *PROBE)
    assert 0 == run(*lax).status
    late = ("due", "examples/teachers-lax.yaml", "--standard", "voc", "--as-of", "2024-10-10")
    assert (1, 0) == (run(*late).status, run(*late, "--exit-zero").status)
    assert 3 == run("due", "tests/standards").status


@pytest.mark.parametrize("within", ["", "60", "d", "1.5m", "-3d", "二d", "99y", "9999w", "3 months"])
def test_length_that_is_none_is_refused(run: Run, within: str):
    """With a line that says how to write it."""
    done = run("due", LAX, f"--within={within}", *PROBE)
    assert (2, "", 1) == (done.status, done.out, len(done.err.splitlines()))
    assert "写 60d、8w、3m、1y" in done.err


@pytest.mark.parametrize(
    ("text", "expected"), [("60d", "2024-03-31"), ("8w", "2024-03-27"), ("1m", "2024-02-29"), ("1y", "2025-01-31")]
)
def test_length_clamps_at_the_end_of_the_month(text: str, expected: str):
    """From 31 January 2024."""
    assert date.fromisoformat(expected) == parse_length(text, date(2024, 1, 31))


def test_broken_file_is_status_2_and_the_others_are_listed(run: Run, tmp_path: Path):
    """What can be said is said."""
    (tmp_path / "a.yaml").write_text("branch: [", encoding="utf-8")
    (tmp_path / "b.yaml").write_bytes(LAX.read_bytes())
    done = run("due", tmp_path, "--as-of", "2024-06-20", *PROBE)
    assert 2 == done.status
    assert "支委会每月至少召开一次" in done.out
    assert "a.yaml" in done.err


def test_branches_are_named_where_there_are_several(run: Run):
    """Each line says whose it is; one list, soonest first."""
    done = run("due", LAX, SOUND, "--as-of", "2024-06-20", "--within", "1y", *PROBE)
    assert {"测试第一党支部", "测试第二党支部"} <= {w for line in done.out.splitlines() for w in line.split()}


def test_groups_are_in_the_order_of_urgency(run: Run):
    """已逾期, 7 天内, 30 天内, 以后."""
    late = ("due", "examples/teachers-lax.yaml", "--standard", "voc", "--as-of", "2024-10-10", "--within", "3m")
    titles = [line.split()[0] for line in run(*late).out.splitlines() if line.endswith(" 项") and line[:1] != " "]
    assert ["已逾期", "7", "30", "以后"] == titles


def test_same_record_and_day_give_the_same_bytes(run: Run):
    """In every format."""
    for form in ("terminal", "json", "markdown", "ics"):
        asked = ("due", LAX, "--as-of", "2024-06-20", "--format", form, *PROBE)
        assert run(*asked).out == run(*asked).out


def test_json_says_what_is_owed(run: Run):
    """Schema dj-check.due/1: the run, each branch, each duty."""
    data = run("due", LAX, "--as-of", "2024-06-20", "--format", "json", *PROBE).json
    assert ("dj-check.due/1", "2024-06-20", "2024-08-19") == (data["schema"], *data["run"].values())
    first = data["agendas"][0]["due"][0]
    expected = {
        "rule": "PRB-1-1", "window": "2024-06", "day": "2024-06-30", "days_left": 10, "group": "30 天内",
        "overdue": False, "standing": False, "notice": None, "missing": "支委会还差 1 次",
    }  # fmt: skip
    assert expected == {name: first[name] for name in expected}
