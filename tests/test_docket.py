"""What is judged once for many records is what judging each by itself gives."""

from __future__ import annotations

import copy
import gc
import random
import weakref
from datetime import date, timedelta
from pathlib import Path

import pytest

from builders import looking_ahead
from dangjian_check.checks.base import Subject
from dangjian_check.checks.for_each import Everybody
from dangjian_check.engine.assess import audit_span
from dangjian_check.engine.assessment import BranchRef
from dangjian_check.engine.docket import docket
from dangjian_check.engine.due import agenda, ahead
from dangjian_check.engine.judge import judge
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.engine.trace import trace
from dangjian_check.loading.records import load_record
from dangjian_check.loading.standards import load_standards
from dangjian_check.model.facts import Facts
from dangjian_check.model.memo import Frame
from dangjian_check.model.record import Member, Record
from dangjian_check.rulebook.standard import Standard

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.yaml"))
STANDARDS = load_standards(["national", "voc"])
TODAY = date(2026, 1, 1)
DAYS = (None, date(2024, 5, 15), date(2023, 12, 31))


def plain(outcome: RuleOutcome) -> list[tuple[object, ...]]:
    """Every window, subject and word of an outcome."""
    return [
        (w.window, w.subject, w.outcome, w.verdict.message, w.verdict.expected, w.verdict.actual, w.verdict.defect)
        for w in outcome.windows
    ]


def thinned(path: Path, seed: int) -> Record:
    """The record with some of its series, entries and fields left out."""
    dice = random.Random(f"{path.name} {seed}")
    data = copy.deepcopy(load_record(path).tree.data)
    for series in [name for name, value in data.items() if isinstance(value, list)]:
        if dice.random() < 0.15:
            del data[series]
            continue
        data[series] = [entry for entry in data[series] if dice.random() < 0.9]
        for entry in data[series]:
            if isinstance(entry, dict) and dice.random() < 0.1:
                entry.pop(dice.choice(list(entry)))
    return Record.model_validate(data)


def records(path: Path) -> list[Record]:
    """The record as it is and several less complete ones."""
    found = [load_record(path).record]
    for seed in range(6):
        try:
            found.append(thinned(path, seed))
        except ValueError:
            continue
    return found


def facts_of(record: Record, as_of: date | None, frames: dict[object, Frame]) -> Facts:
    span = audit_span(record, None, as_of, TODAY)
    return Facts(record, span.period, span.as_of, frame=frames.setdefault(span, Frame(span.period, span.as_of)))


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2024, 10, 8), date(2025, 1, 1)])
@pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.id)
def test_what_many_records_owe_is_what_each_owes_alone(standard: Standard, as_of: date):
    until, branch = as_of + timedelta(days=400), BranchRef("b1", "支部", "branch.yaml")
    frame, owed = ahead(as_of, until), 0
    for record in [record for path in EXAMPLES for record in records(path)]:
        alone = agenda(standard, looking_ahead(record, as_of, until), branch)
        together = agenda(standard, Facts(record, frame.period, as_of, horizon=until, frame=frame), branch)
        assert alone == together
        owed += len(alone.dues)
    assert owed


@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.id)
def test_a_docket_shared_by_many_records_says_what_each_rule_says_alone(standard: Standard, as_of: date | None):
    frames: dict[object, Frame] = {}
    for record in [record for path in EXAMPLES for record in records(path)]:
        shared = facts_of(record, as_of, frames)
        alone = Facts(record, shared.period, shared.as_of)
        together = docket(standard, shared).outcomes(shared)
        for rule, outcome in zip(standard.rules, together, strict=True):
            assert plain(judge(rule, alone)) == plain(outcome), rule.id
            assert {o: n for o, n in outcome.tally.items() if n} == {
                o: sum(w.outcome is o for w in outcome.windows) for o in {w.outcome for w in outcome.windows}
            }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_counted_is_of_the_record_itself_though_it_was_judged_with_others(path: Path):
    frames: dict[object, Frame] = {}
    for record in records(path):
        shared = facts_of(record, None, frames)
        alone = Facts(record, shared.period, shared.as_of)
        own = {id(entry) for series in ("activities", "talks") for entry in getattr(record, series) or ()}
        for rule in (rule for s in STANDARDS for rule in s.rules if rule.check.kind == "frequency"):
            counted = [fact for window in trace(rule, shared).windows for fact in window.counted]
            assert counted == [fact for window in trace(rule, alone).windows for fact in window.counted]
            assert all(id(fact.entry) in own for fact in counted if fact.series in ("activities", "talks"))


def test_the_index_of_a_record_goes_with_the_record():
    """No memory waits for a sweep: nothing that the index remembers leads back to it."""
    frames: dict[object, Frame] = {}
    gc.disable()
    try:
        for path in EXAMPLES:
            facts = facts_of(load_record(path).record, None, frames)
            judged = [docket(standard, facts).outcomes(facts) for standard in STANDARDS]
            left = weakref.ref(facts)
            assert judged
            del facts, judged
            assert left() is None, path.name
    finally:
        gc.enable()


def test_members_who_have_all_left_are_not_taken_for_there_throughout():
    left = Member.model_validate({"name": "甲", "status": "正式", "from": "2020-01-01", "to": "2024-06-30"})
    stayed = Member.model_validate({"name": "乙", "status": "正式", "from": "2020-01-01"})
    subjects = [Subject("member", m.key, m.name, ("members", n), m) for n, m in enumerate((left, stayed))]
    answers = [Everybody(some).there_since(date(2024, 1, 1)) for some in (subjects[:1], subjects, subjects[1:])]
    assert answers == [False, False, True]


def test_semesters_that_begin_together_are_judged_each_to_its_own_end():
    frames: dict[object, Frame] = {}
    for end in ("2024-05-10", "2024-07-05"):
        semester = {"name": "春季", "from": "2024-02-20", "to": end}
        record = Record.model_validate({
            "branch": {"name": "一支部", "type": "教师"},
            "calendar": {"semesters": [semester]},
            "coverage": [{"from": "2024-01-01", "to": "2024-12-31"}],
            "activities": [],
        })  # fmt: skip
        shared = facts_of(record, date(2024, 5, 15), frames)
        alone = Facts(record, shared.period, shared.as_of)
        rules = [rule for s in STANDARDS for rule in s.rules if getattr(rule.check, "per", None) == "semester"]
        assert rules
        for rule in rules:
            assert plain(judge(rule, shared)) == plain(judge(rule, alone)), rule.id
