"""评分表 as the document lays it out: indicators level by level, what is demanded, what it cost, what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from dangjian_check.engine.assessment import Assessment, ItemScore, Report
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports import account, findings
from dangjian_check.reports.base import interval, points
from dangjian_check.reports.explanation import loss_words
from dangjian_check.reports.workbook_cells import Book, Cell, Column, Page, Row, Value, lines
from dangjian_check.rulebook.sheet import Indicator, Line

FEW = 20
_LEVELS = ("一级指标", "二级指标", "三级指标", "四级指标")
_NO_WAY = "表上没有扣分办法"
_BY_SUPERIOR = "由上级评定"


@dataclass(frozen=True, slots=True)
class Demand:
    """One row: a demand below its indicator. ``levels`` are the indicators from the top down to the clause."""

    levels: tuple[str, ...]
    title: str
    how: str
    deduction: Fraction | str
    outcome: str
    leaf: Indicator
    kept: Fraction | str
    examined: str


def demands(assessment: Assessment) -> list[Demand]:
    """All rows of an assessment's sheet in the sheet's order; demands the sheet sets no price for stand below the
    indicator that their chapter belongs to."""
    return list(_Rows(assessment).all())


class _Rows:
    """Reads the sheet of one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self.a = assessment
        self.known = {o.rule.id: o for o in assessment.outcomes}
        self.sheet = findings.sheet_of(assessment)
        self.depth = depth(assessment)
        self.prices: dict[str, Fraction] = {}
        for d in assessment.found():
            self.prices[d.rule.id] = self.prices.get(d.rule.id, Fraction(0)) + d.deduction
        self.placed: set[str] = set()
        self.listed = {rule for leaf in self.sheet.leaves() for rule in leaf.all_rules()}

    def all(self) -> Iterator[Demand]:
        for indicator in self.sheet.indicators:
            yield from self._below(indicator, ())

    def _below(self, indicator: Indicator, above: tuple[str, ...]) -> Iterator[Demand]:
        levels = (*above, _named(indicator))
        for inner in indicator.indicators:
            yield from self._below(inner, levels)
        if not indicator.indicators:
            yield from self._leaf(indicator, (*levels, *[""] * (self.depth - len(levels))))

    def _leaf(self, leaf: Indicator, levels: tuple[str, ...]) -> Iterator[Demand]:
        item = self._item(leaf)
        kept, examined = _kept(leaf, item), _examined(leaf, item)
        rules = self._rules(leaf)
        for rule_id in rules:
            outcome = self.known.get(rule_id)
            if outcome is None:
                continue
            yield Demand(
                levels=(*levels, _clause(leaf, outcome)),
                title=outcome.rule.title,
                how=_how(leaf, rule_id),
                deduction=self._lost(leaf, rule_id),
                outcome=_outcome_words(outcome, self.a),
                leaf=leaf,
                kept=kept,
                examined=examined,
            )
        if not rules:
            yield Demand((*levels, ""), "", _NO_WAY, "", "", leaf, kept, examined)

    def _rules(self, leaf: Indicator) -> list[str]:
        """The indicator's demands in the order of the document: those of its lines, and those of the same chapters
        that the sheet sets no price for anywhere."""
        priced = set(leaf.all_rules())
        chapters = (c for c in self.a.standard.chapters if any(r.id in priced for r in c.rules))
        done = self.listed | self.placed
        found = [r.id for c in chapters for r in c.rules if r.id in priced or r.id not in done]
        self.placed.update(found)
        return found

    def _lost(self, leaf: Indicator, rule_id: str) -> Fraction | str:
        """What the rule lost; taken out when said, so that a rule of two indicators is not counted twice."""
        if leaf.bonus or rule_id not in self.listed:
            return "" if leaf.bonus else "不计分"
        return self.prices.pop(rule_id, "")

    def _item(self, leaf: Indicator) -> ItemScore | None:
        score = self.a.score
        if score is None:
            return None
        return score.bonus if leaf.bonus else next((i for i in score.items if i.id == leaf.id), None)


def depth(assessment: Assessment) -> int:
    """How many levels of indicators the sheet has."""

    def below(indicators: Iterable[Indicator]) -> int:
        return max((1 + below(i.indicators) for i in indicators), default=0)

    return below(findings.sheet_of(assessment).indicators)


def _named(indicator: Indicator) -> str:
    worth = f"（{points(indicator.points)} 分）" if indicator.indicators else ""
    return f"{indicator.id} {indicator.title}{worth}"


