"""Breaking lines of mixed Chinese and Latin text: by columns, never inside a word, no line beginning with a stop."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from rich.text import Text

_NOT_FIRST = "，。；：、）》”’！？…—,.;:)]}%"
_NOT_LAST = "（《“‘([{"


def breaks(text: str, width: int) -> list[int]:
    """Offsets at which to break ``text`` so that every line fits ``width`` columns."""
    offsets: list[int] = []
    start = column = 0
    allowed = 0
    for index, char in enumerate(text):
        if index > start and _may_break(text, index):
            allowed = index
        size = cell_len(char)
        if column + size > width:
            cut = allowed if allowed > start else index
            offsets.append(cut)
            start, allowed = cut, cut
            column = cell_len(text[cut:index])
        column += size
    return offsets


def _may_break(text: str, index: int) -> bool:
    """Whether a line may end before ``text[index]``."""
    before, after = text[index - 1], text[index]
    if after in _NOT_FIRST or before in _NOT_LAST or after == " ":
        return False
    if before == " ":
        return after.isascii() or not text[: index - 1].endswith(tuple("0123456789"))
    return not (before.isascii() and after.isascii())


def wrapped(text: Text, width: int) -> list[Text]:
    """The text as lines of at most ``width`` columns, styles kept."""
    lines = text.divide(breaks(text.plain, width))
    for line in lines:
        line.rstrip()
    return list(lines)


def fit(text: str, width: int) -> str:
    """Plain text with every line broken to ``width`` columns; what goes over is indented like its line."""
    lines = []
    for line in text.splitlines():
        body = line.lstrip(" ")
        indent = " " * min(len(line) - len(body), width // 2)
        lines += [f"{indent}{piece}".rstrip() for piece in wrapped_plain(body, width - len(indent))]
    return "".join(f"{line}\n" for line in lines)


def wrapped_plain(text: str, width: int) -> list[str]:
    """Plain text as lines of at most ``width`` columns."""
    return [text[start:end].rstrip() for start, end in pairwise((0, *breaks(text, width), len(text)))]
