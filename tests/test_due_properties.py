"""`due` against `audit`: whoever does in time what is listed fails nowhere, whoever leaves one out fails there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from builders import looking_ahead, record_from, rule_from, standard_from
from dangjian_check.checks import KINDS
from dangjian_check.engine.assess import assess
from dangjian_check.engine.assessment import Assessment, BranchRef, Due
from dangjian_check.engine.due import Agenda, agenda
from dangjian_check.engine.judge import judge
from dangjian_check.engine.outcomes import RuleOutcome, WindowOutcome
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from satisfy import HOW, satisfied
from strategies import Data, activities, groups, logs, members, reordered, sheets

DAY = timedelta(days=1)
MANY = settings(max_examples=100, phases=set(Phase) - {Phase.explain})
BRANCH = BranchRef("b1", "机械学院第一党支部", "branch.yaml")
FIRST, LAST = date(2023, 12, 1), date(2025, 3, 31)
EMPTY: Data = {"title": "空表", "indicators": []}
ALWAYS = [{"from": "2015-01-01", "to": "2030-12-31"}]
STEPS = {
    "tasks": {
        "order": False,
        "may_run": True,
        "steps": [{"name": "完成", "field": "completed"}, {"name": "期限", "field": "due"}],
        "between": [{"from": "期限", "to": "完成", "at_most": {"days": 0}}],
    },
    "transfers": {
        "may_run": True,
        "steps": [{"name": "转出", "field": "out"}, {"name": "接收", "field": "in"}],
        "between": [{"from": "转出", "to": "接收", "at_most": {"months": 3}}],
    },
    "plans": {"within_for": True, "steps": [{"name": "制定", "field": "made"}, {"name": "备案", "field": "filed"}]},
    "commitments": {"steps": [{"name": "承诺", "field": "date"}, {"name": "公示", "field": "published"}]},
    "development": {
        "may_run": True,
        "steps": [{"name": "支部大会通过接收"}, {"name": "延长预备期"}, {"name": "支部大会讨论转正"}],
        "between": [
            {"from": "支部大会通过接收", "to": "支部大会讨论转正", "at_least": {"months": 18}, "then_owed": True}
        ],
    },
}


# Standards of several kinds, each rule about something of its own


@st.composite
def standards(draw: st.DrawFn) -> list[Data]:
    """One rule of every kind a duty may come from, some of them twice, with numbers of any size."""
    unit, number = st.sampled_from(["month", "quarter", "half", "semester", "year"]), st.integers(1, 3)
    rules: list[Data] = [
        {"check": {"kind": "frequency", "select": {"type": "支委会"}, "per": draw(unit), "min": draw(number)}},
        {
            "for_each": {"in": "groups"},
            "check": {"kind": "frequency", "select": {"type": "党小组会"}, "per": draw(unit), "over": draw(number) - 1},
        },
        {
            "check": {"kind": "frequency", "select": {"type": "组织生活会"}, "per": "year", "min": 1}
            | draw(st.sampled_from([{}, {"grace_months": 2}]))
        },
        {"check": {"kind": "frequency", "select": {"type": "主题党日"}, "per": "month", "min": 1}},
        {"check": {"kind": "fixed_day", "select": {"type": "主题党日"}} | draw(st.sampled_from([{}, {"day": 5}]))},
        {"check": {"kind": "interval", "select": {"type": "党员大会"}, "months": draw(st.integers(1, 6))}},
        {"check": {"kind": "limit", "count": {"type": "集中学习"}, "per": draw(unit), "min": draw(number)}},
        {
            "check": {
                "kind": "share",
                "part": {"type": "党课", "tags": ["警示教育"]},
                "whole": {"type": "党课"},
                "per": draw(unit),
                "min": draw(st.sampled_from(["1/3", "1/2", "9/10"])),
            }
        },
        {"check": {"kind": "presence", "select": {"in": "plans", "kind": "年度计划"}, "per": draw(unit)}},
        {"check": {"kind": "presence", "select": {"in": "documents", "kind": "支部设置批复"}}},
        {
            "for_each": {"in": "members"},
            "check": {"kind": "presence", "select": {"in": "talks", "by": "between"}, "per": draw(unit)},
        },
        {"check": {"kind": "term", "years": draw(number), "notice_months": 6}},
        {
            "for_each": {"in": "entries", "select": {"in": "dues"}},
            "check": {"kind": "share", "part": "dues.paid", "whole": "dues.due", "min": 1},
        },
        *({"for_each": _cases_of(s), "check": {"kind": "procedure"} | c} for s, c in STEPS.items()),
        {
            "for_each": {"in": "members", "status": "预备"},
            "check": {
                "kind": "manual",
                "ask": "议了没有",
                "by": {"what": "讨论转正", "after": "admitted", "months": 12},
            },
        },
    ]
    return [rule | {"id": f"T-{n}", "title": f"测试用的要求{n}"} for n, rule in enumerate(rules)]


def _cases_of(series: str) -> Data:
    at = {"at": "延长预备期"} if series == "development" else {}
    return {"in": "entries", "select": {"in": series}} | at


def _days(last: date) -> st.SearchStrategy[str]:
    return st.dates(date(2023, 1, 1), last).map(date.isoformat)


@st.composite
def _entries(draw: st.DrawFn, day: date) -> Data:
    """The series with matters that may still be running on ``day``."""
    past = _days(day)
    later = st.none() | st.dates(day - 90 * DAY, day + 400 * DAY).map(date.isoformat)
    some = {"max_size": 3}
    kept: Data = {
        "tasks": draw(
            st.lists(st.fixed_dictionaries({"assigned": past, "topic": st.just("防汛"), "due": later}), **some)
        ),
        "transfers": draw(
            st.lists(st.fixed_dictionaries({"name": st.just("某"), "direction": st.just("转出"), "out": past}), **some)
        ),
        "commitments": draw(st.lists(st.fixed_dictionaries({"name": st.just("某"), "date": past}), **some)),
        "plans": draw(
            st.lists(st.fixed_dictionaries({"kind": st.sampled_from(["年度计划", "其他"]), "made": past}), **some)
        ),
        "documents": draw(st.sampled_from([[], [{"kind": "支部设置批复", "date": "2015-09-01"}]])),
        "talks": [],
        "dues": draw(
            st.lists(
                st.fixed_dictionaries({
                    "name": st.just("某"),
                    "month": st.sampled_from(["2024-01", "2024-02"]),
                    "due": st.just(10),
                    "paid": st.sampled_from([5, 10]),
                    "paid_on": past,
                }),
                **some,
            )
        ),
        "development": draw(
            st.lists(
                st.builds(
                    lambda name, joined, longer: {
                        "name": name,
                        "steps": {"支部大会通过接收": "2022-12-20", "延长预备期": joined}
                        if longer
                        else {"支部大会通过接收": joined},
                    },
                    st.sampled_from(["孙八", "吴九"]),
                    past,
                    st.booleans(),
                ),
                max_size=2,
                unique_by=lambda entry: entry["name"],
            )
        ),
    }
    for series in ("tasks", "transfers", "commitments", "plans", "dues"):
        for number, entry in enumerate(kept[series]):
            entry["id"] = f"{series}{number}"
    return {name: [{k: v for k, v in e.items() if v is not None} for e in part] for name, part in kept.items()}


@st.composite
def records(draw: st.DrawFn, day: date) -> Data:
    """A branch as it stands on ``day``, with a log that claims to hold everything. Every meeting says whose it was: one
    of a group that does not say of which may have been any group's, and leaves unknown what would be lacking."""
    known = [{"id": group["id"]} for group in draw(groups())]
    kinds = ["支委会", "党小组会", "组织生活会", "主题党日", "党员大会", "集中学习", "党课"]
    held = activities(kinds, [g["id"] for g in known], _days(day), tags=st.sampled_from([["警示教育"], ["其他"]]))
    usual: Data = {"tags": ["其他"]} | ({"group": known[0]["id"]} if known else {})
    roster = draw(members())
    for member in roster:
        member["admitted"] = draw(st.sampled_from(["2023-05-20", "2024-02-29", "2024-01-31"]))
    elected = draw(st.dates(date(2020, 1, 1), day))
    return {
        "branch": {
            "id": "b1",
            "name": BRANCH.name,
            "theme_day": draw(st.sampled_from([{"day": 31}, {"weekday": "周五", "nth": 2}, {"weekday": "周三"}])),
        },
        "coverage": ALWAYS,
        "committee": [{"exists": True, "elected": elected.isoformat()}],
        "groups": known,
        "members": roster,
        "activities": [usual | entry for entry in draw(logs(held))],
    } | draw(_entries(day))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Data], Data, date, date]:
    """A standard, a record, the day of asking and the horizon."""
    rules = draw(standards())
    edges = [date(2024, 2, 29), date(2024, 6, 30), date(2024, 7, 31), date(2024, 12, 31), date(2025, 1, 31)]
    day = draw(st.sampled_from(edges) | st.dates(FIRST, LAST))
    until = day + draw(st.sampled_from([0, 7, 60, 92, 366]) | st.integers(0, 400)) * DAY
    return rules, draw(records(day)), day, until


