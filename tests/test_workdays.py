"""Which days are worked: the library's years, a notice read by hand, a customer's own year, a year nobody knows."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import outcomes
from dangjian_check.errors import DjCheckError
from dangjian_check.loading.standards import load_standards
from dangjian_check.loading.workdays import load_workdays
from dangjian_check.model.workdays import WorkDays, WorkYear
from program import Run

DAY = timedelta(days=1)
BUILT_IN = load_workdays()
YEARS = range(2020, 2027)
# The State Council's notices for 2024 and 2025, read by hand: the breaks (first and last day), the weekend days worked.
NOTICES = {
    2024: (
        [("01-01", "01-01"), ("02-10", "02-17"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-10", "06-10"),
         ("09-15", "09-17"), ("10-01", "10-07")],
        ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    ),
    2025: (
        [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02"),
         ("10-01", "10-08")],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
}  # fmt: skip


def year_days(year: int) -> list[date]:
    """Every day of a year."""
    return [date(year, 1, 1) + DAY * n for n in range(366) if (date(year, 1, 1) + DAY * n).year == year]


def own_reading(year: int) -> set[date]:
    """The days off of a year by its notice: weekends less those worked, and the breaks."""
    breaks, worked = NOTICES[year]
    at_work = {date.fromisoformat(f"{year}-{day}") for day in worked}
    off = {day for day in year_days(year) if day.weekday() >= 5} - at_work
    for first, last in breaks:
        off |= {d for d in year_days(year) if f"{year}-{first}" <= d.isoformat() <= f"{year}-{last}"}
    return off


@pytest.mark.parametrize("year", NOTICES)
def test_a_year_is_off_on_just_the_days_of_its_notice(year: int) -> None:
    """Day by day, the calendar says what the notice says."""
    assert own_reading(year) == {day for day in year_days(year) if BUILT_IN.is_off(day)}


@pytest.mark.parametrize("year", YEARS)
def test_each_known_year_agrees_with_the_library(year: int) -> None:
    """For 2020 to 2026 every day is off where chinesecalendar says so."""
    assert {d for d in year_days(year) if chinese_calendar.is_holiday(d)} == {
        d for d in year_days(year) if BUILT_IN.is_off(d)
    }


def test_in_ordinary_weeks_the_weekend_is_off_and_a_moved_one_is_not() -> None:
    """A plain Saturday, a Saturday worked in exchange, a Wednesday in the October break."""
    answers = [BUILT_IN.is_off(date(2025, *day)) for day in ((3, 15), (10, 11), (10, 8))]

    assert [True, False, True] == answers


@pytest.mark.parametrize("day", [date(2003, 5, 1), date(2050, 1, 1), date(2050, 3, 15)])
def test_a_year_nobody_knows_stays_unknown(day: date) -> None:
    """Neither a holiday nor a plain working day is guessed, and no working days are counted."""
    assert BUILT_IN.is_off(day) is None
    assert BUILT_IN.after(day, 1) is None


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2025-03-05", 1, "2025-03-06"),
        ("2025-03-07", 1, "2025-03-10"),
        ("2025-09-30", 1, "2025-10-09"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2025-09-26", 1, "2025-09-28"),
        ("2025-01-27", 1, "2025-02-05"),
        ("2024-12-30", 2, "2025-01-02"),
    ],
)
def test_working_days_are_counted_over_breaks_and_moved_weekends(start: str, count: int, expected: str) -> None:
    """The day itself does not count; the October break is passed over; a Sunday worked is a working day."""
    assert date.fromisoformat(expected) == BUILT_IN.after(date.fromisoformat(start), count)


@given(st.dates(date(2020, 1, 1), date(2026, 6, 30)), st.integers(1, 40))
def test_the_nth_working_day_has_n_working_days_up_to_it(start: date, count: int) -> None:
    """Walking day by day to the answer meets exactly so many days that are not off, the last one among them."""
    found = BUILT_IN.after(start, count)
    assert found is not None
    walked = [start + DAY * n for n in range(1, (found - start).days + 1)]

    assert count == sum(BUILT_IN.is_off(day) is False for day in walked)
    assert BUILT_IN.is_off(found) is False


def test_a_known_year_asks_nobody() -> None:
    """What a year file says is not asked of the library; a missing year is asked once."""
    asked: list[int] = []

    def more(year: int) -> WorkYear | None:
        asked.append(year)
        return None

    days = WorkDays({2025: WorkYear(frozenset({date(2025, 3, 5)}), frozenset())}, more)

    assert [True, False, None, None] == [
        days.is_off(d) for d in (date(2025, 3, 5), date(2025, 10, 1), date(2030, 1, 1), date(2030, 1, 2))
    ]
    assert [2030] == asked


YEAR_FILE = "year: %d\nnotice: 某市通知\noff: [%s]\non: [%s]\n"


def own_calendar(folder: Path, year: int, off: str, on: str = "") -> Path:
    """A customer's folder with one year file."""
    (folder / "calendars").mkdir(parents=True)
    (folder / "calendars" / f"cn-{year}.yaml").write_text(YEAR_FILE % (year, off, on), encoding="utf-8")
    return folder


