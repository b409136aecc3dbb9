"""Questions a selector puts to entries, leaving time and subject aside: made ready once, asked of many at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from dangjian_check.model.activity import Activity
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import YES, Truth
from dangjian_check.model.series import Talk

Question = Callable[[Sequence[Any], Facts], list[Truth]]


def answers(asked: tuple[Question, ...], entries: Sequence[Any], facts: Facts) -> list[Truth]:
    """What comes of all the questions for each entry: no if any answer is, else the first doubt, else yes."""
    found = [YES] * len(entries)
    left: Sequence[int] = range(len(entries))
    for question in asked:
        for n, truth in zip(left, question([entries[n] for n in left], facts), strict=True):
            if truth is not YES and (truth.value is False or found[n] is YES):
                found[n] = truth
        left = [n for n in left if found[n].value is not False]
    return found


def _each(ask: Callable[[Any, Facts], Truth]) -> Question:
    """A question that looks at one entry after the other."""
    return lambda entries, facts: [ask(entry, facts) for entry in entries]


def of_kind(kinds: list[str]) -> Question:
    """Whether an entry is of one of these kinds."""
    unsure = Truth(None, "没有写种类")

    def ask(entries: Sequence[Any], facts: Facts) -> list[Truth]:
        written = [getattr(entry, "kind", None) for entry in entries]
        return [YES if kind in kinds else Truth(False, f"种类是“{kind}”") if kind else unsure for kind in written]

    return ask


def tagged(tags: list[str]) -> Question:
    """Whether one of these words is among an entry's tags or in its text."""
    wanted, listed = "、".join(tags), frozenset(tags)
    unsure, no = Truth(None, f"没有标签，看不出是否涉及{wanted}"), Truth(False, f"标签中没有{wanted}")

    mentions = re.compile("|".join(map(re.escape, tags))).search

    def ask(entries: Sequence[Any], facts: Facts) -> list[Truth]:
        said = _texts_and_tags(entries, facts)
        everything = "\n".join([text for text, _ in said])
        somewhere = True in [tag in everything for tag in tags]
        return [
            YES
            if (somewhere and mentions(text)) or (written and not listed.isdisjoint(written))
            else unsure
            if written is None
            else no
            for text, written in said
        ]

    return ask


def _texts_and_tags(entries: Sequence[Any], facts: Facts) -> list[tuple[str, list[str] | None]]:
    """What each entry says in words, read once for a record."""
    known: dict[int, tuple[str, list[str] | None]] = facts.known.once(tagged, "texts", dict)
    return [known.get(id(e)) or known.setdefault(id(e), _text_and_tags(e)) for e in entries]


def _text_and_tags(entry: Any) -> tuple[str, list[str] | None]:
    text = " ".join(filter(None, [getattr(entry, "topic", None), *(getattr(entry, "agenda", None) or ())]))
    return text, getattr(entry, "tags", None)


def not_also(kinds: list[str]) -> Question:
    """Whether an entry is of none of these types besides."""
    unwanted, no = frozenset(kinds), Truth(False, f"同时是{'、'.join(kinds)}")
    return lambda entries, facts: [YES if unwanted.isdisjoint(getattr(e, "type", ())) else no for e in entries]


def led(field: str, role: str, who: str) -> Question:
    """Whether one of those named in the field held the post that day."""

    def ask(entry: Any, facts: Facts) -> Truth:
        if not isinstance(entry, Activity):
            return YES
        named = getattr(entry, field)
        return _in_post([named] if isinstance(named, str) else named, role, facts, entry.date, who)

    return _each(ask)


def _in_post(names: list[str] | None, role: str, facts: Facts, day: date, who: str) -> Truth:
    """Whether one of those named held the post that day (班子: any post of the branch; 普通党员: none)."""
    if names is None:
        return Truth(None, f"没有写{who}")
    if role == "普通党员":
        return _ordinary(names, facts, day, who)
    roles = ("书记", "副书记", "委员") if role == "班子" else (role,)
    answers = [facts.holds(name, wanted, day) for name in names for wanted in roles]
    if True in answers:
        return YES
    return Truth(None, f"没有任职名单，看不出{who}的职务") if None in answers else Truth(False, f"{who}当日不是{role}")


def _ordinary(names: list[str], facts: Facts, day: date, who: str) -> Truth:
    """Whether one of those named was a member who held no post that day."""
    posts, members = facts.posts_on(day), facts.members_on(day)
    others = set(names) - {held.post.name for held in posts or ()}
    if not others:
        return Truth(False, f"{who}当日都在支部班子")
    if posts is None or members is None:
        return Truth(None, f"没有任职名单或名册，看不出{who}是不是普通党员")
    return YES if any(m.name in others for m in members) else Truth(False, f"{who}中没有普通党员")


def _of_member(entry: Any, facts: Facts) -> Truth:
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

    return _each(ask)


def organised(entries: Sequence[Any], facts: Facts) -> list[Truth]:
    """A superior's lecture counts if the branch organised attendance: a list was kept (case 30)."""
    return [YES if getattr(entry, "level", None) != "上级" else _organised(entry) for entry in entries]


def _organised(entry: Any) -> Truth:
    if not isinstance(entry, Activity):
        return YES
    if entry.attendance is not None and entry.attendance.present is not None:
        return YES
    return Truth(None, "上级举办的党课，没有留下本支部参加情况")


of_member = _each(_of_member)