# What is asked


def asked(rules: list[Data], record: Data, day: date, until: date) -> Agenda:
    """What `due` says on a day."""
    return agenda(standard_from(map(rule_from, rules), EMPTY), looking_ahead(record_from(record), day, until), BRANCH)


def ahead(rules: list[Data], record: Data, day: date, until: date) -> dict[tuple[str, ...], WindowOutcome]:
    """Every window looked at on that day."""
    facts = Facts(record_from(record), Period(date(day.year, 1, 1), until), day, horizon=until)
    return windows([judge(rule_from(rule), facts) for rule in rules])


def audited(rules: list[Data], record: Data, since: date, as_of: date) -> dict[tuple[str, ...], WindowOutcome]:
    """Every window of an audit from that day's 1 January; of the year before as well, for its time of grace."""
    facts = Facts(record_from(record), Period(date(since.year - 1, 1, 1), as_of), as_of)
    return windows([judge(rule_from(rule), facts) for rule in rules])


def windows(outcomes: list[RuleOutcome]) -> dict[tuple[str, ...], WindowOutcome]:
    """Windows by rule, name and subject."""
    return {(o.rule.id, w.window.name, w.subject.key if w.subject else ""): w for o in outcomes for w in o.windows}


def keys(due: Due) -> list[tuple[str, ...]]:
    """The windows a listed duty stands for."""
    subject = due.subject.key if due.subject else ""
    return [(due.rule.id, due.window, person) for person in due.people or [subject]]


