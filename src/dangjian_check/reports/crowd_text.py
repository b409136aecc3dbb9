"""So many records that a terminal shows only what they have in common: totals, missed duties, scores, units."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from dangjian_check.engine.assessment import Report
from dangjian_check.engine.crowd import Crowd, Lot
from dangjian_check.reports import remarks
from dangjian_check.reports.base import Look, interval
from dangjian_check.reports.summary_blocks import Block, Heading, Para, Table
from dangjian_check.reports.summary_text import drawn_blocks
from dangjian_check.rulebook.rule import SEVERITY_LABELS


def crowd_text(report: Report, crowd: Crowd[Any], look: Look) -> str:
    """The totals as text of at most ``look.width`` columns."""
    return drawn_blocks(_blocks(report, crowd), look)


def _blocks(report: Report, crowd: Crowd[Any]) -> Iterator[Block]:
    yield Heading(f"共 {crowd.records} 份记录，{crowd.count} 份核查结论", 1)
    yield Para("份数多，这里只列总的；每一份的结论写进 --output rows:文件，再用 dj-check query 查。")
    if report.problems:
        yield Para(f"核不了的 {len(report.problems)} 处，见标准错误输出。")
    for standard in report.standards:
        if lot := crowd.lots.get(standard.id):
            yield Heading(f"{standard.manifest.title}（{standard.id}）", 2)
            yield Para(_general(lot))
            yield _bands(lot)
    yield Heading("各项要求和各单位", 2)
    yield _common(report, crowd)
    yield _units(crowd)
    noted = tuple((remark.text, remark.below) for remark in remarks.of_run(report))
    yield Table("本次核查的说明", ("说明", "怎么办"), noted)


def _general(lot: Lot) -> str:
    silent = lot.count - lot.judged
    return (
        f"核查结论 {lot.count} 份，其中发现问题的 {lot.judged - lot.clean} 份，没有发现问题的 {lot.clean} 份"
        f"{f'，没有可评定事项的 {silent} 份' if silent else ''}。问题 {lot.deficiencies} 处，待核 {lot.waiting} 项。"
    )


def _bands(lot: Lot) -> Table:
    rows = ((f"{b.start}%—{b.end}%", b.low, b.high) for b in lot.bands.listed() if b.low or b.high)
    return Table("得分分布", ("得分占满分的百分比", "下限在此段的份数", "上限在此段的份数"), tuple(rows))


def _common(report: Report, crowd: Crowd[Any]) -> Table:
    rows = (
        (p.rule.title, f"{p.rule.id} {p.rule.citation.label}", SEVERITY_LABELS[p.rule.severity], p.spread, p.times)
        for p in crowd.common_problems(report.standards)
    )
    return Table("没有做到的要求（涉及支部多的在前）", ("要求", "依据", "轻重", "支部数", "处数"), tuple(rows))


def _units(crowd: Crowd[Any]) -> Table:
    rows = ((u.name, u.count, _share(u.average), u.clean, u.deficiencies, u.waiting) for u in crowd.units())
    heads = ("上级党组织", "结论份数", "平均得分率", "没有问题的", "问题处数", "待核项数")
    return Table("按上级党组织", heads, tuple(rows), few=40)


def _share(average: tuple[Fraction, Fraction] | None) -> str:
    return "—" if average is None else f"{interval(*(round(end * 100, 1) for end in average))}%"
