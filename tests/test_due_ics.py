"""The calendar of what is owed: RFC 5545 to the octet, and importing it again adds nothing twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from builders import looking_ahead, record_of, rule_of, standard_from
from dangjian_check.engine.assessment import BranchRef
from dangjian_check.engine.due import DueReport, agenda
from dangjian_check.reports.base import Look
from dangjian_check.reports.due import DUE_FORMATS
from dangjian_check.reports.due.ics import folded
from program import LAX, PROBE, Run

HOSTILE = [
    "大会\r\nATTACH:http://e",
    'a;b,c\\d:e"f',
    "长" * 300,
    "😀" * 60,
    "\0\x1b[31m\x7f",
    "END:VEVENT\nBEGIN:VEVENT",
    "\u202e反\u2028行",
    "e\u0301" * 80,
]
MONTHLY = "check: {kind: frequency, select: {type: 支委会}, per: month, min: 1}"
EMPTY = {"title": "空表", "indicators": []}
DAY = date(2024, 6, 20)


def report(name: str = "测试支部", record: str = "log: []", title: str = "测试用的要求", day: date = DAY) -> DueReport:
    """What one branch owes under one rule and the rule of terms, with a name and title as given."""
    rules = [
        rule_of(MONTHLY).model_copy(update={"title": title}),
        rule_of("check: {kind: term, years: 3, notice_months: 6}\nid: T-2"),
    ]
    branch, until = BranchRef("b1", name, "branch.yaml"), day + timedelta(days=90)
    found = agenda(standard_from(rules, EMPTY), looking_ahead(record_of(record), day, until), branch)
    return DueReport((found,), (), day, until)


def text_of(found: DueReport) -> str:
    """The calendar as it is written."""
    return DUE_FORMATS["ics"](found, Look())


def events(found: DueReport) -> dict[str, Any]:
    """The events by UID, as a calendar program reads them."""
    calendar = Calendar.from_ical(text_of(found))
    listed = calendar.walk("VEVENT")
    assert len(listed) == len({str(e["UID"]) for e in listed})
    assert [] == calendar.errors
    return {str(e["UID"]): e for e in listed}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_leaves_its_line(text: str):
    """Whatever a name or title holds: lines end in CRLF, none is longer than 75 octets, nothing invisible is left."""
    found = report(name=text, title=text)
    written = text_of(found)
    lines = written.split("\r\n")
    assert "" == lines.pop()
    assert [] == [line for line in lines if len(line.encode()) > 75 or "\n" in line or "\r" in line]
    assert [] == [c for c in written.replace("\r\n", "") if ord(c) < 32 or ord(c) == 127]
    assert len(found.agendas[0].dues) == len(events(found))
    assert not any("ATTACH" in e for e in events(found).values())


@given(st.text())
def test_folding_loses_nothing_and_cuts_between_characters(line: str):
    """Unfolded it is the same line again."""
    pieces = list(folded(line))
    assert line == pieces[0] + "".join(piece[1:] for piece in pieces[1:])
    assert all(piece[:1] == " " for piece in pieces[1:])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp", "Co", "Cn"])))
def test_text_is_read_back_as_it_was(text: str):
    """Escapes are undone by the reader."""
    found = report(title=f"题{text}")
    [summary, *_] = [str(e["SUMMARY"]) for e in events(found).values()]
    assert f"2024年6月：题{text}" in summary


def test_event_is_all_day_with_alarms_a_week_and_a_day_before():
    """On the last day in time, free, private, of the day judged."""
    event = next(e for e in events(report()).values() if e.decoded("DTSTART") == date(2024, 6, 30))
    assert date(2024, 7, 1) == event.decoded("DTEND")
    assert [timedelta(days=-7), timedelta(days=-1)] == [a.decoded("TRIGGER") for a in event.walk("VALARM")]
    assert ("2024-06-20T00:00:00+00:00", 0) == (event.decoded("DTSTAMP").isoformat(), int(event["SEQUENCE"]))
    assert "DTSTART;VALUE=DATE:20240630" in text_of(report())


def test_election_rings_when_preparing_must_begin_too():
    """Six months before the term ends."""
    found = report(record="{committee: 2021-12-31, log: []}")
    event = next(e for e in events(found).values() if e.decoded("DTSTART") == date(2024, 12, 31))
    assert timedelta(days=-184) == event.walk("VALARM")[0].decoded("TRIGGER")


def test_overdue_duty_stands_on_the_day_judged():
    """Where it is seen; its own day is in the text, and no alarm rings for it."""
    found = report(record="{committee: 2020-11-30, log: []}")
    event = next(e for e in events(found).values() if "逾期" in str(e["SUMMARY"]))
    assert DAY == event.decoded("DTSTART")
    assert "2023-11-30" in str(event["DESCRIPTION"])
    assert [] == event.walk("VALARM")


def test_importing_again_updates_and_adds_nothing_twice():
    """The same duty has the same UID days later, with other entries in the log, under another name and title."""
    before = events(report())
    after = events(report("改名支部", "log: [{date: 2024-06-21, type: 党课}]", "改了的话", day=date(2024, 6, 25)))
    assert set(before) == set(after)
    assert all(before[uid].decoded("DTSTAMP") < after[uid].decoded("DTSTAMP") for uid in before)


def test_term_prolonged_moves_its_event():
    """A moved day keeps its UID."""
    first = events(report(record="{committee: {elected: 2021-12-31}, log: []}"))
    longer = "{committee: {elected: 2021-12-31, extension: {until: 2025-02-28, approved: 2024-06-01}}, log: []}"
    moved = events(report(record=longer))
    assert set(first) == set(moved)
    assert date(2025, 2, 28) in {e.decoded("DTSTART") for e in moved.values()}


def test_two_branches_of_one_id_do_not_share_an_event():
    """Nor does one branch under two standards."""
    one = report()
    [found] = one.agendas
    twice = one._replace(agendas=(found, found._replace(branch=found.branch._replace(file="other.yaml"))))
    assert 2 * len(found.dues) == len(events(twice))


def test_calendar_comes_out_as_bytes_with_crlf(run: Run):
    """Through the command line too, whatever the console."""
    done = run("due", LAX, "--as-of", "2024-06-20", "--format", "ics", *PROBE)
    assert done.out.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//dj-check//")
    assert done.out.count("\n") == done.out.count("\r\n")
    assert "X-WR-CALNAME:党支部到期提醒：测试第二党支部\r\n" in done.out
