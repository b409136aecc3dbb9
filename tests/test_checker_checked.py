"""The checker is checked: with a guard switched off, what watches over it must see that; a test that stays green then
is broken. Each case holds with the guard in its place and fails without it."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jinja2 import Environment

from dangjian_check.app import Bench
from dangjian_check.cli import main, streams
from dangjian_check.cli.streams import OutputLost
from dangjian_check.engine import privacy
from dangjian_check.loading import files, yaml_events
from dangjian_check.model import personal
from dangjian_check.reports import FORMATS, base, html
from dangjian_check.reports import csv as csv_report
from hostile import NAMES, hostile
from hostile_yaml import BOMBS, ONE_THREAT
from program import LAX, PROBE, Run
from test_threats_running import LEAKS
from threats import ID_CARD, TERMINAL

Switch = Callable[[pytest.MonkeyPatch], None]
Watch = Callable[[Run, Path, pytest.MonkeyPatch], bool]
ENDLESS = 1 << 60


class Guard(NamedTuple):
    """How a guard is switched off, and what holds as long as it is on."""

    off: Switch
    holds: Watch


def without(owner: Any, name: str, instead: Any) -> Switch:
    """Something else in the place of the guard."""
    return lambda patch: patch.setattr(owner, name, instead)


def told(content: str | bytes, words: str) -> Watch:
    """These words are said of a record that holds this."""

    def watch(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
        (folder / "a.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
        done = run("validate", folder / "a.yaml")
        return done.status == 2 and words in done.err

    return watch


def _pipe_told(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    os.mkfifo(folder / "a.yaml")
    return "不是普通文件" in run("validate", folder / "a.yaml").err


def _shown(form: str, name: str) -> str:
    content = FORMATS[form](hostile(NAMES[name]), base.Look())
    assert isinstance(content, str)
    return content


def _terminal_harmless(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    return not any(TERMINAL.search(_shown("terminal", name)) for name in ("controls", "bidi"))


def _page_harmless(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    return "<script>alert" not in _shown("html", "html")


def _cells_harmless(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    rows = csv.reader(io.StringIO(_shown("csv", "equals")))
    return not any(cell.startswith("=") for row in rows for cell in row)


def _old_file_stays(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    path = folder / "a.json"
    path.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError

    patch.setattr(os, "fsync", full)
    with pytest.raises((OSError, OutputLost)):
        streams.write_file("new", str(path))
    return path.read_text(encoding="utf-8") == "old"


def _plainly(content: str | bytes, path: str) -> None:
    with Path(path).open("wb") as stream:
        stream.write(streams.as_bytes(content))
        os.fsync(stream.fileno())


def _no_number_shown(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    for name, text in LEAKS.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    done = run("audit", folder, *PROBE)
    return done.status == 2 and ID_CARD not in done.out + done.err


def _no_name_shown(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    record = folder / "a.yaml"
    record.write_text(LAX.read_text(encoding="utf-8").replace("甲", "欧阳修竹"), encoding="utf-8")
    done = run("audit", record, *PROBE, "--mask", "names", "--format", "json")
    return done.status == 1 and "欧阳修竹" not in done.out


def _bug_is_no_verdict(run: Run, folder: Path, patch: pytest.MonkeyPatch) -> bool:
    def faulty(*_: object) -> None:
        raise KeyError(ID_CARD)

    patch.setattr(Bench, "ending", faulty)
    try:
        return run("audit", LAX, *PROBE).status == 70
    except KeyError:
        return False


def _unescaped(patch: pytest.MonkeyPatch) -> None:
    html._environment.cache_clear()
    patch.setattr(html, "Environment", lambda **options: Environment(**{**options, "autoescape": False}))


NEVER = re.compile("(?!)")
GUARDS = {
    "anchors and tags": Guard(
        without(yaml_events._Reader, "_guard", lambda reader, event: None), told(ONE_THREAT["anchor"][0], "用了锚点")
    ),
    "aliases": Guard(
        without(yaml_events._Reader, "_alias", lambda reader, event: reader._put("", reader._place(event), event)),
        told(ONE_THREAT["alias-for-text"][0], "用了别名"),
    ),
    "depth": Guard(without(yaml_events, "MAX_DEPTH", ENDLESS), told(ONE_THREAT["nested-lists"][0], "嵌套超过 32 层")),
    "number of nodes": Guard(
        without(yaml_events, "MAX_NODES", ENDLESS), told(BOMBS["items.yaml"], "内容超过 200000 项")
    ),
    "length of a scalar": Guard(
        without(yaml_events, "MAX_SCALAR", ENDLESS), told(ONE_THREAT["huge-text"][0], "一项内容超过 65536 字")
    ),
    "size of a file": Guard(without(files, "MAX_BYTES", ENDLESS), told(b"#" * (3 << 20), "文件超过 2 MB")),
    "regular files": Guard(without(files.stat, "S_ISREG", lambda mode: True), _pipe_told),
    "control characters": Guard(
        without(yaml_events, "_HIDDEN", NEVER),
        told("branch: {name: 甲支部}\nformat: 1 #\x85headcount: {formal: 九}\n", "控制字符"),
    ),
    "escapes on the terminal": Guard(without(base, "_visible", lambda char: char), _terminal_harmless),
    "escapes in the page": Guard(_unescaped, _page_harmless),
    "formulas": Guard(without(csv_report, "_FORMULA", ()), _cells_harmless),
    "whole files": Guard(without(streams, "write_file", _plainly), _old_file_stays),
    "personal numbers": Guard(without(personal, "spans", lambda text: []), _no_number_shown),
    "names": Guard(without(privacy, "masked_name", lambda name: name), _no_name_shown),
    "catching all": Guard(
        lambda patch: patch.setattr(main, "BaseException", ZeroDivisionError, raising=False), _bug_is_no_verdict
    ),
}


@pytest.mark.parametrize("name", GUARDS)
def test_guard_that_is_off_is_noticed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    """On: the threat is met. Off: it is not, and that shows."""
    guard = GUARDS[name]
    on, off = tmp_path / "on", tmp_path / "off"
    on.mkdir()
    off.mkdir()
    with monkeypatch.context() as patch:
        assert True is guard.holds(run, on, patch)
    with monkeypatch.context() as patch:
        guard.off(patch)
        assert False is guard.holds(run, off, patch)
    html._environment.cache_clear()
