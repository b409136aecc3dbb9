"""What a record holds: who was there on a day, which entries count, and for which days it claims to hold everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from oracle.days import Data, day, span_of, walk

ALIASES = {
    "支部委员会会议": "支委会", "支部大会": "党员大会", "上党课": "党课", "微党课": "党课", "党日活动": "主题党日",
    "政治学习": "集中学习", "小组会": "党小组会",
}  # fmt: skip
QUARTER = 81  # days, at least, of a window to which a meeting may belong by what it is for
UNEVEN = 3  # days by which a quarter or half may be longer than another
OWN_BODIES = {"支委会", "党员大会"}
DATED_BY = {"activities": "date", "talks": "date", "discipline": "decided", "documents": "date", "plans": "made",
            "training": "from", "notices": "date", "elections": "date", "commitments": "date"}  # fmt: skip
SERIES_IN_CHINESE = {"talks": "谈心谈话", "discipline": "处分与师德", "documents": "文件材料", "plans": "计划",
                     "activities": "活动", "training": "培训", "notices": "上级通知"}  # fmt: skip


def as_list(value: Any) -> list[Any]:
    """A value that may be written alone, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(entry: Data) -> set[str]:
    """The types of an activity by their standard names."""
    return {ALIASES.get(word, word) for word in as_list(entry["type"])}


def kinds_of(entry: Data) -> set[str]:
    """The types an activity may count as: 支委会 and 党员大会 are never held with another branch."""
    found = types_of(entry)
    return found - OWN_BODIES if "joint_with" in entry else found


def day_of(series: str, entry: Data) -> date | None:
    """The day that places an entry."""
    text = entry.get(DATED_BY[series])
    return None if text is None else day(text)


# Coverage


def claimed_days(record: Data, series: str, kind: str | None, period: tuple[date, date], as_of: date) -> set[date]:
    """The days for which the record claims to hold every entry of a series (for activities, of a type)."""
    words = {kind} if series == "activities" else {series, SERIES_IN_CHINESE[series]}
    kept = series == "activities" or series in record
    if not record.get("coverage"):
        log = [entry["date"] for entry in record.get("activities", ())]
        since = date(int(min(log)[:4]), 1, 1) if log else period[0]
        return set(walk(min(since, as_of), as_of)) if kept else set()
    whole: set[date] = set()
    holes: set[date] = set()
    for claim in record["coverage"]:
        spelled = {ALIASES.get(word, word) for word in claim.get("types", ())}
        if claim.get("types") and spelled.isdisjoint(words | ({"activities", "活动"} if kind else set())):
            continue
        if claim.get("complete", True) and not claim.get("types") and not kept:
            continue
        (whole if claim.get("complete", True) else holes).update(walk(day(claim["from"]), day(claim["to"])))
    return whole - holes


# People and bodies


def member_on(member: Data, on: date) -> bool:
    """Whether someone belonged to the branch that day; on the day of leaving no more."""
    start, end = member.get("from", member.get("admitted")), member.get("to")
    return (start is None or day(start) <= on) and (end is None or on < day(end))


def formal_on(member: Data, on: date) -> bool:
    """Whether someone was a full member that day: from the day of confirmation."""
    return day(member["confirmed"]) <= on if "confirmed" in member else member["status"] == "正式"


def head_count(record: Data, on: date, *, formal: bool | None = None) -> int | None:
    """How many members there were; ``formal`` True counts the full ones, False the probationary."""
    if "members" in record:
        there = [m for m in record["members"] if member_on(m, on)]
        return len([m for m in there if formal is None or formal_on(m, on) is formal])
    if "headcount" not in record:
        return None
    full, rest = record["headcount"]["formal"], record["headcount"].get("probationary", 0)
    return full + rest if formal is None else full if formal else rest


def terms(record: Data) -> list[Data]:
    """The 届 in order of election."""
    return sorted(as_list(record.get("committee")), key=lambda term: term.get("elected", ""))


def term_on(record: Data, on: date) -> Data | None:
    """The 届 in office on a day."""
    return next((t for t in reversed(terms(record)) if "elected" not in t or day(t["elected"]) <= on), None)


