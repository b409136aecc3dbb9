"""One more activity for a YAML record: checked, placed in the author's text, and read back before anyone writes it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from dangjian_check.errors import InputProblems, Location, Problem, UsageProblem
from dangjian_check.loading.chinese import in_our_keys
from dangjian_check.loading.files import MAX_BYTES, YAML, read_bytes, shown_path
from dangjian_check.loading.records import LoadedRecord, parse_record, validate
from dangjian_check.loading.tree import Mapping, Tree
from dangjian_check.loading.wording import at, validated
from dangjian_check.loading.yaml_edit import appending, patched
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.loading.yaml_scalars import decode
from dangjian_check.loading.yaml_write import Plain, flow_mapping
from dangjian_check.model.activity import Activity
from dangjian_check.model.columns import in_chinese, known_words, normal
from dangjian_check.model.facts import event_key
from dangjian_check.model.record import Record

SERIES = "activities"
_BARE = ("date", "until", "for", "hours")  # days, periods and numbers, written without quotes as the examples are


class Asked(NamedTuple):
    """One thing asked for: where it goes in the entry, its value, and how people asked (``--present``)."""

    path: tuple[str, ...]
    value: Any
    said: str


@dataclass(frozen=True, slots=True)
class Addition:
    """A record with one more activity, not yet written: the bytes read, the bytes to write, the entry, its line."""

    file: str
    before: bytes
    after: bytes
    activity: Activity
    line: int


def with_activity(path: Path, asked: list[Asked], *, force: bool = False) -> Addition:
    """The record at ``path`` with the activity asked for at the end of its list.

    Raises `UsageProblem` for a file that is no YAML, and `InputProblems` for what is wrong with the record as it
    is, with what was asked for, or with the two together. ``force`` allows an entry that is there already.
    """
    shown = shown_path(path)
    if path.suffix.lower() not in YAML:
        raise UsageProblem(f"{shown} 不是 YAML 记录", "台账（Excel、CSV、Word）直接在里面加一行")
    entry = _entry(asked)
    activity = _activity(entry, asked)
    before = read_bytes(path, shown)
    old = parse_record(before, shown, "")
    if not force:
        _refuse_doubled(old, activity)
    plain = _plain(entry.data)
    text = decode(before, shown)
    key = _own_key(before, shown)
    written = plain if key == SERIES else in_chinese(plain, Activity)
    after = patched(text, appending(text, key, written)).encode()
    if before.startswith(codecs.BOM_UTF8):
        after = codecs.BOM_UTF8 + after
    record, tree = _read_back(after, shown, asked, len(old.record.activities or ()))
    if not _only_one_more(old.record, record, activity):
        remedy = f"照这样自己加一条：{flow_mapping(plain)}"
        raise InputProblems([Problem(shown, 0, 0, "看不懂这份文件的排版，没有改动它", remedy)])
    assert record.activities
    return Addition(shown, before, after, activity, tree.place((SERIES, len(record.activities) - 1)).line)


def _own_key(raw: bytes, shown: str) -> str:
    """The key under which the author keeps the log: ours, or a Chinese word for it."""
    data = read_yaml(raw, shown).data
    words = known_words(Record)
    return next((key for key in data if (held := words.get(normal(key))) and held.path == SERIES), SERIES)


def _activity(entry: Tree, asked: list[Asked]) -> Activity:
    """The activity asked for; what is wrong with it is told by the flags."""
    try:
        return validated(entry, Activity)
    except InputProblems as error:
        raise InputProblems([_by_flag(problem, asked[problem.line - 1]) for problem in error.problems]) from None


def _by_flag(problem: Problem, asked: Asked) -> Problem:
    return Problem("dj-check", 0, 0, f"{asked.said}：{problem.message}", problem.remedy)


def _refuse_doubled(old: LoadedRecord, activity: Activity) -> None:
    def key(one: Activity) -> tuple[object, ...]:
        return one.date, frozenset(one.type), event_key(one)

    for index, other in enumerate(old.record.activities or ()):
        if key(other) == key(activity):
            message = "已有类型、日期、时间、主题、党小组都相同的一条，再加也只算一次"
            remedy = "确是另一次的，写上不同的 --start 或 --topic；仍要加的用 --force"
            raise InputProblems([at(old.tree, (SERIES, index), message, remedy)])


def _read_back(after: bytes, shown: str, asked: list[Asked], index: int) -> tuple[Record, Tree]:
    """The record as it will be; problems of the new entry, which the file does not hold yet, are told by the flags."""
    if len(after) > MAX_BYTES:
        raise InputProblems([Problem(shown, 0, 0, "加上这一条，文件就超过 2 MB", "按年拆成几个文件")])
    tree = in_our_keys(read_yaml(after, shown), Record)
    try:
        return validate(tree), tree
    except InputProblems as error:
        flags = {tree.place((SERIES, index, *one.path)): one for one in asked}
        told = [_by_flag(p, flags[p.place]) if p.place in flags else p for p in error.problems]
        raise InputProblems(told) from None


def _only_one_more(old: Record, new: Record, activity: Activity) -> bool:
    """Whether the new record is the old one with the activity at the end of its list."""
    return old.model_copy(update={SERIES: [*(old.activities or ()), activity]}) == new


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: Plain(value) if key in _BARE else value for key, value in entry.items()}


def _entry(asked: list[Asked]) -> Tree:
    """What was asked for as an entry; the line of each value is its number among what was asked."""
    root = Mapping(Location(1, 1))
    for number, (path, value, said) in enumerate(asked, 1):
        if any("\ud800" <= c <= "\udfff" for text in _texts(value) for c in text):
            raise UsageProblem(f"{said} 的值不是 UTF-8 文字", "检查终端的编码")
        node, place = root, Location(number, 1)
        for step in path[:-1]:
            if step not in node:
                node.put(step, Mapping(place), place)
            node = node[step]
        node.put(path[-1], value, place)
    return Tree("dj-check", root)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
