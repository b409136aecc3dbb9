"""以上 and 不超过 include the number, 超过 and 不足 do not: held, lacking, exceeded, in words and as JSON."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from builders import yaml
from dangjian_check.checks.bounds import Bounds

DAY = date(2024, 1, 1)


def bounds(text: str) -> Bounds:
    """Limits from their text."""
    return Bounds.model_validate(yaml(f"{{{text}}}"))


@pytest.mark.parametrize(
    ("text", "low", "high", "expected"),
    [
        ("min: 2", 2, 2, True), ("min: 2", 1, 1, False), ("min: 2", 1, 2, None), ("min: 2", 0, 1, False),
        ("over: 2", 3, 3, True), ("over: 2", 2, 2, False), ("over: 2", 2, 3, None), ("over: 2", 1, 2, False),
        ("max: 2", 2, 2, True), ("max: 2", 3, 3, False), ("max: 2", 2, 3, None), ("max: 2", 0, 2, True),
        ("under: 2", 1, 1, True), ("under: 2", 2, 2, False), ("under: 2", 1, 2, None), ("under: 2", 2, 3, False),
        ("min: 1, max: 2", 0, 3, None), ("min: 1, max: 2", 3, 4, False), ("min: 1, max: 2", 0, 0, False),
        ("min: 1, max: 2", 1, 2, True), ("min: 1, max: 2", 1, 3, None),
    ],
)  # fmt: skip
def test_number_known_between_two_keeps_a_limit_breaks_it_or_nobody_can_tell(
    text: str, low: int, high: int, expected: bool | None
) -> None:
    """One limit broken for certain is enough."""
    assert expected is bounds(text).holds(low, high, DAY)


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("min: 2", 0, 2), ("min: 2", 1, 1), ("min: 2", 2, 0), ("min: 2", 3, 0),
        ("over: 2", 2, 1), ("over: 2", 3, 0), ("over: 3/2", 1, 1), ("over: 3/2", 0, 2),
        ("min: 3/2", 1, Fraction(1, 2)), ("min: 2, over: 2", 2, 1), ("max: 2", 0, 0), ("under: 2", 5, 0),
    ],
)  # fmt: skip
def test_so_many_more_are_lacking(text: str, count: int, expected: int | Fraction) -> None:
    """To the lower limits; nothing is lacking to an upper one."""
    assert expected == bounds(text).lacking(count, DAY)


@pytest.mark.parametrize(
    ("text", "low", "expected"),
    [
        ("max: 2", 2, False), ("max: 2", 3, True), ("under: 2", 1, False), ("under: 2", 2, True),
        ("max: 3, under: 3", 3, True), ("min: 2", 9, False), ("over: 2", 9, False),
    ],
)  # fmt: skip
def test_upper_limit_once_broken_stays_broken(text: str, low: int, expected: bool) -> None:
    """However much is still to come."""
    assert expected is bounds(text).exceeded(low, DAY)


@pytest.mark.parametrize(
    ("text", "words", "ratio", "expected"),
    [
        ("min: 2", "不少于 2 次", "不少于 2", {"min": 2}),
        ("over: 1/2", "多于 0.5 次", "多于 1/2", {"over": "1/2"}),
        ("over: 1/3", "多于 1/3 次", "多于 1/3", {"over": "1/3"}),
        ("max: 3, min: 1", "不少于 1 次且不超过 3 次", "不少于 1且不超过 3", {"min": 1, "max": 3}),
        ("under: 2/1", "少于 2 次", "少于 2", {"under": 2}),
    ],
)
def test_limits_are_said_in_words_and_as_exact_numbers(
    text: str, words: str, ratio: str, expected: dict[str, Any]
) -> None:
    """Whole ones as such; amounts in decimals where these are exact, ratios as fractions."""
    found = bounds(text)
    assert (words, ratio) == (found.words(DAY, "次"), found.words(DAY))
    assert expected == found.expected(DAY)
    assert {type(value) for value in expected.values()} == {type(value) for value in found.expected(DAY).values()}


def test_whole_limit_is_reckoned_with_as_a_whole_number_dated_or_not() -> None:
    """And one that is not yet in force is none."""
    assert {"min": 2, "max": Fraction(5, 2)} == dict(bounds("min: 2, max: 5/2").limits_on(DAY))
    assert int is type(bounds("min: 2").limits_on(DAY)["min"])
    dated = bounds("min: {values: {2024-01-02: 2}}")
    assert ({}, {"min": 2}) == (dict(dated.limits_on(DAY)), dict(dated.limits_on(date(2024, 1, 2))))
    assert (False, True) == (dated.demands_on(DAY), dated.demands_on(date(2024, 1, 2)))
    later = bounds("min: {values: {2020-01-01: 1, 2024-01-01: 2}}")
    assert [1, 2] == [later.limits_on(day)["min"] for day in (date(2023, 12, 31), DAY)]
