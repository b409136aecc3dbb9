"""Every call on a disk failing under every format of an audit, its state and its cache: figures as one line of JSON.

    python tests/deep/faults.py

With ``--every N`` only each N-th fault is tried. A real disk that is full is tried as well where one may be mounted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from dangjian_check.reports import FORMATS  # noqa: E402
from faulty_runs import Scene, call, faults, full_disks, harm, undisturbed  # noqa: E402


def scenes(folder: Path) -> list[tuple[Scene, bool]]:
    """Every format by itself; what is kept, beside the output and in the cache."""
    plain = [(Scene(form, folder, streamed=FORMATS[form].streamed), False) for form in FORMATS]
    return [*plain, *((Scene("jsonl", folder, kept=True, streamed=True), cache) for cache in (False, True))]


def main() -> int:
    """Let them all fail; 0 if no output was torn, lost in silence or left unfinished."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--every", type=int, default=1)
    given = asked.parse_args()
    os.environ["DJ_CHECK_CACHE"] = ""
    started, tried, wrong = time.monotonic(), 0, list[str]()
    with tempfile.TemporaryDirectory() as folder:
        for scene, cache in scenes(Path(folder) / "scene"):
            new, sound, counted = undisturbed(scene, call, cache=cache)
            for fault in list(faults(counted))[:: given.every]:
                found = harm(scene, fault, call, new, sound, cache=cache)
                tried += 1
                if found:
                    wrong.append(f"{scene.form}, {fault}: {found}")
        disks, more = full_disks(Path(folder) / "disk", FORMATS)
    for line in (*wrong, *more):
        sys.stderr.write(f"{line}\n")
    figures = {
        "part": "faults", "cases": tried, "full disks": disks, "failures": len(wrong) + len(more),
        "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(figures) + "\n")
    return 1 if wrong or more else 0


if __name__ == "__main__":
    sys.exit(main())