def in_time(draw: Any, due: Due, day: date) -> date:
    """A day on which doing it is in time: today, the last, or between; of what is overdue, today."""
    if due.overdue:
        return day
    if _only_least(due):
        return due.day
    first = day
    if due.window.partition(":")[0] in ("gap", "term"):
        first = max(day, date.fromisoformat(due.window.partition(":")[2]) + DAY)
    if len(due.window) in (4, 6, 7, 11) and due.window[:4].isdigit() and due.rule.check.kind != "fixed_day":
        first = max(day, window_start(due.window))
    return draw(st.sampled_from([first, due.day]) | st.dates(first, due.day))


def window_start(name: str) -> date:
    """The first day of a calendar window by its name."""
    year, rest = int(name[:4]), name[4:].lstrip("-")
    month = {"": 1, "H1": 1, "H2": 7, "Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10, "spring": 2, "autumn": 8}.get(rest)
    return date(year, int(rest) if month is None else month, 1)


@MANY
@given(st.data(), cases())
def test_doing_in_time_all_that_is_listed_leaves_no_failure(data: st.DataObject, case: Any):
    """At the end of the horizon no window that was open on the day of asking has failed."""
    rules, record, day, until = case
    listed = asked(rules, record, day, until).dues
    after = satisfied(record, [(due, in_time(data.draw, due, day)) for due in listed])
    seen, found = ahead(rules, record, day, until), audited(rules, after, day, until)
    open_then = [key for key, window in seen.items() if window.outcome is Outcome.PENDING]
    assert [] == [key for key in open_then if key in found and found[key].outcome is Outcome.FAIL]
    owed = {key for due in listed if due.day <= until and not lost(due, seen) for key in keys(due)}
    short = {key: w.verdict for key, w in found.items() if key in owed and w.outcome is Outcome.FAIL}
    assert {} == short


def lost(due: Due, seen: dict[tuple[str, ...], WindowOutcome]) -> bool:
    """Whether doing it now is late all the same: an election or a meeting whose day is past, a step out of time."""
    window = seen[keys(due)[0]]
    return window.outcome is Outcome.FAIL and not due.standing and due.overdue


@MANY
@given(st.data(), cases())
def test_leaving_out_one_that_is_listed_fails_there(data: st.DataObject, case: Any):
    """The day after the last one in time, the window of the one left out has failed. (That a fixed day was missed shows
    only where a meeting was held on another; what a person must judge never fails by itself.)"""
    rules, record, day, until = case
    listed = asked(rules, record, day, until).dues
    told = [d for d in listed if d.rule.check.kind not in ("fixed_day", "manual") and "主题党日" not in d.missing]
    told = [d for d in told if not _only_least(d)]
    assume(told)
    out = data.draw(st.sampled_from(told))
    others = [(d, in_time(data.draw, d, day)) for d in listed if d is not out]
    found = audited(rules, satisfied(record, others), day, max(day, out.day + DAY))
    expected = {Outcome.FAIL} if out.rule.check.kind != "interval" else {Outcome.FAIL, Outcome.UNKNOWN}
    entries = [found[key].outcome for key in keys(out) if key in found]
    assert set(entries) <= expected
    assert entries or out.window.startswith(("on:", "gap:")) or out.day < date(day.year - 1, 1, 1)


def _only_least(due: Due) -> bool:
    """A step that is owed once a least time has run has no last day, so that no window fails by it."""
    return any(rule.then_owed for rule in getattr(due.rule.check, "between", ()))


@given(st.data(), cases())
def test_duty_keeps_its_key_when_the_record_is_reordered_or_gains_other_entries(data: st.DataObject, case: Any):
    """And no two duties share one."""
    rules, record, day, until = case
    before = asked(rules, record, day, until).dues
    unrelated = [{"date": "2023-01-15", "type": "培训"}, {"date": day.isoformat(), "type": "调研"}]
    gained = record | {"activities": [*unrelated, *record["activities"]]}
    after = asked(rules, data.draw(reordered(gained)), day, until).dues
    assert {(d.key, d.rule.id, d.window, d.day) for d in before} == {(d.key, d.rule.id, d.window, d.day) for d in after}
    assert len({d.key for d in before}) == len(before)


@given(cases())
def test_duties_come_overdue_first_then_soonest(case: Any):
    """Nothing listed is beyond the horizon unless it must be prepared before."""
    rules, record, day, until = case
    listed = asked(rules, record, day, until).dues
    assert sorted(listed, key=lambda d: (not d.overdue, d.standing, d.day)) == list(listed)
    assert all(d.overdue == (d.standing or d.day < day) for d in listed)
    assert all(d.overdue or d.day <= until or (d.notice is not None and d.notice <= until) for d in listed)


# What a cure is worth


def scored(rules: list[Data], sheet: Data, record: Data, day: date) -> Assessment:
    """The audit of the year up to a day."""
    found, _ = assess(
        standard_from(map(rule_from, rules), sheet),
        Facts(record_from(record), Period(date(day.year, 1, 1), day), day),
        BRANCH,
    )
    return found


def of_any_check(sheet: Data) -> Data:
    """The same table without the prices that only ratios and single persons can have."""
    for leaf in sheet["indicators"][0]["indicators"]:
        for line in leaf["lines"]:
            if line["loss"]["kind"] == "shortfall" or "distinct" in line["loss"]:
                line["loss"] = {"kind": "each", "points": line["loss"]["points"]}
    return sheet


@MANY
@given(st.data(), cases())
def test_worth_is_what_the_score_gains_when_it_is_really_mended(data: st.DataObject, case: Any):
    """Each curable deficiency, mended in the record that day, raises the score by its worth: exactly, unless its item
    gains more than it had lost by this one."""
    rules, record, day, _ = case
    sheet = of_any_check(data.draw(sheets([rule["id"] for rule in rules])))
    before = scored(rules, sheet, record, day)
    assert all(d.worth <= d.deduction and (d.curable or not d.worth) for d in before.deficiencies)
    for deficiency in before.deficiencies:
        if not deficiency.curable or deficiency.rule.check.kind == "fixed_day":
            continue
        doing = [d for d in before.due if d.rule.id == deficiency.rule.id and d.window == deficiency.window]
        doing = [d for d in doing if d.people or d.subject == deficiency.subject]
        after = scored(rules, sheet, satisfied(record, [(d, day) for d in doing]), day)
        assert before.score is not None
        assert after.score is not None
        assert min(deficiency.deduction, after.score.high - before.score.high) == deficiency.worth


@given(cases())
def test_curable_is_what_due_lists(case: Any):
    """A deficiency is curable exactly if the same assessment still lists it as owed."""
    rules, record, day, _ = case
    found = scored(rules, EMPTY, record, day)
    owed = {(d.rule.id, d.window) for d in found.due}
    failed = {(o.rule.id, w.window.name) for o in found.outcomes for w in o.windows if w.outcome is Outcome.FAIL}
    curable = {(d.rule.id, d.window) for d in found.deficiencies if d.curable}
    assert curable == owed & failed


@given(standards())
def test_every_kind_of_check_is_in_these_standards(rules: list[Data]):
    """So that a new kind must say when it is due."""
    assert set(KINDS) == {rule["check"]["kind"] for rule in rules}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_kind_has_a_way_to_be_satisfied(kind: str):
    """Each kind of check is in the table of satisfying entries."""
    assert kind in HOW
