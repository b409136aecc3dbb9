"""What an official paper on a report says: a 通报 on several branches, a 整改通知 to one. Facts of the report only;
what a person must fill in (deadline, issuing body, date) is left blank."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from rich.cells import cell_len

from dangjian_check.engine.assessment import Assessment, BranchRef, Deficiency, Report
from dangjian_check.engine.overview import CommonProblem, together
from dangjian_check.model.calendar import STATE, Period, period_label, window_label
from dangjian_check.reports import account, exempted, findings
from dangjian_check.reports.base import clean, interval, points
from dangjian_check.rulebook.rule import SEVERITIES, SEVERITY_LABELS, Rule
from dangjian_check.rulebook.standard import Standard

DEADLINE = "　　年　月　日"
_IN_NOTICE, _IN_CIRCULAR = 40, 15
_TITLE_LINE = 40
_BRANCHES_NAMED = 12
_PERIODS_NAMED = 6
_ROWS = 2000
_IN_YEAR = re.compile(r"([0-9]{4}年)")
_DIGITS = "零一二三四五六七八九"

Role = Literal["title", "to", "body", "heading", "annexes", "signature", "annex", "annex-title", "note"]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of one role; ``lead`` is its opening sentence, set in another face; ``apart`` leaves a line
    free above it. A line break in a title is one."""

    role: Role
    text: str
    lead: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: headings, widths in parts of the line, rows; the columns named in ``centred`` are set in the middle."""

    heads: Sequence[str]
    parts: Sequence[int]
    rows: Sequence[Sequence[str]]
    centred: frozenset[int] = frozenset()


Block = Para | Table


def title_of(report: Report) -> str:
    """The title of the paper: of the notice to one branch, else of the circular."""
    return "".join(_title(report))


def _title(report: Report) -> tuple[str, str]:
    """The title in two parts, between which a line may end."""
    only = _only(report)
    when = _period_name(report.period)
    if only is None:
        branches = any(not a.of_organization for a in report.assessments) or not report.assessments
        return f"关于{when}", f"{'党支部' if branches else '党组织'}工作核查情况的通报"
    found = any(a.deficiencies for a in report.assessments)
    return f"关于{clean(only.name)}", f"{when}工作核查{'问题的整改' if found else '情况的'}通知"


def paper(report: Report) -> list[Block]:
    """The whole paper, block by block."""
    return list(_Paper(report).blocks())


def _only(report: Report) -> BranchRef | None:
    branches = list(dict.fromkeys(a.branch for a in report.assessments))
    return branches[0] if len(branches) == 1 else None


class _Paper:
    """Writes the paper on one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.only = _only(report)
        self.names = account.names(report)
        self.all = [(a, d) for a in report.assessments for d in a.deficiencies]
        self.problems = together(report.assessments).common_problems()
        self.shown = self.problems[: _IN_NOTICE if self.only else _IN_CIRCULAR]
        self.documents = list(dict.fromkeys(d.rule.citation.document for _, d in self.all))
        self.organizations = any(a.of_organization for a in report.assessments)

    @property
    def whom(self) -> str:
        """How the one addressed is called in the text."""
        return "你单位" if self.organizations else "你支部"

    def blocks(self) -> Iterator[Block]:
        head, tail = _title(self.report)
        long = cell_len(head + tail) > _TITLE_LINE
        yield Para("title", f"{head}\n{tail}" if long else head + tail)
        everyone = "各党支部、有关党组织" if self.organizations else "各党支部"
        yield Para("to", f"{self.only.name if self.only else everyone}：")
        yield Para("body", self._opening())
        yield Para("heading", "一、总体情况")
        yield from (Para("body", text) for text in self._general() if text)
        yield Para("heading", "二、存在问题")
        yield from self._found()
        yield Para("heading", "三、整改要求")
        yield from self._demanded()
        annexes = list(self._annexes())
        for number, (title, _) in enumerate(annexes, 1):
            order = f"{number}." if len(annexes) > 1 else ""
            yield Para("annexes", f"{'附件：' if number == 1 else '　　　'}{order}{title}", apart=number == 1)
        yield Para("signature", "　" * 8, apart=True)
        yield Para("signature", DEADLINE)
        for number, (title, blocks) in enumerate(annexes, 1):
            yield Para("annex", f"附件{number if len(annexes) > 1 else ''}")
            yield Para("annex-title", title)
            yield from blocks

    def _opening(self) -> str:
        standards = "、".join(f"“{s.manifest.title}”" for s in self.report.standards)
        ground = f"按照{standards}，" if standards else ""
        bodies = self.whom if self.only else _bodies(self.report)
        period, as_of = self.report.period, self.report.as_of
        span = f"，核查期间为{_day(period.start)}至{_day(period.end)}" if period else ""
        until = f"，情况截至{_day(as_of)}" if as_of else ""
        rest = "有关事项通知如下。" if self.only else "有关情况通报如下。"
        return f"{ground}对{bodies}的工作记录作了核查{span}{until}。现将{rest}"

    def _general(self) -> Iterator[str]:
        if not self.report.assessments:
            yield "没有得出核查结论。"
        elif self.only is None:
            judged = [a for a in self.report.assessments if a.judged]
            clean = sum(not a.deficiencies for a in judged)
            silent = len(self.report.assessments) - len(judged)
            rest = f"，没有可评定事项的 {silent} 份" if silent else ""
            yield (
                f"共得出核查结论 {len(self.report.assessments)} 份，其中发现问题的 {len(judged) - clean} 份，"
                f"没有发现问题的 {clean} 份{rest}。{self._counted()}"
            )
        else:
            yield self._counted()
        yield "".join(_scores(self.report))
        waiting = sum(o.has_open for a in self.report.assessments for o in a.own())
        if waiting:
            yield f"另有 {waiting} 项须由人核定或者资料不足，不作为问题列出；核定以后，得分的区间随之收窄。"
        yield self._waived()
        yield from self._unread()

    def _waived(self) -> str:
        """One sentence on what was found and not held against anybody, and on what was known before."""
        told = exempted.counted(w for a in self.report.assessments for w in a.waived)
        known = sum(bool(d.known) for _, d in self.all)
        said = f"另有经批准豁免的事项（{told}），不作为问题列出。" if told else ""
        return said + (f"所列问题中，{known} 处是基线里已有的。" if known else "")

    def _counted(self) -> str:
        if not self.all:
            waived = any(a.waived for a in self.report.assessments)
            return "豁免以外没有发现问题。" if waived else "没有发现问题。"
        found = Counter(d.rule.severity for _, d in self.all)
        parts = "、".join(f"{SEVERITY_LABELS[s]}的 {found[s]} 处" for s in SEVERITIES if found[s])
        return f"共发现问题 {len(self.all)} 处，涉及 {len(self.problems)} 项要求，其中{parts}。"

    def _unread(self) -> Iterator[str]:
        files = list(dict.fromkeys(p.file for p in self.report.problems))
        if files:
            more = "等" if len(files) > _PERIODS_NAMED else ""
            yield f"有 {len(files)} 个文件存在差错，相应的内容没有核到：{'、'.join(files[:_PERIODS_NAMED])}{more}。"

    def _found(self) -> Iterator[Para]:
        if not self.problems:
            yield Para("body", "没有发现问题。")
        elif len(self.documents) == 1:
            yield Para("body", f"以下所列依据均出自《{self.documents[0]}》。")
        for number, problem in enumerate(self.shown, 1):
            severity = SEVERITY_LABELS[problem.rule.severity]
            lead = f"（{numeral(number)}）没有做到{_quoted(problem.rule.title)}（{severity}）。"
            listed = self._in_one(problem) if self.only else self._in_many(problem)
            yield Para("body", f"{listed}依据：{self._ground(problem.rule)}。", lead)
        rest = len(self.problems) - len(self.shown)
        if rest:
            yield Para("body", f"其余 {rest} 项见附件。")

    def _ground(self, rule: Rule) -> str:
        """The clause; the document only where there are several."""
        return rule.citation.article if len(self.documents) == 1 else rule.citation.label

    def _missed(self, problem: CommonProblem[Rule]) -> Iterator[tuple[Assessment, Deficiency]]:
        key = (problem.standard, problem.rule.id)
        return ((a, d) for a, d in self.all if (a.standard.id, d.rule.id) == key)

    def _in_one(self, problem: CommonProblem[Rule]) -> str:
        """The sentences of the report, alike ones together."""
        alike: dict[str, list[Deficiency]] = {}
        for _, deficiency in self._missed(problem):
            text = findings.said(deficiency).replace(f"没有做到“{problem.rule.title}”：", "没有做到：")
            alike.setdefault(text, []).append(deficiency)
        return "".join(f"{_sentence(text, same)}。" for text, same in alike.items())

    def _in_many(self, problem: CommonProblem[Rule]) -> str:
        """The branches with the periods in which they missed it; no names of persons."""
        periods: dict[str, list[str]] = {}
        for a, deficiency in self._missed(problem):
            periods.setdefault(self.names[a.branch], []).append(_when(deficiency))
        named = [name + _few(when) for name, when in list(periods.items())[:_BRANCHES_NAMED]]
        more = "等" if len(periods) > _BRANCHES_NAMED else ""
        times = f"、{problem.times} 处" if problem.times != len(periods) else ""
        unit = "单位" if self.organizations else "支部"
        apart = "；" if any(name.endswith("）") for name in named) else "、"
        return f"涉及 {len(periods)} 个{unit}{times}：{apart.join(named)}{more}。"

    def _demanded(self) -> Iterator[Para]:
        if not self.problems:
            yield Para("body", "没有需要整改的事项。")
            return
        whom = self.whom if self.only else "存在问题的各支部"
        yield Para("body", f"请{whom}对照附件逐条整改，于{DEADLINE}前完成。具体要求如下（序号与上文相同）：")
        for number, problem in enumerate(self.shown, 1):
            yield Para("body", f"{_stop(problem.rule.remedy)}", f"（{numeral(number)}）{problem.rule.title}。")

    def _annexes(self) -> Iterator[tuple[str, list[Block]]]:
        if self.only is None and self.report.assessments:
            yield "各支部核查情况表", [self._branches()]
        if self.all:
            yield "问题清单", list(self._list())

    def _branches(self) -> Table:
        rows = []
        for number, a in enumerate(self.report.assessments[:_ROWS], 1):
            score = f"{interval(a.score.low, a.score.high)}/{points(a.score.max)}" if a.score else "无可评定项"
            waiting = sum(o.has_open for o in a.own())
            counts = (str(len(a.deficiencies)), str(waiting))
            rows.append([str(number), self.names[a.branch], a.standard.manifest.title, score, *counts])
        heads = ("序号", "党支部", "标准", "得分/满分", "问题处数", "待核项数")
        return Table(heads, (12, 42, 44, 31, 14, 14), rows, frozenset({0, 3, 4, 5}))

    def _list(self) -> Iterator[Block]:
        if len(self.documents) == 1:
            yield Para("note", f"依据均出自《{self.documents[0]}》。")
        middle = frozenset({0, 5})
        rows = [self._row(number, a, d) for number, (a, d) in enumerate(self.all[:_ROWS], 1)]
        if self.only:
            yield Table(("序号", "类别", "问题", "依据", "整改措施", "扣分"), (12, 21, 44, 26, 41, 12), rows, middle)
        else:
            yield Table(("序号", "党支部", "类别", "问题", "依据", "扣分"), (12, 33, 23, 50, 26, 12), rows, middle)
        rest = len(self.all) - _ROWS
        if rest > 0:
            yield Para("note", f"只列前 {_ROWS} 处，其余 {rest} 处见工作簿“问题清单”。")

    def _row(self, number: int, a: Assessment, d: Deficiency) -> list[str]:
        cost = findings.deduction(a, d)
        what = [findings.category(a, d), d.message, self._ground(d.rule)]
        cells = [*what, d.rule.remedy] if self.only else [self.names[a.branch], *what]
        return [str(number), *cells, cost if isinstance(cost, str) else points(cost)]


