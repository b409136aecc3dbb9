"""Days and times that hardly fit: two places at once, crowded days, holidays, days on which there was no branch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from dangjian_check.engine.doubts.base import (
    Held,
    Scene,
    Sign,
    after,
    before,
    called,
    days,
    names,
    plain,
    short,
    sign,
    within,
)
from dangjian_check.model.activity import Activity
from dangjian_check.model.calendar import ONE_DAY, calendar_windows
from dangjian_check.model.facts import event_key
from dangjian_check.model.series import Training

# What a branch does month by month; a handful in the last week with the months before it empty looks made up for.
MONTHLY = ("支委会", "主题党日", "党小组会")
LAST_DAYS = 7
LAST_MEETINGS = 3
EMPTY_MONTHS = 2
# Meetings of which one on a day is enough; the same type twice is met to the letter, not in the sense (case 33).
ONCE_A_DAY = ("支委会", "党员大会", "主题党日", "党小组会", "党课")
# Meetings that are seldom held on a holiday; visits and duty shifts often are.
NOT_ON_HOLIDAYS = ("支委会", "党员大会", "党小组会", "党课")
# A course of so many hours a day fills it from morning to evening.
FULL_DAY_HOURS = 6
OFFICE_HOURS = (8 * 60, 17 * 60 + 30)
_ONLINE = ("网络", "线上", "在线", "远程", "云端", "直播")


class _Span(NamedTuple):
    """From one minute of a day to another; without a known end they are the same."""

    start: int
    end: int

    def meets(self, other: _Span) -> bool:
        first, second = sorted((self, other))
        return first.start == second.start or second.start < first.end


def two_places(scene: Scene) -> Iterator[Sign]:
    """One person in the lists of two activities at overlapping times, or of one while away on a course."""
    for first, second in scene.pairs():
        a, b = first.activity, second.activity
        both = _people(first) & _people(second) if _clash(a, b) else frozenset()
        if both:
            yield sign(f"{a.date} {called(a)}与 {called(b)}时间重叠，两处都有{names(both)}", [first, second])
    for index, training in enumerate(scene.facts.record.training or ()):
        if _fills_days(training):
            yield from _away(scene, training, index)


def _away(scene: Scene, training: Training, index: int) -> Iterator[Sign]:
    end = training.end or training.start
    for held in within(scene.held, training.start, end):
        activity = held.activity
        if not (_in_office_hours(activity) and _apart(activity, training)):
            continue
        both = _people(held) & set(training.names or ())
        if both:
            when = f"{training.start}" + (f" 至 {end}" if end > training.start else "")
            course = f"（{training.organiser}）" if training.organiser else ""
            message = f"{names(both)} {when} 全天参加培训{course}，又列在 {activity.date} {called(activity)}的名单里"
            yield Sign(activity.date, message, (held.path, ("training", index)))


def _people(held: Held) -> frozenset[str]:
    """Everybody an activity places somewhere: those present, the host, the lecturers, the recorder."""
    activity = held.activity
    if "线上学习" in activity.type:
        return frozenset()
    spoken = {activity.host, activity.recorder, *(activity.lecturer or ())} - {None}
    return (held.present or frozenset()) | frozenset(filter(None, spoken))


def _clash(a: Activity, b: Activity) -> bool:
    """Two events at overlapping times. Without two starts nothing is known; at one place, on one topic, or with
    nothing to tell them apart it is one event in two entries."""
    if a.start is None or b.start is None or not _times(a).meets(_times(b)):
        return False
    if a.place and b.place:
        return plain(a.place) != plain(b.place)
    return bool(a.topic and b.topic) and plain(a.topic) != plain(b.topic)


def _times(activity: Activity) -> _Span:
    start, hours = _minute(activity.start or "00:00"), activity.hours
    if activity.end and not activity.until:
        return _Span(start, _minute(activity.end))
    return _Span(start, start + (hours.numerator * 60 // hours.denominator if hours else 0))


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _in_office_hours(activity: Activity) -> bool:
    return activity.start is not None and OFFICE_HOURS[0] <= _minute(activity.start) < OFFICE_HOURS[1]


def _fills_days(training: Training) -> bool:
    """Whether a course is known to take its days whole, somewhere else."""
    words = f"{training.topic or ''}{training.organiser or ''}"
    if any(word in words for word in _ONLINE):
        return False
    length = ((training.end or training.start) - training.start).days + 1
    by_days = training.days is not None and training.days >= length
    return by_days or (training.hours is not None and training.hours >= FULL_DAY_HOURS * length)


def _apart(activity: Activity, training: Training) -> bool:
    """Whether the activity is not the course itself."""
    same = plain(activity.topic) and plain(activity.topic) == plain(training.topic)
    return "培训" not in activity.type and not same


def stacked_at_end(scene: Scene) -> Iterator[Sign]:
    """Several monthly activities in the last days of the audited stretch, the months before them without any."""
    first_late = scene.reach.end - timedelta(days=LAST_DAYS - 1)
    late = {kind: within(scene.of_type(kind), first_late, scene.reach.end) for kind in MONTHLY}
    if sum(map(len, late.values())) < LAST_MEETINGS:
        return
    windows = calendar_windows("month", scene.reach)
    earlier = [w.start for w in windows if w.end < first_late and w.start >= scene.reach.start]
    found: list[Held] = []
    empty: dict[str, int] = {}
    for kind in MONTHLY:
        months = {held.day.replace(day=1) for held in scene.of_type(kind)}
        missed = sum(month not in months for month in earlier)
        if late[kind] and missed >= EMPTY_MONTHS:
            found += [held for held in late[kind] if held not in found]
            empty[kind] = missed
    if len(found) >= LAST_MEETINGS:
        without = "、".join(f"{kind} {count} 个月" for kind, count in empty.items())
        stretch = f"{first_late} 至 {scene.reach.end} 的 {LAST_DAYS} 天里"
        message = f"{stretch}记了 {len(found)} 次每月例行的活动，此前空着的有：{without}"
        yield sign(message, sorted(found, key=lambda held: held.day))


def several_in_one_day(scene: Scene) -> Iterator[Sign]:
    """Several meetings of one type on one day (of one group): different events, as entries alike are one."""
    for kind in ONCE_A_DAY:
        found: dict[tuple[date, tuple[str, ...]], dict[str, Held]] = {}
        times = Counter(held.day for held in scene.of_type(kind))
        for held in scene.of_type(kind) if len(times) < len(scene.of_type(kind)) else ():
            where = (held.day, tuple(sorted(held.activity.group or ())))
            found.setdefault(where, {}).setdefault(_event(held.activity), held)
        for (day, _), events in found.items():
            if len(events) > 1:
                listed = sorted(events.values(), key=lambda held: held.activity.start or "")
                said = "、".join(filter(None, (_told(held.activity) for held in listed)))
                yield sign(f"{day} 一天记了 {len(events)} 次{kind}" + (f"：{said}" if said else ""), listed)


def _event(activity: Activity) -> str:
    return activity.start or plain(activity.topic) or event_key(activity)


def _told(activity: Activity) -> str:
    return " ".join(filter(None, (activity.start, f"《{short(activity.topic)}》" if activity.topic else None)))


def holiday(scene: Scene) -> Iterator[Sign]:
    """Meetings on a public holiday, as far as the calendar of that year is known."""
    for kind in NOT_ON_HOLIDAYS:
        workdays = scene.facts.workdays
        found = [held for held in scene.of_type(kind) if workdays.is_holiday(held.day)]
        if found:
            yield sign(f"{days(found)} 开{kind}，正逢节假日放假", found)


def outside_life(scene: Scene) -> Iterator[Sign]:
    """Activities before the branch was founded, or from the day of its dissolution on."""
    founded, dissolved = scene.facts.branch.founded, scene.facts.branch.dissolved
    early = before(scene.held, founded) if founded else []
    late = after(scene.held, dissolved - ONE_DAY) if dissolved else []
    if early:
        yield sign(f"支部 {founded} 才成立，{days(early)} 已经记有活动", early)
    if late:
        yield sign(f"支部 {dissolved} 撤销，{days(late)} 还记有活动", late)


def after_audit_day(scene: Scene) -> Iterator[Sign]:
    """Activities of the period written as held on a day after the audit day."""
    as_of = scene.facts.as_of
    later = within(after(scene.all_held, as_of), as_of, scene.facts.period.end)
    if later:
        yield sign(f"核查截至 {as_of}，{days(later)} 的活动已经记作“已召开”", later)
