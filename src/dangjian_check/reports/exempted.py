"""What is said of waivers and of the baseline, whatever the format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from dangjian_check.engine.assessment import Assessment, Deficiency, WaivedDeficiency
from dangjian_check.reports import findings
from dangjian_check.reports.account import lost
from dangjian_check.reports.base import points
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.waiver import EFFECT_LABELS, EFFECT_WORDS, Waiver

KNOWN = "（基线已有）"


class Exempted(NamedTuple):
    """What one waiver covers of one rule."""

    rule: Rule
    waiver: Waiver
    deficiencies: tuple[Deficiency, ...]

    @property
    def what(self) -> str:
        """The demand, and when it was not met."""
        return f"{self.rule.title}：{'、'.join(dict.fromkeys(map(findings.window_words, self.deficiencies)))}"

    @property
    def effect(self) -> str:
        """What the waiver does, and for an acceptance what is still lost."""
        return effect(self.waiver, self.deficiencies)


def effect(waiver: Waiver, deficiencies: Iterable[Deficiency]) -> str:
    """免除，不扣分 · 暂时容许到 2024-12-31，仍扣 2 分."""
    if waiver.effect == "excuse":
        return EFFECT_WORDS["excuse"]
    cost = lost(deficiencies)
    return f"暂时容许到 {waiver.expires}，{f'仍扣 {points(cost)} 分' if cost else '不计分'}"


def ground(waiver: Waiver) -> str:
    """Which waiver, why, who granted it, when and by which document."""
    day = f"（{waiver.approved}）" if waiver.approved else ""
    paper = f"，{waiver.document}" if waiver.name != waiver.document else ""
    return f"{waiver.name}：{waiver.reason}；{waiver.approver}批准{day}{paper}"


def exempted(assessment: Assessment) -> list[Exempted]:
    """What is waived, rule by rule and waiver by waiver, in the order of the report."""
    found: dict[tuple[str, tuple[str, ...]], list[WaivedDeficiency]] = {}
    for waived in assessment.waived:
        found.setdefault((waived.deficiency.rule.id, waived.waiver.order), []).append(waived)
    return [Exempted(w[0].deficiency.rule, w[0].waiver, tuple(x.deficiency for x in w)) for w in found.values()]


def heading(assessment: Assessment) -> str:
    """How many are waived, and that they were not held against the branch."""
    return f"豁免 {len(assessment.waived)} 处，不算作问题"


def nothing_found(assessment: Assessment) -> str:
    """What is said where no deficiency is open."""
    return "豁免以外没有发现问题" if assessment.waived else "没有发现问题"


def counted(waived: Iterable[WaivedDeficiency]) -> str:
    """免除 2 处、暂时容许 1 处; nothing for none."""
    found = Counter(w.waiver.effect for w in waived)
    return "、".join(f"{label} {found[kind]} 处" for kind, label in EFFECT_LABELS.items() if found[kind])


def known(deficiencies: Iterable[Deficiency]) -> str:
    """How many the baseline lists, to follow a count of all; nothing without one."""
    listed = [d.known for d in deficiencies]
    return (
        f"（基线已有 {listed.count(True)} 处，新增 {listed.count(False)} 处）"
        if any(k is not None for k in listed)
        else ""
    )


def mark(deficiency: Deficiency) -> str:
    """What follows the message of a deficiency that the baseline lists."""
    return KNOWN if deficiency.known else ""
