"""A waiver file becomes `Waiver`s, with the place of each; and which such files lie beside the records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from dangjian_check.errors import DjCheckError, InputProblems, Location, Problem
from dangjian_check.loading.files import STDIN, WAIVERS, YAML, is_file, read_bytes, shown_path
from dangjian_check.loading.tree import Mapping, Tree
from dangjian_check.loading.wording import validated
from dangjian_check.rulebook.waiver import Waiver, WaiverFile


class LoadedWaivers(NamedTuple):
    """The waivers of one file and the tree they were read from; the first stands at ``("waivers", 0)``."""

    waivers: tuple[Waiver, ...]
    tree: Tree

    def place(self, number: int, *path: str | int) -> Location:
        """Where a waiver, or something in it, is written."""
        return self.tree.place(("waivers", number, *path))


def load_waivers(path: Path) -> LoadedWaivers:
    """Read and check one waiver file. Raises `InputProblems` with every problem of the file, sorted by place."""
    shown = shown_path(path)
    if path.suffix.lower() not in YAML:
        raise InputProblems([Problem(shown, 0, 0, "豁免文件不是 YAML", "写成 waivers.yaml")])
    from dangjian_check.loading.yaml_events import read_yaml

    tree = read_yaml(read_bytes(path, shown, what="豁免文件", smaller="按年拆成几个文件"), shown)
    return LoadedWaivers(tuple(validated(tree, WaiverFile).waivers), tree)


def holds_waivers(path: Path) -> bool:
    """Whether a YAML file, whatever its name, is a waiver file: it lists ``waivers`` and is no record."""
    if not is_file(path):
        return False
    from dangjian_check.loading.yaml_events import read_yaml

    try:
        raw = read_bytes(path, "")
        data = read_yaml(raw, "").data if b"waivers" in raw else None
    except DjCheckError:
        return False
    return isinstance(data, Mapping) and "waivers" in data and not {"branch", "organization"} & data.keys()


def waivers_beside(given: Iterable[Path], record: Path) -> list[Path]:
    """The waiver files of the folders from the one that was given down to that of the record, top first."""
    if record == STDIN:
        return []
    above = [record.parent, *record.parent.parents]
    reach = max((above.index(path) for path in given if path in above), default=0)
    named = (folder / name for folder in reversed(above[: reach + 1]) for name in sorted(WAIVERS))
    return [file for file in named if is_file(file)]
