"""Excel workbook: what was found, the ledger to put it right, what was waived, the score sheets, what a person must
judge, numbers, notes. The same report gives the same bytes."""

from __future__ import annotations

from dangjian_check.engine.assessment import Report
from dangjian_check.reports import account
from dangjian_check.reports.base import Look
from dangjian_check.reports.workbook_cells import Book
from dangjian_check.reports.workbook_lists import found_sheet, ledger_sheet, waiting_sheet, waived_sheet
from dangjian_check.reports.workbook_overview import notes_sheet, overview_sheet
from dangjian_check.reports.workbook_score import score_sheets


def render(report: Report, look: Look) -> bytes:
    """The whole report as one workbook."""
    book = Book("党支部工作核查结果", account.day_of(report))
    found_sheet(book, report)
    ledger_sheet(book, report)
    waived_sheet(book, report)
    score_sheets(book, report)
    waiting_sheet(book, report)
    overview_sheet(book, report)
    notes_sheet(book, report)
    return book.close()
