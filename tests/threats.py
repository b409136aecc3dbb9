"""A threat as it meets the program: in a process of its own with little memory and little time, its cost measured."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from program import PROBE, SOUND, TESTS, plain_env

MEMORY = 1 << 30  # bytes a process may ask for at all
SECONDS = 10
COSTLY = (2.0, 300 * 1024)  # seconds and kilobytes on top of what judging one sound record takes
ID_CARD, PHONE = "110101199003074514", "13800138000"
HAN = re.compile(r"[一-鿿]")
TERMINAL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


class Met(NamedTuple):
    """How the program met a threat: status, both streams, and what it took (CPU seconds, kilobytes)."""

    status: int
    raw: bytes
    err: str
    seconds: float
    kilobytes: int

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def judged(self) -> list[str]:
        """The names of the files judged, of a run that wrote JSON Lines."""
        lines = [json.loads(line) for line in self.out.splitlines()]
        return sorted({Path(x["branch"]["file"]).name for x in lines if x["type"] == "assessment"})

    def of(self, path: Path | str) -> list[str]:
        """What was said of a file."""
        return [line for line in self.err.splitlines() if line.startswith(f"{path}:")]

    @property
    def ill(self) -> list[str]:
        """Lines on stderr that are not ``place: what. → what to do`` in Chinese, or that show a personal number."""
        return [line for line in self.err.splitlines() if not speaks(line)]

    def costly(self, files: int = 1) -> bool:
        """Whether so many files took more than the bars."""
        plain = sound()
        dear, large = self.seconds - plain.seconds > COSTLY[0] * files, self.kilobytes - plain.kilobytes > COSTLY[1]
        return dear or large

    @property
    def figures(self) -> tuple[float, int]:
        """What it took on top of judging one sound record: CPU seconds, megabytes."""
        plain = sound()
        return round(self.seconds - plain.seconds, 2), (self.kilobytes - plain.kilobytes) // 1024


def speaks(line: str) -> bool:
    """Whether a line stands somewhere, says in Chinese what is wrong and what to do, and gives nobody away."""
    place, colon, said = line.partition(": ")
    what, arrow, remedy = said.rpartition(" → ")
    told = bool(place and colon and arrow and HAN.search(what) and HAN.search(remedy))
    return told and ID_CARD not in line and PHONE not in line and TERMINAL.search(line) is None and len(line) < 600


def meet(
    *arguments: str | bytes | Path,
    program: tuple[str, ...] = ("-m", "dangjian_check"),
    memory: int = MEMORY,
    **more: Any,
) -> Met:
    """One command line, confined; ``env`` and the streams may be given as for `subprocess.run`."""
    env = plain_env(**more.pop("env", {}))
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    number, figures = tempfile.mkstemp()
    os.close(number)
    try:
        command = [sys.executable, "-I", "-S", TESTS / "confined.py", figures, str(memory), str(SECONDS)]
        command += [sys.executable, *program, *arguments]
        done = subprocess.run(command, env=env, timeout=6 * SECONDS, check=False, **streams)
        took = json.loads(Path(figures).read_text(encoding="ascii"))
    finally:
        Path(figures).unlink()
    err = (done.stderr or b"").decode()
    return Met(done.returncode, done.stdout or b"", err, took["seconds"], took["kilobytes"])


@cache
def sound() -> Met:
    """What one sound record takes."""
    met = meet("audit", SOUND, *PROBE, "--format", "jsonl")
    assert (0, "") == (met.status, met.err), met.err
    return met
