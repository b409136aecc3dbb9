"""What several test files share: the built-in standards, each loaded once."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from builders import Find
from dangjian_check.cli.main import run_cli
from dangjian_check.loading.standards import load_standards
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from program import Done, Run

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=5000)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def voc() -> Standard:
    """The vocational college's standard, with its own scoring sheet."""
    return load_standards(["voc"])[0]


@pytest.fixture(scope="session")
def national() -> Standard:
    """The national regulations."""
    return load_standards(["national"])[0]


@pytest.fixture(scope="session")
def rule(voc: Standard, national: Standard) -> Find:
    """A rule of either standard by its id."""

    def find(rule_id: str) -> Rule:
        found = voc.rule(rule_id) or national.rule(rule_id)
        assert found is not None, f"no rule {rule_id}"
        return found

    return find


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command line inside this process: arguments in, status and both streams out."""

    def call(*arguments: str | Path) -> Done:
        capsys.readouterr()
        status = run_cli([str(argument) for argument in arguments])
        return Done(int(status), *capsys.readouterr())

    yield call
    gc.enable()
