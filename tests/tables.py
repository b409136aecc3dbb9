"""Rule outcomes made from plain tables of verdicts, for tests of scoring."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from builders import record_from, rule_from
from dangjian_check.checks.base import Verdict
from dangjian_check.engine.assessment import Deficiency, Score
from dangjian_check.engine.deficiencies import deficiencies
from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import RuleOutcome, WindowOutcome
from dangjian_check.engine.scoring import score
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.series import Discipline
from dangjian_check.rulebook.sheet import Indicator, Sheet
from strategies import Data, sheets, verdict_tables

Table = dict[str, list[Data]]

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
RULES = ("T-1", "T-2", "T-3", "T-4")
SUPERIOR = "T-4"
_CHECK = {"kind": "frequency", "select": {"type": "支委会"}, "per": "month", "min": 1}
_SUPERIOR = {"actor": "superior", "seen_in": "branch"}
KNOWN = {n: rule_from({"id": n, "check": _CHECK} | (_SUPERIOR if n == SUPERIOR else {})) for n in RULES}
OPEN = ("unknown", "manual", "error")
random_tables = verdict_tables(RULES)
random_sheets = sheets(RULES).map(Sheet.model_validate)


def said(outcome: str, actual: object = 0) -> Data:
    """A verdict on one window."""
    return {"outcome": outcome, "actual": actual, "cases": ()}


NOTHING = said("fail")


def outcomes(table: Table) -> list[RuleOutcome]:
    """Every rule's outcome, a window for each month from January."""
    return [
        RuleOutcome(KNOWN[name], tuple(_window(n, verdict) for n, verdict in enumerate(windows, 1)))
        for name, windows in table.items()
    ]


def _window(number: int, verdict: Data) -> WindowOutcome:
    window = Window(date(2024, number, 1), date(2024, number, 28), f"2024-{number:02d}")
    counted = tuple(_case(index, case) for index, case in enumerate(verdict["cases"]))
    found = Verdict(Outcome(verdict["outcome"]), "测试", actual=verdict["actual"], counted=counted)
    return WindowOutcome(window, None, found)


def _case(index: int, case: tuple[str, str]) -> Fact:
    entry = Discipline.model_validate({"name": case[0], "matter": case[1], "kind": "党纪", "decided": "2024-03-01"})
    return Fact("discipline", index, entry, entry.date)


def scored(sheet: Sheet, table: Table, *, with_superior: bool = False) -> Score | None:
    """The score of a table of verdicts."""
    return score(Losses(sheet), outcomes(table), with_superior=with_superior)


def bare_facts(assessments: list[Data] | None = None) -> Facts:
    """A branch with nothing but what assessors wrote."""
    return Facts(record_from({"branch": {"name": "甲"}, "assessments": assessments or []}), YEAR, YEAR.end)


def found(sheet: Sheet, judged: Iterable[RuleOutcome]) -> tuple[Deficiency, ...]:
    """The deficiencies of the branch."""
    return deficiencies("b1", judged, bare_facts(), Losses(sheet))


def inside(inner: Score, outer: Score) -> bool:
    """Whether one score's interval lies in the other's, in sum and for every indicator."""
    pairs = [(inner, outer), *zip(inner.items, outer.items, strict=True)]
    return all(old.low <= new.low <= new.high <= old.high for new, old in pairs)


def grades_inside(sheet: Sheet, inner: Score, outer: Score) -> bool:
    """Whether one score's grades lie between the other's; so they do on a sheet without grades."""
    if inner.grade is None or outer.grade is None:
        return not sheet.grades
    order = [band.name for band in sorted(sheet.grades, key=lambda band: band.min)]
    worst, low, high, best = map(order.index, (outer.grade.low, inner.grade.low, inner.grade.high, outer.grade.high))
    return worst <= low <= high <= best


def scored_leaves(sheet: Sheet) -> list[Indicator]:
    """The indicators that have an item in the score."""
    return [leaf for leaf in sheet.leaves() if not leaf.bonus]


def one_line(loss: Data, *rules: str) -> Sheet:
    """A sheet of ten points with a single line."""
    line = {"title": "扣分项", "rules": list(rules), "loss": loss}
    return Sheet.model_validate({
        "title": "表",
        "indicators": [{"id": "1", "title": "甲", "points": 10, "lines": [line]}],
    })
