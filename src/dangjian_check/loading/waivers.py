"""A waiver file becomes `Waiver`s, with the place of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dangjian_check.errors import DjCheckError, InputProblems, Problem
from dangjian_check.loading.files import YAML, read_bytes, shown_path
from dangjian_check.loading.tree import Mapping, Tree
from dangjian_check.loading.wording import at, validated
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.rulebook.waiver import Waiver, WaiverFile


@dataclass(frozen=True, slots=True)
class LoadedWaivers:
    """The waivers of one file and the tree they were read from; the first stands at ``("waivers", 0)``."""

    waivers: tuple[Waiver, ...]
    tree: Tree


def load_waivers(path: Path) -> LoadedWaivers:
    """Read and check one waiver file. Raises `InputProblems` with every problem of the file, sorted by place."""
    shown = shown_path(path)
    if path.suffix.lower() not in YAML:
        raise InputProblems([Problem(shown, 0, 0, "豁免文件不是 YAML", "写成 waivers.yaml")])
    tree = read_yaml(read_bytes(path, shown), shown)
    found = validated(tree, WaiverFile).waivers
    twice = [index for index, waiver in enumerate(found) if waiver in found[:index]]
    if twice:
        raise InputProblems([at(tree, ("waivers", i), "与前面的一条豁免完全相同", "删去重复的一条") for i in twice])
    return LoadedWaivers(tuple(found), tree)


def holds_waivers(path: Path) -> bool:
    """Whether a YAML file, whatever its name, is a waiver file: it lists ``waivers`` and is no record."""
    try:
        raw = read_bytes(path, "")
        data = read_yaml(raw, "").data if b"waivers" in raw else None
    except DjCheckError:
        return False
    return isinstance(data, Mapping) and "waivers" in data and not {"branch", "organization"} & data.keys()