def posts_on(record: Data, on: date) -> list[Data] | None:
    """Who held which post that day; None if nobody wrote it down."""
    term = term_on(record, on)
    if term is None or not term.get("posts"):
        return None
    return [
        post
        for post in term["posts"]
        if ("since" not in post or day(post["since"]) <= on) and ("until" not in post or on <= day(post["until"]))
    ]


def roles_of(post: Data) -> set[str]:
    """The roles in a post as written: 书记兼组织委员 is both, and 委员 besides."""
    found = set(post["post"].split("兼"))
    return found | ({"委员"} if any(word.endswith("委员") for word in found) else set())


def speaks_as(post: Data) -> set[str]:
    """The roles in which someone lectures: who acts for the secretary does so as secretary."""
    return roles_of(post) | ({"书记"} if post.get("acting") else set())


def committee_on(record: Data, on: date, as_of: date, by: date) -> bool | None:
    """Whether there was a 支委会 that day: as said, else by the posts, else by the log. Of the time before the first
    届 written down nothing is known, unless it is said when the 支委会 was formed, or one was held ``by`` then."""
    known, term = terms(record), term_on(record, on)
    formed = next((t["formed"] for t in known if "formed" in t), None)
    if formed is not None and on < day(formed):
        return False
    if term is not None and "exists" in term:
        return bool(term["exists"])
    if term is not None and term.get("posts"):
        return any("委员" in roles_of(post) for post in term["posts"])
    log = [e for e in record.get("activities", ()) if e.get("status", "已召开") == "已召开"]
    met = any("支委会" in types_of(e) and day(e["date"]) <= (by if term is None else as_of) for e in log)
    return True if met or (term is None and formed is not None) else None


def group_on(group: Data, on: date) -> bool:
    """Whether a party group existed that day; on the day it was dissolved no more."""
    formed, ended = group.get("formed"), group.get("dissolved")
    return (formed is None or day(formed) <= on) and (ended is None or on < day(ended))


def groups_known(record: Data) -> bool:
    """Whether the record tells which party groups there are: meetings without a list do not."""
    return "groups" in record or not any("党小组会" in kinds_of(e) for e in record.get("activities", ()))


# Which entries count


class Found(NamedTuple):
    """The events that count, those that may, and whether there can be no others."""

    yes: list[Data]
    maybe: list[Data]
    complete: bool


class Case(NamedTuple):
    """One record held against the clock."""

    record: Data
    period: tuple[date, date]
    as_of: date
    claims: dict[Any, set[date]]


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """False if any is false, else unknown if any is unknown."""
    seen = list(answers)
    return False if False in seen else None if None in seen else True


def _tagged(select: Data, entry: Data) -> bool | None:
    wanted = as_list(select["tags"])
    written = [*as_list(entry.get("tags")), entry.get("topic", ""), *as_list(entry.get("agenda"))]
    if any(tag in text for tag in wanted for text in written):
        return True
    return False if "tags" in entry else None


def _lectured(select: Data, entry: Data, case: Case) -> bool | None:
    if "lecturer" not in entry:
        return None
    posts = posts_on(case.record, day(entry["date"]))
    if posts is None:
        return None
    return any(p["name"] in as_list(entry["lecturer"]) and select["lecturer"] in speaks_as(p) for p in posts)


def _of_group(select: Data, entry: Data, group: Data, case: Case) -> bool | None:
    if "group" in entry:
        return not {group["id"], group.get("name", group["id"])}.isdisjoint(as_list(entry["group"]))
    if select.get("by") == "group_or_branch" and "党小组会" not in kinds_of(entry):
        return True
    return True if len(case.record["groups"]) == 1 else None


def _of_member(series: str, entry: Data, member: Data) -> bool | None:
    if series == "talks":
        return member["name"] in entry["between"]
    if series != "activities":
        return member["name"] in as_list(entry.get("name"))
    present = entry.get("attendance", {}).get("present")
    if not isinstance(present, list):
        return None
    return member["name"] in present


def matches(select: Data, entry: Data, case: Case, subject: tuple[str, Data] | None) -> bool | None:
    """Whether an entry is of the selection, leaving time aside; None where a field it would take is not written."""
    series = select.get("in", "activities")
    answers: list[bool | None] = []
    if "kind" in select:
        answers.append(None if "kind" not in entry else entry["kind"] in as_list(select["kind"]))
    if "tags" in select:
        answers.append(_tagged(select, entry))
    if "lecturer" in select:
        answers.append(_lectured(select, entry, case))
    if subject is not None:
        kind, item = subject
        answers.append(_of_group(select, entry, item, case) if kind == "group" else _of_member(series, entry, item))
    return all_of(answers)


