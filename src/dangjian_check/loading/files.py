"""One way in for every file, and which files a path stands for."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading import INPUTS, Input
from dangjian_check.model.columns import entries_named

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_BYTES = 2 * 1024 * 1024
MAX_LEDGER_BYTES = 20 * 1024 * 1024
STDIN = Path("-")
YAML = (".yaml", ".yml")
MANIFEST = "standard.yaml"
ROOTS = ("branch.yaml", "branch.yml", "branch.json")
CALENDARS = "calendars"
_SMALLER = "记录里不放附件；按年拆成几个文件"
WAIVERS = frozenset({"waivers.yaml", "waivers.yml"})
WEIGHTS = "default-sheet.yaml"
NOT_RECORDS = WAIVERS | {MANIFEST, WEIGHTS}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how workbooks begin, and those before 2007
TABLES = frozenset({".jsonl", ".ndjson", ".parquet"})  # one record a row

# What our own reports begin with, or carry among a workbook's properties.
_REPORT_HEAD = re.compile(
    rb'\s*\{\s*("type":\s*"\w+",\s*)?"schema":\s*"dj-check[.]|' + "\ufeff序号,支部编号,支部,标准,类别,问题,".encode()
)
_REPORT_MARK = b"dj-check.report"
_ROW = re.compile(r"(.+[.](?:jsonl|ndjson|parquet))#([0-9]{1,18})(?:@([0-9]{1,18}))?", re.IGNORECASE | re.DOTALL)

witness: Callable[[Path, bytes], None] | None = None  # hears of every file that is read whole, and its bytes


class Row(NamedTuple):
    """A row of a table of records, counted from one, and where its line begins if the table has lines."""

    table: Path
    number: int
    offset: int | None

    @property
    def path(self) -> Path:
        """The row as a path, which goes wherever those of files go: ``table.jsonl#7@1234``, ``table.parquet#7``."""
        where = "" if self.offset is None else f"@{self.offset}"
        return self.table.with_name(f"{self.table.name}#{self.number}{where}")


def row_of(path: Path) -> Row | None:
    """The row that a path stands for; None for the path of a file."""
    found = _ROW.fullmatch(path.name) if "#" in path.name else None
    if found is None:
        return None
    return Row(path.with_name(found[1]), int(found[2]), None if found[3] is None else int(found[3]))


def shown_path(path: Path) -> str:
    """A path for people and machines: slashes, and bytes that are no text as ``\\xNN``; a row by its number."""
    if path == STDIN:
        return "标准输入"
    if (row := row_of(path)) is not None:
        return f"{shown_path(row.table)}#{row.number}"
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def read_bytes(
    path: Path, shown: str, limit: int = MAX_BYTES, what: str = "记录文件或文件夹", smaller: str = _SMALLER
) -> bytes:
    """The whole of a regular file, at most ``limit`` bytes; of standard input for ``-``. ``what`` is wanted here,
    ``smaller`` how to make it so.

    Raises `InputProblems` for anything else: missing, a folder, a pipe, a device, too large, not allowed.
    """
    if path == STDIN:
        with failing(shown):
            return _within(standard_input(shown).read(limit + 1), shown, limit, smaller)
    with open_regular(path, shown, what) as stream:
        size = os.fstat(stream.fileno()).st_size
        raw = stream.read(min(size, limit) + 1)  # no more room than it needs
        if size < len(raw) <= limit:  # it grows
            raw += stream.read(limit + 1 - len(raw))
    witnessed(path, raw)
    return _within(raw, shown, limit, smaller)


def witnessed(path: Path, raw: bytes) -> None:
    """Something was read whole."""
    if witness is not None:
        witness(path, raw)


def standard_input(shown: str) -> BufferedReader:
    """Standard input as bytes. Raises `InputProblems` if there is none."""
    if sys.stdin is None:
        raise InputProblems([Problem(shown, 0, 0, "没有打开", "给出文件，或者用管道接上")])
    return cast(BufferedReader, sys.stdin.buffer)


@contextlib.contextmanager
def failing(shown: str) -> Iterator[None]:
    """What cannot be read to its end, once it is open, comes to `InputProblems`."""
    try:
        yield
    except OSError:
        raise InputProblems([Problem(shown, 0, 0, "读到一半出错", "核对磁盘；是管道的，核对另一头")]) from None


