# ruff: noqa: RUF001
"""Where a personal number begins and ends, what stands beside it, and where in a record one is."""

from __future__ import annotations

import unicodedata

import pytest

from canaries import with_check
from dangjian_check.model.personal import numberless, numbers_in, personal_kinds, redacted

PHONE = "13800138000"
IDENTITY = with_check("11010119900307001")
OTHER = next(i for i in (with_check(f"33010619850101{n:03d}") for n in range(1000)) if i[16] != i[17])
MISTYPED = IDENTITY[:-1] + str((int(IDENTITY[-1]) + 1) % 10)
ENDING_IN_ONE = next(i for i in (with_check(f"11010119900307{n:03d}") for n in range(1000)) if i.endswith("1"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("+", True),
        ("甲乙", True),
        ("\u200b", True),
        ("\u200b\u0301", True),
        ("7²", False),
        ("\u200b㍘", False),
        (PHONE, False),
        ("1 3-8.0 0(1)3/8\t0甲0a0", True),
        ("1 3-8.0 0(1)3/8\t0é00", False),
    ],
)
def test_text_is_said_to_hold_no_number_only_if_no_line_can(text: str, expected: bool) -> None:
    """What stands between digits does not part them; letters and ideographs do. A character that only becomes a digit
    is enough for doubt."""
    assert expected is numberless(text.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"86–{PHONE}", "〔电话〕"),
        (f"（{PHONE}", "（〔电话〕"),
        (f"({PHONE})", "(〔电话〕)"),
        ("（0571）88888888", "〔电话〕"),
        ("甲0571)88888888", "甲〔电话〕"),
        ("（㍘057188888888", "（㍘〔电话〕"),
        (f"（{IDENTITY}", "（〔身份证号〕"),
        ("057188888888X", "〔电话〕X"),
        (f"13800{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}", "13800〔身份证号〕"),
        (f"1  2  {PHONE[:3]}  {PHONE[3:7]}  {PHONE[7:]}", "1  2  〔电话〕"),
        (f"⁄⒈{PHONE}", "⁄⒈〔电话〕"),
        (f"{MISTYPED} 5", "〔身份证号〕 5"),
        ("110101900307001 5", "〔身份证号〕 5"),
        ("5-13 800 138 000", "5-〔电话〕"),
        (f"{PHONE}{OTHER}", "〔电话〕〔身份证号〕"),
        (f"{IDENTITY}{IDENTITY}7", "〔身份证号〕〔身份证号〕7"),
        (f"{ENDING_IN_ONE}{IDENTITY[1:]}", f"〔身份证号〕{IDENTITY[1:]}"),
    ],
)
def test_number_is_hidden_from_its_first_sign_to_its_last(text: str, expected: str) -> None:
    """No digit belongs to two; a bracket goes with it only if it closes within; a proven identity number is not cut for
    a telephone number that might end inside it."""
    assert expected == redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "11-01-01-90-03-07-001", "11010190030700-1", "1380013800-0", "1-3800138000", "1-380-0138000", "13-800-138-000",
        "0571-8888-88-88",
    ],
)  # fmt: skip
def test_figures_in_groups_of_one_or_two_are_no_number(text: str) -> None:
    """Parted by marks; spaces are no groups."""
    assert text == redacted(text)
    assert text != redacted(text.replace("-", " "))


def test_kinds_are_told_once_each_identity_numbers_first() -> None:
    """Of one written value; a list is none."""
    assert ["身份证号", "电话"] == personal_kinds(f"{PHONE}、{IDENTITY}、{PHONE}")
    assert [] == personal_kinds([PHONE])
    assert [] == personal_kinds(True)


def test_every_place_of_a_record_that_holds_a_number_is_told() -> None:
    """Keys too, at any depth; numbers written as numbers, negative ones and decimals too."""
    data = {PHONE: {"a": [PHONE, 1, "甲"]}, "b": [[int(PHONE), -int(PHONE), float(PHONE), True, None]], "c": IDENTITY}
    expected = [
        ((PHONE,), True, "电话"),
        ((PHONE, "a", 0), False, "电话"),
        (("b", 0, 0), False, "电话"),
        (("b", 0, 1), False, "电话"),
        (("b", 0, 2), False, "电话"),
        (("c",), False, "身份证号"),
    ]
    assert expected == numbers_in(data)


def test_every_digit_weighs_in_the_check_of_an_identity_number() -> None:
    """Amid other digits only its check digit tells one; any other order number has another."""
    identity = with_check("35278619991231789")
    assert "7〔身份证号〕7" == redacted(f"7{identity}7")
    for place in range(14, 17):
        changed = f"{identity[:place]}{(int(identity[place]) + 1) % 10}{identity[place + 1 :]}"
        assert f"7{changed}7" == redacted(f"7{changed}7")


def test_no_invisible_character_parts_the_digits_of_a_number() -> None:
    """Of all that Unicode has: format characters, marks on what stands before, spaces and dashes."""
    between = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in {"Cf", "Mn", "Me", "Zs", "Pd"}]
    assert len(between) > 2000
    assert [] == [f"U+{ord(c):04X}" for c in between if numberless(c.join(PHONE).encode())]
