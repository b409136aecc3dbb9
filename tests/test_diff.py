"""``dj-check diff``: states, reasons, people, waivers, scores, exit statuses, each on a small record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from builders import record_from, yaml
from dangjian_check.engine.assess import Span, assess
from dangjian_check.engine.assessment import Assessment, BranchRef
from dangjian_check.engine.diff import Comparison, Finding, State, diff
from dangjian_check.engine.reported import ReportedRun, ReportedWaived
from dangjian_check.model.calendar import Period, parse_period
from dangjian_check.model.facts import Facts
from program import LAX, PROBE, SOUND, Done, Run
from rereading import YEAR, audited, pack, reread, text

RECORD = """\
branch: {id: b1, name: 机械支部, venue: {fixed: true}}
coverage: {from: 2023-10-01, to: 2024-12-31}
groups:
- {id: g1}
members:
- {name: 甲, status: 正式}
- {name: 乙, status: 正式}
- {name: 丙, status: 正式}
activities:
- {id: a1, date: 2024-01-05, type: 支委会, attendance: {expected: 5, present: 5}}
- {id: a2, date: 2024-02-05, type: 支委会, attendance: {expected: 5, present: 1}}
- {date: 2024-05-10, type: 党员大会, attendance: {present: [甲]}}
"""


def record(*more: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The record above with further activities, other parts changed."""
    base = yaml(RECORD)
    return base | {"activities": [*base["activities"], *more]} | changed


def report(*more: dict[str, Any], period: str = "2024", as_of: date | None = None, **changed: Any) -> ReportedRun:
    """The report on that record."""
    span = parse_period(period)
    assert span is not None
    return reread(audited(record(*more, **changed), Span(span, as_of or span.end)))


def only(old: ReportedRun, new: ReportedRun) -> Comparison:
    """The one comparison of two reports."""
    [comparison] = diff(old, new).comparisons
    return comparison


def found(old: ReportedRun, new: ReportedRun, rule: str, window: str) -> Finding:
    """What became of one deficiency, of the old report if it has it."""
    mine = [f for f in only(old, new).findings if (f.shown.rule, f.shown.window) == (rule, window)]
    return next((f for f in mine if f.old is not None), mine[0])


MARCH = {"date": "2024-03-05", "type": "支委会", "attendance": {"expected": 5, "present": 5}}


def test_a_meeting_entered_later_is_fixed_and_says_what_is_seen():
    """With the sentence of the new report."""
    finding = found(report(), report(MARCH), "T-1", "2024-03")
    assert (State.FIXED, "2024年3月应有支委会不少于 1 次，实有 1 次") == (finding.state, finding.cases[0].reason)


def test_what_still_lacks_persists():
    """April is missing both times."""
    assert State.PERSISTING is found(report(), report(MARCH), "T-1", "2024-04").state


def test_the_same_rule_in_another_window_is_repeated():
    """The first half of the year named the months; July is new and names them."""
    finding = found(report(period="2024H1"), report(), "T-1", "2024-07")
    assert (State.REPEATED, "上次报告里已有：2024年3月、2024年4月、2024年5月、2024年6月") == (
        finding.state,
        finding.reason,
    )


def test_a_new_entry_with_the_old_defect_is_repeated():
    """An ill attended meeting again: the entry is another one, the fault is not."""
    again = {"id": "a9", "date": "2024-09-05", "type": "支委会", "attendance": {"expected": 5, "present": 1}}
    finding = found(report(), report(again), "T-3", "on:a9")
    assert State.REPEATED is finding.state
    assert "活动 a2" in finding.reason


def test_a_first_failure_of_a_rule_is_new():
    """Nothing of that rule failed before."""
    finding = found(
        report(), report(branch={"id": "b1", "name": "机械支部", "venue": {"fixed": False}}), "T-6", "state"
    )
    assert State.NEW is finding.state


