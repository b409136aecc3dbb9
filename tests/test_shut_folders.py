"""A folder that may not be listed hides nothing: it is told, what it would have held is not judged without it, and the
others are."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dangjian_check.loading.standards import load_standard
from program import PACKS, PROBE, SOUND, Run

Shut = Callable[[Path], None]


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> Shut:
    """Shuts a folder, also to root."""
    closed: set[str] = set()

    def refusing(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any = ".", *more: Any, **named: Any) -> Any:
            if isinstance(path, (str, os.PathLike)) and os.fspath(path) in closed:
                raise PermissionError(13, "Permission denied", os.fspath(path))
            return call(path, *more, **named)

        return called

    for name in ("scandir", "listdir", "open"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    return lambda path: closed.add(str(path))


def copied(path: Path, source: Path = SOUND) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source.read_bytes())
    return path


def told(folder: Path) -> str:
    return f"{folder}: 没有读取权限 → 检查文件权限\n"


@pytest.mark.parametrize("command", ["audit", "due", "validate"])
def test_folder_that_may_not_be_listed_is_told_and_the_others_are_read(
    run: Run, tmp_path: Path, shut: Shut, command: str
):
    copied(tmp_path / "a" / "甲.yaml")
    hidden = copied(tmp_path / "b" / "乙.yaml").parent
    shut(hidden)
    flags = () if command == "validate" else (*PROBE, "--as-of", "2024-06-20")
    done = run(command, tmp_path, *flags)
    assert (2, True) == (done.status, done.err.startswith(told(hidden)))
    assert done.out or command == "validate"


def test_folder_given_that_may_not_be_listed_is_not_an_empty_one(run: Run, tmp_path: Path, shut: Shut):
    shut(tmp_path)
    done = run("audit", tmp_path, *PROBE)
    assert (2, told(tmp_path)) == (done.status, done.err)


def test_record_whose_entries_may_not_be_listed_is_not_judged_without_them(run: Run, tmp_path: Path, shut: Shut):
    """And nothing beside it is."""
    copied(tmp_path / "a" / "branch.yaml")
    copied(tmp_path / "b" / "甲.yaml")
    entries = copied(tmp_path / "a" / "activities" / "一月.yaml").parent
    shut(entries)
    done = run("audit", tmp_path, *PROBE, "--as-of", "2024-06-20", "--format", "jsonl")
    lines = map(json.loads, done.out.splitlines())
    judged = [Path(line["branch"]["file"]).name for line in lines if line["type"] == "assessment"]
    assert (2, told(entries), ["甲.yaml"]) == (done.status, done.err, judged)


def test_entries_that_are_no_file_are_told(run: Run, tmp_path: Path):
    """They may be all that was done in a month."""
    copied(tmp_path / "branch.yaml")
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities" / "一月.yaml").symlink_to("nowhere")
    done = run("audit", tmp_path / "branch.yaml", *PROBE, "--as-of", "2024-06-20")
    assert (2, f"{tmp_path}/activities/一月.yaml: 没有这个文件 → 核对路径\n") == (done.status, done.err)


def test_reports_below_a_folder_that_may_not_be_listed_are_missed(run: Run, tmp_path: Path, shut: Shut):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        done = run(
            "audit", SOUND, *PROBE, "-o", f"json:{tmp_path}/{name}/r.json", "-o", f"rows:{tmp_path}/{name}/r.jsonl"
        )
        assert done.err == ""
    shut(tmp_path / "b")
    for command in (("summary", tmp_path), ("query", tmp_path, "--ready", "worst-branches")):
        done = run(*command)
        assert (2, True) == (done.status, told(tmp_path / "b") in done.err)


@pytest.mark.parametrize("name", ["more", "calendars"])
def test_standard_is_not_used_without_a_part_of_it(run: Run, tmp_path: Path, shut: Shut, name: str):
    """Rules and days off in a folder that may not be listed are not taken for none."""
    pack = tmp_path / "packs" / "probe"
    for file in (PACKS / "probe").iterdir():
        copied(pack / file.name, file)
    copied(pack / "more" / "20.yaml", pack / "standard.yaml").unlink()
    (pack.parent / "calendars").mkdir()
    hidden = pack / "more" if name == "more" else pack.parent / "calendars"
    assert load_standard(pack).rules
    shut(hidden)
    done = run("audit", SOUND, "--rules", pack.parent, "--standard", "probe")
    assert (2, told(hidden)) == (done.status, done.err)


@pytest.mark.parametrize("command", [("audit", *PROBE, "--format", "json"), ("validate",)])
def test_name_that_no_file_can_have_is_told_and_the_others_are_read(run: Run, tmp_path: Path, command: tuple[str, ...]):
    name = "长" * 200 + ".yaml"
    done = run(command[0], SOUND, tmp_path / name, *command[1:])
    assert (2, f"{tmp_path}/{name}: 打不开 → 核对路径和磁盘\n") == (done.status, done.err)
    assert done.out or command[0] == "validate"
