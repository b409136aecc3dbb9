"""Bytes flipped in cache, state and compiled standards: figures as one line of JSON.

python tests/deep/flips.py --cases 20000 --seed 1
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

from faulty_runs import call  # noqa: E402
from flipped import Kept  # noqa: E402


def main() -> int:
    """Flip so many; 0 if every answer was the one without what is kept."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    started, wrong, tried = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for state in (False, True):
            kept, chance = Kept(Path(folder) / f"scene-{state}", call, state=state), random.Random(given.seed)
            for _ in range(given.cases // 2):
                found = kept.harm(chance)
                tried += 1
                if found:
                    wrong += 1
                    sys.stderr.write(f"{found}\n")
    figures = {"part": "flips", "cases": tried, "seed": given.seed, "failures": wrong}
    sys.stdout.write(json.dumps(figures | {"seconds": round(time.monotonic() - started, 1)}) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
