"""Questions a selector puts to an entry, leaving time and subject aside: made ready once, asked of many entries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from dangjian_check.model.activity import Activity
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import YES, Truth
from dangjian_check.model.series import Talk

Question = Callable[[Any, Facts], Truth]


def answer(asked: tuple[Question, ...], fact: Fact, facts: Facts) -> Truth:
    """False if any answer is, else the first doubt, else yes."""
    doubt = YES
    for question in asked:
        truth = question(fact.entry, facts)
        if truth.value is False:
            return truth
        if truth.value is None and doubt is YES:
            doubt = truth
    return doubt


def of_kind(kinds: list[str]) -> Question:
    """Whether the entry is of one of these kinds."""

    def ask(entry: Any, facts: Facts) -> Truth:
        written = getattr(entry, "kind", None)
        if not written:
            return Truth(None, "没有写种类")
        return YES if written in kinds else Truth(False, f"种类是“{written}”")

    return ask


def tagged(tags: list[str]) -> Question:
    """Whether one of these words is among its tags or in its text."""
    wanted, listed = "、".join(tags), frozenset(tags)
    mentions = re.compile("|".join(map(re.escape, tags))).search
    unsure, no = Truth(None, f"没有标签，看不出是否涉及{wanted}"), Truth(False, f"标签中没有{wanted}")

    def ask(entry: Any, facts: Facts) -> Truth:
        text, written = facts.known.once(entry, "text", lambda: _text_and_tags(entry))
        if mentions(text) or (written and not listed.isdisjoint(written)):
            return YES
        return unsure if written is None else no

    return ask


def _text_and_tags(entry: Any) -> tuple[str, list[str] | None]:
    text = " ".join(filter(None, [getattr(entry, "topic", None), *(getattr(entry, "agenda", None) or ())]))
    return text, getattr(entry, "tags", None)


def not_also(kinds: list[str]) -> Question:
    """Whether it is of none of these types besides."""
    unwanted, no = frozenset(kinds), Truth(False, f"同时是{'、'.join(kinds)}")
    return lambda entry, facts: YES if unwanted.isdisjoint(getattr(entry, "type", ())) else no


def led(field: str, role: str, who: str) -> Question:
    """Whether one of those named in the field held the post that day."""

    def ask(entry: Any, facts: Facts) -> Truth:
        if not isinstance(entry, Activity):
            return YES
        named = getattr(entry, field)
        return _in_post([named] if isinstance(named, str) else named, role, facts, entry.date, who)

    return ask


def _in_post(names: list[str] | None, role: str, facts: Facts, day: date, who: str) -> Truth:
    """Whether one of those named held the post that day (班子: any post of the branch)."""
    if names is None:
        return Truth(None, f"没有写{who}")
    roles = ("书记", "副书记", "委员") if role == "班子" else (role,)
    answers = [facts.holds(name, wanted, day) for name in names for wanted in roles]
    if True in answers:
        return YES
    return Truth(None, f"没有任职名单，看不出{who}的职务") if None in answers else Truth(False, f"{who}当日不是{role}")


def of_member(entry: Any, facts: Facts) -> Truth:
    """Whether the person it concerns belonged to the branch that day (case 62)."""
    members = None if entry.day is None else facts.members_on(entry.day)
    if members is None:
        return YES  # without a roster or a day the branch's own entry is taken at its word
    return YES if any(m.name == entry.name for m in members) else Truth(False, "当事人当日不在本支部")


def paired(pair: str) -> Question:
    """Whether a talk was between these parties."""

    def ask(entry: Any, facts: Facts) -> Truth:
        if not isinstance(entry, Talk):
            return YES
        found = facts.pair_of(entry)
        if found is None:
            return Truth(None, "没有任职名单，看不出谈话双方的身份")
        return YES if found == pair else Truth(False, f"是{found.replace('-', '与')}之间的谈话")

    return ask


def organised(entry: Any, facts: Facts) -> Truth:
    """A superior's lecture counts if the branch organised attendance: a list was kept (case 30)."""
    if not isinstance(entry, Activity) or entry.level != "上级":
        return YES
    if entry.attendance is not None and entry.attendance.present is not None:
        return YES
    return Truth(None, "上级举办的党课，没有留下本支部参加情况")
