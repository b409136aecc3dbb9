"""Every duty of every document has its place: a rule holds it, and no rule names a duty that is not there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from builders import rule_from, standard_from
from dangjian_check.engine.placement import Place, Placement, placement
from dangjian_check.loading.standards import load_standards
from dangjian_check.rulebook.ledger import Ledger
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from program import Run

LEDGERS = {"zju": 105, "voc": 135, "qhu": 81, "gaibei": 143, "xuhui": 97}
PAGE = Path(__file__).resolve().parents[1] / "docs" / "coverage.md"
EMPTY = {"title": "表", "indicators": []}
COUNTED = {"kind": "frequency", "select": {"type": "党课"}, "per": "year", "min": 1}
BY_HAND = {"kind": "manual", "ask": "看一看"}


@cache
def placed(name: str) -> Placement:
    """Where a built-in standard keeps the duties of its ledger."""
    found = placement(load_standards([name])[0])
    assert found is not None
    return found


@pytest.mark.parametrize("name", LEDGERS)
def test_no_duty_of_a_document_is_forgotten(name: str) -> None:
    """Every clause of the ledger is held by a rule."""
    assert [] == [p.clause for p in placed(name).placed if p.place is Place.MISSING]


@pytest.mark.parametrize("name", LEDGERS)
def test_no_rule_names_a_clause_the_document_does_not_have(name: str) -> None:
    """Every clause a rule names stands in the ledger."""
    assert () == placed(name).unknown


@pytest.mark.parametrize(("name", "size"), LEDGERS.items())
def test_a_ledger_has_as_many_clauses_as_its_document(name: str, size: int) -> None:
    """105, 135, 81, 143 and 97 duties, each in one place; 561 in all."""
    found = placed(name)

    assert size == len(found.placed) == sum(found.counts().values())
    assert 561 == sum(LEDGERS.values())


@pytest.mark.parametrize("name", LEDGERS)
def test_what_the_ledger_calls_a_persons_judgement_is_not_decided_by_the_machine(name: str) -> None:
    """No duty marked manual is held by rules that decide it outright, none marked full is left to a person alone."""
    found = [p for p in placed(name).placed if p.machine is not None]

    assert [] == [p.clause for p in found if p.machine == "manual" and p.place is Place.DECIDED]
    assert [] == [p.clause for p in found if p.machine == "full" and p.place is Place.MANUAL]


@pytest.mark.parametrize("name", LEDGERS)
def test_the_superiors_duties_are_kept_apart(name: str) -> None:
    """A clause whose rules are all the superior's counts as the superior's; one with a rule of the branch's never."""
    for found in placed(name).placed:
        whose = {rule.by_superior for rule in found.rules}
        if found.place is not Place.RESTATED:
            assert (whose == {True}) == (found.place is Place.SUPERIOR), found.clause


@pytest.mark.parametrize("name", LEDGERS)
def test_the_page_of_coverage_shows_the_real_counts(name: str) -> None:
    """The row of each document in docs/coverage.md is what its rules say."""
    shown = [place for place in Place if place is not Place.MISSING]
    counts = [sum(p.place is place for p in placed(name).placed) for place in shown]
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if f"（{name}）" in line)

    assert [*counts, sum(counts)] == [int(cell) for cell in row.strip("| ").split("|")[1:]]


def a_rule(number: int, clauses: list[str], **more: object) -> Rule:
    """A rule that holds some clauses."""
    return rule_from({"id": f"T-{number}", "clauses": clauses, "check": COUNTED} | more)


def document(rules: list[Rule], clauses: dict[str, dict[str, str]]) -> Standard:
    """A standard of these rules with this ledger."""
    return replace(standard_from(rules, EMPTY), ledger=Ledger.model_validate({"clauses": clauses}))


def places(rules: list[Rule], clauses: dict[str, dict[str, str]]) -> dict[str, str]:
    """The place of each clause."""
    found = placement(document(rules, clauses))
    assert found is not None
    return {p.clause: p.place.value for p in found.placed}


