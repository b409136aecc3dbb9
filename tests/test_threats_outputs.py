"""Hostile texts in every format (threats T30-T39) and streams that are lost, in a process of its own."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar
from junitparser import JUnitXml

from dangjian_check.reports import FORMATS
from program import LAX, PROBE, SOUND
from test_cli_streams import HOSTILE, hostile_record
from threats import TERMINAL, Met, meet

TEXTS = HOSTILE | {
    "plus": "+1",
    "minus": "-1",
    "at": "@SUM(1)",
    "wide-equals": "＝1+1",  # noqa: RUF001
    "error-cell": "#N/A",
    "attribute": '"><img src=x onerror=alert(1)>',
    "script-end": "</script><script>alert(1)</script>",
    "link": "javascript:alert(1)",
    "command": "::error file=x,line=1::y",
    "percent": "50%0A::error::x, a:b",
    "calendar": "大会\\r\\nATTACH:http://e;x,y",
    "cdata": "]]><x/>",
}
FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")  # noqa: RUF001


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Met, Path]:
    """Every format of one run over records whose every text is hostile, each in another way."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, name in enumerate(TEXTS):
        (folder / "records" / f"{number:02}").mkdir(parents=True)
        hostile_record(folder / "records" / f"{number:02}", TEXTS[name])
    flags = [part for name in FORMATS for part in ("--output", f"{name}:{folder / name}")]
    span = ("--period", "2024", "--as-of", "2024-12-31")
    return meet("audit", folder / "records", *PROBE, *span, *flags, "--verbose"), folder


def test_T30_hostile_texts_are_judged_and_written_in_every_format(written: tuple[Met, Path]):
    """Deficiencies and nothing else, soon."""
    met, folder = written
    assert (1, "", []) == (met.status, met.err, [name for name in FORMATS if not (folder / name).is_file()])
    assert False is met.costly(len(TEXTS)), met.figures


def test_T30_no_cell_is_a_formula(written: tuple[Met, Path]):
    """In a workbook a text is a text; in CSV an apostrophe keeps it one."""
    folder = written[1]
    book = openpyxl.load_workbook(io.BytesIO((folder / "xlsx").read_bytes()))
    assert [] == [str(cell) for sheet in book for row in sheet for cell in row if cell.data_type in "fe"]
    rows = list(csv.reader(io.StringIO((folder / "csv").read_text(encoding="utf-8-sig"))))
    assert [] == [cell for row in rows for cell in row if FORMULA.match(cell) and not re.fullmatch(r"-?[0-9.]+", cell)]


def test_T31_every_document_of_xml_is_well_formed(written: tuple[Met, Path]):
    """JUnit, and each part of the office files."""
    folder = written[1]
    assert len(list(JUnitXml.fromfile(str(folder / "junit")))) > 0
    for name in ("xlsx", "docx"):
        with zipfile.ZipFile(folder / name) as archive:
            parts = [archive.read(part) for part in archive.namelist() if part.endswith((".xml", ".rels"))]
        assert [None] * len(parts) == [ET.fromstring(part).get("no such thing") for part in parts]


def test_T32_no_element_or_address_enters_the_page(written: tuple[Met, Path]):
    """What stands in a record is text of the page."""
    page = (written[1] / "html").read_text(encoding="utf-8")
    assert [] == re.findall(r"<(?:img|script src|iframe|object|embed)|<script>alert|href=[\"']?javascript", page)
    assert True is ("default-src 'none'" in page)


def test_T33_terminal_gets_plain_text(written: tuple[Met, Path]):
    """No escape, no bidi, nothing invisible, markup letter by letter."""
    shown = (written[1] / "terminal").read_text(encoding="utf-8")
    assert ([], True) == (TERMINAL.findall(shown), "[/][bold]" in shown)


def test_T34_annotations_are_ours_alone(written: tuple[Met, Path]):
    """Every line is one command, whose properties hold no comma or colon of a record."""
    lines = (written[1] / "github").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert [] == [x for x in commands if not re.match(r"::(error|warning|notice) file=[^,:]*,line=\d+[^:]*::", x)]


def test_T36_machines_read_what_was_written(written: tuple[Met, Path]):
    """JSON, JSON Lines and SARIF are documents; names come back as they were."""
    folder = written[1]
    report = json.loads((folder / "json").read_text(encoding="utf-8"))
    assert sorted(TEXTS.values()) == sorted(a["branch"]["name"] for a in report["assessments"])
    assert "2.1.0" == json.loads((folder / "sarif").read_text(encoding="utf-8"))["version"]
    for name in ("jsonl", "rows"):
        assert len(TEXTS) <= len(list(map(json.loads, (folder / name).read_text(encoding="utf-8").splitlines())))


def test_T37_calendar_holds_no_property_of_a_record(written: tuple[Met, Path]):
    """Line breaks, semicolons and commas are escaped, lines folded."""
    folder = written[1]
    met = meet("due", folder / "records", *PROBE, "--as-of", "2024-06-01", "--within", "1y", "--format", "ics")
    assert (0, "") == (met.status, met.err), met.err
    calendar = Calendar.from_ical(met.raw)
    assert ([], True) == ([e for e in calendar.walk() if "ATTACH" in e], len(list(calendar.walk("VEVENT"))) > 0)
    assert [] == [line for line in met.raw.split(b"\r\n") if len(line) > 75]


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
def test_T38_console_that_lacks_characters_changes_no_status(written: tuple[Met, Path], encoding: str):
    """Names that no code page has, on such a console."""
    met = meet("audit", written[1] / "records", *PROBE, "--period", "2024", env={"PYTHONIOENCODING": encoding})
    assert (1, "") == (met.status, met.err)


def test_T39_output_that_is_lost_is_status_2():
    """A full disk behind stdout reads neither as "no deficiencies" nor as "deficiencies"."""
    for record in (LAX, SOUND):
        with Path("/dev/full").open("wb") as full:
            met = meet("audit", record, *PROBE, stdout=full)
        assert (2, [], 1) == (met.status, met.ill, len(met.err.splitlines())), met.err
