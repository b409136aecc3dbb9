"""What each kind of check says of one window, by trying every number that may be the true one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from oracle.days import Data, Days, day, days_apart, later, span_of, walk
from oracle.evidence import (
    Case,
    Found,
    as_list,
    complete,
    find,
    group_on,
    head_count,
    posts_on,
    roles_of,
    said_for,
)

MANY = 60
LIMITS = ("min", "over", "max", "under")
Subject = tuple[str, Data] | None


class Said(NamedTuple):
    """An outcome, and for kinds that count what was counted for certain."""

    outcome: str
    count: Fraction | int | None = None


class Asked(NamedTuple):
    """One window that a check judges: its name, its days, and the days on which the demand must bind."""

    name: str
    days: list[date]
    bound: Days


# Limits


def limit_at(check: Data, name: str, on: date) -> Fraction | None:
    """A limit in force on a day."""
    value = check.get(name)
    if isinstance(value, dict):
        since = [text for text in value["values"] if day(text) <= on]
        value = value["values"][max(since)] if since else None
    return None if value is None else Fraction(value)


def keeps(check: Data, number: Fraction | int, on: date) -> bool:
    """Whether a number is within the limits: 以上 and 不超过 include it, 超过 and 不足 do not."""
    least, above = limit_at(check, "min", on), limit_at(check, "over", on)
    most, below = limit_at(check, "max", on), limit_at(check, "under", on)
    return (
        (least is None or number >= least)
        and (above is None or number > above)
        and (most is None or number <= most)
        and (below is None or number < below)
    )


def has_number(check: Data, on: date) -> bool:
    """Whether any number of the demand was in force on a day; a demand without numbers always is."""
    named = [name for name in LIMITS if name in check]
    return not named or any(limit_at(check, name, on) is not None for name in named)


def among(check: Data, possible: Iterable[Fraction | int], on: date, *, closed: bool) -> str:
    """The outcome when any of these numbers may be the true one."""
    good = {keeps(check, number, on) for number in possible}
    return "pass" if good == {True} else "fail" if good == {False} else "unknown" if closed else "pending"


# Counting


def weight(check: Data, entry: Data) -> Fraction | None:
    """What one entry adds: one, or the number written in it."""
    if "sum" not in check:
        return Fraction(1)
    return None if check["sum"] not in entry else Fraction(str(entry[check["sum"]]))


def totals(check: Data, found: Found, on: date, *, closed: bool) -> tuple[Fraction | int, list[Fraction | int]]:
    """What is there for certain, and everything it may come to."""
    if "distinct" in check:
        return _different(as_list(check["distinct"]), found, closed=closed)
    weights = [weight(check, entry) for entry in found.yes]
    sure = sum((w for w in weights if w is not None), Fraction(0))
    open_end = not (closed and found.complete) or None in weights
    maybes = [weight(check, entry) for entry in found.maybe]
    if open_end or None in maybes:
        named = [limit_at(check, name, on) for name in LIMITS]
        marks = [mark for mark in named if mark is not None and mark >= sure] if "sum" in check else []
        return sure, [sure, *marks, *(sure + n for n in range(1, MANY)), sure + 10**6]
    reach = [sure]
    for w in maybes:
        reach = [*reach, *(r + (w or 0) for r in reach)]
    return sure, sorted(set(reach))


def _different(fields: list[str], found: Found, *, closed: bool) -> tuple[int, list[Fraction | int]]:
    told, vague = set(), 0
    for entry in found.yes:
        values = tuple(str(entry.get(name, "")).strip() for name in fields)
        if all(name in entry for name in fields):
            told.add(values)
        else:
            vague += 1
    most = len(told) + vague + len(found.maybe) if closed and found.complete else MANY
    least = max(len(told), 1 if vague else 0)
    return least, list(range(least, most + 1))


def counted(check: Data, case: Case, window: list[date], subject: Subject) -> Said:
    """``frequency``, and the counting side of ``limit`` and ``presence``."""
    select = check.get("select") or check["count"]
    last = later(window[-1], check["grace_months"]) if "grace_months" in check else window[-1]
    closed = last <= case.as_of
    if "grace_months" in check:
        mine = [e for e, year in lent(select, case, check["grace_months"]).values() if year == window[0].year]
        reach = [d for d in walk(window[0], last) if d <= case.as_of]
        found = Found(mine, [], complete(select, case, reach))
    else:
        found = find(select, case, window, subject)
    limits = check if check["kind"] != "presence" else {"min": 1}
    sure, possible = totals(limits | check, found, window[0], closed=closed)
    return Said(among(limits, possible, window[0], closed=closed), sure)


def late(check: Data, case: Case) -> dict[str, list[date]]:
    """The year before the period, if its grace runs out in it, or is not over, and all of that year is known."""
    if "grace_months" not in check:
        return {}
    first, last = case.period
    days = walk(date(first.year - 1, 1, 1), date(first.year - 1, 12, 31))
    over = later(days[-1], check["grace_months"])
    told = complete(check["select"], case, days)
    return {str(first.year - 1): days} if told and first <= over and (over <= last or case.as_of < over) else {}


def lent(select: Data, case: Case, grace: int) -> dict[int, tuple[Data, int]]:
    """Each event with its year: the one it is for; else its own, unless it falls into the grace of a year before
    that has no event of its own (case 15). Years are gone through from the first."""
    everything = find(select, case, walk(date(1899, 1, 1), date(2101, 12, 31)), ever=True).yes
    placed: dict[int, tuple[Data, int]] = {}
    years = sorted({day(e["date"]).year for e in everything})
    for year in range(years[0] - 2, years[-1] + 3) if years else ():
        told = [e for e in everything if said_for(e, year)]
        silent = [e for e in everything if "for" not in e and id(e) not in placed]
        own = [e for e in silent if day(e["date"]).year == year]
        late = [e for e in silent if date(year, 12, 31) < day(e["date"]) <= later(date(year, 12, 31), grace)]
        for entry in told + (own or ([] if told else late)):
            placed[id(entry)] = (entry, year)
    return placed


# Numbers of the branch


def quantity(name: str, case: Case, on: date, entry: Data | None = None) -> int | None:
    """A named number, or None where the record does not tell."""
    record = case.record
    if name.startswith("attendance."):
        value = (entry or {}).get("attendance", {}).get(name.partition(".")[2])
        return len(value) if isinstance(value, list) else value
    if name in ("members", "formal_members", "probationary_members"):
        return head_count(record, on, formal={"members": None, "formal_members": True}.get(name, False))
    if name == "groups":
        return len([g for g in record["groups"] if group_on(g, on)]) if "groups" in record else None
    posts = posts_on(record, on)
    if name in ("committee_size", "secretaries", "deputies"):
        if posts is None:
            return None
        role = {"secretaries": "书记", "deputies": "副书记"}.get(name)
        return len({p["name"] for p in posts if role is None or role in roles_of(p)})
    units = record["branch"].get("joint_units")
    if units is None:
        return None
    return len(units) if name == "joint_units" else max(u["formal"] for u in units)


def at_present(check: Data, case: Case, subject: Subject) -> Said:
    """``limit`` of a number as it stands on the audit day."""
    number = quantity(check["of"], case, case.as_of)
    if number is None:
        return Said("unknown")
    return Said("pass" if keeps(check, number, case.as_of) else "fail", number)


# Shares


def share(check: Data, case: Case, window: list[date], entry: Data | None) -> Said:
    """``share``: every part over every whole that may be the true ones; a whole of nothing tells nothing."""
    closed = "per" not in check or window[-1] <= case.as_of
    parts, wholes = (_part(check[side], case, window, entry, closed=closed) for side in ("part", "whole"))
    if not closed:
        return Said("pending")
    if not parts or not wholes or wholes == [0]:
        return Said("unknown")
    ratios = [Fraction(p) / w for p in parts for w in wholes if w]
    outcome = among(check, ratios, window[0], closed=True)
    exact = ratios[0] if len(parts) == len(wholes) == 1 else None
    return Said("unknown" if 0 in wholes else outcome, exact)


def _part(
    asked: str | Data, case: Case, window: list[date], entry: Data | None, *, closed: bool
) -> list[Fraction | int]:
    if isinstance(asked, str):
        number = quantity(asked, case, window[0], entry)
        return [] if number is None else [number]
    found = find(asked, case, window)
    return totals({}, found, window[0], closed=closed)[1] if found.complete else []


# Presence


def present(check: Data, case: Case, window: list[date], subject: Subject) -> Said:
    """``presence`` as things stand: an entry, a filled-in field, or holders of posts."""
    if "field" in check:
        return Said(_filled(check, case.record))
    if "posts" in check:
        held = posts_on(case.record, case.as_of)
        if held is None:
            return Said("unknown")
        return Said("pass" if all(any(role in roles_of(p) for p in held) for role in check["posts"]) else "fail")
    if "within" in check:
        return _once(check, case, span_of(str(check["within"])), subject)
    if check["select"].get("in", "activities") == "activities":
        return _once(check, case, walk(case.period[0], case.as_of), subject)
    series = check["select"]["in"]
    found = find(check["select"], case, [], subject, ever=True)
    if found.yes:
        return Said("pass")
    return Said("unknown" if found.maybe or series not in case.record else "fail")


def _once(check: Data, case: Case, days: list[date], subject: Subject) -> Said:
    found = find(check["select"], case, days, subject)
    if found.yes:
        return Said("pass")
    if days[-1] > case.as_of:
        return Said("pending")
    return Said("fail" if found.complete and not found.maybe else "unknown")


def _filled(check: Data, record: Data) -> str:
    value: object = record
    for step in check["field"].split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if value is None:
        return "unknown"
    if "one_of" in check:
        return "pass" if value in check["one_of"] else check.get("otherwise", "fail")
    return "pass" if value else "fail"


# The agreed day


def fixed(check: Data, case: Case, window: list[date]) -> Said:
    """``fixed_day``: one event of the month on its agreed day, or near enough, or moved with a reason."""
    found = find(check["select"], case, window)
    events = found.yes
    if not events:
        return Said("not_applicable")
    if not _agreed(check, case, window):
        return Said("not_applicable")
    answers = [_on_its_day(check, case, event, window) for event in events]
    if True in answers:
        return Said("pass")
    if window[-1] > case.as_of:
        return Said("pending")
    return Said("unknown" if None in answers or found.maybe else "fail")


def _agreed(check: Data, case: Case, window: list[date]) -> list[date]:
    """The agreed days of a month: a day it lacks is its last."""
    if "slots" in check:
        names = {slot["weekday"] for slot in check["slots"]}
        return [d for d in window if weekday(d) in names]
    if "day" in check:
        return [d for d in window if d.day == check["day"]]
    found = []
    for rule in [announced(case.record, window[-1])]:
        if rule is None:
            continue
        if "day" in rule:
            found = [d for d in window if d.day == rule["day"]] or [window[-1]]
        else:
            of_weekday = [d for d in window if weekday(d) == rule["weekday"]]
            found = of_weekday[rule["nth"] - 1 : rule["nth"]] if "nth" in rule else of_weekday
    return found


def _on_its_day(check: Data, case: Case, event: Data, window: list[date]) -> bool | None:
    held = day(event["date"])
    if "reason" in check.get("shift", ["reason"]) and "shift" in event:
        return True
    for slot in check.get("slots", ()):
        if weekday(held) == slot["weekday"]:
            if "after" not in slot:
                return True
            return None if "start" not in event else event["start"].zfill(5) >= slot["after"]
    near = [d for d in _agreed(check, case, window) if "slots" not in check]
    return any(days_apart(held, d) <= check.get("tolerance", 0) for d in near)


@cache
def weekday(on: date) -> str:
    """The Chinese name of a weekday, counted from a Monday everyone can look up."""
    return "周" + "一二三四五六日"[len(walk(date(1898, 8, 1), on)) % 7 - 1]


def announced(record: Data, on: date) -> Data | None:
    """The branch's own rule for its 主题党日 on a day: the one that began last."""
    known = [r for r in as_list(record["branch"].get("theme_day")) if r.get("from", "0001-01-01") <= on.isoformat()]
    return max(known, key=lambda r: r.get("from", ""), default=None)