NOT_RECHECKED = {
    "another-period": ({"period": "2024H2"}, "T-1", "2024-03", "不在新报告的核查期间（2024-07-01 至 2024-12-31）"),
    "not-covered": (
        {"coverage": {"from": "2024-06-01", "to": "2024-12-31"}},
        "T-1",
        "2024-03",
        "资料不足：",
    ),
    "pending-again": ({"as_of": date(2024, 3, 10)}, "T-1", "2024-03", "未到期"),
    "not-reached": ({"as_of": date(2024, 2, 10)}, "T-1", "2024-03", "新报告只核到 2024-02-10"),
    "group-gone": ({"groups": []}, "T-2", "2024Q1", "不适用"),
    "group-renamed": ({"groups": [{"id": "g7"}]}, "T-2", "2024Q1", "没有这个对象"),
    "founded-later": (
        {"branch": {"id": "b1", "name": "机械支部", "founded": "2024-04-10"}},
        "T-1",
        "2024-03",
        "不适用",
    ),
}


@pytest.mark.parametrize("name", NOT_RECHECKED)
def test_not_rechecked_says_why_and_is_never_fixed(name: str):
    """Outside the period, not covered, pending, gone, not applicable: none of it is put right."""
    changed, rule, window, reason = NOT_RECHECKED[name]
    finding = found(report(), report(**changed), rule, window)
    assert (State.NOT_RECHECKED, True) == (finding.state, reason in finding.reason), finding.reason


def test_an_entry_taken_out_of_the_record_is_not_fixed():
    """Deleting the ill attended meeting does not put it right."""
    log = [entry for entry in record()["activities"] if entry.get("id") != "a2"]
    finding = found(report(), report(activities=log), "T-3", "on:a2")
    assert (State.NOT_RECHECKED, True) == (finding.state, "已从记录里删去" in finding.reason)


def test_a_rule_that_left_the_standard_is_not_fixed():
    """The new report says nothing of it."""
    old, new = report(), report()
    [a] = new.assessments
    kept = replace(a, outcomes=tuple(o for o in a.outcomes if o.rule != "T-1"), deficiencies=())
    finding = found(old, replace(new, assessments=(kept,)), "T-1", "2024-03")
    assert (State.NOT_RECHECKED, "新报告用的标准里没有这条规则") == (finding.state, finding.reason)


def test_a_branch_missing_from_the_new_report_is_not_fixed():
    """All of it, with the reason; files that could not be read are mentioned."""
    old = report()
    empty = ReportedRun("new.json", ())
    assert {State.NOT_RECHECKED} == {f.state for f in only(old, empty).findings}
    assert all("没有这个支部" in f.reason for f in only(old, empty).findings)


def waived(run: ReportedRun, rule: str) -> ReportedRun:
    """The report with the deficiencies of a rule moved to the waived ones, as an audit with waivers writes it."""
    [a] = run.assessments
    mine = [d for d in a.deficiencies if d.rule == rule]
    fields = [{name: getattr(d, name) for name in d.__dataclass_fields__} for d in mine]
    moved = tuple(ReportedWaived(**f, waiver={"id": "W-1", "reason": "防汛"}) for f in fields)
    left = tuple(d for d in a.deficiencies if d.rule != rule)
    return replace(run, assessments=(replace(a, deficiencies=left, waived=moved),))


def test_what_is_waived_now_is_not_fixed():
    """It names the waiver."""
    finding = found(report(), waived(report(), "T-1"), "T-1", "2024-03")
    assert (State.NOT_RECHECKED, "已准予豁免（W-1，防汛）") == (finding.state, finding.reason)


def test_people_waived_together_are_each_not_rechecked():
    """A finding of several people."""
    finding = found(report(), waived(report(), "T-4"), "T-4", "2024H1")
    assert {"已准予豁免（W-1，防汛）"} == {case.reason for case in finding.cases}


