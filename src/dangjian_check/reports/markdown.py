"""Markdown for a pull request, a job summary or a document: what is wrong, where, on what ground, how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dangjian_check.engine.assessment import Assessment, Deficiency, Report
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.engine.overview import together
from dangjian_check.errors import Problem
from dangjian_check.reports import account
from dangjian_check.reports.base import Look, clean, interval, points
from dangjian_check.reports.exempted import exempted, ground, heading, known, mark, nothing_found
from dangjian_check.reports.findings import cure, flags
from dangjian_check.rulebook.rule import SEVERITY_LABELS

_FEW = 8
_INERT = {char: f"\\{char}" for char in r"\`*_[]~#$"}
_INERT |= {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "@": "&#64;", "://": "&#58;//"}
_MARKUP = re.compile("|".join(map(re.escape, _INERT)))
Cells = Iterable[str]


def render(report: Report, look: Look) -> str:
    """The report as one page; with several assessments a table of all of them comes first."""
    return "".join(f"{line}\n" for line in _page(report, look))


def _page(report: Report, look: Look) -> Iterator[str]:
    yield "# 党支部工作核查"
    if len(report.assessments) > 1:
        yield from _overview(report, look)
    for assessment in report.assessments:
        yield from _assessment(assessment, look)
    if not report.assessments:
        yield from ("", "没有可以核查的记录。")
    yield from problem_lines(f"有差错的文件：{len(report.problems)} 处", "差错", report.problems)
    yield from problem_lines("本次核查的说明", "说明", report.notes)


def _overview(report: Report, look: Look) -> Iterator[str]:
    yield from ("", f"## 合计 {len(report.assessments)} 份核查结论", "")
    rows: list[Cells] = [
        (a.branch.name, a.standard.id, _score(a), str(len(a.deficiencies)), str(sum(o.has_open for o in a.own())))
        for a in report.assessments
    ]
    yield from table(("支部", "标准", "得分", "问题", "待核"), rows, "llrrr")
    widespread = [p for p in together(report.assessments).common_problems() if len(p.branches) > 1]
    if widespread:
        shown = widespread if look.verbose else widespread[:_FEW]
        yield from ("", "### 多个支部都有的问题", "")
        rows = [
            (p.rule.title, f"{p.rule.id} {p.rule.citation.label}", str(len(p.branches)), str(p.times)) for p in shown
        ]
        yield from table(("问题", "依据", "支部数", "处数"), rows, "llrr")
        yield from _rest(len(widespread) - len(shown))


def _assessment(a: Assessment, look: Look) -> Iterator[str]:
    yield from ("", f"## {escape(f'{a.branch.name}（{a.branch.id}）')}", "")
    yield f"- 标准：{escape(a.standard.manifest.title)}（{a.standard.id}）"
    yield f"- 记录：{escape(a.branch.file)}"
    yield f"- 期间：{a.period.start} 至 {a.period.end}，截至 {a.as_of} 当日终了"
    if a.coverage_assumed:
        yield f"- 说明：{account.ASSUMED_COMPLETE}"
    yield from _score_lines(a)
    yield f"- 结论：{'，'.join(f'{o.label} {n}' for o, n in a.counts().items() if n)}"
    yield from _deficiencies(a)
    yield from _waived(a)
    manual, unknown = account.for_people(a), account.undecided(a)
    yield from _open(f"要人来判断的 {len(manual)} 项", manual, look)
    yield from _unknown(f"资料不足、判不了的 {len(unknown)} 项", unknown, look)


def _score(a: Assessment) -> str:
    return f"{interval(a.score.low, a.score.high)}/{points(a.score.max)}" if a.score else "无可评定项"


def _score_lines(a: Assessment) -> Iterator[str]:
    score = a.score
    if score is None:
        yield "- 得分：**无可评定项**"
        return
    waiting, examined = account.waiting(a), points(score.max * score.completeness)
    got = f"{interval(score.low, score.high)} 分"
    yield f"- 得分：**{got}** / {points(score.max)}（已核 {examined}/{points(score.max)} 分，待核 {waiting} 项）"
    if score.bonus is not None:
        yield f"- 加分：另有 {account.bonus_words(score.bonus)}，不计入上数"
    if not score.own_sheet:
        yield f"- 计分：该文件没有评分表，按《{escape(score.sheet_title)}》折算，只供参考"
    if score.grade is not None:
        grade = score.grade.low if score.grade.certain else f"{score.grade.low} 或 {score.grade.high}（未定）"
        yield f"- 等次：{escape(grade)}"


def _deficiencies(a: Assessment) -> Iterator[str]:
    if not a.deficiencies:
        if a.judged:
            yield from ("", f"{nothing_found(a)}。")
        return
    total = account.lost(a.deficiencies)
    count = f"{len(a.deficiencies)} 处{known(a.deficiencies)}"
    yield from ("", f"### 问题 {count}，共扣 {points(total)} 分（从重到轻）", "")
    rows = [_row(number, d, a) for number, d in enumerate(a.deficiencies, 1)]
    yield from table(("序号", "轻重", "问题", "依据", "位置", "扣分"), rows, "rllllr")
    yield from ("", "怎样改正：", "")
    for rule in {d.rule.id: d.rule for d in a.deficiencies}.values():
        yield f"- {escape(f'{rule.id} {rule.title}：{rule.remedy}')}"


def _waived(a: Assessment) -> Iterator[str]:
    if a.waived:
        yield from ("", f"### {heading(a)}", "")
        rows = [(x.what, x.effect, ground(x.waiver)) for x in exempted(a)]
        yield from table(("要求和期间", "效力", "豁免"), rows, "lll")


def _row(number: int, d: Deficiency, a: Assessment) -> Cells:
    rule = d.rule
    known_of = flags(rule)
    note = f"（{'，'.join(known_of)}）" if known_of else ""
    ground = f"{rule.id} {rule.citation.label}{note}"
    said = f"{d.message}{mark(d)}；{cure(d)}"
    cells = (SEVERITY_LABELS[rule.severity], said, ground, a.where(d.place), points(d.deduction))
    return (str(number), *cells)


def _open(title: str, found: list[RuleOutcome], look: Look) -> Iterator[str]:
    if not found:
        return
    shown = found if look.verbose else found[:_FEW]
    yield from ("", f"### {title}", "")
    for outcome in shown:
        yield f"- {escape(f'{outcome.rule.id} {outcome.rule.title}：{account.first_open(outcome)}')}"
    yield from _rest(len(found) - len(shown))


def _unknown(title: str, found: list[RuleOutcome], look: Look) -> Iterator[str]:
    if look.verbose or not found:
        yield from _open(title, found, look)
        return
    yield from ("", f"### {title}", "")
    shown = account.wanting(found)[:_FEW]
    yield from (f"- {escape(text.strip())}" for text, _ in shown)
    yield from _rest(len(found) - sum(number for _, number in shown))


def problem_lines(title: str, what: str, problems: tuple[Problem, ...]) -> Iterator[str]:
    if problems:
        yield from ("", f"## {title}", "")
        rows = [(p.where, p.message, p.remedy) for p in problems]
        yield from table(("位置", what, "怎样办" if what == "说明" else "改正"), rows, "lll")


def _rest(count: int) -> Iterator[str]:
    if count:
        yield from ("", f"另有 {count} 项，加 --verbose 全部列出。")


def table(header: Cells, rows: Iterable[Cells], align: str) -> Iterator[str]:
    """A table, every cell inert; ``align`` is l or r for each column."""
    yield _line(header)
    yield _line("--:" if side == "r" else "---" for side in align)
    yield from (_line(map(escape, row)) for row in rows)


def _line(cells: Cells) -> str:
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    """Text that shows as it is in any place on the page: no markup, no HTML, no end of a table cell."""
    return _MARKUP.sub(lambda match: _INERT[match[0]], clean(text))
