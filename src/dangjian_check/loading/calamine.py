"""What the library reads of a workbook: name, cells and merged areas of every sheet that is shown.

Given a damaged file in the format before 2007 the library may ask for more memory than there is, which ends its whole
process, and nothing cheap can tell such a file beforehand. Such files are read in a process of their own, which is
this module run as a program: workbook in, JSON out.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from typing import Any, NamedTuple

from dangjian_check.loading.archives import DAMAGED, MAX_CELLS, TOO_MANY_CELLS
from dangjian_check.loading.sheets import Area

REFUSALS = {"password": ("工作簿有密码", "去掉密码后另存一份"), "damaged": DAMAGED, "large": TOO_MANY_CELLS}
_SECONDS = 20


class RawSheet(NamedTuple):
    """One sheet as the library gives it; a merged area's value stands in its first cell only."""

    name: str
    rows: list[list[Any]]
    areas: list[Area]


Read = tuple[list[RawSheet], list[str]]


def read(raw: bytes) -> Read | str:
    """The sheets that are shown and the names of those that are hidden, or a word of `REFUSALS`."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return _sheets(CalamineWorkbook.from_filelike(io.BytesIO(raw)))
    except PasswordError:
        return "password"
    except MemoryError:
        return "large"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the library is no Exception
        return "damaged"


def _sheets(book: Any) -> Read:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    found: list[RawSheet] = []
    hidden: list[str] = []
    for index, about in enumerate(book.sheets_metadata):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        if about.visible is not SheetVisibleEnum.Visible:
            hidden.append(about.name)
            continue
        sheet = book.get_sheet_by_index(index)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise MemoryError
        rows = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        found.append(RawSheet(about.name, rows, list(sheet.merged_cell_ranges or ())))
    return found, hidden


def read_apart(raw: bytes) -> Read | str:
    """The same, read in a process of its own that may fail without harm."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        found = json.loads(done.stdout) if done.returncode == 0 else "damaged"
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return "damaged"
    if isinstance(found, str):
        return found
    sheets, hidden = found
    return [RawSheet(name, [list(map(_cell, row)) for row in rows], areas) for name, rows, areas in sheets], hidden


_KINDS: dict[str, Any] = {kind.__name__: kind.fromisoformat for kind in (dt.datetime, dt.date, dt.time)}


def _cell(value: Any) -> Any:
    """A cell as `_written` wrote it: days and times are pairs, everything else is itself."""
    if not isinstance(value, list):
        return value
    kind, text = value
    return dt.timedelta(seconds=float(text)) if kind == "timedelta" else _KINDS[kind](text)


def _written(value: Any) -> list[str]:
    text = str(value.total_seconds()) if isinstance(value, dt.timedelta) else value.isoformat()
    return [type(value).__name__, text]


def main() -> None:
    """Workbook from standard input, JSON to standard output."""
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read()), default=_written))


if __name__ == "__main__":
    main()
