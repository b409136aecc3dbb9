"""What is found quickly is what is found slowly: the order of entries, who belonged on a day, holidays, plain texts."""

from __future__ import annotations

import json
import sys
import unicodedata
from datetime import date, timedelta
from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import WORKDAYS, record_from
from dangjian_check.engine.doubts.base import Scene, plain
from dangjian_check.engine.doubts.order import compared
from dangjian_check.model.activity import Activity, all_it_says
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.roster import belongs, is_formal
from strategies import Data, both, detailed_activities, maybe, members, records, spans

DAY = timedelta(days=1)
DAYS = st.dates(date(2023, 9, 1), date(2025, 3, 1))
# Words that JSON writes in its own way, or that begin alike.
WORDS = st.sampled_from(["甲", "甲 乙", "甲!", '甲"', "甲\\", "甲\n乙", "A", "a", "é", "😀", "1", "12"])
PEOPLE = st.lists(WORDS | st.builds(lambda name: {"name": name, "as": "上级"}, WORDS), max_size=3)
COUNTS = st.sampled_from([0, 1, 12, 123]) | PEOPLE
ATTENDANCE = maybe(
    present=COUNTS,
    absent=COUNTS,
    guests=PEOPLE,
    expected=st.sampled_from([1, 12, 123]),
    voting_present=st.sampled_from([1, 12, 123]),
)
VOTES = st.lists(
    st.fixed_dictionaries({"matter": WORDS, "for": st.sampled_from([1, 12])}, optional={"passed": st.booleans()}),
    max_size=2,
)
SAID = maybe(
    attendance=ATTENDANCE,
    votes=VOTES,
    topic=WORDS,
    tags=st.lists(WORDS, max_size=2),
    hours=st.sampled_from([1, 12, "1/3"]),
    until=st.sampled_from(["2024-03-06", "2024-03-07"]),
    minutes=maybe(written=st.sampled_from(["2024-03-06", "2024-04-06"])),
    remark=WORDS,
    **{"for": st.sampled_from(["2024", "2024-03"])},
)
SHARED = st.fixed_dictionaries({"date": st.just("2024-03-05"), "type": st.sampled_from(["党课", "调研"])})


def sign_of(number: int) -> int:
    return (number > 0) - (number < 0)


@given(both(SHARED, SAID), both(SHARED, SAID) | detailed_activities(), st.booleans())
def test_entries_are_ordered_by_all_they_say(first: Data, second: Data, same: bool):
    """The first difference decides as the whole text would; two that say the same are equal."""
    one = Activity.model_validate(first)
    other = Activity.model_validate(first | {"remark": "重录", "id": "x"} if same else second)
    a, b = all_it_says(one), all_it_says(other)
    assert sign_of(compared(one, other)) == (a > b) - (a < b)
    assert sign_of(compared(other, one)) == (a < b) - (a > b)


@given(both(SHARED, SAID))
def test_what_an_entry_says_is_its_data_but_for_remarks(said: Data):
    """As Pydantic would write it."""
    entry = Activity.model_validate(said)
    assert entry.model_dump(mode="json", exclude={"id", "remark", "evidence"}) == json.loads(all_it_says(entry))


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ({"attendance": {"voting_present": 123}}, {"attendance": {"voting_present": 12}}),
        ({"attendance": {"expected": 12}}, {"attendance": {"expected": 123}}),
        ({"attendance": {"absent": []}}, {"attendance": {"absent": ["甲"]}}),
        ({"attendance": {"absent": ["甲", "乙"]}}, {"attendance": {"absent": ["甲"]}}),
        ({"topic": "甲 乙"}, {"topic": "甲"}),
    ],
)
def test_order_is_that_of_the_written_text(before: Data, behind: Data):
    """Where a value is the beginning of another, the mark behind it decides."""
    day = {"date": "2024-03-05", "type": "党课"}
    first, second = Activity.model_validate(day | before), Activity.model_validate(day | behind)
    assert compared(first, second) < 0 < compared(second, first)
    assert all_it_says(first) < all_it_says(second)
    assert [first, second] == sorted([second, first], key=cmp_to_key(compared))


