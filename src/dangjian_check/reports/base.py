"""What a format is given besides the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from fractions import Fraction

    from dangjian_check.engine.assessment import Report


class Look(NamedTuple):
    """How to draw: columns, colour, whether the output can show more than GBK and ASCII, all or the first lines.
    ``template`` is a document of the customer's own to write into."""

    width: int = 80
    colour: bool = False
    unicode: bool = True
    verbose: bool = False
    template: bytes | None = None


class Render(Protocol):
    """A format: a pure function from report to text or bytes."""

    def __call__(self, report: Report, look: Look) -> str | bytes: ...


@dataclass(frozen=True, slots=True)
class Sheets:
    """Records to be shown in full, each made when its turn comes: how many, and their texts."""

    count: int
    texts: Callable[[], Iterable[str]]


_ESCAPED = {0x200B, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def clean(text: str) -> str:
    """Text safe for any sink: control, bidi and invisible characters and what XML has no room for become visible
    escapes; newlines, spaces."""
    if text.isprintable():
        return text
    return "".join(_visible(c) for c in text)


def _visible(char: str) -> str:
    code = ord(char)
    if char in "\n\t":
        return " "
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or 0x7F <= code < 0xA0 or code in _ESCAPED or 0xD800 <= code < 0xE000:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return char


def points(number: Fraction) -> str:
    """Points rounded for print to at most two places: 0.5, 12, 0.17."""
    return f"{round(float(number), 2):g}"


def interval(low: Fraction, high: Fraction) -> str:
    """``79.5–87.5``, or one number when nothing is open."""
    return points(low) if low == high else f"{points(low)}–{points(high)}"


def ends(pair: tuple[Fraction, Fraction] | None) -> dict[str, int | float] | None:
    """Both ends of an interval as JSON shows them."""
    return None if pair is None else {"low": number(pair[0]), "high": number(pair[1])}


def number(value: Fraction) -> int | float:
    """A number as JSON shows it: exact where whole, else rounded to four places."""
    return value.numerator if value.denominator == 1 else round(value.numerator / value.denominator, 4)
