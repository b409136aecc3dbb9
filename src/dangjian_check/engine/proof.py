"""Rules prove themselves: their tests are run, their proofs counted, their numbers moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ValidationError

from dangjian_check.engine.assess import audit_span
from dangjian_check.engine.judge import judge
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.model.calendar import LAST_DAY
from dangjian_check.model.consistency import clashes
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import Record
from dangjian_check.model.workdays import WorkDays
from dangjian_check.rulebook.rule import Rule, RuleTest
from dangjian_check.rulebook.shorthand import expand

ELSE = "else"


@dataclass(frozen=True, slots=True)
class TestRun:
    """One test of one rule: what differed (empty if nothing), and which outcomes it proved."""

    __test__ = False

    rule: Rule
    test: RuleTest
    differences: tuple[str, ...]
    broken: bool = False
    proved: frozenset[Outcome] = frozenset()

    @property
    def passed(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Gap:
    """A rule that does not prove all it must, and what is missing."""

    rule: Rule
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survivor:
    """A number moved without any test noticing."""

    rule: Rule
    where: str
    old: str
    new: str


def test_record(test: RuleTest) -> Record:
    """The record behind a test. Raises ``pydantic.ValidationError`` or `ValueError` if it is not one."""
    record = Record.model_validate(expand(test.record))
    wrong = next(clashes(record), None)
    if wrong is not None:
        raise ValueError(wrong.message)
    return record


def facts_for(record: Record, test: RuleTest, workdays: WorkDays | None = None) -> Facts:
    """What a test's record says, in the period and on the day the test asks for."""
    span = audit_span(record, test.period, test.as_of, test.as_of or LAST_DAY)
    return Facts(record, span.period, span.as_of, workdays)


def run_test(rule: Rule, test: RuleTest, record: Record | None = None, workdays: WorkDays | None = None) -> TestRun:
    """Judge the test's record by the rule and compare with what it expects."""
    try:
        known = record or test_record(test)
    except (ValidationError, ValueError) as error:
        return TestRun(rule, test, (_first_line(error),), broken=True)
    outcome = judge(rule, facts_for(known, test, workdays))
    return TestRun(rule, test, tuple(_compare(outcome, test)), proved=frozenset(w.outcome for w in outcome.windows))


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return f"测试用的记录有误：{where} {first['msg']}"
    return f"测试用的记录有误：{error}"


def _compare(outcome: RuleOutcome, test: RuleTest) -> Iterator[str]:
    if isinstance(test.expect, Outcome):
        if outcome.outcome is not test.expect:
            yield f"应为 {test.expect}，实为 {outcome.outcome}（{outcome.reason}）"
        return
    unmatched = set(test.expect)
    for window in outcome.windows:
        key = f"{window.window.name}/{window.subject.key}" if window.subject else window.window.name
        name = next((k for k in (key, window.window.name, ELSE) if k in test.expect), None)
        if name is None:
            yield f"{key}：没有写应为什么，实为 {window.outcome}"
            continue
        unmatched.discard(name)
        if window.outcome is not test.expect[name]:
            yield f"{key}：应为 {test.expect[name]}，实为 {window.outcome}（{window.verdict.message}）"
    for name in sorted(unmatched):
        yield f"{name}：没有这个窗口或对象"


def needs_proof(rule: Rule) -> bool:
    """Whether a rule must carry tests: all but those only a person can judge."""
    return rule.check.kind != "manual"


def coverage_gap(rule: Rule, runs: list[TestRun]) -> Gap | None:
    """What a rule has not proved: that it can pass, that it can fail and, if conditional, that it can not apply."""
    if not needs_proof(rule):
        return None
    proved = {outcome for run in runs if run.passed for outcome in run.proved}
    missing = []
    met = {Outcome.PASS, Outcome.MANUAL} if rule.judgement or not rule.check.can_fail() else {Outcome.PASS}
    if not proved & met:
        missing.append("能合格")
    if rule.strength != "may" and rule.check.can_fail() and Outcome.FAIL not in proved:
        missing.append("能不合格")
    if (rule.is_conditional or rule.strength == "may") and Outcome.NOT_APPLICABLE not in proved:
        missing.append("能不适用")
    return Gap(rule, tuple(missing)) if missing else None


def survivors(rule: Rule, workdays: WorkDays | None = None) -> tuple[list[Survivor], int]:
    """Numbers of the rule's check, conditions and subjects that can be moved by one without any test noticing,
    and how many such moves were tried."""
    if not needs_proof(rule):
        return [], 0
    records = [(test, test_record(test)) for test in rule.tests]
    tried, unnoticed = 0, []
    for where, old, new, mutant in _mutants(rule):
        tried += 1
        if all(run_test(mutant, test, record, workdays).passed for test, record in records):
            unnoticed.append(Survivor(rule, where, old, new))
    return unnoticed, tried


_PARTS = ("check", "applies_when", "for_each")


def _mutants(rule: Rule) -> Iterator[tuple[str, str, str, Rule]]:
    for part in _PARTS:
        value = getattr(rule, part)
        if value is None:
            continue
        for where, old, new, changed in _moved(value):
            yield f"{part}.{where}", str(old), str(new), rule.model_copy(update={part: changed})


def _moved(value: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    """Each number inside ``value`` moved by one, with the whole value rebuilt around it."""
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (("", value, moved, moved) for moved in (value - 1, value + 1) if moved >= 0)
    elif isinstance(value, Fraction):
        yield from (("", value, moved, moved) for moved in _moved_fraction(value))
    else:
        for key, item in _children(value):
            for where, old, new, inner in _moved(item):
                yield f"{key}.{where}".rstrip("."), old, new, _replaced(value, key, inner)


def _children(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, BaseModel):
        idle: frozenset[str] = getattr(type(value), "not_judged", frozenset())
        return [(name, getattr(value, name)) for name in type(value).model_fields if name not in idle]
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _replaced(value: Any, key: Any, inner: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_copy(update={key: inner})
    if isinstance(value, dict):
        return {**value, key: inner}
    return [*value[:key], inner, *value[key + 1 :]]


def _moved_fraction(value: Fraction) -> Iterator[Fraction]:
    """Whole numbers move by one; a ratio's numerator and denominator do."""
    steps = [(-1, 0), (1, 0)] if value.denominator == 1 else [(-1, 0), (1, 0), (0, -1), (0, 1)]
    for up, down in steps:
        numerator, denominator = value.numerator + up, value.denominator + down
        if numerator >= 0 and denominator > 0:
            yield Fraction(numerator, denominator)
