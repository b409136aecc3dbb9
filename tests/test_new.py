"""``new``: a record that is valid at once, and whose examples are too."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from dangjian_check.cli import options
from dangjian_check.loading.records import load_record, parse_record
from dangjian_check.loading.skeleton import new_record
from dangjian_check.model.record import Record
from dangjian_check.model.vocabulary import BranchType
from program import PACKS, ROOT, Run

EXAMPLE = re.compile(r"^( *)#(?=\S)", re.MULTILINE)


def text(**asked: object) -> str:
    return new_record(Path("branch.yaml"), **{"year": 2024, "name": "甲支部", "kind": None, "standards": ()} | asked)


def read(content: str) -> Record:
    return parse_record(content.encode(), "branch.yaml", "b").record


def test_new_record_is_sound_and_says_only_its_name():
    """Nothing is claimed for the branch that it did not say."""
    assert Record.model_validate({"format": 1, "branch": {"name": "甲支部"}, "activities": None}) == read(text())


def test_all_examples_together_are_a_sound_record():
    """Whoever deletes every leading # has a record with members, activities and seven more series."""
    record = read(EXAMPLE.sub(r"\1", text()))
    assert (3, 2, 5) == (len(record.committee[0].posts), len(record.members or ()), len(record.activities or ()))
    kept = {name for name in Record.model_fields if getattr(record, name) not in (None, [])}
    assert {"branch", "coverage", "groups", "plans", "talks", "training", "documents", "dues", "development",
            "appraisals"} < kept  # fmt: skip


def test_each_example_alone_is_a_sound_record():
    """A paragraph whose # are deleted reads without the others."""
    whole = text()
    paragraphs = [part for part in whole.split("\n\n") if EXAMPLE.search(part)]
    assert len(paragraphs) > 8
    for part in paragraphs:
        read(whole.replace(part, EXAMPLE.sub(r"\1", part)))


def test_file_flags_and_folder_decide_what_is_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The default file is ``branch.yaml`` here; a folder holds it; the name is that of the file or folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "乙支部").mkdir()
    assert [0, 0, 0] == [
        run("new", "--name", "甲：支部", "--type", "村", "-s", "voc", "-s", "national").status,
        run("new", "乙支部").status,
        run("new", "丙支部.yaml", "--rules", PACKS, "-s", "probe").status,
    ]
    first, second, third = (
        load_record(Path(p)).record.branch for p in ("branch.yaml", "乙支部/branch.yaml", "丙支部.yaml")
    )
    assert ("甲：支部", "村", ["voc", "national"]) == (first.name, first.type, first.standards)
    assert ("乙支部", None, "丙支部", ["probe"]) == (second.name, second.type, third.name, third.standards)


def test_examples_are_of_this_year(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The clock is read for them, and nowhere else."""
    monkeypatch.setattr(options, "today", lambda: date(2031, 2, 28))
    run("new", tmp_path / "a.yaml")
    assert "#coverage: {from: 2031-01-01, to: 2031-12-31}\n" in (tmp_path / "a.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda path: path.symlink_to("nowhere.yaml")])
def test_what_is_there_is_never_overwritten(run: Run, tmp_path: Path, make):
    """A file, a folder of that name with a record in it, a link that leads nowhere."""
    path = tmp_path / "branch.yaml"
    make(path)
    if path.is_dir():
        (path / "branch.yaml").touch()
    done = run("new", path)
    assert (2, True) == (done.status, "已经有了，没有动它" in done.err)
    assert not path.exists() or not path.is_file() or path.stat().st_size == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a.txt",), "a.txt 不是 YAML 文件名 → 取一个以 .yaml 结尾的名字"),
        (("a.xlsx",), "a.xlsx 不是 YAML 文件名 → 取一个以 .yaml 结尾的名字"),
        (("a.yaml", "-s", "vco"), "没有标准 “vco” → 最接近的是 voc；自己的标准用 --rules 指明文件夹"),
        (("a.yaml", "--name", " "), "“” 不能作支部名称 → 写一段文字，例如 --name 教工第一党支部"),
    ],
)
def test_what_cannot_be_made_is_told_and_not_made(run: Run, tmp_path: Path, monkeypatch, arguments, told: str):
    """2, one line, no file."""
    monkeypatch.chdir(tmp_path)
    done = run("new", *arguments)
    assert (2, f"dj-check: {told}\n", []) == (done.status, done.err, list(tmp_path.iterdir()))


@pytest.mark.parametrize("name", ["a: b", "#1", "“甲”", "- x", "12", "yes", "甲 'x' \"y\"", "{甲}", "甲\n乙"])
def test_any_name_is_kept_as_it_is(name: str):
    """Quoted where YAML would take it for something else."""
    assert name == read(text(name=name)).branch.name


@pytest.mark.parametrize("kind", get_args(BranchType))
def test_every_type_of_branch_is_accepted(kind: str):
    """And read back."""
    assert kind == read(text(kind=kind)).branch.type


def test_first_activity_goes_below_the_examples(run: Run, tmp_path: Path):
    """What ``add`` writes stands in the list, indented like the examples."""
    path = tmp_path / "branch.yaml"
    run("new", path)
    run("add", path, "--type", "支委会", "--date", "2024-03-08")
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines.index("  - {date: 2024-03-08, type: 支委会}")
    assert (True, "") == (lines[place - 1].startswith("  #- {date: "), lines[place + 1])


def test_examples_fit_the_indentation_of_what_is_live(run: Run, tmp_path: Path):
    """An example made live beside an added entry is a sound record."""
    path = tmp_path / "branch.yaml"
    run("new", path)
    run("add", path, "--type", "支委会", "--date", "2024-03-08")
    assert 6 == len(read(EXAMPLE.sub(r"\1", path.read_text(encoding="utf-8"))).activities or ())


def test_page_shows_what_new_and_add_say(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The two commands of docs/record.md, one after the other in an empty folder."""
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\$ dj-check ((?:new|add) .*)\n(.*\n)", page, re.MULTILINE)
    assert [(0, said, "") for _, said in shown] == [run(*shlex.split(line)) for line, _ in shown]
    assert 2 == len(shown)
