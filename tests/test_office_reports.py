"""Workbook and Word document: the same bytes every time, text that stays text, nothing left out, fit to hand over."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import sys
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from python_calamine import CalamineWorkbook

from dangjian_check.app import Request, run
from dangjian_check.cli.main import run_cli
from dangjian_check.engine.assessment import Report
from dangjian_check.errors import TemplateProblem
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look
from dangjian_check.reports.docx import ANCHOR
from dangjian_check.reports.paper_layout import STYLES
from dangjian_check.reports.paper_text import numeral
from dangjian_check.reports.workbook_cells import cell_text, legal_name
from office import blocks, document, document_text, workbook
from program import LAX, PACKS, PROBE, ROOT, Run, dj, plain_env

TODAY = date(2025, 3, 1)
TEACHERS = ROOT / "examples" / "teachers-lax.yaml"
BINARY = [name for name, form in FORMATS.items() if form.binary]
HOSTILE = {
    "link": '=HYPERLINK("http://e","x")',
    "plus": "+1",
    "minus": "-1",
    "at": "@SUM(1)",
    "error": "#N/A",
    "wide-formula": "\uff1d1+1",
    "number": "007",
    "markup": "</w:t></w:p><script>&amp;",
    "escape-of-excel": "_x0041_",
    "braces": ANCHOR,
    "bidi": "甲\u202e乙",
    "long": "龘" * 40_000,
    "sheet-name": "[]:*?/\\'" * 9,
    "emoji": "😀" * 40,
}


def audit(*paths: Path, standards: tuple[str, ...] = ("voc",), rules: tuple[Path, ...] = ()) -> Report:
    """One run, as the command line makes it."""
    return run(Request(paths, TODAY, standards=standards, rules=rules))


@pytest.fixture(scope="module")
def one() -> Report:
    """One branch with many deficiencies under the standard with a sheet of its own."""
    return audit(TEACHERS)


@pytest.fixture(scope="module")
def many() -> Report:
    """Several branches and organizations, under two standards."""
    return audit(ROOT / "examples", standards=("voc", "national"))


@pytest.fixture(scope="module", params=["one", "many"])
def report(request: pytest.FixtureRequest) -> Report:
    """Either of them."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def book(report: Report) -> Any:
    """The workbook of either, read back."""
    return workbook(made(report, "xlsx"))


@pytest.fixture(scope="module")
def book_of_one(one: Report) -> Any:
    """The workbook on the one branch, read back."""
    return workbook(made(one, "xlsx"))


def hostile(folder: Path, word: str) -> Report:
    """A branch whose every name is the word, with deficiencies; and two that only differ beyond Excel's limits."""
    text = json.dumps(word, ensure_ascii=False)
    for number in range(2):
        (folder / f"b{number}.yaml").write_text(
            f"branch: {{id: b{number}, name: {text}, parent: {text}}}\n"
            f"committee: {{exists: true, elected: 2020-01-10, posts: [{{name: {text}, post: 书记}}]}}\n"
            f"groups: [{{id: {text}, name: {text}}}]\n"
            f"members: [{{name: {text}, status: 正式, from: 2020-01-01, group: {text}}}]\n"
            f"activities: [{{id: {text}, date: 2024-02-01, type: 支委会, topic: {text}}}]\n",
            encoding="utf-8",
        )
    return audit(folder)


def made(report: Report, name: str, **look: Any) -> bytes:
    """The report in one format."""
    content = FORMATS[name](report, Look(**look))
    assert isinstance(content, bytes)
    return content


def column(sheet: Any, title: str) -> list[Any]:
    """The cells below a heading of a sheet that is one table."""
    head = next(cell for cell in sheet[3] if cell.value == title)
    return [row[head.column - 1] for row in sheet.iter_rows(min_row=4)]


@pytest.mark.parametrize("name", BINARY)
def test_same_report_gives_the_same_bytes(report: Report, name: str):
    """No clock, no temporary name, no order of a set goes into the file."""
    assert made(report, name) == made(report, name)


