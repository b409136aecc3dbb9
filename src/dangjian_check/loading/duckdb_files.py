"""DuckDB, the engine behind the extra ``analytics``: imported when first asked for, and shut in with the files named.

A connection reads (and writes) those files by their very names and nothing else: no other file, no network, no
extension, no variable of ours; and no statement can open that again.
"""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dangjian_check.errors import UsageProblem
from dangjian_check.loading.files import shown_path

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "memory_limit": "2GB",
}
THREADS = min(4, os.cpu_count() or 1)


def connect(files: Iterable[Path], spill: Path | None = None, threads: int = THREADS) -> DuckDBPyConnection:
    """A database in memory that may touch these files alone; what memory cannot hold goes to the folder ``spill``.
    Each of the ``threads`` holds what it reads: there are no more of them on a larger machine.

    Raises `UsageProblem` if the extra is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise UsageProblem("没有装 DuckDB，这里用不了", "pip install 'dj-check[analytics]'") from None
    _end_quietly()
    connection = duckdb.connect(config={**_CONFIG, "temp_directory": str(spill or ""), "threads": str(threads)})
    connection.execute(f"SET allowed_paths = {listed(files)}")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@cache
def _end_quietly() -> None:
    """When the process ends DuckDB lists, on stderr, whatever of its own was not swept up: what is frozen is not."""
    atexit.register(gc.unfreeze)


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def listed(files: Iterable[Path]) -> str:
    """The absolute names of files as a list in SQL. Raises `UsageProblem` for a name that is no text."""
    return f"[{', '.join(quoted(_name(file)) for file in files)}]"


def _name(file: Path) -> str:
    name = str(file.absolute())
    try:
        name.encode()
    except UnicodeEncodeError:
        raise UsageProblem(f"文件名 {shown_path(file)} 里有不是文字的字节", "改名以后再来") from None
    return name
