"""Adding to a YAML file without touching the rest: patches at the places the parser's events tell.

Nothing is dumped. What is added is written in the author's own layout (block or flow, indentation, line endings,
trailing commas), and every other byte stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from _ruamel_yaml import CParser
from ruamel.yaml.events import (
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from dangjian_check.loading.yaml_write import flow_mapping, pairs

_LINE_END = re.compile(r"\r\n|\r|\n")
_GAP = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*)*")  # within brackets: blanks, line ends, comments
_INDENT = 2


class Patch(NamedTuple):
    """Put ``text`` in place of what stands from ``start`` up to ``end``; nothing is taken out if they are equal."""

    start: int
    end: int
    text: str


def patched(text: str, patches: Iterable[Patch]) -> str:
    """The text with all patches made; those at one place in the order they were given."""
    pieces, position = [], 0
    for patch in sorted(patches, key=lambda patch: patch.start):
        pieces += [text[position : patch.start], patch.text]
        position = patch.end
    return "".join([*pieces, text[position:]])


def appending(text: str, key: str, item: dict[str, Any]) -> list[Patch]:
    """What adds ``item`` at the end of the list under the root's ``key``, which is made if there is none.

    ``text`` is a YAML document that reads without a problem and whose root is a mapping.
    """
    root, end = _composed(text)
    found = root.value(key)
    if root.flow:
        return _into_flow_root(text, root, found, key, item)
    assert root.children
    if found is None:
        return [_at_the_end(text, root, end, key, item)]
    name, value = found
    if value.kind == "sequence" and value.children:
        if value.flow:
            return _into_brackets(text, value, flow_mapping(item))
        return [_below_items(text, value, name.column, item)]
    return _into_nothing(text, root, name, value, item)


@dataclass(slots=True)
class _Node:
    """A node and where it stands: ``end`` is just behind its last character, comments left out."""

    kind: str
    start: int
    line: int
    column: int
    end: int
    flow: bool = False
    text: str = ""
    children: list[_Node] = field(default_factory=list)

    def value(self, key: str) -> tuple[_Node, _Node] | None:
        """Key and value nodes of a mapping's key."""
        both = zip(self.children[::2], self.children[1::2], strict=True)
        return next((pair for pair in both if pair[0].kind == "scalar" and pair[0].text == key), None)


def _composed(text: str) -> tuple[_Node, int]:
    """The root node, and where the document ends (before ``...``, if it is written)."""
    parser = CParser(text)
    stack = [_Node("document", 0, 0, 0, 0)]
    end = len(text)
    while (event := parser.get_event()) is not None:
        kind = type(event)
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            node = stack.pop()
            node.end = event.end_mark.index if node.flow else max(child.end for child in node.children)
        elif kind is ScalarEvent:
            stack[-1].children.append(_scalar(text, event))
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            node = _node("mapping" if kind is MappingStartEvent else "sequence", event, flow=bool(event.flow_style))
            stack[-1].children.append(node)
            stack.append(node)
        elif kind is DocumentEndEvent and event.explicit:
            end = event.start_mark.index
    return stack[0].children[0], end


def _node(kind: str, event: Any, *, flow: bool = False, text: str = "") -> _Node:
    mark = event.start_mark
    return _Node(kind, mark.index, mark.line, mark.column, event.end_mark.index, flow, text)


def _scalar(text: str, event: Any) -> _Node:
    """A scalar; a block scalar ends with its last line, or with the blank lines it keeps (``|+``)."""
    node = _node("scalar", event, text=event.value)
    if event.style in ("|", ">"):
        written = text[node.start : node.end]
        header = written.splitlines()[0].partition("#")[0]
        if "+" not in header:
            written = written.rstrip()
        elif written.endswith(("\n", "\r")):
            written = written[: -2 if written.endswith("\r\n") else -1]
        node.end = node.start + len(written)
    return node


def _line_end(text: str, position: int) -> int:
    """Where the line of ``position`` ends, its line break left out."""
    match = _LINE_END.search(text, position)
    return match.start() if match else len(text)


def _break(text: str) -> str:
    """The author's line break: the first one, or LF."""
    match = _LINE_END.search(text)
    return match[0] if match else "\n"


def _behind_comments(text: str, position: int, column: int) -> int:
    """The end of the line of ``position``, or of the last comment line below that is indented beyond ``column``.

    Blank lines between are passed over only if such a comment follows.
    """
    found = here = _line_end(text, position)
    while here < len(text):
        match = _LINE_END.match(text, here)
        assert match
        start, here = match.end(), _line_end(text, match.end())
        body = text[start:here].lstrip()
        if body.startswith("#") and here - start - len(body) > column:
            found = here
        elif body:
            break
    return found


