"""Audits on a failing disk, and what must hold of each: old or new and never torn, told if not new, nothing left."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from dangjian_check.cli import batch
from dangjian_check.cli.main import run_cli
from faults import CALLS, ERRORS, Disk, Fault, failing
from program import LAX, PACKS, PROBE, SOUND, Done, dj

OLD = b"what was there before\n"
LEFT = ".tmp"
Call = Callable[..., Done]


@dataclass(frozen=True, slots=True)
class Scene:
    """An audit of two records into ``out``; ``kept`` with a state beside the output and a cache."""

    form: str
    folder: Path
    kept: bool = False
    streamed: bool = False

    @property
    def out(self) -> Path:
        return self.folder / "out" / f"report.{self.form}"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def lay(self) -> None:
        """Two records, an old report, nothing kept."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("in", "out"):
            (self.folder / name).mkdir(parents=True)
        for record in (LAX, SOUND):
            shutil.copy(record, self.folder / "in")
        self.out.write_bytes(OLD)

    def run(
        self, call: Call, failing_in: Path, fault: Fault | None = None, more: tuple[str, ...] = ()
    ) -> tuple[Done, Disk]:
        """The audit, on a disk with this fault in one of the folders."""
        shown = self.form if self.streamed else "terminal"
        few = 1 if self.kept else 200
        environment = {"DJ_CHECK_CACHE": str(self.cache) if self.kept else ""}
        arguments = ("audit", self.folder / "in", "--rules", PACKS, "--standard", "probe", "--period", "2024")
        with (
            patch.object(batch, "KEPT", few),
            patch.object(batch, "CACHED", few),
            patch.dict(os.environ, environment),
            failing(failing_in, fault) as disk,
        ):
            done = call(*arguments, "-f", shown, "-o", f"{self.form}:{self.out}", *more)
        return done, disk


def faults(counted: Disk, errors: tuple[str, ...] = ERRORS, most: int = 10**6) -> Iterator[Fault]:
    """Every call that was counted failing, once and from then on."""
    for call in CALLS:
        for number in range(1, min(counted.calls[call], most) + 1):
            for error in errors:
                yield Fault(call, number, error)
                yield Fault(call, number, error, lasting=True)


def harm(scene: Scene, fault: Fault, call: Call, new: bytes, sound: Done, *, cache: bool) -> str:
    """What is wrong after an audit on a failing disk; empty if nothing. A failing cache costs nothing at all."""
    scene.lay()
    done, _ = scene.run(call, scene.cache if cache else scene.out.parent, fault)
    found = scene.out.read_bytes() if scene.out.exists() else b""
    left = [path.name for path in scene.folder.rglob("*") if path.name.endswith(LEFT)]
    if "Traceback" in done.err or done.status == 70:
        return f"status {done.status}: {done.err[-300:]}"
    if found not in (OLD, new):
        return f"torn: {len(found)} bytes of {len(new)}"
    if found == OLD and done.status != 2:
        return f"status {done.status} with the old output"
    if done.status == 2 and not done.err:
        return "failed without a word"
    if cache and (done.status, done.out, found) != (sound.status, sound.out, new):
        return f"a failing cache changed the answer: {done.status} {done.err[-300:]}"
    if left and fault.call != "unlink":
        return f"left behind: {left}"
    return ""


def undisturbed(scene: Scene, call: Call, *, cache: bool) -> tuple[bytes, Done, Disk]:
    """What comes of the audit on a sound disk, and the calls it makes."""
    scene.lay()
    done, counted = scene.run(call, scene.cache if cache else scene.out.parent)
    assert done.status == 1, done.err
    assert scene.out.read_bytes() != OLD
    return scene.out.read_bytes(), done, counted


def call(*arguments: str | Path) -> Done:
    """The command line inside this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with patch.object(sys, "stdout", out), patch.object(sys, "stderr", err):
        status = run_cli([str(argument) for argument in arguments])
        out.flush()
        err.flush()
    said = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err)]  # type: ignore[attr-defined]
    return Done(int(status), *said)


def full_disks(folder: Path, forms: Collection[str]) -> tuple[int, list[str]]:
    """Every format onto a disk of 16 kB that holds an old output: how many were tried, and what went wrong."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return 0, []
    wrong = []
    try:
        (folder / "filler").write_bytes(b"x" * 8192)
        for form in forms:
            out = folder / "out"
            out.write_bytes(OLD)
            done = dj("audit", LAX, *PROBE, "--period", "2024", "-f", "rows", "-o", f"{form}:{out}")
            whole = done.returncode == 1 and out.read_bytes() != OLD
            kept = done.returncode == 2 and out.read_bytes() == OLD and b"Traceback" not in done.stderr
            if not (whole or kept) or {path.name for path in folder.iterdir()} != {"filler", "out"}:
                wrong.append(f"full disk, {form}: {done.returncode} {done.stderr.decode()[-200:]}")
    finally:
        subprocess.run(["umount", str(folder)], check=False)
    return len(forms), wrong
