"""What is owed at a terminal: overdue, within a week, within a month, later."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.assessment import Due
from dangjian_check.engine.due import Agenda, DueReport
from dangjian_check.reports.base import Look, clean
from dangjian_check.reports.console import Page, Part
from dangjian_check.reports.due import wording

_STYLES = {wording.OVERDUE: "bold red", "7 天内": "yellow"}
_DAY, _WHEN = 12, 14
_INDENT = 2 + _DAY


def render(report: DueReport, look: Look) -> str:
    """The list as text of at most ``look.width`` columns."""
    page = Page(look)
    for parts, indent in _page(report, look):
        page.wrap(*parts, indent=indent)
    return page.text()


def _page(report: DueReport, look: Look) -> Iterator[tuple[list[Part], int]]:
    names = wording.names(report)
    yield [(f"还欠什么、哪天到期：{report.as_of} 至 {report.until}", "bold")], 0
    if len(names) == 1:
        for name in names.values():
            yield [clean(name)], 0
    several = len(names) > 1, len({a.standard.id for a in report.agendas}) > 1
    for title, found in wording.groups(report):
        yield [], 0
        yield [(f"{title}  {len(found)} 项", _STYLES.get(title, "bold"))], 0
        for agenda, due in found:
            yield from _due(agenda, due, report, look, names[agenda.branch] if several[0] else "", several[1])
    if not wording.listed(report) and any(agenda.judged for agenda in report.agendas):
        yield [], 0
        yield [wording.nothing(report)], 0
    if wording.rest(report):
        yield [], 0
        yield [(wording.rest(report), "dim")], 0


def _due(
    agenda: Agenda, due: Due, report: DueReport, look: Look, branch: str, standards: bool
) -> Iterator[tuple[list[Part], int]]:
    style = "red" if due.overdue else ""
    head = (wording.day(due) or wording.when(due, report.as_of)).ljust(10 if wording.day(due) else 6) + "  "
    parts: list[Part] = [(head, style), clean(wording.what(due))]
    if not due.standing:
        parts.append((f"  {wording.when(due, report.as_of)}", "dim"))
    yield parts, 2
    ground = [branch, wording.whom(due), f"依据 {due.rule.id} {due.rule.citation.label}"]
    yield [(clean("  ".join(part for part in ground if part)), "dim")], _INDENT
    if due.notice is not None:
        yield [f"{due.notice} 起就要筹备"], _INDENT
    if due.overdue or look.verbose:
        yield [clean(f"改正 {due.remedy}")], _INDENT
