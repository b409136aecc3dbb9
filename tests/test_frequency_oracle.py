"""``frequency`` against an evaluator that knows nothing of windows: it walks the days and counts what it meets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders import key, name_of_window, record_from, rule_from
from dangjian_check.engine.judge import judge
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from strategies import (
    SPELLINGS,
    TYPES,
    Data,
    activities,
    coverages,
    days,
    groups,
    logs,
    maybe,
    reordered,
    seldom,
    spans,
)

DAY = timedelta(days=1)
MANY = 50
YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
STANDARD_TYPE = {word: kind for kind, words in SPELLINGS.items() for word in words} | {"党小组会": "党小组会"}
UNITS = ("month", "quarter", "half", "semester", "year")


# The oracle


def walk(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    while first <= last:
        yield first
        first += DAY


def as_list(value: Any) -> list[Any]:
    """A value that may be written alone, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def listed_windows(unit: str, period: Period, as_of: date) -> dict[str, list[date]]:
    """The days of every window that ends in the period and has begun, and of the one open on the audit day."""
    if as_of < period.start:
        return {}
    found: dict[str, list[date]] = {}
    for day in walk(date(period.start.year - 2, 1, 1), date(max(period.end, as_of).year + 2, 12, 31)):
        found.setdefault(name_of_window(unit, day), []).append(day)
    closes = {n: d for n, d in found.items() if period.start <= d[-1] <= period.end and d[0] <= as_of}
    runs = {n: d for n, d in found.items() if d[0] <= as_of < d[-1] and d[0] <= period.end and d[-1] >= period.start}
    return {name: days for name, days in found.items() if name in closes or name in runs}


def exists(start: str | None, end: str | None, day: date) -> bool:
    """Whether something is there on a day: from its first day, up to but not on the day it ends."""
    return (start is None or date.fromisoformat(start) <= day) and (end is None or day < date.fromisoformat(end))


def in_force(source: Data, day: date) -> bool:
    """Whether the document was in force on a day, its last one included."""
    return source.get("from", "0001-01-01") <= day.isoformat() <= source.get("to", "9999-12-31")


def claimed(record: Data, kind: str, day: date, period: Period, as_of: date) -> bool:
    """Whether the log claims to be complete for a type on one day."""
    if "coverage" not in record:
        first = min((entry["date"] for entry in record.get("activities", ())), default=None)
        since = f"{first[:4]}-01-01" if first else period.start.isoformat()
        return since <= day.isoformat() <= as_of.isoformat()
    yes = False
    for claim in record["coverage"]:
        if claim["from"] <= day.isoformat() <= claim["to"] and (kind in claim.get("types", [kind])):
            if not claim.get("complete", True):
                return False
            yes = True
    return yes


def held_on(record: Data, wanted: set[str], day: date) -> list[Data]:
    """The entries of one day that were really held as one of the wanted types, each event once."""
    events: list[tuple[tuple[Any, ...], set[str], Data]] = []
    for entry in record.get("activities", ()):
        if entry["date"] != day.isoformat() or entry.get("status", "已召开") != "已召开":
            continue
        kinds = {STANDARD_TYPE[word] for word in as_list(entry["type"])} & wanted
        if "joint_with" in entry:
            kinds -= {"支委会", "党员大会"}
        topic = entry["topic"].strip() if "topic" in entry else None
        same = (entry.get("start", "").zfill(5), topic, tuple(as_list(entry.get("group"))))
        twins = [event for event in events if event[0] == same and event[1] & kinds]
        for event in twins:
            events.remove(event)
        if kinds:
            merged = kinds.union(*(event[1] for event in twins))
            events.append((same, merged, twins[0][2] if twins else entry))
    return [entry for _, _, entry in events]


def is_of_group(entry: Data, group: str | None, known: Sequence[str]) -> bool | None:
    """Whether a meeting was the group's; a meeting of no named group can only be that of an only group."""
    if group is None:
        return True
    if "group" in entry:
        return group in as_list(entry["group"])
    return True if len(known) == 1 else None


