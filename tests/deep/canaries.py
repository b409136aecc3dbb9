"""Records with canaries by chance through every command: figures as one line of JSON.

    python tests/deep/canaries.py --cases 1000 --seed 1

Forty records together, by turns with names hidden and not, in one process and in two, by small standards and now and
then by those the records name. What got out is printed before the figures, and the status is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from flights import SMALL, bird, fly  # noqa: E402

TOGETHER = 40
_NATIONAL_EVERY, _TWO_EVERY = 10, 5  # flights


def main() -> int:
    """Let the birds fly; 0 if none got out."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=1_000, help="records, each with dozens of canaries")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="the number of the first record")
    given = asked.parse_args()
    started, searched, out, statuses = time.process_time(), 0, 0, Counter[str]()
    names = refused = 0
    last = given.first + given.cases
    for turn, first in enumerate(range(given.first, last, TOGETHER)):
        birds = [bird(given.seed, number) for number in range(first, min(first + TOGETHER, last))]
        names, refused = names + sum(len(one.names) for one in birds), refused + sum(one.refused for one in birds)
        with tempfile.TemporaryDirectory() as folder:
            os.environ["DJ_CHECK_CACHE"] = str(Path(folder) / "cache")
            flight = fly(
                birds,
                Path(folder),
                masked=turn % 2 == 0,
                jobs=2 if turn % _TWO_EVERY == 0 else 1,
                standards=() if turn % _NATIONAL_EVERY == 1 else SMALL,
            )
        searched, out = searched + flight.searched, out + len(flight.escaped)
        statuses.update(map(str, flight.statuses.values()))
        for where in sorted(set(flight.escaped))[:20]:
            sys.stdout.write(f"records {first} and following: {where}\n")
    strange = sorted(set(statuses) - {"0", "1", "2"})
    figures = {
        "part": "canaries",
        "cases": given.cases,
        "failures": out + len(strange),
        "seed": given.seed,
        "names": names,
        "refused records": refused,
        "outputs searched": searched,
        "statuses": dict(sorted(statuses.items())),
        "cpu_seconds": round(time.process_time() - started, 1),
    }
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 1 if figures["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