def test_what_was_waived_before_and_is_no_longer_is_told():
    """New in the list, with its story."""
    finding = found(waived(report(), "T-1"), report(), "T-1", "2024-03")
    assert (State.NEW, "上次准予豁免，这次没有") == (finding.state, finding.reason)


def test_people_put_right_one_by_one_are_told_by_name():
    """Two missed the half year; one has made it up since."""
    later = {"date": "2024-06-20", "type": "党员大会", "attendance": {"present": ["乙"]}}
    finding = found(report(), report(later), "T-4", "2024H1")
    assert (State.PERSISTING, {"乙": State.FIXED, "丙": State.PERSISTING}) == (
        finding.state,
        {case.label: case.state for case in finding.cases},
    )


def test_all_people_put_right_is_fixed():
    """The whole deficiency is gone."""
    later = {"date": "2024-06-20", "type": "党员大会", "attendance": {"present": ["乙", "丙"]}}
    finding = found(report(), report(later), "T-4", "2024H1")
    assert (State.FIXED, {State.FIXED}) == (finding.state, {case.state for case in finding.cases})


def test_a_member_who_left_is_not_fixed():
    """One made it up, one is no longer on the roster: the deficiency is not rechecked, with the name."""
    later = {"date": "2024-06-20", "type": "党员大会", "attendance": {"present": ["乙"]}}
    two = [{"name": "甲", "status": "正式"}, {"name": "乙", "status": "正式"}]
    finding = found(report(), report(later, members=two), "T-4", "2024H1")
    assert (State.NOT_RECHECKED, {"乙": State.FIXED, "丙": State.NOT_RECHECKED}) == (
        finding.state,
        {case.label: case.state for case in finding.cases},
    )


def test_someone_else_in_the_same_window_persists_with_both_told():
    """The deficiency is still there, though with another person."""
    before = [{"date": "2024-05-10", "type": "党员大会", "attendance": {"present": ["甲", "乙"]}}]
    after = [{"date": "2024-05-10", "type": "党员大会", "attendance": {"present": ["甲", "丙"]}}]
    finding = found(report(activities=before), report(activities=after), "T-4", "2024H1")
    told = {case.label: case.state for case in finding.cases}
    assert (State.PERSISTING, State.FIXED, True) == (
        finding.state,
        told["丙"],
        told["乙"] in (State.NEW, State.REPEATED),
    )


def test_names_masked_alike_are_never_taken_for_each_other():
    """Two of one mask fail, then one of them: one persists, the other is not called fixed."""
    twins = [{"name": "甲", "id": "x", "status": "正式"}, {"name": "乙", "id": "y", "status": "正式"}]
    runs = [report(members=twins, activities=[]), report(members=twins)]

    def masked(run: ReportedRun) -> ReportedRun:
        [a] = run.assessments
        outcomes = tuple(
            replace(o, windows=tuple(replace(w, subject=w.subject and "某") for w in o.windows)) for o in a.outcomes
        )
        hidden = tuple(replace(d, people=tuple("某" for _ in d.people)) for d in a.deficiencies)
        return replace(run, assessments=(replace(a, outcomes=outcomes, deficiencies=hidden),))

    for finding in only(*map(masked, runs)).findings:
        assert not finding.by_person or State.FIXED not in {case.state for case in finding.cases}


def test_a_branch_whose_id_changed_is_known_by_its_name():
    """The id follows the file where the record has none; the name must be the only one."""
    old = reread(audited(record(), branch="2023-b", file="2023/b.yaml"))
    new = reread(audited(record(MARCH), branch="2024-b", file="2024/b.yaml"))
    comparison = only(old, new)
    assert (True, State.FIXED) == ("编号由 2023-b 变为 2024-b" in comparison.notes[0], comparison.findings[-1].state)