@pytest.mark.parametrize("name", BINARY)
def test_same_input_gives_the_same_bytes_in_another_process(tmp_path: Path, name: str):
    """Hash seed, time zone and day of the week change nothing."""
    files = [tmp_path / f"{seed}.{name}" for seed in (1, 2)]
    for seed, file in enumerate(files, 1):
        env = {"PYTHONHASHSEED": str(seed), "TZ": ("Asia/Shanghai", "America/Lima")[seed - 1]}
        dj("audit", LAX, *PROBE, "--as-of", "2024-06-20", "-o", f"{name}:{file}", env=env)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("name", BINARY)
def test_archive_carries_no_time_of_its_own(one: Report, name: str):
    """Every part bears the first day that the format knows."""
    with zipfile.ZipFile(io.BytesIO(made(one, name))) as archive:
        assert {(1980, 1, 1, 0, 0, 0)} == {entry.date_time for entry in archive.infolist()}


@pytest.mark.parametrize("name", BINARY)
def test_report_of_nothing_is_a_file_all_the_same(name: str):
    """No record found: still a workbook, still a paper."""
    content = made(Report((), (), ()), name)
    assert zipfile.is_zipfile(io.BytesIO(content))
    assert "没有得出核查结论" in document_text(content) if name == "docx" else workbook(content).sheetnames


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text_in_a_workbook(tmp_path: Path, name: str):
    """No formula, link, number or error cell comes out of a name; openpyxl and calamine read the same."""
    content = made(hostile(tmp_path, HOSTILE[name]), "xlsx")
    book = workbook(content)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert ({"s", "n"}, []) == ({cell.data_type for cell in cells}, [c for c in cells if c.hyperlink])
    branches = {cell.value for cell in column(book["问题清单"], "支部")}
    assert (1 if name == "long" else 2) == len(branches), "only what exceeds a cell looks alike"
    calamine = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheetnames == calamine.sheet_names
    read = {row[1] for row in calamine.get_sheet_by_name("问题清单").to_python()[3:]}
    assert branches == read


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text_in_a_document(tmp_path: Path, name: str):
    """The paper opens, the name is in it letter by letter (what is invisible, as an escape)."""
    report = hostile(tmp_path, HOSTILE[name])
    text = document_text(made(report, "docx"))
    assert HOSTILE[name].replace("\u202e", "\\u202e") in text
    assert [] == [c for c in text if not c.isprintable() and c not in "\n\u3000"]


@pytest.mark.parametrize("char", ["\x00", "\x0b", "\x1b", "\udc80", "\ufffe", "\uffff", "\x85", "\r"])
@pytest.mark.parametrize("name", BINARY)
def test_character_that_xml_has_no_room_for_becomes_visible(one: Report, name: str, char: str):
    """What a file name may carry and a record may not: escaped, and the file is still well-formed."""
    branch = one.assessments[0].branch._replace(name=f"甲{char}乙", file=f"{char}.yaml")
    report = dataclasses.replace(one, assessments=(dataclasses.replace(one.assessments[0], branch=branch),))
    content = made(report, name)
    text = document_text(content) if name == "docx" else workbook(content)["问题清单"]["B4"].value
    assert char not in text
    assert "甲\\" in text


def test_text_is_cut_to_what_excel_takes():
    """32,767 units of UTF-16, no half character, and it says so."""
    for text in ("龘" * 40_000, "😀" * 20_000, "a" + "😀" * 20_000):
        shown = cell_text(text)
        assert len(shown.encode("utf-16-le")) // 2 <= 32_767
        assert shown.endswith("…（过长，已截短）")
    assert "龘" * 32_767 == cell_text("龘" * 32_767)


@pytest.mark.parametrize("name", [*HOSTILE.values(), "", "'", "History", " ", "甲" * 31, "😀" * 31, "\x00"])
def test_sheet_name_is_legal(name: str):
    """At most 31 units, none of the forbidden characters, never empty, never the reserved one."""
    found = legal_name(name)
    assert 0 < len(found.encode("utf-16-le")) // 2 <= 31
    assert (set(), False) == (set(found) & set("[]:*?/\\'"), found.casefold() == "history")


