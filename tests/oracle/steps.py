"""``procedure``: the steps of one case, in order, with the time between them."""

from __future__ import annotations

from datetime import date

from oracle.days import Data, day, later, walk
from oracle.evidence import Case
from oracle.verdicts import Said


def procedure(check: Data, case: Case, entry: Data) -> Said:
    """All steps were taken, each by the audit day and, if so asked, before the year of the case ended."""
    closing = date(day(entry["date"]).year, 12, 31) if check.get("within_for") else None
    written = {step["name"]: entry.get(step["field"]) for step in check["steps"]}
    last = min(case.as_of, closing) if closing else case.as_of
    taken = {name: day(text) for name, text in written.items() if text is not None and day(text) <= last}
    missing = [name for name in written if name not in taken]
    days = [taken[name] for name in written if name in taken]
    if check.get("order", True) and any(b < a for n, a in enumerate(days) for b in days[n + 1 :]):
        return Said("fail")
    if any(_broken(rule, taken, case.as_of) for rule in check.get("between", ())):
        return Said("fail")
    if not missing:
        return Said("pass")
    if check.get("may_run") and list(written)[-len(missing) :] == missing:
        return Said("pending")
    return Said("pending" if closing is not None and case.as_of < closing else "fail")


def outstanding(check: Data, case: Case, entry: Data) -> bool:
    """Whether something of an earlier case could still be done in time when the period began: the year of the case was
    not over, or the most time from one step to another not taken before."""
    if check["kind"] != "procedure":
        return False
    first = case.period[0]
    if check.get("within_for"):
        return day(entry["date"]).year >= first.year
    written = {step["name"]: entry.get(step["field"]) for step in check["steps"]}
    for rule in check.get("between", ()):
        start, end = written[rule["from"]], written[rule["to"]]
        if (
            "at_most" in rule
            and start
            and _after(day(start), rule["at_most"]) >= first
            and not (end and day(end) < first)
        ):
            return True
    return False


def _broken(rule: Data, taken: dict[str, date], as_of: date) -> bool:
    """Whether too little or too much time lies between two steps; what is still to come is late once it can only be."""
    if rule["from"] not in taken:
        return False
    start, end = taken[rule["from"]], taken.get(rule["to"])
    if "at_most" in rule and (end or as_of) > _after(start, rule["at_most"]):
        return True
    return end is not None and "at_least" in rule and end < _after(start, rule["at_least"])


def _after(start: date, length: Data) -> date:
    """So many days or months on."""
    if "months" in length:
        return later(start, length["months"])
    return walk(start, date(start.year + 1, 12, 31))[length["days"]]
