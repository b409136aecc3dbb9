"""Which entries count in a window: of everybody, of one member, of the one entry that is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dangjian_check.checks.base import NearMiss, Subject
from dangjian_check.checks.events import each_event_once
from dangjian_check.checks.index import Candidate, Reached, may_be_one, reach
from dangjian_check.checks.relation import Kin, kins, relates
from dangjian_check.checks.selector import Selector
from dangjian_check.model.calendar import Window
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import Truth


@dataclass(frozen=True)
class Selection:
    """Entries of one window: those that count, those that may, each of the latter with the doubt; of the one entry
    that is judged, why it does not count."""

    yes: tuple[Fact, ...]
    maybe: tuple[NearMiss, ...] = ()
    complete: bool = False
    refused: str = ""

    @property
    def doubt(self) -> str:
        return self.maybe[0].why if self.maybe else ""


_NOTHING = {complete: Selection((), (), complete) for complete in (False, True)}


class OfMembers(NamedTuple):
    """The selections of one window by the name of the member that is asked about; and the one of all ``others``."""

    named: Mapping[str, Selection]
    others: Selection

    def of(self, name: str) -> Selection:
        return self.named.get(name, self.others)


NOBODY = OfMembers({}, _NOTHING[True])  # where no entry is asked for


def select(selector: Selector, facts: Facts, window: Window, subject: Subject | None = None) -> Selection:
    """The entries of one window that count or may count, and whether absence would prove anything there.

    An entry of an alternative (``also``) on a day that already counts is the same event.
    """
    if subject is not None and subject.kind in ("member", "post"):
        return of_members(selector, facts, window).of(subject.item.name)
    found = _select_one(selector, facts, window, subject)
    for other in selector.also:
        found = _joined(found, _select_one(other, facts, window, subject), facts.coverage.keeps(other.series))
    return found


def _joined(found: Selection, more: Selection, kept: bool) -> Selection:
    known = {fact.day for fact in found.yes}
    return Selection(
        found.yes + tuple(f for f in more.yes if f.day not in known),
        found.maybe + more.maybe,
        found.complete and (more.complete or not kept),
    )


def of_members(selector: Selector, facts: Facts, window: Window) -> OfMembers:
    """The selection of every member whom an entry of the window names, and that of the others."""
    return facts.known.once(
        selector, ("members", window.start, window.end), lambda: _of_members(selector, facts, window)
    )


def _of_members(selector: Selector, facts: Facts, window: Window) -> OfMembers:
    found = _told_apart(selector, facts, window)
    for other in selector.also:
        more, kept = of_members(other, facts, window), facts.coverage.keeps(other.series)
        named = {name: _joined(found.of(name), more.of(name), kept) for name in {**found.named, **more.named}}
        found = OfMembers(named, _joined(found.others, more.others, kept))
    return found


def _told_apart(selector: Selector, facts: Facts, window: Window) -> OfMembers:
    """One pass over the entries of the window, for all members at once."""
    reached = reach(selector, facts, window)
    said = kins([fact for fact, _, _ in reached.entries], selector.by, facts)
    if reached.certain and False not in [known.certain for known in said]:
        lists: dict[str, list[Fact]] = {}
        for (fact, _, _), known in zip(reached.entries, said, strict=True):
            for name in known.theirs:
                lists.setdefault(name, []).append(fact)
        sure = {name: Selection(tuple(listed), (), reached.complete) for name, listed in lists.items()}
        return OfMembers(sure, _NOTHING[reached.complete])
    names = dict.fromkeys(name for known in said for name in known.named)
    named = {name: _of_one(name, selector, facts, reached, said) for name in names}
    return OfMembers(named, _of_one(None, selector, facts, reached, said))


def _of_one(name: str | None, selector: Selector, facts: Facts, reached: Reached, said: Iterable[Kin]) -> Selection:
    """The selection of one member, or of all who are named nowhere."""
    relations = [known.others if name is None else known.of(name) for known in said]
    return _settled(selector, facts, _related(reached, relations), reached.complete)


def _select_one(selector: Selector, facts: Facts, window: Window, subject: Subject | None) -> Selection:
    if subject is not None and subject.kind == "entry":
        return _itself(selector, facts, subject)
    reached = reach(selector, facts, window)
    if subject is not None:
        relations = [relates(fact, selector.by, facts, subject) for fact, _, _ in reached.entries]
        return _settled(selector, facts, _related(reached, relations), reached.complete)
    if reached.certain:
        return Selection(tuple([fact for fact, _, _ in reached.entries]), (), reached.complete)
    return _settled(selector, facts, reached.entries, reached.complete)


def _related(reached: Reached, relations: Iterable[Truth]) -> list[Candidate]:
    """The entries that are, or may be, somebody's, given how each belongs to them."""
    return [
        (fact, relation if truth.value else truth, inside)
        for (fact, truth, inside), relation in zip(reached.entries, relations, strict=True)
        if relation.value is not False
    ]


def _settled(selector: Selector, facts: Facts, entries: list[Candidate], complete: bool) -> Selection:
    """Each event once: those that count, then those that may."""
    sure = [fact for fact, truth, inside in entries if truth.value and inside]
    maybe = [NearMiss(f, truth.reason or "没有写日期") for f, truth, inside in entries if not (truth.value and inside)]
    if len(entries) > 1 and may_be_one(selector, facts):
        apart = set(each_event_once([fact for fact, _, _ in entries], selector.type, set(sure)))
        sure, maybe = [fact for fact in sure if fact in apart], [near for near in maybe if near.fact in apart]
    return Selection(tuple(sure), tuple(maybe), complete)


def _itself(selector: Selector, facts: Facts, subject: Subject) -> Selection:
    """Whether the one entry that is judged is of the selection: nothing else matters."""
    fact: Fact = subject.item
    if fact.series != selector.series or fact not in selector.candidates(facts):
        return Selection((), complete=True, refused=f"不是{selector.label}")
    truth = selector.match(fact, facts, subject)
    if truth.value is None:
        return Selection((), (NearMiss(fact, truth.reason),), complete=True)
    return Selection((fact,) if truth.value else (), complete=True, refused=truth.reason)
