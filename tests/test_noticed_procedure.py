"""Steps of a procedure: which day they count by, what is still to be done and by when, what can no longer be mended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from builders import facts_of, judged, outcomes, rule_from
from dangjian_check.checks.base import Deadline
from dangjian_check.engine.trace import trace
from dangjian_check.rulebook.rule import Rule


def months(start: str, end: str, count: int) -> dict[str, Any]:
    """At most so many months between two steps."""
    return {"from": start, "to": end, "at_most": {"months": count}}


def cases(*between: dict[str, Any], steps: str = "一二三", **more: Any) -> Rule:
    """A rule on the steps of every appraisal."""
    return rule_from({
        "for_each": {"in": "entries", "select": {"in": "appraisals"}},
        "check": {"kind": "procedure", "steps": [{"name": n} for n in steps], "between": list(between)} | more,
    })


def case(**taken: str) -> str:
    """An appraisal of which these steps were taken."""
    steps = ", ".join(f"{name}: {day}" for name, day in taken.items())
    return f"{{appraisals: [{{date: 2024-01-01, steps: {{{steps}}}}}]}}"


def due(rule: Rule, record: str, as_of: str = "2024-12-31") -> Deadline | None:
    """What is to be done next."""
    facts = facts_of(record, "2024", as_of)
    [found] = [w.outcome for w in trace(rule, facts).windows]
    return rule.check.due(facts, found.window, found.subject, found.verdict)


ONE_THEN_TWO = (months("一", "二", 1), months("一", "三", 2))


@pytest.mark.parametrize(
    ("as_of", "more", "expected"),
    [
        ("2024-01-20", {}, Deadline(date(2024, 2, 5), "二")),
        ("2024-02-05", {}, Deadline(date(2024, 2, 5), "二")),
        ("2024-01-20", {"may_run": True}, Deadline(date(2024, 2, 5), "二")),
        ("2024-02-06", {}, Deadline(date(2024, 2, 5), "二", late=True)),
        ("2024-12-31", {}, Deadline(date(2024, 2, 5), "二", late=True)),
    ],
)
def test_next_step_is_due_by_the_first_day_set(as_of: str, more: dict[str, Any], expected: Deadline) -> None:
    """And stays owed, late as it is, when that is over."""
    assert expected == due(cases(*ONE_THEN_TWO, **more), case(一="2024-01-05"), as_of)


@pytest.mark.parametrize(("order", "expected"), [(True, "二、三"), (False, "三")])
def test_day_set_for_a_later_step_holds_for_those_before_it(order: bool, expected: str) -> None:
    """Where they come in order."""
    rule = cases(months("一", "三", 2), order=order)
    assert Deadline(date(2024, 3, 5), expected) == due(rule, case(一="2024-01-05"), "2024-01-20")


def test_what_was_done_too_late_can_no_longer_be_mended() -> None:
    """Whatever else is still missing."""
    assert due(cases(*ONE_THEN_TWO), case(一="2024-01-05", 二="2024-06-01")) is None


def test_steps_without_a_day_are_lacking_now() -> None:
    """All that come after the last one taken; one left out in between can be taken no more in order."""
    assert Deadline(date(2024, 12, 31), "二、三", standing=True) == due(cases(), case(一="2024-01-05"))
    assert due(cases(), case(一="2024-01-05", 三="2024-02-05")) is None
    loose = cases(order=False)
    assert Deadline(date(2024, 12, 31), "二", standing=True) == due(loose, case(一="2024-01-05", 三="2024-02-05"))


def test_step_taken_on_the_day_of_the_audit_is_taken() -> None:
    """A later one is not, yet."""
    record = case(一="2024-01-05", 二="2024-03-01")
    rule = cases(steps="一二")
    assert ["pass"] == [*outcomes(rule, record, "2024", "2024-03-01").values()]
    assert ["fail"] == [*outcomes(rule, record, "2024", "2024-02-29").values()]


def test_selected_step_was_taken_when_it_was_first_taken() -> None:
    """What was held again later spoils no order."""
    steps = [{"name": "一", "select": {"type": "党课"}}, {"name": "二", "select": {"type": "党员大会"}}]
    rule = rule_from({"check": {"kind": "procedure", "steps": steps}})
    log = "{log: [{date: 2024-01-05, type: 党课}, {date: 2024-05-05, type: 党课}, {date: 2024-03-05, type: 党员大会}]}"
    assert {"state": "pass"} == outcomes(rule, log)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("made: 2024-01-10, for: 2024H1, filed: 2024-06-30", "pass"),
        ("made: 2024-01-10, for: 2024H1, filed: 2024-07-01", "fail"),
        ("made: 2024-01-10, filed: 2024-12-31", "pass"),
        ("made: 2024-01-10, filed: 2025-01-01", "fail"),
    ],
)
def test_steps_belong_within_the_period_the_entry_is_for_else_the_year_of_its_day(entry: str, expected: str) -> None:
    """What is taken after it counts as missing."""
    steps = [{"name": "制定", "field": "made"}, {"name": "备案", "field": "filed"}]
    rule = rule_from({
        "for_each": {"in": "entries", "select": {"in": "plans"}},
        "check": {"kind": "procedure", "steps": steps, "within_for": True},
    })
    record = f"{{plans: [{{kind: 年度计划, {entry}}}]}}"
    assert [expected] == [*outcomes(rule, record, "2024..2025", "2025-06-30").values()]


def selected(*types: str, **more: Any) -> Rule:
    """Steps that are the first meeting of these types."""
    steps = [{"name": kind, "select": {"type": kind}} for kind in types]
    return rule_from({"check": {"kind": "procedure", "steps": steps} | more})


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [("2024-01-01", "fail"), ("2024-01-02", "unknown"), ("2024-12-31", "unknown")],
)
def test_step_of_which_there_is_no_trace_is_missing_only_in_a_log_that_claims_the_whole_period(
    coverage: str, expected: str
) -> None:
    """Whichever of the steps it is that may be missing for want of a claim."""
    held = f"log: [{{date: 2024-03-01, type: 党课}}]\ncoverage: {{from: {coverage}, to: 2024-12-31}}"
    assert {"state": expected} == outcomes(selected("党课", "党员大会"), held, "2024")
    steps = [{"name": "谈话", "select": {"in": "talks"}}, {"name": "大会", "select": {"type": "党员大会"}}]
    rule = rule_from({"check": {"kind": "procedure", "steps": steps}})
    assert {"state": expected} == outcomes(rule, f"{held}\ntalks: []", "2024")


def test_series_that_is_kept_tells_that_there_is_none() -> None:
    """It needs no claim; one that is not kept tells nothing, and an entry without a day no order."""
    steps = [{"name": "制定", "select": {"in": "plans"}}]
    rule = rule_from({"check": {"kind": "procedure", "steps": steps}})
    claimed = "coverage: {from: 2024-06-01, to: 2024-06-30}"
    assert {"state": "fail"} == outcomes(rule, f"{claimed}\nplans: []", "2024")
    assert {"state": "unknown"} == outcomes(rule, claimed, "2024")
    undated = "{kind: 年度计划, for: 2024}"
    assert {"state": "unknown"} == outcomes(rule, f"{claimed}\nplans: [{undated}]", "2024")
    assert {"state": "pass"} == outcomes(rule, f"plans: [{undated}, {{kind: 年度计划, made: 2024-01-05}}]", "2024")


def test_finding_is_at_the_first_series_a_step_is_looked_for_in() -> None:
    """Steps that are looked for nowhere in particular have no place."""
    steps = [{"name": "一"}, {"name": "谈话", "select": {"in": "talks"}}]
    rule = rule_from({"check": {"kind": "procedure", "steps": steps}})
    [window] = judged(rule, "talks: []", "2024").windows
    assert ("talks",) == window.verdict.place


def test_step_that_is_only_overdue_among_others_still_to_come_is_the_late_one() -> None:
    """Though another day was set before it began."""
    rule = cases(months("一", "二", 1), months("三", "二", 1), steps="一三二", order=False)
    record = case(一="2024-01-05", 三="2024-05-20")
    assert Deadline(date(2024, 2, 5), "二", late=True) == due(rule, record, "2024-06-01")
