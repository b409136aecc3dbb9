"""Rules about rules: what a well-made standard keeps to beyond its form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dangjian_check.engine.proof import needs_proof, test_record
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard

_TITLE = 40
_FEW = 6


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to put right in one rule."""

    rule: str
    message: str
    remedy: str


def remarks(standard: Standard) -> Iterator[Remark]:
    """Every remark on a standard's rules and sheet, in the order of the rules."""
    scored = [name for leaf in standard.sheet.leaves() for line in leaf.lines for name in line.rules]
    for rule in standard.rules:
        yield from _rule(rule)
        if scored.count(rule.id) > 1:
            yield Remark(rule.id, "在评分表的两处扣分", "一条规则只放在一个扣分项里")
        if rule.strength == "may" and rule.id in scored:
            yield Remark(rule.id, "鼓励性要求不应扣分", "从扣分项里去掉，或改 strength")


def unscored(standard: Standard) -> list[str]:
    """A note on the branch-side duties a standard's own sheet leaves without a price."""
    scored = {name for leaf in standard.sheet.leaves() for name in leaf.all_rules()}
    left = [r.id for r in standard.rules if not r.by_superior and r.strength != "may" and r.id not in scored]
    if not standard.sheet.own or not left:
        return []
    named = "、".join(left[:_FEW]) + ("等" if len(left) > _FEW else "")
    return [f"{standard.id} 有 {len(left)} 条规则不在评分表里，只列问题不扣分：{named}"]


def _rule(rule: Rule) -> Iterator[Remark]:
    if len(rule.title) > _TITLE:
        yield Remark(rule.id, f"标题超过 {_TITLE} 字", "标题只写要求本身，细节写进 reason 或 judgement")
    if needs_proof(rule) and not rule.tests:
        yield Remark(rule.id, "没有测试", "写 tests，证明它能合格、能不合格")
    names = [test.name for test in rule.tests]
    if len(names) != len(set(names)):
        yield Remark(rule.id, "两个测试同名", "每个测试用一句话说明自己证明什么")
    for test in rule.tests:
        try:
            test_record(test)
        except ValueError:
            yield Remark(rule.id, f"测试“{test.name}”的记录写错了", "运行 dj-check rules test 看是哪一处")
