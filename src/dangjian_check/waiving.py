"""The waivers of a run: which files there are, what in them cannot stand, what came of each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from dangjian_check.engine.assessment import Assessment
from dangjian_check.engine.waivers import lay
from dangjian_check.errors import DjCheckError, InputProblems, Problem
from dangjian_check.loading.files import STDIN
from dangjian_check.loading.standards import find_standards, load_standards
from dangjian_check.loading.waivers import LoadedWaivers, load_waivers, waivers_beside
from dangjian_check.model.calendar import add_months
from dangjian_check.model.fields import shown
from dangjian_check.model.vocabulary import nearest
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from dangjian_check.rulebook.waiver import Waiver, stands_for

SOON = timedelta(days=30)
_LONGEST = 12  # months an acceptance may last without a remark
Rules = dict[str, Rule]
Used = tuple[str, int]  # a waiver: a hash of where its file is, which is kept with what it met, and its position there


class RunWaivers:
    """The waivers of one run. Files asked for hold for every record, those found beside records for what lies at or
    below their folder; ``given`` are the paths audited.

    Raises `InputProblems` if a file asked for cannot be used; what is wrong with a file found goes to `problems`.
    """

    def __init__(self, files: Iterable[Path], given: Iterable[Path], *, beside: bool) -> None:
        self.problems: list[Problem] = []
        self._given, self._beside = tuple(given), beside
        self._files: dict[str, LoadedWaivers | None] = {}
        self._branches: dict[str, str] = {}
        self._used: set[Used] = set()
        self._near: dict[Path, list[Path]] = {}
        self._idle = False
        self._asked = {self._load(path): os.path.realpath(path) for path in files}
        if self.problems:
            raise InputProblems(self.problems)

    def _load(self, path: Path) -> str:
        """The key under which a file is kept, read when it first comes."""
        key = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()
        if key not in self._files:
            try:
                self._files[key] = load_waivers(path)
            except DjCheckError as error:
                self._files[key] = None
                self.problems += error.problems
        return key

    def asked_for(self, path: Path) -> bool:
        """Whether a file is one of the waiver files asked for, and so no record."""
        return bool(self._asked) and os.path.realpath(path) in self._asked.values()

    def _beside_of(self, record: Path) -> list[Path]:
        """The waiver files that reach a record by where they lie; each folder is looked at once."""
        if not self._beside or record == STDIN:
            return []
        if record.parent not in self._near:
            self._near[record.parent] = waivers_beside(self._given, record)
        return self._near[record.parent]

    def lay(self, assessment: Assessment, record: Path) -> tuple[Assessment, set[Used]]:
        """The assessment of the record in this file under the waivers that reach it, and which of them met it."""
        loaded = {key: file for key in self._reaching(record) if (file := self._files[key])}
        listed = [(key, number) for key, file in loaded.items() for number in range(len(file.waivers))]
        laid, used = lay(assessment, [loaded[key].waivers[number] for key, number in listed])
        return laid, {listed[position] for position in used}

    def _reaching(self, record: Path) -> list[str]:
        return [*self._asked, *map(self._load, self._beside_of(record))]

    def reaching(self, records: Iterable[Path]) -> list[Path]:
        """The waiver files of a run, given one record of every folder. Where there are none, nothing need be known of
        the branches."""
        near = dict.fromkeys(file for record in records for file in self._beside_of(record))
        self._idle = not (self._asked or near)
        return [*map(Path, self._asked.values()), *near]

    def meet(self, record: Path, branches: dict[str, str], used: Iterable[Used]) -> None:
        """The record in this file was judged, of these branches (id and name), and met these waivers."""
        self._reaching(record)
        if not self._idle:
            self._branches.update(branches)
        self._used.update(used)

    def unfit(self, standards: Iterable[Standard], rules: Iterable[Path]) -> list[Problem]:
        """Rules that nobody knows, and those that nobody may waive."""
        here = _rules(standards)
        elsewhere = _once(lambda: _known(rules))
        return [p for file in self._files.values() if file for p in _unfit(file, here, elsewhere)]

    def notes(self, standards: Iterable[Standard]) -> list[Problem]:
        """Which files were used, and which of their waivers met nothing."""
        here, told = _rules(standards), []
        for key, file in self._files.items():
            if file is None:
                continue
            count = sum(used == key for used, _ in self._used)
            said = f"按这个豁免文件核查：{len(file.waivers)} 项，用上 {count} 项"
            told.append(Problem(file.tree.file, 0, 0, said, "不要豁免的加 --no-waivers"))
            for number, waiver in enumerate(file.waivers):
                told += self._told(file, number, waiver, here, used=(key, number) in self._used)
        return told

    def unused(self) -> list[tuple[str, int]]:
        """File and position of every waiver that met no failed window."""
        listed = [(file, key, n) for key, file in self._files.items() if file for n in range(len(file.waivers))]
        return [(file.tree.file, n) for file, key, n in listed if (key, n) not in self._used]

    def _told(self, file: LoadedWaivers, number: int, waiver: Waiver, here: Rules, *, used: bool) -> Iterator[Problem]:
        """At most one note on a waiver. That it is for other branches is no news where only one is looked at."""
        strangers = [b for b in waiver.branches or () if b not in self._branches]
        by_name = {name: branch for branch, name in self._branches.items()}
        misnamed = next((b for b in strangers if b in by_name), None)
        if misnamed is not None:
            said = f"豁免 {waiver.name} 写了支部的名称 {shown(misnamed)}"
            yield _note(file, number, "branches", said, f"写支部编号 {by_name[misnamed]}")
        elif strangers and len(self._branches) > 1:
            near = nearest(strangers[0], list(self._branches))
            said = f"豁免 {waiver.name} 写的支部 {shown(strangers[0])} 这次没有核"
            yield _note(file, number, "branches", said, f"最接近的是 {near[0]}" if near else "核对支部编号")
        elif used or (strangers and len(strangers) == len(waiver.branches or ())):
            return
        elif not any(_meant(name, here) for name in waiver.rules):
            said = f"豁免 {waiver.name} 没有用上：这次用的标准里没有它的规则"
            yield _note(file, number, "rules", said, "核对 rules，或加上那份标准（--standard）再核")
        else:
            said = f"豁免 {waiver.name} 没有用上：它管的期间里没有这样的问题"
            yield _note(file, number, "", said, "用不着的删去；应当用上的核对 covers 和 rules")


def _note(file: LoadedWaivers, number: int, key: str, message: str, remedy: str) -> Problem:
    return Problem.at(file.tree.file, file.place(number, *filter(None, [key])), message, remedy)


def _rules(standards: Iterable[Standard]) -> Rules:
    return {rule.id: rule for standard in standards for rule in standard.rules}


def _known(folders: Iterable[Path]) -> Rules:
    """Every rule of every standard at hand; a standard that is broken has none."""
    listed, found = list(folders), {}
    for name in find_standards(listed):
        try:
            found.update(_rules(load_standards([name], listed)))
        except DjCheckError:
            continue
    return found


def _once(make: Callable[[], Rules]) -> Callable[[], Rules]:
    """What is costly to make is made when first asked for."""
    made: list[Rules] = []

    def get() -> Rules:
        if not made:
            made.append(make())
        return made[0]

    return get


def _unfit(file: LoadedWaivers, here: Rules, elsewhere: Callable[[], Rules]) -> Iterator[Problem]:
    for number, waiver in enumerate(file.waivers):
        for index, name in enumerate(waiver.rules):
            found = _meant(name, here) or _meant(name, elsewhere())
            place = file.place(number, "rules", index)
            if not found:
                near = nearest(name, list(here)) or nearest(name, list(elsewhere()))
                hint = f"最接近的是 {near[0]}" if near else "用 dj-check rules list 查看编号"
                yield Problem.at(file.tree.file, place, f"豁免 {waiver.name}：没有规则 {shown(name)}", hint)
            elif not any(rule.waivable for rule in found):
                said = f"豁免 {waiver.name}：规则 {name} 不得豁免"
                yield Problem.at(file.tree.file, place, said, "从 rules 里删去；有异议的向制定标准的机关提出")


def _meant(name: str, known: Rules) -> list[Rule]:
    """The rule of this id, or those of the group it stands for."""
    if name in known:
        return [known[name]]
    return [rule for rule in known.values() if name.endswith("*") and stands_for(name, rule.id)]


def lint(files: Iterable[Path], rules: Iterable[Path]) -> tuple[int, list[Problem], list[Problem]]:
    """How many waivers there are, what is wrong with them, and what somebody should look at."""
    known, count = _known(rules), 0
    wrong: list[Problem] = []
    remarks: list[Problem] = []
    seen: list[Waiver] = []
    for path in files:
        try:
            file = load_waivers(path)
        except DjCheckError as error:
            wrong += error.problems
            continue
        count += len(file.waivers)
        wrong += _unfit(file, known, lambda: known)
        for number, waiver in enumerate(file.waivers):
            remarks += [_note(file, number, key, *said) for key, *said in _remarks(waiver)]
            if waiver in seen:
                remarks.append(_note(file, number, "", f"与前面的豁免 {waiver.name} 完全相同", "删去重复的一条"))
            elif waiver.id and waiver.id in [other.id for other in seen]:
                remarks.append(_note(file, number, "id", f"编号 {waiver.id} 用了两次，内容不同", "各用各的编号"))
            seen.append(waiver)
    return count, sorted(wrong), sorted(remarks)


def _remarks(waiver: Waiver) -> Iterator[tuple[str, str, str]]:
    """Key, what is remarkable, what to do."""
    if waiver.effect == "excuse" and waiver.covers.end is None:
        yield "covers", f"免除 {waiver.name} 没有写止日，以后各期都不再要求", "补上 covers 的 to"
    if waiver.expires and waiver.approved and waiver.expires > add_months(waiver.approved, _LONGEST):
        yield "expires", f"暂时容许 {waiver.name} 超过 {_LONGEST} 个月", "缩短期限；到期还做不到的，重新报批"


class State(StrEnum):
    """How a waiver stands on a day."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return {"active": "有效", "expiring": f"{SOON.days} 天内到期", "expired": "已到期"}[self.value]


