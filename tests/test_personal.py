# ruff: noqa: RUF001
"""Personal numbers are found however they are written, and little else is taken for one; names are masked."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries import with_check
from dangjian_check.model.fields import shown
from dangjian_check.model.personal import masked_name, personal_kinds, redacted

BODY = "11010119900307"
IDENTITY = with_check(BODY + "001")
ENDING_IN_X = next(i for i in (with_check(f"{BODY}{n:03d}") for n in range(1000)) if i.endswith("X"))
WIDE = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
IDENTITIES = {
    "plain": IDENTITY,
    "capital-x": ENDING_IN_X,
    "small-x": ENDING_IN_X.lower(),
    "full-width": ENDING_IN_X.translate(WIDE),
    "spaced": f"{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}",
    "wide-spaced": "\u3000".join(IDENTITY),
    "hyphens": f"{IDENTITY[:6]}-{IDENTITY[6:14]}-{IDENTITY[14:]}",
    "zero-width": "\u200b".join(IDENTITY),
    "word-joiner": f"{IDENTITY[:9]}\u2060{IDENTITY[9:]}",
    "no-break": "\u00a0".join((IDENTITY[:6], IDENTITY[6:])),
    "combining": "\u0301".join(IDENTITY),
    "mathematical": IDENTITY.translate(str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")),
    "arabic-indic": IDENTITY.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "hong-kong": with_check("81000019900307001"),
    "macao": with_check("82000019900307001"),
    "taiwan": with_check("83000019900307001"),
    "mistyped": IDENTITY[:-1] + str((int(IDENTITY[-1]) + 1) % 10),
    "old": "110101900307001",
    "old-spaced": "110101 900307 001",
    "born-in-1899": with_check("11010118991231001"),
}
PHONES = {
    "plain": "13800138000",
    "spaced": "138 0013 8000",
    "hyphens": "138-0013-8000",
    "dots": "138.0013.8000",
    "odd-groups": "13 800 138 000",
    "one-by-one": "1 3 8 0 0 1 3 8 0 0 0",
    "full-width": "13800138000".translate(WIDE),
    "zero-width": "138\u200b0013\u200b8000",
    "plus-86": "+86 138 0013 8000",
    "86": "8613800138000",
    "0086": "0086-138-0013-8000",
    "nought": "013800138000",
    "nought-spaced": "0 138 0013 8000",
    "landline": "0571-88888888",
    "landline-together": "057188888888",
    "landline-beijing": "(010)62345678",
    "landline-wide": "（0571）8888 8888",
}
NEITHER = [
    "2024-03-05",
    "2024-01-15 2024-01-22 2024-02-03",
    "2024-01-15至2024-12-31",
    "1998-05-20-001",
    "20240315143000",
    "党发〔2024〕15号",
    "6222021234567890123",
    "12345678901",
    "123300004700300013",
    "IMG_20240115_134500.jpg",
    "14:00-16:00",
    "999999199003070010",
    "110101199013070011",
    "a4f2c81380013800",
    "3.1415926535",
    "1380013800",
    "138001380001",
]


@pytest.mark.parametrize("form", IDENTITIES)
def test_identity_number_is_found_however_written(form: str):
    """It goes whole, and what stands around it stays."""
    assert "甲〔身份证号〕乙" == redacted(f"甲{IDENTITIES[form]}乙")
    assert ["身份证号"] == personal_kinds(IDENTITIES[form])


@pytest.mark.parametrize("form", PHONES)
def test_telephone_number_is_found_however_written(form: str):
    """With its country or area code."""
    assert "甲〔电话〕乙" == redacted(f"甲{PHONES[form]}乙")
    assert ["电话"] == personal_kinds(PHONES[form])


@pytest.mark.parametrize("text", NEITHER)
def test_other_figures_stay(text: str):
    """Dates, document numbers, cards, amounts, hashes."""
    assert text == redacted(text)


def test_numbers_written_as_numbers_are_found():
    """YAML reads a bare number as one."""
    assert [["电话"], ["身份证号"], [], []] == [personal_kinds(v) for v in (13800138000, 110101900307001, True, None)]


def test_two_numbers_run_together_are_both_found():
    """The check digit tells where an identity number ends; what is left is a telephone number."""
    assert "〔电话〕〔身份证号〕" == redacted(f"13800138000{IDENTITY}")
    assert "〔身份证号〕〔电话〕" == redacted(f"{IDENTITY}13800138000")
    assert "〔电话〕/〔电话〕" == redacted("13800138000/13900139000")


@given(
    day=st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    region=st.sampled_from(["110101", "330106", "440305", "650102", "820000"]),
    order=st.integers(0, 999),
    before=st.text(st.characters(exclude_categories=["Nd", "Cs", "Mn", "Me", "Cf"]), max_size=6),
    gap=st.sampled_from(["", " ", "-", "\u200b", "\u3000"]),
)
def test_no_digit_of_an_identity_number_survives(day: date, region: str, order: int, before: str, gap: str):
    """Whatever stands before it and between its digits."""
    number = with_check(f"{region}{day:%Y%m%d}{order:03d}")
    found = redacted(f"{before}{gap.join(number)}。")
    assert "〔身份证号〕。" == found[-7:]
    assert not any(char.isdecimal() for char in unicodedata.normalize("NFKC", found[-7:]))


@given(text=st.text(max_size=80))
def test_redacting_twice_is_redacting_once(text: str):
    """Nothing is left over, and nothing of ours is taken for a number."""
    assert redacted(text) == redacted(redacted(text))


@given(
    days=st.lists(st.dates(date(1990, 1, 1), date(2049, 12, 31)), min_size=1, max_size=6),
    gap=st.sampled_from("、，至~"),
)
def test_lists_of_days_are_no_numbers(days: list[date], gap: str):
    """The dates a message lists stay readable."""
    text = gap.join(day.isoformat() for day in days)
    assert text == redacted(text)


@pytest.mark.parametrize(
    "row", ["1101011990" * 6000, "1 " * 30000, "汉字" * 30000 + "1", "-" * 60000 + "1", "1-" * 30000]
)
def test_long_texts_take_no_long_time(row: str):
    """A record may hold a text of 65,536 characters."""
    import time

    start = time.perf_counter()
    redacted(row)
    assert time.perf_counter() - start < 5


def test_quoted_value_shows_no_number():
    """`shown` is the one place that quotes an offending value; it hides before it cuts."""
    assert "“〔电话〕”" == shown(13800138000)
    assert f"“{'九' * 20}〔身份证…”" == shown("九" * 20 + IDENTITY)
    assert "“〔身份证号〕”" == shown("\u200b".join(IDENTITY))


MASKED = {
    "张三": "张*",
    "张三丰": "张**",
    "欧阳锋": "欧阳*",
    "诸葛孔明": "诸葛**",
    "司马": "司*",
    "甲": "*",
    "阿依古丽·买买提": "阿***·***",
    "爱新觉罗溥仪": "爱新觉罗**",
    "John Smith": "J*** *****",
    "张 三": "张 *",
    "": "",
}


@pytest.mark.parametrize("name", MASKED)
def test_name_keeps_its_surname(name: str):
    """One character, or a surname of two; of other names the first letter."""
    assert MASKED[name] == masked_name(name)


@given(name=st.text(min_size=1, max_size=8))
def test_masked_name_is_never_the_name(name: str):
    """As long as it has a letter; its length stays, and masking twice changes nothing."""
    masked = masked_name(name)
    assert len(name) == len(masked)
    assert masked == masked_name(masked) or masked.count("*") < len(masked)
    if any(unicodedata.category(char)[0] in "LMN" for char in name):
        assert masked != name
