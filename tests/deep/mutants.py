"""Small faults put into a module on purpose, one at a time, always the same ones in the same order.

A mutant changes one node of the syntax tree: a comparison, a number by one, a truth value, ``and`` and ``or``, ``not``,
an operator, ``any`` and ``all``, ``min`` and ``max``, the condition of a branch or a comprehension, what is returned;
or a statement is left out. Texts, annotations, assertions and decorators stay as they are.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

Change = Callable[[], object]

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Pow: ast.Mult,
}  # fmt: skip
_NAMED = {"any": "all", "all": "any", "min": "max", "max": "min"}
_PLAIN_TEST = (ast.Compare, ast.BoolOp, ast.UnaryOp)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: in which file and function, what it does (``text``), and which node and which of its changes it is."""

    file: str
    function: str
    text: str
    line: int
    node: int
    change: int

    @property
    def name(self) -> str:
        """The same as long as the function is the same, wherever it stands in its file."""
        return f"{self.file}::{self.function}: {self.text}"


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its syntax tree."""
    tree = _parsed(root / file)
    found, named = [], Counter[str]()
    for index, (node, function) in enumerate(_places(tree)):
        for number, (text, _) in enumerate(_changes(node)):
            key = f"{function}: {text}"
            named[key] += 1
            text = text if named[key] == 1 else f"{text} #{named[key]}"
            found.append(Mutant(file, function, text, _line(node), index, number))
    return found


def mutated(root: Path, mutant: Mutant) -> ast.Module:
    """The file's syntax tree with the fault in it."""
    tree = _parsed(root / mutant.file)
    node, _ = list(_places(tree))[mutant.node]
    list(_changes(node))[mutant.change][1]()
    return ast.fix_missing_locations(tree)


def _line(node: ast.AST) -> int:
    """A line that is come to whenever the node is evaluated."""
    if isinstance(node, ast.comprehension):
        return node.target.lineno
    if isinstance(node, ast.FunctionDef):  # of which a statement is left out
        return node.body[1 if ast.get_docstring(node) and len(node.body) > 1 else 0].lineno
    return getattr(node, "lineno", 0)


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every node that may be changed, with the dotted name of the function or class it stands in."""
    yield from _inside(tree, "")


def _inside(node: ast.AST, function: str) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        function = f"{function}.{node.name}" if function else node.name
    yield node, function
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "bases", "keywords"} and not isinstance(node, ast.Call):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, (ast.Assert, ast.JoinedStr)):
                yield from _inside(child, function)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """What may be changed of a node: in words, and as something to do."""
    if isinstance(node, ast.Compare):
        yield from _compared(node)
    elif isinstance(node, ast.Constant):
        yield from _constant(node)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _set(node, "op", other)
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _COUNTED:
        yield _set(node, "op", _COUNTED[type(node.op)]())
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NAMED:
        yield _set(node, "func", ast.Name(_NAMED[node.func.id], ast.Load()))
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield from _branch(node)
    elif isinstance(node, ast.comprehension):
        for position in range(len(node.ifs)):
            yield f"no `if {_shown(node.ifs[position])}`", partial(node.ifs.pop, position)
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield _set(node, "value", ast.Constant(None))
    yield from _dropped(node)


def _compared(node: ast.Compare) -> Iterator[tuple[str, Change]]:
    for position, op in enumerate(node.ops):
        ops = [*node.ops[:position], _COMPARED[type(op)](), *node.ops[position + 1 :]]
        yield _set(node, "ops", ops)


def _constant(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    if isinstance(node.value, bool):
        yield _set(node, "value", not node.value)
    elif isinstance(node.value, int):
        yield _set(node, "value", node.value + 1)
        yield _set(node, "value", node.value - 1)


def _branch(node: ast.If | ast.IfExp | ast.While) -> Iterator[tuple[str, Change]]:
    test = node.test
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield f"`{_shown(test)}` -> `{_shown(test.operand)}`", lambda: setattr(node, "test", test.operand)
    elif not isinstance(test, _PLAIN_TEST) and not (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"):
        opposite = ast.UnaryOp(ast.Not(), test)
        yield f"`{_shown(test)}` -> `{_shown(opposite)}`", lambda: setattr(node, "test", opposite)


def _dropped(node: ast.AST) -> Iterator[tuple[str, Change]]:
    fields = (getattr(node, field, None) for field in ("body", "orelse", "finalbody"))
    lists = [statements for statements in fields if isinstance(statements, list)]
    for statements, position in ((one, at) for one in lists for at in range(len(one))):
        statement = statements[position]
        plain = isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)
        if plain or isinstance(statement, (ast.Raise, ast.AugAssign, ast.Continue, ast.Break)):
            text = f"without `{_shown(statement)}`"
            yield text, partial(_left_out, statements, position)


def _left_out(statements: list[ast.stmt], position: int) -> None:
    statements[position] = ast.copy_location(ast.Pass(), statements[position])


def _set(node: ast.AST, field: str, value: object) -> tuple[str, Change]:
    old = getattr(node, field)
    before = _shown(node)
    setattr(node, field, value)
    after = _shown(node)
    setattr(node, field, old)
    return f"`{before}` -> `{after}`", lambda: setattr(node, field, value)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return text if len(text) <= 90 else f"{text[:60]}...{text[-27:]}"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
