"""One rule against one record: every window with what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from oracle.clocks import gaps, in_office, last_days
from oracle.days import Data, day, listed, walk
from oracle.evidence import (
    Case,
    all_of,
    as_list,
    committee_on,
    day_of,
    formal_on,
    group_on,
    groups_known,
    head_count,
    kinds_of,
    member_on,
    posts_on,
)
from oracle.steps import outstanding, procedure
from oracle.verdicts import (
    Asked,
    Said,
    Subject,
    announced,
    at_present,
    counted,
    fixed,
    has_number,
    keeps,
    late,
    present,
    share,
)

STATE = "state"


def evaluate(record: Data, rule: Data, period: tuple[date, date], as_of: date) -> dict[str, Said]:
    """The outcome of every window, by ``window`` or ``window/subject``."""
    case = Case(record, period, as_of, {})
    if as_of < period[0]:
        return {STATE: Said("not_applicable")}
    found = dict(_by_entry(rule, case) if rule.get("for_each", {}).get("in") == "entries" else _by_window(rule, case))
    return found or {STATE: Said("not_applicable")}


def _by_window(rule: Data, case: Case) -> Iterator[tuple[str, Said]]:
    for asked, said in asked_of(rule["check"], case):
        binds = all_of(_gates(rule, case, asked))
        if "for_each" not in rule:
            found = _of_branch(rule, case, asked, said)
            again = last_days(rule["check"], case, asked) if rule["check"]["kind"] == "interval" else None
            last = _of_branch(rule, case, *again) if again and found.outcome in ("unknown", "not_applicable") else None
            yield asked.name, last if last and last.outcome == "fail" else found
        elif binds is False:
            yield asked.name, Said("not_applicable")
        else:
            subjects = _subjects(rule["for_each"], case, asked.days)
            if not subjects:
                yield asked.name, Said("not_applicable" if subjects is not None else "unknown")
            for name, subject, whole in subjects or ():
                judgement = judged(rule["check"], case, asked.days, subject) if whole else Said("not_applicable")
                outcome = _weigh(rule, binds, judgement) if whole else judgement
                yield f"{asked.name}/{name}", outcome


def _of_branch(rule: Data, case: Case, asked: Asked, said: Said | None) -> Said:
    """What is said of the branch in one window."""
    binds = all_of(_gates(rule, case, asked))
    if binds is False:
        return Said("not_applicable")
    return _weigh(rule, binds, said or judged(rule["check"], case, asked.days, None))


def _by_entry(rule: Data, case: Case) -> Iterator[tuple[str, Said]]:
    """One window for each selected entry of the period."""
    select = rule["for_each"]["select"]
    series, wanted = select.get("in", "activities"), set(as_list(select.get("type")))
    binds = all_of(_gates(rule, case, Asked(STATE, [case.as_of], [case.as_of])))
    chosen = []
    for entry in case.record.get(series, ()):
        on = day_of(series, entry)
        if on is None or on > min(case.period[1], case.as_of):
            continue
        if on < case.period[0] and not outstanding(rule["check"], case, entry):
            continue
        if entry.get("status", "已召开") == "已召开" and (not wanted or kinds_of(entry) & wanted):
            chosen.append((entry, on))
    if not chosen:
        kept = series == "activities" or series in case.record
        yield STATE, Said("not_applicable" if binds is False or kept else "unknown")
    for entry, on in chosen:
        binds = all_of(_gates(rule, case, Asked("", [on], [on])))
        steps = rule["check"]["kind"] == "procedure"
        said = procedure(rule["check"], case, entry) if steps else share(rule["check"], case, [on], entry)
        yield f"on:{entry['id']}", Said("not_applicable") if binds is False else _weigh(rule, binds, said)


def asked_of(check: Data, case: Case) -> list[tuple[Asked, Said | None]]:
    """The windows a check judges; with what is said of them already if the check finds windows by what happened."""
    kind = check["kind"]
    if kind == "interval":
        return list(gaps(check, case))
    if kind == "term":
        return list(in_office(check, case))
    unit = "month" if kind == "fixed_day" else check.get("per")
    announces = kind == "fixed_day" and not ("day" in check or "slots" in check)
    if announces and announced(case.record, date(2101, 1, 1)) is None:
        return [(Asked(STATE, [case.as_of], [case.as_of]), Said("fail"))]
    if unit is None:
        return [(Asked(STATE, [case.as_of], [case.as_of]), None)]
    found = late(check, case) | listed(unit, case.record, case.period, case.as_of)
    return [(Asked(name, days, days), None) for name, days in found.items()]


def judged(check: Data, case: Case, days: list[date], subject: Subject) -> Said:
    """What a check says of one window in which the demand binds."""
    kind = check["kind"]
    if kind == "manual":
        return Said("manual")
    if kind == "fixed_day":
        return fixed(check, case, days)
    if kind == "share":
        return share(check, case, days, None)
    if kind == "limit" and "of" in check:
        return at_present(check, case, subject)
    if kind == "presence" and "per" not in check:
        return present(check, case, days, subject)
    return counted(check, case, days, subject)


def _weigh(rule: Data, binds: bool | None, said: Said) -> Said:
    """What is left to a person, what was only encouraged, and what may not bind at all."""
    outcome = said.outcome
    if binds is None and outcome not in ("pass", "pending", "not_applicable"):
        outcome = "unknown"
    if rule.get("strength") == "may" and outcome in ("fail", "unknown", "pending"):
        outcome = "not_applicable"
    if "judgement" in rule and outcome == "pass":
        outcome = "manual"
    return Said(outcome, said.count)


# Whether a demand binds


def _gates(rule: Data, case: Case, asked: Asked) -> Iterator[bool | None]:
    branch, source = case.record["branch"], rule.get("source", {})
    first, last = asked.bound[0].isoformat(), asked.bound[-1].isoformat()
    yield branch.get("founded", first) <= first and last < branch.get("dissolved", "9999-12-31")
    yield source.get("from", first) <= first and last <= source.get("to", last)
    yield has_number(rule["check"], asked.days[0])
    for name, wanted in rule.get("applies_when", {}).items():
        yield _condition(name, wanted, case, asked.bound)


def _condition(name: str, wanted: object, case: Case, days: list[date]) -> bool | None:
    """Whether one condition holds on every day."""
    record, branch = case.record, case.record["branch"]
    known = [d for d in days if d <= case.as_of] or days[:1]
    if name in ("branch.type", "branch.type.not"):
        own = branch.get("type")
        return None if own is None else (own in as_list(wanted)) is (name == "branch.type")
    if name == "branch.has_committee":
        return _steady([committee_on(record, d, case.as_of, known[-1]) for d in known], wanted)
    if name == "branch.joint":
        return branch.get("joint", bool(branch.get("joint_units"))) is wanted
    if name == "branch.dispersed":
        return None if "dispersed" not in branch else branch["dispersed"] is wanted
    if name in ("branch.has_groups", "branch.had_groups"):
        if not groups_known(record):
            return None
        there = [any(group_on(g, d) for g in record.get("groups", ())) for d in days]
        return (all(there) if name == "branch.has_groups" else any(there)) is wanted
    if name == "notices":
        if "notices" not in record:
            return None
        reach = walk(*case.period) if len(days) == 1 else days
        asked = [n for n in record["notices"] if n["requires"] in as_list(wanted) and day(n["date"]) <= case.as_of]
        return any(reach[0] <= day(n["date"]) <= reach[-1] for n in asked)
    assert isinstance(wanted, dict)
    return all_of([_number_kept(name, wanted, case, d, days[0]) for d in known])


def _number_kept(name: str, wanted: Data, case: Case, on: date, start: date) -> bool | None:
    if name == "committee_size":
        posts = posts_on(case.record, on)
        number = None if posts is None else len({p["name"] for p in posts})
    else:
        number = head_count(case.record, on, formal=True if name == "formal_members" else None)
    return None if number is None else keeps(wanted, number, start)


def _steady(answers: list[bool | None], wanted: object) -> bool | None:
    return all_of([None if a is None else a is wanted for a in answers])


# Whom a demand is put to


def _subjects(each: Data, case: Case, window: list[date]) -> list[tuple[str, Subject, bool]] | None:
    """Everyone it is put to in a window, with whether they were there for the whole of it; None if nobody can tell."""
    record = case.record
    if each["in"] == "groups":
        if not groups_known(record):
            return None
        return [(g["id"], ("group", g), all(group_on(g, d) for d in window)) for g in record.get("groups", ())]
    if "members" not in record:
        return None
    if "leading_cadre" in each and not any("leading_cadre" in m for m in record["members"]):
        return None
    found: list[tuple[str, Subject, bool]] = []
    for member in record["members"]:
        there = [member_on(member, d) for d in window]
        if "status" in each and formal_on(member, window[0]) is not (each["status"] == "正式"):
            continue
        if "leading_cadre" in each and member.get("leading_cadre", False) is not each["leading_cadre"]:
            continue
        if any(there):
            found.append((member["name"], ("member", member), all(there)))
    return found
