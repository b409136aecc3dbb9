"""The reader's words for what a model refuses: one located Chinese line per problem."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from dangjian_check.errors import InputProblems, KeyPath, Problem
from dangjian_check.loading.tree import Tree
from dangjian_check.loading.yaml_scalars import HIDDEN, MAX_PROBLEMS, wide_colon
from dangjian_check.model.columns import heading, known_words
from dangjian_check.model.fields import shown
from dangjian_check.model.vocabulary import nearest

M = TypeVar("M", bound=BaseModel)

_MANY = 10 * MAX_PROBLEMS  # beyond the first so many refusals, which nobody is shown, no words are looked for

_FEW_KEYS = 6
_SHAPES = {
    "model_type": ("这里应是一组“键: 值”", "每个键另起一行，后面是半角冒号和空格"),
    "model_attributes_type": ("这里应是一组“键: 值”", "每个键另起一行，后面是半角冒号和空格"),
    "dict_type": ("这里应是一组“键: 值”", "每个键另起一行，后面是半角冒号和空格"),
    "list_type": ("这里应是一个列表", "每项前写“- ”，或写成 [甲, 乙]"),
    "bool_type": ("这里应是 true 或 false", "是写 true，否写 false"),
    "int_type": ("这里应是整数", "写成不带单位和引号的整数"),
    "string_type": ("这里应是文字", "写成一段文字；数字加引号"),
}
_RANGES = {
    "greater_than_equal": ("ge", "不小于"),
    "less_than_equal": ("le", "不大于"),
    "greater_than": ("gt", "大于"),
}


def problems(error: ValidationError, tree: Tree, model: type[BaseModel], base: KeyPath = ()) -> list[Problem]:
    """Every refusal of ``model`` as a problem at its place in the file; repeated words for one place once."""
    items = error.errors(include_url=False)
    if len(items) > _MANY:
        items.sort(key=lambda item: _order(item, tree, base))
    found = [_problem(item, tree, model, base) for item in items[:_MANY]]
    found += [at(tree, (*base, *item["loc"]), item["type"], "") for item in items[_MANY:]]
    return list(dict.fromkeys(found))


def _order(item: Any, tree: Tree, base: KeyPath) -> tuple[str, str, int, int]:
    place = tree.place((*base, *item["loc"]))
    return (place.file, place.sheet or "", place.line, place.column)


def validated(tree: Tree, model: type[M]) -> M:
    """The model behind a tree. Raises `InputProblems` with what is wrong with the file's form and content."""
    if tree.problems and tree.data is None:
        raise InputProblems(limited(list(tree.problems), tree.file))
    try:
        parsed = model.model_validate(tree.data)
    except ValidationError as error:
        raise InputProblems(
            limited([*tree.problems, *_further(problems(error, tree, model), tree)], tree.file)
        ) from None
    if tree.problems:
        raise InputProblems(limited(list(tree.problems), tree.file))
    return parsed


def _further(found: list[Problem], tree: Tree) -> list[Problem]:
    """Problems of content at places where the form was right."""
    known = {(p.file, p.place) for p in tree.problems}
    garbled = {p.line for p in tree.problems if p.message == HIDDEN}
    return [p for p in found if (p.file, p.place) not in known and p.line not in garbled]


def limited(found: list[Problem], file: str) -> list[Problem]:
    """At most `MAX_PROBLEMS` of a file's problems, sorted, each once, and a last line that counts the others."""
    distinct = sorted(dict.fromkeys(found))
    left = len(distinct) - MAX_PROBLEMS
    if left <= 0:
        return distinct
    last = distinct[MAX_PROBLEMS - 1]
    note = Problem(file, last.line, last.column, f"另有 {left} 处问题没有列出", "先改上面的，再查一遍")
    return [*distinct[:MAX_PROBLEMS], note]


def at(tree: Tree, path: KeyPath, message: str, remedy: str, *, key: bool = False) -> Problem:
    """A problem of our own at a path of the file."""
    return Problem.at(tree.file, tree.place(path, key=key), message, remedy)


def _problem(item: Any, tree: Tree, model: type[BaseModel], base: KeyPath) -> Problem:
    kind, loc = item["type"], (*base, *item["loc"])
    context = item.get("ctx") or {}
    if kind.startswith("dj."):
        return at(tree, loc, context["message"], context["remedy"])
    if kind == "extra_forbidden":
        return _unknown_key(item, tree, model, base)
    if kind == "missing":
        return _missing(tree, loc, _model_at(model, item["loc"][:-1]))
    if kind == "literal_error":
        return at(tree, loc, f"{shown(item['input'])} 不在可选的词里", f"可选：{_options(context['expected'])}")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _wrong_kind(item, tree, loc)
    if kind in _RANGES:
        name, words = _RANGES[kind]
        return at(tree, loc, f"{shown(item['input'])} 超出范围", f"应{words} {context[name]}")
    if kind in _SHAPES:
        return _wrong_shape(kind, item, tree, loc, _model_at(model, item["loc"]))
    if kind in ("too_short", "string_too_short"):
        return at(tree, loc, "这里是空的", "至少写一项")
    if kind == "string_pattern_mismatch":
        return at(tree, loc, f"{shown(item['input'])} 的写法不对", _shape_said(model, item))
    return at(tree, loc, f"{shown(item['input'])} 不合要求", "对照格式说明改正")


