"""Which files are read, and how: regular ones, once, whole, up to a limit; everything else is one problem (T16-T20)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dangjian_check.app import record_files, validate
from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.files import MAX_BYTES
from dangjian_check.loading.records import load_record
from dangjian_check.reports import FORMATS
from program import LAX, PACKS, PROBE, SOUND, Run, dj, plain_env

PLAIN = "branch: {name: 甲支部}\n"


def unreadable(path: Path) -> Problem:
    """The only problem of a file that cannot be read."""
    with pytest.raises(InputProblems) as caught:
        load_record(path)
    [problem] = caught.value.problems
    return problem


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (os.mkfifo, "不是普通文件"),
        (Path.mkdir, "不是普通文件"),
        (link_to("/dev/zero"), "不是普通文件"),
        (link_to("/dev/null"), "不是普通文件"),
        (link_to("nowhere.yaml"), "没有这个文件"),
        (link_to("branch.yaml"), "打不开"),
        (lambda path: None, "没有这个文件"),
        (lambda path: path.write_bytes(b"#" * (MAX_BYTES + 1)), "文件超过 2 MB"),
    ],
    ids=[
        "fifo",
        "directory",
        "endless-device",
        "null-device",
        "dangling-link",
        "link-to-itself",
        "missing",
        "too-large",
    ],
)
def test_what_is_no_readable_file_is_one_problem_with_a_remedy(
    tmp_path: Path, make: Callable[[Path], object], message: str
):
    """A pipe, folder, device, broken link, missing or oversized file is refused at once and as a whole."""
    path = tmp_path / "branch.yaml"
    make(path)
    problem = unreadable(path)
    assert (path.as_posix(), 0, message, True) == (problem.file, problem.line, problem.message, bool(problem.remedy))


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that opens but cannot be read")
@pytest.mark.parametrize(
    "command",
    [
        ("audit", "x.yaml"),
        ("audit", "x.jsonl"),
        ("validate", "x.yaml"),
        ("summary", "x.jsonl"),
        ("summary", "x.json"),
        ("query", "x.jsonl", "--ready", "worst-branches"),
        ("import", "--dry-run", "x.csv"),
        ("audit", SOUND, "--waivers", "x.yaml"),
        ("audit", SOUND, "--baseline", "x.json"),
    ],
    ids=lambda command: f"{command[0]}-{command[-1]}",
)
def test_file_that_fails_while_it_is_read_is_one_problem(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str | Path, ...]
):
    """As a disk does that is going to die: it is neither a bug of ours nor an output that was lost."""
    monkeypatch.chdir(tmp_path)
    name = next(word for word in command if str(word).startswith("x."))
    Path(name).symlink_to("/proc/self/mem")
    done = run(*command)
    assert (2, f"{name}: 读到一半出错 → 核对磁盘；是管道的，核对另一头\n") == (done.status, done.err)


def test_file_of_exactly_the_limit_is_read(tmp_path: Path):
    """The limit is inclusive."""
    path = tmp_path / "branch.yaml"
    path.write_bytes(PLAIN.encode().ljust(MAX_BYTES, b"\n"))
    assert "甲支部" == load_record(path).record.body.name


def test_endless_regular_file_is_cut_at_the_limit(tmp_path: Path):
    """A file that claims to be small and is not (as under /proc) is read no further than the limit."""
    path = tmp_path / "branch.yaml"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    assert "文件超过 2 MB" == unreadable(path).message


@pytest.mark.parametrize("name", ["a.txt", "a", "a.yaml.bak", "a.docx"])
def test_unknown_ending_is_refused_with_the_endings_that_can_be_read(tmp_path: Path, name: str):
    """A file named on the command line is never passed over in silence."""
    (tmp_path / name).write_text(PLAIN, encoding="utf-8")
    problem = unreadable(tmp_path / name)
    assert (True, True) == ("不认识的文件种类" in problem.message, ".yaml" in problem.remedy)


@pytest.mark.parametrize("name", ["全省", "全省.txt"])
def test_path_that_is_not_there_is_said_to_be_missing_whatever_its_ending(tmp_path: Path, name: str):
    """A folder mistyped is no file of an unknown kind."""
    problem = unreadable(tmp_path / name)
    assert ("没有这个文件或文件夹", "核对路径") == (problem.message, problem.remedy)


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "A.YAML"])
def test_yaml_is_read_whatever_the_case_of_its_ending(tmp_path: Path, name: str):
    """Files from Windows may shout."""
    (tmp_path / name).write_text(PLAIN, encoding="utf-8")
    assert "甲支部" == load_record(tmp_path / name).record.body.name


@pytest.mark.parametrize(
    ("path", "expected"), [("一支部.yaml", "一支部"), ("一支部/branch.yaml", "一支部"), ("a/b.yml", "b")]
)
def test_branch_without_an_id_goes_by_its_file_or_folder(tmp_path: Path, path: str, expected: str):
    """The id defaults to the name of the file, of ``branch.yaml`` to that of its folder."""
    target = tmp_path / path
    target.parent.mkdir(exist_ok=True)
    target.write_text(PLAIN, encoding="utf-8")
    assert expected == load_record(target).id


def files(root: Path, *names: str) -> None:
    for name in names:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(PLAIN, encoding="utf-8")


def test_folder_stands_for_its_records_in_the_order_of_their_names(tmp_path: Path):
    """Hidden names, standards, waivers and other kinds of files are passed over; the rest comes sorted, each once."""
    files(tmp_path, "b.yaml", "a.yml", "c/branch.yaml", ".hidden.yaml", ".git/x.yaml", "notes.txt", "waivers.yaml")
    files(tmp_path, "pack/standard.yaml", "pack/rules/1.yaml")
    found = record_files([tmp_path, tmp_path / "b.yaml"])
    assert ["a.yml", "b.yaml", "c/branch.yaml"] == [path.relative_to(tmp_path).as_posix() for path in found]


def test_folder_of_rules_is_checked_whole(tmp_path: Path):
    """What stands beside standards is no record: the default sheet, and years of holidays, which are checked too."""
    files(tmp_path, "default-sheet.yaml", "calendars/notes.yaml", "calendars/cn-2031.yaml", "calendars/cn-2032.yaml")
    (tmp_path / "calendars" / "cn-2031.yaml").write_text(
        "year: 2031\nnotice: 放假通知\noff: [2031-01-01]\n", encoding="utf-8"
    )
    checked, problems = validate([tmp_path])
    assert ["cn-2031", "cn-2032", "notes"] == [Path(name).stem for name in checked]
    assert {"cn-2032"} == {Path(problem.file).stem for problem in problems}


@pytest.mark.timeout(20)
def test_loop_of_links_is_walked_once(tmp_path: Path):
    """A folder that links back to its parent adds no file."""
    files(tmp_path, "a/b/branch.yaml")
    (tmp_path / "a" / "b" / "loop").symlink_to(tmp_path)
    assert [tmp_path / "a" / "b" / "branch.yaml"] == record_files([tmp_path])


@pytest.mark.timeout(20)
def test_bad_files_of_a_folder_do_not_hide_the_others(tmp_path: Path):
    """Every file is checked and every problem of every file told in one run."""
    files(tmp_path, "good.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    (tmp_path / "wrong.yaml").write_text("branch: {name: 12, typo: 1}\n", encoding="utf-8")
    checked, problems = validate([tmp_path])
    assert ["gone", "good", "pipe", "wrong"] == [Path(name).stem for name in checked]
    assert ["gone", "pipe", "wrong", "wrong"] == [Path(problem.file).stem for problem in problems]


ADVERSARY = """
import json, sys
from pathlib import Path
from dangjian_check.cli.main import run_cli

