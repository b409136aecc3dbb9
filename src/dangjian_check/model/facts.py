"""An index over one record, built once: what was held when, who belonged, which bodies existed.

Everything here is as the record stood at the close of ``as_of``; later entries do not count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from dangjian_check.errors import KeyPath
from dangjian_check.model.activity import Activity, Entry, all_it_says, period_of
from dangjian_check.model.calendar import Period, Unit, Window, add_months, calendar_windows
from dangjian_check.model.coverage import CoverageMap
from dangjian_check.model.memo import Frame, Memo
from dangjian_check.model.outcome import YES, Truth, all_of, as_wanted
from dangjian_check.model.record import SERIES, Committee, Member, Post, Record, ThemeDay
from dangjian_check.model.roster import Roster, Standing, lived_through
from dangjian_check.model.series import Talk
from dangjian_check.model.vocabulary import OWN_BODIES
from dangjian_check.model.workdays import WorkDays


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of a series with its place in the record, its day and the period it says it is for."""

    series: str
    index: int
    entry: Entry = field(compare=False)
    day: date | None = field(compare=False)
    ordinal: int = field(default=0, compare=False)
    stated: Period | None = field(default=None, compare=False)

    @property
    def path(self) -> KeyPath:
        return (self.series, self.index)

    @property
    def name(self) -> str:
        """The entry's own id, else its day, type and person, numbered among equals: stable when entries move."""
        if self.entry.id:
            return self.entry.id
        day = self.day.isoformat() if self.day else "undated"
        key = "/".join(filter(None, (day, kind_of(self.entry), person_of(self.entry))))
        return key + (f"#{self.ordinal + 1}" if self.ordinal else "")

    @property
    def label(self) -> str:
        """How the entry is named to people: day, type or series, whom it is about, topic."""
        undated = "" if type(self.entry).dated_by == "none" else "未写日期"
        day = self.day.isoformat() if self.day else undated
        topic = getattr(self.entry, "topic", None) or getattr(self.entry, "title", None)
        parts = [day, kind_of(self.entry), person_of(self.entry)]
        return " ".join(filter(None, parts)) + (f"《{topic}》" if topic else "")


class Rejected(NamedTuple):
    """An entry that was looked at and does not count for ``kind``, with the reason (Chinese)."""

    fact: Fact
    kind: str
    why: str


class HeldPost(NamedTuple):
    """A post of one 届 with the day its holder took it up."""

    post: Post
    since: date | None
    path: KeyPath

    @property
    def name(self) -> str:
        return self.post.name


