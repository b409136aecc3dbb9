"""The use cases about standards themselves: which there are, whether their rules hold what they promise, how two
differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dangjian_check.engine.compare import Comparison, compare
from dangjian_check.engine.lint import remarks, unscored
from dangjian_check.engine.proof import Gap, Survivor, TestRun, coverage_gap, run_test, survivors
from dangjian_check.engine.witness import witness
from dangjian_check.errors import DjCheckError, Problem, UsageProblem
from dangjian_check.loading.files import MANIFEST, standard_folders
from dangjian_check.loading.standards import find_standards, load_standard, load_standards
from dangjian_check.loading.workdays import load_workdays
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard


def standards(ids: Iterable[str], rules: Iterable[Path]) -> list[Standard]:
    """The standards of these ids, else the customer's own if folders are given, else the built-in."""
    folders, asked = list(rules), list(ids)
    if not asked:
        builtin = find_standards()
        asked = [name for name in find_standards(folders) if name not in builtin] if folders else list(builtin)
    return load_standards(asked, folders)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a rule's own tests showed."""

    rule: Rule
    runs: tuple[TestRun, ...]
    gap: Gap | None
    survivors: tuple[Survivor, ...]
    mutants: int


def prove(standard: Standard, only: Iterable[str] | None, *, mutate: bool) -> Iterator[Proof]:
    """Run the tests of a standard's rules (or of those named)."""
    wanted, workdays = set(only or ()), load_workdays()
    for rule in standard.rules:
        if wanted and rule.id not in wanted:
            continue
        runs = [run_test(rule, test, workdays=workdays) for test in rule.tests]
        sound = mutate and all(run.passed for run in runs)
        moved = survivors(rule, workdays) if sound else ((), 0)
        yield Proof(rule, tuple(runs), coverage_gap(rule, runs), tuple(moved[0]), moved[1])


def lint(folders: Iterable[Path]) -> tuple[int, list[Problem], list[str]]:
    """Everything wrong with the standards in these folders (the built-in ones if none): rules read, problems, and
    what they loosen."""
    places = list(folders)
    found = standard_folders(places) if places else list(find_standards().values())
    if not found:
        raise UsageProblem("没有找到标准", f"给出含有 {MANIFEST} 的文件夹")
    count = 0
    problems: list[Problem] = []
    notes: list[str] = []
    for folder in found:
        try:
            standard = load_standard(folder)
        except DjCheckError as error:
            problems.extend(error.problems)
            continue
        count += len(standard.rules)
        notes += unscored(standard)
        notes += [f"{standard.id} 放宽了 {rule}，依据：{source}" for rule, source in standard.loosened]
        for remark in remarks(standard):
            file, line = standard.places[remark.rule]
            problems.append(Problem(file, line, 1, f"{remark.rule}：{remark.message}", remark.remedy))
    return count, sorted(problems), notes


def compare_standards(first: str, second: str, rules: Iterable[Path], as_of: date) -> Comparison:
    """Two standards side by side. Raises `UsageProblem` for an unknown one."""
    a, b = (load_standards([name], rules)[0] for name in (first, second))
    return compare(a, b, as_of)


def witnesses(found: Comparison) -> Iterator[tuple[str, str, dict[str, object]]]:
    """File name, heading and record for every duty in which a regular year tells the two standards apart."""
    for row in found.rows:
        if row.first is None or row.second is None:
            continue
        for keeps, breaks in ((row.first, row.second), (row.second, row.first)):
            record = witness(keeps, breaks)
            if record is not None:
                heading = f"合 {keeps.id}（{keeps.title}），不合 {breaks.id}（{breaks.title}）"
                yield f"{keeps.id}--{breaks.id}", heading, record