watched, other, turn = sys.argv[1], Path(sys.argv[2]).read_bytes(), int(sys.argv[3])
opened = 0

def swap(event, arguments):
    global opened
    if event == "open" and opened < turn and str(arguments[0]) == watched:
        opened += 1
        if opened == turn:
            Path(watched).write_bytes(other)

sys.addaudithook(swap)
sys.exit(run_cli(sys.argv[4:]))
"""


def seen(watched: Path, other: Path, turn: int, *arguments: str | Path) -> dict[str, object]:
    """What an audit says of its inputs while ``watched`` turns into ``other`` at its ``turn``-th opening."""
    command = [sys.executable, "-c", ADVERSARY, watched, other, str(turn), "audit", *arguments, "--format", "json"]
    done = subprocess.run(command, env=plain_env(), capture_output=True, check=False, timeout=60)
    report = json.loads(done.stdout)
    [assessment] = report["assessments"]
    return {
        "standard": report["run"]["standards"],
        "branch": assessment["branch"]["name"],
        "max": assessment["score"]["max"],
        "rules": [(o["title"], len(o["windows"]), o["outcome"]) for o in assessment["outcomes"]],
        "places": [d["location"]["line"] for d in assessment["deficiencies"]],
    }


def test_record_swapped_while_it_is_judged_is_not_read_again(tmp_path: Path):
    """Verdict, name and places all belong to the bytes that were read first."""
    record, other = tmp_path / "branch.yaml", tmp_path / "other.txt"
    shutil.copy(LAX, record)
    shutil.copy(SOUND, other)
    arguments = (record, "--rules", PACKS, "--standard", "probe")
    honest = seen(record, other, 0, *arguments)
    assert honest == seen(record, other, 2, *arguments)
    assert LAX.read_bytes() == record.read_bytes()


@pytest.mark.parametrize(
    ("name", "old", "new"), [("standard.yaml", "测试用标准", "改过的标准"), ("sheet.yaml", "points: 8", "points: 9")]
)
def test_standard_swapped_while_it_is_loaded_belongs_to_its_digest(tmp_path: Path, name: str, old: str, new: str):
    """What is hashed is what is judged by: the report shows the pack before or after the swap, never a mixture."""
    pack, other = tmp_path / "packs" / "probe", tmp_path / "other.txt"
    shutil.copytree(PACKS / "probe", pack)
    before = (pack / name).read_bytes()
    other.write_bytes(before.replace(old.encode(), new.encode()))
    arguments = (LAX, "--rules", tmp_path / "packs", "--standard", "probe", "--as-of", "2024-06-20")

    def report(first: bytes, turn: int) -> dict[str, object]:
        (pack / name).write_bytes(first)
        return seen(pack / name, other, turn, *arguments)

    whole = [report(before, 0), report(other.read_bytes(), 0)]
    assert whole[0] != whole[1]
    assert {2: True, 3: True} == {turn: report(before, turn) in whole for turn in (2, 3)}


def test_report_saved_among_the_records_is_not_read_as_one(tmp_path: Path):
    """Whoever writes reports into the folder that is audited gets the same answer the next time."""
    (tmp_path / "a.yaml").write_bytes(LAX.read_bytes())
    kinds = [kind for kind in FORMATS if kind not in ("terminal", "docx")]
    flags = [flag for kind in kinds for flag in ("--output", f"{kind}:{tmp_path / f'out.{kind}'}")]
    first = dj("audit", tmp_path, *PROBE, *flags)
    assert (sorted(["a.yaml", *(f"out.{kind}" for kind in kinds)]), 1) == (
        sorted(path.name for path in tmp_path.iterdir()),
        first.returncode,
    )
    assert first.stdout == dj("audit", tmp_path, *PROBE).stdout
