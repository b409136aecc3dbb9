"""Waivers: what a file of them says, where it is wrong, and which files ``validate`` takes for one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dangjian_check.app import record_files, validate
from dangjian_check.errors import InputProblems
from dangjian_check.loading.records import load_records
from dangjian_check.loading.standards import find_standards, load_standards
from dangjian_check.loading.waivers import load_waivers
from dangjian_check.rulebook.waiver import Covers, Waiver
from program import ROOT, SOUND, Run

EXAMPLE = ROOT / "examples" / "waivers" / "waivers.yaml"
FORM = """\
waivers:
  - rules: {rules}
    branches: {branches}
    covers: {{from: 2024-07-01, to: {to}}}
    effect: {effect}
    reason: 防汛
    approver: 某公司党委
    document: 12
    approved: 2024-07-05
"""
SOUNDLY = {"rules": "NAT-ZB-12-1", "branches": "b1", "to": "2024-08-31", "effect": "excuse"}


def form(**changes: str) -> str:
    return FORM.format(**SOUNDLY | changes)


def told(tmp_path: Path, text: str) -> list[tuple[int, int, str]]:
    """Line, column and words of every problem of a waiver file."""
    path = tmp_path / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        load_waivers(path)
    assert all(problem.remedy for problem in caught.value.problems)
    return [(problem.line, problem.column, problem.message) for problem in caught.value.problems]


def test_example_names_rules_and_branches_that_exist():
    """What is shown can be copied."""
    found = load_waivers(EXAMPLE).waivers
    rules = {rule.id for standard in load_standards(find_standards()) for rule in standard.rules}
    branches = {one.id for path in record_files([ROOT / "examples"]) for one in load_records(path)[0]}
    assert ["excuse", "accept"] == [waiver.effect for waiver in found]
    assert {name for waiver in found for name in waiver.rules} <= rules
    assert {name for waiver in found for name in waiver.branches or ()} <= branches


def test_waiver_stands_where_the_file_says():
    """Each is shown with its line."""
    tree = load_waivers(EXAMPLE).tree
    assert [(5, 5), (15, 5)] == [tree.place(("waivers", index))[:2] for index in (0, 1)]


@pytest.mark.parametrize(
    ("rules", "rule", "bound"),
    [
        ("NAT-ZB-12-1", "NAT-ZB-12-1", True),
        ("NAT-ZB-12-1", "NAT-ZB-12-12", False),
        ("NAT-ZB-12-*", "NAT-ZB-12-12", True),
        ("NAT-ZB-12-*", "NAT-ZB-12", False),
        ("NAT-ZB-1-*", "NAT-ZB-12-1", False),
        ("[VOC-1-1, NAT-*]", "NAT-ZB-12-1", True),
        ("VOC-*", "NAT-ZB-12-1", False),
    ],
)
def test_waiver_binds_the_rules_it_names(tmp_path: Path, rules: str, rule: str, bound: bool):
    """An id is that rule alone; ``-*`` is every rule below, part by part."""
    path = tmp_path / "waivers.yaml"
    path.write_text(form(rules=rules), encoding="utf-8")
    [waiver] = load_waivers(path).waivers
    assert (bound, False) == (waiver.binds(rule, "b1"), waiver.binds(rule, "b2"))


def test_waiver_without_branches_binds_all(tmp_path: Path):
    """Left out, not empty."""
    path = tmp_path / "waivers.yaml"
    path.write_text(form().replace("    branches: b1\n", ""), encoding="utf-8")
    assert load_waivers(path).waivers[0].binds("NAT-ZB-12-1", "anybody")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (form(rules="zb-12"), (2, 12, "“zb-12” 不是规则编号")),
        (form(to="2024-06-30"), (4, 5, "豁免期间的止日早于起日")),
        (form(to="2024-06-31"), (4, 36, "日历上没有 “2024-06-31” 这一天")),
        (form(effect="accept"), (2, 5, "暂时容许（accept）的没有写到哪天为止")),
        (form(effect="excuse\n    expires: 2025-01-01"), (2, 5, "免除（excuse）的没有到期一说")),
        (form(effect="accept\n    expires: 2024-07-04"), (2, 5, "到期日早于批准日")),
        (form(effect="免除"), (5, 13, "“免除” 不在可选的词里")),
        (form(branches="[]"), (3, 5, "这里是空的")),
        (form().replace("reason", "raeson"), (6, 5, "不认识的键 “raeson”")),
        (form() + "  - rules：X\n", (10, 5, "用了全角冒号“：”")),
        ("waiver: []\n", (1, 1, "不认识的键 “waiver”")),
        ("waivers:\n", (1, 1, "这里没有内容")),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, text: str, expected: tuple[int, int, str]):
    """Line, column and what is wrong, in Chinese, as for a record."""
    assert expected in told(tmp_path, text)


def test_validate_checks_waivers_in_folders_and_those_given(run: Run, tmp_path: Path):
    """``waivers.yaml`` wherever it lies, and a given file of another name that lists waivers; each once."""
    (tmp_path / "deep").mkdir()
    shutil.copy(SOUND, tmp_path / "branch.yaml")
    for name in ("waivers.yaml", "deep/waivers.yml", "deep/豁免.yaml"):
        (tmp_path / name).write_text(form(), encoding="utf-8")
    done = run("validate", tmp_path / "deep" / "豁免.yaml", tmp_path / "waivers.yaml")
    assert (0, "2 个都没有写法上的问题\n") == (done.status, done.out)
    (tmp_path / "deep" / "豁免.yaml").unlink()
    checked, problems = validate([tmp_path, tmp_path / "waivers.yaml"])
    assert (["waivers.yaml", "deep/waivers.yml", "branch.yaml"], []) == (
        [Path(name).relative_to(tmp_path).as_posix() for name in checked], problems,
    )  # fmt: skip


def test_validate_tells_what_is_wrong_with_waivers_beside_the_rest(run: Run, tmp_path: Path):
    """2, every problem of every file."""
    (tmp_path / "waivers.yaml").write_text(form(rules="x"), encoding="utf-8")
    (tmp_path / "branch.yaml").write_text("branch: {}\n", encoding="utf-8")
    done = run("validate", tmp_path)
    assert (2, ["branch.yaml:1:1", "waivers.yaml:2:12"]) == (
        done.status,
        [line.removeprefix(f"{tmp_path.as_posix()}/").partition(": ")[0] for line in done.err.splitlines()],
    )


def test_waivers_are_never_judged_as_a_record():
    """A folder of records with their waivers holds only records for an audit."""
    assert EXAMPLE not in record_files([ROOT / "examples"])


def test_page_shows_what_can_be_read_and_names_every_key(tmp_path: Path):
    """docs/waivers.md: its fragment is sound, its table complete."""
    page = (ROOT / "docs" / "waivers.md").read_text(encoding="utf-8")
    [fragment] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "waivers.yaml"
    path.write_text(fragment, encoding="utf-8")
    assert load_waivers(EXAMPLE).waivers == load_waivers(path).waivers
    keys = {info.alias or name for model in (Waiver, Covers) for name, info in model.model_fields.items()}
    assert [] == sorted(key for key in keys if f"`{key}`" not in page)