def _shape_said(model: type[BaseModel], item: Any) -> str:
    """How a field of a fixed form is written, in the words of its schema."""
    owner = _model_at(model, item["loc"][:-1])
    extra = owner.model_fields[str(item["loc"][-1])].json_schema_extra if owner else None
    return str(extra["patternErrorMessage"]) if isinstance(extra, dict) else f"应符合 {item['ctx']['pattern']}"


def _missing(tree: Tree, loc: KeyPath, owner: type[BaseModel] | None) -> Problem:
    """What is missing, in the words of the file: a column of a ledger, a key of YAML."""
    name = str(loc[-1])
    if tree.place(loc[:-1]).sheet is None or owner is None:
        return at(tree, loc[:-1], f"缺少 {name}", f"补上“{name}: …”")
    return at(tree, loc[:-1], f"没有写“{heading(owner, name)}”", "在这一行补上；整列都没有的，加上这一列")


def _wrong_shape(kind: str, item: Any, tree: Tree, loc: KeyPath, owner: type[BaseModel] | None) -> Problem:
    message, remedy = _SHAPES[kind]
    keys = _field_names(owner) if kind == "model_type" else []
    if 0 < len(keys) <= _FEW_KEYS:
        remedy = f"写成 {{键: 值}}，键有 {'、'.join(keys)}"
    if wide_colon(item["input"]):
        message, remedy = "用了全角冒号“：”", "改成半角冒号加一个空格"
    elif item["input"] is None:
        message, remedy = "这里没有内容", "填写内容，或删去这个键"
    return at(tree, loc, message, remedy)


def _wrong_kind(item: Any, tree: Tree, loc: KeyPath) -> Problem:
    context = item.get("ctx") or {}
    if item["type"] == "union_tag_not_found":
        return at(tree, loc, "没有写 kind", "补上 kind，说明是哪一种")
    wanted = _options(context.get("expected_tags", ""))
    near = nearest(str(context.get("tag", "")), wanted.split("、"))
    hint = f"最接近的是 {near[0]}；可用：{wanted}" if near else f"可用：{wanted}"
    return at(tree, (*loc, "kind"), f"没有 {shown(context.get('tag', ''))} 这一种", hint)


def _options(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "").replace(", ", "、")


def _unknown_key(item: Any, tree: Tree, model: type[BaseModel], base: KeyPath) -> Problem:
    *parents, key = item["loc"]
    if wide_colon(key):
        return at(tree, (*base, *item["loc"]), "用了全角冒号“：”", "改成半角冒号加一个空格", key=True)
    owner = _model_at(model, parents)
    names = words = _field_names(owner)
    if owner is not None and not str(key).isascii():
        names = [heading(owner, name) for name in names]
        words = [word for word in known_words(owner) if not word.isascii()]
    near = nearest(str(key), words)
    remedy = f"最接近的是“{near[0]}”" if near else f"可用：{'、'.join(names[:12])}{'…' if len(names) > 12 else ''}"
    return at(tree, (*base, *item["loc"]), f"不认识的键 {shown(key)}", remedy, key=True)


def _field_names(model: type[BaseModel] | None) -> list[str]:
    if model is None:
        return []
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_at(model: type[BaseModel], loc: Iterable[str | int]) -> type[BaseModel] | None:
    """The model that refused a key at ``loc``: follows field names and union tags, passes over list positions."""
    candidates: list[type[BaseModel]] = [model]
    for step in loc:
        if isinstance(step, int):
            continue
        inner = [m for c in candidates for m in _below(c, step)]
        tagged = [m for m in candidates if _has_tag(m, step)]
        candidates = inner or tagged or candidates
    return candidates[0] if candidates else None


def _below(model: type[BaseModel], step: str) -> list[type[BaseModel]]:
    for name, info in model.model_fields.items():
        if step == (info.alias or name):
            return _models(info.annotation) + [m for part in info.metadata for m in _models(part)]
    return []


def _has_tag(model: type[BaseModel], tag: str) -> bool:
    info = model.model_fields.get("kind")
    return info is not None and tag in get_args(info.annotation)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
