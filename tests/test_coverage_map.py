"""Where absence proves something, against plain sets of days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import record_of
from dangjian_check.model.calendar import Period
from dangjian_check.model.coverage import CoverageMap, common, merge, subtract
from dangjian_check.model.record import Record

DAY = timedelta(days=1)
FIRST = date(2023, 12, 20)
TYPES = ("支委会", "党员大会", "党课")
YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
starts = st.integers(0, 40).map(lambda n: FIRST + DAY * n)
periods = st.builds(lambda start, length: Period(start, start + DAY * length), starts, st.integers(0, 15))
lists = st.lists(periods, max_size=6)


def days_of(*spans: Period) -> set[date]:
    """The oracle: every single day of the spans, as a set."""
    return {span.start + DAY * n for span in spans for n in range((span.end - span.start).days + 1)}


@given(lists)
def test_merging_keeps_every_day_and_no_other(spans: list[Period]) -> None:
    """Merged spans hold exactly the days they were made of."""
    assert days_of(*spans) == days_of(*merge(spans))


@given(lists)
def test_merged_spans_are_in_order_with_a_day_between_them(spans: list[Period]) -> None:
    """What overlaps or touches has become one span."""
    assert all(first.end + DAY < second.start for first, second in pairwise(merge(spans)))


@given(lists, st.randoms(use_true_random=False))
def test_merging_does_not_look_at_the_order(spans: list[Period], random: Any) -> None:
    """Claims may be written in any order."""
    shuffled = random.sample(spans, len(spans))

    assert merge(spans) == merge(shuffled)


@given(lists, periods)
def test_subtracting_takes_away_just_the_days_of_the_hole(spans: list[Period], hole: Period) -> None:
    """What is left are the days outside the hole, each span still forward."""
    left = subtract(spans, hole)

    assert days_of(*spans) - days_of(hole) == days_of(*left)
    assert all(span.start <= span.end for span in left)


@st.composite
def claims(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Coverage as it is written: spans, some for named types or series only, some saying "not complete"."""
    named = st.lists(st.sampled_from([*TYPES, "talks", "谈心谈话", "activities", "活动"]), max_size=2, unique=True)
    found = []
    for span in draw(st.lists(periods, min_size=1, max_size=4)):
        claim: dict[str, Any] = {"from": span.start.isoformat(), "to": span.end.isoformat()}
        types, complete = draw(named), draw(st.sampled_from([True, True, False]))
        found.append(claim | ({"types": types} if types else {}) | ({} if complete else {"complete": False}))
    return found


def claimed(written: list[dict[str, Any]], words: set[str], *, kept: bool) -> set[date]:
    """The oracle: days claimed for any of the words, by name or (if the series is kept) in general, less the
    days said not to be complete."""
    sure: set[date] = set()
    doubted: set[date] = set()
    for claim in written:
        days = days_of(Period(date.fromisoformat(claim["from"]), date.fromisoformat(claim["to"])))
        named = bool(words & set(claim.get("types", ())))
        if claim.get("complete", True):
            sure |= days if named or (kept and "types" not in claim) else set()
        else:
            doubted |= days if named or "types" not in claim else set()
    return sure - doubted


def map_of(record: dict[str, Any], period: Period = YEAR, as_of: date = YEAR.end) -> CoverageMap:
    """The coverage of a plain record."""
    return CoverageMap(Record.model_validate({"branch": {"name": "甲"}} | record), period, as_of)


@given(claims(), periods, st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True))
def test_a_log_is_complete_where_each_day_is_claimed_for_each_type(
    written: list[dict[str, Any]], span: Period, types: list[str]
) -> None:
    """A day-by-day oracle agrees on activities: all days, for all the types asked about."""
    known = map_of({"coverage": written})
    expected = all(days_of(span) <= claimed(written, {kind, "activities", "活动"}, kept=True) for kind in types)

    assert expected == known.complete("activities", types, span)


@given(claims(), periods, st.sampled_from([{}, {"talks": []}]))
def test_a_series_left_out_is_complete_only_where_it_is_named(
    written: list[dict[str, Any]], span: Period, series: dict[str, Any]
) -> None:
    """A general claim speaks of what the record keeps; a claim that names a series speaks of that one."""
    known = map_of({"coverage": written} | series)
    expected = days_of(span) <= claimed(written, {"talks", "谈心谈话"}, kept="talks" in series)

    assert expected == known.complete("talks", [], span)


@given(claims(), st.randoms(use_true_random=False), periods, st.sampled_from(TYPES))
def test_claims_may_stand_in_any_order(written: list[dict[str, Any]], random: Any, span: Period, kind: str) -> None:
    """What is said not to be complete holds wherever in the list it is said."""
    shuffled = random.sample(written, len(written))

    assert map_of({"coverage": written}).complete("activities", [kind], span) == map_of({
        "coverage": shuffled
    }).complete("activities", [kind], span)


