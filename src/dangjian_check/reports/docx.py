"""Word: a 通报 on several branches or a 整改通知 to one, in the layout of official papers or in the customer's own."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from dangjian_check.engine.assessment import Report
from dangjian_check.errors import TemplateProblem
from dangjian_check.reports import account
from dangjian_check.reports.base import Look, clean
from dangjian_check.reports.paper_layout import KAI, LINE, complete, indent, prepare, saved, set_fonts, table_element
from dangjian_check.reports.paper_text import Block, Para, Role, paper, title_of

ANCHOR = "{{正文}}"
_STYLE: dict[Role, str] = {
    "title": "Title",
    "heading": "Heading 1",
    "annex": "公文附件号",
    "annex-title": "公文附件题",
    "note": "公文附注",
}
_INDENTED = frozenset({"body", "annexes"})


def render(report: Report, look: Look) -> bytes:
    """The paper as a .docx file. Raises `TemplateProblem` for a template that cannot be written into."""
    if look.template is None:
        document = Document()
        prepare(document)
        return _finished(document, None, report)
    document, anchor = _opened(look.template)
    return _finished(document, anchor, report)


def _opened(template: bytes) -> tuple[Any, Any]:
    """The customer's document and the paragraph that our text replaces, if it has one. The library has no error of
    its own for a broken file: anything may come out of it."""
    try:
        document = Document(io.BytesIO(template))
        complete(document)
        _width(document)
        anchor = next((p for p in document.paragraphs if p.text.strip() == ANCHOR), None)
        saved(document, "", account.NO_DAY)
    except Exception as error:
        message = f"模板不能用（{type(error).__name__}）"
        raise TemplateProblem(message, "用 Word 或 WPS 打开，另存为 .docx 再试") from None
    return document, anchor


def _finished(document: Any, anchor: Any, report: Report) -> bytes:
    ids = {style.name: style.style_id for style in document.styles}
    before: Any = None
    for block in paper(report):
        if isinstance(block, Para) and block.apart and before is not None:
            before.get_or_add_pPr().get_or_add_keepNext()
        before = element = _element(document, block, ids)
        if anchor is not None:
            anchor._p.addprevious(element)
    if anchor is not None:
        _remove(anchor)
    return saved(document, title_of(report), account.day_of(report))


def _remove(anchor: Any) -> None:
    """The paragraph goes, unless a section of the document ends in it."""
    if anchor._p.pPr is not None and anchor._p.pPr.find(qn("w:sectPr")) is not None:
        anchor.clear()
    else:
        anchor._p.getparent().remove(anchor._p)


def _element(document: Any, block: Block, ids: dict[str, str]) -> Any:
    """A block at the end of the document, as XML."""
    if isinstance(block, Para):
        return _paragraph(document, block)._p
    element = table_element(block, ids, _width(document))
    after = document.add_paragraph()
    after._p.addprevious(element)
    after._p.getparent().remove(after._p)
    return element


def _width(document: Any) -> int:
    """Width of the text in twentieths of a point."""
    section = document.sections[-1]
    return int((section.page_width - section.left_margin - section.right_margin) / 635)


def _paragraph(document: Any, block: Para) -> Any:
    paragraph = document.add_paragraph(style=_STYLE.get(block.role, "Normal"))
    if block.lead:
        run = paragraph.add_run(clean(block.lead))
        set_fonts(run._r.get_or_add_rPr(), KAI)
    for number, line in enumerate(block.text.split("\n") if block.role == "title" else [block.text]):
        if number:
            paragraph.add_run().add_break()
        paragraph.add_run(clean(line))
    properties = paragraph._p.get_or_add_pPr()
    if block.role in _INDENTED:
        indent(properties, 2)
        paragraph.paragraph_format.keep_with_next = block.role == "annexes" or None
    elif block.role == "signature":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        indent(properties, 0)
        properties.ind.set(qn("w:rightChars"), "400")
        properties.ind.set(qn("w:right"), "1280")
        paragraph.paragraph_format.keep_with_next = block.apart
    elif block.role == "annex":
        paragraph.paragraph_format.page_break_before = True
    if block.apart:
        paragraph.paragraph_format.space_before = Pt(LINE)
    return paragraph
