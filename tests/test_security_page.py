"""SECURITY.md promises nothing that no test holds."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

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


def test_figures_are_those_of_the_page_the_long_tests_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page they are on is there, as it is written from its figures, with machine and days."""
    assert "docs/reliability.md" in PAGE
    written = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "deep"))
    run = importlib.import_module("run")
    known = run.kept()
    assert len(known) >= 5
    assert run.page(known.get(part.name, run.Outcome(part.name, "left")) for part in run.PARTS) == written
    assert re.search(r"^- 机器：.+，\d+ 核，\w+，Python 3\.\d+\.\d+$", written, re.MULTILINE)
