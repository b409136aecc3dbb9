"""Comparisons and summaries, byte for byte, as a person last looked at them and found them right. To rewrite them:

    DJ_CHECK_GOLDEN=write pytest tests/test_golden_diff.py

and read the difference (``git diff tests/golden_diff``) before committing it.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from dangjian_check.app import Request, run
from dangjian_check.comparing import compare_reports, summarize
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look
from dangjian_check.reports.diff_json import diff_json
from dangjian_check.reports.diff_markdown import diff_markdown
from dangjian_check.reports.diff_text import diff_text
from dangjian_check.reports.diff_workbook import diff_workbook
from dangjian_check.reports.summary_json import summary_json
from dangjian_check.reports.summary_text import summary_markdown, summary_text, summary_workbook
from office import workbook_text
from program import TESTS
from test_golden import TODAY

GOLDEN = TESTS / "golden_diff"
FORMS = ("terminal", "json", "markdown", "xlsx.txt")
NAMES = [f"{what}.{form}" for what in ("diff", "summary") for form in FORMS]
# Since the first report a meeting of March and one of the two party days have turned up, and the year has gone on.
MORE = """\
  - {date: 2024-03-05, type: 支委会, attendance: {expected: 3, present: 3}}
  - {date: 2024-04-15, type: 主题党日, attendance: {present: [甲, 乙]}}
"""


def reports(folder: Path) -> tuple[Path, Path]:
    """The lax record half-way through the year, and at its end with more in it."""
    (folder / "new").mkdir(exist_ok=True)
    better = folder / "new" / "lax.yaml"
    better.write_text((TESTS / "records" / "lax.yaml").read_text(encoding="utf-8") + MORE, encoding="utf-8")
    found = []
    for name, record, period in (("old", TESTS / "records" / "lax.yaml", "2024H1"), ("new", better, "2024")):
        asked = Request((record,), TODAY, rules=(TESTS / "standards",), period=parse_period(period))
        path = folder / f"{name}.json"
        content = FORMATS["json"](run(asked), Look())
        assert isinstance(content, str)
        path.write_text(content.replace(folder.as_posix(), "."), encoding="utf-8")
        found.append(path)
    return found[0], found[1]


def rendered(name: str, folder: Path) -> str:
    """What a golden file shows: ``<command>.<format>``, ``.txt`` if it is read out."""
    with contextlib.chdir(folder):
        old, new = (Path(path.name) for path in reports(folder))
        if name.startswith("diff"):
            compared = compare_reports(old, new)
            return {
                "diff.terminal": lambda: diff_text(compared, Look()),
                "diff.json": lambda: diff_json(compared),
                "diff.markdown": lambda: diff_markdown(compared),
                "diff.xlsx.txt": lambda: workbook_text(diff_workbook(compared)),
            }[name]()
        summary, problems = summarize([old, new], rank=True)
        return {
            "summary.terminal": lambda: summary_text(summary, Look()),
            "summary.json": lambda: summary_json(summary, problems),
            "summary.markdown": lambda: summary_markdown(summary),
            "summary.xlsx.txt": lambda: workbook_text(summary_workbook(summary)),
        }[name]()


@pytest.mark.parametrize("name", NAMES)
def test_format_gives_the_golden_bytes(name: str, tmp_path: Path):
    """Same reports, same bytes as on the day somebody looked at them."""
    path, found = GOLDEN / name, rendered(name, tmp_path).encode()
    if os.environ.get("DJ_CHECK_GOLDEN") == "write":
        path.write_bytes(found)
    assert path.read_bytes() == found, "a wanted change? See the top of this file"


def test_no_golden_file_is_left_over():
    """A format that is gone takes its golden file with it."""
    assert sorted(NAMES) == sorted(path.name for path in GOLDEN.iterdir())
