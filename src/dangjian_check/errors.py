"""Everything a user can put right, in one tree.

    DjCheckError            exit 2; carries located problems, shown as ``place: what. → remedy``
    ├─ InputProblems        a file that is read for what it holds cannot be used
    ├─ StandardProblems     a standard cannot be used
    ├─ TemplateProblem      a customer's document cannot be written into
    └─ UsageProblem         flags that do not go together, names that do not exist

Anything else is a bug: exit 70.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

KeyPath = tuple[str | int, ...]  # the keys and positions that lead to something in a record


class Location(NamedTuple):
    """Where something stands, 1-based. In a ledger line and column are those of the cell and ``sheet`` names the
    sheet (empty in a CSV file). ``file`` is set where a record is made of several files."""

    line: int
    column: int
    sheet: str | None = None
    file: str = ""

    @property
    def cell(self) -> str | None:
        """The cell as spreadsheets name it (``会议记录!C17``), or None outside a ledger."""
        if self.sheet is None:
            return None
        name = f"{column_letters(self.column)}{self.line}"
        return f"{self.sheet}!{name}" if self.sheet else name

    def __str__(self) -> str:
        return self.cell or f"{self.line}:{self.column}"


def column_letters(number: int) -> str:
    """A column as spreadsheets letter it: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


PROGRAM = "dj-check"  # the place of what is in no file


class Problem(NamedTuple):
    """One thing wrong with an input: where, what, and what to do. Lines and columns are 1-based.

    ``line`` 0 means the file as a whole; ``sheet`` is that of `Location`. Problems sort by place.
    """

    file: str
    line: int
    column: int
    message: str
    remedy: str
    sheet: str | None = None

    @classmethod
    def at(cls, file: str, place: Location, message: str, remedy: str) -> Problem:
        """A problem at a place of a record shown as ``file``."""
        return cls(place.file or file, place.line, place.column, message, remedy, place.sheet)

    @property
    def place(self) -> Location:
        return Location(self.line, self.column, self.sheet)

    @property
    def where(self) -> str:
        return f"{self.file}:{self.place}" if self.line else self.file

    def __lt__(self, other: tuple[object, ...]) -> bool:
        return self._order() < other._order() if isinstance(other, Problem) else NotImplemented

    def _order(self) -> tuple[str, str, int, int, str, str]:
        return (self.file, self.sheet or "", self.line, self.column, self.message, self.remedy)

    def __str__(self) -> str:
        return f"{self.where}: {self.message} → {self.remedy}"


class DjCheckError(Exception):
    """A failure the user can put right; ``problems`` holds all of them, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class InputProblems(DjCheckError):
    """A record, a ledger, waivers, a baseline or a report cannot be used."""


class StandardProblems(DjCheckError):
    """A standard cannot be used."""


class TemplateProblem(DjCheckError):
    """The customer's own document cannot be written into."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__([Problem("--template", 0, 0, message, remedy)])


class UsageProblem(DjCheckError):
    """The command line asks for something that cannot be done."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__([Problem(PROGRAM, 0, 0, message, remedy)])
