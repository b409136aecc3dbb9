"""Window arithmetic against a calendar counted one day at a time."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import name_of_window
from dangjian_check.model.calendar import (
    FIRST_DAY,
    LAST_DAY,
    UNITS,
    Period,
    Unit,
    Window,
    add_months,
    calendar_windows,
    iso_day,
    months_between,
    parse_period,
    window_label,
)
from dangjian_check.model.consistency import clashes
from dangjian_check.model.record import Record

DAY = timedelta(days=1)
days = st.dates(date(1950, 1, 1), date(2050, 12, 31))
lengths = st.integers(0, 1500).map(timedelta)
spans = st.builds(lambda start, length: Period(start, start + length), days, lengths)
units = st.sampled_from(UNITS)


def days_of(period: Period) -> list[date]:
    """Every single day of a period."""
    return [period.start + DAY * n for n in range((period.end - period.start).days + 1)]


def months_later(day: date, months: int) -> date:
    """The oracle: count months on the fingers, then step back from days the month does not have."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in {0, 13}:
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@given(units, spans)
def test_windows_tile_the_calendar_without_gap_or_overlap(unit: Unit, span: Period) -> None:
    """Every day from the first window to the last lies in exactly one window, and every asked day among them."""
    windows = list(calendar_windows(unit, span))
    counted = Counter(day for window in windows for day in days_of(window))

    assert counted.keys() >= set(days_of(span))
    assert {1} == set(counted.values())
    assert len(counted) == (windows[-1].end - windows[0].start).days + 1


@given(units, spans)
def test_windows_come_in_order_and_share_a_day_with_what_was_asked(unit: Unit, span: Period) -> None:
    """Windows are listed by date, and none is listed that does not touch the span."""
    windows = list(calendar_windows(unit, span))

    assert windows == sorted(windows)
    assert all(window.overlaps(span) for window in windows)


@given(units, spans)
def test_each_window_is_exactly_the_days_of_its_name(unit: Unit, span: Period) -> None:
    """A day-by-day oracle gives every day of a window its name, and the days around it another."""
    for window in calendar_windows(unit, span):
        assert {window.name} == {name_of_window(unit, day) for day in days_of(window)}
        assert window.name not in {name_of_window(unit, window.start - DAY), name_of_window(unit, window.end + DAY)}


@given(spans)
def test_names_are_unique_across_windows_and_units(span: Period) -> None:
    """No two windows of any units bear one name, so a name in a fingerprint means one period."""
    names = [window.name for unit in UNITS for window in calendar_windows(unit, span)]

    assert len(names) == len(set(names))


@given(units, spans, st.data())
def test_a_window_is_the_same_whatever_span_it_was_asked_for(unit: Unit, span: Period, data: st.DataObject) -> None:
    """The window of a day does not depend on the audit that met it."""
    day = data.draw(st.sampled_from(days_of(span)))
    alone = list(calendar_windows(unit, Period(day, day)))

    assert alone == [window for window in calendar_windows(unit, span) if window.contains(day)]


@given(days, st.integers(-600, 600))
def test_adding_months_clamps_to_the_end_of_a_shorter_month(day: date, months: int) -> None:
    """The same day of the month so many months away, or that month's last day if it has no such day."""
    assert months_later(day, months) == add_months(day, months)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [("2023-11-30", 3, "2024-02-29"), ("2024-11-30", 3, "2025-02-28"), ("2024-02-29", 36, "2027-02-28")],
)
def test_thirty_november_and_three_months_is_the_end_of_february(start: str, months: int, expected: str) -> None:
    """The worked examples of month ends: never 2 March, never ninety days."""
    assert date.fromisoformat(expected) == add_months(date.fromisoformat(start), months)


@given(days, st.integers(-600, 600))
def test_months_between_undoes_adding_months(day: date, months: int) -> None:
    """From a day to itself so many months later is just so many months, clamped or not."""
    assert months == months_between(day, add_months(day, months))


@given(days, days)
def test_months_between_is_the_most_that_fit(start: date, end: date) -> None:
    """So many months from the start have gone by at the end, and one more has not."""
    count = months_between(start, end)

    assert months_later(start, count) <= end < months_later(start, count + 1)


@given(st.sampled_from(["month", "quarter", "half", "year"]), spans)
def test_the_name_of_a_calendar_window_reads_back_as_its_days(unit: Unit, span: Period) -> None:
    """What a report prints as a window can be given to ``--period``."""
    for window in calendar_windows(unit, span):
        assert Period(window.start, window.end) == parse_period(window.name)


