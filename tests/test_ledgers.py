"""Ledgers as branches keep them: a file for each layout, read to the record that a person last found right.

What each file is read into stands in ``tests/ledgers/expected``: every entry with its cell, every note and problem. To
rewrite these after a wanted change, run

    DJ_CHECK_GOLDEN=write pytest tests/test_ledgers.py

and read the difference (``git diff tests/ledgers/expected``) before committing it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dangjian_check.errors import DjCheckError
from dangjian_check.loading.csv_files import read_csv_sheet
from dangjian_check.loading.records import load_records, read_trees
from dangjian_check.loading.tree import Mapping, Sequence, Tree
from dangjian_check.loading.workbooks import read_sheets
from ledgers import build, examples
from program import TESTS

LEDGERS = TESTS / "ledgers"
EXPECTED = LEDGERS / "expected"
NAMES = sorted([*build.WORKBOOKS, *build.CSV, build.OLD])


def told(name: str) -> str:
    """What a ledger is read into, one line for each entry, note and problem."""
    with contextlib.chdir(LEDGERS):
        path = Path(name)
        try:
            trees = read_trees(path)
        except DjCheckError:
            trees = []
        _, wrong = load_records(path)
    lines = [line for tree in trees for line in _lines(tree)]
    return "\n".join([*lines, *(f"问题 {problem}" for refused in wrong for problem in refused.problems)]) + "\n"


def _lines(tree: Tree) -> Iterator[str]:
    for key, value in tree.data.items():
        if isinstance(value, Sequence):
            yield f"{key}:"
            yield from (f"  {place} {_flat(item)}" for item, place in zip(value, value.at, strict=True))
        else:
            yield f"{key} {_flat(value)}"
    yield from (f"提示 {note}" for note in tree.notes)


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace('"', "")


@pytest.mark.parametrize("name", NAMES)
def test_ledger_is_read_as_expected(name: str):
    """Every entry, note and problem, each at its cell."""
    path, found = EXPECTED / f"{name}.txt", told(name)
    if os.environ.get("DJ_CHECK_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found, "a wanted change? See the top of this file"


def test_no_expectation_and_no_ledger_is_left_over():
    """The folder holds what the script builds, and an expectation for each."""
    assert [f"{name}.txt" for name in NAMES] == sorted(path.name for path in EXPECTED.iterdir())
    assert sorted([*NAMES, "build.py", "examples.py"]) == sorted(
        path.name for path in LEDGERS.iterdir() if path.is_file()
    )


@pytest.mark.parametrize("name", sorted([*build.WORKBOOKS, *build.CSV]))
def test_ledger_is_what_the_script_builds(name: str):
    """Sheet by sheet and cell by cell; the bytes may differ with the library that packs them."""
    fresh, kept = build.files()[name], (LEDGERS / name).read_bytes()
    if name.endswith(".csv"):
        assert read_csv_sheet(fresh, name, name) == read_csv_sheet(kept, name, name)
    else:
        assert read_sheets(fresh, name) == read_sheets(kept, name)


@pytest.mark.parametrize("path", sorted(examples.files()), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_example_is_what_the_script_builds(path: Path):
    """As above, for the folder of examples and the one in which a ledger is broken."""
    fresh, kept = examples.files()[path], path.read_bytes()
    if path.suffix == ".csv":
        assert fresh == kept
    else:
        assert read_sheets(fresh, "a") == read_sheets(kept, "a")


@pytest.mark.parametrize("name", NAMES)
def test_every_place_is_a_cell_of_the_ledger(name: str):
    """Whatever a ledger is read into says where it stands, down to the single value."""
    with contextlib.suppress(DjCheckError):
        for tree in read_trees(LEDGERS / name):
            for entries in tree.data.values():
                for entry in entries if isinstance(entries, Sequence) else ():
                    places = [place for key in entry for place in entry.at[key]] if isinstance(entry, Mapping) else []
                    assert all(place.sheet is not None and place.line > 0 for place in places)
