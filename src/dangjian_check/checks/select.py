"""Which entries count: a closed selector over one series, answered in three values.

An entry that lacks the field a condition asks about neither counts nor is ruled out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from pydantic import Field, model_validator

from dangjian_check.checks.base import NearMiss, Subject
from dangjian_check.checks.condition import Condition
from dangjian_check.checks.matching import (
    Question,
    answer,
    led,
    not_also,
    of_kind,
    of_member,
    organised,
    paired,
    tagged,
)
from dangjian_check.checks.relation import Relation, default_relation, kin, relates
from dangjian_check.model.activity import Activity, period_of
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.fact_names import field_value, has_field
from dangjian_check.model.facts import Fact, Facts, all_it_says
from dangjian_check.model.fields import Kinds, Strict, Texts, wrong
from dangjian_check.model.outcome import YES, Truth
from dangjian_check.model.record import SERIES

EVER = date.min  # a window from here on looks at everything, and is no window of the calendar
_LEAST_STATED = timedelta(days=80)
_UNEVEN = timedelta(days=3)  # months, quarters and halves differ by no more: the same kind of period


class Selector(Strict):
    """Entries of one series (``in``, activities by default) that a check counts.

    ``type`` activity types (``not_type`` none of these); ``kind`` the entry's kind; ``tags`` any of these in its
    tags or topic; ``lecturer: 书记`` (``host`` likewise) whoever held that post on the day; ``pair`` the parties of
    a talk; ``where`` conditions on fields; ``by`` how an entry belongs to the subject of ``for_each``; ``also``
    alternatives that count as well; ``of_members`` only what concerns someone on the roster that day.
    """

    series: str = Field("activities", alias="in")
    type: Kinds = []
    kind: Texts = []
    tags: Texts = []
    not_type: Kinds = []
    lecturer: Literal["书记", "副书记", "委员"] | None = None
    host: Literal["书记", "副书记", "委员", "班子"] | None = None
    of_members: bool = False
    pair: Literal["支委-支委", "支委-党员", "党员-党员"] | None = None
    where: dict[str, Condition] = {}
    by: Relation | None = None
    also: list[Selector] = []

    @model_validator(mode="after")
    def _sensible(self) -> Selector:
        if self.series not in SERIES:
            raise wrong("series", f"没有名为 {self.series} 的记录", f"可用：{'、'.join(SERIES)}")
        if self.type and self.series != "activities":
            raise wrong("series", "type 只能用于活动", "其他记录用 kind")
        for name in self.where:
            if not has_field(SERIES[self.series], name):
                raise wrong("series", f"{SERIES[self.series].label}没有 {name} 这一栏", "核对栏名")
        return self

    @property
    def label(self) -> str:
        """What is counted, in Chinese."""
        what = "或".join(self.type or self.kind) or SERIES[self.series].label
        by = f"由{self.lecturer}主讲的" if self.lecturer else ""
        pair = f"{self.pair.replace('-', '与')}之间的" if self.pair else ""
        about = f"（内容涉及{'、'.join(self.tags)}）" if self.tags else ""
        return f"{by}{pair}{what}{about}" + (f"（{self.conditions}）" if self.where else "")

    @property
    def conditions(self) -> str:
        """What ``where`` asks of an entry, in Chinese."""
        return "、".join(condition.label(name) for name, condition in self.where.items())

    def all_series(self) -> frozenset[str]:
        """Every series it looks into."""
        return frozenset({self.series}).union(*(other.all_series() for other in self.also))

    def candidates(self, facts: Facts) -> list[Fact]:
        if self.series != "activities":
            return facts.entries(self.series)
        return facts.held(self.type) if self.type else facts.all_held()

    def questions(self, facts: Facts) -> tuple[Question, ...]:
        """What it asks of an entry, leaving time and subject aside."""
        return facts.frame.once(self, "questions", lambda: questions(self))

    def match(self, fact: Fact, facts: Facts, subject: Subject | None) -> Truth:
        """Whether the entry counts, leaving time aside."""
        truth = answer(self.questions(facts), fact, facts)
        if subject is None or truth.value is False:
            return truth
        relation = relates(fact, self.by, facts, subject)
        return relation if truth.value or relation.value is False else truth


def questions(selector: Selector) -> tuple[Question, ...]:
    """One question for each condition of the selector, in order; none if it asks nothing but the type."""
    return tuple(_questions(selector))


def _questions(selector: Selector) -> Iterator[Question]:
    if selector.kind:
        yield of_kind(selector.kind)
    if selector.tags:
        yield tagged(selector.tags)
    if selector.not_type:
        yield not_also(selector.not_type)
    if selector.lecturer:
        yield led("lecturer", selector.lecturer, "主讲人")
    if selector.host:
        yield led("host", selector.host, "主持人")
    if selector.of_members:
        yield of_member
    if selector.pair:
        yield paired(selector.pair)
    for name, condition in selector.where.items():
        yield condition.question(name)
    if "党课" in selector.type:
        yield organised


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


def falls_in(fact: Fact, window: Period) -> bool | None:
    """Whether an entry belongs to a window: by the period it is *for* where that is no longer kind of period, else
    by its day. A paper for several years belongs to each of them; a meeting is never for another month (case 7)."""
    stated = period_of(fact.entry)
    if window.start == EVER:
        known = fact.day or (stated.start if stated else None)
        return None if known is None else known <= window.end
    if stated is not None:
        meeting = isinstance(fact.entry, Activity)
        by_month = window.end - window.start < _LEAST_STATED
        if stated.end - stated.start <= window.end - window.start + _UNEVEN and not (meeting and by_month):
            return window.covers(stated)
        if not meeting and stated.covers(window):
            return True
    return None if fact.day is None else window.contains(fact.day)


def select(selector: Selector, facts: Facts, window: Window, subject: Subject | None = None) -> Selection:
    """The entries of one window that count or may count, and whether absence would prove anything there.

    An entry of an alternative (``also``) on a day that already counts is the same event.
    """
    found = _select_one(selector, facts, window, subject)
    for other in selector.also:
        more = _select_one(other, facts, window, subject)
        known = {fact.day for fact in found.yes}
        found = Selection(
            found.yes + tuple(f for f in more.yes if f.day not in known),
            found.maybe + more.maybe,
            found.complete and (more.complete or not facts.coverage.keeps(other.series)),
        )
    return found


Candidate = tuple[Fact, Truth, bool | None]  # an entry, whether it counts, whether it falls in


class _Line(NamedTuple):
    """What of a series may count, leaving time and subject aside, in order: entries that only their day places, with
    those days, and the others; ``unsure`` if some of the former may not count."""

    days: list[date]
    dated: list[Candidate]
    loose: list[tuple[Fact, Truth]]
    unsure: bool


class _Reached(NamedTuple):
    """What may count in one window, whoever is judged: entry, whether it counts, whether it falls in; and whether
    absence would prove anything."""

    entries: list[Candidate]
    complete: bool


def _select_one(selector: Selector, facts: Facts, window: Window, subject: Subject | None) -> Selection:
    if subject is not None and subject.kind == "entry":
        return _itself(selector, facts, subject)
    if subject is None:
        return _whole(selector, facts, window)
    reached = facts.known.once(selector, (window.start, window.end), lambda: _reach(selector, facts, window))
    if not reached.entries:
        return _NOTHING[reached.complete]
    related = [
        (fact, relation if truth.value else truth, inside)
        for fact, truth, inside in reached.entries
        if (relation := relates(fact, selector.by, facts, subject)).value is not False
    ]
    return _settled(selector, facts, related, reached.complete)


def _whole(selector: Selector, facts: Facts, window: Window) -> Selection:
    """The selection when nobody in particular is asked about."""
    entries, complete = _reach(selector, facts, window)
    if not entries:
        return _NOTHING[complete]
    if len(entries) == 1 and entries[0][1].value and entries[0][2]:
        return Selection((entries[0][0],), (), complete)
    return _settled(selector, facts, entries, complete)


def _reach(selector: Selector, facts: Facts, window: Window) -> _Reached:
    line = facts.known.once(selector, "line", lambda: _line(selector, facts))
    start, end = window.start, window.end
    entries = line.dated[bisect_left(line.days, start) : bisect_right(line.days, end)]
    if line.loose:
        entries += [(f, truth, inside) for f, truth in line.loose if (inside := falls_in(f, window)) is not False]
        entries.sort(key=lambda item: (item[0].day or date.min, item[0].index))
    return _Reached(entries, _complete(selector, facts, window))


def _line(selector: Selector, facts: Facts) -> _Line:
    days: list[date] = []
    dated: list[Candidate] = []
    loose: list[tuple[Fact, Truth]] = []
    asked = selector.questions(facts)
    for fact in selector.candidates(facts):
        truth = answer(asked, fact, facts) if asked else YES
        if truth.value is False:
            continue
        if fact.day is None or period_of(fact.entry) is not None:
            loose.append((fact, truth))
        else:
            days.append(fact.day)
            dated.append((fact, truth, True))
    return _Line(days, dated, loose, any(truth.value is None for _, truth, _ in dated))


def counts(selector: Selector, facts: Facts, windows: tuple[Window, ...]) -> tuple[int, ...] | None:
    """How many entries count in each of these windows, in order and apart; None where it is not that simple: where
    some may or may not count, may be one event, or may lack in a log that is not complete."""
    if selector.also or not windows:
        return None
    line = facts.known.once(selector, "line", lambda: _line(selector, facts))
    reach = Window(windows[0].start, windows[-1].end)
    if line.unsure or line.loose or not _complete(selector, facts, reach) or _may_be_one(selector, facts):
        return None
    found, first = [], 0
    for window in windows:
        first = bisect_left(line.days, window.start, first)
        last = bisect_right(line.days, window.end, first)
        found.append(last - first)
        first = last
    return tuple(found)


def _may_be_one(selector: Selector, facts: Facts) -> bool:
    """Whether two entries may be one event."""
    return selector.series == "activities" and facts.known.once(Selector, "twins", lambda: _has_twins(facts))


def _complete(selector: Selector, facts: Facts, window: Window) -> bool:
    """Whether the log claims to hold everything of the kind up to the day judged."""
    seen = Period(window.start, min(window.end, facts.as_of))
    names = selector.type if selector.series == "activities" else selector.kind
    return seen.start > seen.end or facts.coverage.complete(selector.series, names, seen)


def _settled(selector: Selector, facts: Facts, entries: list[Candidate], complete: bool) -> Selection:
    """Each event once: those that count, then those that may."""
    once = [fact for fact, truth, inside in entries if truth.value and inside]
    maybe = [NearMiss(f, truth.reason or "没有写日期") for f, truth, inside in entries if not (truth.value and inside)]
    if len(entries) > 1 and _may_be_one(selector, facts):
        once = each_event_once(once, selector)
        counted = {_event(fact.entry) for fact in once}
        maybe = [near for near in maybe if _event(near.fact.entry) not in counted or near.fact.series != "activities"]
        apart = set(each_event_once([near.fact for near in maybe], selector))
        maybe = [near for near in maybe if near.fact in apart]
    return Selection(tuple(once), tuple(maybe), complete)


def _has_twins(facts: Facts) -> bool:
    """Whether any two activities may be one event."""
    held = facts.all_held()
    return len({fact.day for fact in held}) < len(held) and len({_event(f.entry) for f in held}) < len(held)


def named_in(selector: Selector, facts: Facts) -> frozenset[str]:
    """Every member whom an entry of these series names: for all others the selection is the same."""
    return frozenset().union(*(_named(part.series, part.by, facts) for part in (selector, *selector.also)))


def _named(series: str, relation: Relation | None, facts: Facts) -> frozenset[str]:
    listed = facts.entries(series)
    relation = relation or (default_relation(listed[0].entry) if listed else None)
    return facts.known.once(
        Selector,
        ("named", series, relation),
        lambda: frozenset().union(*(kin(f, relation, facts).named for f in listed)),
    )


def _itself(selector: Selector, facts: Facts, subject: Subject) -> Selection:
    """Whether the one entry that is judged is of the selection: nothing else matters."""
    fact: Fact = subject.item
    if fact.series != selector.series or fact not in selector.candidates(facts):
        return Selection((), complete=True, refused=f"不是{selector.label}")
    truth = selector.match(fact, facts, subject)
    if truth.value is None:
        return Selection((), (NearMiss(fact, truth.reason),), complete=True)
    return Selection((fact,) if truth.value else (), complete=True, refused=truth.reason)


def _event(entry: Any) -> tuple[object, ...]:
    """What makes two entries of one kind the same event (case 33)."""
    if not isinstance(entry, Activity):
        return (id(entry),)
    return (entry.date, entry.start, entry.topic, tuple(entry.group or ()))


def each_event_once(facts: list[Fact], selector: Selector) -> list[Fact]:
    """Entries of the same day, time, topic and group that share a wanted kind are one, whichever stands first."""
    if len({fact.day for fact in facts}) < len(facts):
        events = _events(facts, set(selector.type))
        facts = [event[0] if len(event) == 1 else min(event, key=_fullest) for event in events]
    return sorted(facts, key=lambda f: (f.day or date.min, f.index))


def _events(facts: list[Fact], wanted: set[str]) -> Iterator[list[Fact]]:
    """The entries of each event: those linked by a shared kind, directly or through others."""
    events: dict[tuple[object, ...], list[tuple[set[str], list[Fact]]]] = {}
    for fact in facts:
        alike = events.setdefault(_event(fact.entry), [])
        kinds = wanted.intersection(getattr(fact.entry, "type", ())) or {""}
        twins = [event for event in alike if event[0] & kinds]
        merged = (kinds.union(*(k for k, _ in twins)), [f for _, those in twins for f in those] + [fact])
        alike[:] = [event for event in alike if event not in twins] + [merged]
    for alike in events.values():
        yield from (those for _, those in alike)


def _fullest(fact: Fact) -> tuple[object, ...]:
    """The entry that stands for its event: of most kinds, then by what it says; only equals by their place."""
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
