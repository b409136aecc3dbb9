"""Annotations for GitHub and Gitea Actions: workflow commands, worst first, no more than the service shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dangjian_check.engine.assessment import Assessment, Deficiency, Report
from dangjian_check.errors import Location, Problem
from dangjian_check.reports.base import Look, clean, points
from dangjian_check.reports.exempted import mark
from dangjian_check.reports.findings import LEVELS
from dangjian_check.rulebook.rule import SEVERITIES

SHOWN = 10  # of each kind in one step; GitHub drops the rest without a word
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


class Annotation(NamedTuple):
    """One workflow command: ``error``, ``warning`` or ``notice``, where, and what it says."""

    kind: str
    file: str
    place: Location
    title: str
    message: str

    def __str__(self) -> str:
        properties = {"file": self.file}
        if self.place.line:
            properties["line"] = str(self.place.line)
            if self.place.cell is None:
                properties["col"] = str(self.place.column)
        properties["title"] = self.title
        listed = ",".join(f"{key}={escape_property(value)}" for key, value in properties.items())
        return f"::{self.kind} {listed}::{escape_data(self.message)}"


def render(report: Report, look: Look) -> str:
    """At most `SHOWN` commands of each kind, then one plain line that counts everything."""
    found = list(_annotations(report))
    listed = [a for kind in _COMMANDS.values() for a in [a for a in found if a.kind == kind][:SHOWN]]
    deficient = sum(len(a.deficiencies) for a in report.assessments)
    total = f"dj-check：核查结论 {len(report.assessments)} 份，问题 {deficient} 处"
    waived = sum(len(a.waived) for a in report.assessments)
    total += f"，豁免 {waived} 处" if waived else ""
    total += f"，文件差错 {len(report.problems)} 处" if report.problems else ""
    left = len(found) - len(listed)
    total += f"；上面列出 {len(listed)} 条，另有 {left} 条没有列出（每种最多列 {SHOWN} 条）" if left else ""
    return "".join(f"{line}\n" for line in (*listed, total))


def _annotations(report: Report) -> Iterator[Annotation]:
    """Files that cannot be used come first, then deficiencies from the most severe down."""
    yield from map(_of_problem, report.problems)
    found = [(a, d) for a in report.assessments for d in a.deficiencies]
    for assessment, deficiency in sorted(found, key=lambda pair: SEVERITIES.index(pair[1].rule.severity)):
        yield _of_deficiency(assessment, deficiency)


def _of_problem(problem: Problem) -> Annotation:
    cell = f"{problem.place.cell}：" if problem.line and problem.place.cell else ""
    message = f"{clean(cell + problem.message)}\n改正：{clean(problem.remedy)}"
    return Annotation("error", clean(problem.file), problem.place, "文件有差错", message)


def _of_deficiency(assessment: Assessment, deficiency: Deficiency) -> Annotation:
    rule, place = deficiency.rule, assessment.place(deficiency.place)
    cell = f"{place.cell}：" if place.cell else ""
    cost = f"，扣 {points(deficiency.deduction)} 分" if deficiency.deduction else ""
    lines = (
        f"{assessment.branch.name}：{cell}{deficiency.message}{cost}{mark(deficiency)}",
        f"依据：{rule.citation.label}（{assessment.standard.id}）",
        f"改正：{rule.remedy}",
    )
    return Annotation(
        kind="notice" if deficiency.known else _COMMANDS[LEVELS[rule.severity]],
        file=clean(place.file or assessment.branch.file),
        place=place,
        title=clean(f"{rule.id} {rule.title}"),
        message="\n".join(map(clean, lines)),
    )


def escape_data(text: str) -> str:
    """A command's message, as ``@actions/core`` escapes it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """The value of a command's property, as ``@actions/core`` escapes it."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")
