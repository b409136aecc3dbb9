"""When a demand binds: a closed set of conditions on the branch, judged for the whole window."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated

from pydantic import Field

from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.select import select
from dangjian_check.checks.selector import Selector
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.coverage import NOT_CLAIMED
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import ONE_OR_MORE, Strict, Texts
from dangjian_check.model.outcome import YES, Truth, all_of, as_wanted
from dangjian_check.model.roster import turns
from dangjian_check.model.vocabulary import BranchType

BranchTypes = Annotated[list[BranchType], ONE_OR_MORE]


class Applies(Strict):
    """All conditions given must hold on every day of a window; otherwise the demand does not bind it."""

    branch_type: BranchTypes | None = Field(None, alias="branch.type")
    not_branch_type: BranchTypes | None = Field(None, alias="branch.type.not")
    has_committee: bool | None = Field(None, alias="branch.has_committee")
    has_groups: bool | None = Field(None, alias="branch.has_groups")
    had_groups: bool | None = Field(None, alias="branch.had_groups")
    joint: bool | None = Field(None, alias="branch.joint")
    dispersed: bool | None = Field(None, alias="branch.dispersed")
    accredited: bool | None = Field(None, alias="branch.accredited")
    formal_members: Bounds | None = None
    members: Bounds | None = None
    committee_size: Bounds | None = None
    ordinary_members: Bounds | None = None
    notices: Texts | None = None
    held: Selector | None = None
    organization_type: Texts | None = Field(None, alias="organization.type")

    def holds(self, facts: Facts, span: Period) -> Truth:
        """Whether the demand binds ``span``; unknown where the record does not tell."""
        return all_of(self._parts(facts, span))

    def _parts(self, facts: Facts, span: Period) -> Iterator[Truth]:
        yield from self._of_branch(facts, span)
        if self.has_committee is not None:
            yield facts.committee_throughout(span, self.has_committee)
        if self.has_groups is not None:
            found = facts.groups_throughout(span)
            known = Truth(found, "" if found else "没有全程存在的党小组")
            unsure = facts.groups_known.value is None
            yield facts.groups_known if unsure else as_wanted(known, self.has_groups, "设有党小组")
        if self.had_groups is not None:
            known = Truth(facts.groups_touching(span), "期间内没有党小组")
            unsure = facts.groups_known.value is None
            yield facts.groups_known if unsure else as_wanted(known, self.had_groups, "期间内有过党小组")
        for bounds, read, label in (
            (self.formal_members, facts.formal_on, "正式党员"),
            (self.members, facts.total_on, "党员"),
            (self.committee_size, _committee_size(facts), "支部班子"),
            (self.ordinary_members, _ordinary(facts), "支部班子以外的党员"),
        ):
            if bounds is not None:
                yield _counts(bounds, [read(day) for day in _days_of_change(facts, span)], span.start, label)
        if self.organization_type is not None:
            yield _of_organization(facts, self.organization_type)
        if self.notices is not None:
            yield _noticed(facts, self.notices, span)
        if self.held is not None:
            yield _held(facts, self.held, span)

    def _of_branch(self, facts: Facts, span: Period) -> Iterator[Truth]:
        branch = facts.branch
        for wanted, is_wanted in ((self.branch_type, True), (self.not_branch_type, False)):
            if wanted is None:
                continue
            if branch.type is None:
                yield Truth(None, "没有写支部类型（branch.type）")
            elif (branch.type in wanted) is not is_wanted:
                yield Truth(False, f"只适用于{'、'.join(wanted)}支部" if is_wanted else f"不适用于{branch.type}支部")
        if self.joint is not None:
            joint = branch.joint if branch.joint is not None else bool(branch.joint_units)
            if joint is not self.joint:
                yield Truth(False, "不是联合党支部" if self.joint else "是联合党支部")
        if self.dispersed is not None:
            known = Truth(branch.dispersed, "没有写党员是否分散（branch.dispersed）")
            yield as_wanted(known, self.dispersed, "党员工作地、居住地分散")
        accredited = any(row.date <= span.end for row in branch.accreditation)
        if self.accredited is not None and accredited is not self.accredited:
            yield Truth(False, "尚未通过达标认定" if self.accredited else "已通过达标认定")


def _days_of_change(facts: Facts, span: Period) -> list[date]:
    """The first day, and those up to the audit day on which members or posts may have changed."""
    known = facts.known.once(Applies, "turns", lambda: turns(facts.record))
    end = min(span.end, facts.as_of)
    return [span.start, *known[bisect_right(known, span.start) : bisect_right(known, end)]]


def _counts(bounds: Bounds, counts: list[int | None], day: date, label: str) -> Truth:
    known = dict.fromkeys(count for count in counts if count is not None)
    if not all(bounds.holds(count, count, day) for count in known):
        numbers = "、".join(map(str, known))
        return Truth(False, f"{label} {numbers} 名，本条只适用于{bounds.words(day, '名')}的支部")
    return Truth(None, f"没有{label}人数") if None in counts else YES


def _ordinary(facts: Facts) -> Callable[[date], int | None]:
    size = _committee_size(facts)

    def count(day: date) -> int | None:
        total, leading = facts.total_on(day), size(day)
        return None if total is None or leading is None else total - leading

    return count


def _committee_size(facts: Facts) -> Callable[[date], int | None]:
    def size(day: date) -> int | None:
        posts = facts.posts_on(day)
        return None if posts is None else len({held.post.name for held in posts})

    return size


def _of_organization(facts: Facts, wanted: list[str]) -> Truth:
    organization = facts.record.organization
    if organization is None or organization.type is None:
        return Truth(None, "没有写党组织的类型（organization.type）")
    return YES if organization.type in wanted else Truth(False, f"只适用于{'、'.join(wanted)}")


def _held(facts: Facts, wanted: Selector, span: Period) -> Truth:
    """Whether there was an entry of this within the span: what was never held nobody could take part in."""
    found = select(wanted, facts, Window(span.start, span.end))
    if found.yes:
        return YES
    if found.maybe or not found.complete:
        return Truth(None, found.doubt or NOT_CLAIMED)
    return Truth(False, f"期间内没有{wanted.label}，另按次数核")


def _noticed(facts: Facts, wanted: list[str], span: Period) -> Truth:
    """Whether a superior asked for this within the span (of a single day: within the audited period) by the audit day;
    without a list of notices nobody can tell."""
    if facts.record.notices is None:
        return Truth(None, "记录没有上级通知一栏，不知上级是否部署")
    reach = facts.period if span.start == span.end else span
    sent = (n for n in facts.record.notices if n.date <= facts.as_of)
    if any(n.requires in wanted and reach.contains(n.date) for n in sent):
        return YES
    return Truth(False, "上级没有部署")
