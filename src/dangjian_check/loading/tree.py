"""What every input is read into: plain data in which each key and item knows where it stands."""

from __future__ import annotations

from typing import Any, NamedTuple

from dangjian_check.errors import Location, Problem


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

    def place(self, path: tuple[str | int, ...], *, key: bool = False) -> Location:
        """Where the thing at ``path`` stands; steps the file does not have are passed over.

        With ``key`` a mapping's key rather than its value is pointed at.
        """
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
