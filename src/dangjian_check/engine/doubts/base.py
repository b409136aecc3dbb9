"""What every kind of doubt looks at: the activities held in the audited period, and how they are named to people."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, cmp_to_key
from itertools import combinations, groupby
from operator import attrgetter
from typing import NamedTuple

from dangjian_check.engine.doubts.order import compared
from dangjian_check.errors import KeyPath
from dangjian_check.model.activity import Activity, Attendance, Person
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.personal import redacted

_DAYS_SHOWN = 6
_NAMES_SHOWN = 5
_TOPIC_SHOWN = 60
# Roles in which someone is at a meeting without belonging to the branch.
GUEST_ROLES = ("嘉宾", "上级", "检查")


class Held:
    """One activity that was held, with its place in the record."""

    def __init__(self, path: KeyPath, activity: Activity) -> None:
        self.path = path
        self.activity = activity
        self.day = activity.date

    @cached_property
    def present(self) -> frozenset[str] | None:
        """The names of the branch's own people who were there; None if no list was written."""
        return present(self.activity)

    @property
    def kinds(self) -> str:
        return "、".join(self.activity.type)


class Attended(NamedTuple):
    """Who came to an activity, and how many of the branch's own people that is; of a bare number all are."""

    held: Held
    attendance: Attendance
    came: int | None


class Sign(NamedTuple):
    """One thing to look at: the day it is sorted by, a sentence that says what it is, and where it stands."""

    day: date
    message: str
    paths: tuple[KeyPath, ...]


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
        found.sort(key=_DAY)
        for same in crowded(found):
            at = bisect_left(found, same[0].day, key=_DAY)
            found[at : at + len(same)] = sorted(same, key=_BY_WORDS)
        return found

    @cached_property
    def held(self) -> list[Held]:
        return within(self.all_held, self.reach.start, self.reach.end)

    @cached_property
    def listed(self) -> list[Held]:
        """Those with a list of the names of who was there."""
        return [held for held, attendance, _ in self.attended if isinstance(attendance.present, list)]

    @cached_property
    def attended(self) -> list[Attended]:
        """Those that say who or how many came."""
        return [Attended(held, a, _came(held, a)) for held in self.held if (a := held.activity.attendance) is not None]

    @cached_property
    def minuted(self) -> list[tuple[Held, date]]:
        """Those of whose minutes it is said when they were written, with that day."""
        minutes = ((held, held.activity.minutes) for held in self.held if held.activity.minutes is not None)
        return [(held, kept.written) for held, kept in minutes if kept.written is not None]

    @cached_property
    def _crowded(self) -> list[list[Held]]:
        return crowded(self.held)

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

    def of_type(self, kind: str) -> list[Held]:
        return self._of_type.get(kind, [])


def _came(held: Held, attendance: Attendance) -> int | None:
    written = attendance.present
    return len(held.present or ()) if isinstance(written, list) else written


def _compared(one: Held, other: Held) -> int:
    return compared(one.activity, other.activity)


_DAY = attrgetter("day")
_BY_WORDS = cmp_to_key(_compared)


def crowded(held: list[Held]) -> list[list[Held]]:
    """The days with more than one of these, which are in order of days."""
    times = Counter(map(_DAY, held))
    several = [one for one in held if times[one.day] > 1]
    return [list(same) for _, same in groupby(several, key=_DAY)]


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
    return Sign(held[0].day, message, tuple(h.path for h in held))


def days(held: Iterable[Held]) -> str:
    """The days of activities in words: 2024-03-05、2024-04-02."""
    return listed(map(date.isoformat, dict.fromkeys(h.day for h in held)), _DAYS_SHOWN, "天")


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