def _below_items(text: str, sequence: _Node, column: int, item: dict[str, Any]) -> Patch:
    """A further item of a block sequence that stands under a key in ``column``."""
    position = _behind_comments(text, sequence.end, column)
    nl, braces = _break(text), _in_flow(sequence.children)
    blank = nl if _set_apart(text, sequence.children) else ""
    alike = next((node for node in reversed(sequence.children) if node.flow is braces), sequence.children[-1])
    between = alike.column - sequence.column - 1
    if between < 1 or text[alike.start - between - 1] != "-":
        between = 1
    lines = [flow_mapping(item)] if braces else pairs(item)
    return Patch(position, position, blank + nl + _dashed(lines, sequence.column, between, nl))


def _dashed(lines: list[str], column: int, between: int, nl: str) -> str:
    indent = " " * (column + 1 + between)
    return f"{' ' * column}-{' ' * between}" + f"{nl}{indent}".join(lines)


def _in_flow(items: list[_Node]) -> bool:
    """Whether most items are written in braces; the last one decides if neither way prevails."""
    braces = sum(1 if node.flow else -1 for node in items)
    return braces > 0 or (braces == 0 and items[-1].flow)


def _set_apart(text: str, items: list[_Node]) -> bool:
    """Whether the author leaves a blank line between any two items."""
    gaps = [text[before.end : after.start].splitlines()[1:] for before, after in pairwise(items)]
    return bool(gaps) and all(any(not line.strip() for line in gap[:-1]) for gap in gaps)


def _into_nothing(text: str, root: _Node, name: _Node, value: _Node, item: dict[str, Any]) -> list[Patch]:
    """The first item under a key that holds nothing: ``activities:``, ``activities: null``, ``activities: []``."""
    if value.kind == "sequence" and text[value.start + 1 : value.end - 1].strip():
        return _into_brackets(text, value, flow_mapping(item))
    column = name.column + _indentation(root, name.column)
    position = _behind_comments(text, value.end, name.column)
    nl = _break(text)
    blanks = len(text[: value.start]) - len(text[: value.start].rstrip(" "))
    taken = Patch(value.start - blanks, value.end, "")
    added = Patch(position, position, nl + _dashed([flow_mapping(item)], column, 1, nl))
    return [added] if value.start == value.end else [taken, added]


def _indentation(root: _Node, column: int) -> int:
    """How far the author indents the items of a list below its key."""
    lists = (node for node in root.children[1::2] if node.kind == "sequence" and not node.flow)
    return next((node.column - column for node in lists), _INDENT)


def _at_the_end(text: str, root: _Node, end: int, key: str, item: dict[str, Any]) -> Patch:
    """Key and item behind everything else in the file."""
    nl = _break(text)
    body = text[:end]
    before = "" if not body or body.endswith(("\n", "\r")) else nl
    after = nl if before == "" or end < len(text) else ""
    column = root.column
    line = _dashed([flow_mapping(item)], column + _indentation(root, column), 1, nl)
    return Patch(end, end, f"{before}{' ' * column}{key}:{nl}{line}{after}")


def _into_flow_root(
    text: str, root: _Node, found: tuple[_Node, _Node] | None, key: str, item: dict[str, Any]
) -> list[Patch]:
    """The same where the whole file is one mapping in braces."""
    if found is None:
        return _into_brackets(text, root, f"{key}: [{flow_mapping(item)}]")
    _, value = found
    if value.kind == "sequence":
        return _into_brackets(text, value, flow_mapping(item))
    space = "" if text[value.start - 1].isspace() else " "
    return [Patch(value.start, value.end, f"{space}[{flow_mapping(item)}]")]


def _into_brackets(text: str, node: _Node, written: str) -> list[Patch]:
    """A further member of a flow collection, on a line of its own if the author's last one is."""
    if not node.children:
        return [Patch(node.end - 1, node.end - 1, written)]
    step = 2 if node.kind == "mapping" else 1
    first, last = node.children[-step], node.children[-1]
    before = node.children[-1 - step].end if len(node.children) > step else node.start
    behind = _GAP.match(text, last.end)
    comma = behind is not None and text.startswith(",", behind.end())
    stop = behind.end() + 1 if behind and comma else last.end
    if not _LINE_END.search(text, before, first.start):
        return [Patch(stop, stop, f" {written}," if comma else f", {written}")]
    start = first.start - first.column
    lead = text[start : first.start]
    indent = lead if not lead.strip() else " " * first.column
    line_end = _line_end(text, stop)
    if line_end >= node.end:
        line_end = stop
    added = Patch(line_end, line_end, f"{_break(text)}{indent}{written}{',' if comma else ''}")
    return [added] if comma else [Patch(stop, stop, ","), added]
