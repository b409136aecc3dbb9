"""The limits of the guard before YAML is read, and what its second look at a broken file comes to."""

from __future__ import annotations

import pytest
from ruamel.yaml.error import YAMLError

from dangjian_check.loading import yaml_events
from dangjian_check.loading.yaml_events import read_yaml


def test_reading_stops_at_too_many_problems_of_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """And at too many items: what was seen until then is told."""
    monkeypatch.setattr(yaml_events, "MAX_NODES", 500)
    found = read_yaml(b"a: [" + b"&x 1, " * 50 + b"2]\n", "a.yaml").problems
    assert len(found) == yaml_events.MAX_NODES // 100

    found = read_yaml(b"a: [" + b"1, " * 600 + b"2]\n", "a.yaml").problems
    assert [problem.message for problem in found] == ["内容超过 500 项"]


def test_count_of_items_may_be_the_limit_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_events, "MAX_NODES", 500)
    raw = b"a: [" + b"1, " * 496 + b"2]\n"  # the mapping, its key, the list and 497 items
    assert not read_yaml(raw, "a.yaml").problems
    assert read_yaml(raw.replace(b"2]", b"2, 3]"), "a.yaml").problems


def test_as_many_slips_are_mended_as_problems_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in which every line is wrong is not read again and again for ever."""
    monkeypatch.setattr(yaml_events, "MAX_PROBLEMS", 3)
    text = "".join(f"a{number}:\n  b：1\n  c: 1\n" for number in range(5))
    tree = read_yaml(text.encode(), "a.yaml")
    assert (tree.data, [problem.line for problem in tree.problems]) == (None, [2, 5, 8])


def test_fault_that_the_parser_gives_no_place_is_told_at_the_top() -> None:
    problem = yaml_events._syntax("a: 1\n", "a.yaml", YAMLError("control characters are not allowed"))
    assert problem[:4] == ("a.yaml", 1, 1, "有不可见的控制字符")


def test_wide_colon_inside_brackets_is_mended_and_told() -> None:
    tree = read_yaml("a: [b：[1], c：[2]]\n".encode(), "a.yaml")
    assert tree.data == {"a": [{"b": [1]}, {"c": [2]}]}
    assert [(problem.line, problem.column) for problem in tree.problems] == [(1, 6), (1, 13)]