class Listed(NamedTuple):
    """One waiver of a list; ``used`` is None where no record was looked at."""

    waiver: Waiver
    where: str
    state: State
    used: bool | None = None


def state(waiver: Waiver, as_of: date) -> State:
    """An excuse never runs out; an acceptance holds to the end of its last day."""
    if waiver.expired(as_of):
        return State.EXPIRED
    return State.EXPIRING if waiver.expires and waiver.expires <= as_of + SOON else State.ACTIVE


def listed(files: Iterable[Path], as_of: date, unused: Iterable[tuple[str, int]] | None) -> list[Listed]:
    """Every waiver of the files, in their order; ``unused`` are those that met nothing in a run. Raises
    `InputProblems` with all that is wrong with all files."""
    found: list[LoadedWaivers] = []
    wrong: list[Problem] = []
    for path in files:
        try:
            found.append(load_waivers(path))
        except DjCheckError as error:
            wrong += error.problems
    if wrong:
        raise InputProblems(wrong)
    idle = None if unused is None else set(unused)
    return [
        Listed(
            waiver,
            f"{file.tree.file}:{file.place(number)}",
            state(waiver, as_of),
            None if idle is None else (file.tree.file, number) not in idle,
        )
        for file in found
        for number, waiver in enumerate(file.waivers)
    ]
