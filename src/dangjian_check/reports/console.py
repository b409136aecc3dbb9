"""A page drawn into memory, for the formats people read at a terminal. Rich draws it where colour is wanted; without
colour a page is nothing but its lines, and rich is not imported."""

from __future__ import annotations

import io
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len

from dangjian_check.reports.base import Look
from dangjian_check.reports.wrapping import wrapped, wrapped_plain

if TYPE_CHECKING:
    from rich.console import Console

Part = str | tuple[str, str]


class Column(NamedTuple):
    """A column of a table: with a ``share`` it gets that part of what the others leave, else what it needs."""

    title: str
    share: int = 0
    right: bool = False


class Page:
    """Lines, each of parts that are text or text and style; no markup, no emoji, whatever the environment."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._lines: list[str] = []
        self._console = _console(look) if look.colour else None

    def put(self, *parts: Part) -> None:
        """One line just as it is; nothing for an empty one."""
        if self._console is None:
            self._lines.append(_plain(parts))
        else:
            self._draw(_text(parts))

    def wrap(self, *parts: Part, indent: int = 0) -> None:
        """The parts broken to the width, every line indented."""
        width = self._look.width - indent
        if self._console is None:
            self._lines += [" " * indent + piece for piece in wrapped_plain(_plain(parts), width)]
        else:
            for piece in wrapped(_text(parts), width):
                self._draw(_text([" " * indent]) + piece)

    def table(self, columns: list[Column], rows: list[tuple[str, ...]]) -> None:
        """A table as wide as the page; a cell too long for its column goes over lines."""
        lines = table_lines(columns, rows, self._look.width) if self._console is None else None
        if lines is not None:
            self._lines += lines
            return
        console = self._console or _console(self._look)
        _draw_table(columns, rows, console)
        if self._console is None:
            self._lines += _taken(console)

    def text(self) -> str:
        """The page, without blanks at the ends of lines."""
        if self._console is not None:
            self._lines = _taken(self._console)
        return "".join(f"{line.rstrip()}\n" for line in self._lines)

    def _draw(self, text: Any) -> None:
        assert self._console is not None
        self._console.print(text, no_wrap=True, crop=False, overflow="ignore")


def _plain(parts: Any) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in parts)


def _text(parts: Any) -> Any:
    from rich.text import Text

    return Text.assemble(*parts)


def _console(look: Look) -> Console:
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=look.width,
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def _taken(console: Console) -> list[str]:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def _draw_table(columns: list[Column], rows: list[tuple[str, ...]], console: Console) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", width=console.width)
    for title, share, right in columns:
        table.add_column(title, overflow="fold", ratio=share or None, justify="right" if right else "left")
    for row in rows:
        table.add_row(*(_text([cell]) for cell in row))
    console.print(table)


def table_lines(columns: list[Column], rows: list[tuple[str, ...]], width: int) -> list[str] | None:
    """The lines of a table as rich lays it out, where every cell fits on one; None where one does not."""
    cells = [tuple(column.title for column in columns), *rows]
    last = len(columns) - 1
    edges = [(int(number > 0), int(number < last)) for number in range(len(columns))]
    needs = [max(map(cell_len, texts)) for texts in zip(*cells, strict=True)]
    widths = [need + sum(edge) for need, edge in zip(needs, edges, strict=True)]
    left = width - sum(need for need, column in zip(widths, columns, strict=True) if not column.share)
    shares = sum(column.share for column in columns)
    for number, column in enumerate(columns):
        if column.share:
            given = ceil(column.share * left / shares)
            if given < widths[number]:
                return None
            widths[number], left, shares = given, left - given, shares - column.share
    return ["".join(map(_padded, row, columns, widths, edges)) for row in cells]


def _padded(text: str, column: Column, width: int, edge: tuple[int, int]) -> str:
    text = text.rstrip() if column.right else text
    blank = " " * (width - sum(edge) - cell_len(text))
    return " " * edge[0] + (blank + text if column.right else text + blank) + " " * edge[1]
