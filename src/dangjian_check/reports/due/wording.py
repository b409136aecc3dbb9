"""What is said of one thing owed, whatever the format: how soon, which group, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dangjian_check.engine.assessment import BranchRef, Due
from dangjian_check.engine.due import Agenda, DueReport
from dangjian_check.model.calendar import STATE, window_label
from dangjian_check.reports.account import told_apart

OVERDUE = "已逾期"
_SOON = ((7, "7 天内"), (30, "30 天内"))
_LATER = "以后"
_NAMES = 8


def names(report: DueReport) -> dict[BranchRef, str]:
    """The name to show for each branch."""
    return told_apart(agenda.branch for agenda in report.agendas)


def listed(report: DueReport) -> list[tuple[Agenda, Due]]:
    """Everything owed by anybody: overdue on top, soonest first."""
    found = [(agenda, due) for agenda in report.agendas for due in agenda.dues]
    return sorted(found, key=lambda pair: (not pair[1].overdue, pair[1].standing, pair[1].day))


def groups(report: DueReport) -> Iterator[tuple[str, list[tuple[Agenda, Due]]]]:
    """已逾期, 7 天内, 30 天内, 以后: those that hold anything."""
    found: dict[str, list[tuple[Agenda, Due]]] = {}
    for agenda, due in listed(report):
        found.setdefault(group(due, report.as_of), []).append((agenda, due))
    for title in (OVERDUE, *(title for _, title in _SOON), _LATER):
        if title in found:
            yield title, found[title]


def group(due: Due, as_of: date) -> str:
    """The group a duty is listed under."""
    if due.overdue:
        return OVERDUE
    return next((title for days, title in _SOON if (due.day - as_of).days <= days), _LATER)


def when(due: Due, as_of: date) -> str:
    """How soon, or how long ago."""
    days = (due.day - as_of).days
    if due.standing:
        return "现在就缺"
    return f"逾期 {-days} 天" if days < 0 else f"还有 {days} 天" if days else "今天到期"


def day(due: Due) -> str:
    """The last day in time; none was set for what is lacking now."""
    return "" if due.standing else due.day.isoformat()


def what(due: Due) -> str:
    """The demand, its window and what of it is missing, in one sentence."""
    window = f"{window_label(due.window)}：" if due.window != STATE and ":" not in due.window else ""
    lacks = "" if due.missing in due.rule.title else f"（{due.missing}）"
    return f"{window}{due.rule.title}{lacks}"


def whom(due: Due) -> str:
    """Those who owe it by name; empty for the branch as a whole."""
    people: Iterable[str] = due.people or ([due.subject.label] if due.subject else [])
    shown = list(people)
    return "、".join(shown[:_NAMES]) + (f"等 {len(shown)} 人" if len(shown) > _NAMES else "")


def rest(report: DueReport) -> str:
    """How much more is under way that is due only later; empty if nothing is."""
    count = sum(agenda.later for agenda in report.agendas)
    return f"另有 {count} 项在 {report.until} 以后才到期，没有列出（--within 放长就能看到）" if count else ""


def nothing(report: DueReport) -> str:
    """What is said where nothing is owed."""
    return f"到 {report.until} 没有到期的，也没有逾期的"