@given(record=records(), span=spans())
def test_activities_of_a_scene_are_those_held_in_order(record: Data, span: tuple[Period, date]):
    """By day, then by all they say, up to the audit day; of one type, and in pairs of one day, all there are."""
    scene = Scene(Facts(record_from(record), *span, WORKDAYS))
    period, as_of = span
    log = scene.facts.record.activities or []
    wanted = [a for a in log if a.status == "已召开" and period.start <= a.date <= min(period.end, as_of)]
    held = [held.activity for held in scene.held]
    assert sorted((a.date, all_it_says(a)) for a in wanted) == [(a.date, all_it_says(a)) for a in held]
    assert [a for a in held if "党课" in a.type] == [one.activity for one in scene.of_type("党课")]
    assert [(a, b) for n, a in enumerate(held) for b in held[n + 1 :] if a.date == b.date] == [
        (one.activity, other.activity) for one, other in scene.pairs()
    ]


@given(rows=members(), days=st.lists(DAYS, min_size=1, max_size=8), confirmed=st.lists(DAYS, max_size=5))
def test_roster_on_a_day_is_what_each_member_says(rows: list[Data], days: list[date], confirmed: list[date]):
    """Whatever was asked before, and on the very days of change."""
    for row, day in zip(rows, confirmed, strict=False):
        row["confirmed"] = day.isoformat()
    record = record_from({"branch": {"name": "甲"}, "members": rows})
    facts = Facts(record, Period(days[0], days[0]), days[0])
    turns = [day for m in record.members or () for day in (m.start, m.end, m.confirmed) if day is not None]
    for day in [*days, *turns, *(turn - DAY for turn in turns)]:
        there = [m for m in record.members or () if belongs(m, Period(day, day))]
        assert there == list(facts.members_on(day) or ())
        assert (len(there), sum(is_formal(m, day) for m in there)) == (facts.total_on(day), facts.formal_on(day))


@given(record=records(), span=spans(), kinds=st.lists(st.sampled_from(["党课", "支委会", "党员大会"]), max_size=3))
def test_asking_facts_changes_no_answer(record: Data, span: tuple[Period, date], kinds: list[str]):
    """An activity counts for each of its types for which it is not refused, the second time as the first."""
    facts = Facts(record_from(record), *span, WORKDAYS)
    refused = {(r.fact.index, r.kind) for r in facts.rejected}
    log = facts.record.activities or []
    expected = [n for n, a in enumerate(log) if any(kind in kinds and (n, kind) not in refused for kind in a.type)]
    for _ in range(2):
        assert expected == sorted(fact.index for fact in facts.held(kinds))
        assert len(log) == len({f.index for f in facts.all_held()} | {index for index, _ in refused})
        assert refused == {(r.fact.index, r.kind) for r in facts.rejected}


@pytest.mark.parametrize("year", [2024, 2025, 2049])
def test_holiday_is_a_break_with_a_day_of_the_week_in_it(year: int):
    """Day by day: the days off around it, as far as the calendar knows; an unknown year has none."""

    def naive(day: date) -> bool:
        if not WORKDAYS.is_off(day):
            return False
        first = last = day
        while WORKDAYS.is_off(first - DAY):
            first -= DAY
        while WORKDAYS.is_off(last + DAY):
            last += DAY
        return any((first + DAY * n).weekday() < 5 for n in range((last - first).days + 1))

    for day in (date(year, 1, 1) + DAY * n for n in range(365)):
        assert naive(day) == WORKDAYS.is_holiday(day) == WORKDAYS.is_holiday(day)


def test_plain_text_keeps_letters_and_numbers_of_every_script():
    """Every character there is, by its category."""
    every = [chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n <= 0xDFFF]

    def wanted(char: str) -> Any:
        folded = unicodedata.normalize("NFKC", char).casefold()
        return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")

    assert [] == [char for char in every if wanted(char) != plain(char)]
    assert "abc甲1" == plain(" \uff21\uff22-c（甲）1。")
