"""What a record says twice must agree: ids, names, references and dates that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import semester_overlap
from dangjian_check.model.fields import shown
from dangjian_check.model.record import SERIES, Record
from dangjian_check.model.vocabulary import ACTIVITY_TYPES, activity_type, nearest


class Clash(NamedTuple):
    """Where two statements of a record exclude each other, what is wrong, what to do."""

    path: KeyPath
    message: str
    remedy: str


def clashes(record: Record) -> Iterator[Clash]:
    """Every inconsistency that makes a verdict meaningless; doubt about true things is not looked for here."""
    yield from _members(record)
    yield from _groups(record)
    yield from _ids(record)
    yield from _dates(record)
    yield from _calendar(record)
    yield from _coverage(record)


def _coverage(record: Record) -> Iterator[Clash]:
    known = [*ACTIVITY_TYPES, *SERIES, *(model.label for model in SERIES.values())]
    for index, claim in enumerate(record.coverage or ()):
        for position, word in enumerate(claim.types):
            if activity_type(word) is None and word not in known:
                near = nearest(word, known)
                remedy = f"最接近的是“{near[0]}”" if near else "写活动类型，或记录的栏名"
                yield Clash(("coverage", index, "types", position), f"不认识的种类 {shown(word)}", remedy)


def _members(record: Record) -> Iterator[Clash]:
    seen: set[str] = set()
    for index, member in enumerate(record.members or ()):
        if member.key in seen:
            yield Clash(("members", index, "name"), "名册里有重复的人", "同名的两人各写一个 id；重复登记的删去一行")
        seen.add(member.key)
        if member.start and member.end and member.end < member.start:
            yield Clash(("members", index, "to"), "离开支部的日期早于进入的日期", "核对 from 与 to")
        if member.admitted and member.confirmed and member.confirmed < member.admitted:
            yield Clash(("members", index, "confirmed"), "转正日期早于入党日期", "核对 admitted 与 confirmed")
    if record.members is not None and record.headcount is not None:
        yield Clash(("headcount",), "已有名册，又写了人数", "删去 headcount，以名册为准")


def _groups(record: Record) -> Iterator[Clash]:
    known = {name for group in record.groups or () for name in (group.id, group.name) if name}
    seen: set[str] = set()
    for index, group in enumerate(record.groups or ()):
        if group.id in seen:
            yield Clash(("groups", index, "id"), "党小组编号重复", "每个党小组用不同的 id")
        seen.add(group.id)
    if record.groups is None:
        return
    references = [(("members", i, "group"), m.group) for i, m in enumerate(record.members or ())]
    references += [
        (("activities", i, "group"), name)
        for i, activity in enumerate(record.activities or ())
        for name in activity.group or ()
    ]
    for path, name in references:
        if name is not None and name not in known:
            near = nearest(name, sorted(known))
            remedy = f"最接近的是“{near[0]}”" if near else "先在 groups 里登记这个党小组"
            yield Clash(path, f"没有登记过党小组 {shown(name)}", remedy)


def _ids(record: Record) -> Iterator[Clash]:
    for name in SERIES:
        seen: set[str] = set()
        for index, entry in enumerate(getattr(record, name) or ()):
            if entry.id is not None and entry.id in seen:
                yield Clash((name, index, "id"), "编号与前面的一条重复", "改成不同的 id，或删去重复的一条")
            seen.add(entry.id)


def _dates(record: Record) -> Iterator[Clash]:
    branch = record.body
    if branch.founded and branch.dissolved and branch.dissolved < branch.founded:
        yield Clash(("branch", "dissolved"), "撤销日期早于成立日期", "核对 founded 与 dissolved")
    for index, plan in enumerate(record.plans or ()):
        if plan.made and plan.filed and plan.filed < plan.made:
            yield Clash(("plans", index, "filed"), "备案日期早于制定日期", "核对 made 与 filed")
    for index, activity in enumerate(record.activities or ()):
        if activity.until and activity.until < activity.date:
            yield Clash(("activities", index, "until"), "结束日期早于开始日期", "核对 date 与 until")
        if activity.start and activity.end and activity.end < activity.start and not activity.until:
            yield Clash(("activities", index, "end"), "结束时刻早于开始时刻", "核对 start 与 end；跨天的加 until")
    elected = [term.elected for term in record.committee or ()]
    for index, day in enumerate(elected):
        if day is None and len(elected) > 1:
            yield Clash(("committee", index), "列了几届，这一届没有写产生日期", "补写 elected")
        elif day is not None and day in elected[:index]:
            yield Clash(("committee", index, "elected"), "两届的产生日期相同", "核对 elected")


def _calendar(record: Record) -> Iterator[Clash]:
    school = record.calendar
    if school is None:
        return
    for index, semester in enumerate(school.semesters):
        if semester.end < semester.start:
            yield Clash(("calendar", "semesters", index, "to"), "学期的止日早于起日", "核对 from 与 to")
            return
    names = [semester.name for semester in school.semesters]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Clash(("calendar", "semesters", index, "name"), "两个学期同名", "每个学期用不同的名称")
    pair = semester_overlap([semester.window for semester in school.semesters])
    if pair:
        message = f"学期 {pair[0].name} 与 {pair[1].name} 的日期重叠"
        yield Clash(("calendar", "semesters"), message, "核对校历")
