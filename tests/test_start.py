"""What a command imports: only what it uses."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import typer

from dangjian_check.cli.tree import COMMANDS, asked_for, command_tree
from program import SOUND, plain_env

# Nothing of ours or of the dependencies but these (and what typer itself imports) is needed to say what there is.
LIGHT = {"typer", "rich", "dateutil", "six", "annotated_doc", "shellingham"}
BUILT_IN = ("--standard", "national")  # the manifests of a customer's own take the parser


def imported(*arguments: str | Path) -> frozenset[str]:
    """Every module that one command line imports, stdout a pipe."""
    return _imports("-m", "dangjian_check", *arguments)


@cache
def _imports(*program: str | Path) -> frozenset[str]:
    command = [sys.executable, "-X", "importtime", *program]
    done = subprocess.run(command, env=plain_env(), capture_output=True, text=True, check=False)
    return frozenset(line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line)


def packages(*arguments: str | Path) -> set[str]:
    """The packages of third parties among them, without what this Python brings to every start."""
    known = {*sys.stdlib_module_names, "dangjian_check", "org", "imported package", "_wmi"}  # the last: of Windows
    known |= {name.partition(".")[0] for name in _imports("-c", "")}
    found = {name.partition(".")[0] for name in imported(*arguments)} - known
    return {name for name in found if not name.startswith("_sysconfigdata")}


def ours(*arguments: str | Path) -> set[str]:
    """Our own modules among them."""
    return {name.partition(".")[2] for name in imported(*arguments) if name.startswith("dangjian_check.")}


def test_version_imports_nothing_at_all():
    """Not even the modules of ours that write it in other cases."""
    assert (set(), set()) == (packages("--version"), ours("--version"))


def test_help_imports_no_command():
    """Neither rules nor records nor pydantic: what there is to say of the commands stands in a table."""
    found = ours("--help")
    assert set() == {name for name in found if name.partition(".")[0] in ("app", "engine", "rulebook", "checks")}
    assert set() == found & {f"cli.{entry.module}" for entry in COMMANDS.values()}
    assert set() == packages("--help") - LIGHT


def test_audit_imports_no_typer_and_no_rich_to_draw_with():
    """One plain file, stdout a pipe: read line by line, validated by pydantic, measured by rich's cells."""
    ours("audit", *BUILT_IN, SOUND)  # compiles the standards, which takes a parser
    _imports.cache_clear()
    known = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}
    known |= {"dateutil", "six", "rich", "chinese_calendar"}
    assert set() == packages("audit", *BUILT_IN, SOUND) - known
    drawing = {"rich.console", "rich.text", "rich.table", "rich.segment", "rich.style"}
    assert set() == imported("audit", *BUILT_IN, SOUND) & drawing


def test_audit_of_a_record_imports_no_other_job():
    """No ledger, no workbook, no other format, no other command, no compiling of standards once they are compiled."""
    ours("audit", *BUILT_IN, SOUND)
    _imports.cache_clear()
    found = ours("audit", *BUILT_IN, SOUND)
    elsewhere = {"loading.ledgers", "loading.workbooks", "loading.csv_files", "loading.tables", "loading.reports"}
    elsewhere |= {"loading.templates", "loading.yaml_events", "rulebook.overlay", "cli.tree", "cli.words"}
    elsewhere |= {f"reports.{name}" for name in ("json_v1", "html", "xlsx", "docx", "sarif", "markdown", "csv")}
    elsewhere |= {f"cli.{entry.module}" for entry in COMMANDS.values()} - {"cli.audit"}
    assert set() == found & elsewhere
    assert set() == {name for name in found if name.startswith("writing")}


@pytest.mark.parametrize("name", COMMANDS)
def test_list_of_commands_says_what_the_command_says_of_itself(name: str):
    """The table is the docstring of the command, or the help of its group."""
    commands = getattr(typer.main.get_command(command_tree()), "commands")  # noqa: B009
    assert (name, COMMANDS[name].help) == (name, commands[name].help.strip())


def test_help_is_the_same_with_every_command_imported():
    """Listing a command looks like having it."""
    whole, none = (typer.main.get_command(command_tree(names)) for names in (COMMANDS, ()))
    assert whole.get_help(typer.Context(whole)) == none.get_help(typer.Context(none))


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["audit", "summary"], {"audit"}),
        (["--", "audit", "x.yaml"], {"audit"}),
        (["--color", "due"], {"due"}),
        (["--help"], set()),
        ([], set()),
        (["bogus"], set()),
    ],
)
def test_command_that_may_be_run_is_imported(arguments: list[str], needed: set[str]):
    """The first word, else every command the line mentions."""
    assert needed == set(asked_for(arguments))


def test_shell_that_completes_has_every_command(monkeypatch: pytest.MonkeyPatch):
    """The words to complete do not come as arguments."""
    monkeypatch.setenv("_DJ_CHECK_COMPLETE", "complete_bash")
    assert set(COMMANDS) == set(asked_for([]))


def test_shell_completes_an_option_of_a_command():
    """The variable is the one typer looks at."""
    env = plain_env(_DJ_CHECK_COMPLETE="complete_bash", COMP_WORDS="dj-check audit --as", COMP_CWORD="2")
    command = [sys.executable, "-m", "dangjian_check"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert "--as-of" in done.stdout
