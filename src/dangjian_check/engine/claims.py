"""A rectification ledger that people filled in, held against what two reports show: is what it claims to be seen?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dangjian_check.engine.diff import Comparison, Diff, Finding, State
from dangjian_check.engine.reported import ReportedRun
from dangjian_check.errors import Location, Problem

STATES = ("未整改", "整改中", "已整改")
CLOSED = ("是", "否")


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of a ledger, as it was filled in, and where it stands. ``filled`` are the columns that are only carried
    on: measure, leader, person, deadline, evidence."""

    fingerprint: str
    branch: str
    text: str
    state: str | None
    closed: bool | None
    place: Location
    filled: tuple[tuple[str, str], ...] = ()

    @property
    def done(self) -> bool:
        """Whether the row says that this is put right."""
        return self.state == STATES[2] or bool(self.closed)


class Standing(StrEnum):
    """How a claim and the reports agree."""

    UNSEEN = "unseen"
    UNCHECKED = "unchecked"
    UNCLAIMED = "unclaimed"
    CONFIRMED = "confirmed"
    OPEN = "open"
    UNMATCHED = "unmatched"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Standing.UNSEEN: "声称已整改，记录里没有看到",
    Standing.UNCHECKED: "声称已整改，这次没有复查",
    Standing.UNCLAIMED: "记录里已经整改，台账没有销号",
    Standing.CONFIRMED: "声称已整改，记录里看到了",
    Standing.OPEN: "没有声称整改，记录里也没有",
    Standing.UNMATCHED: "台账里的这一条，两份报告里都没有",
    Standing.ABSENT: "旧报告里的问题，台账里没有",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with what the reports show of it; of `Standing.UNMATCHED` there is no finding, of `Standing.ABSENT` no
    claim."""

    standing: Standing
    claim: Claim | None
    comparison: Comparison | None
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Two reports compared, and a ledger held against them (``ledger`` is its file; None without one); what could not
    be compared or read in ``problems``."""

    old: ReportedRun
    new: ReportedRun
    diff: Diff
    ledger: str | None = None
    checked: tuple[Checked, ...] = ()
    problems: tuple[Problem, ...] = ()


def check_claims(found: Diff, claims: Iterable[Claim]) -> tuple[Checked, ...]:
    """Every row of the ledger against the reports, then every old deficiency that no row speaks of.

    Rows are matched by fingerprint; a row that lost its own by branch and text, if only one deficiency has these.
    """
    everything = [(c, f) for c in found.comparisons for f in c.findings]
    by_print: dict[str, tuple[Comparison, Finding]] = {}
    by_text: dict[tuple[str, str], list[tuple[Comparison, Finding]]] = {}
    for pair in everything:
        comparison, finding = pair
        for d in filter(None, (finding.new, finding.old)):
            by_print[d.fingerprint] = pair
            for name in _names(comparison):
                alike = by_text.setdefault((name, _plain(d.message)), [])
                if not any(finding is known for _, known in alike):
                    alike.append(pair)
    checked, spoken = [], set()
    for claim in claims:
        named = by_text.get((_plain(claim.branch), _plain(claim.text)), [])
        match = by_print.get(claim.fingerprint) or (named[0] if len(named) == 1 else None)
        if match is None:
            checked.append(Checked(Standing.UNMATCHED, claim, None, None))
            continue
        spoken.add(id(match[1]))
        checked.append(Checked(_standing(claim, match[1]), claim, *match))
    silent = [pair for pair in everything if pair[1].old is not None and id(pair[1]) not in spoken]
    return (*checked, *(Checked(Standing.ABSENT, None, *pair) for pair in silent))


def _standing(claim: Claim, finding: Finding) -> Standing:
    if finding.state is State.FIXED:
        return Standing.CONFIRMED if claim.done else Standing.UNCLAIMED
    if not claim.done:
        return Standing.OPEN
    return Standing.UNCHECKED if finding.state is State.NOT_RECHECKED else Standing.UNSEEN


def _names(comparison: Comparison) -> set[str]:
    """What a ledger may call a branch: its name, alone or with what tells it from others of that name."""
    found = set()
    for a in filter(None, (comparison.old, comparison.new)):
        branch = a.branch
        found |= {branch.name, branch.id, f"{branch.name}（{branch.id}）", f"{branch.name}（{branch.file}）"}
    return {_plain(name) for name in found}


def _plain(text: str) -> str:
    """Text as it is compared: no spaces, brackets of one width."""
    return "".join(text.split()).replace("(", "（").replace(")", "）")
