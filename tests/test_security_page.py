"""SECURITY.md promises nothing that no test holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")


def test_every_promise_names_tests_that_exist() -> None:
    """The row of every promise names at least one test, and each is a function of its file."""
    promises = [line for line in PAGE.partition("## 不承诺")[0].splitlines() if line.startswith("| ")][1:]
    assert len(promises) >= 15
    for line in promises:
        named = re.findall(r"`(tests/\w+\.py)::(test_\w+)`", line)
        assert named, line
        for file, name in named:
            tree = ast.parse((ROOT / file).read_text("utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}::{name}"


def test_figures_are_those_of_the_page_the_long_tests_write() -> None:
    """The page they are on is there, with its day, machine and scale."""
    assert "docs/reliability.md" in PAGE
    written = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    assert re.search(r"^- 日子：\d{4}-\d\d-\d\d$", written, re.MULTILINE)
    assert re.search(r"^- 机器：.+，\d+ 核，\w+，Python 3\.\d+\.\d+$", written, re.MULTILINE)
    assert re.search(r"^- 规模：全部", written, re.MULTILINE)
