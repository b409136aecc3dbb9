"""A record written with Chinese keys becomes the same record with ours: one vocabulary for ledgers and YAML."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from dangjian_check.errors import Location, Problem
from dangjian_check.loading.tree import Mapping, Plain, Sequence, Tree, placed
from dangjian_check.model.columns import Column, columns, known_words, normal
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import NO_WORDS, YES_WORDS


def in_our_keys(tree: Tree, model: type[BaseModel]) -> Tree:
    """The tree with every Chinese key replaced by the field it names; positions stay those of the file.

    A key that names nothing stays as it is, for the model to refuse.
    """
    if isinstance(tree.data, Plain):
        if not tree.data.chinese or _ours(tree.data, model):
            return tree
        tree = placed(tree)
    if not isinstance(tree.data, Mapping) or not _chinese(tree.data):
        return tree
    problems: list[Problem] = []
    data = _mapping(tree.data, model, tree.file, problems)
    return tree._replace(data=data, problems=(*tree.problems, *problems))


def _ours(node: Any, model: type[BaseModel]) -> bool:
    """Whether plain data would stay as it is: what is Chinese in it names nothing of ours, as a step does."""
    if isinstance(node, list):
        return all(_ours(item, model) for item in node)
    if not isinstance(node, dict):
        return True
    by_path = {column.path: column for column in columns(model)}
    for key, value in node.items():
        column = by_path.get(key)
        if column is None and not key.isascii() and normal(key) in known_words(model):
            return False
        if column is not None and column.kind == "yes_no" and isinstance(value, str):
            return False
        if column is not None and column.models and not _ours(value, column.models[0]):
            return False
    return True


def _chinese(node: Any) -> bool:
    if isinstance(node, Mapping):
        return any(not key.isascii() for key in node) or any(map(_chinese, node.values()))
    return isinstance(node, Sequence) and any(map(_chinese, node))


def _mapping(node: Mapping, model: type[BaseModel], file: str, problems: list[Problem]) -> Mapping:
    made = Mapping(node.place)
    by_path = {column.path: column for column in columns(model)}
    for key, value in node.items():
        key_place, place = node.at[key]
        column = by_path.get(key) or (None if key.isascii() else known_words(model).get(normal(key)))
        path = column.path.split(".") if column else [key]
        kept = _value(value, column, file, problems)
        if not put(made, path, kept, place, key_place):
            message = f"键 {shown(key)} 与前面的一个键说的是同一项"
            problems.append(Problem.at(file, key_place, message, "合并成一处，或删去多余的一处"))
    return made


def _value(value: Any, column: Column | None, file: str, problems: list[Problem]) -> Any:
    if column is None:
        return value
    if column.kind == "yes_no" and isinstance(value, str) and value in YES_WORDS | NO_WORDS:
        return value in YES_WORDS
    if not column.models:
        return value
    model = column.models[0]
    if isinstance(value, Mapping):
        return _mapping(value, model, file, problems)
    if isinstance(value, Sequence):
        made = Sequence(value.place)
        for item, place in zip(value, value.at, strict=True):
            made.add(_mapping(item, model, file, problems) if isinstance(item, Mapping) else item, place)
        return made
    return value


def put(node: Mapping, path: list[str], value: Any, place: Location, key_place: Location | None = None) -> bool:
    """Set a value at a path of keys, making the mappings between; whether nothing was there before."""
    for step in path[:-1]:
        inner = node.get(step)
        if not isinstance(inner, Mapping):
            if inner is not None:
                return False
            inner = Mapping(key_place or place)
            node.put(step, inner, place, key_place)
        node = inner
    last = path[-1]
    if isinstance(value, Mapping) and isinstance(node.get(last), Mapping):
        fresh = [put(node[last], [key], inner, value.at[key][1], value.at[key][0]) for key, inner in value.items()]
        return all(fresh)
    if last in node:
        return False
    node.put(last, value, place, key_place)
    return True
