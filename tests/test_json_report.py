"""JSON, version 1: the shape that design.md section 8 promises, and where a deficiency is located."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dangjian_check import __version__
from program import LAX, PACKS, PROBE, SOUND, Run

NUMBER = (int, float)
MAYBE = (str, type(None))
LINE = {"file": str, "line": int, "column": int}
SHAPE: dict[str, Any] = {
    "schema": str,
    "tool": {"name": str, "version": str},
    "run": {
        "as_of": str,
        "period": {"from": str, "to": str},
        "standards": [{"id": str, "title": str, "digest": str}],
    },
    "assessments": [
        {
            "branch": {"id": str, "name": str, "file": str},
            "standard": str,
            "score": {
                "low": NUMBER,
                "high": NUMBER,
                "max": NUMBER,
                "completeness": NUMBER,
                "grade": object,
                "items": [{"id": str, "title": str, "points": NUMBER, "low": NUMBER, "high": NUMBER}],
            },
            "counts": dict.fromkeys(
                ["pass", "fail", "unknown", "pending", "not_applicable", "manual", "error"], int
            ),
            "outcomes": [
                {
                    "rule": str,
                    "clauses": [str],
                    "title": str,
                    "outcome": str,
                    "strength": str,
                    "severity": str,
                    "assumed": bool,
                    "reason": MAYBE,
                    "windows": [
                        {"window": str, "subject": MAYBE, "outcome": str, "expected": dict, "actual": object}
                    ],
                }
            ],
            "deficiencies": [
                {
                    "fingerprint": str,
                    "rule": str,
                    "item": MAYBE,
                    "window": str,
                    "subject": MAYBE,
                    "severity": str,
                    "strength": str,
                    "message": str,
                    "remedy": str,
                    "source": {"document": str, "article": str},
                    "deduction": NUMBER,
                    "location": LINE,
                }
            ],
        }
    ],
    "problems": [LINE | {"message": str, "remedy": str}],
}  # fmt: skip


def misshapen(shape: Any, value: Any, path: str = "$") -> list[str]:
    """Where a value lacks a promised key or has another type than promised; further keys are allowed."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [path]
        return [w for key, inner in shape.items() for w in misshapen(inner, value.get(key, ...), f"{path}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [path]
        return [w for n, inner in enumerate(value) for w in misshapen(shape[0], inner, f"{path}[{n}]")]
    wrong = value is ... or not isinstance(value, shape) or (isinstance(value, bool) and shape not in (bool, object))
    return [path] if wrong else []


def audited(run: Run, *arguments: str | Path) -> dict[str, Any]:
    """The JSON report of an audit."""
    return run("audit", *arguments, "--format", "json").json


@pytest.fixture
def report(run: Run, tmp_path: Path) -> dict[str, Any]:
    """Two records, two standards, a problem: every part of the report has something in it."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("branch: {name: 12}\n", encoding="utf-8")
    return audited(run, SOUND, LAX, bad, *PROBE, "--period", "2024", "--as-of", "2024-12-31")


def deficiencies(run: Run, record: Path, *arguments: str | Path) -> list[dict[str, Any]]:
    """The deficiencies of the only assessment of a record."""
    [assessment] = audited(run, record, *arguments)["assessments"]
    return assessment["deficiencies"]


def located(run: Run, record: Path, *arguments: str | Path) -> dict[tuple[str, str], tuple[int, int]]:
    """Line and column of each deficiency by rule and window."""
    return {
        (d["rule"], d["window"]): (d["location"]["line"], d["location"]["column"])
        for d in deficiencies(run, record, *arguments)
    }


def record(folder: Path, text: str) -> Path:
    path = folder / "branch.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_report_has_the_promised_shape(report: dict[str, Any]):
    """Every key of version 1 is there with its type, in every assessment, outcome, window and deficiency."""
    assert [] == misshapen(SHAPE, report)
    assert [2, 1, True, True] == [
        len(report["assessments"]),
        len(report["problems"]),
        any(a["deficiencies"] for a in report["assessments"]),
        all(a["outcomes"] for a in report["assessments"]),
    ]


def test_report_says_what_it_is_and_by_what_it_was_made(report: dict[str, Any]):
    """Schema name, tool and version."""
    assert ("dj-check.report/1", {"name": "dj-check", "version": __version__}) == (report["schema"], report["tool"])


def test_shape_check_finds_a_missing_key_and_a_wrong_type():
    """The check itself can fail."""
    assert ["$.tool.version", "$.problems[0].line"] == misshapen(
        {"tool": {"version": str}, "problems": [{"line": int}]}, {"tool": {}, "problems": [{"line": True}]}
    )


def test_counts_are_the_outcomes_of_the_branch_itself(report: dict[str, Any]):
    """Each rule of the branch is counted once under its outcome; the superior's duty is not among them."""
    counts = {a["branch"]["id"]: {o: n for o, n in a["counts"].items() if n} for a in report["assessments"]}
    assert {"pass": 3, "manual": 1, "unknown": 2} == counts["snd"]
    assert {"fail": 4, "manual": 1, "unknown": 1} == counts["lax"]


def test_every_rule_of_the_standard_has_an_outcome(report: dict[str, Any]):
    """Nothing is counted by subtraction; the superior's rule is there too."""
    rules = [f"PRB-{name}" for name in ("1-1", "1-2", "1-3", "2-1", "2-2", "2-3", "2-4")]
    assert [rules, rules] == [[o["rule"] for o in a["outcomes"]] for a in report["assessments"]]


def test_report_of_nothing_has_no_day_and_no_period(run: Run, tmp_path: Path):
    """Where nothing was judged there is nothing to say of when."""
    report = audited(run, tmp_path)
    assert {"as_of": None, "period": None, "standards": []} == report["run"]
    assert ([], []) == (report["assessments"], report["problems"])


def test_score_of_nothing_judged_is_null(run: Run):
    """Never 0 or 100."""
    [assessment] = audited(run, LAX, "--rules", PACKS, "--standard", "bare", "--as-of", "2024-06-20")["assessments"]
    assert None is assessment["score"]


def test_exact_numbers_are_numbers(report: dict[str, Any]):
    """Whole points are integers; but for rounding, the shares of the deficiencies add up to what was lost."""
    score, found = report["assessments"][1]["score"], report["assessments"][1]["deficiencies"]
    assert (20, int) == (score["max"], type(score["max"]))
    assert pytest.approx(score["max"] - score["high"], abs=0.01) == sum(d["deduction"] for d in found)


def test_source_of_a_deficiency_is_its_document_and_article(run: Run):
    """As the rule file and the manifest say together."""
    source = deficiencies(run, LAX, *PROBE)[0]["source"]
    assert ("测试支部工作标准", "第一条") == (source["document"], source["article"])


def test_expected_and_actual_are_plain_numbers(run: Run):
    """A month without its meeting: at least 1 owed, 0 found."""
    outcome = audited(run, LAX, *PROBE, "--as-of", "2024-06-20")["assessments"][0]["outcomes"][0]
    march = next(window for window in outcome["windows"] if window["window"] == "2024-03")
    assert ({"min": 1}, 0, "fail", None) == (march["expected"], march["actual"], march["outcome"], march["subject"])


def test_problem_without_a_place_has_line_0(run: Run):
    """A missing file as a whole; every other position counts from 1."""
    [problem] = audited(run, "gone.yaml", *PROBE)["problems"]
    assert ("gone.yaml", 0, 0) == (problem["file"], problem["line"], problem["column"])


def test_positions_of_problems_and_deficiencies_count_from_1(report: dict[str, Any]):
    """Editors and CI systems count from 1."""
    spots = report["problems"] + [d["location"] for a in report["assessments"] for d in a["deficiencies"]]
    assert True is all(spot["line"] >= 1 and spot["column"] >= 1 for spot in spots)
    assert len(spots) > 5


def test_absence_is_located_at_the_last_matching_entry_before_the_window(run: Run):
    """March is missing: the meeting of February is shown; May is missing: that of April."""
    places = located(run, LAX, *PROBE, "--as-of", "2024-06-20")
    assert ((12, 5), (16, 5)) == (places["PRB-1-1", "2024-03"], places["PRB-1-1", "2024-05"])


def test_absence_without_an_entry_before_it_is_located_at_its_series(run: Run):
    """No lecture at all: the key of the log."""
    assert (10, 1) == located(run, LAX, *PROBE, "--as-of", "2024-06-20")["PRB-1-2", "2024Q1"]


def test_entries_after_the_window_are_not_where_its_absence_is_located(run: Run, tmp_path: Path):
    """January is missing and February is there: the key of the log, not February."""
    text = """\
branch: {name: 甲}
coverage: {from: 2024-01-01, to: 2024-02-29}
committee: {exists: true}
activities:
  - {date: 2024-02-05, type: 支委会, attendance: {expected: 3, present: 3}}
"""
    assert (4, 1) == located(run, record(tmp_path, text), *PROBE)["PRB-1-1", "2024-01"]


def test_entries_that_were_not_held_are_not_where_an_absence_is_located(run: Run, tmp_path: Path):
    """A cancelled meeting does not match: January's is shown for March."""
    text = """\
branch: {name: 甲}
coverage: {from: 2024-01-01, to: 2024-03-31}
committee: {exists: true}
activities:
  - {date: 2024-01-05, type: 支委会, attendance: {expected: 3, present: 3}}
  - {date: 2024-02-05, type: 支委会, status: 取消}
"""
    assert (5, 5) == located(run, record(tmp_path, text), *PROBE)["PRB-1-1", "2024-03"]


@pytest.mark.parametrize(
    ("plans", "place"),
    [
        ("plans: []\n", (3, 1)),
        ("plans:\n  - {kind: 三会一课年度计划, for: 2023, made: 2023-01-05}\n", (4, 5)),
        ("plans:\n  - {kind: 学习计划, made: 2023-01-05}\n", (3, 1)),
    ],
    ids=["empty", "earlier", "of-another-kind"],
)  # fmt: skip
def test_absence_in_another_series_is_located_there(run: Run, tmp_path: Path, plans: str, place: tuple[int, int]):
    """No plan for the year: last year's plan, else the key of the plans."""
    text = "branch: {name: 甲}\ncoverage: {from: 2024-01-01, to: 2024-12-31}\n" + plans
    found = located(run, record(tmp_path, text), "--rules", PACKS, "--standard", "bare")
    assert place == found["BAR-1-1", "2024"]


def test_entry_that_is_wrong_is_located_at_itself(run: Run):
    """A meeting without a quorum is where it is written."""
    assert (12, 5) == located(run, LAX, *PROBE, "--as-of", "2024-06-20")["PRB-1-3", "on:c2"]


def test_field_that_is_wrong_is_located_at_its_value(run: Run, tmp_path: Path):
    """A branch without fixed rooms: the word that says so."""
    text = "branch:\n  name: 甲\n  venue:\n    address: 三楼\n    fixed: false\nactivities: []\n"
    assert (5, 12) == located(run, record(tmp_path, text), *PROBE)["PRB-2-3", "state"]


def test_members_who_miss_one_duty_are_one_deficiency_with_their_names(run: Run):
    """One finding that lists names, not one for each person."""
    [found] = [d for d in deficiencies(run, LAX, *PROBE) if d["rule"] == "PRB-2-1"]
    assert (None, ["乙"]) == (found["subject"], found["people"])


def test_fingerprint_outlives_moved_lines_comments_and_a_new_file_name(run: Run, tmp_path: Path):
    """The same deficiency is recognized in the next report though line and file differ."""
    moved = tmp_path / "另存.yaml"
    moved.write_text("# 改过的说明\n\n" + LAX.read_text(encoding="utf-8"), encoding="utf-8")
    before, after = deficiencies(run, LAX, *PROBE), deficiencies(run, moved, *PROBE)
    assert [d["fingerprint"] for d in before] == [d["fingerprint"] for d in after]
    assert [d["location"]["line"] + 2 for d in before] == [d["location"]["line"] for d in after]
    assert len(before) == len({d["fingerprint"] for d in before})
