"""What people and scripts open: the CSV list, Markdown pages, JSON Lines; hostile texts in each of them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dangjian_check.engine.assessment import Report
from dangjian_check.errors import Location
from dangjian_check.reports import FORMATS, Look, json_v1
from dangjian_check.reports.base import clean
from dangjian_check.reports.csv import HEADER, guarded
from dangjian_check.reports.findings import category, evidence, method
from hostile import NAMES, hostile, lax
from program import LAX, PACKS, PROBE, Run

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001
MARKUP = {
    "html_block",
    "html_inline",
    "link_open",
    "image",
    "code_inline",
    "code_block",
    "fence",
    "hr",
    "s_open",
    "em_open",
}
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def rendered(name: str, report: Report) -> str:
    """One format of a report as it reaches a file."""
    found = FORMATS[name](report, Look())
    assert isinstance(found, str)
    return found.encode("utf-8", "backslashreplace").decode()


def rows(text: str) -> list[dict[str, str]]:
    """The lines of a CSV list as a script reads them."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_opens_in_excel():
    """A byte order mark, CRLF at every line end, the columns offices use."""
    raw = rendered("csv", lax()).encode()
    assert (True, raw.count(b"\n")) == (raw.startswith(b"\xef\xbb\xbf"), raw.count(b"\r\n"))
    assert list(HEADER) == raw.decode("utf-8-sig").split("\r\n")[0].split(",")


def test_csv_read_again_is_the_list_of_deficiencies():
    """One line each, in the order of the report, nothing changed on the way."""
    [assessment] = lax().assessments
    wanted = [
        [str(n), "lax", "测试第二党支部", "probe", "会议", d.message, d.rule.citation.label, evidence(assessment, d),
         assessment.where(d.place), f"{float(d.deduction):g}", "查会议活动记录", d.rule.id, d.fingerprint]
        for n, d in enumerate(assessment.deficiencies, 1)
    ]  # fmt: skip
    columns = [name for name in HEADER if name not in ("严重程度", "豁免", "基线")]
    assert wanted == [[row[name] for name in columns] for row in rows(rendered("csv", lax()))]
    assert ["严重", "较重", "较重", "较重"] == [row["严重程度"] for row in rows(rendered("csv", lax()))]


@pytest.mark.parametrize("name", NAMES)
def test_csv_cell_never_runs_and_never_breaks_the_line(name: str):
    """Read again, each cell is the text, visible, with an apostrophe if a spreadsheet would obey or change it."""
    report, text = hostile(NAMES[name]), clean(NAMES[name])
    raw = rendered("csv", report)
    found = rows(raw)
    assert (4, 5) == (len(found), len(raw.splitlines()))
    assert [] == [cell for row in found for cell in row.values() if cell.startswith(FORMULA)]
    assert {text} == {row[column].removeprefix("'") for row in found for column in ("支部编号", "支部", "问题")}


@pytest.mark.parametrize(
    "text", [v for k, v in NAMES.items() if v.startswith(FORMULA) or k in ("leading-zeros", "like-a-date")]
)
def test_csv_guards_what_a_spreadsheet_would_take_otherwise(text: str):
    """Formulas, and ids that would become numbers or dates."""
    assert f"'{clean(text)}" == guarded(text)


@pytest.mark.parametrize(
    "text", ["甲支部", "jx-t1", "2024年3月", "第十二条", "a9c3c3ce78a5a15a", "a=b", "12", "1.5", ""]
)
def test_csv_leaves_ordinary_text_alone(text: str):
    """No apostrophe where none is needed."""
    assert text == guarded(text)


def tokens(found: list[Token]) -> list[Token]:
    """All tokens of a page, inner ones too."""
    return [t for token in found for t in (token, *tokens(token.children or []))]


@pytest.mark.parametrize("name", NAMES)
def test_markdown_shows_what_people_write_as_plain_text(name: str):
    """A reader of CommonMark with tables finds no markup, no HTML, no extra cell; the text comes out as it went in."""
    report, text = hostile(NAMES[name]), clean(NAMES[name])
    page = COMMONMARK.parse(rendered("markdown", report))
    assert set() == MARKUP & {token.type for token in tokens(page)}
    assert {6 * 5, 3 * 5} == {len(cells(page, "问题 4 处")), len(cells(page, "有差错的文件"))}
    shown = {cell for heading in ("问题 4 处", "有差错的文件") for cell in cells(page, heading)}
    assert {text.strip(), "1", "2", "3", "4"} <= shown
    headings = [t.children for t, before in zip(page[1:], page, strict=False) if before.type == "heading_open"]
    assert f"{text}（{text}）".strip() in ["".join(c.content for c in inner or []) for inner in headings]


def cells(page: list[Token], heading: str) -> list[str]:
    """Header and cells of the table below a heading, as they are shown."""
    start = next(i for i, t in enumerate(page) if t.type == "inline" and t.content.startswith(heading))
    end = next(i for i, t in enumerate(page[start:], start) if t.type == "table_close")
    inside = [(page[i - 1].type, page[i]) for i in range(start, end) if page[i].type == "inline"]
    return ["".join(c.content for c in t.children or []) for before, t in inside if before in ("th_open", "td_open")]


@pytest.mark.parametrize("address", ["http://e", "https://a.cn/b", "ftp://x"])
def test_markdown_makes_no_link_of_an_address(address: str):
    """Platforms link bare addresses; what is written in a record shall not send anyone anywhere."""
    assert address not in rendered("markdown", hostile(address))


