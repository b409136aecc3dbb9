"""What a summary of many reports says, block by block: paragraphs and tables that each format draws in its own way.

Facts only, in the order of what most branches share; branches are named, never ranked, unless that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dangjian_check.engine.summary import ByStandard, Common, Moment, Summary, Tally
from dangjian_check.model.calendar import period_label
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import interval, points
from dangjian_check.reports.paper_text import numeral
from dangjian_check.rulebook.rule import SEVERITIES, SEVERITY_LABELS

IN_CIRCULAR = 15
_BRANCHES_NAMED = 12
_PERIODS = 8
_OPEN = (Outcome.MANUAL, Outcome.UNKNOWN, Outcome.ERROR, Outcome.PENDING, Outcome.NOT_APPLICABLE)
Cell = str | int | Fraction


@dataclass(frozen=True, slots=True)
class Heading:
    """A title: 1 of the whole, 2 of a standard, 3 of a part."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; numbers stand to the right. ``few`` is how many rows a short form shows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    few: int = 15
    sheet: str = ""

    @property
    def name(self) -> str:
        """What a sheet that holds only this table is called."""
        return self.sheet or self.title.partition("（")[0]


Block = Heading | Para | Table


def blocks(summary: Summary) -> Iterator[Block]:
    """The whole summary."""
    yield Heading("党支部工作核查汇总", 1)
    if not summary.count:
        yield Para("没有读到核查结论。")
    if summary.twice:
        what = "和前面的是同一支部、同一记录、同一标准、同一期间和截至日"
        yield Para(f"有 {summary.twice} 份结论{what}，没有再算；改了记录重新核查的，只交最后一次的报告。")
    if summary.alike:
        named = _some(sorted(summary.shared))
        yield Para(f"有 {summary.alike} 份结论和前面的编号相同、记录不同，都算了；请核对是不是同一个支部：{named}。")
    if summary.unread:
        lost = _some(list(summary.unread))
        yield Para(f"核查时有 {len(summary.unread)} 个文件存在差错，相应的内容没有核到：{lost}。")
    for standard in summary.standards.values():
        yield from _standard(standard, rank=summary.rank)


def _some(names: list[str]) -> str:
    return "、".join(names[:_PERIODS]) + ("等" if len(names) > _PERIODS else "")


def _standard(s: ByStandard, *, rank: bool) -> Iterator[Block]:
    title = s.standard.title
    yield Heading(f"{title}（{s.standard.id}）" if title else s.standard.id, 2)
    if len(s.digests) > 1:
        yield Para(f"这些报告用的标准有 {len(s.digests)} 版，数目不同可能是因为要求变了。")
    tally, series = s.current, s.series()
    if series:
        yield Para(f"报告有 {len(series)} 个期间，以下先列最近的一个：{_moment(series[-1][0])}。")
    elif len(s.moments) > 1:
        yield Para(f"各支部的核查期间不同，共 {len(s.moments)} 种，合在一起统计。")
    yield Heading("一、总体情况", 3)
    yield from map(Para, general(s))
    yield Heading("二、存在问题", 3)
    yield from map(Para, found(s))
    yield Heading("三、统计", 3)
    yield _common("没有做到的要求（涉及支部多的在前）", "共性问题", tally.by_branches())
    yield _common("没有做到的要求（扣分多的在前）", "扣分多的", [p for p in tally.by_points() if p.points])
    yield _items(tally)
    yield _bands(tally)
    yield _units(tally)
    yield _undecided(tally)
    if series:
        yield _trend(series)
        yield _trend_of_problems(series)
    if rank:
        yield _ranking(s)


def general(s: ByStandard) -> Iterator[str]:
    """总体情况: what was looked at, what came of it, how far it is decided."""
    tally = s.current
    moments = [s.series()[-1][0]] if s.is_series else list(s.moments)
    span = f"核查期间为{_moment(moments[0])}，" if len(moments) == 1 else ""
    silent = tally.count - tally.judged
    yield (
        f"{span}共得出核查结论 {tally.count} 份，其中发现问题的 {tally.judged - tally.clean} 份，没有发现问题的"
        f" {tally.clean} 份{f'，没有可评定事项的 {silent} 份' if silent else ''}。{_counted(tally)}"
    )
    if tally.average and tally.lowest and tally.highest:
        low = _share((tally.lowest[0], tally.highest[0])).replace("–", "% 至 ")
        high = _share((tally.lowest[1], tally.highest[1])).replace("–", "% 至 ")
        yield (
            f"计分的 {tally.scored} 份，平均得分率 {_share(tally.average)}；各份得分率的下限为 {low}，上限为 {high}。"
            f"下限把待核的事项全部扣分，上限全部不扣。"
        )
    if tally.waiting:
        done = f"已核定的占分值的 {_percent(tally.completeness)}；" if tally.completeness is not None else ""
        yield f"{done}另有 {tally.waiting} 项须由人核定或者资料不足，不作为问题列出。"
    if tally.waived:
        yield f"已准予豁免的 {tally.waived} 处，不计在问题里。"


