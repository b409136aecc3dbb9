"""The ten shared rules in dj-check and in the general engines: the same answers first, then the cost."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from figures import Scale, Table, cpu_of, figure, in_turns, ratio
from peers import by_hand
from peers.dj_check import INDEXED, JUDGING, VALIDATED
from ten import Answers, Case, Engine, cases, plain

BASES = (JUDGING, INDEXED, VALIDATED)
HEAD = ("引擎", "给它的", "微秒/支部", "÷ 只判断", "÷ 连索引", "÷ 连校验", "说明")


class Peer(NamedTuple):
    """Where an engine's rules stand, and the package it needs."""

    module: str
    function: str
    package: str = ""


PEERS = (
    Peer("dj_check", "engines"),
    Peer("by_hand", "engines"),
    Peer("rego", "regorus_vm", "gordon-to-regorus"),
    Peer("rego", "regorus_interpreter", "gordon-to-regorus"),
    Peer("rego", "opa", "opa-golib-python-bindings"),
    Peer("rego", "rego_cpp", "regopy"),
    Peer("decisions", "zen", "zen-engine"),
    Peer("cel_rules", "rust", "common-expression-language"),
    Peer("cel_rules", "python", "cel-python"),
    Peer("schema", "rust", "jsonschema-rs"),
    Peer("sql", "duckdb", "duckdb"),
    Peer("sql", "sqlite"),
    Peer("parsing", "of_yaml", "pyyaml"),
    Peer("parsing", "of_json"),
)


def measure(scale: Scale) -> list[Table]:
    """The table of engines over 200 records (1000 in full)."""
    count, rounds = (1000, 15) if scale.full else (200, 7)
    records = cases(count)
    engines, notes = gathered()
    faults = {_key(engine): wrong(engine, records) for engine in engines}
    good = [engine for engine in engines if not faults[_key(engine)]]
    costs = in_turns({_key(engine): _timed(engine, records) for engine in good}, rounds)
    rows = [_row(engine, costs) for engine in good]
    return [Table(f"十条共同规则，{count} 份记录，{rounds} 轮", HEAD, rows, (*notes, *filter(None, faults.values())))]


def gathered() -> tuple[list[Engine], list[str]]:
    """The engines that are installed, and what is said of the others."""
    engines: list[Engine] = []
    notes: list[str] = []
    for peer in PEERS:
        try:
            engines += getattr(import_module(f"peers.{peer.module}"), peer.function)()
        except ImportError:
            notes.append(f"没有装 {peer.package}，这一项没有测")
    return engines, notes


def expected(records: Sequence[Case]) -> list[Answers]:
    """The answers of the Python written by hand."""
    return plain([by_hand.judge(case.data) for case in records])


def wrong(engine: Engine, records: Sequence[Case]) -> str:
    """Why an engine has no figure; nothing if every answer is right."""
    if engine.answers is None:
        return ""
    asked = records[: engine.most]
    try:
        said = engine.answers(engine.judge(engine.take(asked)))
    except Exception as error:
        return f"{engine.name}：跑不通（{type(error).__name__}），不给数"
    if len(said) != len(asked):
        return f"{engine.name}：{len(asked)} 份记录只答了 {len(said)} 份，不给数"
    differing = sum(not answers.agrees(known) for answers, known in zip(said, expected(asked), strict=True))
    return f"{engine.name}：{len(asked)} 份记录里 {differing} 份答案不同，不给数" if differing else ""


def _timed(engine: Engine, records: Sequence[Case]) -> Callable[[], float]:
    asked = records[: engine.most]

    def once() -> float:
        taken: Any = engine.take(asked)
        return cpu_of(lambda: engine.judge(taken)) / len(asked)

    return once


def _key(engine: Engine) -> str:
    return engine.name if engine.name in BASES else f"{engine.name}（{engine.given}）"


def _row(engine: Engine, costs: dict[str, list[float]]) -> tuple[str, ...]:
    own = costs[_key(engine)]
    ratios = (figure(ratio(own, costs[base])) if base in costs else "—" for base in BASES)
    part = f"前 {engine.most} 份" if engine.most < 10**6 else ""
    return (
        engine.name,
        engine.given,
        figure(statistics.median(own) * 1e6),
        *ratios,
        "，".join(filter(None, (engine.note, part))),
    )