def keeps(check: Data, count: int, first: date) -> bool:
    """Whether a count is within the limits in force on the first day of the window."""

    def limit(name: str, otherwise: int) -> int:
        value = check.get(name, otherwise)
        if isinstance(value, dict):
            return value["values"][max(day for day in value["values"] if day <= first.isoformat())]
        return value

    return limit("min", 0) <= count <= limit("max", 2 * MANY) and limit("over", -1) < count < limit("under", 2 * MANY)


def outcome_of(record: Data, rule: Data, window: list[date], group: str | None, period: Period, as_of: date) -> str:
    """What can be said of one window (and group): try every count that may be the true one."""
    wanted = set(as_list(rule["check"]["select"]["type"]))
    past = [day for day in window if day <= as_of]
    met = [entry for day in past for entry in held_on(record, wanted, day)]
    answers = [is_of_group(entry, group, [g["id"] for g in record.get("groups", ())]) for entry in met]
    complete = all(claimed(record, kind, day, period, as_of) for kind in wanted for day in past)
    least = answers.count(True)
    most = least + answers.count(None) if complete and past == window else MANY
    good = {keeps(rule["check"], count, window[0]) for count in range(least, most + 1)}
    if good == {True}:
        return "manual" if "judgement" in rule else "pass"
    if rule.get("strength") == "may":
        return "not_applicable"
    if good == {False}:
        return "fail"
    return "unknown" if past == window else "pending"


def oracle(record: Data, rule: Data, period: Period, as_of: date) -> dict[str, str]:
    """The outcome of every window, by ``window`` or ``window/group``."""
    branch, found = record["branch"], {}
    for name, window in listed_windows(rule["check"]["per"], period, as_of).items():
        there = all(exists(branch.get("founded"), branch.get("dissolved"), day) for day in window)
        if not there or not all(in_force(rule.get("source", {}), day) for day in window):
            found[name] = "not_applicable"
        elif "for_each" not in rule:
            found[name] = outcome_of(record, rule, window, None, period, as_of)
        elif not record["groups"]:
            found[name] = "not_applicable"
        else:
            for group in record["groups"]:
                whole = all(exists(group.get("formed"), group.get("dissolved"), day) for day in window)
                outcome = outcome_of(record, rule, window, group["id"], period, as_of) if whole else "not_applicable"
                found[f"{name}/{group['id']}"] = outcome
    return found or {"state": "not_applicable"}


def engine(record: Data, rule: Data, period: Period, as_of: date) -> dict[str, str]:
    """What the engine says of the same."""
    facts = Facts(record_from(record), period, as_of)
    return {key(window): window.outcome.value for window in judge(rule_from(rule), facts).windows}


# Random rules and records


@st.composite
def rules(draw: st.DrawFn, kinds: st.SearchStrategy[Any]) -> Data:
    """A demand on how often, of any strength, in force for some time."""
    number = st.integers(0, 3)
    dated = st.just({"values": {"2015-01-01": 1, "2024-03-05": 2}})
    limits = st.one_of(
        number.map(lambda n: {"min": n}),
        dated.map(lambda values: {"min": values}),
        number.map(lambda n: {"over": n}),
        number.map(lambda n: {"max": n}),
        number.map(lambda n: {"under": n + 1}),
        number.map(lambda n: {"min": 1, "max": n + 1}),
    )
    check = {"kind": "frequency", "select": {"type": draw(kinds)}, "per": draw(st.sampled_from(UNITS))} | draw(limits)
    source = draw(seldom(**{"from": days(date(2023, 1, 1), date(2024, 4, 1)), "to": days(date(2024, 8, 1))}))
    return {"check": check, "source": source} | draw(
        seldom(strength=st.sampled_from(["must", "should", "may"]), judgement=st.just("质量如何"))
    )


