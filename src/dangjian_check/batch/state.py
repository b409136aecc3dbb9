"""How far a run has come, kept beside its output until it is finished: after an interruption it can go on."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dangjian_check.batch.store import Store, remove
from dangjian_check.errors import Problem, UsageProblem
from dangjian_check.loading.files import shown_path

_HEAD = b"run"
AFRESH = "去掉 --resume，从头核查"


class Head(NamedTuple):
    """What a run must share with the one it goes on with, and its day."""

    options: str
    today: date


def place(file: str) -> Path:
    """Where the state of a run lies that writes this file."""
    target = Path(file)
    return target.with_name(f".{target.name}.dj-check-run")


def interrupted(path: Path) -> Head | None:
    """The run that was interrupted here, if there is one."""
    if path.is_file():
        with Store(path) as store:
            raw = store.get(_HEAD)
        with contextlib.suppress(ValueError, KeyError, TypeError):
            found = json.loads(raw or b"")
            return Head(found["options"], date.fromisoformat(found["today"]))
    return None


class State:
    """What is done of one run. Nothing is kept where the folder does not allow it; another run that writes to the same
    place takes it over, and neither forgets what is the other's."""

    def __init__(self, path: Path, head: Head, *, resumed: Head | None = None) -> None:
        if resumed is None:
            with contextlib.suppress(OSError):
                remove(path)
        elif resumed.options != head.options:
            raise UsageProblem("选项、标准或豁免与中断的那一次不同，接不上", f"照原来的再写一遍，或者{AFRESH}")
        self.store = Store(path)
        self._path = path
        said = {"options": head.options, "today": head.today.isoformat()}
        self._file = _identity(path)
        self.store.put_many([(_HEAD, json.dumps(said).encode())])

    @property
    def notices(self) -> tuple[Problem, ...]:
        """Why one cannot go on with this run if it is interrupted: better known before hours of work."""
        if self.store.usable:
            return ()
        message = "这里不能记核到哪里（别的用户也能写，或者写不进去），中断了要从头核"
        return (Problem(shown_path(self._path.parent), 0, 0, message, "--output 写到只有自己能写的文件夹"),)

    def close(self, *, finished: bool) -> bool:
        """Let go of it; forget it if the run is finished. Whether one can go on with it."""
        own = bool(self.store.notices) or self._file == _identity(self._path)  # a damaged one was begun anew
        usable = self.store.usable and own
        self.store.close()
        if finished and own:
            with contextlib.suppress(OSError):
                remove(self._path)
        return usable and not finished


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file this is, whatever is put in its place later."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
