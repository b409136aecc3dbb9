"""Short records for rule tests: a year of meetings on one line, expanded to the ordinary record format."""

from __future__ import annotations

from typing import Any

from dangjian_check.model.calendar import Period, calendar_windows, parse_period
from dangjian_check.model.fields import shown, wrong

_BRANCH_KEYS = (
    "type",
    "founded",
    "dissolved",
    "theme_day",
    "joint",
    "joint_units",
    "dispersed",
    "setup_basis",
    "venue",
)
_EVERY = ("month", "quarter", "half", "semester", "year")


def expand(short: dict[str, Any]) -> dict[str, Any]:
    """The full record behind a test's ``record``.

    ``formal``/``probationary`` are head counts, ``committee: <day>`` an elected 支委会 (``false`` none), keys of
    the branch may stand at the top, ``log`` holds activities, where ``every: month, from, to, except, day``
    repeats one. Everything else is the record format itself.
    """
    record = {key: value for key, value in short.items() if key not in ("formal", "probationary", "log")}
    if "organization" in record:
        return _with_log(record, short)
    record["branch"] = {"name": "测试支部"} | dict(record.get("branch") or {})
    for key in _BRANCH_KEYS:
        if key in record:
            record["branch"][key] = record.pop(key)
    if "formal" in short or "probationary" in short:
        record["headcount"] = {"formal": short.get("formal", 0), "probationary": short.get("probationary", 0)}
    committee = record.get("committee")
    if isinstance(committee, str):
        record["committee"] = {"exists": True, "elected": committee}
    elif isinstance(committee, bool):
        record["committee"] = {"exists": committee}
    return _with_log(record, short)


def _with_log(record: dict[str, Any], short: dict[str, Any]) -> dict[str, Any]:
    if "log" in short:
        record["activities"] = [entry for item in short["log"] or [] for entry in _repeat(item)]
    return record


def _repeat(item: Any) -> list[dict[str, Any]]:
    if not isinstance(item, dict) or "every" not in item:
        return [item]
    unit = item["every"]
    if unit not in _EVERY:
        raise wrong("every", f"不认识的重复单位 {shown(unit)}", f"可用：{'、'.join(_EVERY)}")
    start, end = parse_period(str(item.get("from"))), parse_period(str(item.get("to")))
    if start is None or end is None:
        raise wrong("every", "重复记录没有写起止期间", "写 from 与 to，例如 2024-01")
    skipped = item.get("except") or []
    skipped = {str(name) for name in (skipped if isinstance(skipped, list) else [skipped])}
    rest = {k: v for k, v in item.items() if k not in ("every", "from", "to", "except", "day")}
    day = int(item.get("day", 10))
    windows = calendar_windows(unit, Period(start.start, end.end))
    return [{**rest, "date": w.start.replace(day=day).isoformat()} for w in windows if w.name not in skipped]
