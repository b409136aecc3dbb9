"""Why a rule said what it said: for each window the entries that counted, and those that nearly did."""

from __future__ import annotations

from dangjian_check.checks.base import NearMiss
from dangjian_check.engine.assessment import Trace, WindowTrace
from dangjian_check.engine.judge import judge
from dangjian_check.engine.outcomes import WindowOutcome
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.rule import Rule


def trace(rule: Rule, facts: Facts) -> Trace:
    """Judge a rule and say what each window rests on. Near misses are looked for where it binds and did not
    pass."""
    outcome = judge(rule, facts)
    return Trace(outcome, tuple(_window(rule, facts, w) for w in outcome.windows))


def _window(rule: Rule, facts: Facts, window: WindowOutcome) -> WindowTrace:
    near: list[NearMiss] = []
    counted = window.verdict.counted
    if window.outcome is Outcome.PASS and not counted:  # judged together with other records
        counted = rule.check.judge(facts, window.window, window.subject).counted
    if window.outcome not in (Outcome.NOT_APPLICABLE, Outcome.PASS):
        near = [n for n in rule.check.near(facts, window.window, window.subject) if n.fact not in set(counted)]
    return WindowTrace(window, counted, tuple(near))
