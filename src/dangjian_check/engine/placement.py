"""Where every duty of a document has its place: which rules hold it, and how."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard


class Place(StrEnum):
    """How a duty is held."""

    DECIDED = "decided"
    EVIDENCED = "evidenced"
    MANUAL = "manual"
    SUPERIOR = "superior"
    RESTATED = "restated"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Place.DECIDED: "机器判定",
    Place.EVIDENCED: "查有无，余下人评",
    Place.MANUAL: "人评",
    Place.SUPERIOR: "上级职责",
    Place.RESTATED: "重申，随本条一并判",
    Place.MISSING: "没有着落",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """One clause of the ledger with its place; ``machine`` is how far the ledger thought a machine could judge it."""

    clause: str
    place: Place
    rules: tuple[Rule, ...]
    machine: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """All clauses of one document, and the clauses rules name that the ledger does not have."""

    standard: Standard
    placed: tuple[Placed, ...]
    unknown: tuple[tuple[str, str], ...]

    @property
    def whole(self) -> bool:
        return not self.unknown and all(p.place is not Place.MISSING for p in self.placed)

    def counts(self) -> dict[Place, int]:
        found = Counter(p.place for p in self.placed)
        return {place: found[place] for place in Place}


def placement(standard: Standard) -> Placement | None:
    """The place of every clause in the standard's ledger; None if it has no ledger."""
    if standard.ledger is None:
        return None
    holders: dict[str, list[Rule]] = {}
    for rule in standard.rules:
        for clause in rule.clauses:
            holders.setdefault(clause, []).append(rule)
    placed = []
    for clause, entry in standard.ledger.clauses.items():
        rules = tuple(holders.get(clause, ()))
        placed.append(Placed(clause, _place(rules, restated=entry.same_as is not None), rules, entry.machine))
    unknown = tuple(
        (rule.id, clause) for rule in standard.rules for clause in rule.clauses if clause not in standard.ledger.clauses
    )
    return Placement(standard, tuple(placed), unknown)


def _place(rules: tuple[Rule, ...], *, restated: bool) -> Place:
    if not rules:
        return Place.MISSING
    if restated:
        return Place.RESTATED
    if all(rule.by_superior for rule in rules):
        return Place.SUPERIOR
    own = [rule for rule in rules if not rule.by_superior]
    if all(rule.check.kind == "manual" for rule in own):
        return Place.MANUAL
    partly = any(rule.judgement or rule.check.kind == "manual" or not rule.check.can_fail() for rule in own)
    return Place.EVIDENCED if partly else Place.DECIDED
