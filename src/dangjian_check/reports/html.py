"""One page that needs nothing else: no network, no font, no library; it prints, and reads without scripts.

What is shown is in ``templates/``; here is what the templates cannot say: whose sections there are, where a chart's
marks stand, and how a text becomes safe (`clean`, then escaped, without exception).
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined
from markupsafe import Markup

from dangjian_check import __version__
from dangjian_check.engine import overview
from dangjian_check.engine.assessment import Assessment, BranchRef, ItemScore, LogEntry, RecordView, Report, Score
from dangjian_check.engine.crowd import Crowd
from dangjian_check.errors import Location
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports import account, exempted, findings, grid
from dangjian_check.reports.base import Look, Sheets, clean, interval, points
from dangjian_check.rulebook.rule import SEVERITIES, SEVERITY_LABELS, Rule
from dangjian_check.rulebook.standard import Standard

IN_FULL = 30
_MANY = 5
_ITEMS = 30
_LANES = 12
_NAMED = 20
_FIRST_LANES = ("支委会", "党员大会", "党小组会", "党课", "主题党日", "组织生活会", "民主评议")
_OTHER = "其他活动"
ANCHOR = Markup("<anchor>")  # stands in a sheet for its place in the page; of a record nothing comes through like this
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000)
MARKS = {
    Outcome.PASS: "√",
    Outcome.FAIL: "×",
    Outcome.UNKNOWN: "？",
    Outcome.MANUAL: "人",
    Outcome.PENDING: "○",
    Outcome.NOT_APPLICABLE: "－",
    Outcome.ERROR: "！",
}


@dataclass(frozen=True, slots=True)
class Lane:
    """The activities of one type in one year, a line of the time line."""

    label: str
    entries: tuple[LogEntry, ...]

    @property
    def held(self) -> int:
        return sum(entry.held for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Section:
    """One branch on the page: its record, and what each standard says of it."""

    anchor: str
    branch: BranchRef
    record: RecordView | None
    assessments: tuple[Assessment, ...]

    @property
    def deficiencies(self) -> int:
        return sum(len(a.deficiencies) for a in self.assessments)

    @property
    def years(self) -> list[int]:
        return sorted({year for a in self.assessments for year in grid.years(a)})


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores under one standard lie; ``marks`` is the axis of counts."""

    standard: Standard
    count: int
    bands: list[overview.Band]
    marks: list[Fraction]


@dataclass(frozen=True, slots=True)
class Totals:
    """What the page says of everything that was judged: how many records and assessments, of each standard too."""

    records: int
    assessments: int
    under: dict[str, int]
    common: list[overview.CommonProblem[Rule]]
    units: list[overview.Unit]
    spreads: list[Spread]


def render(report: Report, look: Look) -> str:
    """The report as one HTML document."""
    sections, found = _sections(report), report.assessments
    under = Counter(a.standard.id for a in found)
    seen = overview.together(found)
    common, units = seen.common_problems(), seen.units()
    totals = Totals(len(sections), len(found), under, common, units, _spreads(report))
    return "".join(_page(report, sections, totals, None))


def crowd(report: Report, found: Crowd[Any], look: Look, sheets: Sheets | None) -> Iterator[str]:
    """The document about very many records, of which the report or the sheets hold those that scored lowest."""
    lots = found.lots
    spreads = [
        _spread(standard, lot.scored, lot.bands.listed())
        for standard in report.standards
        if (lot := lots.get(standard.id)) and lot.scored >= _MANY
    ]
    under = {name: lot.count for name, lot in lots.items()}
    common = found.common_problems(report.standards)
    totals = Totals(found.records, found.count, under, common, found.units(), spreads)
    return _page(report, _sections(report), totals, sheets)


def sheets(report: Report) -> list[str]:
    """The records of a report in full, for a page about very many; their places in it are left open."""
    macro = _environment().get_template("branch.html").module.branch  # type: ignore[attr-defined]
    return [str(macro(replace(section, anchor=ANCHOR), 3, folded=True)) for section in _sections(report)]


def _page(report: Report, sections: list[Section], totals: Totals, sheets: Sheets | None) -> Iterator[str]:
    """The page in pieces."""
    count = sheets.count if sheets else len(sections)
    few = totals.records > count
    yield from (
        _environment()
        .get_template("page.html")
        .generate(
            report=report,
            sections=sections,
            sheets=_placed(sheets.texts() if sheets else ()),
            count=count,
            totals=totals,
            few=few,
            alone=totals.records == 1,
            full=few or totals.assessments <= IN_FULL,
        )
    )
    yield "\n"


def _placed(sheets: Iterable[str]) -> Iterator[Markup]:
    """Sheets in their places."""
    return (Markup(text.replace(ANCHOR, f"b{number}")) for number, text in enumerate(sheets, 1))  # noqa: S704


def _sections(report: Report) -> list[Section]:
    """Every branch that was read, in the order of input."""
    records = {view.branch: view for view in report.records}
    found: dict[BranchRef, list[Assessment]] = {branch: [] for branch in records}
    for assessment in report.assessments:
        found.setdefault(assessment.branch, []).append(assessment)
    return [
        Section(f"b{number}", branch, records.get(branch), tuple(listed))
        for number, (branch, listed) in enumerate(found.items(), 1)
    ]


