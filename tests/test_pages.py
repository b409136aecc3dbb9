"""Pages at a terminal: what is drawn without rich is what rich would draw, to the last blank."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dangjian_check.reports import console
from dangjian_check.reports.base import Look, clean
from dangjian_check.reports.console import Column, Page, table_lines

WORDS = st.text(st.sampled_from("党支部大会 abc-1.5（）“”，。、…√é一👨"), max_size=30).map(clean)
PARTS = st.lists(st.one_of(WORDS, st.tuples(WORDS, st.sampled_from(["bold", "dim", "red"]))), max_size=4)
COLUMNS = [Column("支部", 3), Column("标准", 1), Column("得分", 2, right=True), Column("问题", right=True)]
ROWS = st.lists(st.tuples(WORDS, WORDS, WORDS, st.integers(0, 9999).map(str)), min_size=1, max_size=4)


def bare(text: str) -> list[str]:
    """The lines without their colour."""
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()]


@given(lines=st.lists(PARTS, max_size=4), indent=st.integers(0, 8), width=st.integers(60, 120))
def test_page_says_the_same_with_and_without_colour(lines: list[list[console.Part]], indent: int, width: int):
    """Broken at the same places."""
    plain, coloured = Page(Look(width=width)), Page(Look(width=width, colour=True))
    for page in (plain, coloured):
        for parts in lines:
            page.wrap(*parts, indent=indent)
    assert plain.text().splitlines() == bare(coloured.text())


@given(rows=ROWS, width=st.integers(60, 120))
def test_table_is_laid_out_as_rich_lays_it_out(rows: list[tuple[str, ...]], width: int):
    """Where every cell fits on one line; the others are left to rich."""
    lines = table_lines(COLUMNS, rows, width)
    drawn = console._console(Look(width=width))
    console._draw_table(COLUMNS, rows, drawn)
    if lines is not None:
        assert [line.rstrip() for line in console._taken(drawn)] == [line.rstrip() for line in lines]
    page, coloured = Page(Look(width=width)), Page(Look(width=width, colour=True))
    for each in (page, coloured):
        each.table(COLUMNS, rows)
    assert page.text().splitlines() == bare(coloured.text())


def test_ordinary_table_needs_no_rich():
    """Names of branches and scores fit."""
    rows = [("化工学院教师第一党支部", "national", "79.5–87.5/100", "12", "30")]
    columns = [*COLUMNS, Column("待核", right=True)]
    assert None is not table_lines(columns, rows, 80)
    assert None is table_lines(columns, [("很" * 40, *rows[0][1:])], 80)
