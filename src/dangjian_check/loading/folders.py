"""One record in several files: ``branch.yaml`` with ledgers beside it and folders named after what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dangjian_check.errors import InputProblems, Location, Problem
from dangjian_check.loading import INPUTS
from dangjian_check.loading.chinese import in_our_keys
from dangjian_check.loading.files import part_files, read_input, shown_path
from dangjian_check.loading.private import is_private
from dangjian_check.loading.tree import Mapping, Sequence, Tree, placed
from dangjian_check.model.columns import entries_named, heading
from dangjian_check.model.fields import shown
from dangjian_check.model.record import Record


def with_parts(root: Path, tree: Tree) -> Tree:
    """The record of ``root`` with everything its parts add to it. Each part's problems are the record's."""
    parts = part_files(root)
    if not parts:
        return tree
    tree = placed(tree)
    data, problems, notes = tree.data, list(tree.problems), list(tree.notes)
    if not isinstance(data, Mapping):
        return tree
    for path in parts:
        try:
            for series, value in _part(path, root, data, notes):
                problems += _added(data, series, value, tree.file, shown_path(path))
        except InputProblems as error:
            problems += error.problems
    return tree._replace(data=data, problems=tuple(problems), notes=tuple(notes))


def _part(path: Path, root: Path, data: Mapping, notes: list[Problem]) -> Iterator[tuple[str, Any]]:
    """Series and entries that one file adds."""
    file = shown_path(path)
    form = INPUTS.get(path.suffix.lower(), INPUTS[".yaml"])  # a folder that cannot be listed never comes to be read
    trees = [placed(tree) for tree in form(read_input(path, file, form), file)]
    if len(trees) > 1:
        message = "台账里写着几个支部，不能并进一个支部的记录"
        raise InputProblems([Problem(file, 0, 0, message, f"放到文件夹外面单独核，或只留 {root.parent.name} 的")])
    folder = None if path.parent == root.parent else entries_named(path.parent.name)
    tree = trees[0] if form.ledger or folder is None else _entries(trees[0], folder)
    tree = in_our_keys(tree, Record)
    if tree.problems:
        raise InputProblems([*tree.problems, *filter(is_private, tree.notes)])
    notes.extend(note for note in tree.notes if "支部名称" not in note.message)
    for key, value in tree.data.items():
        if key != "branch":
            yield key, _in_file(value, file)
        elif isinstance(value, Mapping):
            _same_branch(value, data, tree)


def _same_branch(part: Mapping, data: Mapping, tree: Tree) -> None:
    """A part that names its branch must name this one."""
    if any("支部名称" in note.message for note in tree.notes):
        return
    whole = data.get("branch")
    name, own = part.get("name"), whole.get("name") if isinstance(whole, Mapping) else None
    if name is not None and own is not None and name != own:
        place = part.at["name"][1]
        message = f"写的是 {shown(name)}，与 branch.yaml 的 {shown(own)} 不是一个支部"
        raise InputProblems([Problem.at(tree.file, place, message, "改成一致，或放到别的文件夹")])


def _entries(tree: Tree, series: str) -> Tree:
    """A file in a folder of entries: one entry, a list of them, or a mapping that names the series itself."""
    data = tree.data
    if isinstance(data, Mapping) and ({series, heading(Record, series)} & set(data)):
        return tree
    if not isinstance(data, (Mapping, Sequence)):
        return tree
    listed = data
    if isinstance(data, Mapping):
        listed = Sequence(data.place)
        listed.add(data, data.place)
    made = Mapping(data.place)
    made.put(series, listed, data.place)
    return tree._replace(data=made)


def _added(data: Mapping, series: str, value: Any, file: str, part: str) -> Iterable[Problem]:
    """Put a part's series to the record's; what only one file can say must not be said twice."""
    if data.get(series) is None:
        place = value.place if isinstance(value, (Mapping, Sequence)) else Location(1, 1, file=part)
        data.put(series, value, place)
    elif isinstance(data[series], Sequence) and isinstance(value, Sequence):
        for item, place in zip(value, value.at, strict=True):
            data[series].add(item, place)
    else:
        place = getattr(value, "place", Location(1, 1))
        yield Problem.at(part, place, f"“{heading(Record, series)}”与 {file} 里写的重复", "只在一处写")


def _in_file(node: Any, file: str) -> Any:
    """The same data, every place in it marked as standing in ``file``."""
    if isinstance(node, Mapping):
        made = Mapping(node.place._replace(file=file))
        for key, value in node.items():
            key_place, place = node.at[key]
            made.put(key, _in_file(value, file), place._replace(file=file), key_place._replace(file=file))
        return made
    if isinstance(node, Sequence):
        listed = Sequence(node.place._replace(file=file))
        for value, place in zip(node, node.at, strict=True):
            listed.add(_in_file(value, file), place._replace(file=file))
        return listed
    return node
