"""Civil dates by example: first and last days, names and labels of windows, lengths of time, what touches what."""

from __future__ import annotations

from datetime import date

import pytest

from dangjian_check.model.calendar import (
    Period,
    Unit,
    Window,
    calendar_windows,
    iso_day,
    month_end,
    months_between,
    parse_length,
    parse_period,
    semester_overlap,
    window_label,
    year_of,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str) -> Period:
    """``2024-01-01..2024-01-31``, without the reader under test."""
    first, _, last = text.partition("..")
    return Period(day(first), day(last or first))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1900-01-01", date(1900, 1, 1)), ("1899-12-31", None), ("2100-12-31", date(2100, 12, 31)),
        ("2101-01-01", None), ("2024-02-30", None), ("2024-2-3", None), ("2024-02-29 ", None),
    ],
)  # fmt: skip
def test_days_of_two_centuries_are_days(text: str, expected: date | None) -> None:
    """From the first to the last, written in full."""
    assert expected == iso_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", "2024-01-01..2024-12-31"), ("2024H1", "2024-01-01..2024-06-30"), ("2024H2", "2024-07-01..2024-12-31"),
        ("2024Q1", "2024-01-01..2024-03-31"), ("2024Q2", "2024-04-01..2024-06-30"),
        ("2024Q3", "2024-07-01..2024-09-30"), ("2024Q4", "2024-10-01..2024-12-31"),
        ("2024-02", "2024-02-01..2024-02-29"), ("2024-12", "2024-12-01..2024-12-31"), ("2024-05-06", "2024-05-06"),
        (" 2024 ", "2024-01-01..2024-12-31"), ("1900", "1900-01-01..1900-12-31"), ("2100", "2100-01-01..2100-12-31"),
        ("2023Q4..2024H1", "2023-10-01..2024-06-30"), ("2024-05-06..2024-05-06", "2024-05-06"),
        ("2024-05..2024", "2024-05-01..2024-12-31"), ("2024..2024-05", "2024-01-01..2024-05-31"),
    ],
)  # fmt: skip
def test_period_is_read_to_its_first_and_last_day(text: str, expected: str) -> None:
    """A range from the first day of the one to the last of the other."""
    assert span(expected) == parse_period(text)


@pytest.mark.parametrize("text", ["1899", "2101", "2024Q4..2024Q1", "2024-05-07..2024-05-06", "..2024", "2024.."])
def test_what_runs_backward_or_out_of_the_years_is_no_period(text: str) -> None:
    """Nor is half a range."""
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("60d", "2024-01-01", "2024-03-01"), ("8w", "2024-01-01", "2024-02-26"), ("3m", "2023-11-30", "2024-02-29"),
        ("1y", "2024-02-29", "2025-02-28"), ("0d", "2024-01-01", "2024-01-01"), (" 2y ", "2024-01-01", "2026-01-01"),
        ("1d", "2100-12-30", "2100-12-31"), ("1d", "2100-12-31", None), ("9999y", "2024-01-01", None),
        ("9999w", "9999-01-01", None), ("12345d", "2024-01-01", None), ("3", "2024-01-01", None),
        ("3h", "2024-01-01", None), ("m", "2024-01-01", None),
    ],
)  # fmt: skip
def test_length_of_time_ends_on_a_day(text: str, start: str, expected: str | None) -> None:
    """Days, weeks, months or years; none that leads out of the years known."""
    assert (day(expected) if expected else None) == parse_length(text, day(start))


WINDOWS: dict[tuple[Unit, str], tuple[str, str]] = {
    ("month", "2024-02-10"): ("2024-02", "2024-02-01..2024-02-29"),
    ("month", "2024-12-31"): ("2024-12", "2024-12-01..2024-12-31"),
    ("quarter", "2024-03-31"): ("2024Q1", "2024-01-01..2024-03-31"),
    ("quarter", "2024-04-01"): ("2024Q2", "2024-04-01..2024-06-30"),
    ("quarter", "2024-12-31"): ("2024Q4", "2024-10-01..2024-12-31"),
    ("half", "2024-06-30"): ("2024H1", "2024-01-01..2024-06-30"),
    ("half", "2024-07-01"): ("2024H2", "2024-07-01..2024-12-31"),
    ("semester", "2024-01-31"): ("2023-autumn", "2023-08-01..2024-01-31"),
    ("semester", "2024-02-01"): ("2024-spring", "2024-02-01..2024-07-31"),
    ("semester", "2024-07-31"): ("2024-spring", "2024-02-01..2024-07-31"),
    ("semester", "2024-08-01"): ("2024-autumn", "2024-08-01..2025-01-31"),
    ("semester", "2024-12-31"): ("2024-autumn", "2024-08-01..2025-01-31"),
    ("year", "2024-12-31"): ("2024", "2024-01-01..2024-12-31"),
}


