"""Hostile workbooks (threats T22-T29): an answer for every file, the one beside them judged, soon."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from hostile_ledgers import RAW, REFUSED, altered, drawn_book, openpyxl_book, put, with_members
from program import PROBE, SOUND
from threats import ID_CARD, meet

Files = dict[str, tuple[bytes, str]]
DAMAGED = "工作簿损坏，读不了"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
SECRET = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def cells(count: int) -> bytes:
    """A sheet of so many cells in rows of ten, which packs to next to nothing."""
    row = b"<row>" + b"<c><v>1</v></c>" * 10 + b"</row>"
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + row * (count // 10)
        + b"</sheetData></worksheet>"
    )


def entity(declared: str, used: str) -> bytes:
    """A workbook whose sheet declares entities and uses one in a cell."""
    raw = altered(RAW, sheet1=put("<worksheet", f"{declared}<worksheet"))
    return altered(raw, sheet1=put('<c r="A4"', f'<c r="B9" t="str"><v>{used}</v></c><c r="A4"'))


def of_refused(**names: str) -> Files:
    return {f"{name}.xlsx": REFUSED[key] for name, key in names.items()}


def big_directory() -> bytes:
    """A member that says it is small and is not."""
    raw = with_members(RAW, {"xl/sharedStrings2.xml": b"0" * (10 << 20)})
    return raw.replace((10 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))


THREATS: dict[str, Files] = {
    "T22-zip-bombs": {
        "strings.xlsx": (with_members(RAW, {"xl/strings.xml": bytes(100 << 20)}), "工作簿展开后太大"),
        "cells.xlsx": (altered(RAW, sheet1=lambda _: cells(1_600_000)), "工作表超过 500000 个单元格"),
        "lies.xlsx": (big_directory(), DAMAGED),
        **of_refused(members="hundreds of parts", directory="a bomb by its directory"),
    },
    "T24-far-out": of_refused(
        cell="a cell far out",
        row="far out by its row",
        attribute="far out behind an attribute with a bracket",
        column="beyond the last column",
        part="far out in a part of another name",
    ),
    "T25-formula-without-value": {"formula.xlsx": (openpyxl_book(D2="=C2-1"), "会议记录!D2: 公式没有算好的值")},
    "T26-identity-number-as-number": {
        "number.xlsx": (drawn_book(f"编号|日期|类型\n#{ID_CARD}|2024-01-05|支委会"), "会议记录!A2: 编号写成了数字")
    },
    "T27-entities": {
        "laughs.xlsx": (entity(LAUGHS + "]>", "&j;"), DAMAGED),
        "file.xlsx": (entity(SECRET, "&e;"), DAMAGED),
        "strings.xlsx": (altered(RAW, sharedStrings=put("<t>", "<t>&e;")), DAMAGED),
    },
    "T28-broken-parts": {
        "index.xlsx": (altered(RAW, sheet1=put('t="s"><v>0</v>', 't="s"><v>99999</v>')), DAMAGED),
        "renamed.xlsx": ((b"%PDF-1.7" + b"0" * 999), "不是 Excel 或 WPS 的工作簿"),
        "empty.xlsx": (b"", "不是 Excel 或 WPS 的工作簿"),
        **of_refused(
            sheets="no sheets",
            cut="cut short",
            within="damaged within",
            broken="broken XML",
            password="a password",
            other="another format beside",
            archive="an archive of something else",
        ),
    },
    "T28-old-workbooks": {
        "cut.xls": (REFUSED["an old workbook cut short"][0], DAMAGED),
        "noise.xls": (REFUSED["an old workbook of noise"][0], DAMAGED),
    },
    "T29-days": {
        f"d{number}.xlsx": (drawn_book(f"日期|类型\n#d{number}|支委会"), "会议记录!A2: ")
        for number in ("60", "0", "-1", "2958466", "1e300")
    },
}  # fmt: skip


@pytest.mark.parametrize("threat", THREATS)
def test_hostile_workbook_costs_its_own_verdict_and_no_other(tmp_path: Path, threat: str):
    """Status 2; each file answered, the sound one beside them judged, nothing read from the disk by what it asks."""
    files = THREATS[threat]
    for name, (raw, _) in files.items():
        (tmp_path / name).write_bytes(raw)
    shutil.copy(SOUND, tmp_path / "zz.yaml")
    met = meet("audit", tmp_path, *PROBE, "--format", "jsonl")
    said = {name: [line.removeprefix(f"{tmp_path}/{name}:") for line in met.of(tmp_path / name)] for name in files}
    wrong = {name: said[name] for name, (_, words) in files.items() if not any(words in line for line in said[name])}
    assert (2, True, [], {}) == (met.status, "zz.yaml" in met.judged, met.ill, wrong), met.err
    assert (False, False) == ("root:" in met.out + met.err, "haha" in met.out + met.err)
    assert False is met.costly(len(files)), met.figures


DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')


@pytest.mark.parametrize("area", ["A1:A1", "A1", "A1:XFD1048576"])
def test_T23_area_a_sheet_claims_is_not_believed(tmp_path: Path, area: str):
    """WPS writes too small a one, others too large a one: every cell is read, at no cost."""
    raw = altered(RAW, sheet1=lambda xml: DIMENSION.sub(f'<dimension ref="{area}"/>'.encode(), xml))
    (tmp_path / "台账.xlsx").write_bytes(raw)
    met = meet("import", tmp_path / "台账.xlsx", "-o", tmp_path / "made")
    [made] = (tmp_path / "made").rglob("*.yaml")
    assert (0, 2) == (met.status, made.read_text(encoding="utf-8").count("type: 支委会")), met.err
    assert False is met.costly(), met.figures


def test_T28_template_that_is_no_document_is_one_line(tmp_path: Path):
    """A customer's document comes through the same kind of guard."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", SECRET + "<w>&e;</w>")
    bombs = {
        "damaged": b"PK\x03\x04" + b"0" * 99,
        "entity": made.getvalue(),
        "bomb": with_members(made.getvalue(), {"word/media/a.xml": b"0" * (60 << 20)}),
        "other": RAW,
    }
    for name, raw in bombs.items():
        (tmp_path / f"{name}.docx").write_bytes(raw)
        target = tmp_path / f"{name}-out.docx"
        met = meet("audit", SOUND, *PROBE, "--template", tmp_path / f"{name}.docx", "--output", f"docx:{target}")
        assert (2, [], 1, False) == (met.status, met.ill, len(met.err.splitlines()), target.exists()), (name, met.err)
        assert False is met.costly(), met.figures