def _bodies(report: Report) -> str:
    kinds = {a.branch: a.of_organization for a in report.assessments}
    organizations = sum(kinds.values())
    branches = len(kinds) - organizations
    parts = [f"{branches} 个党支部"] if branches or not organizations else []
    return "和".join([*parts, *([f"{organizations} 个上级党组织"] if organizations else [])])


def _scores(report: Report) -> Iterator[str]:
    """How the scores lie under each sheet; nobody is named and nobody ranked."""
    groups: dict[tuple[str, Fraction], list[Assessment]] = {}
    for a in report.assessments:
        if a.score is not None:
            groups.setdefault((a.standard.id, a.score.max), []).append(a)
    titles: dict[str, Standard] = {s.id: s for s in report.standards}
    for (standard, most), found in groups.items():
        scores = [a.score for a in found if a.score is not None]
        ground = f"按“{titles[standard].manifest.title}”" if standard in titles else "按该标准"
        own = "" if scores[0].own_sheet else "（文件没有评分表，按通用评分表折算，只供参考）"
        if len(scores) == 1:
            one = scores[0]
            text = f"得 {_range(one.low, one.high)} 分，其中已核定的占 {points(one.max * one.completeness)} 分"
        else:
            low = _range(min(s.low for s in scores), max(s.low for s in scores))
            high = _range(min(s.high for s in scores), max(s.high for s in scores))
            text = f"的 {len(scores)} 份，得分下限为 {low} 分，上限为 {high} 分"
        yield f"{ground}计分{own}，满分 {points(most)} 分{'，' if len(scores) == 1 else ''}{text}。"
    if any(a.score and a.score.low != a.score.high for a in report.assessments):
        yield "得分以区间表示：下限把待核的事项全部扣分，上限全部不扣。"