@st.composite
def branches(draw: st.DrawFn, entry: st.SearchStrategy[Data]) -> Data:
    """A branch that may have been founded or dissolved on the way, its log and what that claims to hold."""
    branch = draw(seldom(founded=days(date(2023, 1, 1), date(2024, 5, 31)), dissolved=days(date(2024, 8, 1))))
    log = logs(entry, 20) | logs(entry, 24, least=10)
    return {"branch": {"name": "甲"} | branch} | draw(maybe(coverage=coverages(), activities=log))


FEW = ("支委会", "党员大会", "党课")
SPRING = days(date(2024, 1, 20), date(2024, 7, 10))
one_type = st.sampled_from(FEW)
two_types = st.lists(one_type, min_size=2, max_size=2, unique=True)


@given(branches(activities(FEW, when=SPRING) | activities(FEW)), rules(one_type), spans())
def test_one_type_is_counted_as_by_hand(record: Data, rule: Data, span: tuple[Period, date]) -> None:
    """Day by day: coverage, open windows, founding, dissolution, documents in force, what was not held, doubles."""
    assert oracle(record, rule, *span) == engine(record, rule, *span)


@given(branches(activities(FEW, when=SPRING) | activities(FEW)), rules(two_types), spans())
def test_several_types_are_counted_as_by_hand(record: Data, rule: Data, span: tuple[Period, date]) -> None:
    """An activity of both types meets a demand for either once, and absence is proved for both or not at all."""
    assert oracle(record, rule, *span) == engine(record, rule, *span)


@st.composite
def group_records(draw: st.DrawFn) -> Data:
    """A branch with party groups and their meetings, some of which do not say whose they are."""
    listed = draw(groups())
    entry = activities(["党小组会"], [group["id"] for group in listed], SPRING)
    return draw(branches(entry)) | {"groups": listed}


@given(group_records(), rules(st.just("党小组会")), spans())
def test_each_group_is_counted_by_itself_as_by_hand(record: Data, rule: Data, span: tuple[Period, date]) -> None:
    """A group owes the months it lived through, and a meeting of another group is none of its own."""
    each = rule | {"for_each": {"in": "groups"}}

    assert oracle(record, each, *span) == engine(record, each, *span)


# What holds for any rule and record


def meetings(*entries: Data) -> Data:
    """A branch whose log is complete for 2023 to 2025."""
    coverage = [{"from": "2023-01-01", "to": "2025-12-31"}]
    return {"branch": {"name": "甲"}, "coverage": coverage, "activities": list(entries)}


def frequency(per: str, *types: str, **select: Any) -> Data:
    """A demand for at least one in each window."""
    return {"check": {"kind": "frequency", "select": {"type": list(types)} | select, "per": per, "min": 1}}


@given(st.data(), branches(activities(TYPES)), rules(one_type | two_types), spans())
def test_the_order_of_entries_is_irrelevant(
    data: st.DataObject, record: Data, rule: Data, span: tuple[Period, date]
) -> None:
    """A log written in another order is the same log, doubles included."""
    other = data.draw(reordered(record))

    assert engine(record, rule, *span) == engine(other, rule, *span)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["支委会"], ["支委会", "党课"]),
        (["支委会", "党课"], ["支委会", "主题党日"]),
        (["支委会", "党课"], ["党课", "主题党日"]),
        (["支委会", "党课"], ["党课", "微党课"]),
        (["支委会", "党课"], ["主题党日", "集中学习", "党课"]),
    ],
)
def test_a_meeting_written_twice_is_one_whichever_entry_stands_first(first: list[str], second: list[str]) -> None:
    """Two entries of one day that share a kind are one event to a demand for either kind, in either order."""
    entries = [{"date": "2024-01-10", "type": types} for types in (first, second)]
    rule = frequency("year", "支委会", "党课")
    rule["check"] |= {"min": 2}
    expected = {"2024": "fail"}

    assert expected == engine(meetings(*entries), rule, YEAR, YEAR.end)
    assert expected == engine(meetings(*entries[::-1]), rule, YEAR, YEAR.end)


