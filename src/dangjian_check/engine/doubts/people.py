"""Numbers and names of those who came: more than there are, sums that do not agree, strangers in the chair."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dangjian_check.engine.doubts.base import GUEST_ROLES, Held, Scene, Sign, days, listed, names, sign
from dangjian_check.model.activity import Activity, Attendance, Person, head_count
from dangjian_check.model.people import people_in
from dangjian_check.model.roster import belongs
from dangjian_check.model.series import Election

# Meetings of members alone. Applicants and the public may come to lectures, theme days and study.
MEMBERS_ONLY = frozenset({"党员大会", "支委会", "党小组会", "组织生活会", "专题组织生活会", "民主评议", "换届选举"})
_PLACES_SHOWN = 4


def above_membership(scene: Scene) -> Iterator[Sign]:
    """More people expected or there, guests apart, than the branch had members on that day."""
    found: dict[tuple[str, int, int], list[Held]] = {}
    for held, attendance, came in scene.attended:
        total = scene.facts.total_on(held.day)
        if total is None or max(attendance.expected or 0, came or 0) <= total:
            continue
        activity = held.activity
        if MEMBERS_ONLY.isdisjoint(activity.type) or activity.joint_with or activity.level == "上级":
            continue
        label, number = ("应到", attendance.expected) if (attendance.expected or 0) > total else ("实到", came or 0)
        found.setdefault((label, number or 0, total), []).append(held)
    for (label, number, total), alike in found.items():
        what = f"，{len(alike)} 次活动" if len(alike) > 1 else f" 的{alike[0].kinds}"
        yield sign(f"{days(alike)}{what}{label} {number} 人，当时支部有党员 {total} 人", alike)


def counts_disagree(scene: Scene) -> Iterator[Sign]:
    """Numbers of one meeting or election that cannot be true together."""
    for attended in scene.attended:
        for said in _disagreements(*attended):
            held = attended.held
            yield sign(f"{held.day} 的{held.kinds}，{said}", [held])
    for index, election in enumerate(scene.facts.record.elections or ()):
        if scene.reach.contains(election.date):
            for said in _misvoted(election):
                yield Sign(election.date, f"{election.date} 的{election.kind}选举，{said}", (("elections", index),))


def _disagreements(held: Held, attendance: Attendance, came: int | None) -> Iterator[str]:
    expected = attendance.expected
    if came is not None and expected is not None:
        away = (head_count(attendance.leave) or 0) + (head_count(attendance.absent) or 0)
        if came > expected:
            yield f"应到 {expected} 人，实到却有 {came} 人"
        elif came + away > expected:
            yield f"应到 {expected} 人，实到、请假和缺席合起来有 {came + away} 人"
    if came is not None and attendance.voting_present is not None and attendance.voting_present > came:
        yield f"实到 {came} 人，有表决权的实到却有 {attendance.voting_present} 人"
    for vote in held.activity.votes if came is not None else ():
        cast = vote.in_favour + (vote.against or 0) + (vote.abstained or 0)
        if cast > (came or 0):
            yield f"实到 {came} 人，表决却有 {cast} 票"
    if isinstance(attendance.present, list):
        yield from _named_twice(attendance, attendance.present)


def _named_twice(attendance: Attendance, present: list[Person]) -> Iterator[str]:
    parts = [part for part in (attendance.leave, attendance.absent) if isinstance(part, list)]
    away = {person.name for part in parts for person in part}
    both = {person.name for person in present if person.name in away}
    if both:
        yield f"{names(both)}既在到会名单里，又在请假或缺席名单里"


def _misvoted(election: Election) -> Iterator[str]:
    most = max((winner.votes or 0 for winner in election.winners or ()), default=0)
    numbers = (
        ("应到", "人", election.expected),
        ("实到", "人", election.present),
        ("收回选票", "张", election.ballots),
        ("当选人得票", "票", most),
    )
    known = [(label, unit, number) for label, unit, number in numbers if number is not None]
    for (label, unit, number), (fewer, of, more) in pairwise(known):
        if more > number:
            yield f"{label} {number} {unit}，{fewer}却有 {more} {of}"


def outsider(scene: Scene) -> Iterator[Sign]:
    """Hosts, recorders and lecturers who are neither members then nor named as guests; each person once."""
    found: dict[str, dict[str, Held]] = {}
    strange = _strange(scene) if scene.facts.record.members is not None else {}
    for held in scene.held if strange else ():
        activity = held.activity
        for role, text in _spoken(activity):
            if text in strange and activity.level != "上级" and not activity.joint_with:
                for name in strange[text] - _known(scene, activity):
                    found.setdefault(name, {}).setdefault(f"{held.day} {held.kinds}（{role}）", held)
    for name, places in sorted(found.items()):
        where = listed(places, _PLACES_SHOWN, "处")
        yield sign(f"{where}写的是{name}，当时的名册里没有，也没有写成列席", list(places.values()))


def _strange(scene: Scene) -> dict[str, frozenset[str]]:
    """What is written of hosts, recorders and lecturers, as far as it names people who were not members on all these
    days: the text, and those people."""
    spoken = [held.activity for held in scene.held]
    texts = {text for a in spoken if a.lecturer for text in a.lecturer}
    texts |= {text for a in spoken for text in (a.host, a.recorder) if text is not None}
    members = {m.name for m in scene.facts.record.members or () if belongs(m, scene.reach)}
    return {text: people for text in texts if (people := people_in(text) - members)}


def _spoken(activity: Activity) -> Iterator[tuple[str, str]]:
    """Each role with what is written for it."""
    if activity.host is not None:
        yield "主持", activity.host
    if activity.recorder is not None:
        yield "记录", activity.recorder
    for text in activity.lecturer or ():
        yield "主讲", text


def _known(scene: Scene, activity: Activity) -> frozenset[str]:
    """The members and holders of posts on that day, and the guests."""
    members = {member.name for member in scene.facts.members_on(activity.date) or ()}
    posts = {held.post.name for held in scene.facts.posts_on(activity.date) or ()}
    guests: set[str] = set()
    if activity.attendance is not None:
        guests = {person.name for person in activity.attendance.guests}
        there = activity.attendance.present
        guests |= {p.name for p in there if p.role in GUEST_ROLES} if isinstance(there, list) else set()
    return frozenset(members | posts | guests)
