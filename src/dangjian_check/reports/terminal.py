"""The view at a terminal: score, duties by month, what is wrong, what a person must judge, what comes due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from dangjian_check.engine.assessment import Assessment, Deficiency, RecordView, Report, Score
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.model.calendar import STATE, window_label
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports import account, exempted, findings, grid, remarks
from dangjian_check.reports.base import Look, Sheets, clean, interval, points
from dangjian_check.reports.console import Column, Page, Part
from dangjian_check.reports.remarks import Views
from dangjian_check.rulebook.rule import SEVERITY_LABELS

if TYPE_CHECKING:
    from dangjian_check.engine.crowd import Crowd

_FEW = 8
_STYLES = {"critical": "bold red", "major": "red", "minor": "yellow", "info": "cyan"}
_MARKS = {
    Outcome.PASS: ("√", "+", "green"),
    Outcome.FAIL: ("×", "x", "bold red"),
    Outcome.UNKNOWN: ("?", "?", "yellow"),
    Outcome.MANUAL: ("*", "*", "cyan"),
    Outcome.PENDING: ("○", "o", "blue"),
    Outcome.NOT_APPLICABLE: ("-", "-", "dim"),
    Outcome.ERROR: ("!", "!", "bold red"),
}
_LEGEND = "{0} 做到  {1} 缺  {2} 资料不足  {3} 待人核  {4} 未到期  {5} 不适用  … 窗口延续"


def render(report: Report, look: Look) -> str:
    """The report as text of at most ``look.width`` columns."""
    page = _Page(look)
    views = Views(report)
    for number, assessment in enumerate(report.assessments):
        if number:
            page.rule()
        page.assessment(assessment, views.take(assessment.branch))
    for view in views.rest():
        page.unjudged(view)
    if len(report.assessments) > 1:
        page.rule()
        page.summary(report)
    page.notes(report)
    return page.text()


def crowd(report: Report, found: Crowd[Any], look: Look, sheets: Sheets | None) -> Iterator[str]:
    """What very many records have in common."""
    from dangjian_check.reports.crowd_text import crowd_text

    yield crowd_text(report, found, look)


class _Page(Page):
    """Draws one report."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.look = look

    def rule(self) -> None:
        self.put((("─" if self.look.unicode else "-") * self.look.width, "dim"))

    def line(self, *parts: Part, indent: int = 0) -> None:
        self.wrap(*[clean(p) if isinstance(p, str) else (clean(p[0]), p[1]) for p in parts], indent=indent)

    def heading(self, text: str) -> None:
        self.put()
        self.line((text, "bold"))

    def mark(self, outcome: Outcome) -> tuple[str, str]:
        wide, plain, style = _MARKS[outcome]
        return (wide if self.look.unicode else plain), style

    def assessment(self, assessment: Assessment, view: RecordView | None) -> None:
        """One assessment; with the first of a record also what is said of the record itself."""
        self._head(assessment)
        self._score(assessment)
        self._grid(assessment)
        self._deficiencies(assessment)
        self._waived(assessment)
        if view is not None:
            self._record(view)
        self._people(assessment)
        self._unknown(assessment)
        self._due(assessment)
        self._annex(assessment)

    def _head(self, a: Assessment) -> None:
        self.line((a.branch.name, "bold"), f"（{a.branch.id}）")
        self.line(f"记录  {a.branch.file}")
        self.line(f"标准  {a.standard.manifest.title}（{a.standard.id}）")
        self.line(f"期间  {a.period.start} 至 {a.period.end}，截至 {a.as_of} 当日终了")
        if a.coverage_assumed:
            self.line(f"说明  {account.ASSUMED_COMPLETE}")

    def _score(self, a: Assessment) -> None:
        score = a.score
        counts = a.counts()
        if score is None:
            self.line(("得分  无可评定项", "bold"))
        else:
            waiting = account.waiting(a)
            examined = points(score.max * score.completeness)
            self.line(
                ("得分  ", ""),
                (f"{interval(score.low, score.high)} 分", "bold"),
                f" / {points(score.max)}（已核 {examined}/{points(score.max)} 分，待核 {waiting} 项）",
            )
            self._gauge(score)
            self._score_notes(score)
        self.line("结论  " + "  ".join(f"{o.label} {n}" for o, n in counts.items() if n))

    def _gauge(self, score: Score) -> None:
        width = min(40, self.look.width - 20)
        sure = int(score.low * width / score.max) if score.max else 0
        maybe = int(score.high * width / score.max) - sure if score.max else 0
        full, half, empty = ("█", "▓", "·") if self.look.unicode else ("#", "=", ".")
        self.put(
            "      ",
            (full * sure, "green"),
            (half * maybe, "yellow"),
            (empty * (width - sure - maybe), "dim"),
        )

    def _score_notes(self, score: Score) -> None:
        for note in account.score_notes(score):
            self.line(f"      {note}")
        if score.grade is not None:
            certain = score.grade.high if score.grade.certain else f"{score.grade.low}至{score.grade.high}，未定"
            self.line(f"      等次 {certain}")
        lost = [i for i in score.items if i.low < i.points and not i.by_superior]
        if lost and self.look.verbose:
            for item in lost:
                self.line(
                    f"{item.id} {item.title} {interval(item.low, item.high)} / {points(item.points)}",
                    indent=6,
                )

    def _grid(self, a: Assessment) -> None:
        for year in grid.years(a):
            found = list(grid.rows(a, year))
            if found:
                self.heading(f"{year} 年逐月")
                self._grid_table(a, year, found)
        marks = [self.mark(o)[0] for o in (*list(Outcome)[:2], Outcome.UNKNOWN, Outcome.MANUAL, Outcome.PENDING)]
        if a.judged:
            legend = _LEGEND.format(*marks, self.mark(Outcome.NOT_APPLICABLE)[0])
            self.line((legend if self.look.unicode else legend.replace("…", "."), "dim"))

    def _grid_table(self, a: Assessment, year: int, found: list[grid.Row]) -> None:
        titles = {o.rule.id: o.rule.title for o in a.outcomes}
        room = self.look.width - 12 * 3
        self.put(("月".rjust(room - 1) + "".join(f"{month:>3}" for month in range(1, 13)), "dim"))
        for row in found:
            name = (f"{row.label} " if row.label else "") + titles[row.rule]
            parts: list[Part] = [_fit(clean(name), room)]
            for month in range(1, 13):
                if month in row.cells:
                    symbol, style = self.mark(row.cells[month])
                    parts.append((f"  {symbol}", style))
                else:
                    dots = "…" if self.look.unicode else "."
                    parts.append((f"  {dots}" if month in row.stretch else "   ", "dim"))
            self.put(*parts)

    def _deficiencies(self, a: Assessment) -> None:
        if not a.deficiencies:
            if a.judged:
                self.heading(exempted.nothing_found(a))
            return
        total, by_rule = account.lost(a.deficiencies), account.by_rule(a.deficiencies)
        places = f" {len(a.deficiencies)} 处" if len(a.deficiencies) > len(by_rule) else ""
        known = exempted.known(a.deficiencies)
        self.heading(f"问题 {len(by_rule)} 项{places}{known}，共扣 {points(total)} 分（从重到轻）")
        for number, (_, found) in enumerate(by_rule, 1):
            self._rule_missed(number, found, a)

    def _rule_missed(self, number: int, found: list[Deficiency], a: Assessment) -> None:
        """One rule with all the windows in which it was missed."""
        rule = found[0].rule
        cost = account.lost(found)
        self.line(
            f"{number:>2}. ",
            (f"[{SEVERITY_LABELS[rule.severity]}]", _STYLES[rule.severity]),
            (f" {rule.title}", "bold"),
            f"  扣 {points(cost)} 分" if cost else "",
        )
        alike: dict[tuple[str, str], list[Deficiency]] = {}
        for deficiency in found:
            said = findings.said(deficiency) + exempted.mark(deficiency)
            alike.setdefault((said, findings.cure(deficiency)), []).append(deficiency)
        for same in alike.values():
            self._missed(same, a, alone=len(found) == 1)
        flags = findings.flags(rule)
        note = f"（{'，'.join(flags)}）" if flags else ""
        self.line(f"依据 {rule.id} {rule.citation.label}{note}", indent=4)
        if self.look.verbose:
            for assumed in rule.assumed:
                self.line(f"推定 {assumed}", indent=4)
            if rule.to_verify:
                self.line(f"待核 {rule.to_verify}", indent=4)
        self.line(f"改正 {rule.remedy}", indent=4)

    def _missed(self, same: list[Deficiency], a: Assessment, *, alone: bool) -> None:
        """Windows missed in the same way, in one sentence with where to look for each."""
        first = same[0]
        places = [a.place(d.place) for d in same]
        file = (places[0].file or a.branch.file).rpartition("/")[2]
        rows = list(dict.fromkeys(map(str, places)))
        where = f"（{file}:{'、'.join(rows)}）"
        each = "每处" if len(same) > 1 else ""
        cost = f"，{each}扣 {points(first.deduction)} 分" if first.deduction and not alone else ""
        if first.window == STATE or ":" in first.window:
            text = first.message
        else:
            text = f"{'、'.join(window_label(d.window) for d in same)}{findings.said(first)}"
        self.line(f"{text}{exempted.mark(first)}{cost}；{findings.cure(first)}", (where, "dim"), indent=4)

    def _waived(self, a: Assessment) -> None:
        if a.waived:
            self.heading(exempted.heading(a))
        for waived in exempted.exempted(a):
            self.line(waived.what, f"（{waived.effect}）", indent=2)
            self.line(f"{waived.rule.id}　{exempted.ground(waived.waiver)}", indent=4)

    def unjudged(self, view: RecordView) -> None:
        """A record of which no standard said anything."""
        self.heading(f"{view.branch.name}（{view.branch.id}）")
        self._record(view)

    def _record(self, view: RecordView) -> None:
        """Once per record, whatever the standard: doubts, and what its reader has to say."""
        doubtful = f"存疑，请人看一看 {len(view.doubts)} 处（不扣分）"
        self._remarks(doubtful, "缘由 ", list(remarks.doubts(view)))
        self._remarks("读入说明", "→ " if self.look.unicode else "-> ", list(remarks.notes(view)))

    def _remarks(self, title: str, lead: str, found: list[remarks.Remark]) -> None:
        if not found:
            return
        self.heading(title)
        shown = found if self.look.verbose else found[:_FEW]
        for remark in shown:
            self.line(remark.text, (f"（{remark.places}）" if remark.places else "", "dim"), indent=2)
            if remark.below:
                self.line(f"{lead}{remark.below}", indent=4)
        if len(shown) < len(found):
            self.line((f"另有 {len(found) - len(shown)} 处，加 --verbose 全部列出", "dim"), indent=2)

    def _people(self, a: Assessment) -> None:
        found = account.for_people(a)
        self._list(f"要人来判断的 {len(found)} 项", found, a)

    def _unknown(self, a: Assessment) -> None:
        found = account.undecided(a)
        title = f"资料不足、判不了的 {len(found)} 项"
        if self.look.verbose or not found:
            self._list(title, found, a)
            return
        self.heading(title)
        shown = account.wanting(found)[:_FEW]
        for text, _ in shown:
            self.line(text, indent=2)
        self._rest(len(found) - sum(number for _, number in shown))

    def _list(self, title: str, found: list[RuleOutcome], a: Assessment) -> None:
        if not found:
            return
        self.heading(title)
        shown = found if self.look.verbose else found[:_FEW]
        for outcome in shown:
            reason = account.first_open(outcome) if self.look.verbose else account.open_reason(outcome)
            self.line(f"{outcome.rule.id} {outcome.rule.title}：{reason}", indent=2)
        self._rest(len(found) - len(shown))

    def _rest(self, number: int) -> None:
        if number:
            self.line((f"另有 {number} 项，加 --verbose 全部列出", "dim"), indent=2)

    def _due(self, a: Assessment) -> None:
        found = account.coming_due(a)
        if not found:
            return
        self.heading("接下来到期")
        for due, _, title in found if self.look.verbose else found[:_FEW]:
            self.line(f"{due}  {title}", indent=2)
        if len(found) > _FEW and not self.look.verbose:
            self.line((f"另有 {len(found) - _FEW} 项，加 --verbose 全部列出", "dim"), indent=2)

    def _annex(self, a: Assessment) -> None:
        found = list(a.annex())
        if not found:
            return
        missed = [o for o in found if o.outcome is Outcome.FAIL]
        self.heading(f"附录：上级党组织的职责 {len(found)} 项，不算本支部的问题")
        for outcome in missed:
            worst = next(w for w in outcome.windows if w.outcome is Outcome.FAIL)
            self.line(f"{outcome.rule.id} {outcome.rule.title}：{worst.verdict.message}", indent=2)
        rest = len(found) - len(missed)
        if rest:
            self.line((f"其余 {rest} 项要查上级的记录", "dim"), indent=2)

    def notes(self, report: Report) -> None:
        """What is to be known of the run itself."""
        self._remarks("本次核查的说明", "→ " if self.look.unicode else "-> ", list(remarks.of_run(report)))

    def summary(self, report: Report) -> None:
        columns = [Column("支部", 3), Column("标准", 1), Column("得分", 2, right=True)]
        columns += [Column("问题", right=True), Column("待核", right=True)]
        rows: list[tuple[str, ...]] = []
        for a in report.assessments:
            waiting = account.waiting(a)
            score = f"{interval(a.score.low, a.score.high)}/{points(a.score.max)}" if a.score else "无可评定项"
            rows.append((clean(a.branch.name), a.standard.id, score, str(len(a.deficiencies)), str(waiting)))
        self.line((f"合计 {len(report.assessments)} 份核查结论", "bold"))
        self.table(columns, rows)


def _fit(text: str, width: int) -> str:
    """Text cut or padded to exactly ``width`` columns, with a column of air on the right."""
    kept = ""
    for char in text:
        if cell_len(kept + char) > width - 2:
            kept += "…" if cell_len(kept) <= width - 2 else ""
            break
        kept += char
    return kept + " " * (width - cell_len(kept))
