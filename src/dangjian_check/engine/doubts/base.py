"""What every kind of doubt looks at: the activities held in the audited period, and how they are named to people."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, cmp_to_key
from itertools import combinations, groupby
from operator import attrgetter
from typing import NamedTuple

from dangjian_check.checks.base import Path
from dangjian_check.engine.doubts.order import compared
from dangjian_check.model.activity import Activity, Person, head_count
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.people import people_in
from dangjian_check.model.personal import redacted

_DAYS_SHOWN = 6
_NAMES_SHOWN = 5
_TOPIC_SHOWN = 60
# Roles in which someone is at a meeting without belonging to the branch.
GUEST_ROLES = ("嘉宾", "上级", "检查")


class Held:
    """One activity that was held, with its place in the record."""

    def __init__(self, path: Path, activity: Activity) -> None:
        self.path = path
        self.activity = activity

    @cached_property
    def present(self) -> frozenset[str] | None:
        """The names of the branch's own people who were there; None if no list was written."""
        return present(self.activity)

    @property
    def came(self) -> int | None:
        """How many of the branch's own people were there; of a bare number all are."""
        written = self.activity.attendance.present if self.activity.attendance else None
        return len(self.present or ()) if isinstance(written, list) else head_count(written)

    @property
    def kinds(self) -> str:
        return "、".join(self.activity.type)


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
        of_day: dict[date, list[Held]] = defaultdict(list)
        for index, activity in enumerate(self.facts.record.activities or ()):
            if activity.status == "已召开":
                of_day[activity.date].append(Held(("activities", index), activity))
        return [held for day in sorted(of_day) for held in _in_order(of_day[day])]

    @cached_property
    def held(self) -> list[Held]:
        return within(self.all_held, self.reach.start, self.reach.end)

    @cached_property
    def listed(self) -> list[Held]:
        """Those with a list of the names of who was there."""
        return [held for held in self.held if _has_names(held.activity)]

    @cached_property
    def _crowded(self) -> list[list[Held]]:
        """The days with more than one activity."""
        return [same for _, group in groupby(self.held, key=_DAY) if len(same := list(group)) > 1]

    def pairs(self) -> Iterator[tuple[Held, Held]]:
        """Every two activities of one day, the earlier in order first."""
        return (pair for same in self._crowded for pair in combinations(same, 2))

    @cached_property
    def _of_type(self) -> dict[str, list[Held]]:
        found: dict[str, list[Held]] = defaultdict(list)
        for held in self.held:
            for kind in held.activity.type:
                found[kind].append(held)
        return dict(found)

    @cached_property
    def _named(self) -> dict[str, frozenset[str]]:
        return {}

    def people_in(self, text: str) -> frozenset[str]:
        """The people one text names; hosts are the same all year, so that each text is read once."""
        if text not in self._named:
            self._named[text] = people_in(text)
        return self._named[text]

    def of_type(self, kind: str) -> list[Held]:
        return self._of_type.get(kind, [])


def _in_order(held: list[Held]) -> list[Held]:
    """Activities of one day by all they say, so that their order in the file does not matter."""
    return sorted(held, key=cmp_to_key(_compared)) if len(held) > 1 else held


def _compared(one: Held, other: Held) -> int:
    return compared(one.activity, other.activity)


def _has_names(activity: Activity) -> bool:
    return activity.attendance is not None and isinstance(activity.attendance.present, list)


_DAY = attrgetter("activity.date")


def within(held: list[Held], first: date, last: date) -> list[Held]:
    """Those of a list in order of days that were held from the first day to the last."""
    return held[bisect_left(held, first, key=_DAY) : bisect_right(held, last, key=_DAY)]


def before(held: list[Held], day: date) -> list[Held]:
    """Those of a list in order of days that were held before a day."""
    return held[: bisect_left(held, day, key=_DAY)]


def after(held: list[Held], day: date) -> list[Held]:
    """Those of a list in order of days that were held after a day."""
    return held[bisect_right(held, day, key=_DAY) :]


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
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


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
