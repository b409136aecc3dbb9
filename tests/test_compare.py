"""Two standards side by side: what implies what, how duties stand to each other, and small records that prove it."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from builders import rule_from
from dangjian_check.checks.implication import implies
from dangjian_check.engine.compare import Comparison, Relation, compare, relation
from dangjian_check.engine.judge import judge
from dangjian_check.engine.witness import SPAN, witness
from dangjian_check.loading.standards import load_standards
from dangjian_check.model.calendar import UNITS
from dangjian_check.model.facts import Facts
from dangjian_check.model.record import Record
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from implications import FAMILIES, records
from program import Run

DAY = date(2024, 12, 31)
MIRRORED = {
    Relation.SAME: Relation.SAME,
    Relation.STRICTER: Relation.LOOSER,
    Relation.LOOSER: Relation.STRICTER,
    Relation.INCOMPARABLE: Relation.INCOMPARABLE,
    Relation.ONLY_FIRST: Relation.ONLY_SECOND,
    Relation.ONLY_SECOND: Relation.ONLY_FIRST,
}
PAIRS = [("zju", "national"), ("voc", "gaibei"), ("voc", "zju"), ("qhu", "gaibei"), ("gaibei", "national")]


@cache
def standard(name: str) -> Standard:
    """A built-in standard, loaded once."""
    return load_standards([name])[0]


@cache
def compared(first: str, second: str) -> Comparison:
    """Two built-in standards side by side, by the numbers of the end of 2024."""
    return compare(standard(first), standard(second), DAY)


def said(rule: Rule, record: dict[str, Any]) -> set[str]:
    """Every outcome a rule gives over a plain record of 2023 and 2024."""
    facts = Facts(Record.model_validate(record), SPAN, SPAN.end)
    return {window.outcome.value for window in judge(rule, facts).windows}


@cache
def family(name: str) -> tuple[list[Rule], list[tuple[int, int]]]:
    """The rules of one family of checks, and each pair of different ones of which the first implies the second."""
    rules = [rule_from({"check": check}) for check in FAMILIES[name]]
    found = [
        (i, j)
        for i, j in product(range(len(rules)), repeat=2)
        if i != j and implies(rules[i].check, rules[j].check, DAY)
    ]
    return rules, found


@pytest.mark.parametrize("name", FAMILIES)
def test_some_checks_of_each_family_imply_others(name: str) -> None:
    """The property below is about something: in every family there are implications between different checks, and
    pairs without one."""
    rules, pairs = family(name)

    assert 0 < len(pairs) < len(rules) * (len(rules) - 1)


@pytest.mark.parametrize("name", FAMILIES)
@given(record=records())
@settings(max_examples=15)
def test_what_keeps_a_check_keeps_all_it_implies(name: str, record: dict[str, Any]) -> None:
    """Over any complete log of two years: if a check fails in no window, no check it implies fails in one."""
    rules, pairs = family(name)
    failed = ["fail" in said(rule, record) for rule in rules]
    unsound = [(i, j) for i, j in pairs if failed[j] and not failed[i]]

    assert [] == [
        (rules[i].check.model_dump(exclude_defaults=True), rules[j].check.model_dump(exclude_defaults=True))
        for i, j in unsound
    ]


def frequency(per: str, least: int, name: str = "T-1") -> Rule:
    """A rule that asks for so many lectures in each window."""
    return rule_from({
        "id": name,
        "check": {"kind": "frequency", "select": {"type": "党课"}, "per": per, "min": least},
    })


@pytest.mark.parametrize("per", UNITS)
@pytest.mark.parametrize("other", UNITS)
def test_where_a_frequency_does_not_imply_another_a_witness_shows_it(per: str, other: str) -> None:
    """For up to four times a window: the least number that is not implied (any greater one is broken with it) comes
    with a record that keeps the one and breaks the other."""
    for least in range(1, 5):
        keeps = frequency(per, least)
        wanted = next((n for n in range(1, 5) if not implies(keeps.check, frequency(other, n).check, DAY)), None)
        if wanted is not None:
            breaks = frequency(other, wanted, "T-2")
            found = witness(keeps, breaks)

            assert found is not None, (per, least, other, wanted)
            assert "fail" not in said(keeps, found)
            assert "fail" in said(breaks, found)
            assert "fail" in said(frequency(other, 4), found)


@pytest.mark.parametrize(("per", "least", "other", "wanted"), [("month", 1, "quarter", 3), ("quarter", 1, "year", 4)])
def test_where_a_frequency_implies_another_there_is_no_witness(per: str, least: int, other: str, wanted: int) -> None:
    """No regular log keeps once a month and breaks three times a quarter."""
    assert witness(frequency(per, least), frequency(other, wanted, "T-2")) is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("{per: month, min: 1}", "{per: quarter, min: 3}", True),
        ("{per: month, min: 1}", "{per: quarter, min: 4}", False),
        ("{per: month, min: 1}", "{per: semester, min: 6}", True),
        ("{per: month, min: 1}", "{per: semester, min: 7}", False),
        ("{per: quarter, min: 1}", "{per: semester, min: 1}", True),
        ("{per: quarter, min: 1}", "{per: semester, min: 2}", False),
        ("{per: half, min: 1}", "{per: semester, min: 1}", False),
        ("{per: semester, min: 1}", "{per: half, min: 1}", False),
        ("{per: semester, min: 2}", "{per: year, min: 2}", True),
        ("{per: semester, min: 2}", "{per: year, min: 3}", False),
        ("{per: quarter, min: 3}", "{per: month, min: 1}", False),
        ("{per: year, over: 1}", "{per: year, min: 2}", True),
        ("{per: month, max: 2}", "{per: month, under: 3}", True),
        ("{per: month, max: 2}", "{per: quarter, max: 6}", False),
    ],
)
def test_windows_imply_only_the_windows_they_fill(first: str, second: str, expected: bool) -> None:
    """So many whole months, quarters and semesters lie in every quarter, semester and year, and no more."""
    a, b = (
        rule_from({"check": {"kind": "frequency", "select": {"type": "党课"}} | _inline(text)})
        for text in (first, second)
    )

    assert expected == implies(a.check, b.check, DAY)


def _inline(text: str) -> dict[str, Any]:
    """``{per: month, min: 1}`` as a dict."""
    parts = (part.split(": ") for part in text.strip("{}").split(", "))
    return {key: int(value) if value.isdigit() else value for key, value in parts}


@pytest.mark.parametrize(
    ("per", "months", "expected"),
    [("month", 2, True), ("month", 1, False), ("quarter", 6, True), ("quarter", 5, False)],
)
def test_once_a_window_bounds_the_interval_by_twice_the_window(per: str, months: int, expected: bool) -> None:
    """Once each month may leave nearly two months between, once each quarter nearly six."""
    interval = rule_from({"check": {"kind": "interval", "select": {"type": "党课"}, "months": months}})

    assert expected == implies(frequency(per, 1).check, interval.check, DAY)


def test_sums_are_not_rounded_before_they_are_compared() -> None:
    """One and a half hours a month are four and a half in a quarter, not six."""
    check = {"kind": "frequency", "select": {"type": "党课"}, "sum": "hours"}
    monthly = rule_from({"check": check | {"per": "month", "min": "3/2"}}).check
    quarterly = {n: rule_from({"check": check | {"per": "quarter", "min": n}}).check for n in ("9/2", 5, 6)}

    assert {"9/2": True, 5: False, 6: False} == {n: implies(monthly, b, DAY) for n, b in quarterly.items()}


def test_sums_of_money_are_not_rounded_before_they_are_compared() -> None:
    """Dues of at least 1.5 yuan are not dues of at least 2 yuan."""
    each = {"for_each": {"in": "entries", "select": {"in": "dues"}}}
    a, b = (rule_from(each | {"check": {"kind": "limit", "of": "dues.paid", "min": n}}).check for n in ("3/2", 2))

    assert not implies(a, b, DAY)
    assert implies(b, a, DAY)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_comparing_the_other_way_round_mirrors_every_row(first: str, second: str) -> None:
    """Same stays same, stricter becomes looser, only here becomes only there; no duty gets lost."""

    def rows(found: Comparison, *, mirrored: bool) -> set[tuple[Any, ...]]:
        listed = set()
        for row in found.rows:
            ids = (row.first.id if row.first else None, row.second.id if row.second else None)
            told = MIRRORED[row.relation] if mirrored else row.relation
            listed.add((*(reversed(ids) if mirrored else ids), told, row.conditional))
        return listed

    assert rows(compared(first, second), mirrored=False) == rows(compared(second, first), mirrored=True)


@pytest.mark.parametrize("name", ["zju", "voc", "qhu", "gaibei", "national"])
def test_a_rule_is_the_same_as_itself(name: str) -> None:
    """Compared with itself, every duty of a standard that is compared meets itself, unconditionally."""
    found = compare(standard(name), standard(name), DAY)
    themselves = [row for row in found.rows if row.first is not None and row.first == row.second]

    assert {(Relation.SAME, False)} == {(row.relation, row.conditional) for row in themselves}
    assert {row.first.id for row in found.rows if row.first} == {row.first.id for row in themselves if row.first}


@pytest.mark.parametrize(
    ("pair", "duty", "expected"),
    [
        (("zju", "national"), ("ZJU-2.5-1", "NAT-ZB-12-1"), ("same", False)),
        (("zju", "national"), ("ZJU-2.5-2", "NAT-ZB-11-1"), ("stricter", True)),
        (("zju", "national"), ("ZJU-2.5-3", "NAT-ZB-11-1"), ("same", True)),
        (("zju", "national"), ("ZJU-2.5-4", "NAT-ZB-13-4"), ("same", False)),
        (("zju", "national"), ("ZJU-2.5-5", "NAT-ZB-16-1"), ("stricter", False)),
        (("voc", "gaibei"), ("VOC-4.1.1-2", "GB-4.5.1-2"), ("same", False)),
        (("voc", "gaibei"), ("VOC-4.1.1-3", "GB-4.5.1-1"), ("incomparable", False)),
        (("voc", "gaibei"), ("VOC-4.1.1-4", "GB-4.5.1-4"), ("stricter", False)),
        (("voc", "gaibei"), ("VOC-4.4.1-1", "GB-4.5.2-2"), ("same", False)),
        (("voc", "gaibei"), ("VOC-4.4.1-2", "GB-4.5.2-1"), ("incomparable", True)),
    ],
)
def test_standards_stand_to_each_other_as_an_officer_reads_them(
    pair: tuple[str, str], duty: tuple[str, str], expected: tuple[str, bool]
) -> None:
    """Monthly 支委会 are the same everywhere; a branch without groups owes Zhejiang more assemblies; three months
    between assemblies is not the same as one in each quarter: neither gives the other."""
    found = {
        (row.first.id, row.second.id): (row.relation.value, row.conditional)
        for row in compared(*pair).rows
        if row.first and row.second
    }

    assert expected == found[duty]


def test_a_branch_founded_with_the_quarter_may_keep_three_months_and_miss_the_quarter() -> None:
    """Founded on 1 January with its first assembly on 1 April: no gap is longer than three months, and the first
    quarter is empty."""
    gaps, quarters = standard("gaibei").rule("GB-4.5.1-1"), standard("voc").rule("VOC-4.1.1-3")
    assert gaps is not None
    assert quarters is not None
    days = ("04-01", "06-20", "09-10", "12-05")
    record = {
        "branch": {"name": "甲", "type": "村", "founded": "2024-01-01"},
        "coverage": {"from": "2024-01-01", "to": "2024-12-31"},
        "activities": [{"date": f"2024-{day}", "type": "党员大会"} for day in days],
    }

    assert "fail" not in said(gaps, record)
    assert "fail" in said(quarters, record)
    assert Relation.INCOMPARABLE == relation(gaps, quarters, DAY)


@pytest.mark.parametrize(("first", "second"), [("zju", "national"), ("voc", "gaibei")])
def test_each_witness_on_disk_keeps_one_rule_and_breaks_the_other(
    first: str, second: str, run: Run, tmp_path: Path
) -> None:
    """What `rules compare --witness` writes, audited like any record, bears out its heading."""
    folder = tmp_path / "witness"
    done = run("rules", "compare", first, second, "--as-of", "2024-12-31", "--witness", folder)
    assert 0 == done.status
    files = sorted(folder.glob("*.yaml"))
    told = run("audit", folder, "-s", first, "-s", second, "-f", "json", "--exit-zero").json
    found: dict[str, dict[str, set[str]]] = {}
    for assessment in told["assessments"]:
        outcomes = found.setdefault(Path(assessment["branch"]["file"]).stem, {})
        outcomes |= {o["rule"]: {w["outcome"] for w in o["windows"]} for o in assessment["outcomes"]}

    assert files
    assert [file.stem for file in files] == sorted(found)
    for name, outcomes in found.items():
        keeps, breaks = name.split("--")
        assert "fail" not in outcomes[keeps], name
        assert outcomes[keeps] & {"pass", "manual"}, name
        assert "fail" in outcomes[breaks], name
