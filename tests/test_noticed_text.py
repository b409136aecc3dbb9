"""What is read of text nobody should write: every problem once, at its place, and what is still read beside it."""

from __future__ import annotations

from typing import Any

import pytest

from dangjian_check.loading.tree import Tree
from dangjian_check.loading.yaml_events import MAX_NODES, MAX_SCALAR, read_yaml
from program import places


def read(text: str) -> Tree:
    """The tree of one YAML text."""
    return read_yaml(text.encode(), "a.yaml")


def test_hidden_character_behind_an_empty_line_is_at_its_own_line_and_column() -> None:
    """Lines and columns are counted from the first character of the file."""
    assert [(2, 1)] == places(read("\n\a").problems[:1])
    assert [(2, 2)] == places(read("\na\a: 1\n").problems)


def test_reading_ends_when_nobody_would_look_at_more_problems() -> None:
    """Of 2500 anchors two thousand are told."""
    assert 2000 == len(read("".join(f"- &a{n} 甲\n" for n in range(2500))).problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a\n", [(1, 1)]),
        ("a: *x\nb: *y\n", [(1, 4), (2, 4)]),
        ("- *x\n- *y\n", [(1, 3), (2, 3)]),
        ("a: {b: *x, c: *y}\n", [(1, 8), (1, 15)]),
        ("a: [*x, *y]\n", [(1, 5), (1, 9)]),
        ("a: {*x : 1, b: *y}\n", [(1, 5)]),
        ("- {*x : 1, b: *y}\n", [(1, 4)]),
    ],
)
def test_every_alias_is_told_but_one_for_a_key_ends_the_reading(text: str, expected: list[tuple[int, int]]) -> None:
    """What belongs to a key that is none cannot be told."""
    assert expected == places(read(text).problems)


def test_nothing_of_a_second_document_is_read() -> None:
    """It is told once, whatever it holds."""
    assert [(2, 1)] == places(read("a: 1\n---\nb: *x\n").problems)


def test_of_a_key_written_twice_the_first_stays_and_a_merge_key_is_none() -> None:
    """So that what is told further on is told of what the person wrote first."""
    assert {"a": 1} == read("a: 1\na: 2\n<<: {b: 3}\n").data
    assert {"a": {"b": 1}} == read("a:\n  b: 1\n  b: 2\n").data


@pytest.mark.parametrize(("length", "expected"), [(MAX_SCALAR, 0), (MAX_SCALAR + 1, 1)])
def test_text_may_be_just_as_long_as_it_may_be(length: int, expected: int) -> None:
    """One character more is too much."""
    assert expected == len(read(f"a: {'字' * length}\n").problems)


@pytest.mark.parametrize(("count", "expected"), [(MAX_NODES - 1, 0), (MAX_NODES, 1)])
def test_file_may_hold_just_as_much_as_it_may(count: int, expected: int) -> None:
    """The list itself and each of its items count."""
    assert expected == len(read("[" + "1," * count + "]").problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n,", [(2, 1)]),
        ("{", [(1, 1)]),
        ("a: 1\nb: [1", [(2, 1)]),
        ("a: [1\n", [(1, 1)]),
        ("a:\tb: c\n", [(1, 5)]),
        ("a: b: c\nd: |\n  时间：上午\n", [(1, 5)]),
        ("\n\n\t\ufffe", [(1, 1)]),
        ("\n\t\ufffe", [(2, 1), (1, 1)]),
    ],
)
def test_syntax_is_blamed_within_the_file_and_no_sound_text_with_it(text: str, expected: list[tuple[int, int]]) -> None:
    """With or without a last line end; a tab between words and a full-width colon in a text further down are no slips.
    Where the parser does not say how far it came, only slips of the first lines are told too."""
    assert expected == places(read(text).problems)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a：\t1\nb: 2\n", {"a": 1, "b": 2}),
        ("a:\n\n\tb: 1\n", {"a": {"b": 1}}),
        ("a:\n  b: 1\n\n\tc: 2\n", {"a": {"b": 1, "c": 2}}),
        ("\ta: 1\n", {"a": 1}),
    ],
)
def test_mended_slip_reads_as_it_was_meant(text: str, data: Any) -> None:
    """A tab stands for the indentation of the last line that says anything."""
    assert data == read(text).data


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("\ta: 甲\n", ("a",), (1, 2)),
        ("a:\n\tb: 甲\n", ("a", "b"), (2, 2)),
        ("a:\n\tb: 甲\n  c: 乙\n", ("a", "c"), (3, 3)),
        ("a:\n\t\t\tb: 甲\n", ("a", "b"), (2, 4)),
        ("a：甲\nb: 乙\n", ("a",), (1, 1)),
        ("a:\n  b：甲\n  c: 乙\n", ("a", "b"), (2, 3)),
        ("a：甲\nb: 乙\n", ("b",), (2, 1)),
    ],
)
def test_places_of_mended_lines_are_those_of_the_file(text: str, path: tuple[str, ...], place: tuple[int, int]) -> None:
    """Whatever was put in or taken out, and of no line but the mended one."""
    assert place == read(text).place(path, key=True)[:2]
