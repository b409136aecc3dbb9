"""People as they are written in a cell: names with reasons, a number, or how many came of how many."""

from __future__ import annotations

import re
from typing import Any, get_args

from dangjian_check.model.activity import Person
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import (
    LONG,
    NONE_WORDS,
    NOTE,
    SEPARATORS,
    Unreadable,
    count,
    counted,
    narrow,
    plain,
    short,
    structured,
)

ROLES = frozenset(get_args(get_args(Person.model_fields["role"].annotation)[0]))
_HEAD_COUNT = re.compile(
    r"(?!.*(?:约|近|余|多|超|不足|应|左右|以上))\D{0,12}?(?:等|共|共计|计)?([0-9]{1,4})(?:名|位|个)?(?:党员|人|委员|同志)+"
)
_ROUGHLY = re.compile(
    r"^(?:大?约|近|超过|不足)[0-9零一二三四五六七八九十百]+|[0-9一二三四五六七八九十百](?:多|余|来)[名位个]?人|人(?:左右|以上)$"
)
_TURNOUT = re.compile(
    r"(应到|应出席|应参加|实到|出席|到会|请假|缺席|缺勤|未到)(?:会|党员|人数|人员)?[:]?([0-9]{1,4})(?:人|名|个)?"
    r"(?:[(]([^()]*)[)])?"
)
_TURNOUT_FIELDS = {"应": "expected", "实": "present", "出": "present", "到": "present", "请": "leave"}
_RATIO = re.compile(r"([0-9]{1,4})(?:人|名)?[/:]([0-9]{1,4})(?:人|名)?")
_NAME = re.compile(r"[㐀-鿿𠀀-𲎯]{2,4}|[㐀-鿿]{1,12}(?:[·•・‧][㐀-鿿]{1,12})+|[A-Za-z][A-Za-z .'-]{0,40}")
_NOT_NAMES = re.compile(
    r"党员|全体|全部|人员|委员会|同志们|支部|所有|书记$|等$|请假|缺席|出差|病假|事假|主持|以上|其他|若干|代表$"
    r"|^(?:几|多|各)[位名个]|^部分|们$"
)
_TITLED = 20
_NAMES = "名单里只写姓名，用“、”隔开，事由写在姓名后的括号里；只知道人数的写人数"


def listed(value: Any, *, titled: bool = False) -> list[Any] | int | None:
    """The people in a cell: names, each perhaps with a reason (``张三（病假）、李四``); a number if only that is
    written (``15人``, ``张三等15人``); None if it names nobody (``全体党员``). ``titled`` also takes guests by their
    office (``镇党委王书记``)."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return count(value)
    text = plain(value)
    written = structured(text)
    if isinstance(written, list):
        return written
    if narrow(text) in NONE_WORDS:
        return []
    squeezed = narrow(text).replace(" ", "")
    number = counted(squeezed)
    if number is not None:
        return number
    headed = _HEAD_COUNT.fullmatch(squeezed)
    if headed:
        return int(headed[1])
    if _ROUGHLY.search(squeezed):
        raise Unreadable(f"{shown(text)} 是约数，不能算数", "写实际人数，或写名单")
    if re.fullmatch(r"(?:本支部|支部)?(?:全体|全部|所有)\S{0,12}", squeezed):
        return None
    return [_person(part, titled) for part in _apart(text)]


def turnout(value: Any, first: str = "") -> dict[str, Any]:
    """How many came, in one cell: ``应到25人，实到23人，请假2人（张三、李四）``; or ``23/25``, if ``first`` says which
    of the two comes first, ``present`` or ``expected``."""
    remedy = "写成 应到25人，实到23人，请假2人（张三、李四）"
    text = short(value, "看不出应到、实到几人", remedy).replace(" ", "")
    ratio = _RATIO.fullmatch(text)
    if ratio and first:
        second = "expected" if first == "present" else "present"
        return {first: int(ratio[1]), second: int(ratio[2])}
    found: dict[str, Any] = {}
    for label, number, names in _TURNOUT.findall(text):
        field = _TURNOUT_FIELDS.get(label[0], "absent")
        named = listed(names) if names else None
        if field in found or (isinstance(named, list) and len(named) != int(number)):
            raise Unreadable(f"{shown(text)} 里的人数对不上", "核对后改成一致")
        found[field] = named if isinstance(named, list) else int(number)
    if not found or _TURNOUT.sub("", text).strip(",、;。"):
        raise Unreadable(f"{shown(text)} 看不出应到、实到几人", remedy)
    return found


def _apart(text: str) -> list[str]:
    """The entries of a list of people: separators inside brackets do not part, spaces inside a two-character name
    (``张　三``) are filled in, other spaces part."""
    held = re.sub(r"[（(][^（()）]*[)）]", lambda m: SEPARATORS.sub(lambda s: "\ue000", m[0]), text)
    found: list[str] = []
    for part in SEPARATORS.split(held):
        part = re.sub(r"^(?:请假|缺席|事假|病假|出席|列席|参会人员?|人员)[:：]", "", part.strip()).strip()
        if len(part) > LONG:
            raise Unreadable(f"{shown(part)} 不像一个人名", _NAMES)
        if part in NONE_WORDS:
            continue
        part = re.sub(r"(?<![㐀-鿿])([㐀-鿿])\s+([㐀-鿿])(?![㐀-鿿])", r"\1\2", part)
        pieces = [part] if re.search(r"[A-Za-z（(]", part) else part.split()
        found += [piece.replace("\ue000", "，") for piece in pieces if piece]
    return found


def _person(text: str, titled: bool) -> Any:
    note = NOTE.match(text)
    name, reason = (note[1], note[2]) if note else (text, "")
    name = name.strip()
    known = 1 < len(name) <= _TITLED if titled else _NAME.fullmatch(name) and not _NOT_NAMES.search(name)
    if not known:
        raise Unreadable(f"{shown(text)} 不像一个人名", _NAMES)
    if not reason:
        return name
    return {"name": name, "as": reason} if reason in ROLES else {"name": name, "reason": reason}
