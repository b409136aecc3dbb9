"""One rule against one record: which windows it binds, and what is found in each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from dangjian_check.checks.base import ANYONE, Subject, Verdict, state_window
from dangjian_check.checks.for_each import Everybody, ForEach
from dangjian_check.engine.outcomes import Alike, RuleOutcome, WindowOutcome, Windows
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import YES, Outcome, Truth, all_of
from dangjian_check.rulebook.rule import Rule

_SUPERIOR = "上级党组织的职责，支部记录里核不了，须查上级记录"
_BRANCH = "在支部自己的记录里核，不在上级的记录里核"
_NO_MATTER = (Outcome.NOT_APPLICABLE, "核查期间内没有需要核的事项")
_ALIKE = 512  # outcomes of one rule that are remembered
_EITHER_WAY = (Outcome.PASS, Outcome.PENDING, Outcome.NOT_APPLICABLE)  # though it is not known whether it binds
_ENCOURAGED = "文件只作鼓励或允许，没有也不算问题"


def judge(rule: Rule, facts: Facts) -> RuleOutcome:
    """The outcome of a rule, window by window. A check that breaks is an ``error``, never a verdict."""
    whose = "organization" if facts.record.organization is not None else "branch"
    if facts.as_of < facts.period.start or rule.shown_in != whose:
        return facts.frame.once(rule, whose, lambda: RuleOutcome(rule, Windows([_unseen(rule, facts, whose)])))
    try:
        return _short(rule, facts) or RuleOutcome(rule, _all(rule, facts))
    except Exception as error:
        return RuleOutcome(rule, Windows([_single(facts, Outcome.ERROR, f"检查出错（{type(error).__name__}）")]))


def _all(rule: Rule, facts: Facts) -> Windows:
    windows = Windows(_judge(rule, facts))
    return windows if windows.tally else Windows([_single(facts, *_NO_MATTER)])


def _short(rule: Rule, facts: Facts) -> RuleOutcome | None:
    """The outcome of a rule of whose windows all can be told in few words: judged once for all records of which the
    same is told. Not where entries were found that are to be shown."""
    if rule.for_each is not None:
        return None
    told = rule.check.told(facts)
    if told is None or not _binds_throughout(rule, facts):
        return None
    alike: dict[Hashable, RuleOutcome | None] = facts.frame.once(rule, "alike", dict)
    if told not in alike:
        if len(alike) >= _ALIKE:
            alike.clear()
        windows = _all(rule, facts)
        shown = any(w.outcome is not Outcome.PASS and w.verdict.counted for w in windows)
        alike[told] = None if shown else RuleOutcome(rule, Windows(map(_unfounded, windows)))
    return alike[told]


def _unfounded(window: WindowOutcome) -> WindowOutcome:
    """Without the entries of the one record it was judged by."""
    return replace(window, verdict=replace(window.verdict, counted=()))


def _unseen(rule: Rule, facts: Facts, whose: str) -> WindowOutcome:
    """What is said of a duty before its time, or that shows in another body's record."""
    if facts.as_of < facts.period.start:
        return _single(facts, Outcome.NOT_APPLICABLE, "核查期间还没有开始")
    in_force = rule.in_force(state_window(facts))
    if in_force.value is False:
        return _single(facts, Outcome.NOT_APPLICABLE, in_force.reason)
    return _single(facts, *((Outcome.MANUAL, _SUPERIOR) if whose == "branch" else (Outcome.NOT_APPLICABLE, _BRANCH)))


def _single(facts: Facts, outcome: Outcome, message: str) -> WindowOutcome:
    return WindowOutcome(state_window(facts), None, Verdict(outcome, message))


def _judge(rule: Rule, facts: Facts) -> Iterator[WindowOutcome | Alike]:
    if rule.for_each is not None and rule.for_each.subjects == "entries":
        yield from _judge_entries(rule, facts)
        return
    for window in rule.check.windows(facts):
        binds = _binds(rule, facts, window)
        if binds.value is False:
            yield WindowOutcome(window, None, Verdict(Outcome.NOT_APPLICABLE, binds.reason))
        elif rule.for_each is None:
            yield _one(rule, facts, window, None, binds)
        else:
            yield from _judge_each(rule, rule.for_each, facts, window, binds)


