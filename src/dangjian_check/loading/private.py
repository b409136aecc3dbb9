"""Personal numbers where a record has no use for them: a note for each place, without the number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dangjian_check.errors import Location, Problem
from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tree import Plain, Tree
from dangjian_check.model.personal import numberless, numbers_in, personal_kinds

_HIDDEN = "（已隐去）"
_REMEDY = "记录里不需要，删去"


def noted(tree: Tree, raw: bytes = b"") -> Tree:
    """The tree with a note for every place that holds an identity or telephone number; for every line of the text
    behind it, if its form is broken."""
    inside = _of_lines(tree.file, raw) if tree.problems else []
    nothing = isinstance(tree.data, Plain) and numberless(raw)
    books = {(note.file, note.sheet) for note in tree.notes if is_private(note)}  # all their cells were looked at
    read = [] if nothing else (note for note in _of_data(tree) if (note.file, note.sheet) not in books)
    found = [*_of_name(tree.file), *(inside or read)]
    return tree._replace(notes=tuple(dict.fromkeys([*tree.notes, *found]))) if found else tree


def is_private(note: Problem) -> bool:
    """Whether a note points at a personal number."""
    return note.message.endswith(_HIDDEN)


def of_cells(sheets: Iterable[Sheet], file: str) -> list[Problem]:
    """A note for every column of a ledger that holds such numbers, whether it is read or not, at the first of them."""
    found: dict[tuple[int, int, str], list[Location]] = {}
    for number, sheet in enumerate(sheets):
        for row, column, text in _cells(sheet):
            for kind in personal_kinds(text):
                found.setdefault((number, column, kind), []).append(sheet.place(row, column))
    return [Problem.at(file, places[0], _said(kind, len(places)), _REMEDY) for (*_, kind), places in found.items()]


def _said(kind: str, times: int) -> str:
    return f"{'这里有' if times == 1 else f'这一列从这里起有 {times} 处'}{kind}{_HIDDEN}"


def _cells(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every cell; the sheet's own name stands with the first."""
    yield 0, 0, sheet.label
    yield from ((row, column, text) for row in range(len(sheet.rows)) for column, text in sheet.own(row))


def _of_data(tree: Tree) -> Iterator[Problem]:
    for path, is_key, kind in numbers_in(tree.data):
        yield Problem.at(tree.file, tree.place(path, key=is_key), f"这里有{kind}{_HIDDEN}", _REMEDY)


def _of_lines(file: str, raw: bytes) -> list[Problem]:
    try:
        lines = raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return []
    found = [(number, kind) for number, line in enumerate(lines, 1) for kind in personal_kinds(line)]
    return [Problem.at(file, Location(number, 1), f"这一行有{kind}{_HIDDEN}", _REMEDY) for number, kind in found]


def _of_name(file: str) -> Iterator[Problem]:
    for kind in personal_kinds(file):
        yield Problem(file, 0, 0, f"文件名或文件夹名里有{kind}{_HIDDEN}", "改名")
