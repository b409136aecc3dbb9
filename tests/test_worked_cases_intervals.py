"""Worked cases 2 and 9-11: the running clock of GB ("间隔不超过三个月"), on a small rule of kind ``interval``.

GB's own rule and its mitigating note ("each quarter was served") are tested in ``test_documents_cases_periods``.
"""

from __future__ import annotations

import pytest

from builders import Find, facts_of, messages, outcomes, rule_of
from dangjian_check.engine.judge import judge
from dangjian_check.engine.trace import trace

ASSEMBLY_GAP = rule_of("check: {kind: interval, select: {type: 党员大会}, months: 3}")


@pytest.mark.parametrize(("held", "expected"), [("2024-05-10", "pass"), ("2024-05-11", "fail")])
def test_case_02_interval_runs_from_the_day_of_founding(held: str, expected: str) -> None:
    """Where the clock runs, a branch founded on 10 February must have met by 10 May."""
    record = f"{{founded: 2024-02-10, log: [{{date: {held}, type: 党员大会}}]}}"
    assert expected == outcomes(ASSEMBLY_GAP, record)["gap:2024-02-10"]
    assert "应在 2024-05-10 前" in messages(ASSEMBLY_GAP, record)["gap:2024-02-10"]


def test_case_09_interval_is_missed_although_each_quarter_is_served(rule: Find) -> None:
    """Meetings on 2 January and 28 June serve both quarters, yet the gap of 178 days was due on 2 April."""
    record = "{log: [{date: 2024-01-02, type: 党员大会}, {date: 2024-06-28, type: 党员大会}]}"
    expected = "fail"
    assert expected == outcomes(ASSEMBLY_GAP, record, "2024H1")["gap:2024-01-02"]
    message = messages(ASSEMBLY_GAP, record, "2024H1")["gap:2024-01-02"]
    assert "应在 2024-04-02 前" in message
    assert "2024-06-28 才有" in message
    expected = {"2024Q1": "pass", "2024Q2": "pass"}
    assert expected == outcomes(rule("VOC-4.1.1-3"), record, "2024H1")


@pytest.mark.parametrize(
    ("last", "following", "expected"),
    [
        ("2023-11-30", "2024-02-29", "pass"),
        ("2023-11-30", "2024-03-01", "fail"),
        ("2022-11-30", "2023-02-28", "pass"),
        ("2022-11-30", "2023-03-01", "fail"),
        ("2024-01-31", "2024-04-30", "pass"),
        ("2024-01-31", "2024-05-01", "fail"),
        ("2024-03-10", "2024-06-10", "pass"),
    ],
)
def test_case_10_three_months_are_calendar_months_clamped(last: str, following: str, expected: str) -> None:
    """Three months from a month's end run out on the last day of the third month, not after 90 days."""
    record = f"{{log: [{{date: {last}, type: 党员大会}}, {{date: {following}, type: 党员大会}}]}}"
    period = f"{following[:4]}"
    assert expected == outcomes(ASSEMBLY_GAP, record, period)[f"gap:{last}"]


def test_case_11_anchor_is_the_last_meeting_before_the_audit() -> None:
    """A covered meeting before the audited period starts the first gap."""
    record = """
      coverage: {from: 2023-10-01, to: 2024-12-31}
      log: [{date: 2023-12-20, type: 党员大会}, {date: 2024-03-21, type: 党员大会}]
    """
    expected = "fail"
    assert expected == outcomes(ASSEMBLY_GAP, record, "2024")["gap:2023-12-20"]


@pytest.mark.parametrize(("first", "expected"), [("2024-02-20", "unknown"), ("2024-04-20", "fail")])
def test_case_11_first_gap_without_anchor(first: str, expected: str) -> None:
    """With nothing known before the log begins, the first gap is unverifiable until it alone exceeds three months."""
    record = f"""
      coverage: {{from: 2024-01-01, to: 2024-12-31}}
      log: [{{date: {first}, type: 党员大会}}]
    """
    assert expected == outcomes(ASSEMBLY_GAP, record)["gap:2024-01-01"]


