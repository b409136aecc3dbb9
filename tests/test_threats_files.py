"""Hostile files, names and places (threats T16-T21), and standards that reach where they should not (T18)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dangjian_check.reports import FORMATS
from hostile_yaml import alias_bomb
from program import LAX, PACKS, PROBE, SOUND, TESTS
from test_files import ADVERSARY
from threats import ID_CARD, TERMINAL, meet

NO_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "fifo.yaml": (os.mkfifo, "不是普通文件"),
    "fifo.json": (os.mkfifo, "不是普通文件"),
    "fifo.csv": (os.mkfifo, "不是普通文件"),
    "fifo.xlsx": (os.mkfifo, "不是普通文件"),
    "endless.yaml": (lambda path: path.symlink_to("/dev/zero"), "不是普通文件"),
    "endless.json": (lambda path: path.symlink_to("/dev/zero"), "不是普通文件"),
    "terminal.yaml": (lambda path: path.symlink_to("/dev/tty"), ""),
    "itself.yaml": (lambda path: path.symlink_to("itself.yaml"), "打不开"),
    "nowhere.yaml": (lambda path: path.symlink_to("gone"), "没有这个文件"),
    "large.yaml": (lambda path: path.write_bytes(b"#" * (3 << 20)), "文件超过 2 MB"),
    "sparse.xlsx": (lambda path: _sparse(path, 1 << 40), "文件超过 20 MB"),
    "process.yaml": (lambda path: path.symlink_to("/proc/self/environ"), ""),
}


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as stream:
        stream.truncate(size)


def test_T16_what_is_no_regular_file_is_told_and_the_others_judged(tmp_path: Path):
    """A pipe nobody writes to, an endless device, a link to nowhere, a terabyte of nothing: one line each, at once."""
    for name, (make, _) in NO_FILES.items():
        make(tmp_path / name)
    shutil.copy(SOUND, tmp_path / "zz.yaml")
    met = meet("audit", tmp_path, *PROBE, "--format", "jsonl")
    said = {name: [line for line in met.err.splitlines() if line.startswith(f"{tmp_path}/{name}")] for name in NO_FILES}
    wrong = {name: said[name] for name, (_, words) in NO_FILES.items() if words not in " ".join(said[name][:1])}
    assert (2, ["zz.yaml"], [], {}) == (met.status, met.judged, met.ill, wrong)
    assert {} == {name: lines for name, lines in said.items() if not lines}
    assert False is met.costly(), met.figures


@pytest.mark.parametrize(
    ("flag", "name"),
    [("--waivers", "fifo.yaml"), ("--baseline", "endless.yaml"), ("--template", "fifo.yaml"), ("--rules", "fifo.yaml")],
)
def test_T16_no_other_way_in_waits_for_a_pipe(tmp_path: Path, flag: str, name: str):
    """Waivers, baselines, templates and standards come in by the same door."""
    NO_FILES[name][0](tmp_path / name)
    asked = ("--output", f"docx:{tmp_path / 'a.docx'}") if flag == "--template" else ()
    met = meet("audit", SOUND, *PROBE, flag, tmp_path / name, *asked)
    assert (2, [], 1) == (met.status, met.ill, len(met.err.splitlines())), met.err
    assert False is met.costly(), met.figures


@pytest.mark.parametrize("name", ["diff", "summary"])
def test_T16_reports_read_back_come_in_by_the_same_door(tmp_path: Path, name: str):
    """A pipe in the place of a report is no report."""
    os.mkfifo(tmp_path / "a.json")
    met = meet(name, tmp_path / "a.json", *([LAX] if name == "diff" else []))
    assert (2, []) == (met.status, met.ill), met.err
    assert "不是普通文件" in met.err


def test_T17_loops_of_links_are_walked_once(tmp_path: Path):
    """Folders that hold themselves; links to folders are not followed."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    shutil.copy(SOUND, deep / "zz.yaml")
    (deep / "up").symlink_to(tmp_path)
    (deep / "here").symlink_to(".")
    (tmp_path / "etc").symlink_to("/etc")
    met = meet("audit", tmp_path, *PROBE, "--format", "jsonl")
    assert (0, ["zz.yaml"], "") == (met.status, met.judged, met.err)
    assert 1 == met.out.count('"type":"assessment"')


