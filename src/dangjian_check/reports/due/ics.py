"""What is owed as a calendar (RFC 5545): one all-day event a duty, with alarms a week and a day before.

The UID of an event names the duty, never its day or wording, so that importing a newer file moves and rewords what
is there and adds nothing twice. Nothing depends on the clock: ``DTSTAMP`` is the day judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dangjian_check import __version__
from dangjian_check.engine.assessment import Due
from dangjian_check.engine.due import Agenda, DueReport
from dangjian_check.model.calendar import LAST_DAY, ONE_DAY
from dangjian_check.reports.base import Look, clean
from dangjian_check.reports.due import wording

_OCTETS = 75
_DAYS_BEFORE = (7, 1)
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,"})


def render(report: DueReport, look: Look) -> str:
    """The calendar, its lines folded at 75 octets and ended by CRLF."""
    return "".join(f"{piece}\r\n" for line in _calendar(report) for piece in folded(line))


def _calendar(report: DueReport) -> Iterator[str]:
    names = wording.names(report)
    title = "党支部到期提醒" + (f"：{next(iter(names.values()))}" if len(names) == 1 else "")
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//dj-check//dj-check {__version__}//ZH")
    yield from ("CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"NAME:{_text(title)}", f"X-WR-CALNAME:{_text(title)}")
    used: dict[str, int] = {}
    for agenda, due in wording.listed(report):
        used[due.key] = used.get(due.key, 0) + 1
        again = f"-{used[due.key]}" if used[due.key] > 1 else ""
        yield from _event(agenda, due, names[agenda.branch], f"{due.key}{again}@dj-check")
    yield "END:VCALENDAR"


def _event(agenda: Agenda, due: Due, branch: str, uid: str) -> Iterator[str]:
    """An overdue duty stands on the day judged, where it is seen; its own day is in the text."""
    day = max(due.day, agenda.as_of) if due.overdue else due.day
    late = f"【{wording.when(due, agenda.as_of)}】" if due.overdue else ""
    whom = wording.whom(due)
    yield from ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{_day(agenda.as_of)}T000000Z", "SEQUENCE:0")
    yield from (f"DTSTART;VALUE=DATE:{_day(day)}", f"DTEND;VALUE=DATE:{_day(min(day, LAST_DAY) + ONE_DAY)}")
    yield f"SUMMARY:{_text(f'{late}{wording.what(due)}' + (f' {whom}' if whom else ''))}"
    yield f"DESCRIPTION:{_lines(_description(agenda, due, branch))}"
    yield from (f"CATEGORIES:{_text(wording.group(due, agenda.as_of))}", "CLASS:PRIVATE", "TRANSP:TRANSPARENT")
    if not due.overdue:
        for days in _alarms(due):
            yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D")
            yield from (f"DESCRIPTION:{_text(f'还有 {days} 天：{due.rule.title}')}", "END:VALARM")
    yield "END:VEVENT"


def _alarms(due: Due) -> list[int]:
    """Days before the last one on which to ring; the first of them where preparing must begin, if it must."""
    first = [(due.day - due.notice).days] if due.notice else []
    return sorted({*first, *_DAYS_BEFORE}, reverse=True)


def _description(agenda: Agenda, due: Due, branch: str) -> Iterator[str]:
    yield branch
    yield due.message
    if not due.standing:
        yield f"最晚 {due.day}" + (f"，{due.notice} 起就要筹备" if due.notice else "")
    yield f"依据 {due.rule.id} {due.rule.citation.label}（{agenda.standard.manifest.title}）"
    yield f"怎么办 {due.remedy}"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """A value of type TEXT: nothing invisible in it, and nothing that ends it."""
    return clean(text).translate(_ESCAPED)


def _lines(lines: Iterable[str]) -> str:
    return "\\n".join(_text(line) for line in lines)


def folded(line: str) -> Iterator[str]:
    """The content line in pieces of at most 75 octets, cut between characters; all but the first begin with a space."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + width
    yield piece
