"""Lines in a folder of parts instead of one file: ``--output rows:FOLDER/``, and ``parquet:FOLDER/`` for tables."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from importlib.util import find_spec
from io import BufferedReader
from pathlib import Path

from dangjian_check.cli.streams import Draft, Unfinished, as_bytes
from dangjian_check.errors import InputProblems, UsageProblem
from dangjian_check.loading.files import begins_report, shown_path

LINES = ("rows", "jsonl")  # formats whose text may be cut after any line
PARQUET = "parquet"  # the lines of `rows`, every part turned into a table
_IN_PARTS = (*LINES, PARQUET)
PART = 10_000  # lines
_NAME = re.compile(r"part-\d{5,}[.](jsonl|parquet)")
_MAGIC = b"PAR1"


def text_of(kind: str) -> str:
    """The format whose text is written to such an output."""
    return "rows" if kind == PARQUET else kind


def in_parts(kind: str, file: str) -> bool:
    """Whether the format is wanted in parts: its place ends in a slash or is a folder."""
    return kind in _IN_PARTS and (file.endswith(("/", os.sep)) or os.path.isdir(file))  # noqa: PTH112


def check(kind: str, file: str) -> None:
    """Raises `UsageProblem` if a folder is asked for where there can be none."""
    if kind not in _IN_PARTS and file.endswith(("/", os.sep)):
        raise UsageProblem(f"{kind} 不能分成几份", f"写成一个文件；能分的有 {'、'.join(_IN_PARTS)}")
    if kind == PARQUET and not in_parts(kind, file):
        remedy = f"末尾加上斜杠：--output parquet:{shown_path(Path(file))}/"
        raise UsageProblem("parquet 写进文件夹，一份一万行", remedy)
    if kind == PARQUET and find_spec("duckdb") is None:
        raise UsageProblem("写 Parquet 要另装 DuckDB", "pip install 'dj-check[analytics]'，或者写 rows")
    if in_parts(kind, file) and not _free(Path(file)):
        remedy = "换一个文件夹名，或者先移走它"
        raise UsageProblem(f"{shown_path(Path(file))} 里有别的东西，没有动它", remedy)


def draft(kind: str, file: str) -> Draft | Parts:
    """What is to be written there, not yet in its place. Raises `OutputLost`."""
    if not in_parts(kind, file):
        return Draft(file)
    return Tables(file) if kind == PARQUET else Parts(file)


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
        return not head or begins_report(head) or (head.startswith(_MAGIC) and _is_table(stream))


def _is_table(stream: BufferedReader) -> bool:
    from dangjian_check.reports.row_columns import SCHEMA

    return SCHEMA.encode() in _footer(stream)


def _footer(stream: BufferedReader) -> bytes:
    """What a Parquet file says of itself: it ends with it, its length (four bytes) and the four letters."""
    stream.seek(-8, os.SEEK_END)
    length = int.from_bytes(stream.read(4), "little")
    stream.seek(-8 - min(length, stream.tell() - 4), os.SEEK_END)
    return stream.read()


class Parts(Unfinished):
    """A folder of parts of ten thousand lines, ``part-00000.jsonl`` and on, being written beside its place. Finished it
    is there with all of them, instead of what an earlier run left; unfinished it goes."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._building, self._old = self._beside(".parts.tmp"), self._beside(".old.tmp")
        self._made = self._lines = 0
        with self._guarded():
            self._building.mkdir()
            self._begin()

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
        self._stream.close()
        with self._kept(Path(self._stream.name)).open("r+b") as stream:
            os.fsync(stream.fileno())

    def _kept(self, lines: Path) -> Path:
        """The part that is made of these lines."""
        return lines


class Tables(Parts):
    """The same, of Parquet: every part of ten thousand lines is turned into a table when it is full."""

    def _kept(self, lines: Path) -> Path:
        from dangjian_check.analytics.store import to_table

        table = lines.with_suffix(".parquet")
        try:
            to_table(lines, table)
        except InputProblems:
            raise OSError from None
        lines.unlink()
        return table
