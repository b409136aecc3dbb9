"""Personal numbers in any text, and names hidden behind stars.

A record needs neither identity numbers nor telephone numbers; wherever one stands, it is never shown. It is found
as people write it: full-width, with spaces, hyphens or invisible characters inside, with a country code. A number
that merely looks like one is hidden too: hiding too much costs a reader little, showing too much cannot be undone.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import iso_day

IDENTITY, PHONE = "身份证号", "电话"
HIDDEN = "〔{}〕"  # noqa: RUF001

_SHORTEST = 11  # characters of the shortest number worth looking for
_DIGIT_AT_ALL = re.compile(r"\d")
_RUN = re.compile(r"\d(?:[ -]{0,3}+\d)*+(?:[ -]{0,3}[Xx](?![A-Za-z]))?", re.ASCII)  # never looks back
_MARKS = frozenset("._()/·\N{FRACTION SLASH}")
_REGION = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]", re.ASCII)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_LANDLINE = re.compile(r"0(?:10|2[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7}", re.ASCII)
_COUNTRY = ("0086", "86", "0", "")  # or the nought once dialled before a mobile of another town
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

# Bytes of UTF-8: those of ideographs and of ASCII are common. With ideographs and letters made one and what may stand
# between the digits of a number left out, its digits are a row of noughts.
_IDEOGRAPHS, _FURTHER = range(0xE4, 0xEA), range(0x80, 0xC0)
_COMMON = bytes({*range(0x80), *_IDEOGRAPHS, *_FURTHER})
_ASCII = frozenset(map(chr, range(0x80)))
_BETWEEN = bytes({*b" \t-._()/", *_FURTHER, *range(0xC0, 0xE4), *range(0xEA, 0x100)})
_DIGITS_ALONE = bytes(ord("0") if chr(byte).isdecimal() else ord("\n") for byte in range(0x100))


class Span(NamedTuple):
    """Where in a text a personal number stands, and which kind it is."""

    start: int
    end: int
    kind: str


class _Skeleton(NamedTuple):
    """A text with every digit ASCII, every mark between digits a hyphen or space, the invisible left out; ``at``
    says where each character stood."""

    text: str
    at: Sequence[int]


class _Run(NamedTuple):
    """Digits that stand together: the digits, where each stands in the text, and what is between each and the one
    before (empty, spaces, or a mark)."""

    digits: str
    at: Sequence[int]
    gaps: list[str]


def numberless(raw: bytes) -> bool:
    """Whether no line of a UTF-8 text can hold a personal number, whatever stands between its digits. Costs next to
    nothing, and now and then is wrong in saying no."""
    if _SHORTEST * b"0" in raw.translate(_DIGITS_ALONE, _BETWEEN):
        return False
    return not raw.translate(None, _COMMON) or not any(map(_digits_in, set(raw.decode()) - _ASCII))


@lru_cache(1 << 14)
def _digits_in(char: str) -> bool:
    return any(piece.isdecimal() for piece in unicodedata.normalize("NFKC", char))


def redacted(text: str) -> str:
    """The text with every identity and telephone number replaced by its kind in brackets."""
    found = spans(text)
    if not found:
        return text
    parts, last = [], 0
    for span in found:
        parts += [text[last : span.start], HIDDEN.format(span.kind)]
        last = span.end
    return "".join([*parts, text[last:]])


def personal_kinds(value: object) -> list[str]:
    """Which kinds of personal number one written value holds, each once."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return []
    return sorted({span.kind for span in spans(str(value))}, reverse=True)


def numbers_in(data: Any) -> list[tuple[KeyPath, bool, str]]:
    """Every place in plain data that holds a personal number: its path, whether it is the key, which kind."""
    found: list[tuple[KeyPath, bool, str]] = []
    _search(data, (), found)
    return found