def _belongs(series: str, entry: Data, window: list[date]) -> bool | None:
    """By the period an entry is for, unless that is longer than the window; in less than a quarter a meeting goes by
    its day. A paper for several years belongs to each of them. An entry without a day may belong anywhere."""
    on, length = day_of(series, entry), len(window)
    if "for" in entry and not (series == "activities" and length < QUARTER):
        meant = span_of(str(entry["for"]))
        if len(meant) <= length + UNEVEN or (len(meant) > 366 and length >= 365):
            return set(meant) <= set(window) or set(window) <= set(meant)
    return None if on is None else window[0] <= on <= window[-1]


def _same_event(entry: Data) -> tuple[Any, ...]:
    topic = entry["topic"].strip() if "topic" in entry else None
    hour = entry["start"].zfill(5) if "start" in entry else None
    return entry["date"], hour or "", topic or "", tuple(sorted(as_list(entry.get("group"))))


def events(series: str, entries: list[tuple[Data, set[str]]]) -> Iterator[list[Data]]:
    """The entries of each event: alike in day, hour, topic and group, and linked by kinds they share. Of other series
    every line is one of its own."""
    if series != "activities":
        yield from ([entry] for entry, _ in entries)
        return
    keyed = sorted(entries, key=lambda pair: _same_event(pair[0]))
    for _, alike in groupby(keyed, key=lambda pair: _same_event(pair[0])):
        heaps: list[tuple[set[str], list[Data]]] = []
        for entry, kinds in alike:
            linked = [heap for heap in heaps if heap[0] & kinds]
            heaps = [heap for heap in heaps if heap not in linked]
            heaps.append((kinds.union(*(h[0] for h in linked)), [e for h in linked for e in h[1]] + [entry]))
        yield from (heap[1] for heap in heaps)


def find(select: Data, case: Case, window: list[date], subject: tuple[str, Data] | None = None,
         ever: bool = False) -> Found:  # fmt: skip
    """The events of a window known by the audit day, and whether the log would show any other one."""
    series = select.get("in", "activities")
    wanted = {ALIASES.get(word, word) for word in as_list(select.get("type"))}
    barred = {ALIASES.get(word, word) for word in as_list(select.get("not_type"))}
    held: list[tuple[Data, set[str]]] = []
    doubtful: list[Data] = []
    for entry in case.record.get(series, ()):
        on = day_of(series, entry)
        if on is not None and on > case.as_of:
            continue
        kinds = kinds_of(entry) if series == "activities" else {""}
        if series == "activities" and types_of(entry) & barred:
            continue
        if entry.get("status", "已召开") != "已召开" or (wanted and not kinds & wanted):
            continue
        placed = on is not None or None if ever else _belongs(series, entry, window)
        if placed is not False:
            held.append((entry, kinds & wanted if wanted else kinds))
            doubtful += [entry] if placed is None else []
    yes, maybe = [], []
    for event in events(series, held):
        answers = [all_of([matches(select, e, case, subject), None if e in doubtful else True]) for e in event]
        if True in answers:
            yes.append(event[answers.index(True)])
        elif None in answers:
            maybe.append(event[answers.index(None)])
    return Found(yes, maybe, complete(select, case, [d for d in window if d <= case.as_of]))


def covered(select: Data, case: Case) -> set[date]:
    """The days claimed for every kind selected."""
    series = select.get("in", "activities")
    kinds: list[str | None] = [ALIASES.get(w, w) for w in as_list(select.get("type"))] or [None]
    for kind in kinds:
        if (series, kind) not in case.claims:
            case.claims[series, kind] = claimed_days(case.record, series, kind, case.period, case.as_of)
    return set.intersection(*(case.claims[series, kind] for kind in kinds))


def complete(select: Data, case: Case, days: list[date]) -> bool:
    """Whether every one of the days is claimed."""
    claimed = covered(select, case)
    return all(on in claimed for on in days)


def said_for(entry: Data, year: int) -> bool:
    """Whether an entry says that it is for a year or a part of it."""
    return "for" in entry and all(on.year == year for on in span_of(str(entry["for"])))
