"""Waivers: which windows one reaches, which of several holds, what is said of one that has run out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from builders import assessed, rule_from, standard_from
from dangjian_check.engine.assessment import Assessment
from dangjian_check.engine.waivers import lay
from dangjian_check.model.calendar import Window
from dangjian_check.rulebook.standard import Standard
from dangjian_check.rulebook.waiver import Covers, Waiver
from exemptions import ALL_YEAR, GRANT, on_day, waived, waiver

MONTHLY = {"id": "T-1", "check": {"kind": "frequency", "select": {"type": "支委会"}, "per": "month", "min": 1}}
QUARTERLY = {"id": "T-2", "check": {"kind": "frequency", "select": {"type": "党课"}, "per": "quarter", "min": 1}}
LINES = [
    {"title": "支委会", "rules": ["T-1"], "loss": {"kind": "each", "points": 1}, "cap": 6},
    {"title": "党课", "rules": ["T-2"], "loss": {"kind": "flat", "points": 2}},
]
SHEET = {"title": "表", "indicators": [{"id": "1", "title": "会议", "points": 10, "lines": LINES}]}
RECORD = """\
branch: {id: b1, name: 甲支部}
coverage: {from: 2024-01-01, to: 2024-12-31}
log: [{every: month, from: 2024-01, to: 2024-12, except: [2024-07, 2024-08], type: 支委会}]
"""


def standard(**changes: Any) -> Standard:
    """Monthly meetings and quarterly lectures; the rule of the meetings with other parts."""
    return standard_from([rule_from(MONTHLY | changes), rule_from(QUARTERLY)], SHEET)


def audited(**changes: Any) -> Assessment:
    """A year without meetings in July and August and without any lecture."""
    return assessed(standard(**changes), RECORD)


def still_open(assessment: Assessment) -> list[tuple[str, str]]:
    """Rule and window of every open deficiency."""
    return sorted((d.rule.id, d.window) for d in assessment.deficiencies)


def exempt(assessment: Assessment) -> list[tuple[str, str]]:
    """Rule and window of everything waived."""
    return sorted((w.deficiency.rule.id, w.deficiency.window) for w in assessment.waived)


QUARTERS = [("T-2", f"2024Q{n}") for n in range(1, 5)]
MONTHS = [("T-1", "2024-07"), ("T-1", "2024-08")]
JULY = {"from": "2024-07-01", "to": "2024-07-31"}


def test_the_year_has_six_deficiencies() -> None:
    """Two months and four quarters, four points lost."""
    assert [*MONTHS, *QUARTERS] == still_open(audited())
    assert (6, 6) == (audited().score.low, audited().score.high)


# What lies inside


@pytest.mark.parametrize(
    ("name", "first", "last", "start", "end", "inside"),
    [
        ("2024-07", (7, 1), (7, 31), "2024-07-01", "2024-07-31", True),
        ("2024-07", (7, 1), (7, 31), "2024-07-01", None, True),
        ("2024-07", (7, 1), (7, 31), "2024-07-02", "2024-07-31", False),
        ("2024-07", (7, 1), (7, 31), "2024-07-01", "2024-07-30", False),
        ("2024Q3", (7, 1), (9, 30), "2024-07-01", "2024-08-31", False),
        ("2024Q3", (7, 1), (9, 30), "2024-07-01", "2024-09-30", True),
        ("state", (12, 31), (12, 31), "2024-12-31", "2024-12-31", True),
        ("state", (12, 31), (12, 31), "2024-01-01", "2024-12-30", False),
        ("on:a1", (3, 5), (3, 5), "2024-03-05", "2024-03-05", True),
        ("gap:2024-01-02", (1, 2), (4, 2), "2024-04-01", "2024-04-30", True),
        ("gap:2024-01-02", (1, 2), (4, 2), "2024-01-01", "2024-04-01", False),
        ("term:2024-01-15", (1, 15), (12, 15), "2024-12-15", None, True),
        ("2024-03-01..2024-09-30", (3, 1), (9, 30), "2024-04-01", "2024-12-31", False),
    ],
)
def test_a_window_lies_inside_whole_or_a_case_by_its_last_day(
    name: str, first: tuple[int, int], last: tuple[int, int], start: str, end: str | None, inside: bool
) -> None:
    """A period is covered as a whole, the state of things on its day, an entry, gap or term on the day it ended."""
    covers = Covers.model_validate({"from": start} | ({"to": end} if end else {}))

    assert inside is covers.holds(Window(date(2024, *first), date(2024, *last), name))


def test_a_month_excused_inside_a_quarter_does_not_excuse_the_quarter() -> None:
    """Nor do the three months of a quarter, each by a waiver of its own."""
    ends = (("07-01", "07-31"), ("08-01", "08-31"), ("09-01", "09-30"))
    each = [waiver("T-2", {"from": f"2024-{a}", "to": f"2024-{b}"}) for a, b in ends]

    assert [*MONTHS, *QUARTERS] == still_open(waived(audited(), *each))


# What it does


def test_an_excuse_gives_the_points_back() -> None:
    """July is no longer open and costs nothing, August still costs its point."""
    found = waived(audited(), waiver("T-1", JULY))

    assert [MONTHS[1], *QUARTERS] == still_open(found)
    assert MONTHS[:1] == exempt(found)
    assert (7, 7) == (found.score.low, found.score.high)


def test_a_vacation_is_owed_unless_somebody_excused_it() -> None:
    """July and August count like any month (case 8); only a waiver takes them away, and it is shown."""
    vacation = waiver("T-1", {"from": "2024-07-01", "to": "2024-08-31"}, reason="暑假")

    assert MONTHS == still_open(audited())[:2]
    assert (QUARTERS, MONTHS) == (still_open(waived(audited(), vacation)), exempt(waived(audited(), vacation)))


def test_an_acceptance_takes_only_the_finding_away() -> None:
    """July is no longer open, and its point is lost all the same."""
    found = waived(audited(), waiver("T-1", JULY, "accept"))

    assert MONTHS[:1] == exempt(found)
    assert (6, 6) == (found.score.low, found.score.high)
    assert [1] == [w.deficiency.deduction for w in found.waived]


def test_a_waiver_holds_only_for_the_rules_and_branches_it_names() -> None:
    """Another branch's waiver, or one of another rule, is nothing to this branch."""
    others = [waiver("T-1", branches=["b2"]), waiver("T-3")]

    assert audited() == waived(audited(), *others)
    assert MONTHS == exempt(waived(audited(), waiver("T-1", branches=["b2", "b1"])))


