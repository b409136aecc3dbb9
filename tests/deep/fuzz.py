"""Mutated inputs through every way in: figures as one line of JSON.

    python tests/deep/fuzz.py --cases 1000000 --seed 2 --jobs 2

Every harmful input is written to the folder ``--keep`` and told; the status is 1 then. A process that dies over an
input, or fails to make one, costs its block, which is told as well.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])
if __name__ == "__main__":
    os.environ["DJ_CHECK_CACHE"] = tempfile.mkdtemp(prefix="fuzz-")

from fuzzing.trial import Find, finds  # noqa: E402
from fuzzing.ways_in import WAYS  # noqa: E402

BLOCK = 500
AT_ONCE = 60  # blocks, after which the processes are begun afresh
Block = tuple[str, int, int, int]


def _block(block: Block) -> tuple[list[Find], int, int]:
    name, seed, first, count = block
    with tempfile.TemporaryDirectory() as folder:
        found, read = finds(name, seed, count, Path(folder), first)
    return found, read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _blocks(cases: int, seed: int, only: list[str]) -> list[Block]:
    """The inputs in blocks, every way in with its share."""
    chosen = {name: way for name, way in WAYS.items() if not only or name in only}
    whole = sum(way.share for way in chosen.values())
    found = []
    for name, way in chosen.items():
        mine = -(-cases * way.share // whole)
        found += [(name, seed, first, min(BLOCK, mine - first)) for first in range(0, mine, BLOCK)]
    return found


def main() -> int:
    """Try them all; 0 if none did harm."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=2)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--ways", nargs="*", default=[], choices=[*WAYS])
    asked.add_argument("--keep", type=Path, help="a folder for what does harm")
    given = asked.parse_args()
    started = time.monotonic()
    blocks = _blocks(given.cases, given.seed, given.ways)
    harmful: list[str] = []
    tried, read, largest = Counter[str](), Counter[str](), 0
    waiting = list(reversed(blocks))
    while waiting:
        before = len(waiting)
        with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
            under_way = {pool.submit(_block, block): block for block in waiting[-AT_ONCE:]}
            for future in as_completed(under_way):
                block = under_way[future]
                try:
                    found, sound, size = future.result()
                except BrokenProcessPool:
                    continue
                except Exception as error:
                    waiting.remove(block)
                    harmful.append(f"{block}: {error!r}")
                    sys.stderr.write(f"{harmful[-1]}\n")
                    continue
                waiting.remove(block)
                tried[block[0]] += block[3]
                read[block[0]] += sound
                largest = max(largest, size)
                for find in found:
                    harmful.append(str(find))
                    sys.stderr.write(f"{find}\n")
                    if given.keep:
                        given.keep.mkdir(parents=True, exist_ok=True)
                        (given.keep / f"{find.way}~{find.seed}-{find.number}~{find.name}").write_bytes(find.raw)
        if len(waiting) == before:
            harmful.append(f"a process died over {waiting[-1]}")
            break
    figures = {
        "part": "fuzz", "cases": sum(tried.values()), "seed": given.seed, "failures": len(harmful),
        "tried": dict(tried), "read": dict(read), "largest process MB": largest // 1024,
        "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 1 if harmful else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        shutil.rmtree(os.environ["DJ_CHECK_CACHE"], ignore_errors=True)
