"""JUnit XML in the dialect of Jenkins's ``junit-10.xsd``: a suite for each assessment, a case for each rule."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET  # written, never parsed

from dangjian_check.engine.assessment import Assessment, Deficiency, Report, WaivedDeficiency
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.errors import Problem
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import Look, clean, interval, points
from dangjian_check.reports.exempted import KNOWN, ground, mark
from dangjian_check.rulebook.rule import SEVERITY_LABELS

_SKIPPED = (Outcome.UNKNOWN, Outcome.MANUAL, Outcome.NOT_APPLICABLE, Outcome.PENDING)
_TALLIES = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}


def render(report: Report, look: Look) -> str:
    """One document, UTF-8 text, ending in a newline."""
    root = ET.Element("testsuites", {"name": "dj-check"})
    for number, assessment in enumerate(report.assessments):
        root.append(_suite(assessment, number))
    if report.problems:
        root.append(_unreadable(report.problems, len(report.assessments)))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", "0")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(assessment: Assessment, number: int) -> ET.Element:
    branch, standard, score = assessment.branch, assessment.standard, assessment.score
    suite = ET.Element("testsuite", {"name": clean(f"{branch.name}（{branch.id}） {standard.id}")})
    properties = {
        "branch": branch.id,
        "file": branch.file,
        "standard": standard.id,
        "digest": standard.digest,
        "period": f"{assessment.period.start}..{assessment.period.end}",
        "as_of": str(assessment.as_of),
        "score": f"{interval(score.low, score.high)}/{points(score.max)}" if score else "",
    }
    listed = ET.SubElement(suite, "properties")
    for name, value in properties.items():
        ET.SubElement(listed, "property", {"name": name, "value": clean(value)})
    chapters = {rule.id: chapter.title for chapter in standard.chapters for rule in chapter.rules}
    missed: dict[str, list[Deficiency]] = {}
    for deficiency in assessment.deficiencies:
        missed.setdefault(deficiency.rule.id, []).append(deficiency)
    waived: dict[str, list[WaivedDeficiency]] = {}
    for exempt in assessment.waived:
        waived.setdefault(exempt.deficiency.rule.id, []).append(exempt)
    annex = {outcome.rule.id for outcome in assessment.annex()}
    for outcome in assessment.outcomes:
        case = _case(suite, f"{standard.id}.{chapters[outcome.rule.id].replace('.', '_')}", _title(outcome))
        if outcome.rule.id in annex:
            _say(case, "skipped", "superior", "上级党组织的职责，不算本支部的问题")
        else:
            rule = outcome.rule.id
            _judge(case, outcome, missed.get(rule, []), waived.get(rule, []), assessment)
    return _counted(suite, number, branch.file)


def _title(outcome: RuleOutcome) -> str:
    return f"{outcome.rule.id} {outcome.rule.title}"


def _judge(
    case: ET.Element,
    outcome: RuleOutcome,
    missed: list[Deficiency],
    waived: list[WaivedDeficiency],
    assessment: Assessment,
) -> None:
    rule, said = outcome.rule, outcome.outcome
    if said is Outcome.ERROR:
        _say(case, "error", said.value, f"{said.label}：{outcome.reason}")
    elif missed:
        fresh = [d for d in missed if not d.known]
        counted = fresh or missed
        first = counted[0].message if len(counted) == 1 else f"{rule.title}：{len(counted)} 处"
        lines = [f"{assessment.where(d.place)}: {d.message}{_cost(d)}{mark(d)}" for d in missed]
        lines += [f"豁免：{w.deficiency.message}；{ground(w.waiver)}" for w in waived]
        lines += [f"依据：{rule.citation.label}", f"改正：{rule.remedy}"]
        if fresh:
            _say(case, "failure", rule.severity, f"[{SEVERITY_LABELS[rule.severity]}] {first}", lines)
        else:
            _say(case, "skipped", "known", f"{first}{KNOWN}", lines)
    elif waived:
        grounds = "；".join(dict.fromkeys(ground(w.waiver) for w in waived))
        _say(case, "skipped", "waived", f"豁免：{grounds}", (w.deficiency.message for w in waived))
    elif said in _SKIPPED:
        _say(case, "skipped", said.value, f"{said.label}：{outcome.reason}")


def _cost(deficiency: Deficiency) -> str:
    return f"，扣 {points(deficiency.deduction)} 分" if deficiency.deduction else ""


def _unreadable(problems: Iterable[Problem], number: int) -> ET.Element:
    """Files that could not be used, an error each, with all that is wrong."""
    suite = ET.Element("testsuite", {"name": "有差错的文件"})
    for file, found in groupby(sorted(problems), key=lambda problem: problem.file):
        listed = list(found)
        more = f"（共 {len(listed)} 处）" if len(listed) > 1 else ""
        case = _case(suite, "dj-check.files", file)
        _say(case, "error", "problem", f"{listed[0].message}{more}", map(str, listed))
    return _counted(suite, number)


def _case(suite: ET.Element, group: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", {"classname": clean(group), "name": clean(name), "time": "0"})


def _say(case: ET.Element, tag: str, kind: str, message: str, lines: Iterable[str] = ()) -> None:
    element = ET.SubElement(case, tag, {"type": kind, "message": clean(message)})
    element.text = "\n".join(map(clean, lines)) or None


def _counted(suite: ET.Element, number: int, file: str = "") -> ET.Element:
    for name, tag in _TALLIES.items():
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
    suite.set("id", str(number))
    suite.set("time", "0")
    if file:
        suite.set("file", clean(file))
    return suite