def _clause(leaf: Indicator, outcome: RuleOutcome) -> str:
    """The clause below the indicator: its number if it carries on the indicator's, else the article as cited."""
    article = outcome.rule.citation.article
    found = re.search(rf"(?<![\d.]){re.escape(leaf.id)}(\.\d+)*.*$", article)
    return found.group() if found and "." in leaf.id else article


def _how(leaf: Indicator, rule_id: str) -> str:
    if leaf.bonus:
        return f"加分，至多 {points(leaf.points)} 分，由评分人定"
    return "；".join(_line_words(line, leaf) for line in leaf.lines if rule_id in line.rules) or _NO_WAY


def _line_words(line: Line, leaf: Indicator) -> str:
    instead = leaf.not_held is not None and set(line.rules) & set(leaf.not_held.rules)
    nothing = f"；全年一次没有的扣 {points(leaf.not_held.points)} 分" if instead and leaf.not_held else ""
    return f"{line.title}：{loss_words(line)}{nothing}"


def _outcome_words(outcome: RuleOutcome, assessment: Assessment) -> str:
    if outcome.rule.by_superior and not assessment.of_organization:
        return _BY_SUPERIOR
    missed, still_open = outcome.count(Outcome.FAIL), sum(w.outcome.is_open for w in outcome.windows)
    if outcome.outcome is Outcome.FAIL:
        rest = f"，另有 {still_open} 处待核" if still_open else ""
        return f"不合格 {missed} 处{rest}"
    return outcome.outcome.label


def _kept(leaf: Indicator, item: ItemScore | None) -> Fraction | str:
    if item is None:
        return "无可评定项"
    if item.low == item.high:
        return item.low
    return ("另加 " if leaf.bonus else "") + interval(item.low, item.high)


def _examined(leaf: Indicator, item: ItemScore | None) -> str:
    if item is None:
        return ""
    if leaf.bonus:
        return "待人评" if item.low != item.high else "已评"
    done = leaf.points * item.completeness
    if item.by_superior and not done:
        return "未核（上级责任）"
    if done == leaf.points:
        return "已核" if item.low == item.high else "已核，扣分幅度待评"
    return "待核" if not done else f"已核 {points(done)} 分，待核 {points(leaf.points - done)} 分"


def score_sheets(book: Book, report: Report) -> None:
    """A sheet for each assessment; for many, one long sheet that can be filtered."""
    if len(report.assessments) > FEW:
        _long_sheet(book, report)
        return
    names = account.names(report)
    several = len({a.standard.id for a in report.assessments}) > 1
    for a in report.assessments:
        ending = f" {a.standard.id}" if several else ""
        name = f"评分 {names[a.branch][: 26 - len(ending)]}{ending}" if len(report.assessments) > 1 else "评分表"
        _sheet(book.page(name), a, names[a.branch])


def _titles(assessment: Assessment, levels: int) -> list[str]:
    clause = _LEVELS[levels] if findings.sheet_of(assessment).own and levels < len(_LEVELS) else "条款"
    return [*_LEVELS[:levels], clause, "考核要点", "计分办法", "分值", "扣分", "核查结果", "得分", "已核/待核"]


def _widths(levels: int) -> list[float]:
    return [*[20.0] * levels, 12.0, 40.0, 38.0, 8.0, 8.0, 17.0, 12.0, 16.0]


def _sheet(page: Page, a: Assessment, name: str) -> None:
    rows, levels = demands(a), depth(a)
    titles, widths = _titles(a, levels), _widths(levels)
    own = "" if findings.sheet_of(a).own else "（该文件没有评分表，按通用表折算，只供参考）"
    until = f"{a.period.start} 至 {a.period.end}，截至 {a.as_of}"
    under = f"《{a.standard.manifest.title}》{own}　核查期间 {until}"
    top = page.heading(f"{name}评分表", under, len(titles))
    page.height(1, lines(under, sum(widths)))
    page.head(top, titles)
    page.widths(widths)
    texts = [_texts(row) for row in rows]
    heights = [max(lines(row[i], widths[i]) for i in (levels + 1, levels + 4 + 1)) for row in texts]
    _draw(page, top + 1, rows, texts, widths, heights)
    for number, height in enumerate(heights, top + 1):
        page.height(number, height)
    last = _total(page, a, top + 1 + len(rows), levels)
    page.sheet.freeze_panes(top + 1, 0)
    page.printing(last, len(titles) - 1, (top, top))


def _texts(row: Demand) -> list[Value]:
    worth = f"加 {points(row.leaf.points)}" if row.leaf.bonus else row.leaf.points
    return [*row.levels, row.title, row.how, worth, row.deduction, row.outcome, row.kept, row.examined]


