"""What every section shares: a table of figures, turns in shuffled order, the machine."""

from __future__ import annotations

import gc
import os
import platform
import random
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple, TypeVar

T = TypeVar("T")
LIBRARIES = (
    "dj-check", "pydantic", "ruamel.yaml", "ruamel.yaml.clib", "PyYAML", "typer", "rich", "gordon-to-regorus", "regopy",
    "opa-golib-python-bindings", "common-expression-language", "cel-python", "zen-engine", "jsonschema-rs", "duckdb",
    "check-jsonschema",
)  # fmt: skip


class Scale(NamedTuple):
    """How much is measured; ``branches`` is the size of the largest folder, 0 as the section sees fit."""

    full: bool = False
    branches: int = 0


class Table(NamedTuple):
    """Figures under a heading; ``notes`` say what was left out, and why. Columns of figures stand to the right."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """As Markdown that lines up in a terminal too."""
        columns = [_column(column) for column in zip(self.head, *self.rows, strict=True)]
        body = "\n".join(f"|{'|'.join(cells)}|" for cells in zip(*columns, strict=True)) if self.rows else ""
        notes = "\n".join(f"- {note}" for note in self.notes)
        return "\n\n".join(filter(None, (f"### {self.title}", body, notes)))


def _column(cells: Sequence[str]) -> list[str]:
    """A column with the rule under its head, all padded to one width."""
    width = max(map(_width, cells))
    right = all(cell[:1].isdigit() or cell == "—" for cell in cells[1:])
    pads = [" " * (width - _width(cell)) for cell in cells]
    head, *rest = (f" {pad}{cell} " if right else f" {cell}{pad} " for pad, cell in zip(pads, cells, strict=True))
    return [head, "-" * (width + 1) + (":" if right else "-"), *rest]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def in_turns(
    runs: Mapping[str, Callable[[], T]], rounds: int, seed: int = 1, *, warm: bool = True
) -> dict[str, list[T]]:
    """What each gives, round by round, all taking their turn in shuffled order; a first round to warm up is dropped."""
    dice = random.Random(seed)
    given: dict[str, list[T]] = {name: [] for name in runs}
    for number in range(rounds + warm):
        for name in dice.sample(list(runs), len(runs)):
            found = runs[name]()
            if number or not warm:
                given[name].append(found)
    return given


def cpu_of(work: Callable[[], object]) -> float:
    """CPU seconds of this process for one piece of work, the garbage collector at rest."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def ratio(costs: Sequence[float], yardstick: Sequence[float]) -> float:
    """The median over rounds of cost / yardstick of the same round."""
    return statistics.median(cost / base for cost, base in zip(costs, yardstick, strict=True))


def figure(number: float) -> str:
    """Three figures that count, and no more."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}" if number >= 0.1 else f"{number:.3f}"


def machine() -> list[str]:
    """Processor, cores, system, Python and the versions of what was measured."""
    found = (f"{name} {installed}" for name in LIBRARIES if (installed := _version(name)))
    return [
        f"处理器：{_processor()}，{os.cpu_count()} 核",
        f"系统：{platform.system()} {platform.machine()}",
        f"Python：{platform.python_implementation()} {platform.python_version()}",
        f"各库：{'，'.join(found)}",
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        from dangjian_check import __version__

        return __version__ if name == "dj-check" else ""


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    lines: Iterable[str] = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else ()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())
