"""docs/ledgers.md is true: its table is the vocabulary, what it says can be written can, what it says is refused is.

To rewrite the table after a change of the vocabulary, run ``DJ_CHECK_GOLDEN=write pytest tests/test_ledger_page.py``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from dangjian_check.loading import INPUTS
from dangjian_check.loading.records import parse_record
from dangjian_check.loading.tables import TABLES
from dangjian_check.model import moments, name_lists, notation
from dangjian_check.model.activity import Entry
from dangjian_check.model.columns import columns, words
from dangjian_check.model.notation import Unreadable
from dangjian_check.model.record import Branch, Record
from program import ROOT

PAGE = ROOT / "docs" / "ledgers.md"
COMMON = ("id", "remark", "evidence")


def _column(words_of: tuple[str, ...]) -> str:
    first, *others = words_of
    return f"{first}（{'、'.join(others)}）" if others else first


def _row(name: str, model: type[BaseModel]) -> str:
    own = [c.words for c in columns(model) if c.words and not (issubclass(model, Entry) and c.path in COMMON)]
    first, *others = words(Record)[name]
    return f"| {first} `{name}` | {'、'.join(others)} | {'；'.join(map(_column, own))} |"


def table() -> str:
    """Every table with its columns, as the vocabulary has them."""
    shared = "；".join(_column(words(Entry)[field]) for field in COMMON)
    rows = [_row(name, model) for name, model in {"branch": Branch, **TABLES}.items()]
    head = "| 表 | 表名也可以写成 | 列 |\n|---|---|---|\n"
    return f"{head}{chr(10).join(rows)}\n\n除支部、党小组、党员、任职名单外，每张表都可以有：{shared}。\n"


def test_table_of_columns_is_the_vocabulary():
    """Every table, every column, every word for it."""
    page = PAGE.read_text(encoding="utf-8")
    whole = f"<!-- columns -->\n{table()}<!-- /columns -->"
    fresh = re.sub(r"<!-- columns -->.*<!-- /columns -->", lambda _: whole, page, flags=re.DOTALL)
    if os.environ.get("DJ_CHECK_GOLDEN") == "write":
        PAGE.write_text(fresh, encoding="utf-8")
    assert fresh == PAGE.read_text(encoding="utf-8")


def rows_of(label: str) -> tuple[list[str], list[str]]:
    """The fragments in the two columns of one row of the page: what may be written, and what may not."""
    row = re.search(rf"^\| {re.escape(label)} \|(.*)\|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None, label
    return re.findall(r"`([^`]+)`", row[1]), re.findall(r"`([^`]+)`", row[2])


READERS: dict[str, Callable[[str], Any]] = {
    "日期": moments.when,
    "没有年份的日期": lambda text: moments.when(text, 2024),
    "连着几天": moments.when,
    "时间": moments.clocks,
    "人数、次数": notation.count,
    "名单": name_lists.listed,
    "类型": notation.kinds,
    "金额、天数、学时": notation.number,
    "期间": lambda text: moments.period(text, 2024),
}


@pytest.mark.parametrize("label", READERS)
def test_what_the_page_says_of_cells_is_so(label: str):
    """Each example is read, each counterexample refused."""
    read, refused = rows_of(label)
    assert read
    for text in read:
        READERS[label](text)
    for text in refused:
        with pytest.raises(Unreadable):
            READERS[label](text if text != "45356" else 45356.0)


def test_what_the_page_says_of_turnout_is_so():
    """Bare numbers need a heading that says which is which."""
    (whole, ratio), (bare,) = rows_of("应到、实到在一格")
    assert {"expected": 25, "present": 23, "leave": ["张三", "李四"]} == name_lists.turnout(whole)
    assert {"expected": 25, "present": 23} == name_lists.turnout(ratio, "present")
    with pytest.raises(Unreadable):
        name_lists.turnout(bare)


def test_page_names_every_kind_of_file():
    """Each ending that can be read stands on the page."""
    page = PAGE.read_text(encoding="utf-8")
    assert [] == [ending for ending in INPUTS if f"`{ending}`" not in page]


def test_fragments_of_the_page_are_records():
    """The record with Chinese keys loads."""
    fragments = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert fragments
    for fragment in fragments:
        parse_record(fragment.encode(), "fragment.yaml", "fragment")