def _draw(
    page: Page, top: int, rows: list[Demand], texts: list[list[Value]], widths: list[float], heights: list[int]
) -> None:
    """All cells, those that belong together merged; rows grow where a merged text needs more room."""
    levels = len(rows[0].levels) if rows else 0
    looks = [*[""] * (levels + 2), "number", "number", "middle", "number", "middle"]
    apart: list[Callable[[int], object]] = [_key(rows, i) for i in range(levels)]
    together = {**dict(enumerate(apart)), levels + 1: lambda i: (id(rows[i].leaf), rows[i].how)}
    together |= dict.fromkeys((levels + 2, levels + 5, levels + 6), lambda i: id(rows[i].leaf))
    for column, look in enumerate(looks):
        key = together.get(column, lambda i: i)
        for _, found in groupby(range(len(rows)), key):
            group = list(found)
            value = texts[group[0]][column]
            shown = Cell(value, _look(value, look, column == levels + 4))
            page.merge((top + group[0], column), (top + group[-1], column), value, shown.look)
            missing = lines(value, widths[column]) - sum(heights[i] for i in group)
            heights[group[-1]] += max(0, missing)


def _key(rows: list[Demand], level: int) -> Callable[[int], object]:
    return lambda i: rows[i].levels[: level + 1]


def _look(value: Value, look: str, outcome: bool) -> str:
    if not outcome or not isinstance(value, str):
        return look
    return "major" if value.startswith("不合格") else "minor" if value in _OPEN else look


_OPEN = frozenset(o.label for o in Outcome if o.is_open)


def _total(page: Page, a: Assessment, row: int, levels: int) -> int:
    """The last line: points, what was lost for certain, the score, how much of it is examined."""
    score = a.score
    width = levels + 3
    page.merge((row, 0), (row, width - 1), "合计", "strong")
    values: list[Value] = [None, None, None, "无可评定项", None]
    if score is not None:
        lost = sum((d.deduction for d in a.found()), Fraction(0))
        kept: Value = score.low if score.low == score.high else interval(score.low, score.high)
        done = score.max * score.completeness
        values = [score.max, lost, None, kept, f"已核 {points(done)}/{points(score.max)} 分"]
    for place, value in enumerate(values, width):
        page.put(row, place, value, "strong")
    page.height(row, 2)
    for note in _notes(a):
        row += 1
        page.merge((row, 0), (row, width + 4), note, "plain")
        page.height(row, lines(note, sum(_widths(levels))))
    return row


def _notes(a: Assessment) -> list[str]:
    notes = ["注：得分为区间的，下限把待核各项全扣，上限全不扣；扣分只列已经核定的。"]
    score = a.score
    if score is not None and score.bonus is not None:
        notes.append(f"　　加分 {points(score.bonus.points)} 分由人评定，不计入合计。")
    superior = sum((i.points for i in score.items if i.by_superior), Fraction(0)) if score else Fraction(0)
    if score is not None and superior and not score.with_superior:
        notes.append(f"　　其中 {points(superior)} 分是上级责任指标，没有核也没有扣。")
    if score is not None and score.grade is not None:
        grade = score.grade
        notes.append(f"　　等次：{grade.high if grade.certain else f'{grade.low}至{grade.high}，未定'}。")
    return notes


def _long_sheet(book: Book, report: Report) -> None:
    names = account.names(report)
    deepest = max(depth(a) for a in report.assessments)
    columns = [
        Column("支部", most=20),
        Column("标准", most=18),
        *[Column(title, most=16) for title in (*_LEVELS[:deepest], "条款")],
        Column("考核要点", most=36),
        Column("计分办法", most=34),
        *[Column(title, "number") for title in ("分值", "扣分")],
        Column("核查结果", "middle", most=16),
        Column("得分", "number", most=12),
        Column("已核/待核", "middle", most=16),
    ]
    under = f"{account.span(report)}　“分值”“得分”“已核/待核”按指标，同一指标各行相同；合计见“统计”"

    def rows() -> Iterator[Row]:
        for a in report.assessments:
            for row in demands(a):
                texts = _texts(row)
                padding = [""] * (deepest + 1 - len(row.levels))
                levels = [*row.levels[:-1], *padding, row.levels[-1]]
                yield [names[a.branch], a.standard.manifest.title, *levels, *texts[len(row.levels) :]]

    book.page("评分表").table("党支部评分表", under, columns, rows(), frozen=2)
