"""``dj-check summary``: what many reports come to together, streamed, without ranking, over several periods."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from dangjian_check.comparing import summarize
from dangjian_check.engine import overview
from dangjian_check.engine.assess import Span
from dangjian_check.engine.assessment import Assessment
from dangjian_check.engine.reported import ReportedAssessment, ReportedScore
from dangjian_check.engine.summary import Summary
from dangjian_check.model.calendar import parse_period
from dangjian_check.reports import Look
from dangjian_check.reports.summary_json import summary_json
from dangjian_check.reports.summary_text import summary_markdown, summary_text, summary_workbook
from hostile import NAMES
from office import workbook
from program import LAX, PROBE, SOUND, Run
from rereading import audited, reread, text
from strategies import records


def branch(name: str, months: tuple[int, ...] = (), period: str = "2024", parent: str | None = "甲学院") -> Assessment:
    """A branch that held a meeting in these months only."""
    span = parse_period(period)
    assert span is not None
    log = [{"date": f"{span.start.year}-{n:02d}-05", "type": "支委会"} for n in months]
    body = {"name": f"{name}支部", "venue": {"fixed": True}} | ({"parent": parent} if parent else {})
    coverage = {"from": "2023-01-01", "to": "2025-12-31"}
    return audited(
        {"branch": body, "coverage": coverage, "activities": log}, Span(span, span.end), name, f"{name}.yaml"
    )


def told(*assessments: Assessment, rank: bool = False) -> Summary:
    """The summary of these assessments, read back from a report."""
    summary = Summary(rank=rank)
    for a in reread(*assessments).assessments:
        summary.add(a)
    return summary


def saved(path: Path, *assessments: Assessment) -> Path:
    path.write_text(text(assessments, path.suffix[1:]), encoding="utf-8")
    return path


WHOLE = tuple(range(1, 13))


@settings(max_examples=settings.default.max_examples // 5)
@given(st.lists(records(), min_size=1, max_size=4))
def test_summary_agrees_with_the_overview_of_the_audit(listed: list[dict[str, Any]]) -> None:
    """Reports read back are counted as the assessments they were written from."""
    made = [audited(record, branch=f"b{n}", file=f"{n}.yaml") for n, record in enumerate(listed)]
    tally = told(*made).standards["test"].current

    assert [(p.rule.id, p.branches, p.times) for p in overview.together(made).common_problems()] == [
        (p.rule.id, p.branches, p.times) for p in tally.by_branches()
    ]
    assert [(u.name, u.count, u.clean, u.deficiencies, u.waiting) for u in overview.together(made).units()] == [
        (u.name, u.count, u.clean, u.deficiencies, u.waiting) for u in tally.overview.units()
    ]
    assert overview.together(made).distribution() == tally.overview.distribution()


@settings(max_examples=settings.default.max_examples // 5)
@given(st.data())
def test_order_of_reports_changes_no_number(data: st.DataObject) -> None:
    """Only the order in which equals are named."""
    made = [branch(name, months) for name, months in (("a", (1, 2)), ("b", WHOLE), ("c", ()), ("d", (5,)))]
    mixed = data.draw(st.permutations(made))
    one, other = told(*made).standards["test"].current, told(*mixed).standards["test"].current
    assert [(p.rule.id, set(p.branches), p.times, p.points) for p in one.by_branches()] == [
        (p.rule.id, set(p.branches), p.times, p.points) for p in other.by_branches()
    ]
    assert (one.average, one.outcomes, one.overview.distribution()) == (
        other.average,
        other.outcomes,
        other.overview.distribution(),
    )


def test_problems_are_ranked_by_branches_and_by_points():
    """What two branches missed once comes before what one missed often; by points it is the other way."""
    found = told(branch("a", WHOLE[:-1]), branch("b", WHOLE[:-1]), branch("c", WHOLE)).standards["test"].current
    [top, *_] = [p for p in found.by_branches() if p.rule.id == "T-1"]
    assert (("a", "b"), 2, Fraction(1)) == (top.branches, top.times, top.points)
    assert "T-1" == next(p.rule.id for p in found.by_points())


def test_worst_duties_are_the_indicators_that_lost_the_greatest_part():
    """Points lost for certain, as part of the points there were."""
    [worst] = told(branch("a"), branch("b", WHOLE)).standards["test"].current.worst_items()
    assert ("1", Fraction(6), Fraction(6, 20), 1) == (worst.id, worst.lost, worst.rate, worst.branches)


def test_nobody_is_ranked_unless_asked():
    """Neither in text nor in JSON; branches are named in the order of the reports."""
    made = [branch("丙", ()), branch("甲", WHOLE)]
    for shown in (summary_text(told(*made), Look()), summary_markdown(told(*made)), summary_json(told(*made))):
        assert "名次" not in shown
        assert "ranking" not in shown


def scored(low: str, high: str, name: str) -> ReportedAssessment:
    """An assessment with that score out of 100."""
    [a] = reread(branch(name)).assessments
    return replace(a, score=ReportedScore(Fraction(low), Fraction(high), Fraction(100), Fraction(1)))


def test_a_ranking_knows_where_intervals_overlap():
    """90 is first for certain; 60 to 80 and 70 share second and third; equals share one place."""
    summary = Summary(rank=True)
    for low, high, name in (
        ("60", "80", "a"),
        ("90", "90", "b"),
        ("70", "70", "c"),
        ("10", "10", "d"),
        ("10", "10", "e"),
    ):
        summary.add(scored(low, high, name))
    ranked = {r.branch: (r.best, r.worst) for r in summary.standards["test"].ranking()}
    assert {"b": (1, 1), "a": (2, 3), "c": (2, 3), "d": (4, 4), "e": (4, 4)} == ranked


def test_several_periods_make_a_trend():
    """Two years of the same branches: the tables show the last, the trend both."""
    years = [branch(name, months, year) for year, months in (("2023", ()), ("2024", WHOLE)) for name in ("a", "b")]
    standard = told(*years).standards["test"]
    assert [(date(2023, 12, 31), 2), (date(2024, 12, 31), 2)] == [(m.end, t.count) for m, t in standard.series()]
    assert 2 == standard.current.count
    shown = summary_text(told(*years), Look())
    assert "逐期" in shown
    assert "2023年" in shown


def test_periods_that_merely_differ_by_branch_make_none():
    """Each branch has its own: they are counted together, and it is said."""
    standard = told(branch("a", (), "2023"), branch("b", (), "2024"))
    assert [] == standard.standards["test"].series()
    assert "各支部的核查期间不同，共 2 种" in summary_text(standard, Look())


def test_the_same_assessment_in_two_files_counts_once(run: Run, tmp_path: Path):
    """A folder that holds both forms of one report."""
    saved(tmp_path / "a.json", branch("a"))
    saved(tmp_path / "a.jsonl", branch("a"))
    done = run("summary", tmp_path, "-f", "json")
    assert (0, 1, 1) == (done.status, done.json["assessments"], done.json["repeated"])


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_branches_of_one_number_in_two_records_are_named(run: Run, tmp_path: Path, engine: str):
    """Both count; people are told whom to ask, the first eight of them."""
    if engine == "duckdb":
        pytest.importorskip("duckdb", reason="the extra 'analytics' is not installed")
    record = LAX.read_text(encoding="utf-8")
    for n in range(12):
        text = record.replace("id: lax", f"id: b{n:02}")
        for copy in ("甲", "乙") if n else ("甲",):
            (tmp_path / f"{copy}{n}.yaml").write_text(text, encoding="utf-8")
    run("audit", tmp_path, *PROBE, "-o", f"rows:{tmp_path / 'r.jsonl'}")
    shown = "".join(run("summary", tmp_path / "r.jsonl", "--engine", engine).out.split())
    named = "、".join(f"b{n:02}" for n in range(1, 9))
    assert f"有11份结论和前面的编号相同、记录不同，都算了；请核对是不是同一个支部：{named}等。" in shown


def test_how_much_is_undecided_is_told():
    """As part of all duties, and as part of the points."""
    shown = summary_text(told(audited({"branch": {"name": "甲"}, "activities": []})), Look())
    assert "资料不足" in shown
    assert "已核定的占分值的" in shown


def test_circular_states_facts_only():
    """General state and what was found, with grounds; no demand, no praise."""
    found = json.loads(summary_json(told(branch("a"), branch("b", WHOLE))))["standards"][0]["circular"]
    assert "共得出核查结论 2 份" in found["general"][0]
    assert any("依据：《测试文件》第一条。" in line for line in found["found"])


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_do_no_harm(name: str):
    """In any format."""
    made = replace(branch("a"), branch=branch("a").branch._replace(name=NAMES[name], parent=NAMES[name]))
    [a] = reread(branch("a")).assessments
    summary = Summary(rank=True)
    summary.add(replace(a, branch=replace(a.branch, name=made.branch.name, parent=made.branch.name)))
    shown = summary_text(summary, Look())
    assert "\x1b" not in shown
    assert "<script" not in summary_markdown(summary)
    assert json.loads(summary_json(summary))
    sheets = workbook(summary_workbook(summary))
    assert all(cell.data_type != "f" for sheet in sheets for row in sheet.iter_rows() for cell in row)


def test_text_keeps_within_its_width():
    """However long names are."""
    long = replace(branch("a"), branch=branch("a").branch._replace(name="很长的名字" * 20, parent="更长的名字" * 20))
    assert max(cell_len(line) for line in summary_text(told(long), Look(width=60)).splitlines()) <= 60


def test_lines_are_not_held_in_memory(tmp_path: Path):
    """Thirty times the lines, hardly more memory: each is forgotten when it is counted."""
    line = text([branch("a")], "jsonl")

    def peak(count: int) -> int:
        path = tmp_path / f"{count}.jsonl"
        with path.open("w", encoding="utf-8") as stream:
            for n in range(count):
                stream.write(line.replace('"id":"a"', f'"id":"b{n}"', 1))
        tracemalloc.start()
        summary, problems = summarize([path])
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (count, []) == (summary.count, problems)
        return most

    peak(10)
    assert peak(900) - peak(30) < 870 * len(line) // 4


def test_broken_reports_are_told_and_the_others_counted(run: Run, tmp_path: Path):
    """Status 2; comparisons and summaries lying in the folder are passed over."""
    saved(tmp_path / "a.json", branch("a"))
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "diff.json").write_text('{"schema": "dj-check.diff/1"}', encoding="utf-8")
    done = run("summary", tmp_path, "-f", "json")
    assert (2, 1, 1) == (done.status, done.json["assessments"], len(done.err.splitlines()))


def test_nothing_to_count_is_status_3(run: Run, tmp_path: Path):
    """An empty folder."""
    done = run("summary", tmp_path)
    assert (3, True) == (done.status, "没有一份核查结论" in done.err)


def test_real_records_in_all_formats(run: Run, tmp_path: Path):
    """Two records, two standards, two periods."""
    for period in ("2024H1", "2024H2"):
        run("audit", LAX, SOUND, "--rules", *PROBE[1:2], "--period", period, "-o", f"jsonl:{tmp_path}/{period}.jsonl")
    forms = ("terminal", "json", "markdown", "xlsx")
    arguments = [part for form in forms for part in ("--output", f"{form}:{tmp_path}/s.{form}")]
    done = run("summary", tmp_path, *arguments, "--rank")
    assert (0, "") == (done.status, done.err)
    assert all((tmp_path / f"s.{form}").stat().st_size for form in forms)
    assert "汇总" in workbook((tmp_path / "s.xlsx").read_bytes()).sheetnames