def test_a_clause_without_a_rule_is_missing() -> None:
    """A ledger with one clause more than the rules hold is not whole."""
    found = placement(document([a_rule(1, ["X-1"])], {"X-1": {}, "X-2": {}}))
    assert found is not None

    assert {"X-1": "decided", "X-2": "missing"} == {p.clause: p.place.value for p in found.placed}
    assert not found.whole


def test_a_clause_the_ledger_does_not_have_is_unknown() -> None:
    """A rule that names a clause nobody knows is told with that clause, and the standard is not whole."""
    found = placement(document([a_rule(1, ["X-1", "X-9"])], {"X-1": {}}))
    assert found is not None

    assert (("T-1", "X-9"),) == found.unknown
    assert not found.whole


def test_a_ledger_with_every_clause_held_is_whole() -> None:
    """One rule may hold several clauses, one clause several rules."""
    rules = [a_rule(1, ["X-1", "X-2"]), a_rule(2, ["X-2"])]
    found = placement(document(rules, {"X-1": {}, "X-2": {}}))
    assert found is not None

    assert found.whole
    assert {1: ["X-1"], 2: ["X-2"]} == {len(p.rules): [p.clause] for p in found.placed}


def test_how_a_clause_is_held_is_told_by_its_rules() -> None:
    """Decided, evidenced (a person judges the rest, or the check cannot fail), manual, superior, restated."""
    rules = [
        a_rule(1, ["X-1"]),
        a_rule(2, ["X-2"], judgement="质量如何"),
        a_rule(3, ["X-3"], check=BY_HAND),
        a_rule(4, ["X-4"], actor="superior"),
        a_rule(5, ["X-5", "X-6"]),
        a_rule(6, ["X-7"]),
        a_rule(7, ["X-7"], check=BY_HAND),
        a_rule(8, ["X-8"], check={"kind": "presence", "field": "branch.parent"}),
    ]
    clauses: dict[str, dict[str, str]] = {f"X-{n}": {} for n in range(1, 9)} | {"X-6": {"same_as": "X-5"}}
    expected = {
        "X-1": "decided",
        "X-2": "evidenced",
        "X-3": "manual",
        "X-4": "superior",
        "X-5": "decided",
        "X-6": "restated",
        "X-7": "evidenced",
        "X-8": "evidenced",
    }

    assert expected == places(rules, clauses)


def test_a_standard_without_a_ledger_has_no_placement() -> None:
    """A customer's own standard need not have one."""
    assert placement(standard_from([a_rule(1, [])], EMPTY)) is None


def test_the_command_tells_a_missing_and_an_unknown_clause_and_fails(run: Run, tmp_path: Path) -> None:
    """`rules coverage` on an own standard with gaps names both clauses and exits with 1; without gaps with 0."""
    pack = tmp_path / "own"
    pack.mkdir()
    manifest = "{id: own, title: 自订, issuer: 某党委, document: 某办法}\n"
    (pack / "standard.yaml").write_text(manifest, encoding="utf-8")
    rule = (
        "source: {article: 一}\nrules:\n  - {id: OWN-1, title: 党课每年一次, clauses: [OWN-1, OWN-7], "
        "reason: 测试, remedy: 测试,\n     check: {kind: frequency, select: {type: 党课}, per: year, min: 1}}\n"
    )
    (pack / "1-a.yaml").write_text(rule, encoding="utf-8")
    (pack / "ledger.yaml").write_text("clauses: {OWN-1: {}, OWN-2: {}}\n", encoding="utf-8")
    gaps = run("rules", "coverage", "--rules", pack)
    (pack / "ledger.yaml").write_text("clauses: {OWN-1: {}, OWN-7: {}}\n", encoding="utf-8")
    whole = run("rules", "coverage", "--rules", pack)

    assert (1, 0) == (gaps.status, whole.status)
    assert "OWN-2" in gaps.out
    assert "OWN-7" in gaps.out
