"""Fields that shipped rules ask about have Chinese names, so that no message shows a raw key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dangjian_check.loading.standards import find_standards, load_standards
from dangjian_check.model.fact_names import LABELS


def asked(tree: Any) -> Iterator[str]:
    """Every field named by a ``where`` or a ``field`` below."""
    if isinstance(tree, dict):
        yield from tree.get("where") or ()
        if isinstance(tree.get("field"), str):
            yield tree["field"]
        for value in tree.values():
            yield from asked(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from asked(value)


@pytest.mark.parametrize("name", find_standards())
def test_every_field_a_rule_asks_about_has_a_chinese_name(name: str) -> None:
    """Raw keys such as ``measure`` are for the file, not for the reader of a report."""
    rules = load_standards([name])[0].rules
    fields = {field for rule in rules for field in asked(rule.model_dump(by_alias=True))}
    assert fields
    assert set() == fields - set(LABELS)


@pytest.mark.parametrize("name", find_standards())
def test_key_in_a_remedy_stands_in_brackets_behind_its_chinese_name(name: str) -> None:
    """Whoever keeps a ledger knows its columns, not the keys of a record."""
    remedies = {rule.id: rule.remedy or "" for rule in load_standards([name])[0].rules}
    bare = {rule: re.findall(r"[a-z_]{3,}", re.sub(r"（[^（）]*）", "", remedy)) for rule, remedy in remedies.items()}
    assert remedies
    assert {} == {rule: keys for rule, keys in bare.items() if keys}
