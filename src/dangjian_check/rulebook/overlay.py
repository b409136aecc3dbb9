"""A customer's standard that rests on another: its rules tightened, switched off or re-weighted, with reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError, model_validator

from dangjian_check.checks.implication import implies
from dangjian_check.model.calendar import LAST_DAY
from dangjian_check.model.fields import Strict, Text, wrong
from dangjian_check.model.vocabulary import nearest
from dangjian_check.rulebook.rule import Rule, RuleTest
from dangjian_check.rulebook.standard import Chapter


class Adjustment(Strict):
    """One change to a rule of the standard rested on.

    ``off`` switches it off; ``set`` replaces values by dotted path (``check.min: 2``); the rule's own tests then
    fall away and ``tests`` take their place. A ``reason`` is owed for every change, a ``source`` for one that
    loosens.
    """

    rule: Text
    off: bool = False
    set: dict[str, Any] = {}
    reason: Text
    source: Text | None = None
    tests: list[RuleTest] = []

    @model_validator(mode="after")
    def _one_change(self) -> Adjustment:
        if self.off == bool(self.set):
            raise wrong("adjust", "一处调整须写且只写一种", "停用写 off: true，改数写 set: {check.min: 2}")
        return self


class Overlay(Strict):
    """``adjust.yaml``: the changes a standard makes to the one it rests on."""

    adjust: list[Adjustment] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that cannot be made: which one, what is wrong, what to do."""

    index: int
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The chapters with every change made, the changes refused, and the rules loosened with the source given."""

    chapters: tuple[Chapter, ...]
    refusals: tuple[Refusal, ...]
    loosened: tuple[tuple[str, str], ...]


def adjusted(chapters: Iterable[Chapter], changes: list[Adjustment], document: str) -> Adjusted:
    """Make every change that can be made; a changed rule cites ``document``, which changes it, first."""
    listed = list(chapters)
    rules = {rule.id: rule for chapter in listed for rule in chapter.rules}
    refusals: list[Refusal] = []
    loosened: list[tuple[str, str]] = []
    for index, change in enumerate(changes):
        old = rules.get(change.rule)
        if old is None:
            near = nearest(change.rule, list(rules))
            hint = f"最接近的是 {near[0]}" if near else "核对规则编号"
            refusals.append(Refusal(index, f"所依据的标准没有规则 {change.rule}", hint))
            continue
        new = None if change.off else _changed(old, change, document)
        if isinstance(new, Refusal):
            refusals.append(Refusal(index, new.message, new.remedy))
            continue
        if loosens(old, new):
            if change.source is None:
                message = f"放宽了上级的规则 {change.rule}，没有写依据"
                refusals.append(Refusal(index, message, "写 source 说明哪份文件允许；没有就不要放宽"))
                continue
            loosened.append((change.rule, change.source))
        if new is None:
            del rules[change.rule]
        else:
            rules[change.rule] = new
    kept = [Chapter(c.title, tuple(rules[r.id] for r in c.rules if r.id in rules)) for c in listed]
    return Adjusted(tuple(c for c in kept if c.rules), tuple(refusals), tuple(loosened))


def loosens(old: Rule, new: Rule | None) -> bool:
    """Whether a change lets pass what the old rule would not: not proved stricter is looser."""
    if new is None:
        return True
    strengths = ("may", "should", "must")
    weaker = strengths.index(new.strength) < strengths.index(old.strength)
    narrower = (new.applies_when, new.for_each) != (old.applies_when, old.for_each)
    return weaker or narrower or not implies(new.check, old.check, LAST_DAY)


def _changed(old: Rule, change: Adjustment, document: str) -> Rule | Refusal:
    data = old.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"tests"})
    own = {"document": document, "article": change.source or change.reason}
    data["source"] = [own, *data["source"]]
    for path, value in change.set.items():
        node: Any = data
        *parents, last = path.split(".")
        for step in parents:
            node = node.setdefault(step, {}) if isinstance(node, dict) else None
        if not isinstance(node, dict) or last in ("id", "clauses", "tests"):
            return Refusal(0, f"改不了 {path}", "写规则里有的键，例如 check.min、severity")
        node[last] = value
    try:
        changed = Rule.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return Refusal(0, f"改后的规则 {old.id} 不成立（{where}）", "核对 set 里的键和值")
    return changed.model_copy(update={"tests": change.tests})
