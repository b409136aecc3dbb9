"""The long tests are told of as they are: the faults put in, and the page of figures."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src" / "dangjian_check"


@pytest.fixture
def deep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE / "deep"))


def _module(name: str) -> ModuleType:
    sys.modules.pop(name, None)
    return importlib.import_module(name)


@pytest.mark.usefixtures("deep")
def test_every_survivor_that_is_explained_is_a_mutant_still() -> None:
    """What the code no longer says needs no explanation."""
    mutants = _module("mutants")
    listed = YAML(typ="safe").load((HERE / "deep" / "survivors.yaml").read_text("utf-8"))
    files = {name.partition("::")[0] for name in listed}
    known = {mutant.name for file in files for mutant in mutants.mutants_of(SOURCE, file)}
    assert [] == sorted(listed.keys() - known)
    assert [] == [name for name, why in listed.items() if not isinstance(why, str) or len(why) < 5]


@pytest.mark.usefixtures("deep")
def test_every_mutant_has_a_name_of_its_own_and_is_another_program() -> None:
    mutants = _module("mutants")
    for file in ("engine/upshot.py", "checks/share.py"):
        found = mutants.mutants_of(SOURCE, file)
        original = ast.dump(ast.parse((SOURCE / file).read_text("utf-8")))
        assert len(found) == len({mutant.name for mutant in found}) > 15
        assert found == mutants.mutants_of(SOURCE, file)
        for mutant in found:
            tree = mutants.mutated(SOURCE, mutant)
            assert ast.dump(tree) != original, mutant.name
            compile(tree, file, "exec")


@pytest.mark.usefixtures("deep")
def test_page_shows_what_failed_or_was_never_run() -> None:
    reliability = _module("reliability")
    ran = {"day": "2024-12-31", "machine": "某处理器，2 核", "scale": 0.01}
    outcomes = [
        reliability.Outcome("oracle", "passed", "python tests/deep/oracle.py --cases 7", {"cases": 7}, 3, **ran),
        reliability.Outcome("fuzz", "failed", "python tests/deep/fuzz.py", {"cases": 9, "failures": 1}, 4),
        reliability.Outcome("same", "left"),
    ]
    page = reliability.page(outcomes)

    for word in (
        "- 机器：某处理器，2 核\n", "| 通过 | 7 个 | 1% | 3 | 2024-12-31 |",
        "| **没有通过** | 9 个，1 处失败 | 全部 | 4 |", "| 还没有跑 |  |  |  |  |",
    ):  # fmt: skip
        assert word in page
    assert page.endswith("python tests/deep/oracle.py --cases 7\npython tests/deep/fuzz.py\n```\n")


@pytest.mark.usefixtures("deep")
def test_part_that_ends_without_figures_or_with_a_status_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _module("run")
    monkeypatch.setattr(run, "HERE", tmp_path)
    scripts = {
        "passed": 'print(\'{"part": "x", "cases": 3}\')',
        "failed": "print('{\"cases\": 3}'); raise SystemExit(1)",
        "skipped": 'print(\'{"skipped": "not here"}\')',
    }
    for state, text in scripts.items():
        (tmp_path / f"{state}.py").write_text(text, encoding="utf-8")
        assert run.tried(run.Part("oracle", f"{state}.py", "--cases", 100), 0.5, None).state == state
    (tmp_path / "silent.py").write_text("print('nothing')", encoding="utf-8")
    assert run.tried(run.Part("oracle", "silent.py"), 1, None).state == "failed"


@pytest.mark.usefixtures("deep")
def test_page_keeps_the_last_figures_of_parts_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, reliability = _module("run"), _module("reliability")
    monkeypatch.setattr(run, "KEPT", tmp_path / "page.json")
    monkeypatch.setattr(run, "PAGE", tmp_path / "page.md")
    for name, day, cases in (("fuzz", "2024-12-30", 5), ("oracle", "2024-12-30", 6), ("fuzz", "2024-12-31", 7)):
        run.keep(reliability.Outcome(name, "passed", name, {"cases": cases}, day=day))
    told = (tmp_path / "page.md").read_text("utf-8")
    assert [True, True, False] == [row in told for row in (
        "| 7 个 | 全部 |  | 2024-12-31 |", "| 6 个 | 全部 |  | 2024-12-30 |", "| 5 个 |",
    )]  # fmt: skip


@pytest.mark.usefixtures("deep")
def test_every_part_has_its_script_and_its_words() -> None:
    run, reliability = _module("run"), _module("reliability")
    assert [part.name for part in run.PARTS] == list(reliability.WORDS)
    for part in run.PARTS:
        script = (run.HERE / part.script).read_text("utf-8")
        assert part.flag in script, part.name
        assert part.seeded is ('"--seed"' in script), part.name
