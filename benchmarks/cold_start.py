"""What one cold start costs, as ratios measured side by side in one run.

    python benchmarks/cold_start.py

Every program runs in a process of its own, stdout a pipe, ``PYTHONDONTWRITEBYTECODE`` unset. In each round all of
them take their turn in shuffled order; a ratio is the median over the rounds of (program / yardstick of the same
round). There is no pass mark: a busy machine moves every figure, and the milliseconds only give the order of size.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from figures import Scale, Table, figure, in_turns, ratio

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "teachers-lax.yaml"
BARE = "import typer, pydantic, ruamel.yaml, rich"
WORKING = "import typer, ruamel.yaml; from pydantic import BaseModel; from rich.console import Console"
HEAD = ("程序", "对 pass，时钟", "对 pass，CPU", "对四个库，时钟", "对四个库，CPU", "毫秒")


class Program(NamedTuple):
    """One command line, what it is called in the table, and the exit statuses that mean it did its work."""

    label: str
    command: list[str]
    good: tuple[int, ...] = (0,)


class Cost(NamedTuple):
    """Seconds of one run."""

    wall: float
    cpu: float


def tool() -> list[str]:
    """How dj-check is started here."""
    script = Path(sysconfig.get_path("scripts")) / "dj-check"
    return [str(script)] if script.exists() else [sys.executable, "-m", "dangjian_check"]


def programs(example: Path, folder: Path) -> list[Program]:
    """The yardsticks first, then what is measured against them; the schema for the peer is written to ``folder``."""
    short = folder / "branch.yaml"
    short.write_text("branch: {name: 测试支部, standards: [national, voc]}\n", encoding="utf-8")
    return [
        Program("python -c pass", [sys.executable, "-c", "pass"]),
        Program(f"python -c '{BARE}'", [sys.executable, "-c", BARE]),
        Program("同上，取到真要用的类", [sys.executable, "-c", WORKING]),
        Program("dj-check --version", [*tool(), "--version"]),
        Program("dj-check --help", [*tool(), "--help"]),
        Program("dj-check audit 一行的记录，两份标准", [*tool(), "audit", str(short)], (0, 1, 3)),
        Program(f"dj-check audit {example.name}", [*tool(), "audit", str(example)], (0, 1)),
        Program(f"dj-check validate {example.name}", [*tool(), "validate", str(example)]),
        *_peer(example, folder),
    ]


def _peer(example: Path, folder: Path) -> list[Program]:
    """check-jsonschema on the same file, by our own schema, if it is installed."""
    if find_spec("check_jsonschema") is None:
        return []
    schema = folder / "branch.schema.json"
    schema.write_bytes(subprocess.run([*tool(), "schema", "record"], capture_output=True, check=True).stdout)
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(example)]
    return [Program(f"check-jsonschema {example.name}", command, (0, 1))]


def run(program: Program) -> Cost:
    """One run of a program, its output taken through a pipe and thrown away."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(program.command, capture_output=True, env=environment, cwd=ROOT, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in program.good:
        sys.exit(f"{program.label}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(scale: Scale) -> list[Table]:
    """The table of cold starts."""
    return [table(EXAMPLE, 31 if scale.full else 7)]


def table(example: Path, rounds: int, seed: int = 1) -> Table:
    """One line a program: ratios to both yardsticks, wall and CPU, then milliseconds for orientation."""
    with TemporaryDirectory() as folder:
        listed = programs(example, Path(folder))
        costs = in_turns({p.label: lambda p=p: run(p) for p in listed}, rounds, seed)  # type: ignore[misc]
    yardsticks = [costs[program.label] for program in listed[:2]]
    rows = []
    for program in listed:
        own = costs[program.label]
        pairs = [(own, base) for base in yardsticks]
        walls = [figure(ratio([c.wall for c in mine], [c.wall for c in base])) for mine, base in pairs]
        cpus = [figure(ratio([c.cpu for c in mine], [c.cpu for c in base])) for mine, base in pairs]
        milliseconds = f"{statistics.median(cost.wall for cost in own) * 1000:.0f}"
        rows.append((program.label, walls[0], cpus[0], walls[1], cpus[1], milliseconds))
    missing = () if len(listed) > 6 else ("没有装 check-jsonschema，这一项没有测",)
    return Table(f"一个新进程，标准输出接管道，{rounds} 轮", HEAD, rows, missing)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="冷启动的代价，以同一轮里的倍数表示")
    parser.add_argument("--rounds", type=int, default=15, help="轮数")
    parser.add_argument("--seed", type=int, default=1, help="次序的随机种子")
    parser.add_argument("example", type=Path, nargs="?", default=EXAMPLE, help="核查哪份记录")
    asked = parser.parse_args()
    print(f"Python {sys.version.split()[0]}，{sys.platform}，{os.cpu_count()} 核，{asked.rounds} 轮，每轮次序打乱\n")
    print(table(asked.example.resolve(), asked.rounds, asked.seed).text())


if __name__ == "__main__":
    main()