@given(st.sampled_from(["month", "quarter", "half", "year"]), units.filter(lambda u: u != "semester"), spans)
def test_a_range_runs_from_the_first_day_of_one_to_the_last_of_the_other(first: Unit, last: Unit, span: Period) -> None:
    """``A..B`` is read from the start of A to the end of B; written backwards it is no period."""
    start, end = next(calendar_windows(first, span)), list(calendar_windows(last, span))[-1]
    forward = Period(start.start, end.end) if start.start <= end.end else None
    backward = Period(end.start, start.end) if end.start <= start.end else None

    assert forward == parse_period(f"{start.name}..{end.name}")
    assert backward == parse_period(f"{end.name}..{start.name}")


@given(spans)
def test_any_two_days_in_order_are_a_period(span: Period) -> None:
    """A period written as two days, or one, means those days and all between."""
    assert span == parse_period(f"{span.start.isoformat()}..{span.end.isoformat()}")
    assert Period(span.start, span.start) == parse_period(span.start.isoformat())


@given(st.text(alphabet="0123456789-.HQ/年月 \n\uff12", max_size=22))
def test_what_is_read_as_a_period_runs_forward_within_two_centuries(text: str) -> None:
    """Any other text is no period; nothing half-understood gets through."""
    period = parse_period(text)

    assert period is None or FIRST_DAY <= period.start <= period.end <= LAST_DAY


@pytest.mark.parametrize(
    "text",
    [
        "", "..", "2024..", "..2024", "24", "2024-3", "2024-00", "2024-13", "2024H0", "2024H3", "2024Q0", "2024Q5",
        "2024h1", "\uff12\uff10\uff12\uff14", "2024-02-30", "2023-02-29", "1899", "2101", "2024-12..2024-03",
        "2024...2025", "2024-spring", "2024年", "2024/3",
    ],
)  # fmt: skip
def test_a_period_nobody_can_mean_is_none(text: str) -> None:
    """Impossible, backward, unfinished and loosely written periods are refused, not guessed."""
    assert parse_period(text) is None


@given(days)
def test_a_day_reads_back_from_its_iso_form(day: date) -> None:
    """Every day written as ISO is that day."""
    assert day == iso_day(day.isoformat())


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(1, 31))
def test_a_day_the_calendar_lacks_is_no_day(year: int, month: int, number: int) -> None:
    """A day is read exactly when its month has it; 30 February is never moved to March."""
    real = number <= monthrange(year, month)[1]

    assert (date(year, month, number) if real else None) == iso_day(f"{year}-{month:02d}-{number:02d}")


@given(spans)
def test_labels_tell_windows_apart_and_are_chinese(span: Period) -> None:
    """People read a label of their own language for each window, never the same for two."""
    names = [window.name for unit in UNITS for window in calendar_windows(unit, span)]
    labels = [window_label(name) for name in names]

    assert len(names) == len(set(labels))
    assert not any(character.isascii() and character.isalpha() for label in labels for character in label)


@pytest.mark.parametrize("name", ["2024春", "秋季学期", "第一学期", "2024-2025第一学期", "2024H", "2024Q秋", "2024Q9"])
def test_a_semester_is_called_what_the_school_calls_it(name: str) -> None:
    """A school calendar's own name is shown as it is written, whatever it looks like."""
    assert name == window_label(name)


@st.composite
def school_years(draw: st.DrawFn) -> list[Window]:
    """Semesters of a school calendar: in order, apart from each other, with holidays between."""
    edges = draw(st.lists(st.integers(0, 900), min_size=2, max_size=8, unique=True).map(sorted))
    starts, ends = edges[::2], edges[1::2]
    first = date(2023, 6, 1)
    return [Window(first + DAY * a, first + DAY * b, f"学期{a}") for a, b in zip(starts, ends, strict=False)]


schools = st.builds(
    lambda start, length: Period(start, start + length), st.dates(date(2022, 1, 1), date(2026, 12, 31)), lengths
)


@given(school_years(), schools)
def test_a_school_calendar_overrides_the_semesters_it_reaches(semesters: list[Window], span: Period) -> None:
    """Its own semesters are judged as they stand; the built-in ones only where it says nothing."""
    found = list(calendar_windows("semester", span, semesters))
    reach = Period(semesters[0].start, semesters[-1].end)
    untouched = [w for w in calendar_windows("semester", span) if not w.overlaps(reach)]

    assert sorted([w for w in semesters if w.overlaps(span)] + untouched) == found
    assert all(first.end < second.start for first, second in pairwise(found))


def test_two_semesters_of_one_name_are_refused() -> None:
    """Windows are told apart by name alone, so a school calendar that names two alike must be put right."""
    path = ("calendar", "semesters", 1, "name")
    twice = [
        {"name": "秋季学期", "from": "2023-09-01", "to": "2024-01-15"},
        {"name": "秋季学期", "from": "2024-09-01", "to": "2025-01-15"},
    ]
    written = Record.model_validate({"branch": {"name": "甲"}, "calendar": {"semesters": twice}})

    assert [path] == [clash.path for clash in clashes(written)]
