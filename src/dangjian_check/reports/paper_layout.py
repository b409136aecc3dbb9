"""How an official paper looks, after GB/T 9704: fonts, margins, spacing, page numbers, tables; and a file that is the
same every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from dangjian_check.reports.base import clean
from dangjian_check.reports.paper_text import Table

BODY, HEI, KAI, SONG, TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
FALLBACKS = {BODY: "仿宋", KAI: "楷体", TITLE: "宋体"}
LATIN = "Times New Roman"
LINE = 28.9
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_KEPT = frozenset({"Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer"})


@dataclass(frozen=True, slots=True)
class Face:
    """A paragraph style: Chinese font, size and line in points, alignment, indent in characters."""

    font: str
    size: float
    line: float
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: int = 0
    before: float = 0
    after: float = 0
    bold: bool = False
    together: bool = False


LEFT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
STYLES: dict[str, Face] = {
    "Normal": Face(BODY, 16, LINE),
    "Title": Face(TITLE, 22, 36, CENTER, after=18),
    "Heading 1": Face(HEI, 16, LINE, LEFT, indent=2, together=True),
    "公文附件题": Face(TITLE, 18, 32, CENTER, after=8),
    "公文附件号": Face(HEI, 16, LINE, LEFT),
    "公文附注": Face(SONG, 10.5, 18, LEFT, before=4, after=4),
    "公文表头": Face(HEI, 10.5, 16, CENTER),
    "公文表格": Face(SONG, 10.5, 15, LEFT),
}


def set_fonts(properties: Any, font: str, latin: str = LATIN) -> None:
    """Latin and Chinese fonts of some run properties. Theme fonts would win over them and go."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for script, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", font), ("cs", latin)):
        fonts.set(qn(f"w:{script}"), name)
    properties.insert(0, fonts)


def prepare(document: Any) -> None:
    """An empty document becomes the sheet of paper: page, fonts, styles, page numbers."""
    for style in list(document.styles):
        if style.name not in _KEPT and style.name not in STYLES:
            style.delete()
    _defaults(document)
    for name in STYLES:
        _set_style(document, name, _style(document, name))
    _page(document)
    _font_table(document)
    _drop_extras(document)


def complete(document: Any) -> None:
    """A customer's document keeps its own styles; those it lacks are added."""
    names = {style.name for style in document.styles}
    for name in STYLES:
        if name not in names:
            _set_style(document, name, _style(document, name))


def _style(document: Any, name: str) -> Any:
    if name in {style.name for style in document.styles}:
        return document.styles[name]
    return document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name.isascii())


def _set_style(document: Any, name: str, style: Any) -> None:
    face = STYLES[name]
    for old in (*style.element.findall(qn("w:rPr")), *style.element.findall(qn("w:pPr"))):
        style.element.remove(old)
    if name != "Normal":
        style.base_style = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.bold = Pt(face.size), face.bold
    set_fonts(style.element.get_or_add_rPr(), face.font)
    shape = style.paragraph_format
    shape.alignment, shape.line_spacing = face.align, Pt(face.line)
    shape.space_before, shape.space_after = Pt(face.before), Pt(face.after)
    shape.keep_with_next, shape.widow_control = face.together, False
    indent(style.element.get_or_add_pPr(), face.indent, face.size)


def indent(properties: Any, characters: int, size: float = 16) -> None:
    """The first line set in by so many Chinese characters."""
    for old in properties.findall(qn("w:ind")):
        properties.remove(old)
    found = properties.get_or_add_ind()
    found.set(qn("w:firstLineChars"), str(characters * 100))
    found.set(qn("w:firstLine"), str(round(characters * size * 20)))


def _defaults(document: Any) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    set_fonts(properties, BODY)
    language = properties.find(qn("w:lang"))
    language.set(qn("w:eastAsia"), "zh-CN")


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT, "right")
    _number(section.even_page_footer.paragraphs[0], LEFT, "left")


