"""What stands in a workbook or a Word document, as text that a person can read and compare."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph


def workbook(content: bytes) -> Any:
    """The workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def document(content: bytes) -> Any:
    """The document as python-docx reads it."""
    return docx.Document(io.BytesIO(content))


def workbook_text(content: bytes) -> str:
    """Every sheet: how it is set up, and every cell that holds something."""
    book = workbook(content)
    made = book.properties
    lines = [f"{made.title} | {made.creator} | {made.created}"]
    for sheet in book:
        lines += ["", f"# {sheet.title}", *_setup(sheet), *_rows(sheet)]
    return "\n".join(lines) + "\n"


def _setup(sheet: Any) -> Iterator[str]:
    page = sheet.page_setup
    yield f"print: {sheet.print_area} rows {sheet.print_title_rows} {page.orientation} paper {page.paperSize}"
    yield f"frozen: {sheet.freeze_panes}  filter: {sheet.auto_filter.ref}"
    yield "widths: " + " ".join(f"{c}={d.width:g}" for c, d in sorted(sheet.column_dimensions.items()))
    for rule in sheet.data_validations.dataValidation:
        yield f"choice: {rule.sqref} {rule.formula1}"
    if sheet.merged_cells.ranges:
        yield "merged: " + " ".join(sorted(map(str, sheet.merged_cells.ranges)))


def _rows(sheet: Any) -> Iterator[str]:
    for row in sheet.iter_rows():
        cells = [_cell(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield f"{row[0].row}: " + " | ".join(cells)


def _cell(cell: Any) -> str:
    if cell.value is None:
        return ""
    return str(cell.value) if cell.data_type == "s" else f"<{cell.data_type} {cell.value:g} {cell.number_format}>"


def document_text(content: bytes) -> str:
    """Page, properties, and every paragraph with its style, tables cell by cell."""
    found = document(content)
    core, section = found.core_properties, found.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    lines = [
        f"{core.title} | {core.author} | {core.created} | {core.modified}",
        f"page {section.page_width.mm:.0f}x{section.page_height.mm:.0f}, margins {[round(m.mm) for m in margins]}",
        "",
    ]
    for block in blocks(found):
        lines += _table(block) if isinstance(block, Table) else [f"[{block.style.name}] {_text(block)}"]
    return "\n".join(lines) + "\n"


def blocks(found: Any) -> Iterator[Any]:
    """Paragraphs and tables in their order."""
    for element in found.element.body:
        if element.tag == qn("w:p"):
            yield Paragraph(element, found)
        elif element.tag == qn("w:tbl"):
            yield Table(element, found)


def _text(paragraph: Any) -> str:
    return paragraph.text.replace("\n", "↵")


def _table(table: Any) -> list[str]:
    return ["| " + " | ".join(cell.text for cell in row.cells) + " |" for row in table.rows]
