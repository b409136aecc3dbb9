"""Two standards side by side: duty by duty the same, stricter, looser, incomparable, or only in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dangjian_check.checks.fixed_day import FixedDay
from dangjian_check.checks.implication import implies
from dangjian_check.checks.limit import Limit
from dangjian_check.checks.presence import Presence
from dangjian_check.checks.procedure import Procedure
from dangjian_check.checks.selector import Selector
from dangjian_check.checks.share import Share
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard

_SHORT = 12


class Relation(StrEnum):
    """How the first standard's demand stands to the second's."""

    SAME = "same"
    STRICTER = "stricter"
    LOOSER = "looser"
    INCOMPARABLE = "incomparable"
    ONLY_FIRST = "only_first"
    ONLY_SECOND = "only_second"


@dataclass(frozen=True, slots=True)
class Row:
    """One duty: what each standard demands of it and how the first stands to the second.

    ``conditional`` says that the two do not bind the same branches or subjects, so that the relation holds only
    where both do.
    """

    topic: str
    first: Rule | None
    second: Rule | None
    relation: Relation
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    first: Standard
    second: Standard
    as_of: date
    rows: tuple[Row, ...]


def compare(first: Standard, second: Standard, as_of: date) -> Comparison:
    """Compare the branch-side duties a machine can judge, by the numbers in force on ``as_of``."""
    rows: list[Row] = []
    others = [rule for rule in second.rules if _compared(rule, as_of)]
    met: set[str] = set()
    for rule in first.rules:
        if not _compared(rule, as_of):
            continue
        partners = [other for other in others if topic(other) == topic(rule)]
        met.update(other.id for other in partners)
        rows += [_row(rule, other, as_of) for other in partners]
        if not partners:
            rows.append(Row(rule.title, rule, None, Relation.ONLY_FIRST))
    rows += [Row(r.title, None, r, Relation.ONLY_SECOND) for r in others if r.id not in met]
    return Comparison(first, second, as_of, tuple(rows))


def _compared(rule: Rule, as_of: date) -> bool:
    return not rule.by_superior and rule.check.kind != "manual" and rule.strength != "may" and rule.known_on(as_of)


def _row(a: Rule, b: Rule, as_of: date) -> Row:
    conditional = (a.applies_when, a.for_each) != (b.applies_when, b.for_each)
    return Row(topic_label(a), a, b, relation(a, b, as_of), conditional)


def relation(a: Rule, b: Rule, as_of: date) -> Relation:
    """How the check of ``a`` stands to that of ``b``, where both bind."""
    forth, back = implies(a.check, b.check, as_of), implies(b.check, a.check, as_of)
    if forth and back:
        return Relation.SAME
    if forth:
        return Relation.STRICTER
    return Relation.LOOSER if back else Relation.INCOMPARABLE


def topic(rule: Rule) -> tuple[object, ...]:
    """What a rule is about: the same for two rules that make demands of the same thing."""
    check = rule.check
    each = rule.for_each.subjects if rule.for_each else None
    if isinstance(check, FixedDay):
        return ("day", *sorted(check.select.type))
    if isinstance(check, Limit) and check.of is not None:
        return ("limit", check.of)
    if isinstance(check, Share):
        return ("share", str(check.part), str(check.whole), each)
    if isinstance(check, Procedure):
        return ("procedure", *(step.name for step in check.steps), each)
    if isinstance(check, Presence) and check.select is None:
        return ("field", check.field, *(["posts"] if check.posts else []), each)
    selector = check.selector()
    if isinstance(selector, Selector):
        return ("count" if isinstance(check, Limit) else "entries", *_about(selector), _whom(rule))
    return (check.kind,)


def _about(selector: Selector) -> Iterator[object]:
    yield selector.series
    yield tuple(sorted(selector.type)) + tuple(sorted(selector.kind))
    yield tuple(sorted(selector.tags))
    yield (selector.lecturer, selector.host, selector.pair, selector.by)


def _whom(rule: Rule) -> object:
    each = rule.for_each
    return None if each is None else (each.subjects, each.in_committee, each.leading_cadre, each.role)


def topic_label(rule: Rule) -> str:
    """The duty in a few words."""
    selector = rule.check.selector()
    if isinstance(selector, Selector) and len(selector.label) <= _SHORT:
        return selector.label
    return rule.title
