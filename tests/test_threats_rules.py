"""Hostile standards (threats T40-T44): refused at load or harmless, soon; and days at the ends of time (T43)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from program import LAX, PACKS, PROBE
from threats import Met, meet

PER_MONTH = "{kind: frequency, select: {type: 支委会}, per: month, min: 1}"
PATTERN = "(a+)+$"


def audited(folder: Path, old: str, new: str) -> Met:
    """An audit by the test standard with one text in the place of another."""
    pack = folder / "packs" / "probe"
    shutil.copytree(PACKS / "probe", pack)
    path = pack / "1-meetings.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return meet("audit", LAX, "--rules", pack.parent, "--standard", "probe", "--period", "2024")


REFUSED = {
    "T40-pattern": f"{{kind: frequency, select: {{topic: {{matches: '{PATTERN}'}}}}, per: month, min: 1}}",
    "T40-pattern-for-text": f"{{kind: frequency, select: {{type: '{PATTERN}'}}, per: month, min: 1}}",
    "T42-per-second": "{kind: frequency, select: {type: 支委会}, per: second, min: 1}",
    "T42-per-nothing": "{kind: frequency, select: {type: 支委会}, per: 0, min: 1}",
    "T42-less-than-none": "{kind: frequency, select: {type: 支委会}, per: month, min: -1}",
    "T42-interval-of-nothing": "{kind: interval, select: {type: 支委会}, within: 0d}",
    "T42-interval-without-end": "{kind: interval, select: {type: 支委会}, within: 1000000000000d}",
}


@pytest.mark.parametrize("name", REFUSED)
def test_standard_that_asks_too_much_is_refused_at_its_line(tmp_path: Path, name: str):
    """No pattern of anybody's is run, no period is nothing or below a day."""
    met = audited(tmp_path, PER_MONTH, REFUSED[name])
    assert (2, [], "") == (met.status, met.ill, met.out), met.err
    assert True is ("packs/probe/1-meetings.yaml:" in met.err), met.err
    assert False is met.costly(), met.figures


def test_T42_most_that_a_rule_may_ask_for_costs_little(tmp_path: Path):
    """A million meetings a month over two hundred years."""
    met = audited(tmp_path, PER_MONTH, PER_MONTH.replace("min: 1", "min: 1000000"))
    assert (1, "") == (met.status, met.err), met.err
    assert False is met.costly(), met.figures


@pytest.mark.parametrize("flags", [
    ("--period", "1900-01..2100-12", "--as-of", "2100-12-31"),
    ("--period", "9999"),
    ("--period", "2024", "--as-of", "9999-12-31"),
    ("--period", "0001"),
    ("--period", "2024-02..0000-01"),
    ("--as-of", "0001-01-01"),
])  # fmt: skip
def test_T43_days_at_the_ends_of_time_are_judged_or_refused(flags: tuple[str, ...]):
    """No overflow; whatever is judged is judged soon."""
    met = meet("audit", LAX, *PROBE, *flags)
    assert (True, []) == (met.status in (0, 1, 2, 3), met.ill), met.err
    assert False is met.costly(), met.figures


@pytest.mark.parametrize("flags", [("--as-of", "9999-12-30"), ("--as-of", "2024-02-29", "--within", "9999y")])
def test_T43_what_is_owed_at_the_end_of_time(flags: tuple[str, ...]):
    """Looking ahead ends where the calendar does."""
    met = meet("due", LAX, *PROBE, *flags)
    assert (True, []) == (met.status in (0, 2, 3), met.ill), met.err
    assert False is met.costly(), met.figures


@pytest.mark.parametrize("text", ["{0.__class__.__mro__} {:>9999999999}", "{{ 7*7 }} %(x)s %n ${x}"])
def test_T44_texts_of_a_rule_are_no_templates(tmp_path: Path, text: str):
    """They are printed as they stand."""
    met = audited(tmp_path, "title: 支委会每月至少召开一次", f"title: '{text}'")
    assert (1, "", True) == (met.status, met.err, text in met.out)
    assert False is met.costly(), met.figures
