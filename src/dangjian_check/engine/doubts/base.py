"""What every kind of doubt looks at: the activities held in the audited period, and how they are named to people."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from dangjian_check.checks.base import Path
from dangjian_check.model.activity import Activity, Person
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts, all_it_says
from dangjian_check.model.personal import redacted

_DAYS_SHOWN = 6
_NAMES_SHOWN = 5
_TOPIC_SHOWN = 60
# Roles in which someone is at a meeting without belonging to the branch.
GUEST_ROLES = ("嘉宾", "上级", "检查")


class Held(NamedTuple):
    """One activity that was held, with its place in the record."""

    path: Path
    activity: Activity


class Sign(NamedTuple):
    """One thing to look at: the day it is sorted by, a sentence that says what it is, and where it stands."""

    day: date
    message: str
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Scene:
    """The record as doubts see it. ``held`` are the activities held between the first day of the period and the audit
    day, in an order that does not depend on the file's."""

    facts: Facts

    @cached_property
    def reach(self) -> Period:
        """The days of the period up to the audit day."""
        return Period(self.facts.period.start, min(self.facts.period.end, self.facts.as_of))

    @cached_property
    def all_held(self) -> list[Held]:
        """Every activity written as held, whenever."""
        listed = enumerate(self.facts.record.activities or ())
        found = [Held(("activities", index), activity) for index, activity in listed if activity.status == "已召开"]
        return sorted(found, key=lambda held: (held.activity.date, all_it_says(held.activity)))

    @cached_property
    def held(self) -> list[Held]:
        return [held for held in self.all_held if self.reach.contains(held.activity.date)]

    def of_type(self, kind: str) -> list[Held]:
        return [held for held in self.held if kind in held.activity.type]


Find = Callable[[Scene], Iterable[Sign]]


def sign(message: str, held: Sequence[Held]) -> Sign:
    """A sign that rests on these activities, dated by the first of them."""
    return Sign(held[0].activity.date, message, tuple(h.path for h in held))


def days(held: Iterable[Held]) -> str:
    """The days of activities in words: 2024-03-05、2024-04-02."""
    return listed(dict.fromkeys(h.activity.date.isoformat() for h in held), _DAYS_SHOWN, "天")


def names(people: Iterable[str]) -> str:
    """Names in words, in a fixed order."""
    return listed(sorted(people), _NAMES_SHOWN, "人")


def listed(words: Iterable[str], most: int, unit: str) -> str:
    found = list(words)
    return "、".join(found[:most]) + (f"等 {len(found)} {unit}" if len(found) > most else "")


def called(activity: Activity) -> str:
    """An activity as people call it: 14:00 的党课《读原著》."""
    start = f"{activity.start} 的" if activity.start else ""
    return f"{start}{'、'.join(activity.type)}" + (f"《{short(activity.topic)}》" if activity.topic else "")


def short(text: str) -> str:
    """A topic cut short, so late that it hardly ever is; a number is hidden before half of it might stay."""
    whole = redacted(text)
    return f"{whole[:_TOPIC_SHOWN]}…" if len(whole) > _TOPIC_SHOWN else whole


def plain(text: str | None) -> str:
    """A text by which two wordings are one: width, case, spaces and punctuation do not matter."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def own_people(people: Iterable[Person]) -> frozenset[str]:
    """The names in a list, without those who are there as guests or superiors."""
    return frozenset(p.name for p in people if p.role not in GUEST_ROLES)


def present(activity: Activity) -> frozenset[str] | None:
    """The names of the branch's own people who were there; None if no list was written."""
    written = activity.attendance.present if activity.attendance else None
    return own_people(written) if isinstance(written, list) else None


def missing(activity: Activity) -> frozenset[str]:
    """The names of those on leave or absent."""
    if activity.attendance is None:
        return frozenset()
    lists = (activity.attendance.leave, activity.attendance.absent)
    return frozenset().union(*(own_people(people) for people in lists if isinstance(people, list)))


def pairs(held: Sequence[Held]) -> Iterator[tuple[Held, Held]]:
    """Every two activities of one day, the earlier in order first."""
    by_day: dict[date, list[Held]] = {}
    for one in held:
        by_day.setdefault(one.activity.date, []).append(one)
    for same in by_day.values():
        for index, first in enumerate(same):
            yield from ((first, second) for second in same[index + 1 :])
