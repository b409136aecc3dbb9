"""A long run killed without a word at any time, and gone on with until it is done: nothing lost, doubled or left."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from dangjian_check.batch.state import place
from dangjian_check.batch.store import Store
from program import LAX, PACKS, plain_env

RULES = ("--rules", str(PACKS), "--standard", "probe", "--period", "2024")
WINDOW = 64  # parts put down together
_OUTPUT = "out.jsonl"


@dataclass
class Told:
    """What came of killing: how often, and at what."""

    kills: int = 0
    resumed: int = 0
    redone: int = 0
    wrong: list[str] = field(default_factory=list)


class Field:
    """A folder of small records, the audit of them, and what comes of it undisturbed."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.out = folder, folder / _OUTPUT
        text = LAX.read_text(encoding="utf-8")
        (folder / "records").mkdir(parents=True)
        for n in range(count):
            record = folder / "records" / f"b{n:03}.yaml"
            record.write_text(text.replace("id: lax", f"id: b{n:03}"), encoding="utf-8")
        started = time.monotonic()
        self.begun("--no-cache", "--jobs", "2").communicate(timeout=120)
        self.seconds = time.monotonic() - started
        self.whole = self.out.read_bytes()
        assert count == _records(self.whole)
        self.out.unlink()

    def begun(self, *more: str, cache: str = "") -> subprocess.Popen[bytes]:
        """The audit, under way."""
        program = (sys.executable, "-m", "dangjian_check", "audit", "records")
        return subprocess.Popen(
            [*program, *RULES, "-f", "jsonl", "-o", f"jsonl:{_OUTPUT}", *more],
            cwd=self.folder,
            env=plain_env(DJ_CHECK_CACHE=cache),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def left(self) -> list[str]:
        """What lies beside records and output."""
        return sorted({path.name for path in self.folder.iterdir()} - {"records", _OUTPUT, "cache"})

    def kept(self) -> int:
        """How many parts the state of the stopped run holds."""
        state = place(str(self.out))
        if not state.exists():
            return 0
        copy = self.folder.with_name(self.folder.name + "-state")
        copy.mkdir(mode=0o700, exist_ok=True)
        for path in self.folder.glob(state.name + "*"):
            shutil.copy(path, copy / path.name)
        with Store(copy / state.name) as store:
            return max(0, store.size - 1)

    def written(self) -> int:
        """How many records the unfinished outputs hold."""
        return max((_records(path.read_bytes()) for path in self.folder.glob(".*.tmp")), default=0)


def _records(lines: bytes) -> int:
    return sum(b'"type":"assessment"' in line.replace(b" ", b"") for line in lines.splitlines())


def children(process: int) -> list[int]:
    """The processes a process has begun."""
    try:
        return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def alive(process: int) -> bool:
    """Whether a process is there and no mere leftover."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


def killed_until_done(ground: Field, chance: random.Random, jobs: int, kills: int, told: Told) -> None:
    """One run: killed so many times at random, gone on with each time, at last left alone."""
    ground.out.unlink(missing_ok=True)
    kept = 0
    for _ in range(kills):
        resume = ("--resume",) if kept else ()
        process = ground.begun("--no-cache", "--jobs", str(jobs), *resume)
        time.sleep(chance.uniform(0.1, 1.1) * ground.seconds)
        begun = children(process.pid)
        process.kill()
        said = process.communicate()[1].decode()
        if said and not _of_a_child_told_nothing(said):
            told.wrong.append(f"at a kill: {said}")
        told.kills += 1
        if ground.out.exists():
            _same(ground, told, "at a kill")
        kept = _kept_after(ground, kept, told)
        if process.returncode == 1:
            kept = 0
        _nobody(begun, told)
    done = ground.begun("--no-cache", "--jobs", str(jobs), *(("--resume",) if kept else ()))
    said = done.communicate()[1].decode()
    told.resumed += bool(kept)
    if (done.returncode, said) != (1, ""):
        told.wrong.append(f"at last: status {done.returncode}: {said}")
    _same(ground, told, "at last")
    if ground.left():
        told.wrong.append(f"left: {ground.left()}")


def _of_a_child_told_nothing(said: str) -> bool:
    """Whether all that was said is Python's own, of a process whose parent was gone before it said what to do."""
    frames = [line for line in said.splitlines() if line.startswith("  File ")]
    own = all('"<string>"' in frame or "multiprocessing/spawn.py" in frame for frame in frames)
    return bool(frames) and own and said.endswith("EOFError: Ran out of input\n")


def _same(ground: Field, told: Told, when: str) -> None:
    found = ground.out.read_bytes() if ground.out.exists() else b""
    if found != ground.whole:
        told.wrong.append(f"{when}: {len(found)} bytes of {len(ground.whole)}")


def _kept_after(ground: Field, before: int, told: Told) -> int:
    """What is there to go on with: no less than before, and at most a window less than was written."""
    if not place(str(ground.out)).exists():
        return 0
    kept, written = ground.kept(), ground.written()
    told.redone = max(told.redone, written - kept)
    if kept < before:
        told.wrong.append(f"kept {kept}, before it were {before}")
    if written - kept > WINDOW:
        told.wrong.append(f"{written} written, {kept} kept")
    return kept


def _nobody(begun: list[int], told: Told) -> None:
    """After two seconds at most."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline and any(map(alive, begun)):
        time.sleep(0.02)
    if any(map(alive, begun)):
        told.wrong.append("a process outlived its parent by two seconds")
