"""YAML text to plain data in one pass over the C parser's events; every key and item keeps its place.

Scalars become text, whole numbers, decimals, booleans or null; nothing becomes a date here. The guard against
hostile input sits in the same loop: depth, node count, scalar length, anchors, aliases, merge keys, tags,
directives, keys that are not text, further documents. All problems of a file are collected; only broken syntax
ends the reading, after the usual slips of hand (full-width colons, tabs) have been mended for a second look.
"""

from __future__ import annotations

import re
from typing import Any

from _ruamel_yaml import CParser
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from dangjian_check.errors import Location, Problem
from dangjian_check.loading.tree import Mapping, Sequence, Tree
from dangjian_check.loading.yaml_scalars import (
    HIDDEN,
    MAX_DEPTH,
    MAX_NODES,
    MAX_PROBLEMS,
    MAX_SCALAR,
    PLACEHOLDER,
    WIDE_COLON,
    decode,
    plain_scalar,
)

_EMPTY = "文件是空的"
_PLAIN_KEY = re.compile(r"[a-z_]{1,24}", re.ASCII)  # a key of ours; any other may be a name or a number of someone
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_WIDE_IN_FLOW = re.compile(r"([{\[,]\s*[\w.一-鿿]+)：")


Shifts = dict[int, tuple[int, int]]  # line -> (after this column, moved right by so many)


def read_yaml(raw: bytes, file: str) -> Tree:
    """The data of one YAML document with every problem of its form.

    Raises `InputProblems` only if the bytes are not text.
    """
    text, hidden = _without_hidden(decode(raw, file), file)
    reader = _Reader(file)
    try:
        data = reader.read(text)
    except YAMLError as error:
        tree = _second_look(text, file, error, reader.problems)
        return tree._replace(problems=(*hidden, *tree.problems))
    return Tree(file, data, (*hidden, *reader.problems))


def _without_hidden(text: str, file: str) -> tuple[str, list[Problem]]:
    """The text with characters that no editor shows replaced by spaces, and a problem for each of them."""
    found = []
    for match in _HIDDEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        found.append(Problem(file, line, column, HIDDEN, "删去后重新输入"))
    return (_HIDDEN.sub(" ", text) if found else text), found


class _Stop(Exception):
    """The guard has seen enough."""