TRAVERSALS = ["../../../../etc/passwd", "file:///etc/passwd", "own", "a\\0b"]


@pytest.mark.parametrize("name", TRAVERSALS)
def test_T18_standard_rests_on_no_file_of_another_place(tmp_path: Path, name: str):
    """``based_on`` names a standard of ours and nothing else: no path, not itself."""
    pack = tmp_path / "own"
    shutil.copytree(PACKS / "bare", pack)
    manifest = (pack / "standard.yaml").read_text(encoding="utf-8").replace("id: bare", f'id: own\nbased_on: "{name}"')
    (pack / "standard.yaml").write_text(manifest, encoding="utf-8")
    met = meet("audit", SOUND, "--rules", tmp_path, "--standard", "own")
    assert (2, [], 1) == (met.status, met.ill, len(met.err.splitlines())), met.err
    assert "root:" not in met.err
    assert f"{pack}/standard.yaml:" in met.err


@pytest.mark.parametrize("name", ["../probe", "/etc", "a\x1b[2J"])
def test_T18_standard_asked_for_is_a_name(name: str):
    """``--standard`` leads to no folder."""
    met = meet("audit", SOUND, "--rules", PACKS, "--standard", name)
    assert (2, [], 1) == (met.status, met.ill, len(met.err.splitlines())), met.err


def test_T18_rule_file_that_is_a_link_shows_nothing_of_what_it_leads_to(tmp_path: Path):
    """Whatever stands there is no rule; its lines are not repeated."""
    secret = tmp_path / "secret"
    secret.write_text(f"root:x:0:0:{ID_CARD}\n[unclosed\n\tPASSWORD={ID_CARD}\n", encoding="utf-8")
    pack = tmp_path / "packs" / "bare"
    shutil.copytree(PACKS / "bare", pack)
    (pack / "secret.yaml").symlink_to(secret)
    met = meet("audit", SOUND, "--rules", pack.parent, "--standard", "bare")
    assert (2, [], False) == (met.status, met.ill, "PASSWORD" in met.err or "root:" in met.err), met.err


def test_T18_alias_bomb_in_a_standard_is_refused_like_one_in_a_record(tmp_path: Path):
    """One guard for all YAML."""
    pack = tmp_path / "packs" / "bare"
    shutil.copytree(PACKS / "bare", pack)
    (pack / "bomb.yaml").write_text(alias_bomb(), encoding="utf-8")
    met = meet("audit", SOUND, "--rules", pack.parent, "--standard", "bare")
    assert (2, []) == (met.status, met.ill)
    assert f"{pack}/bomb.yaml:1:5: 用了锚点（&）" in met.err
    assert False is met.costly(), met.figures


NAMES = [
    "a\n::error::x.yaml", "%0A::x.yaml", "\x1b[31m.yaml", "=cmd.yaml", "<img src=x onerror=y>.yaml", "-rf.yaml",
    os.fsdecode(b"bad\xff.yaml"), "Ame\u0301lie.yaml", "Am\u00e9lie.yaml", "a b\\c.yaml", "\u202elmay.yaml",
    "[red]x.yaml", "'\".yaml",
]  # fmt: skip
EXACT = {"json", "jsonl", "rows"}  # machines get a name as it is written
TEXTS = sorted(name for name, kind in FORMATS.items() if not kind.binary)


