"""A standard: one document's demands, with its manifest and sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from pydantic import Field

from dangjian_check.model.fields import Day, Strict, Text, Texts
from dangjian_check.rulebook.ledger import Ledger
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.sheet import Indicator, Line, Proportion, Sheet, Weights

_ID = r"^[a-z][a-z0-9_-]*$"
_ID_SAID = "小写字母开头，只用小写字母、数字、- 和 _，例如 mine"


class Manifest(Strict):
    """What a standard says of itself (``standard.yaml``)."""

    id: Text = Field(pattern=_ID, json_schema_extra={"pattern": _ID, "patternErrorMessage": _ID_SAID})
    title: Text
    issuer: Text
    document: Text
    number: Text | None = None
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")
    rests_on: Texts = []
    based_on: Text | None = None
    notes: Texts = []


class RuleFile(Strict):
    """One article or indicator: a title, what its rules' sources share, and the rules."""

    title: Text | None = None
    source: dict[str, Any] = {}
    rules: list[Rule]


class Chapter(NamedTuple):
    """Rules of one file: one article or indicator of the document."""

    title: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Standard:
    """A manifest, its rules in the order of the document, and the sheet that scores them."""

    manifest: Manifest
    chapters: tuple[Chapter, ...]
    sheet: Sheet
    superior_sheet: Sheet
    digest: str = ""
    ledger: Ledger | None = None
    loosened: tuple[tuple[str, str], ...] = ()
    places: dict[str, tuple[str, int]] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for chapter in self.chapters for rule in chapter.rules)

    def rule(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def default_sheet(chapters: tuple[Chapter, ...], weights: Weights, *, superior: bool = False) -> Sheet:
    """A sheet for duties without a table of their own, the branch's or the ``superior``'s: each rule weighs by its
    severity, shares sum to ``total``."""
    scored = [(c, [r for r in c.rules if _scored(r, weights, superior)]) for c in chapters]
    scored = [(c, rules) for c, rules in scored if rules]
    whole = sum((weights.weights[r.severity] for _, rules in scored for r in rules), Fraction(0))
    indicators = []
    for number, (chapter, rules) in enumerate(scored, 1):
        points = {r.id: weights.total * weights.weights[r.severity] / whole for r in rules}
        lines = [
            Line(title=r.title, rules=[r.id], loss=Proportion(kind="proportion", points=points[r.id])) for r in rules
        ]
        total = sum(points.values(), Fraction(0))
        indicators.append(Indicator(id=str(number), title=chapter.title, points=total, lines=lines))
    return Sheet(title=weights.title, indicators=indicators, own=False, note=weights.note)


def _scored(rule: Rule, weights: Weights, superior: bool) -> bool:
    return rule.by_superior is superior and rule.strength != "may" and weights.weights[rule.severity] > 0
