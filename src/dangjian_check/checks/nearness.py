"""What nearly counted: the entries a person would point at, each with why it does not count."""

from __future__ import annotations

from dangjian_check.checks.base import NearMiss, Subject
from dangjian_check.checks.index import falls_in
from dangjian_check.checks.selector import Selector
from dangjian_check.model.calendar import ONE_DAY, Period, Window, add_months
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.vocabulary import RELATED_TYPES

_NEAR_MONTHS = 1


def near_misses(selector: Selector, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
    """What a person would point at: entries just outside, not held, of a like kind, or failing one condition."""
    found: list[NearMiss] = []
    around = Period(add_months(window.start, -_NEAR_MONTHS), add_months(window.end, _NEAR_MONTHS))
    for fact in selector.candidates(facts):
        inside, truth = falls_in(fact, window), selector.match(fact, facts, subject)
        if inside and not truth.value:
            found.append(NearMiss(fact, truth.reason))
        elif inside:
            found.append(NearMiss(fact, "与另一条记录的类型、日期、时间、主题都相同，只计一次"))
        elif inside is False and truth.value and fact.day and around.contains(fact.day):
            found.append(NearMiss(fact, _outside(fact, window)))
        elif inside is None and truth.value:
            found.append(NearMiss(fact, "没有写日期"))
    for rejected in facts.rejected:
        day = rejected.fact.day
        if rejected.kind in selector.type and day is not None and window.contains(day):
            found.append(NearMiss(rejected.fact, rejected.why))
    related = [kind for wanted in selector.type for kind in RELATED_TYPES.get(wanted, ())]
    for fact in facts.held(related):
        if falls_in(fact, window) and not set(selector.type) & set(getattr(fact.entry, "type", ())):
            found.append(NearMiss(fact, f"登记的类型不是{'或'.join(selector.type)}，不能顶替"))
    return sorted(found, key=lambda near: (near.fact.day or window.start, near.fact.index))


def _outside(fact: Fact, window: Window) -> str:
    assert fact.day is not None
    if window.contains(fact.day):
        return "写明是为另一期间开展的，计入那个期间"
    if fact.day < window.start:
        return f"早于该期间 {(window.start - fact.day) // ONE_DAY} 天，不能结转"
    return f"晚于该期间 {(fact.day - window.end) // ONE_DAY} 天，不能补计"
