"""Who belonged to a branch on a day: a roster changes on few days, and between two of them it is counted once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from dangjian_check.model.calendar import ONE_DAY, Period, year_of
from dangjian_check.model.record import Member, Record


class Standing(NamedTuple):
    """The members of one day in the order of the file, and their names; how many are full members (正式党员); and
    those who were ever exempted from anything."""

    members: tuple[Member, ...]
    formal: int
    names: tuple[str, ...]
    excusable: tuple[Member, ...]

    def obliged(self, day: date) -> int:
        """How many of them had to come on ``day``."""
        return len(self.members) - sum(is_exempt(m, day) for m in self.excusable)

    def came(self, names: frozenset[str], day: date) -> int:
        """How many of those who had to come on ``day`` are among these names."""
        excused = sum(is_exempt(m, day) for m in self.excusable if m.name in names)
        return sum(map(names.__contains__, self.names)) - excused


class Roster:
    """The members of a branch by day. A standing holds from one day of change up to the next."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._turns = sorted(_turns_of(members))
        self._standings: dict[int, Standing] = {}

    def on(self, day: date) -> Standing:
        """Who belonged on ``day``."""
        stretch = bisect_right(self._turns, day)
        known = self._standings.get(stretch)
        if known is None:
            known = self._standings[stretch] = self._standing(day)
        return known

    def _standing(self, day: date) -> Standing:
        span = Period(day, day)
        members = tuple([m for m in self._members if belongs(m, span)])
        excusable = tuple([m for m in members if m.exemptions])
        return Standing(members, sum(is_formal(m, day) for m in members), tuple([m.name for m in members]), excusable)


def _turns_of(members: Iterable[Member]) -> set[date]:
    """The days on which any of them comes, is confirmed or leaves."""
    return {day for m in members for day in (m.start or m.admitted, m.end, m.confirmed) if day is not None}


def turns(record: Record) -> list[date]:
    """The days, in order, on which members or posts of a record may change: between two of them all stay the same."""
    days = _turns_of(record.members or ())
    for term in record.committee or ():
        days.update(day for day in (term.elected, *(post.since for post in term.posts)) if day)
        days.update(post.until + ONE_DAY for post in term.posts if post.until)
    return sorted(days)


def lived_through(start: date | None, end: date | None, span: Period) -> bool:
    """Whether something from ``start`` up to (not including) ``end`` existed on every day of ``span``."""
    return (start is None or start <= span.start) and (end is None or end > span.end)


def belongs(member: Member, span: Period) -> bool:
    """Whether the member belonged to the branch on every day of ``span``; the day of leaving is outside."""
    return lived_through(member.start or member.admitted, member.end, span)


def is_formal(member: Member, day: date) -> bool:
    """Whether the member is a full member (正式党员) on ``day``: from the day of confirmation."""
    if member.confirmed is not None:
        return member.confirmed <= day
    return member.status == "正式"


def is_exempt(member: Member, day: date) -> bool:
    """Whether the member need not come on ``day``: applied for and approved before it, and not run out (without a
    last day the approval is for its year)."""
    return any(
        e.applied is not None
        and e.approved is not None
        and max(e.applied, e.approved) < day <= (e.until or year_of(e.approved).end)
        for e in member.exemptions
    )