def test_case_11_assumed_coverage_anchors_like_declared_coverage() -> None:
    """A log assumed complete from January 2023 proves a gap that declared coverage from then would prove."""
    log = "log: [{date: 2023-02-01, type: 支委会}, {date: 2024-02-20, type: 党员大会}]"
    declared = outcomes(ASSEMBLY_GAP, f"{{coverage: {{from: 2023-01-01, to: 2024-12-31}}, {log}}}", "2024")
    assert declared == outcomes(ASSEMBLY_GAP, f"{{{log}}}", "2024")


@pytest.mark.parametrize(("as_of", "expected"), [("2024-12-10", "pending"), ("2024-12-11", "fail")])
def test_case_11_tail_is_tested_up_to_the_audit_day(as_of: str, expected: str) -> None:
    """The gap from the last meeting to the audit day is judged too: open on its last day, missed the day after."""
    record = "{log: [{date: 2024-09-10, type: 党员大会}]}"
    assert expected == outcomes(ASSEMBLY_GAP, record, "2024", as_of)["gap:2024-09-10"]


def test_case_11_anchor_is_where_the_coverage_of_that_kind_begins() -> None:
    """Coverage claimed for another kind of meeting anchors nothing: the assemblies' own begins in January 2024."""
    record = """
      coverage:
        - {from: 2023-01-01, to: 2024-12-31, types: [支委会]}
        - {from: 2024-01-01, to: 2024-12-31}
      log: [{date: 2024-04-20, type: 党员大会}, {date: 2024-07-20, type: 党员大会}, {date: 2024-10-20, type: 党员大会}]
    """
    found = outcomes(ASSEMBLY_GAP, record, "2024")
    expected = "fail"
    assert expected == found.get("gap:2024-01-01")


@pytest.mark.parametrize(
    ("record", "begun"),
    [
        ("{founded: 2022-03-20, coverage: {from: 2022-01-01, to: 2025-12-31}, log: []}", "2022-03-20"),
        ("{founded: 2019-03-20, coverage: {from: 2022-01-01, to: 2025-12-31}, log: []}", "2022-01-01"),
        ("{log: [{date: 2022-05-06, type: 支委会}]}", "2022-01-01"),
        ("{log: [{date: 2022-05-06, type: 党员大会}]}", "2022-05-06"),
    ],
)
def test_case_11_one_gap_is_the_same_in_every_period(record: str, begun: str) -> None:
    """Begun at the founding, where the coverage begins, or with the last meeting: whatever is audited, as long as it
    lasts it is one finding, so that what was found before is known again."""
    for period in ("2023", "2024", "2024Q2", "2025-05"):
        assert {f"gap:{begun}": "fail"} == outcomes(ASSEMBLY_GAP, record, period)


THREE_MEETINGS = """
  coverage: {from: 2024-01-01, to: 2024-12-31}
  log:
    - {id: a, date: 2024-01-02, type: 党员大会}
    - {id: b, date: 2024-03-02, type: 党员大会}
    - {id: c, date: 2024-06-28, type: 党员大会}
"""


def test_gap_is_explained_by_the_entries_it_lies_between() -> None:
    """Both count; the one that ended it late does not; nothing is taken for a second account of itself."""
    traced = trace(ASSEMBLY_GAP, facts_of(THREE_MEETINGS, "2024H1"))
    told = {w.outcome.window.name: ([f.name for f in w.counted], [n.fact.name for n in w.near]) for w in traced.windows}
    assert told["gap:2024-01-02"] == (["a", "b"], [])
    assert told["gap:2024-03-02"] == (["b"], ["c"])
    assert told["gap:2024-06-28"] == (["c"], [])


def test_gap_is_shown_where_the_entry_stands_that_it_began_with() -> None:
    """The last matching entry before it is the one it begins with."""
    found = judge(ASSEMBLY_GAP, facts_of(THREE_MEETINGS, "2024H1"))
    late = [w for w in found.windows if w.outcome.value == "fail"]
    assert [("activities", 1)] == [w.verdict.place for w in late]
