"""One Rego policy in three engines, each fed the JSON text, its fastest way in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ten import PARSED, READ, TEXT, Answers, Case, Engine, parsed, plain, texts

POLICY = (Path(__file__).parent / "ten.rego").read_text(encoding="utf-8")
RULE = "data.ten.answers"


def _of_json(native: Sequence[str]) -> list[Answers]:
    return plain([json.loads(text) for text in native])


def regorus_vm() -> list[Engine]:
    """regorus, compiled to its register machine."""
    import regorus

    program = regorus.Program.compile_from_modules("{}", [("ten.rego", POLICY)], [RULE])

    def machine(text: str = "{}") -> Any:
        made = regorus.Rvm()
        made.load_program(program)
        made.set_data_json("{}")
        made.set_input_json(text)
        return made

    shared = machine()

    def judge(text: str) -> Any:
        shared.set_input_json(text)
        return shared.execute()

    def read(cases: Sequence[Case]) -> list[Any]:
        return [machine(case.text) for case in cases]

    return [
        Engine("Rego：regorus 虚拟机", texts, lambda given: [judge(text) for text in given], _of_json, TEXT),
        Engine("Rego：regorus 虚拟机", read, lambda given: [vm.execute() for vm in given], _of_json, READ),
    ]


def regorus_interpreter() -> list[Engine]:
    """regorus, its interpreter."""
    import regorus

    engine = regorus.Engine()
    engine.add_policy("ten.rego", POLICY)

    def judge(text: str) -> Any:
        engine.set_input_json(text)
        return engine.eval_rule_as_json(RULE)

    return [Engine("Rego：regorus 解释器", texts, lambda given: [judge(text) for text in given], _of_json, TEXT)]


def rego_cpp() -> list[Engine]:
    """rego-cpp, the policy compiled to a bundle."""
    from regopy import Interpreter

    compiler = Interpreter()
    compiler.add_module("ten.rego", POLICY)
    bundle = compiler.build(None, ["ten/answers"])
    engine = Interpreter()

    def judge(data: dict[str, Any]) -> Any:
        engine.set_input(data)
        return engine.query_bundle_entrypoint(bundle, "ten/answers")

    def said(native: Sequence[Any]) -> list[Answers]:
        return plain([json.loads(str(output))["expressions"][0] for output in native])

    return [Engine("Rego：rego-cpp", parsed, lambda given: [judge(data) for data in given], said, PARSED, most=20)]


def opa() -> list[Engine]:
    """Open Policy Agent itself, in Go, through a C-shared library; the query is prepared at its first use."""
    from opa_bindings import OpaEngine

    engine = OpaEngine()
    engine.add_policy("ten.rego", POLICY)

    def judge(data: dict[str, Any]) -> Any:
        return engine.eval_document("ten.answers", data)

    return [Engine("Rego：OPA（Go）", parsed, lambda given: [judge(data) for data in given], plain, PARSED, most=100)]
