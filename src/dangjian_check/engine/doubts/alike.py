"""Entries that resemble each other too much, or contradict each other: topics, lists of names, minutes, twins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

from dangjian_check.engine.doubts.base import (
    Held,
    Scene,
    Sign,
    days,
    missing,
    names,
    plain,
    present,
    short,
    sign,
)
from dangjian_check.model.activity import Activity, head_count
from dangjian_check.model.roster import is_exempt

# Three meetings of one type on different days with the very same wording; two may follow each other (begun, ended).
SAME_TOPICS = 3
# A topic of fewer letters is the name of a routine (政治理论学习, 三月例会), which is rightly the same each time.
TOPIC_LETTERS = 8
# Four meetings with the same people there and the same people away. Two or three happen in one spell of illness or
# one business trip; by the fourth somebody should look whether the list was copied.
SAME_LISTS = 4
# Everybody always there is how small branches are. From ten people on, ten meetings without one absence are unusual:
# with nineteen in twenty coming, all ten of ten come to one meeting in 60 %, to ten in a row in 0.6 % of cases.
FULL_HOUSE = 10
FULL_MEETINGS = 10
# Minutes are kept at the meeting, finished within days. After 30 days the next monthly meeting has already been held,
# so that they were written from memory or for the check.
LATE_DAYS = 30


def same_topic(scene: Scene) -> Iterator[Sign]:
    """The same wording of a topic in several activities of one type (of one group, where groups meet)."""
    found: dict[tuple[str, str, tuple[str, ...]], list[Held]] = {}
    plainly = {topic: plain(topic) for topic in {held.activity.topic for held in scene.held}}
    topics = [plainly[held.activity.topic] for held in scene.held]
    often = {topic for topic, times in Counter(topics).items() if times >= SAME_TOPICS and len(topic) >= TOPIC_LETTERS}
    for held, topic in zip(scene.held, topics, strict=True):
        if topic in often:
            groups = tuple(sorted(held.activity.group)) if held.activity.group else ()
            for kind in held.activity.type:
                found.setdefault((kind, topic, groups), []).append(held)
    for (kind, _, _), alike in found.items():
        times = len({held.day for held in alike})
        if times >= SAME_TOPICS:
            topic = short(min(held.activity.topic or "" for held in alike))
            yield sign(f"{days(alike)}，{times} 次{kind}的主题都是《{topic}》", alike)


def same_attendance(scene: Scene) -> Iterator[Sign]:
    """The same people there and the same people away over several meetings; or everybody, without exception."""
    found: dict[tuple[frozenset[str], frozenset[str]], list[Held]] = {}
    for held in scene.listed:
        there, away = held.present, missing(held.activity)
        if there and not (away and away <= _always_away(scene, held.day)):
            found.setdefault((there, away), []).append(held)
    for (there, away), alike in found.items():
        times = len({held.day for held in alike})
        if away and times >= SAME_LISTS:
            yield sign(f"{days(alike)}，{times} 次活动的到会名单一人不差，没到的也都是{names(away)}", alike)
        elif not away and len(found) == 1 and len(there) >= FULL_HOUSE and times >= FULL_MEETINGS:
            yield sign(f"写了名单的 {times} 次活动，每次都是同样的 {len(there)} 人全到，没有一人请假", alike)


def _always_away(scene: Scene, day: date) -> frozenset[str]:
    """Those who are rightly away for long: members working elsewhere, lost from sight, or exempt."""
    members = scene.facts.members_on(day) or ()
    return frozenset(m.name for m in members if m.mobility != "正常" or is_exempt(m, day))


def late_minutes(scene: Scene) -> Iterator[Sign]:
    """Minutes written long after the meeting, those of one day together."""
    found: dict[date, list[Held]] = {}
    for held, written in scene.minuted:
        if (written - _last_day(held.activity)).days > LATE_DAYS:
            found.setdefault(written, []).append(held)
    for written, late in sorted(found.items()):
        longest = max((written - _last_day(held.activity)).days for held in late)
        count = f"{len(late)} 次活动的记录" if len(late) > 1 else "那次活动的记录"
        most = "最久的隔了" if len(late) > 1 else "隔了"
        yield sign(f"{days(late)}，{count}写于 {written}，{most} {longest} 天", late)


def early_minutes(scene: Scene) -> Iterator[Sign]:
    """Minutes written before the meeting."""
    for held, written in scene.minuted:
        if written < held.day:
            yield sign(f"{held.day} 的{held.kinds}，记录写于会前的 {written}", [held])


def _last_day(activity: Activity) -> date:
    return activity.until or activity.date


def contradicting_twins(scene: Scene) -> Iterator[Sign]:
    """Two entries of one day and type that seem to be one event and differ in what both of them say."""
    for first, second in scene.pairs():
        a, b = first.activity, second.activity
        if _one_event(a, b):
            differences = [label for label, x, y in _told(a, b) if x is not None and y is not None and x != y]
            if differences:
                kinds = "、".join(kind for kind in a.type if kind in b.type)
                yield sign(f"{a.date} 的{kinds}记了两条，{'、'.join(differences)}对不上", [first, second])


def _one_event(a: Activity, b: Activity) -> bool:
    """The same start, or the same topic where the start does not tell them apart."""
    if not set(a.type) & set(b.type) or sorted(a.group or ()) != sorted(b.group or ()):
        return False
    if a.start and b.start:
        return a.start == b.start
    return bool(plain(a.topic)) and plain(a.topic) == plain(b.topic)


def _told(a: Activity, b: Activity) -> Iterator[tuple[str, object, object]]:
    for label, read in _TELLING.items():
        yield label, read(a), read(b)


def _of_attendance(name: str) -> Callable[[Activity], object]:
    return lambda activity: head_count(getattr(activity.attendance, name, None))


_TELLING: dict[str, Callable[[Activity], object]] = {
    "主题": lambda a: plain(a.topic) or None,
    "主持人": lambda a: a.host,
    "记录人": lambda a: a.recorder,
    "主讲人": lambda a: sorted(a.lecturer) if a.lecturer else None,
    "地点": lambda a: plain(a.place) or None,
    "应到人数": _of_attendance("expected"),
    "实到人数": _of_attendance("present"),
    "到会名单": present,
}
