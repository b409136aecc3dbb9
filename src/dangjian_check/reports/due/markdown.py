"""What is owed as a page of Markdown: one table for each group."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.assessment import Due
from dangjian_check.engine.due import DueReport
from dangjian_check.reports.base import Look
from dangjian_check.reports.due import wording
from dangjian_check.reports.markdown import escape, problem_lines, table


def render(report: DueReport, look: Look) -> str:
    """The list as one page."""
    return "".join(f"{line}\n" for line in _page(report))


def _page(report: DueReport) -> Iterator[str]:
    names = wording.names(report)
    yield "# 还欠什么、哪天到期"
    yield from ("", f"{report.as_of} 至 {report.until}。")
    if len(names) == 1:
        yield from ("", *(f"支部：{escape(name)}" for name in names.values()))
    several = len(names) > 1
    for title, found in wording.groups(report):
        yield from ("", f"## {title} {len(found)} 项", "")
        header = ("到期", "多久", *(("支部",) if several else ()), "做什么", "谁", "依据", "怎么办")
        rows = [(*_when(due, report), *((names[a.branch],) if several else ()), *_what(due)) for a, due in found]
        yield from table(header, rows, "l" * len(header))
    if not wording.listed(report) and any(agenda.judged for agenda in report.agendas):
        yield from ("", f"{wording.nothing(report)}。")
    if wording.rest(report):
        yield from ("", f"{escape(wording.rest(report))}。")
    yield from problem_lines(f"有差错的文件：{len(report.problems)} 处", "差错", report.problems)


def _when(due: Due, report: DueReport) -> tuple[str, str]:
    return wording.day(due) or "—", wording.when(due, report.as_of)


def _what(due: Due) -> tuple[str, str, str, str]:
    notice = f"；{due.notice} 起就要筹备" if due.notice else ""
    return f"{wording.what(due)}{notice}", wording.whom(due), f"{due.rule.id} {due.rule.citation.label}", due.remedy
