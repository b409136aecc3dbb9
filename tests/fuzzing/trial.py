"""One input tried within limits. Only `DjCheckError` may come out; each takes at most a second and 300 MB."""

from __future__ import annotations

import contextlib
import random
import signal
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from dangjian_check.errors import DjCheckError
from fuzzing.mutator import mutated, mutated_archive
from fuzzing.ways_in import WAYS, Way

SECONDS = 1.0  # of the processor
ROOM = 300 << 20


class TooSlow(BaseException):
    """The time for one input is up."""


@dataclass(frozen=True, slots=True)
class Find:
    """An input that does harm, and how."""

    way: str
    seed: int
    number: int
    name: str
    raw: bytes
    harm: str

    def __str__(self) -> str:
        return f"{self.way} {self.seed}/{self.number} ({self.name}): {self.harm}"


def inputs(name: str, seed: int, count: int, first: int = 0) -> Iterator[tuple[int, str, bytes]]:
    """Inputs of one way in: number, name of the file, bytes; the same ever again."""
    way = WAYS[name]
    seeds = way.seeds()
    lent = [raw for _, raw in seeds]
    for number in range(first, first + count):
        chance = random.Random(f"{name}/{seed}/{number}")
        file, raw = chance.choice(seeds)
        change = mutated_archive if file.endswith(".xlsx") else mutated
        yield number, file, change(raw, chance, lent)


def finds(name: str, seed: int, count: int, folder: Path, first: int = 0) -> tuple[list[Find], int]:
    """Everything harmful among so many inputs, and how many of them were read."""
    found, read = [], 0
    with limited():
        for number, file, raw in inputs(name, seed, count, first):
            harm, sound = tried(WAYS[name], file, raw, folder)
            read += sound
            if harm:
                found.append(Find(name, seed, number, file, raw, harm))
    return found, read


def tried(way: Way, file: str, raw: bytes, folder: Path) -> tuple[str, bool]:
    """What harm an input does, empty for none, and whether it was read."""
    path = folder / file
    path.write_bytes(raw)
    started = time.process_time()
    read = False
    try:
        with _alarm():
            read = way.enter(path)
        harm = ""
    except DjCheckError as error:
        harm = "" if error.problems else "refused without a word"
    except TooSlow:
        harm = f"over {SECONDS:g} s: {_innermost(TooSlow)}"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        harm = f"{type(error).__name__}: {error!s:.200} at {_place(error)}"
    finally:
        path.unlink()
    if not harm and (took := time.process_time() - started) > SECONDS:
        harm = f"{took:.1f} s"
    return harm, read


def _innermost(_: object) -> str:
    import sys

    error = sys.exc_info()[1]
    return _place(error) if error else ""


def _place(error: BaseException) -> str:
    steps = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(step.filename).name}:{step.lineno}" for step in reversed(steps[-4:]))


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    before = signal.signal(signal.SIGPROF, _up)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _up(number: int, frame: FrameType | None) -> NoReturn:
    raise TooSlow


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """So much memory beyond what the process has, and no more."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
