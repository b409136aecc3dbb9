"""``interval`` and ``term``: what runs from one day to the day by which the next is owed."""

from __future__ import annotations

from datetime import date

from oracle.days import Data, day, later, walk
from oracle.evidence import Case, complete, covered, find, terms
from oracle.verdicts import Asked, Said, limit_at


def gaps(check: Data, case: Case) -> list[tuple[Asked, Said]]:
    """``interval``: every stretch from one event to the day by which the next is owed. Listed are those that run out
    in the period, the one that is running, and one that ran out before it with nothing since when it began."""
    months, (first, last) = check["months"], case.period
    everything = find(check["select"], case, [], ever=True).yes
    held = sorted({day(e["date"]) for e in everything})
    begun, known = _anchor(check, case, held)
    found = []
    for start in [begun, *(on for on in held if on > begun)]:
        due, following = later(start, months), next((on for on in held if on > start), None)
        still_owed = due < first and (following is None or following > first)
        if first <= due <= last or start <= case.as_of < due or still_owed:
            found.append(_gap(check, case, start, following, due, known=known or start in held))
    return found


def _anchor(check: Data, case: Case, held: list[date]) -> tuple[date, bool]:
    """Where the clock starts, and whether it is known that something was held there: at a founding no longer ago than
    the interval, else at the last event before the period, else where the claim begins, or at a founding since then."""
    first, founded = case.period[0], case.record["branch"].get("founded")
    if founded is not None and later(day(founded), check["months"]) >= first:
        return day(founded), True
    before = [on for on in held if on <= first]
    if before:
        return before[-1], True
    since = _claimed_since(check["select"], case)
    if founded is not None and since <= day(founded):
        return day(founded), True
    return since, False


def _claimed_since(select: Data, case: Case) -> date:
    """The first day of the unbroken claim that holds the first day of the period; of several kinds the claim that
    begins last. If nothing is claimed there, the day a claim next begins."""
    claimed, first = covered(select, case), case.period[0]
    if first not in claimed:
        return min((on for on in claimed if on > first), default=first)
    since = first
    while date.fromordinal(since.toordinal() - 1) in claimed:
        since = date.fromordinal(since.toordinal() - 1)
    return since


def _gap(check: Data, case: Case, start: date, following: date | None, due: date, *, known: bool) -> tuple[Asked, Said]:
    asked = Asked(f"gap:{start.isoformat()}", [start], [min(due, case.as_of)])
    if following is not None and following <= due:
        return asked, Said("pass" if known else "unknown")
    if following is None and case.as_of <= due:
        return asked, Said("pending" if known else "unknown")
    silent = walk(start, due)[1:] if known else walk(start, due)
    return asked, Said("fail" if _nothing(check, case, silent) else "unknown")


def _nothing(check: Data, case: Case, silent: list[date]) -> bool:
    """Whether it is certain that these days were without: all of them are known, and nothing in them may count."""
    maybe = find(check["select"], case, [], ever=True).maybe
    return complete(check["select"], case, silent) and not any(day(e["date"]) in silent for e in maybe)


def last_days(check: Data, case: Case, asked: Asked) -> tuple[Asked, Said] | None:
    """The end of a gap by itself, where it is longer than the interval: without an event on all of these days none was
    held in time, whenever the clock began."""
    start, gone = asked.days[0], day(case.record["branch"].get("dissolved", "9999-12-31"))
    everything = find(check["select"], case, [], ever=True).yes
    following = min((on for e in everything if (on := day(e["date"])) > start), default=case.as_of)
    silent = [on for on in walk(start, case.period[1]) if start < on < min(following, gone, case.as_of)]
    begun = [on for on in silent if later(on, check["months"]) <= silent[-1]][-1:]
    if not begun:
        return None
    silent = [on for on in silent if on >= begun[0]]
    said = "fail" if _nothing(check, case, silent) else "unknown"
    return Asked(asked.name, [begun[0]], [silent[0], silent[-1]]), Said(said)


# Terms of office


def in_office(check: Data, case: Case) -> list[tuple[Asked, Said]]:
    """``term``: each 届 against the last day of its years. Listed are those that run out in the period, the one that is
    running, and one overdue on a day of the period."""
    (first, last), state = case.period, Asked("state", [case.as_of], [case.as_of])
    known = [t for t in terms(case.record) if "elected" in t and day(t["elected"]) <= case.as_of]
    if not known:
        return [(state, Said("unknown"))]
    found = []
    for index, term in enumerate(known):
        begun = day(term["elected"])
        successor = day(known[index + 1]["elected"]) if index + 1 < len(known) else None
        dues = _dues(check, case, term)
        if dues:
            due, over = min(dues), successor or case.as_of
            late = [on for on in walk(first, last) if due < on <= over]
            running = successor is None and begun <= last and case.as_of < due
            if not (late or running or first <= due <= last):
                continue
        elif successor is not None and not first <= successor <= last:
            continue
        said = {_served(due, successor, case.as_of) for due in dues} or {"unknown"}
        outcome = said.pop() if len(said) == 1 else "unknown"
        found.append((Asked(f"term:{begun.isoformat()}", [begun], [case.as_of]), Said(outcome)))
    return found


def _served(due: date, successor: date | None, as_of: date) -> str:
    if successor is not None:
        return "pass" if successor <= due else "fail"
    return "pending" if as_of <= due else "fail"


def _dues(check: Data, case: Case, term: Data) -> set[date]:
    """The last days in time: several only where the branch's kind decides and was not written."""
    begun = day(term["elected"])
    if "term_years" in term:
        years = {term["term_years"]}
    else:
        own = case.record["branch"].get("type")
        named = {t: limit_at({"years": n}, "years", begun) for t, n in check.get("by_type", {}).items()}
        usual = limit_at(check, "years", begun)
        years = {named.get(own, usual)} if own else {*named.values(), usual}
    dues = {later(begun, 12 * int(n)) for n in years if n is not None}
    extended = term.get("extension")
    return {_extended(due, extended) if extended else due for due in dues}


def _extended(due: date, extension: Data) -> date:
    """The last day in time with an extension: only one approved before the term ran out, and only to a later day."""
    return max(due, day(extension["until"])) if day(extension["approved"]) <= due else due