def test_sheet_names_are_unique(tmp_path: Path):
    """Branches of one name, or of names alike in their first characters or but for case, have sheets of their own."""
    for number, name in enumerate(["甲" * 40 + "一", "甲" * 40 + "二", "aB", "Ab", "丙", "丙"]):
        (tmp_path / f"{number}.yaml").write_text(f"branch: {{name: {name}}}\nactivities: []\n", encoding="utf-8")
    names = workbook(made(audit(tmp_path), "xlsx")).sheetnames
    assert 5 + 6 == len(names) == len({name.casefold() for name in names})


def test_every_deficiency_is_in_the_list_and_in_the_ledger(report: Report, book: Any):
    """In the order of the report, each once, with its message and its fingerprint."""
    found = [d for a in report.assessments for d in a.deficiencies]
    assert [d.message for d in found] == [cell.value for cell in column(book["问题清单"], "问题")]
    assert [d.message for d in found] == [cell.value for cell in column(book["整改台账"], "问题")]
    assert [d.fingerprint for d in found] == [cell.value for cell in column(book["整改台账"], "指纹")]
    assert [d.rule.remedy for d in found] == [cell.value for cell in column(book["整改台账"], "整改措施")]


def test_every_open_duty_is_put_to_a_person(report: Report, book: Any):
    """Each duty that waits has its line and its question."""
    sheet = book["待人工核"]
    waiting = [o for a in report.assessments for o in a.own() if o.has_open]
    assert [o.rule.title for o in waiting] == [cell.value for cell in column(sheet, "要求")]
    assert [] == [cell for cell in column(sheet, "请人判断") if not cell.value]


def test_points_of_the_list_add_up_to_what_was_lost(report: Report, book: Any):
    """The shares are exact numbers: their sum is the maximum less the upper end of the score."""
    cells = column(book["问题清单"], "扣分")
    lost = sum((a.score.max - a.score.high for a in report.assessments if a.score), Fraction(0))
    assert float(lost) == pytest.approx(sum(cell.value for cell in cells if cell.data_type == "n"))


def test_points_of_a_score_sheet_add_up(one: Report, book_of_one: Any):
    """Points of the indicators to the maximum, deductions to the loss, indicator by indicator what is kept."""
    sheet = book_of_one["评分表"]
    score = one.assessments[0].score
    assert score is not None
    total = next(row for row in sheet.iter_rows(min_row=4) if row[0].value == "合计")
    rows = list(sheet.iter_rows(min_row=4, max_row=total[0].row - 1))
    worth = [row[5].value for row in rows if isinstance(row[5].value, int)]
    lost = [row[6].value for row in rows if isinstance(row[6].value, (int, float))]
    assert (float(score.max), float(score.max - score.high)) == (sum(worth), sum(lost))
    assert (float(score.max), float(score.max - score.high)) == (total[5].value, total[6].value)
    assert "47–64.5" == total[8].value


def test_score_sheet_names_every_demand_once(one: Report, book_of_one: Any):
    """Every rule that the sheet prices is there, and those of the same chapters that it does not."""
    assessment = one.assessments[0]
    sheet = book_of_one["评分表"]
    shown = [row[3].value for row in sheet.iter_rows(min_row=4) if row[3].value]
    priced = {rule for leaf in assessment.standard.sheet.leaves() for rule in leaf.all_rules()}
    titles = [rule.title for rule in assessment.standard.rules if rule.id in priced]
    assert [] == [title for title in titles if shown.count(title) != 1]


def test_many_assessments_share_one_long_score_sheet(one: Report):
    """Beyond twenty there is one sheet that can be filtered by branch."""
    first = one.assessments[0]
    branches = [first.branch._replace(id=f"b{n}", name=f"第{n}党支部") for n in range(21)]
    report = dataclasses.replace(one, assessments=tuple(dataclasses.replace(first, branch=b) for b in branches))
    book = workbook(made(report, "xlsx"))
    assert ["问题清单", "整改台账", "评分表", "待人工核", "统计", "说明"] == book.sheetnames
    assert {b.name for b in branches} == {cell.value for cell in column(book["评分表"], "支部")}


