"""What people write, made harmless for any sink; and numbers as formats show them."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangjian_check.model.personal import HIDDEN, redacted
from dangjian_check.reports.base import clean, ends, interval, number, points

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("一 a\n\t", "一 a  "),
        ("\x00\x1b\x1f", "\\x00\\x1b\\x1f"),
        ("\x7e\x7f\x80\x9f", "~\\x7f\\x80\\x9f"),
        ("\xa0\xad", "\xa0\xad"),
        ("\u200b\u2028\u2029\ufeff", "\\u200b\\u2028\\u2029\\ufeff"),
        ("\u2027\u202a\u202e\u202f", "\u2027\\u202a\\u202e\u202f"),
        ("\u2065\u2066\u2069\u206a", "\u2065\\u2066\\u2069\u206a"),
        ("\ufffd\ufffe\uffff", "\ufffd\\ufffe\\uffff"),
        ("\ud7ff\ud800\udfff\ue000", "\ud7ff\\ud800\\udfff\ue000"),
        ("\udc7f\udc80\udcff\udd00", "\\udc7f\\x80\\xff\\udd00"),
    ],
)
def test_what_does_harm_becomes_a_visible_escape(text: str, shown: str) -> None:
    """The characters beside them stay as they are; a byte that was no text is shown as that byte."""
    assert shown == clean(text)


@given(st.text(st.characters()))
def test_nothing_harmful_is_left_and_nothing_else_is_changed(text: str) -> None:
    shown = clean(text)
    assert not HARMFUL.search(shown)
    assert shown == clean(shown)
    if not HARMFUL.search(text):
        assert shown == text


@pytest.mark.parametrize(
    ("value", "printed", "json"),
    [
        (Fraction(12), "12", 12),
        (Fraction(1, 2), "0.5", 0.5),
        (Fraction(1, 6), "0.17", 0.1667),
        (Fraction(2, 3), "0.67", 0.6667),
        (Fraction(-1, 3), "-0.33", -0.3333),
    ],
)
def test_number_is_rounded_for_print_to_two_places_and_for_json_to_four(
    value: Fraction, printed: str, json: float
) -> None:
    assert (printed, json) == (points(value), number(value))
    assert (printed, {"low": json, "high": json}) == (interval(value, value), ends((value, value)))


def test_interval_shows_both_ends_where_they_differ() -> None:
    assert interval(Fraction(159, 2), Fraction(80)) == "79.5–80"
    assert ends((Fraction(159, 2), Fraction(80))) == {"low": 79.5, "high": 80}
    assert ends(None) is None


def test_number_of_a_person_is_found_between_spaces_of_any_script() -> None:
    assert redacted("138\N{OGHAM SPACE MARK}0013\N{IDEOGRAPHIC SPACE}8000") == HIDDEN.format("电话")
