"""The other floor: merely to read the same record, nothing judged, so that there are no answers to check."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ten import TEXT, Case, Engine, texts

NOTE = "什么也不判断"


def of_yaml() -> list[Engine]:
    """PyYAML's C loader."""
    import yaml

    def raw(cases: Sequence[Case]) -> list[bytes]:
        return [case.raw for case in cases]

    def load(given: Sequence[bytes]) -> list[object]:
        return [yaml.load(one, yaml.CSafeLoader) for one in given]

    return [Engine("只解析：PyYAML CSafeLoader", raw, load, None, "YAML", NOTE, most=50)]


def of_json() -> list[Engine]:
    """The standard library."""
    return [Engine("只解析：json.loads", texts, lambda given: [json.loads(text) for text in given], None, TEXT, NOTE)]