def _counted(tally: Tally) -> str:
    if not tally.deficiencies:
        return "没有发现问题。"
    parts = "、".join(
        f"{SEVERITY_LABELS[level]}的 {tally.severities[level]} 处" for level in SEVERITIES if tally.severities[level]
    )
    return f"共发现问题 {tally.deficiencies} 处，涉及 {len(tally.by_branches())} 项要求，其中{parts}。"


def found(s: ByStandard) -> Iterator[str]:
    """存在问题: what most branches share comes first."""
    problems = s.current.by_branches()
    if not problems:
        yield "没有发现问题。"
    for number, p in enumerate(problems[:IN_CIRCULAR], 1):
        names = [s.names[branch] for branch in p.branches[:_BRANCHES_NAMED]]
        more = "等" if len(p.branches) > _BRANCHES_NAMED else ""
        times = f"、{p.times} 处" if p.times != len(p.branches) else ""
        cost = f"，共扣 {points(p.points)} 分" if p.points else ""
        yield (
            f"（{numeral(number)}）没有做到“{p.rule.title}”（{SEVERITY_LABELS[p.rule.severity]}）。"
            f"涉及 {len(p.branches)} 个支部{times}{cost}：{'、'.join(names)}{more}。依据：{p.rule.source.label}。"
        )
    if len(problems) > IN_CIRCULAR:
        yield f"其余 {len(problems) - IN_CIRCULAR} 项见统计表。"


def _common(title: str, sheet: str, problems: list[Common]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for p in problems:
        ground = f"{p.rule.id} {p.rule.source.label}"
        rows.append((p.rule.title, ground, SEVERITY_LABELS[p.rule.severity], len(p.branches), p.times, p.points))
    return Table(title, ("要求", "依据", "轻重", "支部数", "处数", "扣分"), tuple(rows), sheet=sheet)


def _items(tally: Tally) -> Table:
    rows = ((f"{i.id} {i.title}", _percent(i.rate), i.lost, i.open, i.points, i.branches) for i in tally.worst_items())
    return Table(
        "失分的指标（失分率高的在前）", ("指标", "失分率", "已失分", "待定分", "总分值", "失分的份数"), tuple(rows)
    )


def _bands(tally: Tally) -> Table:
    rows = (
        (f"{b.start}%—{b.end}%{'（不含）' if b.end < 100 else ''}", b.low, b.high)
        for b in tally.overview.distribution()
        if b.low or b.high
    )
    return Table("得分分布", ("得分占满分的百分比", "下限在此段的份数", "上限在此段的份数"), tuple(rows))


def _units(tally: Tally) -> Table:
    rows = (
        (u.name, u.count, _share(u.average) if u.average else "—", u.clean, u.deficiencies, u.waiting)
        for u in tally.overview.units()
    )
    heads = ("上级党组织", "结论份数", "平均得分率", "没有问题的", "问题处数", "待核项数")
    return Table("按上级党组织", heads, tuple(rows), few=40)


def _undecided(tally: Tally) -> Table:
    total = sum(tally.outcomes.values())
    rows = ((o.label, tally.outcomes[o], _percent(Fraction(tally.outcomes[o], total)) if total else "—") for o in _OPEN)
    return Table("没有定论的（按要求的项数计）", ("结论", "项数", "占全部"), tuple(rows))


def _trend(series: list[tuple[Moment, Tally]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for moment, t in series:
        average = _share(t.average) if t.average else "—"
        rows.append((_moment(moment), t.count, t.deficiencies, t.clean, average, _percent(t.completeness)))
    heads = ("期间", "结论份数", "问题处数", "没有问题的", "平均得分率", "已核")
    return Table("逐期", heads, tuple(rows), few=40)


def _trend_of_problems(series: list[tuple[Moment, Tally]]) -> Table:
    """For each rule how many branches missed it, period by period: the last ones, if there are many."""
    last = series[-_PERIODS:]
    missed = [{p.rule.id: p for p in t.by_branches()} for _, t in last]
    rules = dict.fromkeys(rule for found in reversed(missed) for rule in found)
    titles = {rule: p.rule.title for found in missed for rule, p in found.items()}
    rows: list[tuple[Cell, ...]] = []
    for rule in rules:
        numbers = [len(found[rule].branches) if rule in found else 0 for found in missed]
        rows.append((f"{titles[rule]}（{rule}）", *numbers))
    heads = ("要求", *(_moment(moment) for moment, _ in last))
    return Table("没有做到的支部数，逐期", heads, tuple(rows))


def _ranking(s: ByStandard) -> Table:
    rows = (
        (str(r.best) if r.best == r.worst else f"{r.best}–{r.worst}", r.name, r.branch, _share((r.low, r.high)))
        for r in s.ranking()
    )
    return Table("名次（得分是区间，名次也可能是区间）", ("名次", "支部", "编号", "得分率"), tuple(rows), few=100)


def _moment(moment: Moment) -> str:
    """A whole year, half, quarter or month by its name, anything else from day to day."""
    until = "" if moment.as_of == moment.end else f"（截至 {moment.as_of}）"
    return f"{period_label(moment.span.period) or moment.span}{until}"


def _percent(share: Fraction | None) -> str:
    return "—" if share is None else f"{points(round(share * 100, 1))}%"


def _share(ends: tuple[Fraction, Fraction]) -> str:
    low, high = (round(end * 100, 1) for end in ends)
    return f"{interval(low, high)}%"
