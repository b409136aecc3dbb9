"""The list of problems as CSV for spreadsheets: UTF-8 with a byte order mark, CRLF, nothing that runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from dangjian_check.engine.assessment import Assessment, Deficiency, Report
from dangjian_check.reports.base import Look, clean, points
from dangjian_check.reports.exempted import ground
from dangjian_check.reports.findings import category, evidence, method
from dangjian_check.rulebook.rule import SEVERITY_LABELS
from dangjian_check.rulebook.waiver import EFFECT_WORDS, Waiver

HEADER = (
    "序号", "支部编号", "支部", "标准", "类别", "问题", "依据条款", "证据/缺失期间", "位置", "扣分", "检查方式",
    "严重程度", "规则", "指纹", "豁免", "基线",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001
_CHANGED = re.compile(r"0\d+|\d{16,}|\d+[eE]\d+|\d+\.\d*0|\d{1,4}[-/]\d{1,2}([-/]\d{1,4})?", re.ASCII)


def render(report: Report, look: Look) -> str:
    """One line per deficiency, branch by branch, worst first; those of a branch that a waiver covers follow."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for number, (assessment, deficiency, waiver) in enumerate(_found(report), 1):
        writer.writerow([number, *_cells(assessment, deficiency), *_overlays(deficiency, waiver)])
    return "\ufeff" + text.getvalue()


def _found(report: Report) -> Iterator[tuple[Assessment, Deficiency, Waiver | None]]:
    for a in report.assessments:
        yield from ((a, d, None) for d in a.deficiencies)
        yield from ((a, w.deficiency, w.waiver) for w in a.waived)


def _overlays(deficiency: Deficiency, waiver: Waiver | None) -> Iterator[str]:
    yield guarded(f"{EFFECT_WORDS[waiver.effect]}；{ground(waiver)}") if waiver else ""
    yield "" if deficiency.known is None else "已有" if deficiency.known else "新增"


def _cells(assessment: Assessment, deficiency: Deficiency) -> Iterator[str]:
    branch, rule = assessment.branch, deficiency.rule
    yield guarded(branch.id)
    yield guarded(branch.name)
    yield guarded(assessment.standard.id)
    yield guarded(category(assessment, deficiency))
    yield guarded(deficiency.message)
    yield guarded(rule.citation.label)
    yield guarded(evidence(assessment, deficiency))
    yield guarded(assessment.where(deficiency.place))
    yield points(deficiency.deduction)
    yield method(deficiency)
    yield SEVERITY_LABELS[rule.severity]
    yield guarded(rule.id)
    yield guarded(deficiency.fingerprint)


def guarded(text: str) -> str:
    """Text that a spreadsheet shows as it is: no formula, no number or date made of it, one line. What would be
    taken otherwise gets a leading apostrophe."""
    shown = clean(text)
    risky = text.startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA) or _CHANGED.fullmatch(shown.strip())
    return f"'{shown}" if risky else shown
