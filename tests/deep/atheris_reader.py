"""Guided by coverage: bytes that lead the reader of records where none have led it before.

    python tests/deep/atheris_reader.py --seconds 1800 --seed 1 --keep FOLDER

The first byte says how the rest is read: as YAML, by the fast reader or the careful one, as JSON, as CSV. Figures as
one line of JSON; what does harm is in the folder, and the status is 1. Where atheris is not installed that is said, and
nothing is done.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[0] = str(TESTS)
MOST = 4096  # bytes of one input


def main() -> int:
    """Run for so long in a process of its own; 0 if nothing did harm."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=1800)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--keep", type=Path)
    given = asked.parse_args()
    try:
        import atheris  # noqa: F401
    except ImportError:
        sys.stdout.write(json.dumps({"part": "atheris", "skipped": "atheris is not installed"}) + "\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        corpus, kept = Path(folder) / "corpus", given.keep or Path(folder) / "finds"
        for place in (corpus, kept):
            place.mkdir(parents=True, exist_ok=True)
        _planted(corpus)
        flags = [f"-max_total_time={given.seconds}", f"-seed={given.seed}", f"-max_len={MOST}", "-timeout=1",
                 "-rss_limit_mb=512", f"-artifact_prefix={kept}/", "-print_final_stats=1"]  # fmt: skip
        started = time.monotonic()
        command = [sys.executable, __file__, "--inside", *flags, str(corpus)]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
        runs = re.findall(r"number_of_executed_units:\s*(\d+)", done.stderr)
        grown, found = len(list(corpus.iterdir())), sorted(path.name for path in kept.iterdir())
    harmful = bool(found) or done.returncode != 0
    if harmful:
        sys.stderr.write(done.stderr[-3000:])
    figures = {
        "part": "atheris", "cases": int(runs[-1]) if runs else 0, "seed": given.seed, "corpus": grown,
        "failures": int(harmful), "seconds": round(time.monotonic() - started, 1),
    }  # fmt: skip
    sys.stdout.write(json.dumps(figures) + "\n")
    return int(harmful)


def _planted(corpus: Path) -> None:
    """The sound inputs, each for every way it may be read."""
    from fuzzing import seeds

    sources = {0: seeds.records_yaml, 1: seeds.records_yaml, 2: seeds.records_json, 3: seeds.tables}
    for way, made in sources.items():
        for number, (_, raw) in enumerate(made()):
            (corpus / f"{way}-{number}").write_bytes(bytes([way]) + raw[: MOST - 1])


def _fuzz() -> None:
    """What the process of its own does."""
    import atheris

    os.environ["DJ_CHECK_CACHE"] = ""
    with atheris.instrument_imports(include=["dangjian_check"]):
        from dangjian_check.errors import DjCheckError
        from dangjian_check.loading import INPUTS, yaml_events
        from dangjian_check.loading.chinese import in_our_keys
        from dangjian_check.loading.records import validate
        from dangjian_check.model.record import Record
    readers: list[Callable[[bytes, str], Any]] = [
        INPUTS[".yaml"], lambda raw, file: [yaml_events.read_yaml(raw, file)], INPUTS[".json"], INPUTS[".csv"],
    ]  # fmt: skip

    def one(raw: bytes) -> None:
        if raw:
            with contextlib.suppress(DjCheckError):
                for tree in readers[raw[0] % len(readers)](raw[1:], "a"):
                    validate(in_our_keys(tree, Record))

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    if "--inside" in sys.argv:
        sys.argv.remove("--inside")
        _fuzz()
    sys.exit(main())
