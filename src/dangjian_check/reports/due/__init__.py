"""What is owed becomes text. Each format is one pure file; `DUE_FORMATS` is the table, read without importing any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from dangjian_check.engine.due import DueReport
from dangjian_check.reports.base import Look


@dataclass(frozen=True, slots=True)
class DueFormat:
    """One format: the module here that renders it; ``for_people`` is drawn for the console at hand."""

    module: str
    title: str
    for_people: bool = False

    def __call__(self, report: DueReport, look: Look) -> str:
        """Render; only now is the module imported."""
        render: Callable[[DueReport, Look], str] = import_module(f"{__name__}.{self.module}").render
        return render(report, look)


DUE_FORMATS: dict[str, DueFormat] = {
    "terminal": DueFormat("terminal", "终端", for_people=True),
    "json": DueFormat("json_v1", "JSON"),
    "markdown": DueFormat("markdown", "Markdown"),
    "ics": DueFormat("ics", "日历（iCalendar）"),
}
