"""Which lines and branches the quick tests reach, programs they start included: figures as one line of JSON.

    python tests/deep/covered.py                 # runs the quick tests under coverage, minutes
    python tests/deep/covered.py --tests tests/test_keys.py --report

Every branch of the rooms where a slip costs most must be reached (`WHOLE`), and `LEAST` of everything; what only
another system takes is none of these. The status is 1 if a bar is missed; tests that fail are told, and are for the
quick run to judge.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT / "tests")

try:
    from coverage import Coverage
except ImportError:
    sys.stdout.write('{"part": "coverage", "skipped": "coverage is not installed"}\n')
    sys.exit(0)

LEAST = 95.0
WHOLE = {
    "guard": ("loading/yaml_events.py", "loading/yaml_scalars.py"),
    "masking": ("engine/privacy.py", "model/personal.py"),
    "escaping": ("reports/base.py",),
    "exit status": ("cli/exits.py", "engine/upshot.py"),
    "atomic write": ("cli/streams.py",),
    "cache key": ("batch/keys.py",),
}
UNFIT = "tests/test_cluster.py::test_work_that_kills_every_worker_is_given_up"  # cannot send a watched `os._exit`
SETTINGS = """\
[run]
branch = true
source_pkgs = dangjian_check
parallel = true
data_file = {folder}/data
patch = _exit, fork
disable_warnings = no-data-collected, module-not-imported, module-not-measured, couldnt-parse
[report]
partial_also =
    if sys.platform != "win32":
exclude_also =
    if TYPE_CHECKING:
    \\.\\.\\.$
"""


def measured(tests: list[str], workers: str, folder: Path) -> tuple[Coverage, int]:
    """The tests run under coverage, with every program they start."""
    (folder / "settings.ini").write_text(SETTINGS.format(folder=folder), encoding="utf-8")
    start = folder / "start"
    start.mkdir()
    (start / "sitecustomize.py").write_text("import coverage\n\ncoverage.process_startup()\n", encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(start), os.environ.get("PYTHONPATH", "")]))
    environment = os.environ | {"PYTHONPATH": path, "COVERAGE_PROCESS_START": str(folder / "settings.ini")}
    flags = ["-q", "-p", "no:cacheprovider", "-n", workers, "--timeout", "900", "--deselect", UNFIT]
    command = [sys.executable, "-m", "pytest", *flags, *tests]
    ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False).returncode
    looked = Coverage(config_file=str(folder / "settings.ini"))
    looked.combine()
    return looked, ended


def reached(looked: Coverage, folder: Path) -> dict[str, Any]:
    """The figures of coverage, with the files named from the package down."""
    report = folder / "report.json"
    with report.with_suffix(".txt").open("w") as nowhere:
        looked.report(file=nowhere)
    looked.json_report(outfile=str(report))
    found = json.loads(report.read_text("utf-8"))
    files = {name.partition("dangjian_check/")[2]: file for name, file in found["files"].items()}
    return {"files": files, "totals": found["totals"]}


def missing(found: dict[str, Any]) -> dict[str, list[str]]:
    """What is not reached of the files that must be reached whole: branches as ``from->to``, lines."""
    lacking = {}
    for file in (file for files in WHOLE.values() for file in files):
        told = found["files"][file]
        branches = [f"{start}->{'exit' if end < 0 else end}" for start, end in told["missing_branches"]]
        if branches or told["missing_lines"]:
            lacking[file] = [*branches, *map(str, told["missing_lines"])]
    return lacking


def main() -> int:
    """Run and count; 0 if both bars are met."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tests", nargs="*", default=["tests"])
    asked.add_argument("--workers", default="2")
    asked.add_argument("--report", action="store_true", help="also every file that is not reached whole, on stderr")
    given = asked.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        looked, ended = measured(given.tests, given.workers, Path(name))
        found = reached(looked, Path(name))
    lacking = missing(found)
    if given.report:
        for file, told in sorted(found["files"].items(), key=lambda pair: pair[1]["summary"]["percent_covered"]):
            if told["missing_lines"] or told["missing_branches"]:
                branches = " ".join(f"{start}->{end}" for start, end in told["missing_branches"])
                lines = " ".join(map(str, told["missing_lines"]))
                sys.stderr.write(f"{told['summary']['percent_covered']:.1f} {file} {lines} | {branches}\n")
    totals = found["totals"]
    figures = {
        "part": "coverage",
        "percent": round(totals["percent_covered"], 2),
        "lines": totals["num_statements"],
        "branches": totals["num_branches"],
        "branches_reached": totals["covered_branches"],
        "whole": {what: not any(file in lacking for file in files) for what, files in WHOLE.items()},
        "missing": lacking,
        "tests_passed": ended == 0,
        "failures": len(lacking) + (totals["percent_covered"] < LEAST),
        "seconds": round(time.monotonic() - started),
    }
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 1 if figures["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
