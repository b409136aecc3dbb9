"""Rows and Parquet made from them, as relations of SQL.

A Parquet file holds what the lines hold: the same columns, one row a line, lists where the lines have lists.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING

from dangjian_check.errors import DjCheckError, InputProblems, Problem
from dangjian_check.loading.duckdb_files import connect, listed
from dangjian_check.loading.files import files_below, is_folder, open_regular, shown_path
from dangjian_check.loading.reports import MAX_LINE, stream_report
from dangjian_check.reports.row_columns import ASSESSMENT, DEFICIENCY, ITEM, PROBLEM, SCHEMA, Column

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LINES, PARQUET = frozenset({".jsonl", ".ndjson"}), ".parquet"
_NAMED = 3
_ENDINGS = LINES | {PARQUET}
_ROWS_IN_GROUP = 4096
# A file of its own into which a store may copy what it counts.
COPY = "rows.parquet"
_EXPORT = "用 dj-check audit --format rows 导出"


def struct(columns: Mapping[str, Column]) -> str:
    """The type of a list of such objects."""
    return f"STRUCT({', '.join(f'{_name(name)} {column.type}' for name, column in columns.items())})[]"


def _name(column: str) -> str:
    return f'"{column}"'


ALL = {
    "type": "VARCHAR",
    "schema": "VARCHAR",
    "version": "VARCHAR",
    **{name: column.type for name, column in (ASSESSMENT | PROBLEM).items()},
    "deficiencies": struct(DEFICIENCY),
    "items": struct(ITEM),
}


# Without these a Parquet file is not one of ours; others may be younger than the file.
_NEEDED = frozenset({"type", "schema", "branch", "standard", "deficiencies"})


@dataclass(frozen=True, slots=True)
class Sources:
    """The files rows come from, in order: lines of JSON, and Parquet."""

    lines: tuple[Path, ...]
    tables: tuple[Path, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        return (*self.lines, *self.tables)

    def size(self) -> int:
        """Bytes in all."""
        return sum(file.stat().st_size for file in self.files)


def sources(paths: Iterable[Path]) -> Sources:
    """The rows behind paths: a file itself; of a folder all lines and Parquet below it. Raises `InputProblems` if
    anything there is not rows."""
    lines: list[Path] = []
    tables: list[Path] = []
    problems: list[Problem] = []
    for file in files(paths):
        try:
            (tables if _is_parquet(file) else lines).append(file)
        except InputProblems as error:
            problems += error.problems
    if problems:
        raise InputProblems(problems)
    return Sources(tuple(lines), tuple(tables))


def files(paths: Iterable[Path]) -> list[Path]:
    """The files behind paths, each once: a file itself; of a folder those with the endings of lines and Parquet."""
    below = (files_below(path, _ENDINGS) if is_folder(path) else [path] for path in paths)
    return list({found.absolute(): found for each in below for found in each}.values())


def _is_parquet(file: Path) -> bool:
    """Whether a file is Parquet; else its first line is one of rows, or there is none."""
    with open_regular(file, shown_path(file), "一行一份的结论（rows）或由它转成的 Parquet") as stream:
        if stream.peek(4)[:4] == b"PAR1":
            return True
        first = stream.readline(MAX_LINE)
    try:
        schema = json.loads(first)["schema"] if first.strip() else SCHEMA
    except (ValueError, LookupError, TypeError, RecursionError):
        schema = None
    if schema != SCHEMA:
        raise InputProblems([Problem(shown_path(file), 0, 0, f"不是 {SCHEMA}，也不是由它转成的 Parquet", _EXPORT)])
    return False


class Store:
    """An engine over these sources, and over ``also``: other files it may read or write."""

    def __init__(self, found: Sources, also: Iterable[Path] = ()) -> None:
        self.sources = found
        self._spill = TemporaryDirectory(prefix="dj-check-")
        self.folder = Path(self._spill.name)
        try:
            self.sql: DuckDBPyConnection = connect((*found.files, self.folder / COPY, *also), self.folder)
        except DjCheckError:
            self._spill.cleanup()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.sql.close()
        self._spill.cleanup()

    def rows(self, columns: Mapping[str, str] = ALL) -> str:
        """The query that gives these columns (name and type) of every row, in the order of the sources."""
        nothing = ", ".join(f"NULL::{kind} AS {_name(name)}" for name, kind in columns.items())
        parts = [f"SELECT {nothing} WHERE false"]
        if self.sources.lines:
            spec = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
            parts.append(
                f"SELECT {', '.join(map(_name, columns))} FROM read_json({listed(self.sources.lines)}, "
                f"format = 'newline_delimited', maximum_object_size = {MAX_LINE}, columns = {{{spec}}})"
            )
        if self.sources.tables:
            table = f"read_parquet({listed(self.sources.tables)}, union_by_name = true)"
            known = _NEEDED.union(row[0] for row in self.sql.execute(f"DESCRIBE SELECT * FROM {table}").fetchall())
            cast = (
                f"{_name(name) if name in known else 'NULL'}::{kind} AS {_name(name)}" for name, kind in columns.items()
            )
            parts.append(f"SELECT {', '.join(cast)} FROM {table}")
        return " UNION ALL ".join(parts)

    def copy(self, query: str, target: Path) -> None:
        """Write what a query gives to a Parquet file, in its order; the file says that it is of ours."""
        known = f"KV_METADATA {{schema: '{SCHEMA}'}}"
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_IN_GROUP}, {known}"
        self.sql.execute(f"COPY ({query}) TO {listed([target])[1:-1]} ({options})")

    def unfit(self) -> DjCheckError:
        """Why the sources could not be read: said by the reader of reports, which knows the lines."""
        problems = [item for file in self.sources.lines for item in stream_report(file) if isinstance(item, Problem)]
        if not problems:
            names = "、".join(shown_path(file) for file in self.sources.files[:_NAMED]) or "dj-check"
            problems = [Problem(names, 0, 0, f"读不了，不是完好的 {SCHEMA}", _EXPORT)]
        return InputProblems(problems)


def to_parquet(paths: Iterable[Path], folder: Path) -> int:
    """Turn every source into a part of a new folder, ``part-00000.parquet`` and on; how many parts there are. The
    folder is there with all its parts, or not at all."""
    found = sources(paths)
    shown = shown_path(folder)
    if folder.exists():
        raise InputProblems([Problem(shown, 0, 0, "已有这个文件或文件夹，没有动它", "换一个文件夹名，或者先移走它")])
    building = folder.with_name(f".{folder.name}.{os.getpid()}.dj-check.tmp")
    parts = [building / f"part-{number:05}.parquet" for number in range(len(found.files))]
    try:
        building.mkdir()
        for file, part in zip(found.files, parts, strict=True):
            to_table(file, part)
        building.rename(folder)
    except OSError:
        raise InputProblems([Problem(shown, 0, 0, "写不进去", "核对上一级文件夹、权限和磁盘")]) from None
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
        if building.is_dir():
            building.rmdir()
    return len(parts)


def to_table(file: Path, part: Path) -> None:
    """Turn one file of rows into Parquet, row for row. Raises `InputProblems` if it holds none."""
    with Store(sources([file]), [part]) as store:
        from duckdb import Error

        try:
            store.copy(store.rows(), part)
        except Error:
            raise store.unfit() from None