def _search(node: Any, path: KeyPath, found: list[tuple[KeyPath, bool, str]]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if _may_hold(key):
                found += [((*path, key), True, kind) for kind in personal_kinds(key)]
            if _may_hold(value):
                _search(value, (*path, key), found)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            if _may_hold(item):
                _search(item, (*path, index), found)
    else:
        found += [(path, False, kind) for kind in personal_kinds(node)]


def _may_hold(value: Any) -> bool:
    """Whether it is worth looking into: most of a record is dates, names and small numbers."""
    if isinstance(value, str):
        return len(value) >= _SHORTEST
    return isinstance(value, (dict, list)) or (isinstance(value, (int, float)) and abs(value) >= 10 ** (_SHORTEST - 1))


def spans(text: str) -> list[Span]:
    """Every personal number of a text, in order."""
    if len(text) < _SHORTEST or (text.isascii() and numberless(text.encode())) or _DIGIT_AT_ALL.search(text) is None:
        return []
    skeleton = _skeleton(text)
    found = [span for match in _RUN.finditer(skeleton.text) for span in _of_run(_run(match, skeleton))]
    return [_whole(text, span) for span in found]


def _whole(text: str, span: Span) -> Span:
    """With the plus of a country code, and with the bracket opened before an area code."""
    before = text[span.start - 1 : span.start]
    closes = any(bracket in text[span.start : span.end] for bracket in ")）")
    opened = before in ("+", "＋") or (before in ("(", "（") and closes)
    return span._replace(start=span.start - 1) if opened else span


def _skeleton(text: str) -> _Skeleton:
    if text.isascii():
        return _Skeleton("".join(map(_plain, text)), range(len(text)))
    letters: list[str] = []
    at: list[int] = []
    for index, char in enumerate(text):
        for piece in unicodedata.normalize("NFKC", char) or char:
            plain = _plain(piece)
            letters.append(plain)
            at += [index] * len(plain)
    return _Skeleton("".join(letters), at)


def _plain(char: str) -> str:
    if char.isascii():
        return "-" if char in _MARKS else (" " if char == "\t" else char)
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Zs":
        return " "
    return "-" if category == "Pd" or char in _MARKS else char


def _run(match: re.Match[str], skeleton: _Skeleton) -> _Run:
    digits, at, gaps, gap = [], array("q"), [], ""  # a text may be one run of millions
    for index in range(match.start(), match.end()):
        char = skeleton.text[index]
        if char in " -":
            gap += char
            continue
        digits.append(char.upper())
        at.append(skeleton.at[index])
        gaps.append("-" if "-" in gap else gap)
        gap = ""
    return _Run("".join(digits), at, gaps)


def _of_run(run: _Run) -> Iterator[Span]:
    """Identity numbers wherever their check digit proves them, then all that stands free of other digits."""
    taken = list(_proven(run.digits))
    edges = {0, len(run.digits)} | {i for i, gap in enumerate(run.gaps) if gap}
    edges |= {len(run.digits) - 1} if run.digits.endswith("X") else set()
    edges |= {edge for start, end, _ in taken for edge in (start, end)}
    covered = {i for start, end, _ in taken for i in range(start, end)}
    for start in sorted(edges):
        found = next((s for s in _free(run, start) if s[1] in edges and covered.isdisjoint(range(s[0], s[1]))), None)
        if found is not None:
            taken.append(found)
            covered.update(range(found[0], found[1]))
    for start, end, kind in sorted(taken):
        yield Span(run.at[start], run.at[end - 1] + 1, kind)


def _proven(digits: str) -> Iterator[tuple[int, int, str]]:
    start = 0
    while start + 18 <= len(digits):
        if _is_identity(digits[start : start + 18]) and _checks(digits[start : start + 18]):
            yield start, start + 18, IDENTITY
            start += 18
        else:
            start += 1


def _free(run: _Run, start: int) -> Iterator[tuple[int, int, str]]:
    """What may begin at a digit: a mistyped identity number, one of the old form, a mobile, a landline."""
    digits = run.digits
    if _is_identity(digits[start : start + 18]):
        yield start, start + 18, IDENTITY
    if _is_old_identity(digits[start : start + 15]) and _grouped(run, start, start + 15):
        yield start, start + 15, IDENTITY
    for code in _COUNTRY:
        inner = start + len(code)
        if not digits.startswith(code, start):
            continue
        if _MOBILE.fullmatch(digits[inner : inner + 11]) and _grouped(run, inner, inner + 11):
            yield start, inner + 11, PHONE
        for end in (inner + 12, inner + 11):
            if end <= len(digits) and _LANDLINE.fullmatch(digits, inner, end) and _grouped(run, inner, end):
                yield start, end, PHONE


def _grouped(run: _Run, start: int, end: int) -> bool:
    """Whether the digits are set as numbers are: in groups of three or more, if anything but spaces parts them. (A
    row of dates is no telephone number.)"""
    if "-" not in run.gaps[start + 1 : end]:
        return True
    breaks = [start, *(i for i in range(start + 1, end) if run.gaps[i]), end]
    return all(after - before >= 3 for before, after in pairwise(breaks))


def _is_identity(digits: str) -> bool:
    """Eighteen digits with a region and a day of birth, the last perhaps an X."""
    known = len(digits) == 18 and digits[:17].isdecimal() and _REGION.match(digits) is not None
    return known and digits[6:8] in ("18", "19", "20") and _is_day(digits[6:14])


def _is_old_identity(digits: str) -> bool:
    """Fifteen digits with a region and a day of birth in the twentieth century."""
    known = len(digits) == 15 and digits.isdecimal() and _REGION.match(digits) is not None
    return known and _is_day(f"19{digits[6:12]}")


def _is_day(digits: str) -> bool:
    """Whether ``YYYYMMDD`` is a day of the calendar; one of the 19th century counts as of the 20th."""
    year = f"19{digits[2:4]}" if digits.startswith("18") else digits[:4]
    return iso_day(f"{year}-{digits[4:6]}-{digits[6:]}") is not None


def _checks(digits: str) -> bool:
    """The check digit of GB 11643 (ISO 7064, MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits[:17], strict=True))
    return _CHECK[total % 11] == digits[17]


# Names

_COMPOUND = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|淳于|单于|太叔|申屠|公孙|仲孙|"
    "轩辕|令狐|钟离|宇文|长孙|慕容|鲜于|闾丘|司徒|司空|司寇|拓跋|呼延|东郭|南门|西门|百里|第五|左丘|梁丘|公冶|颛孙|漆雕|巫马|完颜|"
    "耶律|纳兰|叶赫|爱新觉罗|达奚"
)


def masked_name(name: str) -> str:
    """A name with all but the surname behind stars: 张三丰 is 张**, 欧阳锋 is 欧阳*.

    Of a name with a dot (阿依古丽·买买提) or in other letters only the first letter stays; dots, spaces and hyphens
    stay where they are. A name of one character is all star.
    """
    count = sum(_is_letter(char) for char in name)
    compound = _COMPOUND.match(name)
    kept = compound.end() if compound and compound.end() < count else min(1, count - 1)
    masked, seen = [], 0
    for char in name:
        masked.append("*" if _is_letter(char) and seen >= kept else char)
        seen += _is_letter(char)
    return "".join(masked)


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
