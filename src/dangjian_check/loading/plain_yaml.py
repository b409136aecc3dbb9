"""YAML as records are mostly written, read line by line: many times as fast as by a parser of all of YAML.

A line is blank, a comment, ``key: value``, ``key:``, ``- key: value`` or ``- value``; a value is words of one line, a
text in quotes without escapes, or brackets with a few brackets inside. Whatever else may stand in a file (anchors,
tags, folded text, tabs, keys that are no plain words or are written twice, uneven indentation, too much of anything)
is a doubt, and the file is left to `yaml_events`. What is read here at all is read the same there, without a problem.
"""

from __future__ import annotations

import codecs
import re
from typing import Any, NamedTuple

from dangjian_check.loading.tree import Marks, Plain, Tree
from dangjian_check.loading.yaml_scalars import MAX_NODES, MAX_SCALAR, plain_scalar

_KEY = r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]{0,99}"
_OUR_KEY = r"[A-Za-z_][A-Za-z0-9_]{0,99}"
_HEAD = re.compile(rf"( *)(- +)?(?:({_KEY})(:?))?")
# In brackets no colon, question mark or quote may stand in a text without quotes: there parsers differ.
_WORDS = r"""[^\s,\[\]{}:?#&*!|>'"%@`-][^,\[\]{}:?#'"]*+(?<! )"""
_QUOTED = r""""[^"\\]*"|'[^']*'"""
_FLAT = r"[\[{][^\[\]{}]*+[\]}]"
_DEEP = rf"[\[{{](?:[^\[\]{{}}]++|{_FLAT})*+[\]}}]"
_DEEPER = rf"[\[{{](?:[^\[\]{{}}]++|{_DEEP})*+[\]}}]"
_ITEMS = re.compile(rf"(?:{_WORDS}, )*+{_WORDS}\Z")
_PAIRS = re.compile(rf"(?:{_OUR_KEY}: {_WORDS}, )*+(?:{_OUR_KEY}: {_WORDS}|({_OUR_KEY}: ))\Z")
_PART = re.compile(rf"(?:(?:({_KEY}): +)?(?:({_WORDS})|({_QUOTED})|({_DEEPER}))(?:, *|\Z))|(.+)")
_NO_WORD = frozenset("-?:,[]{}#&*!|>'\"%@` ")  # what words do not begin with
_CLOSING = {"[": "]", "{": "}"}
_QUOTES = ('"', "'")
_IDEOGRAPHS = "\u4e00"  # words that begin at or beyond this mean nothing but themselves

_HIDDEN = bytes({*range(32), 127} - {10})
_SPACES_LAST = re.compile(b"(?<! ) ++(?=\r?$)", re.MULTILINE)
_CONTROL = re.compile("[\x80-\x9f]")
_ODD = ("\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff")  # ends of line and what is no character
_MAX_DEPTH = 16
_MAX_BRACKETS = 8192
_MAX_HEADS = 4096
_SHORT = 48
_OTHER = -1
_NOWHERE = -2  # an indent that no line has: whatever comes next must be looked at


class _Doubt(Exception):
    """The text is not as plain as it is wanted here."""


class _Head(NamedTuple):
    """How a line begins: its indent if it is that of a ``key: value`` of ours without a dash (else `_OTHER`), the key,
    the column of the first sign, that of the key or value (beyond the former after a dash, -1 if the line is blank),
    and whether the line ends with the key's colon."""

    plain: int
    key: str | None
    indent: int
    column: int
    opens: bool


class _Heads(dict[str, _Head]):
    """How lines begin; there are not many ways to write the keys of a record."""

    def __missing__(self, front: str) -> _Head:
        head = _head(front)
        if len(self) < _MAX_HEADS and len(front) < _SHORT:
            self[front] = head
        return head


def read_record(raw: bytes, file: str) -> Tree:
    """The data of one YAML document as `read_yaml` gives it; of a plain one without the places, which are found when
    they are asked for."""
    data = plain_data(raw, file)
    return _with_places(raw, file) if data is None else Tree(file, data)