class _Reader:
    """One pass over the events of one file."""

    def __init__(self, file: str, shifted: Shifts | None = None) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._shifted = shifted or {}
        self._root: Any = None
        self._documents = 0
        self._stack: list[tuple[Any, str | None, Location]] = []
        self._nodes = 0

    def read(self, text: str) -> Any:
        """The root value; `YAMLError` if the syntax is broken."""
        parser = CParser(text)
        try:
            while (event := parser.get_event()) is not None:
                self._take(event)
        except _Stop:
            return None
        if self._root is None:
            self._say(Location(1, 1), _EMPTY, "按记录格式填写，可从 examples 复制一份")
        return self._root

    def _say(self, place: Location, message: str, remedy: str) -> None:
        self.problems.append(Problem.at(self.file, place, message, remedy))
        if len(self.problems) >= MAX_NODES // 100:
            raise _Stop

    def _take(self, event: Any) -> None:
        kind = type(event)
        if kind is ScalarEvent:
            self._guard(event)
            self._put(self._scalar(event), self._place(event), event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._guard(event)
            self._open((Mapping if kind is MappingStartEvent else Sequence)(self._place(event)), event)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._stack.pop()
        elif kind is AliasEvent:
            self._alias(event)
        elif kind is DocumentStartEvent:
            self._document(event)

    def _alias(self, event: Any) -> None:
        self._say(self._place(event), "用了别名（*）", "把内容直接写在这里；以 * 开头的文字加引号")
        if self._stack and isinstance(self._stack[-1][0], Mapping) and self._stack[-1][1] is None:
            raise _Stop
        self._put(PLACEHOLDER, self._place(event), event)

    def _place(self, event: Any) -> Location:
        """Line and column, 1-based, as in the file the user sees."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        shift = self._shifted.get(line)
        return Location(line, column - shift[1] if shift and column > shift[0] else column)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._say(self._place(event), "一个文件里有两份文档（---）", "拆成两个文件")
            raise _Stop
        if event.version is not None or event.tags:
            self._say(Location(1, 1), "文件头有 YAML 指令（%）", "删去以 % 开头的行")

    def _guard(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._say(self._place(event), f"内容超过 {MAX_NODES} 项", "拆成几个文件")
            raise _Stop
        if event.anchor is not None:
            self._say(self._place(event), "用了锚点（&）", "删去锚点；以 & 开头的文字加引号")
        if event.tag is not None and event.tag != "!":
            self._say(self._place(event), "用了类型标签（!）", "删去标签；以 ! 开头的文字加引号")

    def _open(self, node: Mapping | Sequence, event: Any) -> None:
        self._put(node, node.place, event)
        if len(self._stack) >= MAX_DEPTH:
            self._say(node.place, f"嵌套超过 {MAX_DEPTH} 层", "检查括号和缩进")
            raise _Stop
        self._stack.append((node, None, node.place))

    def _put(self, value: Any, place: Location, event: Any) -> None:
        if not self._stack:
            self._root = value
            return
        node, key, key_place = self._stack[-1]
        if isinstance(node, Sequence):
            node.add(value, place)
        elif key is None:
            self._stack[-1] = (node, self._key(node, event, place), place)
        else:
            self._stack[-1] = (node, None, place)
            if key not in node and key != "<<":
                node.put(key, value, place, key_place)

    def _key(self, node: Mapping, event: Any, place: Location) -> str:
        if type(event) is not ScalarEvent:
            self._say(place, "键不是文字", "键写成一个词，后面跟冒号和空格")
            raise _Stop
        key: str = event.value
        if key == "<<":
            self._say(place, "用了合并键（<<）", "把内容直接写在这里")
        elif key in node:
            named = f"键 {key}" if _PLAIN_KEY.fullmatch(key) else "一个键"
            self._say(place, f"{named} 在同一处写了两次", "合并成一处，或删去多余的一处")
        return key

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if len(text) > MAX_SCALAR:
            self._say(self._place(event), f"一项内容超过 {MAX_SCALAR} 字", "缩短，或移到附件")
            return PLACEHOLDER
        return plain_scalar(text) if event.implicit[0] else text


_SYNTAX = (
    ("mapping values are not allowed", "这里不能再写“键: 值”", "检查缩进，以及上一行的文字是否需要加引号"),
    ("could not find expected ':'", "这一行缺少冒号", "写成“键: 值”，用半角冒号加一个空格"),
    ("did not find expected key", "缩进没有对齐", "同一层的键左边对齐，只用空格"),
    ("did not find expected '-' indicator", "列表没有对齐", "同一列表的“-”左边对齐"),
    ("did not find expected ',' or '", "括号没有配对，或缺少逗号", "检查方括号、花括号和逗号（用半角）"),
    ("that cannot start any token", "不能以这个字符开头", "用空格代替制表符；以 @ 或 ` 开头的文字加引号"),
    ("unexpected end of stream", "引号没有闭合", "补上另一半引号"),
    ("did not find expected node content", "这里缺少内容", "补上内容，或删去多余的标点"),
    ("Unicode character escape", "引号里的转义写错了", "直接写这个字，不用 \\u 转义"),
    ("unknown escape", "引号里的反斜杠用错了", "反斜杠写两个，或改用单引号"),
    ("alphabetic or numeric character", "这里以 * 或 & 开头，成了 YAML 的记号", "给这段文字加引号"),
    ("scanning a tag", "这里以 ! 开头，成了 YAML 的记号", "给这段文字加引号"),
    ("undefined alias", "用了没有定义的别名（*）", "把内容直接写在这里；以 * 开头的文字加引号"),
    ("found unexpected ':'", "花括号、方括号里的文字带有冒号", "给这段文字加引号"),
    ("control characters", "有不可见的控制字符", "删去后重新输入"),
)


def _second_look(text: str, file: str, error: YAMLError, found: list[Problem]) -> Tree:
    """What broke the syntax, and what the file still shows once usual slips of hand are put right.

    A slip is blamed only where the parser stopped; each is mended in turn, until the rest reads or something else
    is wrong.
    """
    lines = text.splitlines()
    slips: list[Problem] = []
    shifted: Shifts = {}
    failure: YAMLError = error
    for _ in range(MAX_PROBLEMS):
        mended = _mend(lines, failure, file, shifted)
        if mended is None:
            return Tree(file, None, (*found, *slips, _syntax(text, file, failure)))
        slips.extend(mended)
        reader = _Reader(file, shifted)
        try:
            data = reader.read("\n".join(lines) + "\n")
        except YAMLError as other:
            failure = other
            continue
        return Tree(file, data, tuple(dict.fromkeys([*slips, *reader.problems])))
    return Tree(file, None, (*found, *slips))


def _mend(lines: list[str], error: YAMLError, file: str, shifted: Shifts) -> list[Problem] | None:
    """Put right the slips at (or next to) the line where the parser stopped; None if there are none."""
    mark = getattr(error, "problem_mark", None)
    stopped = mark.line if mark is not None else 0
    for index in (stopped, stopped - 1, stopped + 1):
        if not 0 <= index < len(lines):
            continue
        slips = _slips(lines[index], index + 1, file)
        if slips:
            lines[index] = _mended(lines, index, shifted)
            return slips
    return None


def _slips(line: str, number: int, file: str) -> list[Problem]:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return [Problem(file, number, indent.index("\t") + 1, "用制表符缩进", "改用空格缩进")]
    wide = [m.end() for m in [WIDE_COLON.match(line)] if m] or [m.end() for m in _WIDE_IN_FLOW.finditer(line)]
    return [Problem(file, number, end, "用了全角冒号“：”", "改成半角冒号加一个空格") for end in wide]


def _mended(lines: list[str], index: int, shifted: Shifts) -> str:
    """The line with its slip put right; a tab becomes the indentation of the line before."""
    line = lines[index]
    body = line.lstrip()
    if "\t" in line[: len(line) - len(body)]:
        above = next((other for other in reversed(lines[:index]) if other.strip()), "")
        indent = above[: len(above) - len(above.lstrip())] + ("  " if above.rstrip().endswith(":") else "")
        shifted[index + 1] = (0, len(indent) - (len(line) - len(body)))
        return indent + body
    wide = WIDE_COLON.match(line)
    if wide:
        shifted[index + 1] = (wide.end(), 1)
        return WIDE_COLON.sub(r"\1: ", line)
    return _WIDE_IN_FLOW.sub(r"\1: ", line)


def _syntax(text: str, file: str, error: YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    said = f"{getattr(error, 'context', '')}: {getattr(error, 'problem', None) or error}"
    if "unexpected end" in said and getattr(error, "context_mark", None) is not None:
        mark = getattr(error, "context_mark", mark)
    _, message, remedy = next((row for row in _SYNTAX if row[0] in said), ("", "写法有误", "对照记录格式检查这一行"))
    if mark is None:
        return Problem(file, 1, 1, message, remedy)
    last = text.count("\n") + (not text.endswith("\n"))
    return Problem(file, min(mark.line + 1, last), mark.column + 1, message, remedy)
