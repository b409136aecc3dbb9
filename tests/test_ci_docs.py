"""docs/ci.md, docs/python.md and the hooks are true: blocks parse, their commands run, their files appear."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from dangjian_check.reports import FORMATS
from program import COMMAND_LINES, ROOT, Run, plain_env

TEXT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS = [(kind, body) for kind, body in re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)]
HOOK_KEYS = {
    "id", "name", "description", "entry", "args", "language", "types_or", "files", "require_serial", "pass_filenames",
    "always_run", "stages", "minimum_pre_commit_version",
}  # fmt: skip


def yaml(text: str) -> Any:
    return YAML(typ="safe").load(text)


def commands(value: Any) -> Iterator[str]:
    """Every shell line that calls dj-check, wherever it stands in a YAML block."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from commands(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from commands(inner)
    elif isinstance(value, str):
        yield from (line for line in value.splitlines() if line.startswith("dj-check "))


WORKFLOWS = [body for kind, body in BLOCKS if kind == "yaml"]
POWERSHELL = [line.partition(" | ")[0] for kind, body in BLOCKS if kind == "powershell" for line in body.splitlines()]
LINES = [line for body in WORKFLOWS for line in commands(yaml(body))]
LINES += [line for line in POWERSHELL if line.startswith("dj-check ")]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with records, in which commands are run as in a job."""
    (tmp_path / "records").mkdir()
    for name in ("teachers-lax.yaml", "teachers-sound.yaml"):
        shutil.copy(ROOT / "examples" / name, tmp_path / "records" / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return tmp_path


def test_workflows_are_there():
    """One of each service, one for pre-commit; each says first where it belongs."""
    names = [body.splitlines()[0].removeprefix("# ") for body in WORKFLOWS]
    assert [
        ".github/workflows/records.yml",
        ".gitlab-ci.yml",
        ".gitea/workflows/records.yml",
        ".pre-commit-config.yaml",
    ] == names
    assert [] == [name for name, body in zip(names, WORKFLOWS, strict=True) if not isinstance(yaml(body), dict)]


@pytest.mark.parametrize("line", dict.fromkeys(LINES))
def test_command_of_a_workflow_runs_on_examples(run: Run, repository: Path, line: str):
    """Judged, with deficiencies or without; every file it promises is there."""
    words = shlex.split(line)[1:]
    words += ["records/teachers-lax.yaml"] if words[0] == "validate" else []
    done = run(*words)
    assert (True, "") == (done.status in (0, 1), done.err)
    promised = [word.partition(":")[2] for flag, word in pairwise(words) if flag == "--output"]
    assert [] == [name for name in promised if not (repository / name).stat().st_size]


@pytest.mark.parametrize("body", [body for kind, body in BLOCKS if kind == "sh"])
def test_shell_recipe_runs_on_examples(repository: Path, body: str):
    """As a whole, in a shell that stops at the first error."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", body], env=plain_env(PATH=path), capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert re.search(r"有问题，见 problems.csv|^jx-t2\tvoc\t\d+$", done.stdout, re.MULTILINE)


def test_uploads_name_files_that_the_commands_write():
    """No artifact is promised that no command makes."""
    for body in WORKFLOWS[:3]:
        written = set(re.findall(r"--output \w+:(\S+)", body))
        named = set(re.findall(r"(?:path|sarif_file|junit): ([\w.-]+)", body)) | set(
            re.findall(r"paths: \[(.*)\]", body)
        )
        assert named == written


def test_every_format_is_in_the_table():
    """What can be asked for is described, by its name."""
    table = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))
    assert set() == set(FORMATS) - table


def test_hooks_call_commands_that_exist():
    """With keys pre-commit knows; validate gets the files, audit the folder."""
    hooks = {hook["id"]: hook for hook in yaml((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {"dj-check-validate", "dj-check-audit"} == set(hooks)
    assert [] == [key for hook in hooks.values() for key in hook if key not in HOOK_KEYS]
    assert [] == [h["id"] for h in hooks.values() if (h["entry"].split()[1],) not in COMMAND_LINES]


@pytest.mark.parametrize(
    "hook", yaml((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")), ids=lambda hook: hook["id"]
)
def test_hook_runs_as_pre_commit_runs_it(run: Run, repository: Path, hook: dict[str, Any]):
    """Entry, then arguments, then file names unless the hook wants none."""
    names = [] if hook.get("pass_filenames") is False else ["records/teachers-lax.yaml", "records/teachers-sound.yaml"]
    done = run(*hook["entry"].split()[1:], *hook.get("args", []), *names)
    assert ({"dj-check-validate": 0, "dj-check-audit": 1}[hook["id"]], "") == (done.status, done.err)


@pytest.mark.parametrize(
    "body",
    re.findall(
        r"^```python\n(.*?)^```", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    ),
)
def test_python_of_the_document_runs_on_examples(repository: Path, capsys: pytest.CaptureFixture[str], body: str):
    """The blocks of docs/python.md, each by itself, do what the words around them say."""
    exec(compile(body, "docs/python.md", "exec"), {})
    out = capsys.readouterr().out
    assert ("voc" in out) is True
    assert ("render" in body) is (repository / "report.md").exists()