class _Regular(FileIO):
    """A file on a disk that may fail."""

    def __init__(self, descriptor: int, shown: str) -> None:
        super().__init__(descriptor, "rb")
        self._shown = shown

    def readinto(self, buffer: WriteableBuffer) -> int:
        with failing(self._shown):
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with failing(self._shown):
            return super().readall()


def open_regular(path: Path, shown: str, what: str) -> BufferedReader:
    """A regular file, open for reading. Raises `InputProblems` for anything else; ``what`` is wanted instead."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise InputProblems([Problem(shown, 0, 0, *_cannot_open(error))]) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputProblems([Problem(shown, 0, 0, "不是普通文件", f"给出{what}")])
    return BufferedReader(_Regular(descriptor, shown))


def _within(raw: bytes, shown: str, limit: int, smaller: str) -> bytes:
    if len(raw) > limit:
        message = f"文件超过 {limit // 1024 // 1024} MB"
        raise InputProblems([Problem(shown, 0, 0, message, smaller)])
    return raw


def read_input(path: Path, shown: str, form: Input | None) -> bytes:
    """The bytes of a record or ledger, as large as its kind may be; of standard input the kind is not known yet."""
    return read_bytes(path, shown, MAX_LEDGER_BYTES if form is None or form.ledger else MAX_BYTES)


def _cannot_open(error: OSError | ValueError) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件", "核对路径"
    if isinstance(error, PermissionError):
        return "没有读取权限", "检查文件权限"
    return "打不开", "核对路径和磁盘"


def expand(paths: Iterable[Path], endings: Iterable[str]) -> Iterator[Path]:
    """The record files behind paths, each once, in order: a file itself; of a folder every record file below it.

    Hidden names, standards (folders with a ``standard.yaml``), waiver files, years of holidays and the parts of a
    record kept in a folder are passed over; links to folders are not followed. A folder that cannot be listed stands
    for itself: whoever reads it hears why.
    """
    wanted, listed = frozenset(endings), list(paths)
    seen: set[str] = set()
    for path in listed:
        for found in _below(path, wanted) if is_folder(path) else [path]:
            if len(listed) > 1:  # below one folder nothing comes twice, and there may be very much of it
                key = str(found.absolute())
                if key in seen:
                    continue
                seen.add(key)
            yield found


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; one that cannot even be asked after is none."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """Whether a path is a file; one that cannot even be asked after is none."""
    return os.path.isfile(path)  # noqa: PTH113


def _below(folder: Path, endings: frozenset[str]) -> Iterator[Path]:
    for here, names in _walk(folder):
        if names is None:
            yield here
        for name in names or ():
            if name not in NOT_RECORDS and Path(name).suffix.lower() in endings and not _own_report(here / name):
                yield here / name


def _own_report(path: Path) -> bool:
    """Whether a file in a folder of records is a report that was saved there: it is not read as a record."""
    ending = path.suffix.lower()
    if ending not in (".json", ".csv", ".xlsx") or not is_file(path):
        return False
    try:
        with open_regular(path, "", "") as stream:
            if ending == ".xlsx":
                return os.fstat(stream.fileno()).st_size <= MAX_LEDGER_BYTES and _REPORT_MARK in _properties(stream)
            return begins_report(stream.read(256))
    except (InputProblems, OSError):
        return False


def may_be_written_over(path: Path, given: Iterable[Path]) -> bool:
    """Whether a report may take the place of what is there: never that of YAML, which nobody has by accident, nor that
    of a ledger below a folder that is read, unless it is a report of ours."""
    if not is_file(path):
        return True
    real = path.resolve()
    if real.suffix.lower() in YAML:
        return False
    below = any(is_folder(folder) and real.is_relative_to(folder.resolve()) for folder in given)
    return not below or real.suffix.lower() not in INPUTS or _own_report(real)


def begins_report(head: bytes) -> bool:
    """Whether a file that begins so is a report of ours."""
    return _REPORT_HEAD.match(head) is not None


def _properties(workbook: BufferedReader) -> bytes:
    """The properties of a workbook as XML; nothing if it has none or is damaged."""
    import zipfile

    try:
        with zipfile.ZipFile(workbook) as archive, archive.open("docProps/core.xml") as stream:
            return stream.read(4096)
    except Exception:  # zipfile and zlib raise whatever comes to hand on damaged data
        return b""


def walk(folder: Path) -> Iterator[tuple[str, list[str], list[str] | None]]:
    """`os.walk`; a folder that cannot be listed comes as well, without its files."""
    shut: list[str] = []
    for here, folders, files in os.walk(folder, onerror=lambda error: shut.append(error.filename)):
        yield from ((path, [], None) for path in shut)
        shut.clear()
        yield here, folders, files
    yield from ((path, [], None) for path in shut)


def files_below(folder: Path, endings: Container[str]) -> Iterator[Path]:
    """The files with these endings below a folder, in order, hidden names passed over; a folder that cannot be listed
    stands for itself."""
    for here, folders, files in walk(folder):
        if files is None:
            yield Path(here)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files or ()):
            if not name.startswith(".") and Path(name).suffix.lower() in endings:
                yield Path(here) / name


def _walk(folder: Path) -> Iterator[tuple[Path, list[str] | None]]:
    """Folders and the names of their files, sorted; standards, hidden names and the parts of a record left out. None
    where a folder cannot be listed."""
    for here, folders, files in walk(folder):
        if files is None:
            yield Path(here), None
            continue
        if MANIFEST in files:
            folders.clear()
            continue
        root = _root(files)
        parts = set(part_files(Path(here) / root)) if root else frozenset()
        inside = {(part if part.parent == Path(here) else part.parent).name for part in parts}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in inside)
        yield Path(here), sorted(name for name in files if not _hidden(name) and Path(here) / name not in parts)


def _hidden(name: str) -> bool:
    """Hidden files and the locks of office programs."""
    return name.startswith((".", "~$"))


def _passed_over(name: str) -> bool:
    """Files that are no part of a record."""
    return _hidden(name) or name in NOT_RECORDS


def _root(names: Iterable[str]) -> str | None:
    listed = set(names)
    return next((name for name in ROOTS if name in listed), None)


def part_files(root: Path) -> list[Path]:
    """The files that belong to the record of a ``branch.yaml``, in order: ledgers beside it, and whatever lies in
    folders beside it that are named after a series (``activities``, ``谈心谈话``); such a folder itself if it cannot be
    listed."""
    if root.name not in ROOTS:
        return []
    beside = _listed(root.parent) or []
    found = [path for path in beside if not is_folder(path) and _ledger(path) and not _own_report(path)]
    for folder in beside:
        if is_folder(folder) and not folder.is_symlink() and entries_named(folder.name):
            inner = _listed(folder)
            found += [folder] if inner is None else filter(_is_entries, inner)
    return found


def _is_entries(path: Path) -> bool:
    return path.suffix.lower() in INPUTS and not is_folder(path)


def _listed(folder: Path) -> list[Path] | None:
    """What lies in a folder, in order, but for what is no part of a record; None if it cannot be listed."""
    try:
        return sorted(path for path in folder.iterdir() if not _passed_over(path.name))
    except OSError:
        return None


def _ledger(path: Path) -> bool:
    form = INPUTS.get(path.suffix.lower())
    return form is not None and form.ledger


def is_waivers(path: Path) -> bool:
    """Whether a file is a waiver file by its name: ``waivers.yaml``."""
    return path.name in WAIVERS


def is_year(path: Path) -> bool:
    """Whether a file is a year of days off and worked by its place and name: ``calendars/cn-2024.yaml``."""
    return path.parent.name == CALENDARS and path.name.startswith("cn-") and path.suffix == ".yaml"


def files_that(fit: Callable[[Path], bool], paths: Iterable[Path]) -> Iterator[Path]:
    """The files at or below these paths that ``fit``, standards left out."""
    for path in paths:
        below = (here / name for here, names in _walk(path) for name in names or ()) if is_folder(path) else [path]
        yield from (found for found in below if fit(found))


def enclosing_standard(path: Path) -> Path | None:
    """The standard a single file belongs to: the nearest folder above it with a ``standard.yaml``."""
    if is_folder(path):
        return None
    return next((folder for folder in path.parents if is_file(folder / MANIFEST)), None)


def standard_folders(paths: Iterable[Path]) -> list[Path]:
    """The standards (folders with a ``standard.yaml``) at or below these paths."""
    found = []
    for path in paths:
        for here, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            if MANIFEST in files:
                folders.clear()
                found.append(Path(here))
    return found