def test_a_doubtful_meeting_written_twice_is_one_doubtful_meeting() -> None:
    """Two groups, one meeting of neither by name, and its copy: at most one can have been held by each."""
    record = meetings(*[{"date": "2024-03-08", "type": "党小组会"}] * 2) | {"groups": [{"id": "g1"}, {"id": "g2"}]}
    rule = frequency("year", "党小组会") | {"for_each": {"in": "groups"}}
    rule["check"] |= {"min": 2}
    expected = {"2024/g1": "fail", "2024/g2": "fail"}

    assert expected == engine(record, rule, YEAR, YEAR.end)


def test_of_two_entries_of_one_lecture_it_does_not_matter_which_stands_first() -> None:
    """Whether a double names the secretary as lecturer counts the same before and after the one that does not."""
    posts = {"committee": {"elected": "2022-06-15", "posts": [{"name": "张三", "post": "书记"}]}}
    bare = {"date": "2024-05-10", "type": "党课"}
    told = bare | {"lecturer": "张三"}
    rule = frequency("year", "党课", lecturer="书记")

    assert engine(meetings(told, bare) | posts, rule, YEAR, YEAR.end) == engine(
        meetings(bare, told) | posts, rule, YEAR, YEAR.end
    )


@given(branches(activities(FEW, when=SPRING) | activities(FEW)), st.sampled_from(UNITS), one_type, spans())
@example(meetings(), "year", "党课", (Period(date(2024, 1, 1), date(2024, 6, 30)), date(2024, 12, 31)))
def test_what_ends_after_the_period_is_never_a_failure(
    record: Data, unit: str, kind: str, span: tuple[Period, date]
) -> None:
    """A window is judged when it ends inside the period: the half-year audit does not find the year wanting."""
    period, as_of = span
    ends = {name: window[-1] for name, window in listed_windows(unit, Period(period.start, as_of), as_of).items()}
    failed = [name for name, outcome in engine(record, frequency(unit, kind), *span).items() if outcome == "fail"]

    assert not [name for name in failed if ends[name] > period.end]


@given(
    branches(activities(FEW, when=SPRING) | activities(FEW)),
    st.sampled_from(UNITS),
    one_type,
    spans(),
    days(date(2024, 1, 1), date(2024, 12, 31)),
)
def test_one_more_meeting_never_makes_a_window_worse(
    record: Data, unit: str, kind: str, span: tuple[Period, date], day: str
) -> None:
    """Under a demand for at least one, a further meeting turns no window into a failure."""
    more = record | {"activities": [*record.get("activities", ()), {"date": day, "type": kind, "topic": "又一次"}]}
    rule = frequency(unit, kind)
    before, after = engine(record, rule, *span), engine(more, rule, *span)

    if "coverage" in record:
        assert before.keys() == after.keys()
        assert not [name for name in before if after[name] == "fail" and before[name] != "fail"]


@pytest.mark.parametrize("as_of", ["2024-12-31", "2025-06-30"])
def test_case_7_a_meeting_held_later_for_the_month_before_does_not_make_it_up(as_of: str) -> None:
    """January's meeting held on 2 February leaves January missed, whatever the entry says it was for (case 7)."""
    record = meetings(
        {"date": "2024-02-02", "type": "支委会", "for": "2024-01"}, {"date": "2024-02-20", "type": "支委会"}
    )
    found = engine(record, frequency("month", "支委会"), YEAR, date.fromisoformat(as_of))

    expected = {"2024-01": "fail", "2024-02": "pass"}

    assert expected == {name: found[name] for name in expected}


def test_a_number_not_yet_in_force_demands_nothing() -> None:
    """A window that begins before the first dated number is not bound by it; it has not been met either."""
    rule = frequency("quarter", "支委会")
    rule["check"] |= {"min": {"values": {"2024-07-01": 1}}}
    expected = {"2024Q1": "not_applicable", "2024Q2": "not_applicable", "2024Q3": "fail", "2024Q4": "fail"}

    assert expected == engine(meetings(), rule, YEAR, YEAR.end)
