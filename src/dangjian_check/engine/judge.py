"""One rule against one record: which windows it binds, and what is found in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dangjian_check.checks.base import Subject, Verdict, state_window
from dangjian_check.engine.assessment import RuleOutcome, WindowOutcome
from dangjian_check.model.calendar import Window
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome, Truth, all_of
from dangjian_check.rulebook.rule import Rule

_SUPERIOR = "上级党组织的职责，支部记录里核不了，须查上级记录"
_BRANCH = "在支部自己的记录里核，不在上级的记录里核"
_ENCOURAGED = "文件只作鼓励或允许，没有也不算问题"


def judge(rule: Rule, facts: Facts) -> RuleOutcome:
    """The outcome of a rule, window by window. A check that breaks is an ``error``, never a verdict."""
    if facts.as_of < facts.period.start:
        return RuleOutcome(rule, (_single(facts, Outcome.NOT_APPLICABLE, "核查期间还没有开始"),))
    whose = "organization" if facts.record.organization is not None else "branch"
    if rule.shown_in != whose:
        return RuleOutcome(rule, (_elsewhere(rule, facts, whose),))
    try:
        windows = tuple(_judge(rule, facts))
    except Exception as error:
        return RuleOutcome(rule, (_single(facts, Outcome.ERROR, f"检查出错（{type(error).__name__}）"),))
    if not windows:
        windows = (_single(facts, Outcome.NOT_APPLICABLE, "核查期间内没有需要核的事项"),)
    return RuleOutcome(rule, windows)


def _elsewhere(rule: Rule, facts: Facts, whose: str) -> WindowOutcome:
    """What is said of a duty that shows in another body's record."""
    in_force = rule.in_force(state_window(facts))
    if in_force.value is False:
        return _single(facts, Outcome.NOT_APPLICABLE, in_force.reason)
    return _single(facts, *((Outcome.MANUAL, _SUPERIOR) if whose == "branch" else (Outcome.NOT_APPLICABLE, _BRANCH)))


def _single(facts: Facts, outcome: Outcome, message: str) -> WindowOutcome:
    return WindowOutcome(state_window(facts), None, Verdict(outcome, message))


def _judge(rule: Rule, facts: Facts) -> Iterator[WindowOutcome]:
    if rule.for_each is not None and rule.for_each.subjects == "entries":
        yield from _judge_entries(rule, facts)
        return
    for window in rule.check.windows(facts):
        binds = all_of(_gates(rule, facts, window))
        if binds.value is False:
            yield WindowOutcome(window, None, Verdict(Outcome.NOT_APPLICABLE, binds.reason))
            continue
        for subject, present in _subjects(rule, facts, window):
            yield _one(rule, facts, window, subject, all_of([binds, present]))


def _judge_entries(rule: Rule, facts: Facts) -> Iterator[WindowOutcome]:
    assert rule.for_each is not None
    assert rule.for_each.select is not None
    selector = rule.for_each.select
    binds = all_of(_gates(rule, facts, state_window(facts)))
    if binds.value is False and not list(rule.for_each.entry_windows(facts)):
        yield _single(facts, Outcome.NOT_APPLICABLE, binds.reason)
        return
    if not facts.coverage.keeps(selector.series):
        yield _single(facts, Outcome.UNKNOWN, f"记录没有 {selector.series} 一栏")
        return
    empty = True
    for window, subject in rule.for_each.entry_windows(facts):
        empty = False
        yield _one(rule, facts, window, subject, all_of(_gates(rule, facts, window)))
    if empty:
        yield _single(facts, Outcome.NOT_APPLICABLE, f"核查期间内没有需要核的{selector.label}")


def _gates(rule: Rule, facts: Facts, window: Window) -> Iterator[Truth]:
    """Whether the demand binds the window: branch and standard there all along, conditions met."""
    span = rule.check.bound_span(facts, window)
    yield facts.branch_existed(span)
    yield rule.in_force(span)
    if not rule.check.demands_on(window.start):
        yield Truth(False, "当时还没有这项数字要求")
    if rule.applies_when is not None:
        yield rule.applies_when.holds(facts, span)


def _subjects(rule: Rule, facts: Facts, window: Window) -> Iterable[tuple[Subject | None, Truth]]:
    if rule.for_each is None:
        return [(None, Truth(True))]
    found = rule.for_each.subjects_in(facts, window)
    if isinstance(found, Truth):
        return [(None, found)]
    return found or [(None, Truth(False, "没有需要核的对象"))]


def _one(rule: Rule, facts: Facts, window: Window, subject: Subject | None, binds: Truth) -> WindowOutcome:
    if binds.value is False:
        return WindowOutcome(window, subject, Verdict(Outcome.NOT_APPLICABLE, binds.reason))
    if binds.value is None and subject is None and rule.for_each is not None:
        return WindowOutcome(window, None, Verdict(Outcome.UNKNOWN, binds.reason))
    verdict = rule.check.judge(facts, window, subject)
    if binds.value is None and verdict.outcome not in (Outcome.PASS, Outcome.PENDING):
        verdict = replace(verdict, outcome=Outcome.UNKNOWN, message=binds.reason)
    return WindowOutcome(window, subject, _weigh(rule, verdict))


def _weigh(rule: Rule, verdict: Verdict) -> Verdict:
    """What is left to a person, and what was only encouraged."""
    lacking = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PENDING)
    if rule.strength == "may" and verdict.outcome in lacking:
        return replace(verdict, outcome=Outcome.NOT_APPLICABLE, message=_ENCOURAGED)
    if rule.judgement is not None and verdict.outcome is Outcome.PASS:
        return replace(verdict, outcome=Outcome.MANUAL, message=f"{rule.judgement}（{verdict.message}）")
    return verdict
