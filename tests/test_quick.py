"""The plain way to say ``audit`` is understood without typer, and never otherwise than typer understands it."""

from __future__ import annotations

from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.exceptions import TyperException

from dangjian_check.cli.quick import FLAG, OPTIONS, TEXT, quick, understood
from dangjian_check.cli.tree import command_tree
from program import LAX, PROBE, Run

AUDIT: Any = typer.main.get_command(command_tree(["audit"])).commands["audit"]  # type: ignore[attr-defined]
DECLARED = {flag: parameter for parameter in AUDIT.params for flag in parameter.opts if flag.startswith("-")}
VALUES = ["json", "xlsx", "minor", "always", "2024", "a b", "", "-", "-x", "--", "--help", "=", "支部.yaml"]
ODD = ["--nope", "-vv", "-fjson", "--form", "--format=json", "--color=never", "--rules=", "-s=voc", "--strict=1"]


def by_typer(words: list[str]) -> dict[str, Any] | None:
    """What typer makes of the words after ``audit``; None if it does not take them."""
    try:
        params: dict[str, Any] = AUDIT.make_context("audit", list(words)).params
    except (TyperException, SystemExit, typer.Exit):
        return None
    return params


DEFAULTS = by_typer(["x.yaml"])


@pytest.mark.parametrize("option", OPTIONS)
def test_option_is_one_that_typer_declares(option: str):
    """By the same name, for the same parameter, taking as many values and the same words."""
    name, takes = OPTIONS[option]
    parameter = DECLARED[option]
    assert (name, takes == FLAG) == (parameter.name, parameter.is_flag)
    assert parameter.multiple is (takes not in (FLAG, TEXT) and isinstance(takes, str))


@pytest.mark.parametrize(
    ("option", "word"), [(o, word) for o, (_, takes) in OPTIONS.items() if isinstance(takes, tuple) for word in takes]
)
def test_word_is_one_that_typer_takes(option: str, word: str):
    """Each of the words listed here; typer may know more."""
    assert None is not by_typer(["x.yaml", option, word])


@given(st.lists(st.sampled_from([*DECLARED, *ODD, *VALUES, "x.yaml", "y/z"]), max_size=7))
def test_line_means_what_typer_says_or_is_left_to_typer(words: list[str]):
    """Any words at all: the same parameters, or none."""
    found = understood(words)
    if found is not None:
        assert {**(DEFAULTS or {}), **found} == by_typer(words)


@given(st.data())
def test_plain_line_is_understood(data: st.DataObject):
    """Files, and each option at most once with a value it takes."""
    words = ["x.yaml"]
    for option in data.draw(st.lists(st.sampled_from(sorted(OPTIONS)), unique_by=lambda o: OPTIONS[o][0], max_size=6)):
        _, takes = OPTIONS[option]
        value = data.draw(st.sampled_from(takes if isinstance(takes, tuple) else ["2024", "a"]))
        words += [option] if takes == FLAG else [option, value]
    found = understood(words)
    assert found is not None
    assert {**(DEFAULTS or {}), **found} == by_typer(words)


@pytest.mark.parametrize(
    "words", [["--help"], [], ["x.yaml", "--as-of"], ["x.yaml", "--nope"], ["-"], ["--", "x.yaml"]]
)
def test_what_needs_saying_is_left_to_typer(words: list[str]):
    """Help, mistakes, standard input."""
    assert None is understood(words)


def test_shell_that_completes_is_left_to_typer(monkeypatch: pytest.MonkeyPatch):
    """It wants words, not an audit."""
    assert None is not quick(["audit", "x.yaml"])
    monkeypatch.setenv("_DJ_CHECK_COMPLETE", "complete_bash")
    assert None is quick(["audit", "x.yaml"])


def test_answer_is_the_same_either_way(run: Run):
    """``--`` in front of the file sends the line by typer."""
    plain, declared = run("audit", *PROBE, LAX), run("audit", *PROBE, "--", LAX)
    assert ("", plain) == (declared.err, declared)
