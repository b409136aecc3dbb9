"""The lists of a workbook: what was found, the ledger in which it is put right, what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.assessment import Assessment, Deficiency, Report
from dangjian_check.engine.claims import CLOSED, STATES
from dangjian_check.reports import account, exempted, findings
from dangjian_check.reports.workbook_cells import Book, Cell, Column, Row
from dangjian_check.rulebook.rule import SEVERITY_LABELS
from dangjian_check.rulebook.waiver import EFFECT_WORDS

JUDGED = ("合格", "不合格", "不适用")

_FOUND = (
    Column("序号", "middle"),
    Column("支部", most=20),
    Column("标准", most=18),
    Column("类别", most=14),
    Column("轻重", "middle"),
    Column("问题", most=40),
    Column("依据条款", most=34),
    Column("证据/缺失期间", most=30),
    Column("位置", most=22),
    Column("扣分", "number"),
    Column("检查方式", most=16),
)
LEDGER = (
    Column("序号", "middle"),
    Column("支部", most=18),
    Column("问题", most=34),
    Column("依据", most=28),
    Column("整改措施", "fill", most=36),
    Column("责任领导", "choose", least=10),
    Column("责任人", "choose", least=10),
    Column("整改时限", "day", least=12),
    Column("完成情况", "choose", least=11, choices=STATES),
    Column("佐证", "fill", least=14),
    Column("销号", "choose", least=8, choices=CLOSED),
    Column("指纹", "faint", least=5, most=5, printed=False),
)
_WAIVED = (
    Column("序号", "middle"),
    Column("支部", most=20),
    Column("标准", most=18),
    Column("问题", most=40),
    Column("依据条款", most=34),
    Column("效力", "middle", most=16),
    Column("扣分", "number"),
    Column("豁免", most=14),
    Column("理由", most=28),
    Column("批准机关", most=18),
    Column("批准日期", "middle", most=12),
    Column("文号", most=20),
    Column("到期", "middle", most=12),
)
_WAITING = (
    Column("序号", "middle"),
    Column("支部", most=20),
    Column("标准", most=18),
    Column("类别", most=14),
    Column("要求", most=32),
    Column("请人判断", most=46),
    Column("情形", "middle", least=10),
    Column("依据条款", most=32),
    Column("评定", "choose", least=9, choices=JUDGED),
    Column("评定扣分", "choose", least=9),
    Column("评定人", "choose", least=9),
    Column("说明", "fill", least=14),
)


def every(report: Report) -> Iterator[tuple[Assessment, Deficiency]]:
    """All deficiencies in the order of the report, each with its assessment."""
    for assessment in report.assessments:
        for deficiency in assessment.deficiencies:
            yield assessment, deficiency


def found_sheet(book: Book, report: Report) -> None:
    """问题清单: every deficiency with its ground, its evidence, its place and its price."""
    book.page("问题清单").table("党支部问题清单", account.span(report), _FOUND, _found(report), frozen=2)


def _found(report: Report) -> Iterator[Row]:
    names = account.names(report)
    for number, (a, d) in enumerate(every(report), 1):
        severity = d.rule.severity
        yield (
            number,
            names[a.branch],
            a.standard.manifest.title,
            findings.category(a, d),
            Cell(SEVERITY_LABELS[severity], severity),
            f"{d.message}{exempted.mark(d)}",
            findings.clause(d.rule),
            findings.evidence(a, d),
            a.where(d.place),
            findings.deduction(a, d),
            findings.method(d),
        )


def ledger_sheet(book: Book, report: Report) -> None:
    """整改台账: the same to be filled in; 指纹 in the last column, outside the print, tells which is which later."""
    under = "整改措施已按标准预填，可以修改；其余各栏由支部填写。最后一列“指纹”供下次核查认出同一问题，请保留"
    book.page("整改台账").table("党支部问题整改台账", under, LEDGER, _ledger(report), frozen=3)


def _ledger(report: Report) -> Iterator[Row]:
    names = account.names(report)
    for number, (a, d) in enumerate(every(report), 1):
        yield (
            number,
            names[a.branch],
            d.message,
            findings.clause(d.rule),
            d.rule.remedy,
            None,
            None,
            None,
            STATES[0],
            None,
            CLOSED[1],
            d.fingerprint,
        )


def waived_sheet(book: Book, report: Report) -> None:
    """豁免: what a waiver covers, with its ground; no sheet where there is none."""
    rows = list(_waived(report))
    if rows:
        under = "以下各处没有做到，但经批准豁免，不算作问题。免除的不扣分；暂时容许的仍扣分，到期恢复为问题"
        book.page("豁免").table("经批准豁免的事项", under, _WAIVED, rows, frozen=2)


def _waived(report: Report) -> Iterator[Row]:
    names = account.names(report)
    found = ((a, w.deficiency, w.waiver) for a in report.assessments for w in a.waived)
    for number, (a, d, waiver) in enumerate(found, 1):
        yield (
            number,
            names[a.branch],
            a.standard.manifest.title,
            d.message,
            findings.clause(d.rule),
            EFFECT_WORDS[waiver.effect],
            findings.deduction(a, d),
            waiver.name,
            waiver.reason,
            waiver.approver,
            str(waiver.approved or ""),
            waiver.document,
            str(waiver.expires or ""),
        )


def waiting_sheet(book: Book, report: Report) -> None:
    """待人工核: what the program leaves to a person, with the question, and room for the answer."""
    under = "以下各项机器不判，没有算作问题，在得分里表现为区间；评定后记入支部记录的 assessments，再核即得确定的分数"
    book.page("待人工核").table("待人工核事项", under, _WAITING, _waiting(report), frozen=2)


def _waiting(report: Report) -> Iterator[Row]:
    names = account.names(report)
    waiting = ((a, o) for a in report.assessments for o in a.own() if o.has_open)
    for number, (a, o) in enumerate(waiting, 1):
        state = next(w.outcome.label for w in o.windows if w.outcome.is_open)
        yield (
            number,
            names[a.branch],
            a.standard.manifest.title,
            findings.category_of(a, o.rule),
            o.rule.title,
            account.open_reason(o),
            state,
            findings.clause(o.rule),
            None,
            None,
            None,
            None,
        )
