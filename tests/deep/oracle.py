"""The engine against the evaluator by hand on many random cases: figures as one line of JSON.

    python tests/deep/oracle.py --cases 200000 --seed 1

On a difference the smallest case that still shows it is printed as YAML before the figures, and the status is 1. Known
differences (``tests/oracle/open_differences.py``) are counted apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from ruamel.yaml import YAML

sys.path[0] = str(Path(__file__).resolve().parents[1])

from oracle.cases import case  # noqa: E402
from oracle.open_differences import explained  # noqa: E402
from oracle.versus import differs, disagreements, smallest, unexplained  # noqa: E402


def main() -> int:
    """Judge the cases; 0 if nothing unexplained was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=200_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="the number of the first case")
    given = asked.parse_args()
    started, known, kinds = time.process_time(), Counter[str](), Counter[str]()
    judged = 0
    for number in range(given.first, given.first + given.cases):
        found = case(given.seed, number)
        judged += 1
        kinds.update(rule["check"]["kind"] for rule in found["rules"])
        differences = disagreements(found)
        titles = [explained(difference) for difference in differences]
        known.update({title for title in titles if title is not None})
        if None in titles:
            least = smallest(found) if differs(found) else found
            said = [{"window": d.window, "by hand": d.hand, "engine": d.engine} for d in unexplained(least)]
            YAML(typ="safe").dump({"seed": given.seed, "case": number, **least, "differences": said}, sys.stdout)
            break
    clean = judged == given.cases and not (differences and None in titles)
    figures = {
        "oracle": {
            "cases": judged,
            "seed": given.seed,
            "rules": dict(sorted(kinds.items())),
            "unexplained": 0 if clean else 1,
            "cases of open differences": dict(sorted(known.items())),
            "cpu_seconds": round(time.process_time() - started, 1),
        }
    }
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
