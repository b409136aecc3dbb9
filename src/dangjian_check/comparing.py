"""The use cases behind ``diff`` and ``summary``: reports read back, compared or counted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dangjian_check.engine.claims import Compared, check_claims
from dangjian_check.engine.diff import diff
from dangjian_check.engine.reported import ReportedAssessment, ReportedProblem, ReportedRow, ReportedRun
from dangjian_check.engine.summary import Summary
from dangjian_check.errors import DjCheckError, InputProblems, Problem
from dangjian_check.loading.rectification import load_ledger
from dangjian_check.loading.reports import load_report, report_files, stream_report


def compare_reports(old: Path, new: Path, ledger: Path | None = None) -> Compared:
    """Two reports and, if given, a ledger. Raises `InputProblems` if a report cannot be read; a ledger that cannot be
    is a problem beside the comparison."""
    before, after = _both(old, new)
    found = diff(before, after)
    problems = [
        Problem(file, 0, 0, what, "是两个支部的，在记录里写各自的编号（branch.id）再核；是一个支部的，只留一份")
        for file, what in found.clashes
    ]
    if ledger is None:
        return Compared(before, after, found, problems=tuple(problems))
    try:
        claims = load_ledger(ledger)
    except DjCheckError as error:
        return Compared(before, after, found, problems=(*problems, *error.problems))
    problems += claims.problems
    return Compared(before, after, found, claims.file, check_claims(found, claims.claims), tuple(problems))


def _both(old: Path, new: Path) -> list[ReportedRun]:
    """Both reports, or the problems of both."""
    runs: list[ReportedRun] = []
    problems: list[Problem] = []
    for path in (old, new):
        try:
            runs.append(load_report(path))
        except InputProblems as error:
            problems += error.problems
    if problems:
        raise InputProblems(problems)
    return runs


def summarize(paths: Iterable[Path], *, rank: bool = False) -> tuple[Summary, list[Problem]]:
    """All assessments of many reports, counted one by one, and what could not be read."""
    summary = Summary(rank=rank)
    problems: list[Problem] = []
    for path, found in report_files(paths):
        for item in stream_report(path, found=found):
            if isinstance(item, ReportedAssessment | ReportedRow):
                summary.add(item)
            elif isinstance(item, ReportedProblem):
                summary.unread[item.file] = None
            else:
                problems.append(item)
    return summary, problems
