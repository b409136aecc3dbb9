"""What every ledger is first read into: sheets of cells, merged areas filled, each cell with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dangjian_check.errors import Location
from dangjian_check.model.notation import plain

Area = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), from 0


@dataclass(frozen=True, slots=True)
class Lost:
    """A cell that shows something in the office program but holds no value: why, and what to do about it."""

    message: str
    remedy: str

    def __str__(self) -> str:
        return "#"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows[r][c]`` is the value of a cell, ``""`` if empty; ``wide`` are cells that a merged area
    carried on to the right, so that a title over the whole width counts once, ``tall`` those it carried down.
    ``label`` is the sheet's name as places show it: empty in a CSV file, which has no sheets."""

    name: str
    rows: list[list[Any]]
    label: str = ""
    wide: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    tall: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    _texts: list[list[str]] = field(init=False, compare=False, repr=False)
    _own: list[list[tuple[int, str]]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        texts = [[plain(cell) if cell != "" else "" for cell in row] for row in self.rows]
        own = [
            [(column, text) for column, text in enumerate(row) if text and (number, column) not in self.wide]
            for number, row in enumerate(texts)
        ]
        object.__setattr__(self, "_texts", texts)
        object.__setattr__(self, "_own", own)

    def place(self, row: int, column: int) -> Location:
        """Where a cell stands, for rows and columns counted from 0."""
        return Location(row + 1, column + 1, self.label)

    def text(self, row: int, column: int) -> str:
        """A cell's text."""
        cells = self._texts[row]
        return cells[column] if column < len(cells) else ""

    def own(self, row: int) -> list[tuple[int, str]]:
        """The cells of a row that hold something of their own: column and text."""
        return self._own[row]


def filled(name: str, rows: list[list[Any]], areas: Iterable[Area], label: str) -> Sheet:
    """A sheet in which every cell of a merged area holds what its first cell holds."""
    wide: set[tuple[int, int]] = set()
    tall: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in areas:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = value
                if column > left:
                    wide.add((row, column))
                if row > top:
                    tall.add((row, column))
    return Sheet(name, rows, label, frozenset(wide), frozenset(tall))
