"""The ledger of a document: every duty in it by number, so that none can be forgotten."""

from __future__ import annotations

from typing import Literal

from dangjian_check.model.fields import Strict, Text
from dangjian_check.rulebook.rule import Actor


class LedgerClause(Strict):
    """One duty: whose it is, how far a machine can judge it, and which other clause it merely restates.

    Duties of national regulations name the regulation instead and whether its text was seen.
    """

    actor: Actor | None = None
    machine: Literal["full", "partial", "manual"] | None = None
    same_as: Text | None = None
    regulation: Text | None = None
    seen: bool | None = None


class Ledger(Strict):
    """The clauses of a document in its order (``ledger.yaml``)."""

    clauses: dict[str, LedgerClause]
