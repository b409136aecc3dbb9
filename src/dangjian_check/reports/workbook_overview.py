"""统计 and 说明 of a workbook: many assessments seen together, and all that a reader has to know about the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dangjian_check import __version__
from dangjian_check.engine.assessment import Assessment, Report
from dangjian_check.engine.overview import Overview, together
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports import account, exempted, findings
from dangjian_check.reports.base import interval, points
from dangjian_check.reports.workbook_cells import Book, Cell, Page, Row, Value, lines
from dangjian_check.rulebook.rule import SEVERITY_LABELS, Rule

_WIDTHS = (6, 32, 24, 22, 17, 16, *[9] * 8)
_OUTCOMES = tuple(Outcome)
_NAMED = 30


def overview_sheet(book: Book, report: Report) -> None:
    """统计: branch by branch in the order of the report, what is common, unit by unit, how the scores lie."""
    page = book.page("统计")
    page.widths(_WIDTHS)
    row = page.heading("核查情况统计", f"{account.span(report)}。各表按记录的先后排列，不排名次", len(_WIDTHS))
    row = _Blocks(page, row).branches(report)
    seen = together(report.assessments)
    row = _Blocks(page, row).common(report, seen)
    if len(report.assessments) > 1:
        row = _Blocks(page, row).units(seen)
        row = _Blocks(page, row).bands(seen)
    page.printing(row, len(_WIDTHS) - 1)


class _Blocks:
    """Draws one block of the overview after another, each with a heading of its own."""

    def __init__(self, page: Page, row: int) -> None:
        self.page = page
        self.row = row + 1

    def _block(self, title: str, titles: Sequence[str], rows: Iterable[Row], spans: dict[int, int]) -> int:
        """A titled table; ``spans`` says how many columns the value at a place takes. The row after it."""
        self.page.put(self.row, 0, title, "block")
        self._line([Cell(text, "head") for text in titles], spans)
        number = 0
        for number, row in enumerate(rows, 1):  # noqa: B007
            self._line(row, spans)
        if not number:
            self._line(["", "没有", *[""] * (len(titles) - 2)], spans)
        return self.row + 1

    def _line(self, row: Row, spans: dict[int, int]) -> None:
        self.row += 1
        column, needed = 0, 1
        for place, value in enumerate(row):
            cell = value if isinstance(value, Cell) else Cell(value, "" if isinstance(value, str) else "number")
            last = column + spans.get(place, 1) - 1
            self.page.merge((self.row, column), (self.row, last), cell.value, cell.look)
            needed = max(needed, lines(cell.value, sum(_WIDTHS[column : last + 1])))
            column = last + 1
        self.page.height(self.row, needed)

    def branches(self, report: Report) -> int:
        names = account.names(report)
        titles = ["序号", "支部", "上级党组织", "标准", "得分/满分", "已核", "问题", *[o.label for o in _OUTCOMES]]
        rows = ([n, *_branch(a, names[a.branch])] for n, a in enumerate(report.assessments, 1))
        return self._block("一、各支部核查结果（项数按要求计，问题按处计）", titles, rows, {})

    def common(self, report: Report, seen: Overview[Rule]) -> int:
        names = {branch.id: label for branch, label in account.names(report).items()}
        titles = ["序号", "要求", "依据条款", "轻重", "支部数", "处数", "扣分", "涉及的支部"]
        rows: Iterator[Row] = (
            [
                number,
                p.rule.title,
                findings.clause(p.rule),
                Cell(SEVERITY_LABELS[p.rule.severity], p.rule.severity),
                len(p.branches),
                p.times,
                p.points,
                _listed([names[b] for b in p.branches]),
            ]
            for number, p in enumerate(seen.common_problems(), 1)
        )
        return self._block("二、没有做到的要求（涉及支部多的在前）", titles, rows, {2: 2, 7: 6})

    def units(self, seen: Overview[Rule]) -> int:
        titles = ["序号", "上级党组织", "核查结论份数", "平均得分率", "没有问题的", "问题处数", "待核项数"]
        rows: Iterator[Row] = (
            [
                n,
                u.name,
                u.count,
                Cell("—" if u.average is None else f"{interval(u.average[0] * 100, u.average[1] * 100)}%", "middle"),
                u.clean,
                u.deficiencies,
                u.waiting,
            ]
            for n, u in enumerate(seen.units(), 1)
        )
        return self._block("三、按上级党组织", titles, rows, {})

    def bands(self, seen: Overview[Rule]) -> int:
        titles = ["序号", "得分占满分的百分比", "下限落在此段的份数", "上限落在此段的份数"]
        rows: Iterator[Row] = (
            [n, f"{b.start}%—{b.end}%{'（不含）' if b.end < 100 else ''}", b.low, b.high]
            for n, b in enumerate(seen.distribution(), 1)
        )
        return self._block("四、得分分布", titles, rows, {})


def _branch(a: Assessment, name: str) -> list[Value | Cell]:
    score, counts = a.score, a.counts()
    kept = f"{interval(score.low, score.high)}/{points(score.max)}" if score else "无可评定项"
    done = f"{points(score.max * score.completeness)}/{points(score.max)} 分" if score else "—"
    title = a.standard.manifest.title
    numbers = (len(a.deficiencies), *(counts[o] for o in _OUTCOMES))
    return [name, a.branch.parent, title, Cell(kept, "middle"), Cell(done, "middle"), *numbers]


def _listed(names: list[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def notes_sheet(book: Book, report: Report) -> None:
    """说明: period, standards, sheets, what was assumed, what is doubtful, what could not be read."""
    page = book.page("说明")
    widths = (16, 44, 76)
    page.widths(widths)
    row = page.heading("说明", "本表由 dj-check 按成文标准核查支部记录得出，供核对和整改使用", len(widths))
    for what, first, second in _notes(report):
        page.put(row, 0, what, "strong")
        page.put(row, 1, first, "")
        page.put(row, 2, second, "")
        page.height(row, max(lines(first, widths[1]), lines(second, widths[2])))
        row += 1
    page.printing(row - 1, len(widths) - 1)


def _notes(report: Report) -> Iterator[tuple[str, str, str]]:
    yield "核查期间", account.span(report), "窗口在期间内结束的才判；截至日所在、还没有结束的窗口记未到期"
    yield "程序", f"dj-check {__version__}", "同一记录、同一标准，每次得出的文件逐字节相同"
    for standard in report.standards:
        manifest = standard.manifest
        number = f"（{manifest.number}）" if manifest.number else ""
        ground = f"{manifest.issuer}《{manifest.document}》{number}；标准编号 {standard.id}，摘要 {standard.digest}"
        yield "标准", manifest.title, ground
        if standard.sheet.note:
            yield "计分", standard.sheet.title, standard.sheet.note
        for note in manifest.notes:
            yield "标准的说明", manifest.title, note
    yield from _of_branches(report)
    yield from _assumed(report)
    yield from _of_records(report)
    for problem in report.problems:
        yield "没有读成", problem.where, f"{problem.message} → {problem.remedy}"
    for told in report.notes:
        yield "本次核查", told.where, f"{told.message} → {told.remedy}"


def _of_branches(report: Report) -> Iterator[tuple[str, str, str]]:
    names = account.names(report)
    for a in report.assessments:
        until = f"{a.standard.id}：{a.period.start} 至 {a.period.end}，截至 {a.as_of}；记录 {a.branch.file}"
        full = f"；{account.ASSUMED_COMPLETE}" if a.coverage_assumed else ""
        waived = f"；{exempted.counted(a.waived)}，见“豁免”" if a.waived else ""
        yield "支部", names[a.branch], until + full + waived


def _assumed(report: Report) -> Iterator[tuple[str, str, str]]:
    """Readings that are ours, of the rules that somebody missed."""
    rules = {d.rule.id: d.rule for a in report.assessments for d in a.deficiencies}
    for rule in rules.values():
        for reading in rule.assumed:
            yield "推定", f"{rule.id} {rule.title}", reading
        if rule.to_verify:
            yield "待核原文", f"{rule.id} {rule.title}", rule.to_verify


def _of_records(report: Report) -> Iterator[tuple[str, str, str]]:
    for record in report.records:
        for note in record.notes:
            yield "读记录时", note.where, f"{note.message} → {note.remedy}"
        for doubt in record.doubts:
            where = "、".join(f"{place.file or record.branch.file}:{place}" for place in doubt.places)
            yield "疑点（不扣分）", f"{record.branch.name} {where}", f"{doubt.message}。{doubt.reason}"
