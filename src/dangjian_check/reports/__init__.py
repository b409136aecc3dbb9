"""A report becomes text or bytes. Each format is one pure file; `FORMATS` is the table, read without importing any."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from dangjian_check.reports.base import Look, Render, Sheets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dangjian_check.engine.assessment import Report
    from dangjian_check.engine.crowd import Crowd


class Format(NamedTuple):
    """One format: the module here that renders it, and what its output is.

    ``for_people`` is drawn for the console at hand; ``binary`` is no text and goes to files only; ``traced`` shows
    what each failure rests on, so that the report must carry it. Of a ``streamed`` format the text of a report is that
    of its records, one after the other, then that of its problems and notes. A ``crowded`` one can show more records
    than anybody looks at one by one.
    """

    module: str
    title: str
    for_people: bool = False
    binary: bool = False
    traced: bool = False
    streamed: bool = False
    crowded: bool = False

    def __call__(self, report: Report, look: Look) -> str | bytes:
        """Render; only now is the module (and any library it needs) imported."""
        render: Render = import_module(f"{__name__}.{self.module}").render
        return render(report, look)

    def of_crowd(self, report: Report, crowd: Crowd[Any], look: Look, sheets: Sheets | None = None) -> Iterable[str]:
        """A crowd as a whole, in pieces; ``report`` holds what is wrong, and the records to be shown in full unless
        there are ``sheets`` for them."""
        pieces: Iterable[str] = import_module(f"{__name__}.{self.module}").crowd(report, crowd, look, sheets)
        return pieces

    def sheets(self, report: Report) -> list[str]:
        """The records of a report as such sheets."""
        made: list[str] = import_module(f"{__name__}.{self.module}").sheets(report)
        return made


FORMATS: dict[str, Format] = {
    "terminal": Format("terminal", "终端", for_people=True, crowded=True),
    "json": Format("json_v1", "JSON"),
    "jsonl": Format("jsonl", "JSON Lines", streamed=True),
    "rows": Format("rows", "JSON Lines 一行一份结论", streamed=True),
    "markdown": Format("markdown", "Markdown"),
    "csv": Format("csv", "CSV 问题清单"),
    "sarif": Format("sarif", "SARIF 2.1.0"),
    "junit": Format("junit", "JUnit XML"),
    "github": Format("github", "GitHub 注解"),
    "html": Format("html", "网页", traced=True, crowded=True),
    "xlsx": Format("xlsx", "Excel 工作簿", binary=True),
    "docx": Format("docx", "Word 公文", binary=True),
}

__all__ = ["FORMATS", "Format", "Look", "Render", "Sheets"]
