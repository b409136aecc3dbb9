"""The other floor: merely to read the same record, nothing judged."""

from __future__ import annotations

import json

import yaml

from ten import TEXT, Engine, texts


def floors() -> list[Engine]:
    """Reading without judging; there are no answers to check."""

    def load(raw: bytes) -> object:
        return yaml.load(raw, yaml.CSafeLoader)

    return [
        Engine(
            "只解析：PyYAML CSafeLoader",
            lambda cases: [case.raw for case in cases],
            lambda given: [load(raw) for raw in given],
            lambda _: [],
            "YAML",
            "什么也不判断",
            50,
        ),
        Engine(
            "只解析：json.loads",
            texts,
            lambda given: [json.loads(text) for text in given],
            lambda _: [],
            TEXT,
            "什么也不判断",
        ),
    ]