def test_ledger_has_its_drop_downs(one: Report, book_of_one: Any):
    """完成情况 and 销号 over exactly the rows of the ledger."""
    sheet = book_of_one["整改台账"]
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    last = 3 + len(one.assessments[0].deficiencies)
    assert {f"I4:I{last}": '"未整改,整改中,已整改"', f"K4:K{last}": '"是,否"'} == rules


@pytest.mark.parametrize("name", ["问题清单", "整改台账", "待人工核"])
def test_table_can_be_filtered_scrolled_and_printed(book_of_one: Any, name: str):
    """Filter over all rows, headings in view and on every page, A4 across, one page wide."""
    sheet = book_of_one[name]
    assert f"A3:{sheet.dimensions.partition(':')[2]}" == sheet.auto_filter.ref
    assert "4" == sheet.freeze_panes[1:]
    page = sheet.page_setup
    assert ("landscape", 9, 1, 0) == (
        page.orientation,
        int(page.paperSize),
        page.fitToWidth or 1,
        int(page.fitToHeight),
    )
    assert "$3:$3" == sheet.print_title_rows
    assert True is sheet.sheet_properties.pageSetUpPr.fitToPage
    assert f"'{name}'!$A$1" in sheet.print_area


def test_fingerprints_stay_out_of_print(book_of_one: Any):
    """Their column is beside the print area, not hidden: what is hidden gets lost."""
    sheet = book_of_one["整改台账"]
    assert ("指纹", False) == (sheet["L3"].value, sheet.column_dimensions["L"].hidden)
    assert True is sheet.print_area.endswith(f"$K${sheet.max_row}")


def test_severity_is_said_in_words_and_shown_by_a_fill(book_of_one: Any):
    """Colour alone tells nobody anything in a black-and-white print."""
    cells = column(book_of_one["问题清单"], "轻重")
    assert {"严重", "较重", "一般"} == {cell.value for cell in cells}
    assert 3 == len({cell.fill.fgColor.rgb for cell in cells})


def test_problem_files_and_standards_are_in_the_notes(tmp_path: Path):
    """What could not be read, the digest of the standard, the day."""
    (tmp_path / "bad.yaml").write_text("branch: {}\n", encoding="utf-8")
    report = audit(TEACHERS, tmp_path / "bad.yaml")
    text = " ".join(str(cell.value) for row in workbook(made(report, "xlsx"))["说明"].iter_rows() for cell in row)
    assert [] == [w for w in ("bad.yaml:1:", report.standards[0].digest, "2024-12-31", "推定") if w not in text]