def test_two_assessments_of_one_key_are_told(run: Run, tmp_path: Path):
    """Only the first is compared, and the status says that something is wrong."""
    twice = [audited(record()), audited(record(MARCH), file="other.yaml")]
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(text(twice), encoding="utf-8")
    new.write_text(text(twice[:1]), encoding="utf-8")
    done = run("diff", old, new)
    said = "编号 b1 按 test 的核查结论不止一份，只比了机械支部（b1.yaml），没有比机械支部（other.yaml）"
    assert (2, True) == (done.status, said in done.err)


def test_another_state_of_the_standard_is_told():
    """A verdict may have changed because the demand did."""
    old, new = report(), report()
    [a] = new.assessments
    other = replace(new, assessments=(replace(a, standard=replace(a.pack, digest="ffff")),))
    assert ["两次用的标准不是同一版，结论不同可能是因为要求变了"] == list(only(old, other).notes)


def test_reports_given_the_wrong_way_round_are_told():
    """The new one is older."""
    old, new = report(), report(as_of=date(2024, 6, 30))
    assert any("先后有没有写反" in note for note in only(old, new).notes)


def test_score_moves_by_an_interval():
    """Item by item: a meeting more is half a point, the rest stays."""
    change = only(report(), report(MARCH)).score
    assert change is not None
    moved = {item.id: (item.direction, item.by) for item in change.items if item.moved}
    assert {"1": ("up", (0.5, 0.5))} == moved
    assert ("up", (0.5, 0.5)) == (change.total.direction, change.total.by)


def test_an_item_worth_other_points_is_not_compared():
    """Another sheet."""
    old, new = report(), report()
    [a] = new.assessments
    assert a.score is not None
    items = tuple(replace(item, points=item.points + 1) for item in a.score.items)
    other = replace(new, assessments=(replace(a, score=replace(a.score, items=items)),))
    change = only(old, other).score
    assert change is not None
    assert {"incomparable"} == {item.direction for item in change.items}


def test_fingerprints_outlive_renamed_and_reformatted_records(run: Run, tmp_path: Path):
    """The same record under another name, in another form, on another day: everything persists."""
    (tmp_path / "a").mkdir()
    moved = tmp_path / "a" / "改名.json"
    moved.write_text(json.dumps(yaml(LAX.read_text(encoding="utf-8")), ensure_ascii=False), encoding="utf-8")
    old, new = tmp_path / "old.json", tmp_path / "new.jsonl"
    old.write_text(run("audit", LAX, *PROBE, "--period", "2024", "-f", "json").out, encoding="utf-8")
    new.write_text(run("audit", moved, *PROBE, "--period", "2024", "-f", "jsonl").out, encoding="utf-8")
    counts = run("diff", old, new, "-f", "json").json["counts"]
    assert {"repeated": 0, "new": 0, "persisting": 15, "not_rechecked": 0, "fixed": 0} == counts


# The command


def saved(folder: Path, name: str, *assessments: Assessment, form: str = "json") -> Path:
    """The report in a file."""
    path = folder / f"{name}.{form}"
    path.write_text(text(assessments, form), encoding="utf-8")
    return path


def compare(run: Run, folder: Path, old: Assessment, new: Assessment, *more: str | Path) -> Done:
    """Two assessments compared by the program."""
    return run("diff", saved(folder, "old", old), saved(folder, "new", new), *more)


def healthy(missing: tuple[int, ...] = ()) -> Assessment:
    """A branch that only lacks the meetings of some months."""
    log = [
        {"id": f"m{n}", "date": f"2024-{n:02d}-05", "type": ["支委会", "党员大会"], "attendance": {"present": ["甲"]}}
        for n in range(1, 13)
        if n not in missing
    ]
    body = {
        "branch": {"id": "b1", "name": "机械支部", "venue": {"fixed": True}},
        "coverage": {"from": "2024-01-01", "to": "2024-12-31"},
    }
    reference = BranchRef("b1", "机械支部", "b1.yaml")
    return assess(pack(), Facts(record_from(body | {"activities": log}), YEAR, YEAR.end), reference)[0]