def _judge_each(
    rule: Rule, for_each: ForEach, facts: Facts, window: Window, binds: Truth
) -> Iterator[WindowOutcome | Alike]:
    found = for_each.subjects_in(facts, window)
    if isinstance(found, Truth) or not found:
        absent = found if isinstance(found, Truth) else Truth(False, "没有需要核的对象")
        yield _one(rule, facts, window, None, all_of([binds, absent]))
        return
    named = rule.check.named_in(facts) if for_each.subjects == "members" else None
    if named is None:
        for subject, present in found:
            yield _one(rule, facts, window, subject, all_of([binds, present]))
        return
    others = _one(rule, facts, window, ANYONE, binds)
    if not named and isinstance(found, Everybody):
        yield Alike(window, others.verdict, found.subjects)
        return
    items: list[Subject | WindowOutcome] = [
        subject
        if present.value and subject.label not in named
        else _one(rule, facts, window, subject, all_of([binds, present]))
        for subject, present in found
    ]
    yield Alike(window, others.verdict, items, sum(isinstance(item, WindowOutcome) for item in items))


def _judge_entries(rule: Rule, facts: Facts) -> Iterator[WindowOutcome]:
    assert rule.for_each is not None
    assert rule.for_each.select is not None
    selector = rule.for_each.select
    binds = _binds(rule, facts, state_window(facts))
    if binds.value is False and not list(rule.for_each.entry_windows(facts)):
        yield _single(facts, Outcome.NOT_APPLICABLE, binds.reason)
        return
    if not facts.coverage.keeps(selector.series):
        yield _single(facts, Outcome.UNKNOWN, f"记录没有 {selector.series} 一栏")
        return
    empty = True
    for window, subject in rule.for_each.entry_windows(facts):
        empty = False
        yield _one(rule, facts, window, subject, _binds(rule, facts, window))
    if empty:
        yield _single(facts, Outcome.NOT_APPLICABLE, f"核查期间内没有需要核的{selector.label}")


def _binds(rule: Rule, facts: Facts, window: Window) -> Truth:
    """Whether the demand binds the window: branch and standard there all along, conditions met."""
    span = rule.check.bound_span(facts, window)
    existed = facts.branch_existed(span)
    if existed is not YES:
        return existed
    key = ("in force", span.start, span.end, window.start)
    in_force = facts.frame.once(rule, key, lambda: _stands(rule, span, window))
    return met(rule, facts, span) if in_force.value else in_force


def _binds_throughout(rule: Rule, facts: Facts) -> bool:
    """Whether the demand binds every window."""
    windows = tuple(rule.check.windows(facts))
    reach = Period(windows[0].start, windows[-1].end)
    stands = facts.frame.once(
        rule,
        ("in force", len(windows), reach.start, reach.end),
        lambda: all(_stands(rule, w, w).value for w in windows),
    )
    if not stands or facts.branch_existed(reach) is not YES:
        return False
    return rule.applies_when is None or all(met(rule, facts, window).value for window in windows)


def met(rule: Rule, facts: Facts, span: Period) -> Truth:
    """Whether the condition of a rule holds on all these days."""
    condition = rule.applies_when
    if condition is None:
        return YES
    written = facts.frame.once(condition, "written", lambda: condition.model_dump_json(exclude_defaults=True))
    return facts.known.once(Rule, (written, span.start, span.end), lambda: condition.holds(facts, span))


def _stands(rule: Rule, span: Period, window: Window) -> Truth:
    """Whether the demand, and a number of it, is in force."""
    in_force = rule.in_force(span)
    if in_force.value and not rule.check.demands_on(window.start):
        return Truth(False, "当时还没有这项数字要求")
    return in_force


def _one(rule: Rule, facts: Facts, window: Window, subject: Subject | None, binds: Truth) -> WindowOutcome:
    if binds.value is False:
        return WindowOutcome(window, subject, Verdict(Outcome.NOT_APPLICABLE, binds.reason))
    if binds.value is None and subject is None and rule.for_each is not None:
        return WindowOutcome(window, None, Verdict(Outcome.UNKNOWN, binds.reason))
    verdict = rule.check.judge(facts, window, subject)
    if binds.value is None and verdict.outcome not in _EITHER_WAY:
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
