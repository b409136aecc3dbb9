"""YAML as records are mostly written, read line by line: many times as fast as by a parser of all of YAML.

A line is blank, a comment, ``key: value``, ``key:``, ``- key: value`` or ``- value``; a value is words of one line, a
text in quotes without escapes, or brackets with a few brackets inside. Whatever else may stand in a file (anchors, tags,
folded text, tabs, keys that are no plain ASCII words or are written twice, uneven indentation, too much of anything) is
a doubt, and the file is left to `yaml_events`. What is read here at all is read the same there, without a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from dangjian_check.loading.tree import Marks, Plain, Tree
from dangjian_check.loading.yaml_events import MAX_NODES, MAX_SCALAR, plain_scalar, read_yaml

_KEY = r"[A-Za-z_][A-Za-z0-9_]{0,99}"
_HEAD = re.compile(rf"( *)(- +)?(?:({_KEY})(:?))?")
# In brackets no colon, question mark or quote may stand in a text without quotes: there parsers differ.
_WORDS = r"""[^\s,\[\]{}:?#&*!|>'"%@`-][^,\[\]{}:?#'"]*+"""
_QUOTED = r""""[^"\\]*"|'[^']*'"""
_FLAT = r"[\[{][^\[\]{}]*+[\]}]"
_DEEP = rf"[\[{{](?:[^\[\]{{}}]++|{_FLAT})*+[\]}}]"
_DEEPER = rf"[\[{{](?:[^\[\]{{}}]++|{_DEEP})*+[\]}}]"
_PART = re.compile(rf"(?:(?:({_KEY}): +)?(?:({_WORDS})|({_QUOTED})|({_DEEPER}))(?:, *|\Z))|(.+)")
_NO_WORD = frozenset("-?:,[]{}#&*!|>'\"%@` ")  # what words do not begin with
_QUOTES = ('"', "'")
_IDEOGRAPHS = "\u4e00"  # words that begin at or beyond this mean nothing but themselves

_BOM = b"\xef\xbb\xbf"
_HIDDEN = bytes({*range(32), 127} - {10})
# Control characters, ends of line and non-characters beyond ASCII, and what their bytes begin with.
_ODD = re.compile(b"\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]")
_ODD_STARTS = (b"\xc2", b"\xe2\x80\xa8", b"\xe2\x80\xa9", _BOM, b"\xef\xbf")
_MAX_DEPTH = 16
_SHORT = 48


class _Doubt(Exception):
    """The text is not as plain as it is wanted here."""


class _Head(NamedTuple):
    """How a line begins: the column of its first sign, that of its key or value (beyond the former after a dash, -1 if
    the line is blank), its key, and whether the line ends with the key's colon."""

    indent: int
    column: int
    key: str | None
    opens: bool


def read_record(raw: bytes, file: str) -> Tree:
    """The data of one YAML document as `read_yaml` gives it; of a plain one without the places, which are found when
    they are asked for."""
    data = plain_data(raw, file)
    return read_yaml(raw, file) if data is None else Tree(file, data)


def plain_data(raw: bytes, file: str) -> Plain | None:
    """What the text holds, if all of it is plain."""
    try:
        lines = _lines(raw)
        marks: Marks = {}
        data = _read(lines, marks)
    except (_Doubt, UnicodeDecodeError):
        return None
    return Plain(data, lines, marks, lambda: read_yaml(raw, file))


def _lines(raw: bytes) -> list[str]:
    """The lines of the text without comments and spaces at their ends."""
    raw = raw.removeprefix(_BOM)
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n")
    if len(raw.translate(None, _HIDDEN)) != len(raw):
        raise _Doubt
    if any(start in raw for start in _ODD_STARTS) and _ODD.search(raw):
        raise _Doubt
    text = raw.decode()
    if len(text) > MAX_NODES:
        raise _Doubt
    lines = text.split("\n")
    if len(text) > MAX_SCALAR and len(max(lines, key=len)) > MAX_SCALAR:
        raise _Doubt
    if "#" in text:
        lines = [_without_comment(line) if "#" in line else line for line in lines]
    if " \n" in text or text.endswith(" "):
        lines = [line.rstrip(" ") for line in lines]
    return lines


def _without_comment(line: str) -> str:
    start = 0 if line.lstrip(" ").startswith("#") else line.find(" #")
    if start < 0:
        return line
    kept = line[:start].rstrip(" ")
    if kept.count('"') % 2 or "'" in kept:
        raise _Doubt
    return kept


def _head(front: str) -> _Head:
    match = _HEAD.match(front)
    assert match is not None
    spaces, dash, key, colon = match.groups()
    if match.end() == len(front) and (key or not dash):
        return _Head(len(spaces), match.end(2) if dash else len(spaces) if key else -1, key, bool(colon))
    if dash is None:
        raise _Doubt
    return _Head(len(spaces), match.end(2), None, False)


_known_head = lru_cache(4096)(_head)


def _read(lines: list[str], marks: Marks) -> dict[str, Any]:
    """The mapping that the lines hold; ``marks`` learns on which line each key and item of a block stands."""
    root: dict[str, Any] = {}
    node: Any = root
    own: Any = {}
    marks[id(root)] = own
    at, above, waiting = 0, [], ""
    numbered = enumerate(lines)
    for number, line in numbered:
        front, colon, rest = line.partition(": ")
        indent, column, key, opens = (_known_head if len(front) < _SHORT else _head)(front)
        if column < 0:
            continue
        dashed = column > indent
        if waiting:
            if indent > at or (dashed and indent == at):
                above.append((node, at, own))
                node[waiting], own = ([], []) if dashed else ({}, {})
                node, at = node[waiting], indent
                marks[id(node)] = own
            waiting = ""
        while (indent < at or (indent == at and not dashed and own.__class__ is list)) and above:
            node, at, own = above.pop()
        if indent != at or dashed is not (own.__class__ is list):
            raise _Doubt
        if dashed:
            own.append(number)
            if key is None:
                node.append(_value(line[column:], indent, numbered))
                continue
            node.append({})
            above.append((node, at, own))
            node, at, own = node[-1], column, {}
            marks[id(node)] = own
        if key in node or bool(colon) is opens or len(above) > _MAX_DEPTH:
            raise _Doubt
        own[key] = number
        node[key] = None if opens else _value(rest, indent, numbered)
        waiting = key if opens else ""
    if not root:
        raise _Doubt
    return root


def _value(text: str, indent: int, below: Iterator[tuple[int, str]]) -> Any:
    """One value; brackets that are open at the end of a line go on with the lines below."""
    first = text[0]
    if first not in _NO_WORD:
        if ": " in text or text[-1] == ":":
            raise _Doubt
        return text if first >= _IDEOGRAPHS or text[4:5] == "-" else plain_scalar(text)
    if first in _QUOTES:
        if len(text) < 2 or text.find(first, 1) != len(text) - 1 or "\\" in text:
            raise _Doubt
        return text[1:-1]
    if first == " ":
        return _value(text.lstrip(" "), indent, below)
    if first not in "[{":
        raise _Doubt
    while text[-1] in ",[{":
        more = next(below, (0, ""))[1]
        if len(more) - len(more.lstrip(" ")) <= indent:
            raise _Doubt
        text = f"{text} {more.lstrip(' ')}"
    return _bracketed(text)


def _bracketed(text: str) -> Any:
    """A list or mapping in brackets."""
    inner = text[1:-1].strip(" ")
    if " ," in inner or inner[-1:] == "," or len(text) > MAX_SCALAR:
        raise _Doubt
    pairs: dict[str, Any] = {}
    items: list[Any] = []
    listed = text[0] == "["
    if text[-1] != ("]" if listed else "}"):
        raise _Doubt
    for key, words, quoted, nested, other in _PART.findall(inner):
        if other or (not key) is not listed or key in pairs:
            raise _Doubt
        if words:
            value = words if words[0] >= _IDEOGRAPHS or words[4:5] == "-" else plain_scalar(words)
        else:
            value = quoted[1:-1] if quoted else _bracketed(nested)
        if listed:
            items.append(value)
        else:
            pairs[key] = value
    return items if listed else pairs
