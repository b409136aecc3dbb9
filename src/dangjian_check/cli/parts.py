"""Lines in a folder of parts instead of one file: ``--output rows:FOLDER/``."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Self

from dangjian_check.cli.streams import Draft, OutputLost, as_bytes, temporary_stem
from dangjian_check.errors import UsageProblem
from dangjian_check.loading.files import begins_report, shown_path

LINES = ("rows", "jsonl")  # formats whose text may be cut after any line
PART = 10_000  # lines
_NAME = re.compile(r"part-\d{5,}[.]jsonl")


def in_parts(kind: str, file: str) -> bool:
    """Whether the format is wanted in parts: its place ends in a slash or is a folder."""
    return kind in LINES and (file.endswith(("/", os.sep)) or os.path.isdir(file))  # noqa: PTH112


def check(kind: str, file: str) -> None:
    """Raises `UsageProblem` if a folder is asked for where there can be none."""
    if kind not in LINES and file.endswith(("/", os.sep)):
        raise UsageProblem(f"{kind} 不能分成几份", f"写成一个文件；能分的有 {'、'.join(LINES)}")
    if in_parts(kind, file) and not _free(Path(file)):
        remedy = "换一个文件夹名，或者先移走它"
        raise UsageProblem(f"{shown_path(Path(file))} 里有别的东西，没有动它", remedy)


def draft(kind: str, file: str) -> Draft | Parts:
    """What is to be written there, not yet in its place. Raises `OutputLost`."""
    return Parts(file) if in_parts(kind, file) else Draft(file)


def write(kind: str, file: str, content: str | bytes) -> None:
    """The whole content to its place. Raises `OutputLost`."""
    with draft(kind, file) as one:
        one.write(content)
        one.finish()


def _free(folder: Path) -> bool:
    """Whether nothing is there but what an earlier run left."""
    try:
        return not folder.exists() or all(map(_is_part, folder.iterdir()))
    except OSError:
        return False


def _is_part(path: Path) -> bool:
    if not _NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(256)
    return not head or begins_report(head)


class Parts:
    """A folder of parts of ten thousand lines, ``part-00000.jsonl`` and on, being written beside its place. Finished it
    is there with all of them, instead of what an earlier run left; unfinished it goes. Everything raises `OutputLost`.
    """

    _numbers = count(1)

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._target = Path(path).resolve()
            stem = f"{temporary_stem(os.getpid())}{next(self._numbers)}"
            self._building = self._target.with_name(f"{stem}.parts.tmp")
            self._old = self._target.with_name(f"{stem}.old.tmp")
        except (OSError, ValueError, RuntimeError):
            raise OutputLost(Path(path).as_posix()) from None
        self._made = self._lines = 0
        with self._guarded():
            self._building.mkdir()
            self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    @property
    def open(self) -> bool:
        """Whether more can be written."""
        return not self._stream.closed

    def write(self, content: str | bytes) -> None:
        with self._guarded():
            for line in as_bytes(content).splitlines(keepends=True):
                if self._lines == PART:
                    self._end()
                    self._begin()
                self._stream.write(line)
                self._lines += 1

    def finish(self) -> None:
        """Everything is written: the folder takes its place."""
        with self._guarded():
            self._end()
            if self._target.exists():
                if not _free(self._target):
                    raise FileExistsError
                self._target.rename(self._old)
            self._building.rename(self._target)
        shutil.rmtree(self._old, ignore_errors=True)

    def discard(self) -> None:
        """What has not taken its place is gone."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self._stream.close()
        with contextlib.suppress(OSError, AttributeError):
            if not self._target.exists():
                self._old.rename(self._target)
        shutil.rmtree(self._building, ignore_errors=True)

    def _begin(self) -> None:
        self._stream = (self._building / f"part-{self._made:05}.jsonl").open("wb")
        self._made += 1
        self._lines = 0

    def _end(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError):
            self.discard()
            no_folder = not os.path.isdir(self._target.parent)  # noqa: PTH112
            raise OutputLost(Path(self._path).as_posix(), no_folder=no_folder) from None
