"""How an entry belongs to the member, group, branch or entry that is judged.

What an entry says of members is read once: a `Kin` answers for everybody, by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from dangjian_check.checks.base import Subject
from dangjian_check.model.activity import Activity
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import YES, Truth
from dangjian_check.model.series import Talk, Training

Relation = Literal[
    "attended",
    "came_or_excused",
    "lecturer",
    "name",
    "between",
    "group",
    "group_or_branch",
    "spoke",
    "host",
    "owner",
    "responsible",
]


class Kin:
    """Whether an entry is a member's: by name, and for all ``others``; ``certain`` if that is told of everybody, and it
    is ``theirs``."""

    __slots__ = ("certain", "named", "others", "theirs")

    def __init__(self, others: Truth, named: dict[str, Truth]) -> None:
        self.others = others
        self.named = named
        self.theirs = [name for name, truth in named.items() if truth.value]
        self.certain = others.value is False and None not in [truth.value for truth in named.values()]

    def of(self, name: str) -> Truth:
        return self.named.get(name, self.others)


_NO_LIST = Kin(Truth(None, "没有到会人员名单"), {})


def kins(found: Iterable[Fact], relation: Relation | None, facts: Facts) -> list[Kin]:
    """What each of these entries says of members, read once for a record."""
    known: dict[int, Kin] = facts.known.once(Kin, relation, dict)
    return [known.get(id(f.entry)) or known.setdefault(id(f.entry), _kin(f.entry, relation)) for f in found]


def relates(fact: Fact, relation: Relation | None, facts: Facts, subject: Subject) -> Truth:
    """Whether an entry belongs to the subject of ``for_each``."""
    entry = fact.entry
    if subject.kind == "entry":
        return YES if entry is subject.item.entry else Truth(False, "不是这一次")
    if subject.kind == "group":
        return _of_group(entry, facts, subject, relation)
    if subject.kind == "branch":
        return _of_branch(entry, subject)
    return kins([fact], relation, facts)[0].of(subject.item.name)


def _kin(entry: Any, relation: Relation | None) -> Kin:
    relation = relation or default_relation(entry)
    if relation == "attended":
        return _attended(entry)
    if relation == "came_or_excused":
        return _came_or_excused(entry)
    if relation == "spoke":
        return _among(None if entry.statements is None else [s.name for s in entry.statements], "发言记录")
    if relation == "host":
        return _among(None if entry.host is None else [entry.host], "主持人")
    if relation == "lecturer":
        return _among(entry.lecturer, "主讲人")
    named = _named(entry, relation)
    if named is None:
        return Kin(Truth(None, "没有写是谁的"), {})
    return Kin(Truth(False, "不是本人"), dict.fromkeys(named, YES))


def _named(entry: Any, relation: Relation | None) -> list[str] | None:
    """Those an entry is about: its parties, names, name, owner or the one responsible; None if nobody is written."""
    for field_name in (relation, "between", "names", "name", "owner", "responsible"):
        value = getattr(entry, field_name, None) if field_name else None
        if value:
            return value if isinstance(value, list) else [value]
    return None


def default_relation(entry: Any) -> Relation:
    """How an entry belongs to a member where the selector does not say."""
    if isinstance(entry, Talk):
        return "between"
    return "name" if isinstance(entry, Training) or not isinstance(entry, Activity) else "attended"


def _among(names: list[str] | None, label: str) -> Kin:
    if names is None:
        return Kin(Truth(None, f"没有填写{label}"), {})
    return Kin(Truth(False, f"{label}中没有本人"), dict.fromkeys(names, YES))


def _attended(entry: Activity) -> Kin:
    attendance = entry.attendance
    if attendance is None or not isinstance(attendance.present, list):
        return _NO_LIST
    came: dict[str, Truth] = {}
    for person in (*attendance.present, *attendance.make_up):
        ordinary = person.role in (None, "普通党员")
        came.setdefault(person.name, YES if ordinary else Truth(False, f"以“{person.role}”身份参加，不是普通党员身份"))
    return Kin(Truth(False, "到会名单中没有本人"), came)


def _came_or_excused(entry: Activity) -> Kin:
    """Who came, made up for it, or was on leave or exempt; who of the others was on leave a number does not tell."""
    attendance, came = entry.attendance, _attended(entry)
    if attendance is None:
        return came
    listed = attendance.leave if isinstance(attendance.leave, list) else ()
    excused = {person.name: YES for person in (*listed, *attendance.exempt)}
    others = Truth(None, "请假只写了人数") if attendance.leave and not listed else came.others
    return Kin(others, came.named | excused)


def _of_branch(entry: Any, subject: Subject) -> Truth:
    """Whether a superior's entry concerns one of its branches."""
    written = getattr(entry, "branches", None) or getattr(entry, "branch", None)
    if written is None:
        return Truth(None, "没有写是哪个支部")
    names = set(written) if isinstance(written, list) else {written}
    return YES if names & {subject.item.id, subject.item.name} else Truth(False, "是其他支部的")


def _of_group(entry: Any, facts: Facts, subject: Subject, relation: Relation | None) -> Truth:
    """Whether a meeting is this group's; by ``group_or_branch`` what the whole branch held is every group's."""
    group = subject.item
    if entry.group is not None:
        return YES if {group.id, group.name} & set(entry.group) else Truth(False, "是其他党小组的会")
    if relation == "group_or_branch" and "党小组会" not in entry.type:
        return YES
    only = len(facts.record.groups or ()) == 1
    return YES if only else Truth(None, "没有写是哪个党小组")
