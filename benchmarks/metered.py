"""One piece of work in a process of its own, its cost as a line of JSON; the imports are outside the clock.

python benchmarks/metered.py audit ARGUMENTS…     what `dj-check audit ARGUMENTS…` does, its output thrown away
python benchmarks/metered.py yaml FOLDER          every record loaded by PyYAML's C loader, nothing kept
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """Seconds of wall time, CPU seconds with those of the children, peak memory of the process itself in bytes."""

    wall: float
    cpu: float
    memory: int
    status: int = 0


class Failed(Exception):
    """The work could not be done."""


def metered(*arguments: str | Path, cache: Path | None = None) -> Cost:
    """Run this file on these arguments, what is kept of it in a cache of its own. Raises `Failed` where the work did
    not end well."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"DJ_CHECK_CACHE": str(cache)} if cache else {}
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    if done.returncode:
        raise Failed("".join(done.stderr.decode(errors="replace").strip().splitlines()[-1:]))
    cost = Cost(**json.loads(done.stdout.splitlines()[-1]))
    if cost.status not in (0, 1):
        raise Failed(f"{arguments[0]}: exit {cost.status}")
    return cost


def _work(kind: str, arguments: list[str]) -> Callable[[], int]:
    if kind == "yaml":
        import yaml

        files = sorted(Path(arguments[0]).rglob("*.yaml"))

        def load() -> int:
            for file in files:
                yaml.load(file.read_bytes(), yaml.CSafeLoader)
            return 0

        return load
    from dangjian_check.cli.main import run_cli

    import_module("dangjian_check.cli.audit")

    def audit() -> int:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
            return int(run_cli(["audit", *arguments]))

    return audit


def _cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _peak() -> int:
    """VmHWM begins anew with the program, unlike ru_maxrss, which may be the parent's."""
    listed = Path("/proc/self/status")
    if not listed.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in listed.read_text(encoding="ascii", errors="replace").splitlines() if "VmHWM" in line)
    return int(line.split()[1]) * 1024


def main() -> None:
    """Do the work and print what it cost."""
    work = _work(sys.argv[1], sys.argv[2:])
    spent, start = _cpu(), time.perf_counter()
    status = work()
    print(json.dumps(Cost(time.perf_counter() - start, _cpu() - spent, _peak(), status)._asdict()))


if __name__ == "__main__":
    main()