def test_a_group_of_rules_is_waived_together() -> None:
    """``T-*`` stands for every rule below ``T``."""
    assert [] == still_open(waived(audited(), waiver("T-*")))
    assert audited() == waived(audited(), waiver("T-1-*"))


def test_what_nobody_may_waive_is_not_waived() -> None:
    """``waivable: false`` stands whoever signs."""
    assert audited(waivable=False) == waived(audited(waivable=False), waiver("T-1"))


def test_a_superiors_duty_in_a_branchs_record_is_not_the_branchs_to_waive() -> None:
    """The annex is no list of deficiencies; a waiver of it is of no use."""
    found = assessed(standard(actor="superior", seen_in="branch"), RECORD)

    assert frozenset() == lay(found, [waiver("T-1")])[1]


# The end


@pytest.mark.parametrize(("day", "holds"), [("2024-12-30", True), ("2024-12-31", True), ("2025-01-01", False)])
def test_the_last_day_of_an_acceptance_still_counts(day: str, holds: bool) -> None:
    """Judged by the day as of which the audit is made, not by any clock."""
    accepted = waiver("T-1", JULY, "accept", id="W-1", expires="2024-12-31")
    found = waived(on_day(audited(), date.fromisoformat(day)), accepted)

    assert holds is (MONTHS[:1] == exempt(found))


def test_what_has_run_out_returns_and_says_so() -> None:
    """The deficiency is open again, with its fingerprint, and its message names waiver and day."""
    gone = waiver("T-1", JULY, "accept", id="W-1", expires="2024-11-30")
    before, after = (
        next(d for d in a.deficiencies if d.window == "2024-07") for a in (audited(), waived(audited(), gone))
    )

    assert f"{before.message}（豁免 W-1 已于 2024-11-30 到期）" == after.message
    assert before.fingerprint == after.fingerprint
    assert gone == after.expired


def test_an_excuse_never_runs_out() -> None:
    """July 2024 stays excused when it is audited ten years later."""
    assert MONTHS[:1] == exempt(waived(on_day(audited(), date(2034, 12, 31)), waiver("T-1", JULY)))


def test_of_several_the_best_holds() -> None:
    """An excuse before an acceptance, and what still holds before what has run out."""
    gone = waiver("T-1", id="旧", effect="accept", expires="2024-06-30")
    accepted, excuse = waiver("T-1", id="暂", effect="accept"), waiver("T-1", id="免")

    assert {"免"} == {w.waiver.id for w in waived(audited(), gone, accepted, excuse).waived}
    assert {"暂"} == {w.waiver.id for w in waived(audited(), accepted, gone).waived}
    assert frozenset({0, 1, 2}) == lay(audited(), [gone, accepted, excuse])[1]


# What may be written


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"effect": "accept"}, "没有写到哪天为止"),
        ({"expires": "2024-12-31"}, "没有到期一说"),
        ({"covers": {"from": "2024-08-01", "to": "2024-07-01"}}, "止日早于起日"),
        ({"effect": "accept", "approved": "2024-12-01", "expires": "2024-11-30"}, "到期日早于批准日"),
        ({"effect": "forgive"}, "Input should be"),
        ({"rules": []}, "at least 1 item"),
        ({"rules": ["支委会"]}, "不是规则编号"),
        ({"branches": []}, "at least 1 item"),
        ({"rule": "T-1"}, "Extra inputs"),
    ],
)
def test_a_waiver_that_means_nothing_is_refused(change: dict[str, Any], said: str) -> None:
    """An acceptance without end, an excuse with one, days the wrong way round, nobody and nothing."""
    with pytest.raises(ValidationError, match=said):
        Waiver.model_validate(GRANT | {"rules": ["T-1"], "covers": ALL_YEAR, "effect": "excuse"} | change)


@pytest.mark.parametrize("key", ["rules", "covers", "effect", "reason", "approver", "document"])
def test_a_waiver_must_say_what_why_and_by_whom(key: str) -> None:
    """Nothing is waived without reason, authority and paper."""
    whole = GRANT | {"rules": ["T-1"], "covers": ALL_YEAR, "effect": "excuse"}
    with pytest.raises(ValidationError, match=key):
        Waiver.model_validate({name: value for name, value in whole.items() if name != key})


def test_a_waiver_without_an_id_goes_by_its_document() -> None:
    """A document number is what people look for."""
    assert (GRANT["document"], "W-1") == (waiver("T-1").name, waiver("T-1", id="W-1").name)
