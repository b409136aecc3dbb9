"""The shape of the house: sizes, layers, and each table compared with its folder."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from dangjian_check.checks import KINDS
from dangjian_check.checks.base import Check
from dangjian_check.loading import INPUTS, yaml_events
from dangjian_check.reference import schema
from dangjian_check.reports import FORMATS
from program import ROOT, plain_env

SOURCE = ROOT / "src" / "dangjian_check"
MODULES = sorted(SOURCE.rglob("*.py"))
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def modules(package: str) -> Iterator[ModuleType]:
    """The modules of one package, itself left out."""
    for path in sorted((SOURCE / package).glob("*.py")):
        if path.stem != "__init__":
            yield importlib.import_module(f"dangjian_check.{package}.{path.stem}")


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Owner and name of everything that is called in a module; a bare name has no owner."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "", node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value).rpartition(".")[2], node.func.attr


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_is_at_most_400_lines(path: Path):
    """A newcomer finds the room they need."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_function_is_at_most_40_lines(path: Path):
    """From ``def`` to the last line, docstring and signature included."""
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert {} == {f.name: n for f in functions if (n := (f.end_lineno or 0) - f.lineno + 1) > 40}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_says_what_it_is_for(path: Path):
    """Every module begins with a docstring."""
    assert ast.get_docstring(tree(path))


def test_nothing_is_printed_but_through_the_streams_of_cli():
    """No ``print`` anywhere."""
    assert [] == [name(path) for path in MODULES if ("", "print") in set(calls(path))]


def test_clock_is_read_in_one_place_of_cli():
    """The day comes in as ``as_of``; one module of ``cli`` asks for it, once."""
    found = [(path.parent.name, call) for path in MODULES for call in calls(path) if call in CLOCKS]
    assert [("cli", ("date", "today"))] == found


def test_layers_and_cycles_are_kept():
    """The import-linter contracts of pyproject.toml hold."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, env=plain_env(), capture_output=True, text=True, check=False, timeout=120)
    assert 0 == done.returncode, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def kinds_in_folder() -> dict[str, type[Check]]:
    """Kind -> check class, as the modules of ``checks`` define them."""
    found = {}
    for module in modules("checks"):
        for _, item in inspect.getmembers(module, inspect.isclass):
            if issubclass(item, Check) and item is not Check and item.__module__ == module.__name__:
                [kind] = get_args(item.model_fields["kind"].annotation)
                found[kind] = item
    return found


def test_table_of_check_kinds_is_the_folder():
    """Each check class is in the table under its kind, and nothing else."""
    assert kinds_in_folder() == KINDS


def test_check_kind_has_a_file_of_its_own_name():
    """``frequency`` is in ``checks/frequency.py``."""
    assert {kind: f"dangjian_check.checks.{kind}" for kind in KINDS} == {k: c.__module__ for k, c in KINDS.items()}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_check_kind_appears_in_schema_and_docs(kind: str):
    """What one file adds shows where people look."""
    rules = json.loads(schema("rules"))
    assert kind in {
        d["properties"]["kind"].get("const") for d in rules["definitions"].values() if "kind" in d.get("properties", {})
    }
    assert f"`{kind}`" in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def test_table_of_formats_is_the_folder():
    """Each module of ``reports`` with a ``render`` of its own is a format, and the other way round."""
    found = {
        m.__name__ for m in modules("reports") if getattr(getattr(m, "render", None), "__module__", "") == m.__name__
    }
    assert found == {f"dangjian_check.reports.{form.module}" for form in FORMATS.values()}


def test_format_is_in_a_file_of_its_own_name():
    """``json`` is in ``reports/json_v1.py``: the name, and a version where the format has one."""
    stems = {kind: form.module for kind, form in FORMATS.items()}
    assert {} == {kind: stem for kind, stem in stems.items() if stem.partition("_v")[0] != kind.replace("-", "_")}


def test_table_of_inputs_is_the_folder():
    """Each public function of ``loading`` that makes a `Tree` out of bytes is a reader in the table, or the reader of
    all of YAML, behind that of plain YAML."""
    readers = {
        (module.__name__.rpartition(".")[2], function.__name__)
        for module in modules("loading")
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not function.__name__.startswith("_")
        and list(inspect.signature(function).parameters) == ["raw", "file"]
        and inspect.signature(function).return_annotation in ("Tree", "list[Tree]")
    }
    assert readers == {("yaml_events", "read_yaml"), *((form.module, form.reader) for form in INPUTS.values())}


def test_yaml_is_parsed_by_the_c_parser():
    """Not by the pure one, which is twenty times slower and reads some files differently."""
    parser = importlib.import_module(yaml_events.CParser.__module__)
    assert "_ruamel_yaml" == parser.__name__
    assert str(parser.__file__).endswith(tuple(EXTENSION_SUFFIXES))


def test_version_is_said_without_loading_anything_heavy():
    """``--version`` imports no third-party package."""
    command = [sys.executable, "-X", "importtime", "-m", "dangjian_check", "--version"]
    done = subprocess.run(command, env=plain_env(), capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert ("dangjian_check", set()) == (
        *{"dangjian_check"} & imported,
        {"typer", "click", "rich", "pydantic", "ruamel", "dateutil"} & imported,
    )
