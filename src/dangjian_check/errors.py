"""Everything a user can put right, in one tree.

    DjCheckError            exit 2; carries located problems, shown as ``place: what. → remedy``
    ├─ InputProblems        a record, ledger or waiver file cannot be used
    ├─ StandardProblems     a standard (rule pack) cannot be used
    └─ UsageProblem         flags that do not go together, names that do not exist

Anything else is a bug: exit 70.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong with an input: where, what, and what to do. Lines and columns are 1-based.

    ``line`` 0 means the file as a whole. Tuples sort by place.
    """

    file: str
    line: int
    column: int
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}: {self.message} → {self.remedy}"


class DjCheckError(Exception):
    """A failure the user can put right; ``problems`` holds all of them, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class InputProblems(DjCheckError):
    """A record cannot be used."""


class StandardProblems(DjCheckError):
    """A standard cannot be used."""


class UsageProblem(DjCheckError):
    """The command line asks for something that cannot be done."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__([Problem("dj-check", 0, 0, message, remedy)])
