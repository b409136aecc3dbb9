"""Personal numbers where a record has no use for them: a note for each place, without the number."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.errors import Location, Problem
from dangjian_check.loading.tree import Tree
from dangjian_check.model.personal import numbers_in, personal_kinds

_REMEDY = "记录里不需要，删去"


def private_notes(tree: Tree, raw: bytes = b"") -> list[Problem]:
    """Every place of a record with an identity or telephone number; of a text whose form is broken, every line."""
    inside = _of_lines(tree.file, raw) if tree.problems else []
    return list(dict.fromkeys([*_of_name(tree.file), *(inside or _of_data(tree))]))


def _of_data(tree: Tree) -> Iterator[Problem]:
    for path, is_key, kind in numbers_in(tree.data):
        yield Problem.at(tree.file, tree.place(path, key=is_key), f"这里有{kind}（已隐去）", _REMEDY)


def _of_lines(file: str, raw: bytes) -> list[Problem]:
    try:
        lines = raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return []
    found = [(number, kind) for number, line in enumerate(lines, 1) for kind in personal_kinds(line)]
    return [Problem.at(file, Location(number, 1), f"这一行有{kind}（已隐去）", _REMEDY) for number, kind in found]


def _of_name(file: str) -> Iterator[Problem]:
    for kind in personal_kinds(file):
        yield Problem(file, 0, 0, f"文件名或文件夹名里有{kind}（已隐去）", "改名")
