"""When several entries are one event: the same day, time, topic and group, and a wanted kind in common (case 33)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from dangjian_check.model.activity import Activity, all_it_says
from dangjian_check.model.fact_names import field_value
from dangjian_check.model.facts import Fact, Facts


def may_be_twins(facts: Facts) -> bool:
    """Whether any two activities of a record may be one event."""
    return facts.known.once(may_be_twins, "twins", lambda: _has_twins(facts))


def _has_twins(facts: Facts) -> bool:
    held = facts.all_held()
    times = Counter([fact.day for fact in held])
    together = [fact.entry for fact in held if times[fact.day] > 1]
    return len(set(map(event_of, together))) < len(together)


def event_of(entry: Any) -> tuple[object, ...]:
    """What makes two entries of one kind the same event (case 33)."""
    if not isinstance(entry, Activity):
        return (id(entry),)
    return (entry.date, entry.start, entry.topic, tuple(entry.group or ()))


def each_event_once(facts: list[Fact], wanted: Collection[str], sure: Collection[Fact] = ()) -> list[Fact]:
    """Entries of the same day, time, topic and group that share a wanted kind are one, whichever stands first. One
    that is sure to count stands for it, if there is one."""
    if len({fact.day for fact in facts}) < len(facts):
        events = _events(facts, set(wanted))
        facts = [_standing_for(event, sure) for event in events]
    return sorted(facts, key=lambda f: (f.day or date.min, f.index))


def _events(facts: list[Fact], wanted: set[str]) -> Iterator[list[Fact]]:
    """The entries of each event: those linked by a shared kind, directly or through others."""
    events: dict[tuple[object, ...], list[tuple[set[str], list[Fact]]]] = {}
    for fact in facts:
        alike = events.setdefault(event_of(fact.entry), [])
        kinds = wanted.intersection(getattr(fact.entry, "type", ())) or {""}
        twins = [event for event in alike if event[0] & kinds]
        merged = (kinds.union(*(k for k, _ in twins)), [f for _, those in twins for f in those] + [fact])
        alike[:] = [event for event in alike if event not in twins] + [merged]
    for alike in events.values():
        yield from (those for _, those in alike)


def _standing_for(event: list[Fact], sure: Collection[Fact]) -> Fact:
    """The entry that stands for its event; one by itself is compared with nothing."""
    if len(event) == 1:
        return event[0]
    return min(event, key=lambda fact: (fact not in sure, *_fullest(fact)))


def _fullest(fact: Fact) -> tuple[object, ...]:
    """The order among entries of one event: of most kinds, then by what it says; only equals by their place."""
    entry = fact.entry
    return (-len(getattr(entry, "type", ())), all_it_says(entry), entry.id is None, entry.id or "", fact.index)


def different(fields: Sequence[str], facts: Iterable[Fact]) -> tuple[int, int]:
    """How many different values of these fields there are at least and at most: what is not written may be any."""
    told: set[Hashable] = set()
    untold = 0
    for fact in facts:
        values = [field_value(fact.entry, name) for name in fields]
        if None in values:
            untold += 1
        else:
            told.add(tuple(tuple(value) if isinstance(value, list) else value for value in values))
    return max(len(told), min(untold, 1)), len(told) + untold
