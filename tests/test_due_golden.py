"""Every format of what two records owe, byte for byte. See the top of ``test_golden.py``."""

from __future__ import annotations

import contextlib
import os
from datetime import date
from pathlib import Path

import pytest

from dangjian_check.app import Request, due, record_files
from dangjian_check.reports.base import Look
from dangjian_check.reports.due import DUE_FORMATS
from program import TESTS

GOLDEN = TESTS / "golden_due"
DAY, UNTIL = date(2024, 6, 20), date(2024, 12, 31)


def rendered(form: str) -> bytes:
    """What both golden records owe on a day in June, up to the end of the year."""
    with contextlib.chdir(TESTS):
        paths = (Path("records") / "lax.yaml", Path("records") / "sound.yaml")
        report = due(Request(paths, DAY, rules=(Path("standards"),)), UNTIL, record_files(paths))
    return DUE_FORMATS[form](report, Look(verbose=True)).encode()


@pytest.mark.parametrize("form", DUE_FORMATS)
def test_format_gives_the_golden_bytes(form: str):
    """Same records, same day, same bytes as when somebody looked at them."""
    path, found = GOLDEN / f"due.{form}", rendered(form)
    if os.environ.get("DJ_CHECK_GOLDEN") == "write":
        path.write_bytes(found)
    assert path.read_bytes() == found, "a wanted change? See the top of test_golden.py"


def test_table_of_formats_is_the_folder():
    """Each module of ``reports/due`` with a ``render`` is a format of `due`, and the other way round."""
    import dangjian_check.reports.due as package

    folder = Path(str(package.__file__)).parent
    modules = {path.stem for path in folder.glob("*.py") if "\ndef render(" in path.read_text(encoding="utf-8")}
    assert modules == {form.module for form in DUE_FORMATS.values()}