class Facts:
    """The record of one branch, indexed for judging the ``period`` as of a day. Asking changes no answer: whoever
    judges the same record over the same days may share one.

    With a ``horizon`` the look is ahead: windows that begin up to that day are listed too, matters of earlier years
    are still followed, and the day ``as_of`` itself is not over. ``known`` keeps what checks have worked out for this
    record; ``frame``, which many records may share, what they have worked out for any.
    """

    def __init__(
        self,
        record: Record,
        period: Period,
        as_of: date,
        workdays: WorkDays | None = None,
        *,
        horizon: date | None = None,
        frame: Frame | None = None,
    ) -> None:
        self.record = record
        self.branch = record.body
        self.period = period
        self.as_of = as_of
        self.horizon = horizon
        self.frame = frame or Frame(period, as_of, horizon)
        self.known = Memo()
        self.workdays = workdays or WorkDays({})
        self.coverage = CoverageMap(record, period, as_of)
        self._held, self.rejected = self._index_activities()
        self._series: dict[str, list[Fact]] = {}

    # Entries

    def _index_activities(self) -> tuple[dict[str, list[Fact]], tuple[Rejected, ...]]:
        """The activities that were held, by type and in order; and those that do not count, as the file has them."""
        held: dict[str, list[Fact]] = defaultdict(list)
        rejected: list[Rejected] = []
        for fact in sorted(_facts("activities", self.record.activities or ()), key=attrgetter("day")):
            activity = fact.entry
            assert isinstance(activity, Activity)
            for kind in activity.type:
                why = self._not_held(activity, kind)
                if why is None:
                    held[kind].append(fact)
                else:
                    rejected.append(Rejected(fact, kind, why))
        return dict(held), tuple(sorted(rejected, key=lambda one: one.fact.index))

    def _not_held(self, activity: Activity, kind: str) -> str | None:
        if activity.status != "已召开":
            return f"状态是“{activity.status}”，没有开成的不计"
        if activity.date > self.as_of:
            return "日期晚于核查截止日"
        if activity.joint_with and kind in OWN_BODIES:
            return f"{kind}是本支部自己的会议，与其他支部合开的不计"
        return None

    def held(self, kinds: Iterable[str]) -> list[Fact]:
        """Activities of any of these types that were really held by ``as_of``, in order, each entry once."""
        return self.known.once(Facts, ("held", *kinds), lambda: self._held_of(kinds))

    def _held_of(self, kinds: Iterable[str]) -> list[Fact]:
        listed = [self._held.get(kind, []) for kind in kinds]
        found = {fact.index: fact for of_kind in listed for fact in of_kind}
        return listed[0] if len(listed) == 1 else sorted(found.values(), key=attrgetter("day", "index"))

    def all_held(self) -> list[Fact]:
        """Every activity really held by ``as_of``, in order."""
        return self.held(self._held)

    def entries(self, series: str) -> list[Fact]:
        """The entries of a series known by ``as_of``, in order; undated ones come first."""
        if series == "activities":
            return self.all_held()
        if series not in self._series:
            facts = _facts(series, getattr(self.record, series) or ())
            self._series[series] = sorted((f for f in facts if f.day is None or f.day <= self.as_of), key=_by_day)
        return self._series[series]

    # Calendar

    @cached_property
    def semesters(self) -> tuple[Window, ...]:
        school = self.record.calendar
        return tuple(sorted(s.window for s in school.semesters)) if school else ()

    def windows(self, unit: Unit, grace_months: int = 0) -> tuple[Window, ...]:
        """Calendar windows to judge: those that end inside the period by ``as_of``, and the one open at it. Looking
        ahead: those that may be open (with their time of grace) on a day from ``as_of`` to the horizon."""
        whose = self.known if unit == "semester" and self.semesters else self.frame
        return whose.once(Facts, (unit, grace_months), lambda: tuple(self._windows(unit, grace_months)))

    def _windows(self, unit: Unit, grace_months: int) -> Iterator[Window]:
        if self.horizon is not None:
            ahead = Period(add_months(self.as_of, -grace_months), self.horizon)
            yield from calendar_windows(unit, ahead, self.semesters)
            return
        reach = Period(self.period.start, min(self.period.end, self.as_of))
        if reach.start > reach.end:
            return
        for window in calendar_windows(unit, reach, self.semesters):
            if self.period.contains(window.end) or (window.contains(self.as_of) and self.is_open(window)):
                yield window

    def is_open(self, window: Period) -> bool:
        """Whether days of the window still lie ahead at the close of ``as_of`` (looking ahead: at its beginning)."""
        return window.end > self.as_of or (self.horizon is not None and window.end == self.as_of)

    def branch_existed(self, span: Period) -> Truth:
        """Whether the branch existed on every day of ``span``."""
        founded, dissolved = self.branch.founded, self.branch.dissolved
        if founded is not None and founded > span.start:
            return Truth(False, f"支部 {founded} 才成立，该期间不完整")
        if dissolved is not None and dissolved <= span.end:
            return Truth(False, f"支部 {dissolved} 撤销，该期间不完整")
        return YES

    # Members

    @cached_property
    def _roster(self) -> Roster | None:
        return None if self.record.members is None else Roster(self.record.members)

    def members_on(self, day: date) -> Sequence[Member] | None:
        """Members whose membership here covers ``day``; None if there is no roster."""
        return None if self._roster is None else self._roster.on(day).members

    def standing_on(self, day: date) -> Standing | None:
        """Who belonged on ``day``; None if there is no roster."""
        return None if self._roster is None else self._roster.on(day)

    def formal_on(self, day: date) -> int | None:
        """Number of full members (正式党员) on ``day``; None if neither roster nor headcount is given."""
        if self._roster is not None:
            return self._roster.on(day).formal
        return self.record.headcount.formal if self.record.headcount else None

    def total_on(self, day: date) -> int | None:
        """Number of members, probationary ones included."""
        if self._roster is not None:
            return len(self._roster.on(day).members)
        count = self.record.headcount
        return count.formal + count.probationary if count else None

    # Bodies

    @cached_property
    def terms(self) -> list[tuple[int, Committee]]:
        """The 届 in order of election with their positions in the file; one without a day comes first."""
        listed = list(enumerate(self.record.committee or ()))
        return sorted(listed, key=lambda pair: (pair[1].elected or date.min, pair[0]))

    def term_at(self, day: date) -> tuple[int, Committee] | None:
        """The 届 in office on ``day``, or None before the first one listed."""
        return next((t for t in reversed(self.terms) if t[1].elected is None or t[1].elected <= day), None)

    def committee_throughout(self, span: Period, wanted: bool) -> Truth:
        """Whether on every day of ``span`` (up to ``as_of``) there was a 支委会, or none if that is wanted."""
        end = max(span.start, min(span.end, self.as_of))
        turns = {day for _, t in self.terms for day in (t.elected, t.formed) if day and span.start < day <= end}
        found = [self._committee_on(day, end) for day in (span.start, *sorted(turns))]
        if wanted and found[0].value is False and found[-1].value:
            return Truth(False, "支委会在该期间内才设立")
        return all_of(as_wanted(truth, wanted, "设有支委会") for truth in found)

    def _committee_on(self, day: date, seen_by: date) -> Truth:
        formed = next((c.formed for _, c in self.terms if c.formed is not None), None)
        if formed is not None and day < formed:
            return Truth(False, f"支委会 {formed} 才设立")
        term = self.term_at(day)
        if term is None:
            if self._met(seen_by) or formed is not None:
                return YES
            if not self.terms:
                return Truth(None, "记录没有写明是否设支委会，也没有支委会会议记录")
            return Truth(None, f"记录没有写 {self.terms[0][1].elected} 以前的一届")
        return self.known.once(term[1], "has committee", lambda: self._has_committee(term[1]))

    def _has_committee(self, term: Committee) -> Truth:
        if term.exists is not None:
            return YES if term.exists else Truth(False, "未设支委会")
        if any("委员" in post.roles for post in term.posts):
            return YES
        if term.posts:
            return Truth(False, "任职名单中没有委员，未设支委会")
        if self._met(self.as_of):
            return YES
        return Truth(None, "记录没有写明是否设支委会，也没有支委会会议记录")

    def _met(self, by: date) -> bool:
        """Whether a 支委会 was held by that day."""
        held = (a for a in self.record.activities or () if a.date <= by and a.status == "已召开")
        return any("支委会" in activity.type for activity in held)

    def posts_on(self, day: date) -> list[HeldPost] | None:
        """Posts held on ``day``; None if no 届 in office then lists any."""
        return self.known.once(Facts, ("posts", day), lambda: self._posts_on(day))

    def _posts_on(self, day: date) -> list[HeldPost] | None:
        term = self.term_at(day)
        if term is None or not term[1].posts:
            return None
        index, committee = term
        held = []
        for i, post in enumerate(committee.posts):
            since = post.since or committee.elected
            if (since is None or since <= day) and (post.until is None or day <= post.until):
                held.append(HeldPost(post, since, ("committee", index, "posts", i)))
        return held

    def holds(self, name: str, role: str, day: date) -> bool | None:
        """Whether ``name`` held the role on ``day``; an acting deputy counts as secretary. None: no posts listed."""
        posts = self.posts_on(day)
        if posts is None:
            return None
        wanted = {role, "副书记"} if role == "书记" else {role}
        return any(
            held.post.name == name and (role in held.post.roles or (held.post.acting and wanted & held.post.roles))
            for held in posts
        )

    def groups_throughout(self, span: Period) -> bool:
        """Whether on every day of ``span`` there was some party group."""
        listed = self.record.groups or ()
        turns = {span.start, *(g.dissolved for g in listed if g.dissolved and span.contains(g.dissolved))}
        return all(any(lived_through(g.formed, g.dissolved, Period(day, day)) for g in listed) for day in turns)

    @cached_property
    def groups_known(self) -> Truth:
        """Whether the record tells which party groups there are: meetings without a list do not."""
        if self.record.groups is None and any("党小组会" in a.type for a in self.record.activities or ()):
            return Truth(None, "记录里有党小组会，却没有列出党小组（groups）")
        return YES

    def groups_touching(self, span: Period) -> bool:
        """Whether any party group existed on any day of ``span``."""
        return any(
            (g.formed is None or g.formed <= span.end) and (g.dissolved is None or g.dissolved > span.start)
            for g in self.record.groups or ()
        )

    def theme_day_at(self, day: date) -> ThemeDay | None:
        """The announced 主题党日 rule in force on ``day``."""
        known = (r for r in self.branch.theme_day or [] if r.start is None or r.start <= day)
        return max(known, key=lambda r: r.start or date.min, default=None)

    def pair_of(self, talk: Talk) -> str | None:
        """支委-支委, 支委-党员 or 党员-党员, the most specific that fits; None without a list of posts."""
        posts = self.posts_on(talk.date)
        if posts is None:
            return None
        leaders = {held.post.name for held in posts}
        count = sum(name in leaders for name in talk.between)
        if count == len(talk.between):
            return "支委-支委"
        return "支委-党员" if count else "党员-党员"

    @cached_property
    def cadres_known(self) -> bool:
        """Whether the roster says anywhere who is a 党员领导干部; if it does, silence means no."""
        return any(m.leading_cadre is not None for m in self.record.members or ())


