"""What one file came to, as bytes and back: every format shows the same, and damaged bytes are no answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import UnionType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangjian_check.app import Request, run
from dangjian_check.batch.stored import Unreadable, _form, decode, encode
from dangjian_check.engine.assessment import Assessment, RecordView, Report
from dangjian_check.loading.standards import load_standards
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look
from dangjian_check.rulebook.standard import Standard
from program import ROOT, TESTS

TODAY = date(2025, 3, 1)
EXAMPLES, RECORDS = ROOT / "examples", TESTS / "records"
PROBE = {"rules": (TESTS / "standards",), "period": parse_period("2024"), "as_of": date(2024, 6, 20)}
CASES = {
    "examples": Request((EXAMPLES,), TODAY, traced=True),
    "two standards": Request((EXAMPLES / "teachers-lax.yaml",), TODAY, ("national", "voc"), traced=True),
    "organizations": Request((EXAMPLES / "organizations",), TODAY, with_superior=True, traced=True),
    "ledgers": Request((EXAMPLES / "ledgers",), TODAY, ("voc",), traced=True),
    "own standard": Request(
        (EXAMPLES / "workshop.yaml",), TODAY, ("acme",), rules=(EXAMPLES / "own-standard",), traced=True
    ),
    "masked": Request((EXAMPLES / "village.yaml", EXAMPLES / "ledgers"), TODAY, traced=True, mask=frozenset({"names"})),
    "official": Request((EXAMPLES / "teachers-lax.yaml",), TODAY, ("voc",), with_superior=True),
    "waived": Request(
        (RECORDS / "lax.yaml",),
        TODAY,
        traced=True,
        waivers=(RECORDS / "eased" / "waivers.yaml",),
        baseline=RECORDS / "eased" / "baseline.jsonl",
        **PROBE,
    ),
    "waived and masked": Request(
        (RECORDS / "lax.yaml",),
        TODAY,
        mask=frozenset({"names"}),
        waivers=(RECORDS / "eased" / "waivers.yaml",),
        **PROBE,
    ),
    "records of tests": Request((RECORDS,), TODAY, traced=True, **PROBE),
}


@cache
def report(case: str) -> Report:
    """A run of one of the cases."""
    return run(CASES[case])


@dataclass(frozen=True)
class Came:
    """What a file came to."""

    assessments: tuple[Assessment, ...] = ()
    views: tuple[RecordView, ...] = ()


def by_id(standards: tuple[Standard, ...]) -> dict[str, Standard]:
    return {standard.id: standard for standard in standards}


@cache
def stored(case: str) -> Report:
    """The same report, every record of it written and read back by itself."""
    found = report(case)
    assessments, views = [], []
    for view in found.records:
        own = (a for a in found.assessments if (a.branch.id, a.branch.file) == (view.branch.id, view.branch.file))
        read = decode(Came, encode(Came(tuple(own), (view,))), by_id(found.standards))
        assessments += read.assessments
        views += read.views
    return replace(found, assessments=tuple(assessments), records=tuple(views))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_every_format_shows_the_same(case: str, form: str):
    """Byte for byte, of records of every kind."""
    look = Look()
    assert FORMATS[form](report(case), look) == FORMATS[form](stored(case), look)


@pytest.mark.parametrize("case", CASES)
def test_everything_that_is_compared_comes_back(case: str):
    """Also what equality leaves out: places, and traces as far as they name entries."""
    for before, after in zip(report(case).assessments, stored(case).assessments, strict=True):
        assert (before, before.places) == (after, after.places)
        assert before.traces == after.traces
        for name, trace in before.traces.items():
            told = [[n.fact.label for n in w.near] + [f.label for f in w.counted] for w in trace.windows]
            read = [[n.fact.label for n in w.near] + [f.label for f in w.counted] for w in after.traces[name].windows]
            assert told == read
    assert report(case).records == stored(case).records


def test_the_cases_hold_everything_there_is():
    """Or the tests above would show less than they say."""
    found = [a for case in CASES for a in report(case).assessments]
    windows = [w for a in found for o in a.outcomes for w in o.windows]
    held = {
        "price": any(w.price for w in windows),
        "award": any(o.awarded is not None for a in found for o in a.outcomes),
        "subject": any(w.subject for w in windows),
        "counted": any(w.verdict.counted for w in windows),
        "trace": any(a.traces for a in found),
        "near": any(w.near for a in found for t in a.traces.values() for w in t.windows),
        "due": any(a.due for a in found),
        "waived": any(a.waived for a in found),
        "expired": any(d.expired for a in found for d in a.deficiencies),
        "known": {True, False, None} == {d.known for a in found for d in a.deficiencies},
        "worth": any(d.worth for a in found for d in a.deficiencies),
        "people": any(d.people for a in found for d in a.deficiencies),
        "sheet": any(p.sheet for a in found for p in a.places.values()),
        "file": any(p.file for a in found for p in a.places.values()),
        "doubt": any(v.doubts for case in CASES for v in report(case).records),
        "note": any(v.notes for case in CASES for v in report(case).records),
        "bonus": any(a.score and a.score.bonus for a in found),
        "grade": any(a.score and a.score.grade for a in found),
        "organization": any(a.of_organization for a in found),
    }
    assert [] == [name for name, there in held.items() if not there]


def test_excused_windows_come_back():
    """Copies that are scored under a waiver may be stored as well."""
    [before] = report("two standards").assessments[:1]
    failed = next(o for o in before.outcomes if any(w.is_lost for w in o.windows))
    marked = replace(failed, windows=tuple(w._replace(excused=True) for w in failed.windows))
    whole = replace(before, outcomes=tuple(marked if o is failed else o for o in before.outcomes))
    assert Came((whole,)) == decode(Came, encode(Came((whole,))), by_id(report("two standards").standards))


def test_rules_are_those_of_the_standard_at_hand():
    """Not copies."""
    standards = by_id(report("two standards").standards)
    for assessment in stored("two standards").assessments:
        own = standards[assessment.standard.id]
        assert assessment.standard is own
        assert all(o.rule is rule for o, rule in zip(assessment.outcomes, own.rules, strict=True))


def test_same_thing_same_bytes():
    """And nothing is lost on the second way."""
    found = report("two standards")
    came = Came(found.assessments, found.records)
    data = encode(came)
    assert encode(decode(Came, data, by_id(found.standards))) == data == encode(came)


def test_nothing_comes_back_of_nothing():
    """A file without records."""
    assert Came() == decode(Came, encode(Came()), {})


def test_text_that_is_no_unicode_comes_back():
    """Half of a surrogate pair, as JSON records may hold."""
    [view] = report("two standards").records
    odd = view._replace(branch=view.branch._replace(name="支部\ud800\x00\u2028"))
    assert Came((), (odd,)) == decode(Came, encode(Came((), (odd,))), {})


# What cannot be read


def test_standard_that_changed_or_is_gone_is_no_answer():
    """The rules are named by their place: another standard would name others."""
    found = report("two standards")
    data = encode(Came(found.assessments))
    first, *others = found.standards
    for standards in ([replace(first, digest="0" * 16), *others], others):
        with pytest.raises(Unreadable):
            decode(Came, data, by_id(tuple(standards)))


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"1", b"null", b"\xff", b"[1,[],[]]", b"[0,[[],[],[],[]],[[],[]]]", b"[" * 100_000]
)
def test_other_bytes_are_no_answer(data: bytes):
    """Whatever they are; a layout of another version as well."""
    with pytest.raises(Unreadable):
        decode(Came, data, by_id(report("two standards").standards))


def _short() -> bytes:
    found = run(replace(CASES["waived"], standards=("probe",), baseline=None))
    return encode(Came(found.assessments, found.records))


SHORT = _short()
SHORT_STANDARDS = by_id(tuple(load_standards(["probe"], [TESTS / "standards"])))


@given(place=st.integers(0, len(SHORT) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_damaged_bytes_raise_nothing_else(place: int, byte: int, cut: bool):
    """They may still be read (that they are damaged is seen by the hash of the store), but nothing breaks."""
    damaged = SHORT[:place] if cut else SHORT[:place] + bytes([byte]) + SHORT[place + 1 :]
    try:
        decode(Came, damaged, SHORT_STANDARDS)
    except Unreadable:
        assert damaged != SHORT


def _places(node: object, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    yield path
    if isinstance(node, list):
        for number, part in enumerate(node):
            yield from _places(part, (*path, number))


PLACES = list(_places(json.loads(SHORT)))


@given(place=st.sampled_from(PLACES), value=st.sampled_from([None, True, 10**9, -1, 0.5, "", "x", "1/0", [], {}, [[]]]))
def test_rows_of_another_shape_raise_nothing_else(place: tuple[int, ...], value: object):
    """Well-formed JSON with something else in any place."""
    whole = [json.loads(SHORT)]
    node = whole
    for number in (0, *place)[:-1]:
        node = node[number]
    node[(0, *place)[-1]] = value
    try:
        decode(Came, json.dumps(whole[0]).encode(), SHORT_STANDARDS)
    except Unreadable:
        assert whole[0] != json.loads(SHORT)


# The forms


@dataclass(frozen=True)
class Kept:
    """A class that assessments might one day hold."""

    day: date | None
    points: Fraction
    names: dict[str, tuple[int | str, ...]]
    file: Path
    used: frozenset[tuple[str, int]]


def test_field_added_to_a_class_is_kept():
    """The rows follow the types."""
    kept = Kept(TODAY, Fraction(-1, 3), {"a": ("x", 1)}, Path("a/b"), frozenset({("b", 1), ("a", 2)}))
    assert kept == decode(Kept, encode(kept), {})


@pytest.mark.parametrize("hint", [object, set[str], list[int], bytes, tuple[int, date], int | date, float])
def test_type_that_nobody_can_tell_back_is_refused(hint: type | UnionType):
    """When the form is made, whatever the value."""
    with pytest.raises(TypeError, match="cannot store"):
        _form(hint)
