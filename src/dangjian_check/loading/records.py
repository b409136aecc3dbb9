"""A file or folder becomes the records in it, with the place of everything in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from dangjian_check.errors import DjCheckError, InputProblems, Problem, UsageProblem
from dangjian_check.loading import INPUTS, Input
from dangjian_check.loading.chinese import in_our_keys
from dangjian_check.loading.files import OLE, ROOTS, STDIN, TABLES, ZIP, is_folder, read_input, row_of, shown_path
from dangjian_check.loading.folders import with_parts
from dangjian_check.loading.private import is_private
from dangjian_check.loading.record_tables import read_row, refused
from dangjian_check.loading.tree import Tree
from dangjian_check.loading.wording import at, validated
from dangjian_check.model.consistency import clashes
from dangjian_check.model.record import Record


class LoadedRecord(NamedTuple):
    """A record that can be judged, the tree it was read from, and the id it goes by."""

    record: Record
    tree: Tree
    id: str


class Refused(NamedTuple):
    """A record that cannot be used: all that is wrong with it, and as much of it as was read."""

    problems: tuple[Problem, ...]
    data: Any = None


def load_records(path: Path) -> tuple[list[LoadedRecord], list[Refused]]:
    """Every record of one file (a ledger may hold several branches) that can be used, and the others."""
    loaded: list[LoadedRecord] = []
    wrong: list[Refused] = []
    try:
        trees = read_trees(path)
    except DjCheckError as error:
        return [], [Refused(error.problems)]
    for tree in trees:
        try:
            record = validate(tree)
        except DjCheckError as error:
            wrong.append(Refused(error.problems, tree.data))
        else:
            own = record.body.name if len(trees) > 1 else _default_id(path, tree)
            loaded.append(LoadedRecord(record, tree, record.body.id or own))
    return loaded, wrong


def load_record(path: Path) -> LoadedRecord:
    """The one record of a file. Raises `InputProblems` with every problem of the file, sorted by place, and
    `UsageProblem` for a ledger of several branches."""
    loaded, wrong = load_records(path)
    if wrong:
        raise InputProblems(problem for refused in wrong for problem in refused.problems)
    return the_only(loaded, path)


def the_only(loaded: list[LoadedRecord], path: Path) -> LoadedRecord:
    """The one record that a file holds, or `UsageProblem`."""
    if len(loaded) != 1:
        raise UsageProblem(f"{shown_path(path)} 里有 {len(loaded)} 个支部", "用 dj-check import 拆成各自的记录")
    return loaded[0]


def read_trees(path: Path) -> list[Tree]:
    """What a file holds, its keys made ours, not yet checked. Raises `InputProblems`."""
    if row_of(path) is not None:
        shown, raw, ending = read_row(path)
        form: Input | None = INPUTS[ending]
    else:
        shown = shown_path(path)
        form = _form(path, shown)
        raw = read_input(path, shown, form)
    form = form or INPUTS[".xlsx" if raw.startswith((ZIP, OLE)) else ".yaml"]
    trees = [in_our_keys(tree, Record) for tree in form(raw, shown)]
    return [with_parts(path, trees[0])] if path.name in ROOTS else trees


def _form(path: Path, shown: str) -> Input | None:
    """The reader by the file's ending; None for standard input, where the first bytes decide, and for a folder, which
    is not even read."""
    if path == STDIN or is_folder(path):
        return None
    form = INPUTS.get(path.suffix.lower())
    if form is None:
        if path.suffix.lower() in TABLES:
            raise refused(path)
        if not os.path.exists(path):  # noqa: PTH110  (never raises)
            raise InputProblems([Problem(shown, 0, 0, "没有这个文件或文件夹", "核对路径")])
        kind = f" {path.suffix}" if path.suffix else "（没有扩展名）"
        remedy = f"可读的有：{'、'.join(INPUTS)}"
        raise InputProblems([Problem(shown, 0, 0, f"不认识的文件种类{kind}", remedy)])
    return form


def parse_record(raw: bytes, shown: str, default_id: str) -> LoadedRecord:
    """The record in ``raw``, YAML; ``default_id`` names the branch if the record does not."""
    (tree,) = INPUTS[".yaml"](raw, shown)
    tree = in_our_keys(tree, Record)
    record = validate(tree)
    return LoadedRecord(record, tree, record.body.id or default_id)


def validate(tree: Tree) -> Record:
    """The model behind a tree, or `InputProblems` with all that is wrong with it and the personal numbers in it."""
    try:
        record = validated(tree, Record)
        wrong = [at(tree, clash.path, clash.message, clash.remedy) for clash in clashes(record)]
        if wrong:
            raise InputProblems(wrong)
    except InputProblems as error:
        raise InputProblems([*error.problems, *filter(is_private, tree.notes)]) from None
    return record


def _default_id(path: Path, tree: Tree) -> str:
    if (row := row_of(path)) is not None:
        return tree.file.removeprefix(f"{shown_path(row.table)}#")
    return path.resolve().parent.name if path.name in ROOTS else path.stem