def test_T19_hostile_names_of_files_harm_no_format(tmp_path: Path):
    """Line breaks, escapes, markup, formulas, bytes that are no text, two spellings of one name: all judged, nothing
    in any text that could act."""
    records, written = tmp_path / "records", tmp_path / "written"
    records.mkdir()
    written.mkdir()
    for number, name in enumerate(NAMES):
        text = LAX.read_text(encoding="utf-8").replace("id: lax", f"id: b{number:02}")
        (records / name).write_text(text, encoding="utf-8")
    flags = [part for name in FORMATS for part in ("--output", f"{name}:{written / name}")]
    met = meet("audit", records, *PROBE, *flags)
    assert (1, "") == (met.status, met.err)
    assert [] == [name for name in FORMATS if not (written / name).is_file()]
    shown = {name: (written / name).read_text(encoding="utf-8") for name in TEXTS}
    assert [] == TERMINAL.findall(shown["terminal"])
    assert [] == [name for name, text in shown.items() if "\x1b" in text]
    assert [] == [name for name, text in shown.items() if "\u202e" in text and name not in EXACT]
    assert [] == [name for name, text in shown.items() if "\n::error::x" in text]
    assert [] == [name for name in ("html", "markdown") if "<img" in shown[name]]
    assert False is met.costly(len(NAMES)), met.figures


def test_T19_name_that_begins_with_a_hyphen_is_a_file_behind_the_marker(tmp_path: Path):
    """``--`` ends the options."""
    shutil.copy(SOUND, tmp_path / "-rf.yaml")
    met = meet("audit", *PROBE, "--format", "jsonl", "--", "-rf.yaml", cwd=tmp_path)
    assert (0, ["-rf.yaml"], "") == (met.status, met.judged, met.err)


def test_T20_record_swapped_while_it_is_read_is_judged_as_it_was_read(tmp_path: Path):
    """Verdict and places belong to the bytes that were read first, whatever stands there later."""
    record, other = tmp_path / "branch.yaml", tmp_path / "other.txt"
    met = {}
    for turn in (0, 2):
        shutil.copy(LAX, record)
        shutil.copy(SOUND, other)
        arguments = (str(record), str(other), str(turn), "audit", record, *PROBE, "--format", "json", "--no-cache")
        met[turn] = meet(*arguments, program=("-c", ADVERSARY))
    assert (1, met[0].out) == (met[2].status, met[2].out)


def _into(folder: Path) -> dict[str, Path | str]:
    (folder / "taken").mkdir()
    return {
        "folder": folder / "taken",
        "nowhere": folder / "gone" / "a.json",
        "name": folder / ("a" * 300 + ".json"),
        "system": "/proc/a.json",
        "device": "/dev/full",
        "record": folder / "record.yaml",
    }


@pytest.mark.parametrize("name", ["folder", "nowhere", "name", "system", "device", "record"])
def test_T21_output_that_cannot_be_is_status_2_and_leaves_nothing(tmp_path: Path, name: str):
    """A folder, no folder, a name too long, a place or a device that takes nothing, the record itself."""
    target = _into(tmp_path)[name]
    shutil.copy(SOUND, tmp_path / "record.yaml")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    met = meet("audit", tmp_path / "record.yaml", *PROBE, "--output", f"json:{target}")
    assert (2, [], 1) == (met.status, met.ill, len(met.err.splitlines())), met.err
    assert before == sorted(path.name for path in tmp_path.rglob("*"))
    assert SOUND.read_bytes() == (tmp_path / "record.yaml").read_bytes()
    assert str(target) in met.err or "盖掉记录本身" in met.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_T21_folder_that_may_not_be_written_is_status_2(tmp_path: Path):
    """Nothing is written, and that is told."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    met = meet("audit", SOUND, *PROBE, "--output", f"json:{closed / 'a.json'}")
    assert (2, [], 1) == (met.status, met.ill, len(met.err.splitlines())), met.err


def test_record_made_hostile_in_ten_ways_gets_ten_answers_and_the_eleventh_is_judged():
    """What the documentation shows is what happens."""
    script = TESTS / "deep" / "ten_ways.py"
    done = subprocess.run([sys.executable, script], capture_output=True, timeout=60, check=False)
    assert 0 == done.returncode, done.stdout.decode()
