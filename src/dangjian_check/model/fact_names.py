"""Fields of record models by the name people write (aliases), so that rules can point at them safely."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel


def attribute(model: type[BaseModel], name: str) -> str | None:
    """The Python attribute behind a written field name, or None."""
    for attr, info in model.model_fields.items():
        if name == (info.alias or attr):
            return attr
    return None


def has_field(model: type[BaseModel], path: str) -> bool:
    """Whether a dotted path of written names leads to a field, stepping into optional and nested models."""
    head, _, rest = path.partition(".")
    attr = attribute(model, head)
    if attr is None:
        return False
    if not rest:
        return True
    return any(has_field(inner, rest) for inner in _models(model.model_fields[attr].annotation))


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def field_value(item: BaseModel | None, path: str) -> Any:
    """The value at a dotted path of written names; None where any step is missing."""
    value: Any = item
    for name in path.split("."):
        if not isinstance(value, BaseModel):
            return None
        attr = attribute(type(value), name)
        value = getattr(value, attr) if attr else None
    return value