def test_a_customers_year_wins_over_the_library(tmp_path: Path) -> None:
    """The whole year is the customer's: their days off and days worked, and no others but weekends."""
    days = load_workdays([own_calendar(tmp_path, 2025, "2025-03-03..2025-03-05", "2025-03-08")])

    assert [True, True, True, False] == [days.is_off(date(2025, 3, n)) for n in (3, 4, 5, 6)]
    assert [False, True] == [days.is_off(date(2025, 3, n)) for n in (8, 9)]
    assert days.is_off(date(2025, 10, 1)) is False
    assert days.is_off(date(2024, 10, 1)) is True


def test_a_customers_year_makes_an_unknown_year_known(tmp_path: Path) -> None:
    """2050 with a file: its break is off, an ordinary Tuesday is not."""
    days = load_workdays([own_calendar(tmp_path, 2050, "2050-10-01..2050-10-07")])

    assert [True, False] == [days.is_off(date(2050, 10, 5)), days.is_off(date(2050, 3, 15))]


def test_a_year_file_that_is_wrong_is_told(tmp_path: Path) -> None:
    """A misspelt key is refused with its place."""
    folder = own_calendar(tmp_path, 2050, "2050-10-01")
    path = folder / "calendars" / "cn-2050.yaml"
    path.write_text("year: 2050\nnotice: 某市通知\noff: [2050-10-01]\nonn: []\n", encoding="utf-8")
    with pytest.raises(DjCheckError) as caught:
        load_workdays([folder])

    assert [4] == [problem.line for problem in caught.value.problems]


# The village branch's fifth of the month

VILLAGE = "{type: 村, log: [{date: %s, type: 主题党日}]}"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-10-05", "pass"),
        ("2025-10-09", "pass"),
        ("2025-10-31", "pass"),
        ("2025-03-05", "pass"),
        ("2025-03-06", "fail"),
        ("2025-04-07", "pass"),
        ("2025-07-07", "pass"),
        ("2050-03-06", "unknown"),
        ("2050-03-05", "pass"),
    ],
)
def test_the_fifth_may_be_moved_freely_only_when_nobody_works_that_day(day: str, expected: str) -> None:
    """5 October 2025 lies in the break and may move anywhere in the month; 5 March 2025 is a Wednesday and may not;
    in a year without a calendar it cannot be told."""
    fifth = load_standards(["gaibei"])[0].rule("GB-4.5.2-1")
    assert fifth is not None

    assert {day[:7]: expected} == outcomes(fifth, VILLAGE % day, day[:7])


@pytest.mark.parametrize("inner", ["own", "."])
def test_a_customers_calendar_decides_for_the_command_line_too(inner: str, run: Run, tmp_path: Path) -> None:
    """With `--rules` the customer's calendar, beside its standard's folder or inside it, frees 5 March 2025."""
    record = tmp_path / "branch.yaml"
    text = (
        "branch: {name: 甲村党支部, type: 村}\ncoverage: {from: 2025-03-01, to: 2025-03-31}\n"
        "activities: [{date: 2025-03-06, type: 主题党日}]\n"
    )
    record.write_text(text, encoding="utf-8")
    mine = own_calendar(tmp_path / "rules", 2025, "2025-03-03..2025-03-05")
    (mine / inner).mkdir(exist_ok=True)
    manifest = "{id: own, title: 甲, issuer: 甲, document: 甲, based_on: gaibei}\n"
    (mine / inner / "standard.yaml").write_text(manifest, encoding="utf-8")
    told = []
    for more in (("-s", "gaibei"), ("--rules", mine, "-s", "own")):
        report = run("audit", record, "-f", "json", "--exit-zero", *more).json
        found = {o["rule"]: o["outcome"] for o in report["assessments"][0]["outcomes"]}
        told.append(found["GB-4.5.2-1"])

    assert ["fail", "pass"] == told
