"""SARIF 2.1.0 for code scanning: every rule of the standards used is declared, every deficiency is a result."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from dangjian_check import __version__
from dangjian_check.engine.assessment import Assessment, Deficiency, Report
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.errors import Location, Problem
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import Look, clean
from dangjian_check.reports.exempted import effect, ground
from dangjian_check.reports.findings import LEVELS, category
from dangjian_check.rulebook.rule import ACTOR_LABELS, SEVERITIES, SEVERITY_LABELS, STRENGTH_LABELS, Rule
from dangjian_check.rulebook.standard import Standard
from dangjian_check.rulebook.waiver import Waiver

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "djCheck/v1"
MOST = 25_000  # results a run: what code scanning takes
_ROOT = "%SRCROOT%"
_DRIVE = re.compile(r"[A-Za-z]:/")
_GITHUB_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}
Indices = dict[tuple[str, str], int]
Finding = tuple[Assessment, Deficiency, Waiver | None]


def render(report: Report, look: Look) -> str:
    """One log with one run, UTF-8 text, ending in a newline."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _run(report: Report) -> dict[str, Any]:
    declared = [(standard, rule) for standard in report.standards for rule in standard.rules]
    indices = {(standard.id, rule.id): number for number, (standard, rule) in enumerate(declared)}
    found: list[Finding] = [(a, d, None) for a in report.assessments for d in a.deficiencies]
    found += [(a, w.deficiency, w.waiver) for a in report.assessments for w in a.waived]
    left = max(0, len(found) - MOST)
    if left:
        found = sorted(found, key=_weight)[:MOST]
    driver = {
        "name": "dj-check",
        "version": __version__,
        "semanticVersion": __version__,
        "language": "zh-CN",
        "rules": [_rule(standard, rule) for standard, rule in declared],
    }
    return {
        "tool": {"driver": driver},
        "language": "zh-CN",
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "运行 dj-check 时所在的文件夹"}}},
        "invocations": [_invocation(report, indices, left)],
        "results": [_result(a, d, waiver, indices) for a, d, waiver in found],
        "properties": {
            "standards": [{"id": s.id, "title": clean(s.manifest.title), "digest": s.digest} for s in report.standards],
            "asOf": report.as_of.isoformat() if report.as_of else None,
            "period": f"{report.period.start}..{report.period.end}" if report.period else None,
        },
    }


def _weight(finding: Finding) -> tuple[bool, int]:
    """The open ones first, the most severe first: the last are left out."""
    _, deficiency, waiver = finding
    return waiver is not None, SEVERITIES.index(deficiency.rule.severity)


def _rule(standard: Standard, rule: Rule) -> dict[str, Any]:
    level = LEVELS[rule.severity]
    number = f"（{rule.citation.number}）" if rule.citation.number else ""
    source = f"依据：{rule.citation.label}{number}"
    return {
        "id": rule.id,
        "name": clean(rule.title),
        "shortDescription": {"text": message_text(rule.title)},
        "fullDescription": {"text": message_text(f"{rule.title}。{source}。理由：{rule.reason}")},
        "help": {"text": message_text(f"改正：{rule.remedy}") + "\n" + message_text(source)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "standard": standard.id,
            "clauses": rule.clauses,
            "actor": rule.actor,
            "strength": rule.strength,
            "severity": rule.severity,
            "problem.severity": _GITHUB_SEVERITY[level],
            "tags": [
                standard.id,
                f"轻重：{SEVERITY_LABELS[rule.severity]}",
                f"程度：{STRENGTH_LABELS[rule.strength]}",
                f"责任：{ACTOR_LABELS[rule.actor]}",
            ],
        },
    }


