"""Field types of a record. Each judges the written value itself; nothing is left to a YAML library.

A wrong value raises ``PydanticCustomError`` of type ``dj.*`` with a Chinese ``message`` and ``remedy``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from dangjian_check.model.calendar import FIRST_DAY, LAST_DAY, Period, iso_day, parse_period
from dangjian_check.model.personal import redacted
from dangjian_check.model.vocabulary import ACTIVITY_TYPES, ALIASES, OTHER_SERIES, activity_type, nearest_activity_type

_LOOSE_DAY = re.compile(r"\s*([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?\s*", re.ASCII)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,15}|/[0-9]{1,15})?", re.ASCII)
_SHOWN = 24


class Strict(BaseModel):
    """Base of everything read from a file: frozen, no unknown keys, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def as_written(self, *names: str) -> str:
        """What was written, of these fields if any are named, as a text: the same for two that say the same."""
        return repr([(name, value) for name, value in _plain(self) if not names or name in names])


def _plain(value: Any) -> Any:
    if isinstance(value, Strict):
        told = value.model_fields_set
        return [(name, _plain(inner)) for name, inner in value.__dict__.items() if name in told]
    if isinstance(value, dict):
        return [(key, _plain(inner)) for key, inner in value.items()]
    return [*map(_plain, value)] if isinstance(value, (list, tuple)) else value


class _Nothing(list[Any]):
    """An empty list that can be hashed: a default that is not copied for every entry."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.list_schema()


NOTHING: list[Any] = _Nothing()  # the default of a list, shared by all that do not write it; nobody adds to it


def wrong(kind: str, message: str, remedy: str) -> PydanticCustomError:
    """A located problem in the making; braces in the written value cannot be mistaken for a template."""
    return PydanticCustomError(f"dj.{kind}", "{message}", {"message": message, "remedy": remedy})


def shown(value: object) -> str:
    """A short, harmless quotation of one written value: no personal number, nothing invisible, cut short."""
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "“true”" if value else "“false”"
    if isinstance(value, (list, dict)):
        return "一个列表" if isinstance(value, list) else "一组键值"
    text = "".join(c if unicodedata.category(c)[0] != "C" else "·" for c in redacted(str(value)))
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"


_READ_WHOLE = frozenset({"str", "int", "date"})
_known_day = lru_cache(1 << 14)(iso_day)


class Reader(BeforeValidator):
    """Reads one written value. What it gives is of the type, and is looked at again only if more than a plain type is
    asked for."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = handler(source)
        if inner["type"] not in _READ_WHOLE or inner.keys() - {"type", "microseconds_precision"}:
            return super().__get_pydantic_core_schema__(source, handler)
        return core_schema.no_info_plain_validator_function(cast(Callable[[Any], Any], self.func))


def _day(value: Any) -> Any:
    return (_known_day(value) if type(value) is str else None) or _other_day(value)


def _other_day(value: Any) -> Any:
    if type(value) is date:
        return value
    if value is None:
        raise wrong("date", "日期没有写", "写成年-月-日，例如 2024-03-05；不知道的删去这个键")
    if not isinstance(value, str):
        raise wrong("date", f"日期写成了 {shown(value)}", "写成年-月-日，例如 2024-03-05")
    match = _LOOSE_DAY.fullmatch(unicodedata.normalize("NFKC", value))
    if match is None:
        raise wrong("date", f"{shown(value)} 不是日期", "写成年-月-日，例如 2024-03-05")
    year, month, number = (int(part) for part in match.groups())
    padded = f"{year:04d}-{month:02d}-{number:02d}"
    if iso_day(padded) is not None:
        raise wrong("date", f"日期 {shown(value)} 不是标准写法", f"改写成 {padded}")
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise wrong("date", f"年份 {year} 不在 {FIRST_DAY.year}—{LAST_DAY.year} 之间", "核对原始记录后改正")
    raise wrong("date", f"日历上没有 {shown(value)} 这一天", "核对原始记录后改正")


def _clock(value: Any) -> Any:
    if isinstance(value, str) and _CLOCK.fullmatch(value):
        return value.zfill(5)
    raise wrong("time", f"{shown(value)} 不是时刻", '写成带引号的 时:分，例如 "14:00"')


