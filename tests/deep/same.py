"""The same records under every two circumstances and many more: figures as one line of JSON.

    python tests/deep/same.py --cases 200 --seed 1

Every two values of two axes (processes, cache, hash seed, time zone, locale, order of the files, day) are met, then
``--cases`` times a value of each by chance. On a difference its circumstances and what differs are printed before the
figures, and the status is 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path[:1] = map(str, (Path(__file__).resolve().parents[1], Path(__file__).resolve().parents[2] / "benchmarks"))

from sameness import AXES, READERS, USUAL, Circumstances, Stage, anything, lacking_locales, pairs, records  # noqa: E402

RUNS = ("whole", "verbose", "streamed")


def main() -> int:
    """Run under all circumstances; 0 if every byte was the same."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=200, help="circumstances by chance, beside the pairs")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--files", type=int, default=60)
    asked.add_argument("--most", type=int, help="stop after so many circumstances")
    given = asked.parse_args()
    dice, started = random.Random(given.seed), time.monotonic()
    paired = list(pairs(dice))
    listed = [*paired, *(anything(dice) for _ in range(given.cases))][: given.most]
    different = compared = 0
    with tempfile.TemporaryDirectory() as root:
        stage = Stage(Path(root), records(given.files))
        usual = Circumstances(**USUAL)
        first = stage.answers(usual, RUNS)
        stage.keep(first)
        runs = (*RUNS, *READERS)
        first = stage.answers(usual, runs)
        for one in listed:
            found = stage.answers(one, runs)
            compared += len(found.found)
            differing = first.differing(found)
            if differing:
                different += 1
                sys.stdout.write(f"{one}: {'、'.join(differing)}\n")
    figures = {
        "part": "same",
        "cases": len(listed),
        "failures": different,
        "seed": given.seed,
        "pairs": len(paired),
        "files": given.files,
        "answers compared": compared,
        "values": {axis: len(values) for axis, values in AXES.items()},
        "locales not installed": lacking_locales(),
        "seconds": round(time.monotonic() - started),
    }
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
