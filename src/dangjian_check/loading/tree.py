"""What every input is read into: plain data in which each key and item knows where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from dangjian_check.errors import KeyPath, Location, Problem


class Mapping(dict[str, Any]):
    """A mapping that knows where it starts and where each key and value stands."""

    __slots__ = ("at", "place")

    def __init__(self, place: Location) -> None:
        super().__init__()
        self.place = place
        self.at: dict[str, tuple[Location, Location]] = {}

    def put(self, key: str, value: Any, place: Location, key_place: Location | None = None) -> None:
        """Set a key whose value stands at ``place``."""
        self[key] = value
        self.at[key] = (key_place or place, place)


class Sequence(list[Any]):
    """A sequence that knows where it starts and where each item stands."""

    __slots__ = ("at", "place")

    def __init__(self, place: Location) -> None:
        super().__init__()
        self.place = place
        self.at: list[Location] = []

    def add(self, value: Any, place: Location) -> None:
        """Append an item that stands at ``place``."""
        self.append(value)
        self.at.append(place)


Marks = dict[int, list[int]]  # of a list by its identity: the lines of its items; of a mapping: its first line
_START = re.compile(" *(?:- +)?")
_VALUE = re.compile("[^:]+: +")


class Plain(dict[str, Any]):
    """The data of a text that was read line by line, without places. From the lines it tells where those keys and
    items stand that are not in brackets; for any other the text is read again, once. ``chinese`` says whether there may
    be a Chinese key."""

    __slots__ = ("_again", "_begin", "_keys", "_lines", "_marks", "_tree", "chinese")

    def __init__(
        self, data: dict[str, Any], lines: list[str], marks: Marks, chinese: bool, again: Callable[[], Tree]
    ) -> None:
        super().__init__(data)
        self.chinese = chinese
        self._lines, self._marks, self._again = lines, marks, again
        self._marks[id(self)] = marks[id(data)]
        self._keys: dict[tuple[int, str], int] = {}
        self._begin = Location(1 + next(number for number, line in enumerate(lines) if line.strip(" ")), 1)
        self._tree: Tree | None = None

    @property
    def tree(self) -> Tree:
        """The same text read with every place."""
        if self._tree is None:
            self._tree = self._again()
        return self._tree

    def place(self, path: KeyPath, *, key: bool = False) -> Location:
        """What `Tree.place` says of the text read with every place."""
        node: Any = self
        found = self._begin
        for step in path:
            if not (step in node if isinstance(node, dict) else isinstance(node, list) and _reaches(node, step)):
                continue
            known = self._marks.get(id(node))
            if known is None:
                return self.tree.place(path, key=key)
            listed = isinstance(node, list)
            number = known[int(step)] if listed else self._line(known[0], str(step))
            node = node[step]
            found = self._at(number, key or listed or node is None or isinstance(node, (dict, list)))
        return found

    def _line(self, number: int, key: str) -> int:
        """On which line the key of a mapping stands whose first key is on this one: at the same column."""
        known = self._keys.get((number, key))
        if known is None:
            known = self._keys[number, key] = self._searched(number, key)
        return known

    def _searched(self, number: int, key: str) -> int:
        column = _after_dash(self._lines[number])
        wanted = f"{' ' * column}{key}:"
        if self._lines[number].startswith(f"{key}:", column):
            return number
        return next(n for n in range(number + 1, len(self._lines)) if self._lines[n].startswith(wanted))

    def _at(self, number: int, first: bool) -> Location:
        """Where the key or item of a line stands, the ``first`` thing there, or else the value after the key."""
        line = self._lines[number]
        start = _after_dash(line)
        value = None if first else _VALUE.match(line, start)
        return Location(number + 1, (value.end() if value else start) + 1)


def placed(tree: Tree) -> Tree:
    """The tree with every place in it, for one who puts trees together."""
    return tree._replace(data=tree.data.tree.data) if isinstance(tree.data, Plain) else tree


def _after_dash(line: str) -> int:
    start = _START.match(line)
    return start.end() if start else 0


def _reaches(node: list[Any], step: str | int) -> bool:
    return isinstance(step, int) and step < len(node)


class TableRead(NamedTuple):
    """How one table of a ledger was understood: where its headings stand, which series it is, what each column holds
    (letter, heading, field; no field if it was passed over), and how many entries it gave."""

    place: Location
    series: str
    columns: tuple[tuple[str, str, str], ...]
    entries: int


class Tree(NamedTuple):
    """What an input holds, under which name it is shown, what was wrong with its form, what its reader inferred or
    left unread (``notes``), and how it understood the tables of a ledger.

    With problems the data is only good for finding more of them.
    """

    file: str
    data: Any
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    tables: tuple[TableRead, ...] = ()

    def place(self, path: KeyPath, *, key: bool = False) -> Location:
        """Where the thing at ``path`` stands; steps the file does not have are passed over.

        With ``key`` a mapping's key rather than its value is pointed at.
        """
        if isinstance(self.data, Plain):
            return self.data.place(path, key=key)
        node, found = self.data, getattr(self.data, "place", Location(1, 1))
        for step in path:
            if isinstance(node, Mapping) and step in node.at:
                key_place, value_place = node.at[str(step)]
                nested = isinstance(node[str(step)], (Mapping, Sequence))
                found = key_place if nested or key or node[str(step)] is None else value_place
                node = node[str(step)]
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node):
                found, node = node.at[step], node[step]
        return found
