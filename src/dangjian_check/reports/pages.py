"""A readable page of a standard, made from its rules: every duty, its place, its number, its ground."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.placement import Place, Placement
from dangjian_check.model.calendar import LAST_DAY
from dangjian_check.reports.base import clean
from dangjian_check.reports.explanation import loss_words
from dangjian_check.reports.standards import demand_words
from dangjian_check.rulebook.rule import ACTOR_LABELS, SEVERITY_LABELS, STRENGTH_LABELS, Rule
from dangjian_check.rulebook.standard import Standard

_NOTE = "<!-- 由 dj-check rules pages 从规则生成，不要手改 -->"


def page(standard: Standard, placement: Placement | None) -> str:
    """The whole page in Markdown."""
    return "\n".join(_lines(standard, placement)) + "\n"


def _lines(standard: Standard, placement: Placement | None) -> Iterator[str]:
    manifest = standard.manifest
    yield f"# {manifest.title}（{standard.id}）"
    yield ""
    yield _NOTE
    yield ""
    document = f"《{manifest.document}》{manifest.number or ''}"
    yield f"制发：{manifest.issuer}　文件：{document}　施行：{manifest.start or '未写'}"
    yield ""
    yield from (f"- {_safe(note)}" for note in manifest.notes)
    if placement is not None:
        counts = placement.counts()
        told = "，".join(f"{place.label} {counts[place]}" for place in Place if counts[place])
        yield ""
        yield f"台账 {len(placement.placed)} 条：{told}。"
    for chapter in standard.chapters:
        yield ""
        yield f"## {_safe(chapter.title)}"
        yield ""
        yield "| 规则 | 要求 | 依据 | 谁 | 程度 | 轻重 | 怎样核 |"
        yield "|---|---|---|---|---|---|---|"
        yield from (_row(rule) for rule in chapter.rules)
        yield from _remarks(chapter.rules)
    if standard.sheet.own:
        yield from _sheet(standard)


def _row(rule: Rule) -> str:
    cells = (
        rule.id,
        rule.title,
        rule.citation.article,
        ACTOR_LABELS[rule.actor],
        STRENGTH_LABELS[rule.strength],
        SEVERITY_LABELS[rule.severity],
        _how(rule),
    )
    return f"| {' | '.join(map(_safe, cells))} |"


def _how(rule: Rule) -> str:
    if rule.check.kind == "manual":
        return "人评"
    words = demand_words(rule, LAST_DAY).removesuffix(f"（{STRENGTH_LABELS[rule.strength]}）")
    return f"{words}，余下人评" if rule.judgement else words


def _remarks(rules: tuple[Rule, ...]) -> Iterator[str]:
    notes = [(rule.id, f"推定：{text}") for rule in rules for text in rule.assumed]
    notes += [(rule.id, f"待核原文：{rule.to_verify}") for rule in rules if rule.to_verify]
    restated = [
        (rule.id, f"管台账 {'、'.join(rule.clauses)}") for rule in rules if rule.clauses != [rule.id] and rule.clauses
    ]
    if notes or restated:
        yield ""
    yield from (f"- {name} {_safe(text)}" for name, text in [*restated, *notes])


def _sheet(standard: Standard) -> Iterator[str]:
    yield ""
    yield f"## 评分表：{_safe(standard.sheet.title)}"
    yield ""
    yield "| 指标 | 分值 | 扣分 | 规则 |"
    yield "|---|---|---|---|"
    for leaf in standard.sheet.leaves():
        name = _safe(f"{leaf.id} {leaf.title}{'（上级）' if leaf.bearer == 'superior' else ''}")
        if not leaf.lines:
            cost = "加分，人评" if leaf.bonus else "没有扣法"
            yield f"| {name} | {float(leaf.points):g} | {cost} | {'、'.join(leaf.rules)} |"
        for line in leaf.lines:
            cost = _safe(f"{line.title}：{loss_words(line)}")
            yield f"| {name} | {float(leaf.points):g} | {cost} | {'、'.join(line.rules)} |"
    if standard.sheet.note:
        yield ""
        yield _safe(standard.sheet.note)


def _safe(text: str) -> str:
    return clean(text).replace("|", "\\|").replace("<", "&lt;")