def test_document_is_set_in_the_fonts_of_official_papers(one: Report):
    """Chinese fonts are those of eastAsia, no theme font wins over them, and each has one to fall back on."""
    content = made(one, "docx")
    found = document(content)
    for name, face in STYLES.items():
        fonts = found.styles[name].element.rPr.rFonts
        assert (face.font, None) == (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:eastAsiaTheme")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        fonts = archive.read("word/fontTable.xml").decode()
        assert b"Theme" not in archive.read("word/styles.xml")
    assert 3 == fonts.count("altName")


def test_document_is_an_official_sheet_of_paper(one: Report):
    """A4, the margins and type sizes of GB/T 9704, a page number on odd and even pages, properties of the report."""
    found = document(made(one, "docx"))
    section, body, core = found.sections[0], found.styles["Normal"], found.core_properties
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert ((210, 297), [37, 35, 28, 26]) == (
        (round(section.page_width.mm), round(section.page_height.mm)),
        [round(side.mm) for side in sides],
    )
    assert (Pt(16), Pt(22)) == (body.font.size, found.styles["Title"].font.size)
    assert 28 <= body.paragraph_format.line_spacing.pt <= 30
    footers = (section.footer, section.even_page_footer)
    words = ["".join(text.text for text in footer._element.iter(qn("w:t"))) for footer in footers]
    assert ["— 1 —"] * 2 == words
    assert all("PAGE" in footer._element.xml for footer in footers)
    assert ("dj-check", 2024, 12, 31) == (core.author, core.created.year, core.created.month, core.created.day)


def test_paper_to_one_branch_is_a_notice_with_every_deficiency(one: Report):
    """Addressed to it, in three parts, every deficiency in the annex; who, when and by when are left to a person."""
    content = made(one, "docx")
    text, table = document_text(content), document(content).tables[0]
    assert [] == [
        w for w in ("整改通知", "智能制造学院教师第二党支部：", "三、整改要求", "　　年　月　日前完成") if w not in text
    ]
    assert [d.message for d in one.assessments[0].deficiencies] == [row.cells[2].text for row in table.rows[1:]]
    assert True is table.rows[0]._tr.trPr.xml.__contains__("w:tblHeader")


@pytest.mark.parametrize(
    ("period", "name"),
    [
        ("2024", "2024年"),
        ("2024Q2", "2024年第二季度"),
        ("2024H1", "2024年上半年"),
        ("2024-03", "2024年3月"),
        ("2024-03..2024-05", "2024年3月1日至2024年5月31日"),
    ],
)
def test_title_of_a_paper_calls_its_period_as_people_do(period: str, name: str):
    report = run(Request((TEACHERS,), TODAY, standards=("voc",), period=parse_period(period)))
    assert f"{name}工作核查问题的整改通知" in document_text(made(report, "docx")).replace("\n", "")


def test_paper_on_many_is_a_circular_with_the_common_first(many: Report):
    """Both annexes are complete; the body begins with what most branches missed."""
    content = made(many, "docx")
    text, tables = document_text(content), document(content).tables
    assert [] == [w for w in ("通报", "各党支部", "一、总体情况", "二、存在问题", "三、整改要求") if w not in text]
    found = sum(len(a.deficiencies) for a in many.assessments)
    assert [len(many.assessments), found] == [len(table.rows) - 1 for table in tables]
    counts = [int(line.split("涉及 ")[1].split(" ")[0]) for line in text.splitlines() if "。涉及 " in line]
    assert counts == sorted(counts, reverse=True)


def test_body_of_a_circular_names_no_member(many: Report):
    """Persons are named in the annex only, where each branch finds its own."""
    text = document_text(made(many, "docx")).partition("[公文附件号]")[0]
    people = {name for a in many.assessments for d in a.deficiencies for name in d.people}
    assert people
    assert [] == [name for name in people if name in text]


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (45, "四十五")])
def test_numbers_are_counted_as_chinese_does(number: int, text: str):
    """For the headings of the third level."""
    assert text == numeral(number)


def template(*paragraphs: str, header: str = "中共某某学院委员会文件") -> bytes:
    """A document of the customer's own."""
    found = docx.Document()
    found.sections[0].header.paragraphs[0].text = header
    found.styles["Normal"].font.name = "Own Font"
    for paragraph in paragraphs:
        found.add_paragraph(paragraph)
    buffer = io.BytesIO()
    found.save(buffer)
    return buffer.getvalue()


def test_template_keeps_header_styles_and_its_own_words(one: Report):
    """Our text stands where the mark was, theirs before and after it; their fonts are not touched."""
    found = document(made(one, "docx", template=template("红头", f" {ANCHOR} ", "抄送：某某")))
    text = [p.text for p in found.paragraphs]
    assert ("红头", "抄送：某某", False) == (text[0], text[-1], any(ANCHOR in line for line in text))
    assert ["关于智能制造学院教师第二党支部", "2024年工作核查问题的整改通知"] == text[1].splitlines()
    assert ("中共某某学院委员会文件", "Own Font") == (
        found.sections[0].header.paragraphs[0].text,
        found.styles["Normal"].font.name,
    )
    kinds = [type(block).__name__ for block in blocks(found)]
    assert kinds.index("Table") < len(kinds) - 1


def test_template_without_the_mark_gets_the_text_at_its_end(one: Report):
    """Nothing of the template is lost."""
    text = [p.text for p in document(made(one, "docx", template=template("红头", "前言"))).paragraphs]
    assert (["红头", "前言"], True) == (text[:2], text[2].startswith("关于"))


def test_template_that_lacks_our_styles_gets_them(one: Report):
    """Word documents from elsewhere have no style of the name we ask for."""
    found = docx.Document(io.BytesIO(template(ANCHOR)))
    for style in list(found.styles):
        if style.name in ("Title", "Heading 1"):
            style.delete()
    buffer = io.BytesIO()
    found.save(buffer)
    made_of_it = document(made(one, "docx", template=buffer.getvalue()))
    assert "方正小标宋简体" == made_of_it.styles["Title"].element.rPr.rFonts.get(qn("w:eastAsia"))


