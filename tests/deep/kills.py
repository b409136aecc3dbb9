"""Runs killed at random and gone on with: figures as one line of JSON.

python tests/deep/kills.py --kills 200 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from killed import Field, Told, killed_until_done  # noqa: E402


def main() -> int:
    """Kill so many times; 0 if nothing was lost, doubled, torn or left."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--records", type=int, default=300)
    given = asked.parse_args()
    chance, told, started, runs = random.Random(given.seed), Told(), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        ground = Field(Path(folder) / "field", given.records)
        while told.kills < given.kills:
            jobs, kills = chance.choice((1, 2)), min(chance.choice((1, 1, 2, 3)), given.kills - told.kills)
            before = len(told.wrong)
            killed_until_done(ground, chance, jobs, kills, told)
            runs += 1
            for wrong in told.wrong[before:]:
                sys.stderr.write(f"run {runs}, jobs {jobs}: {wrong}\n")
    figures = {
        "part": "kills", "cases": told.kills, "seed": given.seed, "runs": runs, "gone on with": told.resumed,
        "most redone": told.redone, "failures": len(told.wrong), "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
