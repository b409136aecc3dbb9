"""``for_each``: the same demand put to every member, group, post or entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from dangjian_check.checks.base import Subject
from dangjian_check.checks.condition import Condition
from dangjian_check.checks.events import each_event_once
from dangjian_check.checks.index import entries_of
from dangjian_check.checks.select import select
from dangjian_check.checks.selector import Selector
from dangjian_check.model.calendar import FIRST_DAY, ONE_DAY, Period, Window
from dangjian_check.model.fact_names import field_value, has_field
from dangjian_check.model.facts import Fact, Facts, HeldPost
from dangjian_check.model.fields import Strict, Text, wrong
from dangjian_check.model.outcome import YES, Truth
from dangjian_check.model.record import SERIES, BranchRow, Group, Member, Post
from dangjian_check.model.roster import belongs, is_formal, lived_through

_TURNED = "在该期间内才进支部班子，或才离开"

Subjects = Literal["members", "groups", "posts", "branches", "entries"]


_MODELS: dict[str, type[BaseModel]] = {"members": Member, "posts": Post, "groups": Group, "branches": BranchRow}


class ForEach(Strict):
    """Who or what a demand is put to.

    ``members`` may be narrowed by ``status``, ``leading_cadre``, ``in_committee``, ``teacher``, ``mobility``;
    ``posts`` by ``role``; ``branches`` are those on a superior's list; ``entries`` are those of ``select`` dated in
    the period (``at`` one of their steps, if named), one window each (``on:<id>``); all by ``where``. Whoever was
    not there, or joined or left the committee that is asked about, in the window owes nothing in it; with
    ``there_on``, whoever was not there on the day of the first such entry of the window, if there is one.
    """

    subjects: Subjects = Field(alias="in")
    status: Literal["正式", "预备"] | None = None
    leading_cadre: bool | None = None
    in_committee: bool | None = None
    teacher: bool | None = None
    mobility: Literal["正常", "流动", "失联"] | None = None
    role: Text | None = None
    select: Selector | None = None
    where: dict[str, Condition] = {}
    at: Text | None = None
    there_on: Selector | None = None

    @model_validator(mode="after")
    def _fits(self) -> ForEach:
        if (self.subjects == "entries") != (self.select is not None):
            raise wrong("for_each", "select 与 in: entries 须同时写", "核对 for_each")
        if (self.subjects == "posts") != (self.role is not None):
            raise wrong("for_each", "role 与 in: posts 须同时写", "例如 {in: posts, role: 书记}")
        if self.there_on is not None and self.subjects != "members":
            raise wrong("for_each", "there_on 只配 in: members", "删去 there_on")
        model = _MODELS.get(self.subjects) or SERIES[self.select.series if self.select else "activities"]
        for name in self.where:
            if not has_field(model, name):
                raise wrong("for_each", f"没有 {name} 这一栏", "核对栏名")
        return self

    @property
    def is_narrowed(self) -> bool:
        """Whether some subjects are left out on purpose, so that a not-applicable case can exist."""
        return bool(self.model_dump(exclude={"subjects", "select", "there_on"}, exclude_defaults=True))

    def subjects_in(self, facts: Facts, window: Window) -> Truth | list[tuple[Subject, Truth]]:
        """Every subject with whether it was there for the whole window; or why subjects cannot be told. Entries have
        windows of their own: see `entry_windows`."""
        if self.subjects == "members":
            written = facts.frame.once(self, "written", self.as_written)
            key = (written, window.start, window.end)
            return facts.known.once(ForEach, key, lambda: self._members(facts, window))
        if self.subjects == "groups":
            return facts.groups_known if facts.groups_known.value is None else list(self._groups(facts, window))
        if self.subjects == "posts":
            return self._posts(facts, window)
        return self._branches(facts, window)

    def _members(self, facts: Facts, window: Window) -> Truth | list[tuple[Subject, Truth]]:
        if facts.record.members is None:
            return Truth(None, "没有党员名册（members）")
        if self.leading_cadre is not None and not facts.cadres_known:
            return Truth(None, "名册没有注明谁是党员领导干部（leading_cadre）；没有的话给一人写 false，台账里写“否”")
        if self.in_committee is not None and facts.posts_on(window.end) is None:
            return Truth(None, "没有任职名单")
        everybody = self._everybody(facts)
        changing = self.status is not None or self.in_committee is not None
        if not changing and everybody.there_since(window.start):
            return everybody
        reach, began = self._reach(facts, window), self._began(facts, window)
        return [
            (s, _whole_member(s.item, reach) if self._was_so(s, began) else Truth(False, f"{s.label}{_TURNED}"))
            for s in self._asked(facts, everybody.subjects, window)
        ]

    def _began(self, facts: Facts, window: Window) -> set[str]:
        """Who was in the committee when a window began, if that is asked: of a day for which no posts are listed, those
        of its end who say so."""
        if self.in_committee is None:
            return set()
        held = facts.posts_on(window.start)
        if held is None:
            held = [h for h in facts.posts_on(window.end) or () if h.since is None or h.since <= window.start]
        return {post.post.name for post in held}

    def _was_so(self, subject: Subject, began: set[str]) -> bool:
        """Whether one who is in the committee, or is not, at the window's end was so when it began."""
        return self.in_committee is None or (subject.label in began) is self.in_committee

    def _everybody(self, facts: Facts) -> Everybody:
        """The members to whom the demand is put, as far as that never changes."""
        fixed = ("leading_cadre", "teacher", "mobility", "where")
        key = facts.frame.once(self, "fixed", lambda: self.as_written(*fixed))
        return facts.known.once(ForEach, key, lambda: Everybody(self._standing(facts)))

    def _standing(self, facts: Facts) -> list[Subject]:
        found = _subjects(facts)
        if self.leading_cadre is not None:
            found = [s for s in found if bool(s.item.leading_cadre) is self.leading_cadre]
        if self.teacher is not None:
            found = [s for s in found if bool(s.item.teacher) is self.teacher]
        if self.mobility is not None:
            found = [s for s in found if s.item.mobility == self.mobility]
        for name, condition in self.where.items():
            said = condition.question(name)([subject.item for subject in found], facts)
            found = [subject for subject, truth in zip(found, said, strict=True) if truth.value]
        return found

    def _asked(self, facts: Facts, subjects: Iterable[Subject], window: Window) -> list[Subject]:
        """Those of them to whom it is put in this window."""
        found = [subject for subject in subjects if _overlaps(subject.item, window)]
        if self.status is not None:
            formal = self.status == "正式"
            found = [subject for subject in found if is_formal(subject.item, window.start) is formal]
        if self.in_committee is not None:
            leading = {held.post.name for held in facts.posts_on(window.end) or ()}
            found = [subject for subject in found if (subject.label in leading) is self.in_committee]
        return found

    def _reach(self, facts: Facts, window: Window) -> Window:
        """The days on which a member must have been there to owe anything."""
        held = select(self.there_on, facts, window).yes if self.there_on else ()
        first = min((fact.day for fact in held if fact.day), default=None)
        return window if first is None else Window(first, first, window.name)

    def _groups(self, facts: Facts, window: Window) -> Iterator[tuple[Subject, Truth]]:
        for index, group in enumerate(facts.record.groups or ()):
            subject = Subject("group", group.id, group.label, ("groups", index), group)
            whole = lived_through(group.formed, group.dissolved, window)
            yield subject, YES if whole else Truth(False, f"{group.label}在该期间没有全程存在")

    def _posts(self, facts: Facts, window: Window) -> Truth | list[tuple[Subject, Truth]]:
        held = facts.posts_on(window.end)
        if held is None:
            return Truth(None, "没有任职名单")
        chosen = [h for h in held if self.role in h.post.roles and self._where(h.post)]
        return [(self._holder(h), self._held_throughout(facts, h, window)) for h in chosen]

    def _holder(self, held: HeldPost) -> Subject:
        return Subject("post", held.name, f"{self.role}{held.name}", held.path, held)

    def _held_throughout(self, facts: Facts, held: HeldPost, window: Window) -> Truth:
        """Someone who took up the post within the window owes nothing in it (case 44)."""
        before = facts.holds(held.name, self.role or "", window.start)
        since = held.since is None or held.since <= window.start
        whole = since if before is None else before
        return YES if whole else Truth(False, f"{held.name}在该期间内才任职")

    def _ruled_out(self, item: BaseModel) -> bool:
        found = (condition.holds(field_value(item, name), name) for name, condition in self.where.items())
        return bool(self.where) and any(truth.value is False for truth in found)

    def _where(self, item: BaseModel) -> bool:
        return all(condition.holds(field_value(item, name), name).value for name, condition in self.where.items())

    def _branches(self, facts: Facts, window: Window) -> Truth | list[tuple[Subject, Truth]]:
        if facts.record.branches is None:
            return Truth(None, "没有所属支部名单（branches）")
        found = []
        for index, row in enumerate(facts.record.branches):
            if self._where(row) and (row.dissolved is None or row.dissolved > window.start):
                whole = lived_through(row.founded, row.dissolved, window)
                present = YES if whole else Truth(False, f"{row.name}在该期间没有全程存在")
                found.append((Subject("branch", row.key, row.name, ("branches", index), row), present))
        return found

    def _dated(self, fact: Fact) -> date | None:
        """The day that places an entry: its own, or that of the step ``at``."""
        if self.at is None:
            return fact.day or (fact.stated.start if fact.stated else None)
        value = (getattr(fact.entry, "steps", None) or {}).get(self.at)
        return value if isinstance(value, date) else None

    def entry_windows(self, facts: Facts) -> list[tuple[Window, Subject]]:
        """One window for each selected entry of the period; undated entries belong to it. Looking ahead, earlier
        entries may still have something to come."""
        start = facts.period.start if facts.horizon is None else FIRST_DAY
        return self._placed(facts, Period(start, min(facts.period.end, facts.as_of)))

    def earlier_windows(self, facts: Facts) -> list[tuple[Window, Subject]]:
        """One window for each selected entry from before the period."""
        start = facts.period.start
        return (
            []
            if facts.horizon is not None
            else self._placed(facts, Period(FIRST_DAY, min(start - ONE_DAY, facts.as_of)))
        )

    def _placed(self, facts: Facts, reach: Period) -> list[tuple[Window, Subject]]:
        written = facts.frame.once(self, "written", self.as_written)
        return facts.known.once(ForEach, (written, reach), lambda: list(self._entry_windows(facts, reach)))

    def _entry_windows(self, facts: Facts, reach: Period) -> Iterator[tuple[Window, Subject]]:
        assert self.select is not None
        chosen = {fact.index for fact in entries_of(self.select, facts)}
        seen: set[str] = set()
        for fact in each_event_once(self.select.candidates(facts), self.select.type):
            if fact.index not in chosen or (self.at is not None and self._dated(fact) is None):
                continue
            name = fact.name
            if name in seen or self._ruled_out(fact.entry):
                continue
            seen.add(name)
            dated = self._dated(fact)
            if reach.end >= facts.period.start if dated is None else reach.contains(dated):
                day = dated or facts.as_of
                subject = Subject("entry", name, fact.label, fact.path, fact)
                yield Window(day, day, f"on:{name}"), subject


class Everybody(list[tuple[Subject, Truth]]):
    """Members to whom a demand is put, as if all had been there throughout."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.subjects = list(subjects)
        super().__init__([(subject, YES) for subject in self.subjects])
        members = [subject.item for subject in self.subjects]
        self._latest = max([m.start or m.admitted or date.min for m in members], default=date.min)
        self._left = any(m.end for m in members)

    def there_since(self, day: date) -> bool:
        """Whether all of them were there on the day and are still."""
        return self._latest <= day and not self._left


def _subjects(facts: Facts) -> list[Subject]:
    listed = enumerate(facts.record.members or ())
    return facts.known.once(
        ForEach, "members", lambda: [Subject("member", m.key, m.name, ("members", i), m) for i, m in listed]
    )


def _overlaps(member: Member, window: Window) -> bool:
    start, end = member.start or member.admitted, member.end
    return (start is None or start <= window.end) and (end is None or end > window.start)


def _whole_member(member: Member, window: Window) -> Truth:
    return YES if belongs(member, window) else Truth(False, f"{member.name}在该期间不是全程在本支部")