def archive(**parts: bytes) -> bytes:
    """A zip file of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


BROKEN = {
    "empty": b"",
    "text": "不是文档".encode(),
    "old-word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "cut": template(ANCHOR)[:-300],
    "no-document": archive(a_xml=b"<a/>"),
    "only-document": archive(word__document_xml=b"<a/>"),
    "bomb": archive(word__document_xml=b"0" * 60_000_000),
    "entities": archive(word__document_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "too-large": os.urandom(2 * 1024 * 1024 + 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_template_is_one_located_problem(run: Run, tmp_path: Path, name: str):
    """Status 2, one line that says what to do, no file half written, the other outputs all the same."""
    path, out = tmp_path / "模板.docx", tmp_path / "out.docx"
    path.write_bytes(BROKEN[name])
    done = run("audit", LAX, *PROBE, "-o", f"docx:{out}", "--template", path)
    assert (2, 1, False) == (done.status, len(done.err.splitlines()), out.exists()), done.err
    assert ("→" in done.err, "Error" in done.err.replace("KeyError", "")) == (True, False)
    assert done.err.startswith((str(path), "--template: "))


def test_template_broken_inside_stops_only_the_paper(run: Run, tmp_path: Path):
    """What could be written is written (the workbook after it, the view at the terminal before it)."""
    path = tmp_path / "模板.docx"
    path.write_bytes(BROKEN["only-document"])
    files = [tmp_path / "out.docx", tmp_path / "out.xlsx"]
    done = run("audit", LAX, *PROBE, "-o", f"docx:{files[0]}", "-o", f"xlsx:{files[1]}", "--template", path)
    assert (2, [False, True], True) == (done.status, [f.exists() for f in files], "测试第二党支部" in done.out)


def test_broken_template_is_no_bug_of_the_renderer(one: Report):
    """Whoever calls the format without the shell gets an error of our own."""
    with pytest.raises(TemplateProblem):
        made(one, "docx", template=BROKEN["only-document"])


def test_template_without_a_paper_is_a_usage_problem(run: Run, tmp_path: Path):
    """Nobody is left to believe that their template was used."""
    path = tmp_path / "a.docx"
    path.write_bytes(template(ANCHOR))
    done = run("audit", LAX, *PROBE, "--template", path)
    assert (2, "", "dj-check: --template 只用于 docx → 加上 --output docx:通报.docx\n") == done
    assert 2 == run("audit", LAX, *PROBE, "-f", "docx", "--template", tmp_path / "gone.docx").status


@pytest.mark.parametrize("name", BINARY)
def test_binary_format_goes_to_a_file_behind_stdout(tmp_path: Path, name: str):
    """``> out.xlsx`` gives the bytes that ``--output`` gives."""
    done = dj("audit", LAX, *PROBE, "--format", name, "--output", f"{name}:{tmp_path / 'out'}")
    assert (1, b"", (tmp_path / "out").read_bytes()) == (done.returncode, done.stderr, done.stdout)


@pytest.mark.parametrize("name", BINARY)
def test_binary_format_is_not_thrown_at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
):
    """Refused before anything is judged, with both ways out named."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    status = run_cli(["audit", str(LAX), "--rules", str(PACKS), "--standard", "probe", "--format", name])
    out, err = capsys.readouterr()
    assert (2, "", True) == (status, out, f"--output {name}:报告.{name}" in err)


def test_office_libraries_load_with_their_format_only():
    """The terminal view costs no start-up time for Word and Excel."""
    done = dj("audit", LAX, *PROBE, env={"PYTHONPROFILEIMPORTTIME": "1", **plain_env()})
    loaded = {line.rpartition(b"|")[2].strip().partition(b".")[0] for line in done.stderr.splitlines()}
    assert (b"pydantic" in loaded, set()) == (True, loaded & {b"docx", b"xlsxwriter", b"lxml", b"openpyxl"})
