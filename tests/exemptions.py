"""Waivers and assessments for tests: made from short data, laid over tables of verdicts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from dangjian_check.engine.assessment import Assessment, BranchRef
from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import Price, RuleOutcome
from dangjian_check.engine.scoring import score
from dangjian_check.engine.waivers import lay
from dangjian_check.rulebook.sheet import Sheet
from dangjian_check.rulebook.standard import Chapter, Manifest, Standard
from dangjian_check.rulebook.waiver import Waiver
from strategies import Data
from tables import KNOWN, RULES, YEAR, Table, found, outcomes

GRANT = {"approver": "机械工程学院党总支", "document": "党总支发 2024-3 号", "reason": "防汛抗洪，经批准暂停"}
ALL_YEAR = {"from": "2024-01-01", "to": "2024-12-31"}


def waiver(rules: Any = RULES, covers: Data = ALL_YEAR, effect: str = "excuse", **more: Any) -> Waiver:
    """A waiver of these rules; an acceptance ends with 2024 unless said otherwise."""
    end = {"expires": "2024-12-31"} if effect == "accept" else {}
    listed = [rules] if isinstance(rules, str) else list(rules)
    return Waiver.model_validate(GRANT | {"rules": listed, "covers": covers, "effect": effect} | end | more)


EVERYTHING = waiver()


def assessment_of(
    sheet: Sheet, table: Table, *, with_superior: bool = False, priced: dict[tuple[str, str], Price] | None = None
) -> Assessment:
    """One branch under a sheet, judged as the table says; ``priced`` are failures at an assessor's price."""
    manifest = Manifest(id="test", title="测试标准", issuer="测试", document="测试文件")
    standard = Standard(manifest, (Chapter("第一条", tuple(KNOWN.values())),), sheet, Sheet(title="空", indicators=[]))
    judged = [_priced(outcome, priced or {}) for outcome in outcomes(table)]
    return Assessment(
        branch=BranchRef("b1", "甲支部", "b1.yaml"),
        standard=standard,
        period=YEAR,
        as_of=YEAR.end,
        outcomes=tuple(judged),
        deficiencies=found(sheet, judged),
        score=score(Losses(sheet), judged, with_superior=with_superior),
    )


def _priced(outcome: RuleOutcome, prices: dict[tuple[str, str], Price]) -> RuleOutcome:
    windows = [w._replace(price=prices.get((outcome.rule.id, w.window.name))) for w in outcome.windows if w.is_lost]
    named = {w.window.name: w for w in windows}
    return replace(outcome, windows=tuple(named.get(w.window.name, w) for w in outcome.windows))


def waived(assessment: Assessment, *waivers: Waiver) -> Assessment:
    """The assessment under waivers."""
    return lay(assessment, waivers)[0]


def on_day(assessment: Assessment, day: Any) -> Assessment:
    """The same assessment as of another day."""
    return replace(assessment, as_of=day)


@st.composite
def waivers(draw: st.DrawFn, effects: tuple[str, ...] = ("excuse", "accept")) -> Waiver:
    """A waiver of some rules for some months, running or run out."""
    first = draw(st.integers(1, 5))
    last = draw(st.none() | st.integers(first, 5).map(lambda month: f"2024-{month:02d}-28"))
    covers = {"from": f"2024-{first:02d}-01"} | ({"to": last} if last else {})
    rules = draw(st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True))
    branches = draw(st.sampled_from([{}, {}, {}, {"branches": ["b1", "b2"]}, {"branches": ["b2"]}]))
    effect = draw(st.sampled_from(effects))
    end = {"expires": draw(st.sampled_from(["2024-12-30", "2024-12-31", "2025-12-31"]))} if effect == "accept" else {}
    return waiver(rules, covers, effect, id=draw(st.sampled_from("甲乙丙")), **branches, **end)