def _with_places(raw: bytes, file: str) -> Tree:
    """The same by the parser, which is imported no sooner than it is needed."""
    from dangjian_check.loading.yaml_events import read_yaml

    return read_yaml(raw, file)


def plain_data(raw: bytes, file: str) -> Plain | None:
    """What the text holds, if all of it is plain."""
    try:
        lines = _lines(raw)
        reading = _Reading(lines)
        reading.read()
    except (_Doubt, UnicodeDecodeError):
        # perhaps there are but spaces at the ends of lines
        bare = _SPACES_LAST.sub(b"", raw)
        return None if bare == raw else plain_data(bare, file)
    return Plain(reading.root, lines, reading.marks, reading.chinese, lambda: _with_places(raw, file))


def _lines(raw: bytes) -> list[str]:
    """The lines of the text without comments."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n")
    if len(raw.translate(None, _HIDDEN)) != len(raw):
        raise _Doubt
    text = raw.decode()
    if len(text) > MAX_NODES or any(map(text.__contains__, _ODD)) or (b"\xc2" in raw and _CONTROL.search(text)):
        raise _Doubt
    lines = text.split("\n")
    if len(text) > MAX_SCALAR and len(max(lines, key=len)) > MAX_SCALAR:
        raise _Doubt
    if "#" in text:
        lines = [_without_comment(line) if "#" in line else line for line in lines]
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
    indent = len(spaces)
    if match.end() != len(front) or (dash and not key):
        if not dash:
            raise _Doubt
        return _Head(_OTHER, None, indent, match.end(2), False)
    if not key:
        return _Head(_OTHER, None, indent, -1, False)
    plain = indent if not dash and not colon and key.isascii() else _OTHER
    return _Head(plain, key, indent, match.end(2) if dash else indent, bool(colon))


_HEADS = _Heads()


class _Reading:
    """The lines, and what they have been put into so far. ``marks`` knows on which line each mapping of a block begins,
    and on which each item of a list stands."""

    def __init__(self, lines: list[str]) -> None:
        self.root: dict[str, Any] = {}
        self.marks: Marks = {id(self.root): [next((n for n, line in enumerate(lines) if line.strip(" ")), 0)]}
        self.chinese = False  # whether there is a Chinese key
        self._numbered = enumerate(lines)
        self._node: Any = self.root  # what the next line is put into,
        self._at = 0  # at which indent,
        self._items: list[int] | None = None  # the lines of its items if it is a list,
        self._above: list[tuple[Any, int, list[int] | None]] = []  # what it stands in,
        self._waiting = ""  # and the key whose value is still to come

    def read(self) -> None:
        """Put every line where it belongs."""
        node, at = self._node, self._at
        for number, line in self._numbered:
            front, _, rest = line.partition(": ")
            head = _HEADS[front]
            if head.plain != at:
                more = self._turn(head, number, line)
                node, at = self._node, _NOWHERE if self._waiting or self._items is not None else self._at
                if not more:
                    continue
            if head.key in node or not rest:
                raise _Doubt
            if rest[0] >= _IDEOGRAPHS and ": " not in rest and rest[-1] not in ": ":
                node[head.key] = rest
            else:
                node[head.key] = self._value(rest, at)
        if not self.root:
            raise _Doubt

    def _turn(self, head: _Head, number: int, line: str) -> bool:
        """A line that is not just the next ``key: value`` of a mapping; whether it still is one, of another mapping."""
        _, key, indent, column, opens = head
        if column < 0:
            if line.strip(" "):
                raise _Doubt
            return False
        self._settle(indent, column > indent, number)
        if self._items is not None:
            self._items.append(number)
            value = line[column:]
            if key is None or value == key:
                self._node.append(self._value(value, self._at))
                return False
            self._node.append({})
            self._enter(self._node[-1], column, number)
        if key is None:
            raise _Doubt
        self.chinese = self.chinese or not key.isascii()
        if not opens:
            return True
        if key in self._node or line[-1] != ":" or len(self._above) > _MAX_DEPTH:
            raise _Doubt
        self._node[key], self._waiting = None, key
        return False

    def _settle(self, indent: int, dashed: bool, number: int) -> None:
        """Go into the value of the key that waits for one, or back out, to where a line belongs."""
        if self._waiting and (indent > self._at or (dashed and indent == self._at)):
            self._node[self._waiting] = [] if dashed else {}
            self._enter(self._node[self._waiting], indent, number)
        self._waiting = ""
        while (indent < self._at or (indent == self._at and not dashed and self._items is not None)) and self._above:
            self._node, self._at, self._items = self._above.pop()
        if indent != self._at or dashed is (self._items is None):
            raise _Doubt

    def _enter(self, inner: Any, at: int, number: int) -> None:
        self._above.append((self._node, self._at, self._items))
        self._node, self._at = inner, at
        self._items = [] if isinstance(inner, list) else None
        self.marks[id(inner)] = [number] if self._items is None else self._items

    def _value(self, text: str, indent: int) -> Any:
        """One value; brackets that are open at the end of a line go on with the lines below."""
        first = text[:1]
        if first not in _NO_WORD:
            if ": " in text or text[-1:] in (":", " ", ""):
                raise _Doubt
            return text if text[4:5] == "-" else plain_scalar(text)
        if first in _QUOTES:
            if len(text) < 2 or text.find(first, 1) != len(text) - 1 or "\\" in text:
                raise _Doubt
            return text[1:-1]
        if first == " ":
            return self._value(text.lstrip(" "), indent)
        if first not in _CLOSING:
            raise _Doubt
        while text[-1] != _CLOSING[first]:
            line = next(self._numbered, (0, ""))[1]
            more = line.lstrip(" ")
            if not more or len(line) - len(more) < indent + (more[0] not in "]}") or len(text) > _MAX_BRACKETS:
                raise _Doubt
            text = f"{text} {more}"
        return self._mapping(text) if first == "{" else self._list(text)

    def _mapping(self, text: str) -> dict[str, Any]:
        """A mapping in brackets: most hold words, and perhaps a list at the end."""
        if text[-1] != "}" or len(text) > MAX_SCALAR:
            raise _Doubt
        flat, bracket, last = text[1:-1].partition("[")
        match = _PAIRS.match(flat)
        if match is None or bool(match[1]) is not bool(bracket):
            return self._pairs(text[1:-1])
        parts = flat.replace(": ", ", ").split(", ")
        keys, values = parts[::2], _meant(parts[1::2])
        if bracket:
            if "]" in last[:-1]:
                return self._pairs(text[1:-1])
            values[-1] = self._list(bracket + last)
        pairs = dict(zip(keys, values, strict=False))
        if len(pairs) != len(keys):
            raise _Doubt
        return pairs

    def _pairs(self, inner: str) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        for key, words, quoted, nested, other in _parts(inner):
            if other or not key or key in pairs:
                raise _Doubt
            pairs[key] = self._part(words, quoted, nested)
        self.chinese = self.chinese or not "".join(pairs).isascii()
        return pairs

    def _list(self, text: str) -> list[Any]:
        """A list in brackets."""
        if text[-1] != "]" or len(text) > MAX_SCALAR:
            raise _Doubt
        inner = text[1:-1]
        if not inner:
            return []
        if _ITEMS.match(inner):
            return _meant(inner.split(", "))
        items = []
        for key, words, quoted, nested, other in _parts(inner):
            if other or key:
                raise _Doubt
            items.append(self._part(words, quoted, nested))
        return items

    def _part(self, words: str, quoted: str, nested: str) -> Any:
        if words:
            return _meant([words])[0]
        if quoted:
            return quoted[1:-1]
        return self._mapping(nested) if nested[0] == "{" else self._list(nested)


def _parts(inner: str) -> list[Any]:
    """Key, words, quoted text, further brackets or what is none of these, of each part between commas."""
    stripped = inner.strip(" ")
    if stripped[-1:] == ",":
        raise _Doubt
    return _PART.findall(stripped)


def _meant(listed: list[str]) -> list[Any]:
    """What words stand for; one that is cut by a hyphen after four signs, like a day, is no number."""
    return [one if one >= _IDEOGRAPHS or one[4:5] == "-" else plain_scalar(one) for one in listed]
