"""A record file becomes a `Record`, with the place of everything in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading import INPUTS
from dangjian_check.loading.files import read_bytes, shown_path
from dangjian_check.loading.private import private_notes
from dangjian_check.loading.tree import Tree
from dangjian_check.loading.wording import at, validated
from dangjian_check.model.consistency import clashes
from dangjian_check.model.record import Record


@dataclass(frozen=True, slots=True)
class LoadedRecord:
    """A record that can be judged, the tree it was read from (personal numbers in it are noted), and the id it goes
    by."""

    record: Record
    tree: Tree
    id: str


class RecordRefused(InputProblems):
    """A record that cannot be judged, with what could be read of it."""

    def __init__(self, problems: Iterable[Problem], tree: Tree) -> None:
        super().__init__(problems)
        self.tree = tree


def load_record(path: Path) -> LoadedRecord:
    """Read, check and index one record.

    Raises `InputProblems` with every problem of the file, sorted by place.
    """
    shown = shown_path(path)
    reader = INPUTS.get(path.suffix.lower())
    if reader is None:
        remedy = f"可读的有：{'、'.join(INPUTS)}"
        raise InputProblems([Problem(shown, 0, 0, f"不认识的文件种类 {path.suffix or '（无扩展名）'}", remedy)])
    return parse_record(read_bytes(path, shown), shown, _default_id(path), reader)


def parse_record(raw: bytes, shown: str, default_id: str, reader=INPUTS[".yaml"]) -> LoadedRecord:  # type: ignore[no-untyped-def]
    """The record in ``raw``; ``default_id`` names the branch if the record does not."""
    tree: Tree = reader(raw, shown)
    private = private_notes(tree, raw)
    try:
        record = validate(tree)
    except InputProblems as error:
        raise RecordRefused([*error.problems, *private], tree) from None
    return LoadedRecord(record, tree._replace(notes=(*tree.notes, *private)), record.body.id or default_id)


def validate(tree: Tree) -> Record:
    """The model behind a tree, or `InputProblems` with all that is wrong with it."""
    record = validated(tree, Record)
    wrong = [at(tree, clash.path, clash.message, clash.remedy) for clash in clashes(record)]
    if wrong:
        raise InputProblems(wrong)
    return record


def _default_id(path: Path) -> str:
    return path.resolve().parent.name if path.stem == "branch" else path.stem
