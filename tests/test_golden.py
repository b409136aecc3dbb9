"""Every format of two small records, byte for byte; of formats that are no text, all that can be read out of them.

The golden files are what a person last looked at and found right. To rewrite them after a wanted change, run

    DJ_CHECK_GOLDEN=write pytest tests/test_golden.py

and read the difference (``git diff tests/golden``) before committing it.
"""

from __future__ import annotations

import contextlib
import os
from datetime import date
from pathlib import Path

import pytest

from dangjian_check.app import Request, run
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look
from office import document_text, workbook_text
from program import TESTS

GOLDEN = TESTS / "golden"
TODAY = date(2025, 3, 1)
# What is audited: the record's own period, and for the lax one a day in the middle of the year.
CASES = {
    "sound": {},
    "lax": {"period": parse_period("2024"), "as_of": date(2024, 6, 20)},
    "eased": {
        "period": parse_period("2024"),
        "as_of": date(2024, 6, 20),
        "waivers": (Path("records") / "eased" / "waivers.yaml",),
        "baseline": Path("records") / "eased" / "baseline.jsonl",
    },
}
# The lax record once more, with waivers and a baseline.
RECORDS = {"eased": "lax"}
LOOKS = {"": Look(), "-verbose": Look(width=60, verbose=True, unicode=False)}
# The bytes of these depend on the versions of libraries; that they stay the same is tested elsewhere.
READ_OUT = {"xlsx": workbook_text, "docx": document_text}
NAMES = [
    f"{case}{look}.{form}{'.txt' if FORMATS[form].binary else ''}"
    for case in CASES
    for form in FORMATS
    for look in (LOOKS if form == "terminal" else [""])
]


def rendered(name: str) -> bytes:
    """The report that a golden file shows: ``<record>[-verbose].<format>``, ``.txt`` if it is read out."""
    stem, _, form = name.removesuffix(".txt").partition(".")
    case, dash, look = stem.partition("-")
    with contextlib.chdir(TESTS):
        report = run(
            Request(
                (Path("records") / f"{RECORDS.get(case, case)}.yaml",),
                TODAY,
                rules=(Path("standards"),),
                traced=FORMATS[form].traced,
                **CASES[case],
            )
        )
    found = FORMATS[form](report, LOOKS[dash + look])
    if isinstance(found, bytes):
        return READ_OUT[form](found).encode()
    return found.encode()


@pytest.mark.parametrize("name", NAMES)
def test_format_gives_the_golden_bytes(name: str):
    """Same record, same standards, same bytes as on the day somebody looked at them."""
    path, found = GOLDEN / name, rendered(name)
    if os.environ.get("DJ_CHECK_GOLDEN") == "write":
        path.write_bytes(found)
    assert path.read_bytes() == found, "a wanted change? See the top of this file"


def test_no_golden_file_is_left_over():
    """A format or record that is gone takes its golden files with it."""
    assert sorted(NAMES) == sorted(path.name for path in GOLDEN.iterdir())


def test_golden_records_show_every_outcome():
    """Between them the two records pass, fail, wait, do not apply, are unknown and need a person."""
    text = (GOLDEN / "lax.json").read_text(encoding="utf-8") + (GOLDEN / "sound.json").read_text(encoding="utf-8")
    wanted = ["pass", "fail", "unknown", "pending", "manual", "not_applicable"]
    assert [] == [outcome for outcome in wanted if f'"outcome": "{outcome}"' not in text]
