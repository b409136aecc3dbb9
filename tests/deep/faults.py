"""Every call on a disk failing under every format of an audit, its state and its cache: figures as one line of JSON.

    python tests/deep/faults.py

With ``--every N`` only each N-th fault is tried. A real disk that is full is tried as well where one may be mounted.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

sys.path[0] = str(Path(__file__).resolve().parents[1])

from dangjian_check.cli.main import run_cli  # noqa: E402
from dangjian_check.reports import FORMATS  # noqa: E402
from faulty_runs import OLD, Scene, faults, harm, undisturbed  # noqa: E402
from program import LAX, PROBE, Done, dj  # noqa: E402


def call(*arguments: str | Path) -> Done:
    """The command line inside this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with patch.object(sys, "stdout", out), patch.object(sys, "stderr", err):
        status = run_cli([str(argument) for argument in arguments])
        out.flush()
        err.flush()
    said = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err)]  # type: ignore[attr-defined]
    return Done(int(status), *said)


def scenes(folder: Path) -> list[tuple[Scene, bool]]:
    """Every format by itself; what is kept, beside the output and in the cache."""
    plain = [(Scene(form, folder, streamed=FORMATS[form].streamed), False) for form in FORMATS]
    return [*plain, *((Scene("jsonl", folder, kept=True, streamed=True), cache) for cache in (False, True))]


def full_disks(folder: Path) -> tuple[int, list[str]]:
    """Every format onto a disk of 16 kB that holds an old output: how many were tried, and what went wrong."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return 0, []
    wrong = []
    try:
        (folder / "filler").write_bytes(b"x" * 8192)
        for form in FORMATS:
            out = folder / "out"
            out.write_bytes(OLD)
            done = dj("audit", LAX, *PROBE, "--period", "2024", "-f", "rows", "-o", f"{form}:{out}")
            whole = done.returncode == 1 and out.read_bytes() != OLD
            kept = done.returncode == 2 and out.read_bytes() == OLD and b"Traceback" not in done.stderr
            if not (whole or kept) or {path.name for path in folder.iterdir()} != {"filler", "out"}:
                wrong.append(f"full disk, {form}: {done.returncode} {done.stderr.decode()[-200:]}")
    finally:
        subprocess.run(["umount", str(folder)], check=False)
    return len(FORMATS), wrong


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
        disks, more = full_disks(Path(folder) / "disk")
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