def _number(paragraph: Any, align: WD_ALIGN_PARAGRAPH, side: str) -> None:
    """— 1 —, one character away from the outer margin."""
    paragraph.alignment = align
    properties = paragraph._p.get_or_add_pPr()
    indent(properties, 0)
    properties.find(qn("w:ind")).set(qn(f"w:{side}Chars"), "100")
    properties.find(qn("w:ind")).set(qn(f"w:{side}"), "280")
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size = Pt(14)
        set_fonts(run._r.get_or_add_rPr(), SONG, SONG)
        if text is None:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            run._r.addprevious(field)
            field.append(run._r)
            run.text = "1"


def _font_table(document: Any) -> None:
    """Names the fonts with what to take where one is missing."""
    entries = "".join(
        f'<w:font w:name="{name}">'
        + (f'<w:altName w:val="{FALLBACKS[name]}"/>' if name in FALLBACKS else "")
        + '<w:charset w:val="86"/></w:font>'
        for name in (BODY, HEI, KAI, SONG, TITLE)
    )
    latin = f'<w:font w:name="{LATIN}"><w:charset w:val="00"/></w:font>'
    text = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{entries}{latin}</w:fonts>'
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = text.encode()


def _drop_extras(document: Any) -> None:
    """The library's own thumbnail and its second copy of the styles go."""
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/customXml", "/thumbnail")):
                del relations[key]


def table_element(table: Table, styles: dict[str, str], width: int) -> Any:
    """The XML of a table: full width, thin lines, headings on every page, no row broken."""
    element = OxmlElement("w:tbl")
    element.append(_table_properties())
    grid = OxmlElement("w:tblGrid")
    sizes = [width * part // sum(table.parts) for part in table.parts]
    for size in sizes:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(size))
        grid.append(column)
    element.append(grid)
    element.append(_row(table.heads, sizes, styles["公文表头"], frozenset(), head=True))
    for row in table.rows:
        element.append(_row(row, sizes, styles["公文表格"], table.centred))
    return element


def _table_properties() -> Any:
    properties = OxmlElement("w:tblPr")
    width = _value("w:tblW", "5000", "w:w")
    width.set(qn("w:type"), "pct")
    properties.append(width)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = _value(f"w:{side}", "single")
        line.set(qn("w:sz"), "4")
        line.set(qn("w:space"), "0")
        line.set(qn("w:color"), "000000")
        borders.append(line)
    properties.append(borders)
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    properties.append(layout)
    margins = OxmlElement("w:tblCellMar")
    for side, room in (("top", "40"), ("left", "70"), ("bottom", "40"), ("right", "70")):
        margin = _value(f"w:{side}", room, "w:w")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(margins)
    return properties


def _row(texts: Sequence[str], sizes: list[int], style: str, centred: frozenset[int], *, head: bool = False) -> Any:
    row, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for place, (text, size) in enumerate(zip(texts, sizes, strict=True)):
        cell, shape = OxmlElement("w:tc"), OxmlElement("w:tcPr")
        width = _value("w:tcW", str(size), "w:w")
        width.set(qn("w:type"), "dxa")
        shape.append(width)
        shape.append(_value("w:vAlign", "center"))
        cell.append(shape)
        cell.append(_paragraph(text, style, centred=place in centred))
        row.append(cell)
    return row


def _paragraph(text: str, style: str, *, centred: bool) -> Any:
    paragraph, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
    properties.append(_value("w:pStyle", style))
    if centred:
        properties.append(_value("w:jc", "center"))
    paragraph.append(properties)
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = clean(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    paragraph.append(run)
    return paragraph


def _value(tag: str, value: str, name: str = "w:val") -> Any:
    element = OxmlElement(tag)
    element.set(qn(name), value)
    return element


def saved(document: Any, title: str, day: date) -> bytes:
    """The file, with properties and times that depend on the report alone."""
    core = document.core_properties
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    core.title, core.author, core.last_modified_by = clean(title)[:255], "dj-check", "dj-check"
    core.created = core.modified = made
    core.revision, core.language, core.comments, core.keywords = 1, "zh-CN", "", ""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, old.read(name))
    return fixed.getvalue()
