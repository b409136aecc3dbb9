"""The branches of a run by their ids: what two of one id have in common nobody can tell apart."""

from __future__ import annotations

from collections.abc import Mapping

from dangjian_check.errors import PROGRAM, Problem

MOST = 10_000  # branches remembered, lest millions take room


class Roll:
    """Tells of each branch that comes under the id of another: by its name, since one branch may have several
    records, a year in each."""

    def __init__(self) -> None:
        self.notes: list[Problem] = []
        self._names: dict[str, str] = {}

    def meet(self, branches: Mapping[str, str]) -> None:
        """These branches were judged: id and name."""
        for branch, name in branches.items():
            known = self._names.get(branch, name) if len(self._names) >= MOST else self._names.setdefault(branch, name)
            if known != name:
                said = f"支部编号 {branch} 有两个名称：{known}、{name}"
                remedy = "是两个支部的，在记录里写各自的编号（branch.id）；对照、豁免、日历都按编号认"
                self.notes.append(Problem(PROGRAM, 0, 0, said, remedy))