def kind_of(entry: Entry) -> str:
    """What sort of entry it is, in the record's own words."""
    return "、".join(entry.type) if isinstance(entry, Activity) else getattr(entry, "kind", None) or entry.label


def _facts(series: str, entries: Sequence[Entry]) -> list[Fact]:
    """The entries as facts in file order, equals numbered in an order that does not depend on the file's."""
    days = [entry.day for entry in entries]
    ordinals = _ordinals(entries, days)
    return [Fact(series, n, entry, days[n], ordinals.get(n, 0), period_of(entry)) for n, entry in enumerate(entries)]


def _ordinals(entries: Sequence[Entry], days: Sequence[date | None]) -> dict[int, int]:
    """The numbers of those entries without an id that share their day, type and person with another."""
    times = Counter(days)
    alike: dict[tuple[object, ...], list[int]] = {}
    for index, (entry, day) in enumerate(zip(entries, days, strict=True)):
        if times[day] > 1 and not entry.id:
            alike.setdefault((day, kind_of(entry), person_of(entry)), []).append(index)
    ordinals: dict[int, int] = {}
    for same in alike.values():
        if len(same) > 1:
            keys = {index: event_key(entries[index]) for index in same}
            rank = {key: number for number, key in enumerate(sorted(set(keys.values())))}
            ordinals.update({index: rank[key] for index, key in keys.items()})
    return ordinals


def person_of(entry: Entry) -> str:
    """The one person an entry is about, or an empty text."""
    name = vars(entry).get("name")
    return name if isinstance(name, str) else ""


def event_key(entry: Entry) -> str:
    """What tells an entry from another of the same day and kind: time, topic and group of an activity (case 33),
    everything but the remarks of another entry."""
    if isinstance(entry, Activity):
        return "\0".join([entry.start or "", entry.topic or "", *(entry.group or ())])
    return all_it_says(entry)


def _by_day(fact: Fact) -> tuple[date, int]:
    return (fact.day or date.min, fact.index)


assert set(SERIES) <= set(Record.model_fields)