def _text(value: Any) -> Any:
    if type(value) is str and value.isprintable():
        text = value.strip()
        if text:
            return text
    return _other_text(value)


def _other_text(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        raise wrong("text", "这里应是文字", "写成一段文字")
    if isinstance(value, (int, float)):
        raise wrong("text", f"这里应是文字，写成了数字 {shown(value)}", "给它加上引号")
    text = str(value).strip()
    if not text:
        raise wrong("text", "内容是空的", "填写内容，或删去这一项")
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        raise wrong("text", "文字里有不可见的控制字符", "删去后重新输入")
    return text


def _ident(value: Any) -> Any:
    return str(value) if type(value) is int else _text(value)


def _whole(value: Any) -> Any:
    if type(value) is int and 0 <= value <= 10**9:
        return value
    raise wrong("count", f"{shown(value)} 不是人数或次数", "写成不带单位的整数，例如 12")


def exact(value: Any) -> Fraction | None:
    """The written number as an exact fraction, or None. ``1/3``, ``0.5`` and ``2`` are numbers."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    return _fraction(str(value))


@lru_cache(1 << 10)
def _fraction(text: str) -> Fraction | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _number(value: Any) -> Any:
    number = exact(value)
    if number is None or number.numerator < 0 or number > 10**9:
        raise wrong("number", f"{shown(value)} 不是数", "写成不带单位的数，例如 0.5")
    return number


def _many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def no_type(text: str) -> tuple[str, str]:
    """What is wrong with a word that is no type of activity, and what to write."""
    series = OTHER_SERIES.get(text.strip())
    if series is not None:
        return f"{shown(text)} 不是活动类型，另有一栏", f"写进{series}；确是一次会的，写那种会的类型"
    return f"不认识的活动类型 {shown(text)}", f"最接近的是“{nearest_activity_type(text)}”；确属其他活动的写 其他"


def _types(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong("type", "活动类型应是文字", "例如 支委会、党员大会、党课")
    known = activity_type(value)
    if known is None:
        raise wrong("type", *no_type(value))
    return known


def _each_once(kinds: list[str]) -> list[str]:
    return kinds if len(kinds) < 2 else list(dict.fromkeys(kinds))


def _period(value: Any) -> Any:
    if isinstance(value, Period):
        return value
    period = parse_period(str(value)) if type(value) in (int, str) else None
    if period is None:
        raise wrong("period", f"{shown(value)} 不是期间", "写成 2024、2024H1、2024Q3 或 2024-03")
    return period


def _json(kind: str, **more: object) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


_DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_PERIOD_PATTERN = r"^[0-9]{4}((H[12]|Q[1-4])|-[0-9]{2}(-[0-9]{2})?)?(\.\.[0-9]{4}.*)?$"

# patternErrorMessage is what editors' YAML servers show in place of the pattern; a validator passes over it.
_DAY = _json(
    "string", pattern=_DAY_PATTERN, description="年-月-日", patternErrorMessage="写成年-月-日，例如 2024-03-05"
)
_TIME = _json("string", pattern="^[0-9]{1,2}:[0-5][0-9]$", patternErrorMessage="写成带引号的 时:分")
Day = Annotated[date, Reader(_day), _DAY]
Clock = Annotated[str, Reader(_clock), _TIME]
Text = Annotated[str, Reader(_text), _json("string", minLength=1)]
Ident = Annotated[str, Reader(_ident), WithJsonSchema({"type": ["string", "integer"]})]
Whole = Annotated[int, Reader(_whole), _json("integer", minimum=0)]
_NUMBER_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^[0-9]+([.][0-9]+|/[0-9]+)?$"}]}
Number = Annotated[Fraction, Reader(_number), WithJsonSchema(_NUMBER_SCHEMA)]
For = Annotated[
    Period,
    Reader(_period),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": _PERIOD_PATTERN}]}),
]
Kind = Annotated[str, Reader(_types), _json("string", enum=[*ACTIVITY_TYPES, *ALIASES])]


class _OneOrMore:
    """Marks a list that may be written as its only element."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_many, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = handler(schema)
        return {"anyOf": [whole["items"], whole]}


ONE_OR_MORE = _OneOrMore()
Texts = Annotated[list[Text], ONE_OR_MORE]
Kinds = Annotated[list[Kind], ONE_OR_MORE, AfterValidator(_each_once)]
