"""Waiver files: how one is read, and which of them lie beside the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dangjian_check.errors import Location
from dangjian_check.loading.files import STDIN, read_bytes, shown_path
from dangjian_check.loading.tree import Tree
from dangjian_check.loading.wording import validated
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.rulebook.waiver import Waiver, WaiverFile

WAIVERS = "waivers.yaml"


@dataclass(frozen=True, slots=True)
class LoadedWaivers:
    """The waivers of one file, and where each stands in it."""

    tree: Tree
    waivers: tuple[Waiver, ...]

    def place(self, number: int, *path: str | int) -> Location:
        """Where a waiver, or something in it, is written."""
        return self.tree.place(("waivers", number, *path))


def load_waivers(path: Path) -> LoadedWaivers:
    """The waivers of one YAML file. Raises `InputProblems` with all that is wrong with it."""
    shown = shown_path(path)
    raw = read_bytes(path, shown, what="豁免文件", smaller="按年拆成几个文件")
    tree = read_yaml(raw, shown)
    return LoadedWaivers(tree, tuple(validated(tree, WaiverFile).waivers))


def waiver_files(paths: Iterable[Path]) -> list[Path]:
    """The waiver files among paths and in folders at or below them, each once."""
    found: dict[Path, Path] = {}
    for path in paths:
        inner = sorted(path.rglob(WAIVERS)) if path.is_dir() else [path]
        found.update((p.absolute(), p) for p in inner if p.name == WAIVERS and p.is_file() and not _hidden(p, path))
    return list(found.values())


def _hidden(path: Path, top: Path) -> bool:
    """Whether a folder between the two is one that is passed over."""
    inner = path.parent.relative_to(top).parts if path != top else ()
    return any(name.startswith(".") for name in inner)


def waivers_beside(given: Iterable[Path], record: Path) -> list[Path]:
    """The ``waivers.yaml`` of the folders from the one that was given down to that of the record, top first."""
    if record == STDIN:
        return []
    here = record.parent
    tops = [path for path in given if path in (here, *here.parents)]
    above = [here, *here.parents]
    reach = max((above.index(top) for top in tops), default=0)
    return [file for folder in reversed(above[: reach + 1]) if (file := folder / WAIVERS).is_file()]
