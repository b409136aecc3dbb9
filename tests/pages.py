"""Reports for the tests of the HTML page: of the examples, of a thousand branches, of a branch that means harm."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from dangjian_check.app import Request, run
from dangjian_check.engine.assessment import Doubt, LogEntry, Report
from dangjian_check.errors import Location, Problem
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look
from program import ROOT

TODAY = date(2025, 3, 1)
EXAMPLES = ROOT / "examples"
LAX = "teachers-lax.yaml"
PLAIN = "普通的名字"


@cache
def audited(*names: str, standards: tuple[str, ...] = ()) -> Report:
    """The report on some of the examples, 2024."""
    with contextlib.chdir(ROOT):
        paths = tuple(Path("examples") / name for name in names)
        return run(Request(paths, TODAY, standards, period=parse_period("2024"), traced=True))


def page(report: Report) -> str:
    """The report as HTML."""
    found = FORMATS["html"](report, Look())
    assert isinstance(found, str)
    return found


@cache
def crowd() -> str:
    """The page of a thousand branches, every other one with much amiss, below forty superior organizations."""
    names = (LAX, "teachers-sound.yaml")
    report = audited(*names, standards=("voc",))
    records, assessments = [], []
    for number in range(1000):
        view = report.records[number % len(names)]
        branch = view.branch._replace(
            id=f"b{number}", name=f"{view.branch.name}（{number}）", parent=f"{number % 40}总支"
        )
        records.append(view._replace(branch=branch))
        assessments += [replace(a, branch=branch) for a in report.assessments if a.branch == view.branch]
    return page(replace(report, records=tuple(records), assessments=tuple(assessments)))


def marked(text: str, *, alone: bool = True) -> Report:
    """A report that says ``text`` wherever a record, a ledger or a file name can."""
    report = audited(LAX, standards=("voc",)) if alone else audited(LAX, "teachers-sound.yaml", standards=("voc",))
    place = Location(3, 1, text, text)
    branches = {
        view.branch: view.branch._replace(id=f"{text}{n}", name=text, file=text, parent=text, type=text)
        for n, view in enumerate(report.records)
    }
    said = (Problem(text, 3, 1, text, text),)
    return replace(
        report,
        problems=said,
        records=tuple(
            view._replace(
                branch=branches[view.branch],
                log=(*view.log, LogEntry(date(2024, 5, 1), (text,), text, True, place)),
                notes=said,
                doubts=(Doubt(text, text, text, (place,)),),
            )
            for view in report.records
        ),
        assessments=tuple(
            replace(
                a,
                branch=branches[a.branch],
                places=dict.fromkeys(a.places, place),
                deficiencies=tuple(
                    d._replace(message=text, people=(text,) if d.people else ()) for d in a.deficiencies
                ),
            )
            for a in report.assessments
        ),
    )


class Anatomy(HTMLParser):
    """What a page consists of: elements in order with the names of their attributes, scripts, and its visible text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self.ids: list[str] = []
        self._words: list[str] = []
        self._inside = ""
        self.feed(source)
        self.close()
        self.text = "".join(self._words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.values += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self._inside = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif not self._inside:
            self._words.append(data)
