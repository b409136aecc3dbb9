"""The use cases of keeping records: a new one, one more activity, ledgers turned into records. Nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dangjian_check.errors import DjCheckError, Problem
from dangjian_check.loading import INPUTS
from dangjian_check.loading.append import Addition, Asked, with_activity
from dangjian_check.loading.files import expand
from dangjian_check.loading.records import load_record, read_trees, validate
from dangjian_check.loading.skeleton import new_record
from dangjian_check.loading.standards import find_standards, folder_of
from dangjian_check.loading.tree import Tree
from dangjian_check.model.columns import heading
from dangjian_check.model.record import SERIES, Record
from dangjian_check.writing.yaml_text import yaml_text

_UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Written:
    """A record as YAML: the name of its file, its text, what it holds, and what its reader inferred."""

    file_name: str
    name: str
    text: str
    holds: tuple[tuple[str, int], ...]
    notes: tuple[Problem, ...]


@dataclass(slots=True)
class Import:
    """What a set of ledgers came to: how each was read, the records that can be written, all that is wrong."""

    trees: list[Tree] = field(default_factory=list)
    records: list[Written] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def import_ledgers(paths: Iterable[Path]) -> Import:
    """Read every ledger below the paths; records with problems are not written, the others are."""
    found = Import()
    taken: set[str] = set()
    for path in expand(paths, INPUTS):
        try:
            trees = read_trees(path)
        except DjCheckError as error:
            found.problems.extend(error.problems)
            continue
        found.trees += trees
        for tree in trees:
            try:
                record = validate(tree)
            except DjCheckError as error:
                found.problems.extend(error.problems)
                continue
            stem = record.body.id or (record.body.name if len(trees) > 1 else path.stem)
            found.records.append(_written(tree, record, _file_name(stem, taken)))
    found.problems.sort()
    return found


def _written(tree: Tree, record: Record, file_name: str) -> Written:
    lists = [name for name in ("members", *SERIES) if getattr(record, name) is not None]
    holds = tuple((heading(Record, name), len(getattr(record, name))) for name in lists)
    return Written(file_name, record.body.name, yaml_text(tree.data, f"由 {tree.file} 读入"), holds, tree.notes)


def _file_name(stem: str, taken: set[str]) -> str:
    """A file name that any system takes, each once."""
    safe = _UNSAFE.sub("-", stem).strip("-.") or "记录"
    name, number = f"{safe}.yaml", 2
    while name in taken:
        name, number = f"{safe}-{number}.yaml", number + 1
    taken.add(name)
    return name


def add(record: Path, asked: list[Asked], *, force: bool = False) -> Addition:
    """The record with one more activity, checked as `validate` would; nothing is written here.

    Raises `DjCheckError` with every reason why it cannot be added.
    """
    return with_activity(record, asked, force=force)


@dataclass(frozen=True, slots=True)
class Start:
    """What a new record says of the branch: its name, type and standards, and where the customer's standards are."""

    name: str | None = None
    kind: str | None = None
    standards: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()

    def check(self) -> None:
        """Raises `UsageProblem` for a standard there is not."""
        known = find_standards(self.rules)
        for standard in self.standards:
            folder_of(standard, known)


def new(path: Path, today: date, about: Start) -> str:
    """A record to start from, to be kept at ``path``; nothing is written here. Raises `UsageProblem`."""
    about.check()
    return new_record(path, today.year, about.name, about.kind, about.standards)


def new_workbook(about: Start, source: Path | None) -> bytes:
    """The workbook template, or a record as a workbook. Raises `UsageProblem`, `InputProblems`."""
    from dangjian_check.writing.workbook import workbook

    about.check()
    if source is not None:
        return workbook(load_record(source).tree.data)
    said = {"name": about.name, "type": about.kind, "standards": list(about.standards) or None}
    return workbook(None, {key: value for key, value in said.items() if value})