def _range(low: Fraction, high: Fraction) -> str:
    return interval(low, high).replace("–", " 至 ")


def _sentence(text: str, same: list[Deficiency]) -> str:
    if ":" in same[0].window or same[0].window == STATE:
        return text.rstrip("。")
    return f"{_joined(window_label(d.window) for d in same)}{text}".rstrip("。")


def _when(deficiency: Deficiency) -> str:
    """The period without what could name a person."""
    return "" if deficiency.window.startswith("on:") else findings.period(deficiency)


def _few(periods: Iterable[str]) -> str:
    listed = list(dict.fromkeys(filter(None, periods)))
    more = f"等 {len(listed)} 处" if len(listed) > _PERIODS_NAMED else ""
    return f"（{_joined(listed[:_PERIODS_NAMED])}{more}）" if listed else ""


def _joined(periods: Iterable[str]) -> str:
    """Periods in a row, a year said once: 2024年3月、8月."""
    said, year = [], ""
    for period in dict.fromkeys(periods):
        found = _IN_YEAR.match(period)
        said.append(period.removeprefix(year) if found and found[1] == year and period != year else period)
        year = found[1] if found else ""
    return "、".join(said)


def _quoted(text: str) -> str:
    """In quotation marks; those inside become single."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def _stop(text: str) -> str:
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _period_name(period: Period | None) -> str:
    """A whole year, half, quarter or month by its name, anything else from day to day; nothing where branches have
    periods of their own."""
    if period is None:
        return ""
    return period_label(period) or f"{_day(period.start)}至{_day(period.end)}"


def numeral(number: int) -> str:
    """A number below a hundred as Chinese counts: 十, 十二, 二十三."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones or not tens else "")
