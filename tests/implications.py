"""Families of checks that speak of the same things, and complete logs of two years to hold them against."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from dangjian_check.engine.witness import SPAN
from dangjian_check.model.calendar import UNITS, calendar_windows

Data = dict[str, Any]
DAY = timedelta(days=1)
LECTURE: Data = {"type": "党课"}
TAGGED: Data = {"type": "党课", "tags": ["党章"]}
_BOUNDS: list[Data] = [
    {"min": 1},
    {"min": 2},
    {"over": 2},
    {"min": 6},
    {"min": 12},
    {"max": 1},
    {"under": 3},
    {"min": 1, "max": 2},
]


def _frequencies(bounds: list[Data], **more: Any) -> list[Data]:
    return [{"kind": "frequency", "select": LECTURE, "per": per} | b | more for per in UNITS for b in bounds]


def _intervals() -> list[Data]:
    return [{"kind": "interval", "select": LECTURE, "months": n} for n in (1, 2, 3, 4, 5, 6, 7, 12)]


def _presences() -> list[Data]:
    return [{"kind": "presence", "select": LECTURE, "per": per} for per in UNITS]


def _limits() -> list[Data]:
    counts: list[Data] = [
        {"kind": "limit", "count": LECTURE, "per": per} | bounds
        for per in ("month", "quarter", "year")
        for bounds in ({"min": 1}, {"over": 1}, {"max": 2}, {"under": 2}, {"min": 1, "max": 3})
    ]
    bounds: list[Data] = [{"min": 3}, {"over": 3}, {"max": 7}, {"under": 7}, {"min": 3, "under": 7}, {"max": 50}]
    return counts + [{"kind": "limit", "of": of} | b for of in ("members", "formal_members") for b in bounds]


def _shares() -> list[Data]:
    bounds: list[Data] = [
        {"min": "1/2"}, {"over": "1/2"}, {"min": "1/3"}, {"over": "1/3"}, {"max": "1/2"}, {"under": "1/2"},
        {"max": "2/3"}, {"min": "1/3", "max": "1/2"},
    ]  # fmt: skip
    return [
        {"kind": "share", "part": TAGGED, "whole": LECTURE, "per": per} | b
        for per in ("quarter", "year")
        for b in bounds
    ]


def _terms() -> list[Data]:
    tables: list[Data] = [{}, {"村": 5}, {"村": 2}, {"教师": 4, "村": 3}]
    return [{"kind": "term", "years": n, "by_type": table} for n in (2, 3, 4, 5) for table in tables]


def _fields() -> list[Data]:
    choices: list[list[str]] = [[], ["教研室"], ["教研室", "专业"], ["村"]]
    ways = ("fail", "manual")
    basis = [
        {"kind": "presence", "field": "branch.setup_basis", "otherwise": way, "one_of": c}
        for c in choices
        for way in ways
    ]
    posts = [{"kind": "presence", "posts": p} for p in (["书记"], ["书记", "组织委员"], ["组织委员", "宣传委员"])]
    return [*basis, {"kind": "presence", "field": "branch.venue.fixed"}, *posts]


FAMILIES: dict[str, list[Data]] = {
    "frequency and interval": _frequencies(_BOUNDS) + _intervals() + _presences(),
    "different topics": _frequencies(_BOUNDS[:4]) + _frequencies(_BOUNDS[:7], distinct="topic"),
    "sums": _frequencies([{"min": "3/2"}, {"min": 2}, {"min": "9/2"}, {"min": 6}, {"under": 9}], sum="hours"),
    "grace": _frequencies(_BOUNDS[:3]) + _frequencies(_BOUNDS[:3], grace_months=2),
    "limits": _limits(),
    "shares": _shares(),
    "terms": _terms(),
    "fields and posts": _fields(),
}


@st.composite
def logs(draw: st.DrawFn) -> list[date]:
    """Days of two years: so many in each window of a unit, some windows missed or doubled, and a few more."""
    unit = draw(st.sampled_from(UNITS))
    usual = draw(st.sampled_from([0, 1, 1, 2, 3]))
    days: list[date] = []
    for window in calendar_windows(unit, SPAN):
        count = draw(st.sampled_from([usual] * 8 + [0, usual + 1]))
        length = (window.end - window.start).days
        ends = st.sampled_from([0, 0, length, length, length // 2]) | st.integers(0, length)
        days += [window.start + DAY * draw(ends) for _ in range(count)]
    days += draw(st.lists(st.dates(SPAN.start, SPAN.end), max_size=3))
    return sorted({day for day in days if SPAN.contains(day)})


@st.composite
def records(draw: st.DrawFn) -> Data:
    """A branch whose record of 2023 and 2024 is complete."""
    entries = [
        {
            "date": day.isoformat(),
            "type": "党课",
            "topic": draw(st.sampled_from(["甲", "乙", "丙"])),
            "tags": draw(st.sampled_from([["党章"], ["党章"], []])),
            "hours": draw(st.sampled_from([1, "3/2", 2, "1/2"])),
        }
        for day in draw(logs())
    ]
    branch = {"name": "甲"} | draw(
        st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from(["村", "教师", "学生"]),
                "founded": st.sampled_from(["2015-09-01", "2023-01-01", "2023-02-15", "2023-07-01", "2024-01-31"]),
                "setup_basis": st.sampled_from(["教研室", "专业", "年级"]),
                "venue": st.sampled_from([{"fixed": True}, {"fixed": False}]),
            },
        )
    )
    elected = sorted(draw(st.lists(st.dates(date(2017, 1, 1), SPAN.end), min_size=1, max_size=3, unique=True)))
    posts = st.lists(
        st.sampled_from(["书记", "组织委员", "宣传委员", "书记兼组织委员"]), min_size=1, max_size=3, unique=True
    )
    return {
        "branch": branch,
        "coverage": {"from": SPAN.start.isoformat(), "to": SPAN.end.isoformat()},
        "headcount": {"formal": draw(st.integers(1, 9)), "probationary": draw(st.integers(0, 2))},
        "committee": [
            {"elected": day.isoformat(), "posts": [{"name": f"员{n}", "post": p} for n, p in enumerate(draw(posts))]}
            for day in elected
        ],
        "activities": entries,
    }