def _spreads(report: Report) -> list[Spread]:
    """Scores of different standards are not seen together, and a few are better read one by one."""
    found = []
    for standard in report.standards:
        scored = [a for a in report.assessments if a.standard.id == standard.id and a.score]
        if len(scored) >= _MANY:
            found.append(_spread(standard, len(scored), overview.together(scored).distribution()))
    return found


def _spread(standard: Standard, count: int, bands: list[overview.Band]) -> Spread:
    return Spread(standard, count, bands, _counts(max(max(band.low, band.high) for band in bands)))


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("dangjian_check.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _asset(found, "page.js")
    found.globals.update(
        version=__version__,
        in_full=IN_FULL,
        style=Markup(_asset(found, "page.css")),  # noqa: S704
        script=Markup(script),  # noqa: S704
        script_hash=b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        marks=MARKS,
        outcomes={outcome.name: outcome for outcome in Outcome},
        severities=SEVERITIES,
        severity_labels=SEVERITY_LABELS,
        interval=interval,
        grid=grid,
        account=account,
        findings=findings,
        exempted=exempted,
        ticks=ticks,
        lanes=lanes,
        leading=leading,
        across=across,
        percent=percent,
        shown_at=shown_at,
        line_of=line_of,
        names=names,
    )
    found.filters.update(points=points)
    return found


def _asset(environment: Environment, name: str) -> str:
    """A file beside the templates, word for word; newlines as a browser hashes them."""
    if environment.loader is None:
        raise TypeError("the templates have no loader")
    return environment.loader.get_source(environment, name)[0].replace("\r\n", "\n").strip("\n")


def _safe(value: Any) -> Any:
    """What a template prints: control and bidi characters made visible; escaping follows."""
    return value if isinstance(value, (Markup, Undefined)) else clean(str(value))


def percent(part: Fraction | int, whole: Fraction | int) -> str:
    """A share of a whole as a length on a chart: ``58.75%``."""
    return f"{round(float(Fraction(part) / Fraction(whole) * 100), 3):g}%" if whole else "0%"


def ticks(top: Fraction | int) -> list[Fraction]:
    """Marks of an axis from 0 to ``top``: even steps, and the end itself."""
    step = next((s for s in _STEPS if top <= 5 * s), _STEPS[-1])
    inner = [Fraction(n * step) for n in range(int(Fraction(top) / step) + 1) if n * step <= top - Fraction(step, 2)]
    return [*inner, Fraction(top)] if top else [Fraction(0)]


def leading(score: Score) -> tuple[list[ItemScore], list[ItemScore]]:
    """The indicators to chart and, of a long table, those with nothing lost or open, which a line can hold."""
    listed = list(score.items)
    if len(listed) <= _ITEMS:
        return listed, []
    return [i for i in listed if i.low < i.points], [i for i in listed if i.low == i.points]


def _counts(most: int) -> list[Fraction]:
    """Marks of an axis of counts: whole numbers, even steps, the last not below ``most``."""
    step = next((s for s in _STEPS if most <= 5 * s), most)
    return [Fraction(n * step) for n in range(-(-most // step) + 1)]


def across(day: date) -> str:
    """Where a day stands on a year of twelve equally wide months."""
    month = Fraction(day.day - 1, monthrange(day.year, day.month)[1]) + day.month - 1
    return percent(month, 12)


def lanes(log: Iterable[LogEntry], year: int) -> list[Lane]:
    """A year's activities by type: the regular meetings first, then what was held most; the rest in one lane."""
    by_type: dict[str, list[LogEntry]] = {}
    for entry in log:
        if entry.day.year == year:
            for name in entry.types:
                by_type.setdefault(name, []).append(entry)
    first = [name for name in _FIRST_LANES if name in by_type]
    rest = sorted((n for n in by_type if n not in first), key=lambda n: (-len(by_type[n]), n))
    room = _LANES - len(first) if len(first) + len(rest) <= _LANES else _LANES - len(first) - 1
    shown = [Lane(name, tuple(by_type[name])) for name in (*first, *rest[:room])]
    left = sorted((entry for name in rest[room:] for entry in by_type[name]), key=lambda entry: entry.day)
    return [*shown, Lane(_OTHER, tuple(dict.fromkeys(left)))] if left else shown


def shown_at(place: Location, file: str) -> str:
    """A place of a record for people: file, line and column, or sheet and cell."""
    return f"{place.file or file}:{place}"


def names(problem: overview.CommonProblem[Rule]) -> str:
    """The branches that missed a rule, by name; of many only the first."""
    shown = "、".join(problem.names[:_NAMED])
    return f"{shown}等 {problem.spread} 个" if problem.spread > _NAMED else shown


def line_of(place: Location, file: str) -> str:
    """The same in short, beside the name of the file: the line or the cell."""
    short = place.cell or f"第 {place.line} 行"
    return f"{place.file}:{short}" if place.file not in ("", file) else short