STATUSES = {
    "all-fixed": ((3, 4), (), 0),
    "never-anything": ((), (), 0),
    "persists": ((3, 4), (4,), 1),
    "new": ((), (4,), 1),
    "repeated": ((3,), (5,), 1),
}


@pytest.mark.parametrize("name", STATUSES)
def test_status_is_0_only_if_everything_old_is_fixed_and_nothing_new(run: Run, tmp_path: Path, name: str):
    """For scripts: 0 may be closed, 1 may not."""
    before, after, status = STATUSES[name]
    done = compare(run, tmp_path, healthy(before), healthy(after))
    assert (status, "") == (done.status, done.err), done.out


def test_what_is_not_rechecked_is_status_1(run: Run, tmp_path: Path):
    """Nothing persists and nothing is new, but not everything was seen put right."""
    done = compare(
        run,
        tmp_path,
        audited(record(), Span(Period(date(2024, 3, 1), date(2024, 3, 31)), date(2024, 3, 31))),
        healthy(),
    )
    assert 1 == done.status


def test_nothing_in_common_is_status_3(run: Run, tmp_path: Path):
    """Another branch of another name."""
    other = record() | {"branch": {"id": "b2", "name": "别的支部"}}
    done = compare(run, tmp_path, healthy(), audited(other, branch="b2"))
    assert (3, True) == (done.status, "没有一个支部、一份标准对得上" in done.err)


def test_unreadable_report_is_status_2_and_both_are_looked_at(run: Run, tmp_path: Path):
    """One line each."""
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    done = run("diff", tmp_path / "bad.json", tmp_path / "none.json")
    assert (2, "", 2) == (done.status, done.out, len(done.err.splitlines()))


def test_output_never_overwrites_what_is_read(run: Run, tmp_path: Path):
    """Neither report."""
    old = saved(tmp_path, "old", healthy())
    done = run("diff", old, old, "--output", f"json:{old}")
    assert (2, True) == (done.status, "会盖掉" in done.err)


@pytest.mark.parametrize("form", ["terminal", "json", "markdown"])
def test_same_reports_give_the_same_bytes(run: Run, tmp_path: Path, form: str):
    """No clock, no order of chance."""
    first = compare(run, tmp_path, healthy((3, 4)), healthy((4, 5)), "-f", form)
    assert first == compare(run, tmp_path, healthy((3, 4)), healthy((4, 5)), "-f", form)


def test_lines_and_documents_compare_alike(run: Run, tmp_path: Path):
    """The form of a report is nothing to what it says."""
    old, new = healthy((3,)), healthy()
    documents = run("diff", saved(tmp_path, "o", old), saved(tmp_path, "n", new), "-f", "json").json
    lines = run(
        "diff", saved(tmp_path, "o", old, form="jsonl"), saved(tmp_path, "n", new, form="jsonl"), "-f", "json"
    ).json
    assert documents["comparisons"] == lines["comparisons"]


def test_real_records_compare_over_two_periods(run: Run, tmp_path: Path):
    """The first half of the year against the whole, all formats at once."""
    for name, period in (("old", "2024H1"), ("new", "2024")):
        run("audit", LAX, SOUND, *PROBE, "--period", period, "-o", f"jsonl:{tmp_path}/{name}.jsonl")
    files = [f"{form}:{tmp_path}/d.{form}" for form in ("terminal", "json", "markdown", "xlsx")]
    arguments = [part for file in files for part in ("--output", file)]
    done = run("diff", tmp_path / "old.jsonl", tmp_path / "new.jsonl", *arguments)
    assert (1, "") == (done.status, done.err)
    assert all((tmp_path / f"d.{form}").stat().st_size for form in ("terminal", "json", "markdown", "xlsx"))
    assert all(len(line) <= 80 for line in done.out.splitlines())
