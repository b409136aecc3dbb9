"""One record made hostile in ten ways beside the record itself, audited as a user does: ten answers, one verdict.

    python tests/deep/ten_ways.py

The command and what it printed come first, one line of figures last; the status is 1 unless every hostile file has
exactly one line of its own and the eleventh file is judged.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from program import PROBE, SOUND, plain_env  # noqa: E402


def changed(old: str, new: str) -> Callable[[Path, str], None]:
    """The record with one text in the place of another."""

    def make(path: Path, text: str) -> None:
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return make


def saved(encoding: str, more: str = "") -> Callable[[Path, str], None]:
    """The record in another encoding, or with more behind it."""

    def make(path: Path, text: str) -> None:
        path.write_text(text + more, encoding=encoding)

    return make


WAYS: dict[str, Callable[[Path, str], None]] = {
    "01-别名.yaml": changed("committee: {elected: 2023-01-10", "committee: {elected: *a"),
    "02-十万层括号.yaml": changed("members:\n", "members: " + "[" * 100_000 + "\n"),
    "03-执行命令的标签.yaml": changed("name: 测试第一党支部", "name: !!python/object/apply:os.system 测试第一党支部"),
    "04-同一个键两次.yaml": changed("{id: snd,", "{id: snd, id: other,"),
    "05-看不见的控制字符.yaml": changed("topic: 读原著", 'topic: "读\\e[2J原著"'),
    "06-没有的日子.yaml": changed("date: 2024-02-05", "date: 2024-02-30"),
    "07-国标编码.yaml": saved("gbk"),
    "08-无底的设备.yaml": lambda path, text: path.symlink_to("/dev/zero"),
    "09-没有人写的管道.yaml": lambda path, text: os.mkfifo(path),
    "10-两兆注释.yaml": saved("utf-8", "#" * (2 << 20)),
}
LAST = "11-原样.yaml"


def build(folder: Path) -> None:
    """The eleven files."""
    text = SOUND.read_text(encoding="utf-8")
    for name, make in WAYS.items():
        make(folder / name, text)
    (folder / LAST).write_text(text, encoding="utf-8")


def audited(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """The audit of the folder from within, so that nothing shown depends on where it is."""
    command = [sys.executable, "-m", "dangjian_check", "audit", ".", *PROBE, "--as-of", "2024-03-31", *flags]
    return subprocess.run(
        command, cwd=folder, env=plain_env(), stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
        timeout=60, check=False,
    )  # fmt: skip


def main() -> int:
    """Show the answers; 1 if one is missing or there is more than one to a file."""
    with tempfile.TemporaryDirectory() as made:
        build(Path(made))
        done = audited(Path(made))
    told = done.stderr.splitlines()
    answered = [name for name in WAYS if 1 == sum(line.startswith(f"{name}:") for line in told)]
    good = (2, list(WAYS), len(WAYS), True) == (done.returncode, answered, len(told), LAST in done.stdout)
    sys.stdout.write(f"$ dj-check audit .\n{done.stdout}{done.stderr}")
    failures = 0 if good else max(1, len(WAYS) - len(answered))
    sys.stdout.write(json.dumps({"part": "ten_ways", "cases": len(WAYS), "failures": failures}) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
