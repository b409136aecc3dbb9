"""What is owed at a terminal: overdue, within a week, within a month, later."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from dangjian_check.engine.assessment import Due
from dangjian_check.engine.due import Agenda, DueReport
from dangjian_check.reports.base import Look, clean
from dangjian_check.reports.console import drawn, quiet_console
from dangjian_check.reports.due import wording
from dangjian_check.reports.wrapping import wrapped

_STYLES = {wording.OVERDUE: "bold red", "7 天内": "yellow"}
_DAY, _WHEN = 12, 14
_INDENT = 2 + _DAY


def render(report: DueReport, look: Look) -> str:
    """The list as text of at most ``look.width`` columns."""
    console = quiet_console(look)
    for text, indent in _page(report, look):
        for piece in wrapped(text, look.width - indent):
            console.print(Text(" " * indent) + piece, no_wrap=True, crop=False, overflow="ignore")
    return drawn(console)


def _page(report: DueReport, look: Look) -> Iterator[tuple[Text, int]]:
    names = wording.names(report)
    yield Text(f"还欠什么、哪天到期：{report.as_of} 至 {report.until}", style="bold"), 0
    if len(names) == 1:
        yield from ((Text(clean(name)), 0) for name in names.values())
    several = len(names) > 1, len({a.standard.id for a in report.agendas}) > 1
    for title, found in wording.groups(report):
        yield Text(""), 0
        yield Text(f"{title}  {len(found)} 项", style=_STYLES.get(title, "bold")), 0
        for agenda, due in found:
            yield from _due(agenda, due, report, look, names[agenda.branch] if several[0] else "", several[1])
    if not wording.listed(report) and any(agenda.judged for agenda in report.agendas):
        yield Text(""), 0
        yield Text(wording.nothing(report)), 0
    if wording.rest(report):
        yield Text(""), 0
        yield Text(wording.rest(report), style="dim"), 0


def _due(
    agenda: Agenda, due: Due, report: DueReport, look: Look, branch: str, standards: bool
) -> Iterator[tuple[Text, int]]:
    style = "red" if due.overdue else ""
    head = (wording.day(due) or wording.when(due, report.as_of)).ljust(10 if wording.day(due) else 6) + "  "
    text = Text.assemble((head, style), clean(wording.what(due)))
    if not due.standing:
        text.append(f"  {wording.when(due, report.as_of)}", style="dim")
    yield text, 2
    ground = [branch, wording.whom(due), f"依据 {due.rule.id} {due.rule.citation.label}"]
    yield Text(clean("  ".join(part for part in ground if part)), style="dim"), _INDENT
    if due.notice is not None:
        yield Text(f"{due.notice} 起就要筹备"), _INDENT
    if due.overdue or look.verbose:
        yield Text(clean(f"改正 {due.remedy}")), _INDENT