def test_markdown_of_one_assessment_has_no_table_of_all(run: Run):
    """One branch under one standard goes straight to the matter; two are listed first, and what they share."""
    one = run("audit", LAX, *PROBE, "--format", "markdown").out
    many = run("audit", LAX, "--rules", PACKS, "--format", "markdown").out
    assert (False, True) == ("合计" in one, "## 合计 2 份核查结论" in many)


def test_markdown_names_files_that_cannot_be_used(run: Run):
    """With place and remedy; alone they still make a page."""
    out = run("audit", "gone.yaml", "--format", "markdown").out
    assert "没有可以核查的记录。" in out
    assert "| gone.yaml | 没有这个文件 | 核对路径 |" in out


@pytest.mark.parametrize("name", ["terminal", "markdown"])
def test_what_is_wanting_is_named_once_with_the_rules_that_wait_for_it(run: Run, tmp_path: Path, name: str):
    """What settles most rules comes first, the series by its Chinese name; with --verbose every rule has its line."""
    record = tmp_path / "bare.yaml"
    record.write_text("branch: {name: 一支部, type: 教师}\nmembers: []\n", encoding="utf-8")
    asked = ("audit", record, "--standard", "national", "--as-of", "2024-12-31", "--format", name)
    short, whole = (re.sub(r"[\\\n ]", "", run(*asked, *more).out) for more in ((), ("--verbose",)))
    wanting = "记录没有“发展党员”一栏（development）"
    [(number, first)] = re.findall(r"资料不足、判不了的(\d+)项[-—─]*([^：]*)", short)
    assert (wanting, 1) == (first, short.count(wanting))
    assert f"{wanting}：NAT-FZ14-1、NAT-FZ14-2、NAT-FZ14-3等{whole.count(wanting)}项" in short
    [rest] = re.findall(r"另有(\d+)项，加--verbose全部列出", short.partition("资料不足、判不了的")[2])
    assert whole.count(wanting) < int(number) - int(rest) < int(number)


def lines(report: Report) -> list[dict[str, Any]]:
    """The objects of JSON Lines, read line by line as any reader of lines does."""
    return [json.loads(line) for line in rendered("jsonl", report).splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_json_lines_are_one_object_each_whatever_people_write(name: str):
    """Every text comes back exactly."""
    report = hostile(NAMES[name])
    found = lines(report)
    assert ["assessment", "record", *["problem"] * 4] == [line["type"] for line in found]
    assert {NAMES[name]} == {found[0]["branch"]["name"], found[1]["branch"]["id"], found[2]["message"]}


def test_json_lines_stand_alone_and_hold_the_objects_of_the_json_report():
    """Each says what it is and who wrote it; apart from that it is version 1 of the JSON report."""
    report = hostile("甲")
    whole, found = json_v1.document(report), lines(report)
    head = {"schema": "dj-check.lines/1", "tool": whole["tool"]}
    standard = {"standard": whole["run"]["standards"][0]}
    assert [{"type": "assessment"} | head | whole["assessments"][0] | standard] == found[:1]
    assert [{"type": "record"} | head | whole["records"][0]] == found[1:2]
    assert [{"type": "problem"} | head | problem for problem in whole["problems"]] == found[2:]


def test_json_lines_of_nothing_are_nothing():
    """An empty report has no lines, not an empty one."""
    assert "" == rendered("jsonl", replace(lax(), assessments=(), records=(), problems=()))


def test_category_is_the_indicator_or_else_the_chapter():
    """类别 as offices sort their lists."""
    [assessment] = lax().assessments
    first = assessment.deficiencies[0]
    assert ("会议", "会议") == (category(assessment, first), category(assessment, first._replace(item=None)))
    assert "" == category(assessment, first._replace(item=None, rule=first.rule.model_copy(update={"id": "X-1"})))


def test_evidence_is_the_period_or_the_entry_and_of_whom():
    """A missing month, the entry that falls short, the members concerned, the state on the day of the audit."""
    [assessment] = lax().assessments
    entry, quarter = assessment.deficiencies[:2]
    assert ("2024-02-05 支委会", "2024年第一季度") == (evidence(assessment, entry), evidence(assessment, quarter))
    assert "2024年第一季度；涉及：甲、乙" == evidence(assessment, quarter._replace(people=("甲", "乙")))
    assert "2024-06-20 时的状况" == evidence(assessment, quarter._replace(window="state"))


def test_method_says_which_papers_were_looked_into():
    """检查方式: the series, or that a person entered it."""
    first = lax().assessments[0].deficiencies[0]
    assert ("查会议活动记录", "评分人评定") == (method(first), method(first._replace(place=("assessments", 0))))


def test_place_of_a_ledger_is_the_cell():
    """Sheet and cell instead of line and column."""
    [assessment] = lax().assessments
    first = assessment.deficiencies[0]
    moved = replace(assessment, places={first.place: Location(17, 3, "会议记录", "台账.xlsx")})
    assert "台账.xlsx:会议记录!C17" == rows(rendered("csv", replace(lax(), assessments=(moved,))))[0]["位置"]
    assert re.search(r"台账\.xlsx:会议记录!C17 \|", rendered("markdown", replace(lax(), assessments=(moved,))))