@pytest.mark.parametrize(("unit", "held"), WINDOWS)
def test_window_of_a_day_has_its_name_and_days(unit: Unit, held: str) -> None:
    """Semesters begin on 1 February and 1 August."""
    name, days = WINDOWS[unit, held]
    expected = span(days)
    assert [Window(expected.start, expected.end, name)] == list(calendar_windows(unit, span(held)))


def test_window_is_listed_if_it_shares_a_day() -> None:
    """Up to one that begins on the last day of the span."""
    months = (window.name for window in calendar_windows("month", span("2024-01-31..2024-03-01")))
    assert ["2024-01", "2024-02", "2024-03"] == [*months]


LABELS = {
    "2024": "2024年", "2024H1": "2024年上半年", "2024H2": "2024年下半年", "2024Q1": "2024年第一季度",
    "2024Q4": "2024年第四季度", "2024-spring": "2024年春季学期", "2024-autumn": "2024年秋季学期",
    "2024-03": "2024年3月", "2024-12": "2024年12月", "state": "现状",
    "2024-01-01..2024-03-31": "2024-01-01至2024-03-31",
    "term:2021-06-15": "2021-06-15起的一届", "gap:2024-01-05": "2024-01-05之后", "on:a1": "活动 a1",
    "other:x": "other:x", "第一学期": "第一学期",
}  # fmt: skip


@pytest.mark.parametrize("name", LABELS)
def test_window_is_called_what_people_call_it(name: str) -> None:
    """A name of another make is left as it is."""
    assert LABELS[name] == window_label(name)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2024-01-01..2024-01-31", "2024-01-31..2024-02-28", (False, True)),
        ("2024-01-01..2024-01-31", "2024-02-01..2024-02-28", (False, False)),
        ("2024-01-01..2024-01-31", "2024-01-01..2024-01-31", (True, True)),
        ("2024-01-01..2024-01-31", "2024-01-02..2024-01-31", (True, True)),
        ("2024-01-01..2024-01-31", "2023-12-31..2024-01-31", (False, True)),
        ("2024-01-01..2024-01-31", "2023-12-01..2024-01-01", (False, True)),
        ("2024-01-01..2024-01-31", "2023-12-01..2023-12-31", (False, False)),
    ],
)
def test_periods_cover_and_overlap_by_their_first_and_last_days(
    first: str, second: str, expected: tuple[bool, bool]
) -> None:
    """Both days belong to a period."""
    a, b = span(first), span(second)
    assert expected == (a.covers(b), a.overlaps(b))
    assert a.overlaps(b) is b.overlaps(a)
    assert [True, True, False] == [a.contains(d) for d in (a.start, a.end, day("2024-02-01"))]


def test_semesters_of_a_school_may_touch_but_not_share_a_day() -> None:
    """The pair that does is told, whatever the order."""
    spring = Window(day("2024-02-20"), day("2024-07-01"), "春")
    autumn, early = (Window(day(text), day("2025-01-10"), "秋") for text in ("2024-07-02", "2024-07-01"))
    assert semester_overlap([autumn, spring]) is None
    assert (spring, early) == semester_overlap([early, spring])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-01-31", "2024-02-29", 1), ("2024-01-31", "2024-02-28", 0), ("2024-01-15", "2025-01-15", 12),
        ("2024-01-15", "2025-01-14", 11), ("2024-01-15", "2023-12-15", -1), ("2024-01-15", "2023-12-14", -2),
    ],
)  # fmt: skip
def test_months_between_two_days_are_whole_ones(start: str, end: str, expected: int) -> None:
    """By the clamping rule."""
    assert expected == months_between(day(start), day(end))


def test_month_and_year_of_a_day() -> None:
    """To their last days."""
    assert [date(2024, 2, 29), date(2023, 2, 28), date(2024, 12, 31)] == [
        month_end(day(text)) for text in ("2024-02-01", "2023-02-28", "2024-12-31")
    ]
    assert span("2024-01-01..2024-12-31") == year_of(day("2024-02-29"))


def test_school_calendar_goes_before_the_built_in_halves_of_the_school_year() -> None:
    """Where it reaches; days it leaves between belong to none, and beyond it the built-in ones go on."""
    own = [Window(day("2024-02-25"), day("2024-07-05"), "春"), Window(day("2024-09-01"), day("2025-01-15"), "秋")]
    found = calendar_windows("semester", span("2024-01-01..2025-03-01"), own[::-1])
    assert ["2023-autumn", "春", "秋", "2025-spring"] == [window.name for window in found]
    assert [] == list(calendar_windows("semester", span("2024-07-06..2024-08-31"), own))
    assert ["秋"] == [window.name for window in calendar_windows("semester", span("2024-09-01"), own)]
    assert ["2024Q3"] == [window.name for window in calendar_windows("quarter", span("2024-09-01"), own)]