def _result(assessment: Assessment, deficiency: Deficiency, waiver: Waiver | None, indices: Indices) -> dict[str, Any]:
    rule, place = deficiency.rule, assessment.place(deficiency.place)
    cell = f"（{place.cell}）" if place.cell else ""
    return {
        "ruleId": rule.id,
        "ruleIndex": indices[assessment.standard.id, rule.id],
        "level": LEVELS[rule.severity],
        "message": {"text": message_text(f"{deficiency.message}{cell}。依据：{rule.citation.label}")},
        "locations": [_location(place.file or assessment.branch.file, place)],
        "partialFingerprints": {FINGERPRINT: deficiency.fingerprint},
        **({} if deficiency.known is None else {"baselineState": "unchanged" if deficiency.known else "new"}),
        "suppressions": _suppressions(deficiency, waiver),
        "properties": {
            "branch": clean(assessment.branch.id),
            "branchName": clean(assessment.branch.name),
            "standard": assessment.standard.id,
            "category": clean(category(assessment, deficiency)),
            "window": clean(deficiency.window),
            "subject": clean(deficiency.subject.label) if deficiency.subject else None,
            "deduction": round(float(deficiency.deduction), 4),
        },
    }


def _suppressions(deficiency: Deficiency, waiver: Waiver | None) -> list[dict[str, Any]]:
    """The waiver laid over a deficiency. An empty list says that there is none."""
    if waiver is None:
        return []
    why = message_text(f"{effect(waiver, [deficiency])}；{ground(waiver)}")
    return [{"kind": "external", "status": "accepted", "justification": why}]


def _invocation(report: Report, indices: Indices, left: int) -> dict[str, Any]:
    notes = [_of_problem(problem, "error") for problem in report.problems]
    failed = [
        (a, o) for a in report.assessments for o in a.outcomes if any(w.outcome is Outcome.ERROR for w in o.windows)
    ]
    notes += [_of_error(a, o, indices) for a, o in failed]
    successful = not notes
    notes += [_of_problem(note, "note") for note in report.notes]
    if left:
        text = f"问题共 {left + MOST} 处，超过 {MOST} 处，其中最轻的 {left} 处没有写进来"
        notes.append({"level": "warning", "message": {"text": text}})
    return {"executionSuccessful": successful, "toolExecutionNotifications": notes}


def _of_problem(problem: Problem, level: str) -> dict[str, Any]:
    cell = f"{problem.place.cell}：" if problem.line and problem.place.cell else ""
    return {
        "level": level,
        "message": {"text": message_text(f"{cell}{problem.message}。改正：{problem.remedy}")},
        "locations": [_location(problem.file, problem.place)],
    }


def _of_error(assessment: Assessment, outcome: RuleOutcome, indices: Indices) -> dict[str, Any]:
    why = next(w.verdict.message for w in outcome.windows if w.outcome is Outcome.ERROR)
    rule = outcome.rule
    return {
        "level": "error",
        "message": {"text": message_text(f"{assessment.branch.name}：规则 {rule.id} 检查出错：{why}")},
        "locations": [_location(assessment.branch.file, Location(0, 0))],
        "associatedRule": {"id": rule.id, "index": indices[assessment.standard.id, rule.id]},
    }


def _location(file: str, place: Location) -> dict[str, Any]:
    """Where in which file; a cell is a logical location, and its row stands for the line."""
    physical: dict[str, Any] = {"artifactLocation": artifact(file)}
    found: dict[str, Any] = {"physicalLocation": physical}
    if place.line:
        physical["region"] = {"startLine": max(1, place.line)}
        if place.cell is None:
            physical["region"]["startColumn"] = max(1, place.column)
        else:
            name = clean(place.cell)
            found["logicalLocations"] = [{"name": name, "fullyQualifiedName": clean(f"{file}:{name}"), "kind": "cell"}]
    return found


def artifact(file: str) -> dict[str, str]:
    """A file as a URI: relative to where the tool ran, or absolute if the path is."""
    path = file.replace("\\", "/") if _DRIVE.match(file.replace("\\", "/")) else file
    uri = quote(path.encode("utf-8", "backslashreplace"), safe="/")
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[0]}:{uri[4:]}"}
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": _ROOT}


def message_text(text: str) -> str:
    """Plain text for a message: SARIF takes braces for placeholders and ``[…](…)`` for a link."""
    return clean(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")
