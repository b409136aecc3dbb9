"""The documents are true: their commands print what they show, their fragments load, their words exist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dangjian_check.checks import KINDS
from dangjian_check.checks.applies import Applies
from dangjian_check.checks.for_each import ForEach
from dangjian_check.checks.measures import MEASURES
from dangjian_check.checks.select import Selector
from dangjian_check.loading.records import parse_record
from dangjian_check.model.record import SERIES
from dangjian_check.model.vocabulary import ACTIVITY_TYPES, ALIASES
from dangjian_check.rulebook.rule import Rule, RuleTest, Source
from dangjian_check.rulebook.sheet import Indicator, Line, Sheet
from dangjian_check.rulebook.standard import Manifest
from program import ROOT

SHOWN = ("README.md", "docs/own-standard.md", "docs/due.md")
SKIP = "…"


def blocks(document: str, kind: str) -> list[str]:
    """The fenced blocks of one kind in a document."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def steps(document: str) -> list[tuple[str, list[str]]]:
    """What a reader does, in order: a file to write (its name after ``# ``) or a command, with the lines below it."""
    text = (ROOT / document).read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for kind, block in re.findall(r"```(yaml|text)\n(.*?)```", text, re.DOTALL):
        if kind == "yaml" and re.match(r"# [\w./-]+\.yaml\b", block):
            found.append((block.split()[1], block.splitlines()))
        elif block.startswith("$ "):
            parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
            found += [(f"$ {head}", rest.splitlines()) for head, _, rest in (part.partition("\n") for part in parts)]
    return found


def not_shown(wanted: list[str], got: list[str]) -> list[str]:
    """Lines of ``wanted`` that do not come in order in ``got``; a lone … passes over any number of lines."""
    missing, position, skipping = [], 0, False
    for line in (line.rstrip() for line in wanted):
        if line.strip() == SKIP:
            skipping = True
            continue
        rest = got[position:] if skipping else got[position : position + 1]
        if line in rest:
            position += rest.index(line) + 1
        else:
            missing.append(line)
        skipping = False
    return missing


@pytest.mark.parametrize("document", SHOWN)
def test_commands_print_what_the_document_shows(document: str, tmp_path: Path) -> None:
    """Files a document writes are written, its commands are run in order, every shown line comes."""
    for name in ("examples", "rules"):
        shutil.copytree(ROOT / name, tmp_path / name)
    program = Path(sys.executable).parent
    env = os.environ | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}", "LANG": "C.UTF-8"}
    missing = {}
    for step, lines in steps(document):
        if not step.startswith("$ "):
            (tmp_path / step).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / step).write_text("\n".join(lines) + "\n", encoding="utf-8")
            continue
        bash = ["bash", "-c", step.removeprefix("$ ")]
        done = subprocess.run(bash, cwd=tmp_path, env=env, stdout=-1, stderr=subprocess.STDOUT, check=False)
        gone = not_shown(lines, [line.rstrip() for line in done.stdout.decode().splitlines()])
        if gone:
            missing[step] = gone
    assert {} == missing


def test_record_fragments_load() -> None:
    """Every fragment of docs/record.md is a record once it has a body."""
    fragments = blocks("docs/record.md", "yaml")
    assert len(fragments) > 5
    for fragment in fragments:
        whole = re.search(r"^(branch|organization):", fragment, re.MULTILINE) is not None
        text = fragment if whole else f"branch: {{name: 例}}\n{fragment}"
        if "groups:" not in text:
            text = text.replace(", group: g1", "")
        parse_record(text.encode(), "fragment.yaml", "fragment")


def test_record_page_names_every_series_with_its_fields() -> None:
    """Each series has its row, with every field of its model, and every activity type and alias is told."""
    page = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    missing = []
    for name, model in SERIES.items():
        if name == "activities":
            continue
        row = re.search(rf"^\| `{name}` .*$", page, re.MULTILINE)
        fields = {info.alias or attr for attr, info in model.model_fields.items()} - {"id", "remark", "evidence"}
        missing += [f"{name}.{field}" for field in sorted(fields) if row is None or f"`{field}`" not in row[0]]
    missing += [word for word in (*ACTIVITY_TYPES, *ALIASES) if word not in page]
    assert [] == missing


def test_rule_pages_name_every_word_of_the_rule_language() -> None:
    """Whatever a rule file may say stands in docs/rules.md or docs/own-standard.md."""
    page = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("rules.md", "own-standard.md"))
    models = (*KINDS.values(), Applies, ForEach, Selector, Rule, RuleTest, Source, Manifest, Sheet, Indicator, Line)
    fields = {info.alias or attr for model in models for attr, info in model.model_fields.items()}
    words = {*fields, *MEASURES, *SERIES, *KINDS}
    assert [] == sorted(word for word in words if not re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", page))


def test_glossary_identifiers_exist() -> None:
    """Every identifier of the glossary stands in the code or is the name of a standard."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    code += "\n".join(path.as_posix() for path in (ROOT / "rules").rglob("*.yaml"))
    rows = [
        line for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines() if line[:1] == "|"
    ]
    names = {name for row in rows for name in re.findall(r"`([^`]+)`", row) if not name.startswith(("--", "term:"))}
    plain = {name for name in names if "：" not in name and ": " not in name}
    assert [] == sorted(n for n in plain if not re.search(rf"(?<![a-z]){re.escape(n)}(?![a-z])", code))


def test_modules_that_the_map_of_the_house_names_are_there() -> None:
    """docs/architecture.md, by their paths below the package; a test by its own."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    there = {path.as_posix() for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.py")}
    named = set(re.findall(r"[a-z_/]+[.]py\b", text))
    assert 50 < len(named)
    assert [] == sorted(name for name in named if not any(path.endswith(f"/{name}") for path in there))
