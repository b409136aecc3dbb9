"""The summary of many reports at a terminal, as Markdown and as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from rich.cells import cell_len

from dangjian_check.engine.summary import Summary
from dangjian_check.reports.account import NO_DAY
from dangjian_check.reports.base import Look, clean, points
from dangjian_check.reports.markdown import escape
from dangjian_check.reports.markdown import table as markdown_table
from dangjian_check.reports.summary_blocks import Block, Cell, Heading, Para, Table, blocks
from dangjian_check.reports.workbook_cells import Book, Column, lines
from dangjian_check.reports.wrapping import fit, wrapped_plain

_LEAST, _GAP = 4, 2


def summary_text(summary: Summary, look: Look) -> str:
    """The summary as text of at most ``look.width`` columns; long tables only begin, unless verbose."""
    return drawn_blocks(blocks(summary), look)


def drawn_blocks(listed: Iterable[Block], look: Look) -> str:
    """Blocks as text of at most ``look.width`` columns."""
    return "".join(_text(listed, look))


def _text(listed: Iterable[Block], look: Look) -> Iterator[str]:
    for number, block in enumerate(listed):
        if isinstance(block, Heading):
            yield ("\n" if number else "") + fit(clean(block.text), look.width)
        elif isinstance(block, Para):
            yield fit(clean(f"  {block.text}"), look.width)
        elif block.rows:
            yield from table_text(block, look)


def table_text(table: Table, look: Look) -> Iterator[str]:
    """A table as lines; a long one only begins, unless verbose."""
    shown = table.rows if look.verbose else table.rows[: table.few]
    yield "\n" + fit(f"  {table.title}", look.width)
    cells = [table.heads, *([clean(_plain(cell)) for cell in row] for row in shown)]
    right = [isinstance(cell, (int, Fraction)) for cell in table.rows[0]]
    widths = _widths(list(zip(*cells, strict=True)), look.width - 2)
    for row in cells:
        columns = [wrapped_plain(text, width) or [""] for text, width in zip(row, widths, strict=True)]
        for line in range(max(map(len, columns))):
            parts = (
                _padded(column[line] if line < len(column) else "", width, right=side)
                for column, width, side in zip(columns, widths, right, strict=True)
            )
            yield ("  " + (" " * _GAP).join(parts)).rstrip() + "\n"
    if len(shown) < len(table.rows):
        yield f"  另有 {len(table.rows) - len(shown)} 行，加 --verbose 全部列出\n"


def _widths(columns: list[tuple[str, ...]], room: int) -> list[int]:
    """The width of every column: what it needs; where the room is too small, the widest give way, those of days,
    numbers and codes last."""
    widths = [max(map(cell_len, column)) for column in columns]
    firm = [max([_LEAST, *map(len, body)]) if all(map(str.isascii, body)) else _LEAST for _, *body in columns]
    for least in (firm, [_LEAST] * len(columns)):
        while sum(widths) + _GAP * (len(widths) - 1) > room:
            yielding = [i for i, width in enumerate(widths) if width > least[i]]
            if not yielding:
                break
            widths[max(yielding, key=widths.__getitem__)] -= 1
    return widths


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def _plain(cell: Cell) -> str:
    return points(cell) if isinstance(cell, Fraction) else str(cell)


def summary_markdown(summary: Summary) -> str:
    """The summary as Markdown, every table whole."""
    return "".join(f"{line}\n" for line in _markdown(summary)).lstrip("\n")


def _markdown(summary: Summary) -> Iterator[str]:
    for block in blocks(summary):
        if isinstance(block, Heading):
            yield from ("", f"{'#' * block.level} {escape(block.text)}")
        elif isinstance(block, Para):
            yield from ("", escape(block.text))
        elif block.rows:
            yield from table_markdown(block)


def table_markdown(table: Table) -> Iterator[str]:
    """A table as lines, its title above it."""
    yield from ("", f"**{escape(table.title)}**", "")
    align = "".join("r" if isinstance(cell, (int, Fraction)) else "l" for cell in table.rows[0])
    yield from markdown_table(table.heads, (tuple(map(_plain, row)) for row in table.rows), align)


def summary_workbook(summary: Summary) -> bytes:
    """The summary as a workbook: the text on one sheet, every table on its own."""
    book = Book("党支部工作核查汇总", _day(summary))
    page, row = book.page("汇总"), 0
    page.widths([100])
    several = len(summary.standards) > 1
    standard = ""
    for block in blocks(summary):
        if isinstance(block, Table):
            under = f"{standard}　{block.title}" if several else block.title
            columns = [Column(title, most=48) for title in block.heads]
            book.page(block.name).table(block.title, under, columns, block.rows)
            continue
        if isinstance(block, Heading) and block.level == 2:
            standard = block.text
        page.put(row, 0, block.text, "block" if isinstance(block, Heading) else "plain")
        page.height(row, lines(block.text, 100))
        row += 1
    page.printing(max(row - 1, 0), 0)
    return book.close()


def _day(summary: Summary) -> date:
    """The latest day as of which anything was judged; never the clock's."""
    return max((moment.as_of for s in summary.standards.values() for moment in s.moments), default=NO_DAY)
