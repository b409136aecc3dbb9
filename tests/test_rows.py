"""The format ``rows``: one flat line an assessment, and a summary of the lines that is the summary of the reports."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dangjian_check.app import Request
from dangjian_check.app import run as audit
from dangjian_check.comparing import summarize
from dangjian_check.engine.assessment import Assessment, Report
from dangjian_check.errors import InputProblems
from dangjian_check.loading.reports import load_report
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import FORMATS, Look, json_v1
from dangjian_check.reports.row_columns import ASSESSMENT, DEFICIENCY, ITEM, PROBLEM
from dangjian_check.reports.rows import assessment_line
from dangjian_check.reports.summary_json import summary_json
from hostile import NAMES, hostile, lax
from program import LAX, PACKS, SOUND, TESTS
from rereading import audited
from strategies import records

EASED = TESTS / "records" / "eased"
HEAD = ["type", "schema", "version"]
OVERLAYS = {"baseline", "waiver", "waiver_effect", "waiver_reason", "expired_waiver"}


def rendered(report: Report, form: str = "rows") -> str:
    """The report as it reaches a file."""
    found = FORMATS[form](report, Look())
    assert isinstance(found, str)
    return found.encode("utf-8", "backslashreplace").decode()


def lines(report: Report) -> list[dict[str, Any]]:
    return [json.loads(line) for line in rendered(report).splitlines()]


@cache
def eased() -> Report:
    """Three records, one of which cannot be read, under all test standards; waivers and a baseline."""
    year, day = parse_period("2024"), date(2024, 6, 20)
    paths = (LAX, SOUND, TESTS / "records" / "none.yaml")
    waivers, baseline = (EASED / "waivers.yaml",), EASED / "baseline.jsonl"
    return audit(Request(paths, day, ("probe", "bare"), (PACKS,), year, day, waivers=waivers, baseline=baseline))


def test_columns_are_those_of_the_table():
    """In its order, nothing besides; overlays of a deficiency only where there are any."""
    found = lines(eased())
    assessments = [line for line in found if line["type"] == "assessment"]
    deficiencies = [d for line in assessments for d in line["deficiencies"]]

    assert {(*HEAD, *ASSESSMENT, "deficiencies", "items")} == {tuple(line) for line in assessments}
    assert {(*HEAD, *[name for name in PROBLEM if name != "type"])} == {
        tuple(line) for line in found if line["type"] != "assessment"
    }
    assert {tuple(ITEM)} == {tuple(item) for line in assessments for item in line["items"]}
    assert {tuple(name for name in DEFICIENCY if name not in OVERLAYS)} == {
        tuple(name for name in d if name not in OVERLAYS) for d in deficiencies
    }
    assert set(OVERLAYS) == {name for d in deficiencies for name in d if name in OVERLAYS}


def test_assessments_come_first_then_problems_then_notes():
    """Record by record, in the order of the report."""
    found = lines(eased())
    kinds = [line["type"] for line in found]
    assert [(a.branch.id, a.standard.id) for a in eased().assessments] == [
        (line["branch"], line["standard"]) for line in found if line["type"] == "assessment"
    ]
    assert sorted(kinds, key=["assessment", "problem", "note"].index) == kinds
    assert {"assessment", "problem", "note"} == set(kinds)


def test_a_line_says_what_the_json_report_says():
    """The same branch, days, points, counts and deficiencies, waived ones behind the others."""
    for line, told in zip(lines(eased()), json_v1.document(eased())["assessments"], strict=False):
        score = told["score"] or dict.fromkeys(("low", "high", "max", "completeness"))
        assert told["branch"] == {
            "id": line["branch"], "name": line["name"], "type": line["branch_type"],
            "parent": line["parent"], "file": line["file"],
        }  # fmt: skip
        assert (told["standard"], told["as_of"]) == (line["standard"], line["as_of"])
        assert told["period"] == {"from": line["period_from"], "to": line["period_to"]}
        assert [score[k] for k in ("low", "high", "max", "completeness")] == [
            line[k] for k in ("score_low", "score_high", "score_max", "completeness")
        ]
        assert told["counts"] == {name: line[f"n_{name}"] for name in told["counts"]}
        both = [*told["deficiencies"], *told["waived"]]
        assert [(d["fingerprint"], d["deduction"], d["location"]["line"], d["baseline"]) for d in both] == [
            (d["fingerprint"], d["deduction"], d["line"], d.get("baseline")) for d in line["deficiencies"]
        ]
        assert [w["waiver"]["id"] for w in told["waived"]] == [
            d["waiver"] for d in line["deficiencies"] if "waiver" in d
        ]


def test_doubts_of_the_record_are_counted():
    """On the line of each of its assessments."""
    counts = {view.branch.file: len(view.doubts) for view in eased().records}
    assert {True} == {line["doubts"] == counts[line["file"]] for line in lines(eased()) if "doubts" in line}
    assert max(counts.values()) > 0


def test_a_line_needs_nothing_but_its_assessment():
    """So that lines can be written as they are judged: alone each is what it is among others."""
    doubts = {view.branch: len(view.doubts) for view in eased().records}
    alone = [assessment_line(a, doubts[a.branch]) for a in eased().assessments]
    assert rendered(eased()).startswith("".join(alone))


@pytest.mark.parametrize("name", NAMES)
def test_a_line_is_one_object_whatever_people_write(name: str):
    """Every text comes back exactly."""
    found = lines(hostile(NAMES[name]))
    assert ["assessment", *["problem"] * 4] == [line["type"] for line in found]
    assert (NAMES[name], NAMES[name]) == (found[0]["name"], found[1]["message"])


def test_rows_of_nothing_are_nothing():
    """No line, not an empty one."""
    assert "" == rendered(replace(lax(), assessments=(), records=(), problems=()))


def summary_of(report: Report, form: str) -> Any:
    """What ``summary`` says of a report saved in this format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"r.{form}"
        path.write_text(rendered(report, form), encoding="utf-8")
        summary, problems = summarize([path], rank=True)
        return json.loads(summary_json(summary, problems))


@settings(max_examples=settings.default.max_examples // 5)
@given(st.lists(records(), min_size=1, max_size=4))
def test_summary_of_rows_is_the_summary_of_the_report(listed: list[dict[str, Any]]):
    """Whatever the records hold."""
    made: list[Assessment] = [audited(r, branch=f"b{n}", file=f"{n}.yaml") for n, r in enumerate(listed)]
    report = Report(tuple(made), (), tuple({a.standard.id: a.standard for a in made}.values()))
    assert summary_of(report, "jsonl") == summary_of(report, "rows")


def test_summary_of_rows_knows_waivers_problems_and_several_standards():
    """Of a run that has all of them; what was counted twice is told the same."""
    found = summary_of(eased(), "rows")
    assert summary_of(eased(), "jsonl") == found
    assert (2, 1) == (len(found["standards"]), len(found["unread"]))
    assert found["standards"][0]["current"]["waived"] > 0


def test_rows_cannot_be_compared(tmp_path: Path):
    """They do not say which windows were judged; `diff` says so."""
    path = tmp_path / "r.jsonl"
    path.write_text(rendered(eased()), encoding="utf-8")
    with pytest.raises(InputProblems, match="只供 summary 和 query 用"):
        load_report(path)
