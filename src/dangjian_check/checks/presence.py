"""``presence``: something is there: an entry, a filled-in field, or holders of posts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, model_validator

from dangjian_check.checks.base import Check, Deadline, NearMiss, Subject, Verdict
from dangjian_check.checks.index import EVER
from dangjian_check.checks.matching import answers
from dangjian_check.checks.nearness import near_misses
from dangjian_check.checks.select import OfMembers, Selection, of_members, select
from dangjian_check.checks.selector import Selector, questions
from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import STATE, Period, Unit, Window, window_label
from dangjian_check.model.coverage import NOT_CLAIMED
from dangjian_check.model.fact_names import YES_NO, field_value, label_of
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import For, Text, Texts, wrong
from dangjian_check.model.outcome import Outcome


class Presence(Check):
    """One of three: an entry of ``select`` (ever; for activities in the period; in each window of ``per``; or
    ``within`` a stated time); a ``field`` of the record or of the subject that is filled and not "no" (with
    ``one_of``, one of these values); holders for all ``posts``.

    An empty selection is a failure only where the record keeps that series and claims it complete. A field left
    out is unknown. ``otherwise: manual`` hands a value outside ``one_of`` to a person instead of failing it.
    With ``for_each: {in: entries}`` the entry itself must be of the selection.
    """

    kind: Literal["presence"]
    select: Selector | None = None
    per: Unit | None = None
    field: Text | None = None
    within: For | None = None
    one_of: Texts = []
    otherwise: Literal["fail", "manual"] = "fail"
    posts: Texts = []
    binds_alike: ClassVar[bool] = True
    names_entries: ClassVar[bool] = True

    @model_validator(mode="after")
    def _one_target(self) -> Presence:
        if sum(bool(x) for x in (self.select, self.field, self.posts)) != 1:
            raise wrong("presence", "presence 的对象不明确", "写 select、field、posts 之一")
        if ((self.per or self.within) and not self.select) or (self.one_of and not self.field):
            raise wrong("presence", "per、within 只配 select，one_of 只配 field", "删去多余的一项")
        if self.per and self.within:
            raise wrong("presence", "per 与 within 只能写一个", "按年按月的写 per，限定某段时间的写 within")
        return self

    def windows(self, facts: Facts) -> Sequence[Window]:
        if self.per is not None:
            return facts.windows(self.per)
        if self.within is None:
            return facts.frame.state
        if self.within.overlaps(facts.period) and self.within.start <= (facts.horizon or facts.as_of):
            return [Window(self.within.start, self.within.end, f"{self.within.start}..{self.within.end}")]
        return ()

    def can_fail(self) -> bool:
        return self.field is None or self.field in YES_NO or (bool(self.one_of) and self.otherwise == "fail")

    def reads(self) -> frozenset[str] | None:
        return self.select.all_series() if self.select else None

    def told(self, facts: Facts) -> Hashable | None:
        if self.select is not None:
            windows = (self._asked(self.select, facts, window) for window in self.windows(facts))
            return tuple([self._told_of(select(self.select, facts, asked), facts) for asked in windows])
        if self.field is not None:
            value = field_value(facts.record, self.field)
            none = value is None, value is False or value in ([], {})
            return (*none, str(value)) if self.one_of else none
        held = facts.posts_on(facts.as_of)
        return (held[0].path[:2], frozenset().union(*(h.post.roles for h in held))) if held else None

    def of_members(self, facts: Facts, window: Window) -> OfMembers | None:
        return of_members(self.select, facts, self._asked(self.select, facts, window)) if self.select else None

    def alike(self, facts: Facts, found: Selection) -> Hashable | None:
        return None if found.yes else self._told_of(found, facts)

    def _told_of(self, found: Selection, facts: Facts) -> Hashable:
        """All that a verdict depends on but the names of the entries that count."""
        assert self.select is not None
        if found.yes:
            return len(found.yes)
        kept = facts.coverage.keeps(self.select.series)
        return kept, found.complete, self._register(self.select, facts), found.doubt, bool(found.maybe)

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        if self.select is not None:
            return self._entry(self.select, facts, window, subject)
        if self.field is not None:
            return self._field(self.field, facts, subject)
        return self._posts(facts, window)

    def _entry(self, selector: Selector, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        dated = self.per is not None or self.within is not None
        found = select(selector, facts, self._asked(selector, facts, window), subject)
        who = f"{subject.label}：" if subject else ""
        when = window_label(window.name) if dated else ""
        owed = f"{when}{who}应{_owed(selector, subject)}"
        if found.yes:
            shown = "、".join(f.label for f in found.yes[:3]) + ("等" if len(found.yes) > 3 else "")
            return Verdict(Outcome.PASS, f"{owed}，见 {shown}", {"min": 1}, len(found.yes), counted=found.yes)
        if dated and facts.is_open(window):
            return Verdict(Outcome.PENDING, f"{owed}（{window.end} 到期）", {"min": 1}, 0)
        if found.maybe:
            return Verdict(Outcome.UNKNOWN, f"{owed}（{found.doubt}）", {"min": 1}, 0)
        if not (found.complete if dated else self._register(selector, facts)):
            return Verdict(Outcome.UNKNOWN, f"{owed}（{_no_claim(selector, facts)}）", {"min": 1}, 0)
        return Verdict(Outcome.FAIL, f"{owed}，{found.refused or '记录中没有'}", {"min": 1}, 0)

    def _asked(self, selector: Selector, facts: Facts, window: Window) -> Window:
        """The days looked at: the window if it is a stated time, else all up to its end."""
        if self.per is not None or self.within is not None:
            return window
        return Window(_since(selector, facts), window.end, window.name)

    def _register(self, selector: Selector, facts: Facts) -> bool:
        """Whether "ever" can be denied: a kept series is a register; the activity log only for its period."""
        if selector.series != "activities":
            return facts.coverage.keeps(selector.series)
        span = Period(min(facts.period.start, facts.as_of), facts.as_of)
        return facts.coverage.complete("activities", selector.type, span)

    def _field(self, name: str, facts: Facts, subject: Subject | None) -> Verdict:
        item, place = _item(facts, subject, name)
        value = field_value(item, name)
        label = f"{subject.label}的{label_of(name)}" if subject else label_of(name)
        if value is None:
            return Verdict(Outcome.UNKNOWN, f"没有填写{label}", place=place)
        if value is False or value in ([], {}):
            return Verdict(Outcome.FAIL, f"{label}写明为“无”", {"present": True}, False, place=place)
        if self.one_of and str(value) not in self.one_of:
            outcome = Outcome.MANUAL if self.otherwise == "manual" else Outcome.FAIL
            message = f"{label}是“{value}”，应为{'、'.join(self.one_of)}之一"
            return Verdict(outcome, message, {"one_of": self.one_of}, str(value), "out_of_bounds", place=place)
        return Verdict(Outcome.PASS, f"{label}已填写", {"present": True}, True, place=place)

    def _posts(self, facts: Facts, window: Window) -> Verdict:
        held = facts.posts_on(window.end)
        if held is None:
            return Verdict(Outcome.UNKNOWN, "没有任职名单", {"posts": self.posts}, place=("committee",))
        missing = [post for post in self.posts if not any(post in h.post.roles for h in held)]
        place = held[0].path[:2] if held else ("committee",)
        if missing:
            message = f"应配齐{'、'.join(self.posts)}，缺{'、'.join(missing)}"
            return Verdict(Outcome.FAIL, message, {"posts": self.posts}, missing, place=place)
        return Verdict(Outcome.PASS, f"{'、'.join(self.posts)}均已配备", {"posts": self.posts}, [], place=place)

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """By the end of a stated window; what has no day is lacking now. Of an entry only what can be added later."""
        owed = _owed(self.select, subject) if self.select else label_of(self.field or "")
        if verdict.outcome is Outcome.PENDING:
            return Deadline(window.end, owed.removeprefix("有"))
        if verdict.outcome is not Outcome.FAIL or not (window.name == STATE or self._can_be_added(facts, subject)):
            return None
        if self.posts:
            return Deadline(facts.as_of, "、".join(verdict.actual), standing=True)
        return Deadline(facts.as_of, owed.removeprefix("有"), standing=True)

    def _can_be_added(self, facts: Facts, subject: Subject | None) -> bool:
        """Whether an entry that is no event only lacks fields that may be filled in afterwards."""
        if self.select is None or subject is None or subject.kind != "entry" or self.select.series == "activities":
            return False
        entry, asked = subject.item.entry, self.select.where
        unmet = [name for name, c in asked.items() if c.holds(field_value(entry, name), name).value is False]
        others = self.select.model_copy(update={"where": {n: c for n, c in asked.items() if n not in unmet}})
        otherwise = answers(questions(others), [subject.item.entry], facts)[0]
        return all(asked[name].exists for name in unmet) and otherwise.value is True

    def near(self, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
        return near_misses(self.select, facts, window, subject) if self.select else []


def _owed(selector: Selector, subject: Subject | None) -> str:
    if subject is None or subject.kind != "entry":
        return f"有{selector.label}"
    return selector.conditions if selector.where and not (selector.type or selector.kind) else f"是{selector.label}"


def _since(selector: Selector, facts: Facts) -> date:
    """Registers are asked about ever; the activity log about the audited period."""
    return min(facts.period.start, facts.as_of) if selector.series == "activities" else EVER


def _no_claim(selector: Selector, facts: Facts) -> str:
    if not facts.coverage.keeps(selector.series):
        return selector.not_kept
    return NOT_CLAIMED


def _item(facts: Facts, subject: Subject | None, name: str) -> tuple[BaseModel, KeyPath]:
    if subject is None:
        return facts.record, tuple(name.split("."))
    item: Any = subject.item
    return getattr(item, "entry", None) or getattr(item, "post", None) or item, subject.path
