"""What one cold start costs, as ratios measured side by side in one run.

Every program runs in a process of its own, stdout a pipe, ``PYTHONDONTWRITEBYTECODE`` unset. In each round all of
them take their turn in shuffled order; a ratio is the median over the rounds of (program / yardstick of the same
round). There is no pass mark: a busy machine moves every figure, and the milliseconds only give the order of size.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "teachers-lax.yaml"
BARE = "import typer, pydantic, ruamel.yaml, rich"
WORKING = "import typer, ruamel.yaml; from pydantic import BaseModel; from rich.console import Console"


class Program(NamedTuple):
    """One command line, what it is called in the table, and the exit statuses that mean it did its work."""

    label: str
    command: list[str]
    good: tuple[int, ...] = (0,)


class Cost(NamedTuple):
    """Seconds of one run."""

    wall: float
    cpu: float


def programs(example: Path, room: Path) -> list[Program]:
    """The yardsticks first, then what is measured against them. ``room`` is a folder for what they need."""
    script = Path(sysconfig.get_path("scripts")) / "dj-check"
    tool = [str(script)] if script.exists() else [sys.executable, "-m", "dangjian_check"]
    short = room / "branch.yaml"
    short.write_text("branch: {name: 测试支部, standards: [national, voc]}\n", encoding="utf-8")
    return [
        Program("python -c pass", [sys.executable, "-c", "pass"]),
        Program(f"python -c '{BARE}'", [sys.executable, "-c", BARE]),
        Program("同上，取到真要用的类", [sys.executable, "-c", WORKING]),
        Program("dj-check --version", [*tool, "--version"]),
        Program("dj-check --help", [*tool, "--help"]),
        Program("dj-check audit 一行的记录，两份标准", [*tool, "audit", str(short)], (0, 1, 3)),
        Program(f"dj-check audit {example.name}", [*tool, "audit", str(example)], (0, 1)),
        Program(f"dj-check validate {example.name}", [*tool, "validate", str(example)]),
        *peers(example, room, tool),
    ]


def peers(example: Path, room: Path, tool: list[str]) -> list[Program]:
    """check-jsonschema on the same record with our JSON Schema of it, if it is installed."""
    beside = Path(sys.executable).with_name("check-jsonschema")
    found = str(beside) if beside.exists() else shutil.which("check-jsonschema")
    if found is None:
        print("没有装 check-jsonschema，不比；装法：pip install check-jsonschema")
        return []
    schema = room / "record.schema.json"
    schema.write_bytes(subprocess.run([*tool, "schema", "record"], capture_output=True, check=True).stdout)
    return [Program(f"check-jsonschema {example.name}", [found, "--schemafile", str(schema), str(example)])]


def run(program: Program) -> Cost:
    """One run of a program, its output taken through a pipe and thrown away."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(program.command, capture_output=True, env=environment, cwd=ROOT, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in program.good:
        sys.exit(f"{program.label}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(listed: list[Program], rounds: int, seed: int) -> dict[str, list[Cost]]:
    """The costs of every program, round by round; a first round warms caches and is not counted."""
    order = random.Random(seed)
    costs: dict[str, list[Cost]] = {program.label: [] for program in listed}
    for number in range(rounds + 1):
        for program in order.sample(listed, len(listed)):
            cost = run(program)
            if number:
                costs[program.label].append(cost)
    return costs


def ratios(costs: list[Cost], yardstick: list[Cost]) -> Cost:
    """The medians over rounds of cost / yardstick of the same round, wall and CPU."""
    pairs = list(zip(costs, yardstick, strict=True))
    return Cost(
        statistics.median(cost.wall / base.wall for cost, base in pairs),
        statistics.median(cost.cpu / base.cpu for cost, base in pairs),
    )


def table(listed: list[Program], costs: dict[str, list[Cost]]) -> str:
    """One line a program: ratios to both yardsticks, wall and CPU, then milliseconds for orientation."""
    first, second = (costs[program.label] for program in listed[:2])
    lines = ["  对 python -c pass    对四个库的导入     中位数", "  时钟倍    CPU倍    时钟倍    CPU倍     毫秒  程序"]
    for program in listed:
        own = costs[program.label]
        figures = [figure for base in (first, second) for figure in ratios(own, base)]
        milliseconds = statistics.median(cost.wall for cost in own) * 1000
        lines.append("".join(f"{figure:8.2f} " for figure in figures) + f"{milliseconds:8.0f}  {program.label}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="冷启动的代价，以同一轮里的倍数表示")
    parser.add_argument("--rounds", type=int, default=15, help="轮数")
    parser.add_argument("--seed", type=int, default=1, help="次序的随机种子")
    parser.add_argument("example", type=Path, nargs="?", default=EXAMPLE, help="核查哪份记录")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        listed = programs(asked.example.resolve(), Path(room))
        print(f"Python {sys.version.split()[0]}，{sys.platform}，{os.cpu_count()} 核，{asked.rounds} 轮，每轮次序打乱")
        print(table(listed, measure(listed, asked.rounds, asked.seed)))


if __name__ == "__main__":
    main()