@given(claims(), periods, periods, st.sampled_from(TYPES))
def test_what_is_complete_is_complete_in_every_part(
    written: list[dict[str, Any]], span: Period, part: Period, kind: str
) -> None:
    """If absence proves something over a span, it does over any shorter one inside it."""
    known = map_of({"coverage": written})
    inside = Period(max(span.start, part.start), min(span.end, part.end))

    if inside.start <= inside.end and known.complete("activities", [kind], span):
        assert known.complete("activities", [kind], inside)


@given(st.lists(starts, min_size=1, max_size=4), starts, periods)
def test_without_a_claim_a_log_is_complete_from_the_year_of_its_first_entry(
    held: list[date], as_of: date, span: Period
) -> None:
    """From 1 January of the first dated entry to the audit day, and the map says that this was assumed."""
    activities = [{"date": day.isoformat(), "type": "党课"} for day in held]
    known = map_of({"activities": activities}, as_of=as_of)
    assumed = {day for day in days_of(span) if date(min(held).year, 1, 1) <= day <= as_of}

    if date(min(held).year, 1, 1) <= as_of:
        assert (days_of(span) == assumed) == known.complete("activities", ["党课"], span)
    assert known.assumed


@pytest.mark.parametrize("record", ["branch: {name: 甲}", "{branch: {name: 甲}, activities: []}"])
def test_an_empty_log_is_complete_for_the_whole_audited_period(record: str) -> None:
    """No entry and no claim: the whole period up to the audit day, and not a day before it."""
    known = CoverageMap(record_of(record), YEAR, date(2024, 10, 15))

    assert known.assumed
    assert known.complete("activities", ["党课"], Period(date(2024, 1, 1), date(2024, 10, 15)))
    assert not known.complete("activities", ["党课"], Period(date(2023, 12, 31), date(2024, 1, 1)))
    assert not known.complete("activities", ["党课"], Period(date(2024, 10, 15), date(2024, 10, 16)))


def test_a_log_that_begins_in_a_later_year_claims_nothing_of_this_one() -> None:
    """The assumption reaches back to 1 January of the first entry's year and no further."""
    later = map_of({"activities": [{"date": "2025-02-01", "type": "党课"}]})

    assert not later.complete("activities", ["党课"], Period(date(2024, 12, 1), date(2024, 12, 31)))


def test_a_series_nobody_keeps_is_never_assumed_complete() -> None:
    """With no claim at all, a series left out proves nothing and an empty one proves that there was nothing."""
    span = Period(date(2024, 3, 1), date(2024, 3, 31))

    assert not map_of({}).keeps("talks")
    assert not map_of({}).complete("talks", [], span)
    assert map_of({"talks": []}).keeps("talks")
    assert map_of({"talks": []}).complete("talks", [], span)


@pytest.mark.parametrize(
    ("types", "expected"),
    [(["支委会"], False), (["党员大会"], False), (["党课"], True)],
)
def test_what_is_said_not_to_be_complete_is_so_for_what_it_names(types: list[str], expected: bool) -> None:
    """A type under any of its names, or a series; and nothing else."""
    whole = {"from": "2024-01-01", "to": "2024-12-31"}
    gap = {"from": "2024-03-01", "to": "2024-03-31", "complete": False}
    known = map_of({
        "coverage": [whole, gap | {"types": ["支部委员会", "支部党员大会", "谈心谈话"]}],
        "talks": [],
        "plans": [],
    })
    march = Period(date(2024, 3, 1), date(2024, 3, 31))

    assert expected is known.complete("activities", types, march)
    assert not known.complete("talks", [], march)
    assert known.complete("plans", [], march)


def test_stretch_lasts_until_its_last_day_and_of_several_types_the_latest_decides() -> None:
    """From the day after, the next stretch is the one that counts; after the last there is none."""
    spring = {"from": "2024-01-01", "to": "2024-06-30", "types": ["支委会", "党课"]}
    autumn = {"from": "2024-09-01", "to": "2024-12-31", "types": ["支委会"]}
    known = map_of({"coverage": [spring, autumn, {"from": "2024-02-01", "to": "2024-12-31", "types": ["党员大会"]}]})

    assert date(2024, 1, 1) == known.since("activities", ["支委会"], date(2024, 6, 30))
    assert date(2024, 9, 1) == known.since("activities", ["支委会"], date(2024, 7, 1))
    assert known.since("activities", ["党课"], date(2024, 7, 1)) is None
    assert date(2024, 2, 1) == known.since("activities", ["支委会", "党员大会"], date(2024, 3, 1))
    assert known.since("activities", ["支委会", "党课"], date(2024, 7, 1)) is None
    assert known.complete("activities", ["支委会"], Period(date(2024, 9, 1), date(2024, 9, 30)))
    assert not known.complete("activities", ["支委会", "党课"], Period(date(2024, 9, 1), date(2024, 9, 30)))


@given(lists, lists)
def test_what_is_common_lies_in_both(one: list[Period], other: list[Period]) -> None:
    """Day by day, as periods apart and in order."""
    first, second = merge(one), merge(other)
    shared = common(first, second)

    assert days_of(*first) & days_of(*second) == days_of(*shared)
    assert all(a.end < b.start for a, b in pairwise(shared))
