"""All the long tests by one command; what they come to is written to ``docs/reliability.md``.

    python tests/deep/run.py                       # the whole of it: hours
    python tests/deep/run.py --scale 0.01          # a hundredth of every part: minutes
    python tests/deep/run.py --only oracle same    # the page keeps the last figures of the others, with their day
    python tests/deep/run.py --only fuzz --no-write

Each part is a script of its own that ends with one line of JSON. A part that cannot run on this machine is told as
such. The status is 1 if a part failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE)

from reliability import Outcome, page  # noqa: E402

ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "reliability.md"
KEPT = PAGE.with_suffix(".json")  # the figures of the page


@dataclass(frozen=True, slots=True)
class Part:
    """A script, the flag that says how much of it, and how much all of it is; ``least`` is the smallest that says
    anything. Most take a seed."""

    name: str
    script: str
    flag: str = ""
    full: float = 0
    least: float = 1
    seeded: bool = True

    def command(self, scale: float, seed: int | None) -> list[str]:
        """As it is called for a share of the whole."""
        line = [sys.executable, str(HERE / self.script)]
        if self.flag:
            much = max(self.least, self.full * scale)
            line += [self.flag, f"{much:g}" if self.full <= 1 else str(round(much))]
        return [*line, *(["--seed", str(seed)] if self.seeded and seed is not None else [])]


PARTS = (
    Part("oracle", "oracle.py", "--cases", 200_000, 200),
    Part("fuzz", "fuzz.py", "--cases", 1_000_000, 500),
    Part("atheris", "atheris_reader.py", "--seconds", 1800, 20),
    Part("faults", "faults.py", seeded=False),
    Part("kills", "kills.py", "--kills", 200, 3),
    Part("flips", "flips.py", "--cases", 20_000, 100),
    Part("canaries", "canaries.py", "--cases", 1_000, 50),
    Part("same", "same.py", "--cases", 200, 2),
    Part("ten_ways", "ten_ways.py", seeded=False),
    Part("mutation", "mutation.py", "--share", 1, 0.005),
    Part("coverage", "covered.py", seeded=False),
)


def tried(part: Part, scale: float, seed: int | None) -> Outcome:
    """One part, run to its end."""
    command = part.command(scale, seed)
    shown = " ".join(["python", f"tests/deep/{part.script}", *command[2:]])
    sys.stderr.write(f"== {shown}\n")
    started = time.monotonic()
    environment = os.environ | {"PYTHONUTF8": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    seconds = round(time.monotonic() - started)
    *said, last = ended.stdout.splitlines() or [""]
    figures = _figures(last)
    if figures is None:
        return Outcome(part.name, "failed", shown, {"status": ended.returncode}, seconds, ended.stdout.splitlines())
    state = "skipped" if "skipped" in figures else "passed" if ended.returncode == 0 else "failed"
    return Outcome(part.name, state, shown, figures, seconds, said)


def _figures(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    only = next(iter(told.values())) if len(told) == 1 else None
    return dict(only) if isinstance(only, Mapping) else told


def machine() -> str:
    """What it ran on, without its name."""
    told = Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}，{os.cpu_count()} 核，{platform.system()}，Python {platform.python_version()}"


def kept() -> dict[str, Outcome]:
    """The last figures of every part that was ever run."""
    told = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else []
    return {one["name"]: Outcome(**one) for one in told}


def keep(outcome: Outcome) -> None:
    """Its figures in the place of those of its last run, and the page anew."""
    known = kept() | {outcome.name: outcome}
    outcomes = [known.get(part.name, Outcome(part.name, "left")) for part in PARTS]
    written = [asdict(one) for one in outcomes if one.state != "left"]
    KEPT.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(outcomes), encoding="utf-8")


def main() -> int:
    """Every part that is asked for, each put on the page as it ends; 0 if none failed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=1.0)
    asked.add_argument("--seed", type=int, help="of every part that has one; without it each has its own")
    names = [part.name for part in PARTS]
    asked.add_argument("--only", nargs="*", choices=names, default=names)
    asked.add_argument("--date", default=date.today().isoformat(), help="the day on the page")
    asked.add_argument("--no-write", action="store_true")
    given = asked.parse_args()
    failed = 0
    for part in (part for part in PARTS if part.name in given.only):
        found = tried(part, given.scale, given.seed)
        outcome = replace(found, day=given.date, machine=machine(), scale=given.scale if part.flag else 1)
        failed += outcome.state == "failed"
        told = {"part": part.name, "state": outcome.state, **outcome.figures}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        if not given.no_write:
            keep(outcome)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
