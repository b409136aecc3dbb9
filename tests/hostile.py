"""Reports in which every text that people choose is hostile, for formats that must carry it unharmed and harmless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from dangjian_check.app import Request, run
from dangjian_check.engine.assessment import Assessment, BranchRef, Doubt, RecordView, Report
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.errors import Location, Problem
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Chapter, Standard
from program import LAX, PACKS

NAMES = {
    "plain": "甲乙丙",
    "controls": "\x07甲\x1b[31m乙\x9b丙\x7f",
    "nul": "\0甲",
    "newlines": "a\n::error::x\r\n::add-mask::y",
    "old-command": "a ##[error]x",
    "command": "::error file=x,line=1::y",
    "percent": "50% %0A %25",
    "commas-and-colons": "a,b:c;d",
    "cdata": "]]> <![CDATA[x",
    "html": "<script>alert(1)</script><img src=x onerror=y> &lt; &#60;",
    "comment": "<!-- x --> <?php ?>",
    "pipes": "a|b \\| c\\\\| d \\",
    "backticks": "`x` ``y`` ```\nz",
    "emphasis": "*x* **y** _z_ ~~w~~ $v$",
    "link": "[x](http://e) ![y](z) <http://e> http://e www.e.cn @all #1",
    "block": "# x\n- y\n1. z\n> w\n---\n| a | b |\n|---|---|",
    "spaces": "    x  ",
    "braces": "{0} {{x}} {",
    "bidi": "甲\u202e乙\u2066丙\u200b",
    "separators": "a\u2028b\u2029c\x85d",
    "surrogate": "a\ud800b\udcffc",
    "noncharacters": "a\ufffeb\uffffc",
    "astral": "𬍡👨\u200d👩",
    "quotes": 'a"b\'c,""',
    "equals": '=HYPERLINK("http://e","x")',
    "plus": "+1",
    "minus": "-1",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "return": "\r=1",
    "wide-equals": "＝1+1",  # noqa: RUF001
    "wide-plus": "＋1",
    "wide-minus": "－1",
    "wide-at": "＠x",  # noqa: RUF001
    "leading-zeros": "007",
    "long-number": "12345678901234567",
    "scientific": "1e5",
    "like-a-date": "2024-03",
}


@cache
def lax() -> Report:
    """A real report with failures of three severities, open rules and an annex."""
    return run(Request((LAX,), date(2024, 6, 20), standards=("probe",), rules=(PACKS,)))


def hostile(text: str) -> Report:
    """The report of a record and of rules whose every text is this one, with problems, notes and cells."""
    [assessment], file = lax().assessments, f"records/{text}.yaml"
    branch = BranchRef(text, text, file, text, text)
    problems = (
        Problem(file, 3, 7, text, text),
        Problem(text, 0, 0, text, text),
        Problem(file, 2, 2, text, text, text),
        Problem("/" + text, 1, 1, text, text),
    )
    doubts = (Doubt("duplicate", text, text, (Location(1, 1),)),)
    standard = _standard(assessment.standard, text)
    return replace(
        lax(),
        assessments=(replace(_assessment(assessment, branch, text), standard=standard),),
        standards=(standard,),
        problems=problems,
        records=(RecordView(branch, notes=problems[:1], doubts=doubts),),
    )


def _assessment(assessment: Assessment, branch: BranchRef, text: str) -> Assessment:
    found = [
        d._replace(rule=_rule(d.rule, text), message=text, people=(text,), window=f"on:{text}")
        for d in assessment.deficiencies
    ]
    places = dict(assessment.places) | {found[0].place: Location(3, 2, text), found[1].place: Location(4, 2, "", text)}
    outcomes = tuple(_outcomes(assessment, text))
    return replace(assessment, branch=branch, deficiencies=tuple(found), outcomes=outcomes, places=places)


def _outcomes(assessment: Assessment, text: str) -> Iterator[RuleOutcome]:
    for outcome in assessment.outcomes:
        windows = tuple(w._replace(verdict=w.verdict._replace(message=text)) for w in outcome.windows)
        yield replace(outcome, rule=_rule(outcome.rule, text), windows=windows)


def _standard(standard: Standard, text: str) -> Standard:
    chapters = tuple(Chapter(text, tuple(_rule(rule, text) for rule in c.rules)) for c in standard.chapters)
    return replace(standard, chapters=chapters, manifest=standard.manifest.model_copy(update={"title": text}))


def _rule(rule: Rule, text: str) -> Rule:
    source = rule.citation.model_copy(update={"document": text, "article": text})
    return rule.model_copy(update={"title": text, "remedy": text, "reason": text, "source": [source]})
