"""What several test files share: the built-in standards, each loaded once."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from builders import Find
from dangjian_check.cli.main import run_cli
from dangjian_check.loading.standards import load_standards
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from program import Done, Run

# A program started by nohup, or in the background of a script, lets its own be deaf to these as well.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.environ["DJ_CHECK_CACHE"] = ""  # nothing of the user's own, also while tests are collected
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=5000)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The tests keep what they compile in a folder of their own."""
    os.environ["DJ_CHECK_CACHE"] = str(tmp_path_factory.mktemp("cache"))


OF_PREFIX = {"VOC": "voc", "NAT": "national", "ZJU": "zju", "QHU": "qhu", "GB": "gaibei", "XH": "xuhui"}


@cache
def _standard(name: str) -> Standard:
    return load_standards([name])[0]


@pytest.fixture(scope="session")
def voc() -> Standard:
    """The vocational college's standard, with its own scoring sheet."""
    return _standard("voc")


@pytest.fixture(scope="session")
def national() -> Standard:
    """The national regulations."""
    return _standard("national")


@pytest.fixture(scope="session")
def zju() -> Standard:
    """Zhejiang University's document."""
    return _standard("zju")


@pytest.fixture(scope="session")
def qhu() -> Standard:
    """The graduate school of Qinghai University's document."""
    return _standard("qhu")


@pytest.fixture(scope="session")
def gaibei() -> Standard:
    """The town of Gaibei's document."""
    return _standard("gaibei")


@pytest.fixture(scope="session")
def xuhui() -> Standard:
    """The education system of Xuhui district's document."""
    return _standard("xuhui")


@pytest.fixture(scope="session")
def rule() -> Find:
    """A rule of any of the standards by its id; only its own standard is loaded."""

    def find(rule_id: str) -> Rule:
        found = _standard(OF_PREFIX[rule_id.split("-")[0]]).rule(rule_id)
        assert found is not None, f"no rule {rule_id}"
        return found

    return find


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[Run]:
    """The command line inside this process: arguments in, status and both streams out as text (bytes that are none
    can be had back by ``surrogateescape``)."""

    def call(*arguments: str | Path) -> Done:
        capsysbinary.readouterr()
        status = run_cli([str(argument) for argument in arguments])
        out, err = capsysbinary.readouterr()
        return Done(int(status), out.decode("utf-8", "surrogateescape"), err.decode())

    yield call
    gc.enable()
