"""A baseline file becomes entries; whatever is wrong with it is told line by line, and nothing of it is used then."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from dangjian_check.engine.baseline import SCHEMA, VERSION, Entry
from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.files import MAX_LEDGER_BYTES, read_bytes, shown_path
from dangjian_check.loading.yaml_scalars import decode
from dangjian_check.model.calendar import iso_day

_TEXTS = ("branch", "standard", "rule", "window")
_OTHERS = ("fingerprint", "subject", "ends", "first_seen", "count")
_FINGERPRINT = re.compile("[0-9a-f]{16}")
_AGAIN = "用 dj-check baseline create 重新生成，或从版本库取回"
_MERGED = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def load_baseline(path: Path) -> list[Entry]:
    """The entries of a baseline. Raises `InputProblems` for a file that is missing, damaged or of another version."""
    shown = shown_path(path)
    text = decode(read_bytes(path, shown, MAX_LEDGER_BYTES, "基线文件", "分支部各建一个基线"), shown)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    wrong = _header(lines[0][1] if lines else "")
    if wrong:
        raise InputProblems([Problem(shown, 1, 1, *wrong)])
    entries: dict[tuple[str, str], Entry] = {}
    problems: list[Problem] = []
    for number, line in lines[1:]:
        found = _entry(line)
        if isinstance(found, Entry):
            entries.setdefault(found.key, found)
        else:
            problems.append(Problem(shown, number, 1, *found))
    if problems:
        raise InputProblems(problems[:100])
    return list(entries.values())


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _header(line: str) -> tuple[str, str] | None:
    found = _object(line)
    if found is None or found.get("schema") != SCHEMA:
        return "不是基线文件：第一行应写明 schema", _AGAIN
    if found.get("version") != VERSION:
        return "是别的版本写的基线", "用写它的那一版 dj-check，或重新生成"
    return None


def _entry(line: str) -> Entry | tuple[str, str]:
    if line.startswith(_MERGED):
        return "有没有解决的合并冲突", "两边的行都留下，删去冲突标记"
    found = _object(line)
    if found is None:
        return "这一行不是 JSON", _AGAIN
    strange = sorted(set(found) - {*_TEXTS, *_OTHERS})
    if strange:
        return f"不认识的键 {strange[0][:24]}", _AGAIN
    ends, first_seen = (_day(found.get(key)) for key in ("ends", "first_seen"))
    texts = [found.get(key) for key in (*_TEXTS, "fingerprint")]
    subject, count = found.get("subject", ""), found.get("count", 1)
    whole = all(isinstance(text, str) and text for text in texts) and _FINGERPRINT.fullmatch(str(texts[-1]))
    if not whole or ends is None or first_seen is None or not isinstance(subject, str) or not _counts(count):
        return "这一行缺了一项，或有一项写得不对", _AGAIN
    branch, standard, rule, window, fingerprint = map(str, texts)
    return Entry(branch, standard, rule, window, subject, fingerprint, ends, first_seen, count)


def _day(value: Any) -> Any:
    return iso_day(value) if isinstance(value, str) else None


def _counts(value: Any) -> bool:
    return type(value) is int and value >= 1
