"""What was judged as bytes, and back: rules and standards by their names."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from typing import Any

from dangjian_check.app import Judged
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard


class _Writer(pickle.Pickler):
    def persistent_id(self, found: Any) -> Any:
        if isinstance(found, Standard):
            return "standard", found.id
        return ("rule", found.id) if isinstance(found, Rule) else None


class _Reader(pickle.Unpickler):  # noqa: S301
    def __init__(self, raw: bytes, standards: Mapping[str, Standard]) -> None:
        super().__init__(io.BytesIO(raw))
        self._standards = standards
        self._rules = {rule.id: rule for standard in standards.values() for rule in standard.rules}

    def persistent_load(self, name: tuple[str, str]) -> Any:
        return self._standards[name[1]] if name[0] == "standard" else self._rules[name[1]]


def encode(judged: Judged) -> bytes:
    """What a file came to as bytes."""
    target = io.BytesIO()
    _Writer(target, pickle.HIGHEST_PROTOCOL).dump(judged)
    return target.getvalue()


def decode(raw: bytes, standards: Mapping[str, Standard]) -> Judged:
    """The same again; ``standards`` are those it names."""
    found = _Reader(raw, standards).load()
    if not isinstance(found, Judged):
        raise TypeError(type(found).__name__)
    return found
