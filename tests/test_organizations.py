"""A superior's own record: judged by the superior's duties only, and those duties never held against a branch."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from builders import assessed, outcomes
from dangjian_check.loading.standards import load_standards
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from program import ROOT, Run

STANDARDS = ("zju", "voc", "qhu", "gaibei", "xuhui")
EXAMPLES = ROOT / "examples" / "organizations"
EMPTY = (
    "coverage: {from: 2024-01-01, to: 2024-12-31}\nactivities: []\nplans: []\ndocuments: []\ntraining: []\n"
    "inspections: []\nissues: []\nselfchecks: []\nmedia: []\nawards: []\ntalks: []\nopinions: []\n"
)
ORGANIZATION = "organization: {name: 某党委}\nbranches: []\nvisits: []\nfilings: []\n" + EMPTY
BRANCH = "branch: {name: 某党支部, type: 教师, venue: {fixed: false}, setup_basis: 别的}\n" + EMPTY


@cache
def standard(name: str) -> Standard:
    """A built-in standard, loaded once."""
    return load_standards([name])[0]


@cache
def rule(rule_id: str) -> Rule:
    """A rule of one of the five documents by its id."""
    prefix = {"ZJU": "zju", "VOC": "voc", "QHU": "qhu", "GB": "gaibei", "XH": "xuhui"}[rule_id.split("-")[0]]
    found = standard(prefix).rule(rule_id)
    assert found is not None, rule_id
    return found


@pytest.mark.parametrize("name", STANDARDS)
def test_a_superiors_record_is_not_judged_by_the_branchs_duties(name: str) -> None:
    """Each duty that shows in a branch's record does not apply to the superior's, and the reason says where it is
    judged (unless the demand was not in force at all)."""
    found = assessed(standard(name), ORGANIZATION, "2024")
    elsewhere = [o for o in found.outcomes if o.rule.shown_in == "branch"]
    reasons = {o.reason for o in elsewhere if o.rule.in_force(o.windows[0].window).value}

    assert {"not_applicable"} == {o.outcome.value for o in elsewhere}
    assert {"在支部自己的记录里核，不在上级的记录里核"} == reasons


@pytest.mark.parametrize("name", STANDARDS)
def test_a_superiors_deficiencies_and_counts_are_the_superiors(name: str) -> None:
    """An empty year gives a superior deficiencies, all of its own duties; only its duties are counted; it has no
    annex."""
    found = assessed(standard(name), ORGANIZATION, "2024")

    assert found.deficiencies or name == "voc"
    assert all(d.rule.by_superior for d in found.deficiencies)
    assert sum(r.by_superior for r in standard(name).rules) == sum(found.counts().values())
    assert [] == list(found.annex())


@pytest.mark.parametrize("name", STANDARDS)
def test_a_superior_can_lose_no_more_than_its_own_hundred_points(name: str) -> None:
    """The superior's score is out of 100 over its own duties, whatever the branch's table is worth."""
    found = assessed(standard(name), ORGANIZATION, "2024")
    assert found.score is not None

    assert 100 == found.score.max
    assert not found.score.own_sheet
    assert 0 <= found.score.low <= found.score.high <= 100


@pytest.mark.parametrize("name", STANDARDS)
def test_a_branch_lists_the_superiors_duties_apart_and_never_as_its_deficiency(name: str) -> None:
    """In an empty year everything may fail: the superior's duties stand in the annex, all of them, and none is a
    deficiency or counted."""
    found = assessed(standard(name), BRANCH, "2024")
    superior = {r.id for r in standard(name).rules if r.by_superior}

    assert superior == {o.rule.id for o in found.annex()}
    assert len(standard(name).rules) - len(superior) == sum(found.counts().values())
    assert found.deficiencies
    assert not superior & {d.rule.id for d in found.deficiencies}


@pytest.mark.parametrize("name", STANDARDS)
def test_a_duty_only_the_superior_can_show_is_never_failed_in_a_branchs_record(name: str) -> None:
    """Without `seen_in: branch` it waits for the superior's record or does not apply, with that reason."""
    found = assessed(standard(name), BRANCH, "2024")
    unseen = [o for o in found.annex() if o.rule.shown_in == "organization"]

    assert unseen
    assert {o.outcome.value for o in unseen} <= {"manual", "not_applicable"}
    assert {"上级党组织的职责，支部记录里核不了，须查上级记录"} == {
        o.reason for o in unseen if o.outcome.value == "manual"
    }


def test_a_superiors_duty_seen_in_the_branch_fails_there_without_being_its_deficiency() -> None:
    """No fixed room (VOC-5.4.1-1): a failure in the annex and never a deficiency of the branch's; only the official
    table, with what the superior answers for, takes points for it."""
    plain, official = (assessed(standard("voc"), BRANCH, "2024", with_superior=w) for w in (False, True))
    annex = {o.rule.id: o.outcome.value for o in plain.annex()}

    assert "fail" == annex["VOC-5.4.1-1"]
    assert "VOC-5.4.1-1" not in {d.rule.id for d in (*plain.deficiencies, *official.deficiencies)}
    assert plain.score is not None
    assert official.score is not None
    assert official.score.high <= plain.score.high - 2


# The college's plan of three years: how many branches of what level at the end of each


def school(total: int, accredited: int = 0, models: int = 0, provincial: int = 0, national: int = 0) -> str:
    """A school with so many branches; a model of a higher level is one of the lower levels too."""
    levels = ["国家级样板"] * national + ["省级样板"] * (provincial - national)
    levels += ["校级样板"] * (models - len(levels))
    levels += ["达标"] * (accredited - len(levels))
    rows = [{"name": f"支部{n}"} for n in range(total)]
    for row, level in zip(rows, levels, strict=False):
        row["accreditation"] = [{"level": level, "date": "2019-11-30"}]  # type: ignore[assignment]
    return json.dumps(
        {"organization": {"name": "某学校党委", "type": "学校党委"}, "branches": rows}, ensure_ascii=False
    )


@pytest.mark.parametrize(
    ("rule_id", "as_of", "enough", "short"),
    [
        ("VOC-B4.1.1-2", "2019-12-31", school(5, 4), school(9, 7)),
        ("VOC-B4.1.1-3", "2019-12-31", school(9, 9, 2), school(9, 9, 1)),
        ("VOC-B4.2.2-3", "2020-12-31", school(9, 9), school(9, 8)),
        ("VOC-B4.2.2-4a", "2020-12-31", school(9, 9, 4), school(9, 9, 3)),
        ("VOC-B4.2.2-4b", "2020-12-31", school(40, 40, 4), school(41, 41, 4)),
        ("VOC-B4.2.2-5a", "2020-12-31", school(9, 9, 4, 2), school(9, 9, 4, 1)),
        ("VOC-B4.2.2-5b", "2020-12-31", school(40, 40, 4, 2), school(41, 41, 4, 2)),
        ("VOC-B4.3.2-2a", "2021-12-31", school(60, 60, 12), school(60, 60, 11)),
        ("VOC-B4.3.2-2b", "2021-12-31", school(60, 60, 12), school(61, 61, 12)),
        ("VOC-B4.3.2-3a", "2021-12-31", school(60, 60, 12, 6), school(60, 60, 12, 5)),
        ("VOC-B4.3.2-3b", "2021-12-31", school(60, 60, 12, 6), school(61, 61, 12, 6)),
        ("VOC-B4.3.3.1-2", "2021-12-31", school(60, 60, 12, 4), school(60, 60, 12, 3)),
    ],
)
def test_the_schools_yearly_goals_are_counted_off_its_list_of_branches(
    rule_id: str, as_of: str, enough: str, short: str
) -> None:
    """Exactly enough passes, one fewer (or one branch more) fails, on the last day of the stage."""
    assert {"state": "pass"} == outcomes(rule(rule_id), enough, as_of[:4], as_of)
    assert {"state": "fail"} == outcomes(rule(rule_id), short, as_of[:4], as_of)


def test_a_goal_the_school_may_strive_for_is_no_failure() -> None:
    """One national model branch is only encouraged: none does not count against the school."""
    assert {"state": "pass"} == outcomes(rule("VOC-B4.3.2-4"), school(9, 9, 1, 1, 1), "2021", "2021-12-31")
    assert {"state": "not_applicable"} == outcomes(rule("VOC-B4.3.2-4"), school(9, 9, 1, 1), "2021", "2021-12-31")


def test_an_accreditation_after_the_day_does_not_count() -> None:
    """What was granted on 1 January 2020 is not there at the end of 2019."""
    late = school(2, 2, 2).replace("2019-11-30", "2020-01-01", 1)

    assert {"state": "fail"} == outcomes(rule("VOC-B4.1.1-3"), late, "2019", "2019-12-31")


def test_the_schools_goals_do_not_bind_a_college() -> None:
    """A 院级党组织 answers for its own duties, not for the school's number of models."""
    college = school(5).replace("学校党委", "院级党组织")

    assert {"state": "not_applicable"} == outcomes(rule("VOC-B4.1.1-3"), college, "2019", "2019-12-31")


HEAD = "organization: {name: 某党委}\ncoverage: {from: 2023-08-01, to: 2024-12-31}\n"
TOWN = HEAD + "headcount: {formal: 195, probationary: %d}\nissues: [{found: 2024-05-01, kind: 警示型党员, topic: 甲}]"
TRAINED = HEAD + "training: [{id: t, audience: 党组织书记, count: %d, out_of: 6, from: 2024-03-14}]"
LECTURES = (
    HEAD + "committee: {elected: 2021-01-10, posts: [{name: 甲, post: 书记}, {name: 乙, post: 副书记}]}\n"
    "activities: [{date: 2023-10-10, type: 党课, lecturer: 甲}, {date: 2024-05-10, type: 党课, lecturer: %s}]"
)
ROOMS = HEAD + "branches: [{id: a, name: 甲, venue: true}, {id: b, name: 乙, venue: %s}]"
VILLAGES = (
    HEAD + "branches: [{id: a, name: 甲村, type: 村}, {id: b, name: 乙村, type: 村}, {id: c, name: 机关, type: 机关}]\n"
    "visits: [{date: 2024-03-01, by: 李某, kind: 包村, branch: a}, {date: 2024-03-01, by: 李某, kind: %s, branch: b}]"
)
STUDIES = (
    HEAD + "activities: [{date: 2024-03-01, type: 中心组学习, tags: [党章]}, "
    "{date: 2024-06-01, type: 中心组学习, tags: [重要讲话]}, {date: 2024-09-01, type: 中心组学习, tags: [%s]}, "
    "{date: 2024-12-01, type: 中心组学习, tags: [经费]}]"
)
SENT = "\n  - {date: 2024-%02d-05, kind: 月送党课}"
ALL_SENT = HEAD + "documents:" + "".join(SENT % n for n in range(1, 13))
WEAK = HEAD + "issues: [{id: x, found: 2024-05-08, kind: 软弱涣散, topic: 甲%s}]"


@pytest.mark.parametrize(
    ("rule_id", "record", "expected"),
    [
        ("GB-4.5.3-7", TOWN % 5, {"2024H1": "manual", "2024H2": "fail"}),
        ("GB-4.5.3-7", TOWN % 6, {"2024H1": "fail", "2024H2": "fail"}),
        ("GB-4.1.2-1b", TRAINED % 6, {"on:t": "pass"}),
        ("GB-4.1.2-1b", TRAINED % 5, {"on:t": "fail"}),
        ("GB-5.1-2", VILLAGES % "包村指导", {"2024/a": "manual", "2024/b": "manual"}),
        ("GB-5.1-2", VILLAGES % "慰问", {"2024/a": "manual", "2024/b": "fail"}),
        ("GB-4.2.2-3", HEAD + "visits: [{date: 2024-12-31, by: 李某, level: 区级}]", {"2024": "manual"}),
        ("GB-4.2.2-3", HEAD + "visits: [{date: 2024-12-31, by: 李某, level: 镇级}]", {"2024": "fail"}),
        ("ZJU-2.4-10", HEAD + "training: [{audience: 支部书记, from: 2024-03-29}]", {"2024": "pass"}),
        ("ZJU-2.4-10", HEAD + "training: [{audience: 组织员, from: 2024-03-29}]", {"2024": "fail"}),
        ("ZJU-2.5-14", LECTURES % "甲", {"2023-autumn": "pass", "2024-spring": "pass", "2024-autumn": "pending"}),
        ("ZJU-2.5-14", LECTURES % "乙", {"2023-autumn": "pass", "2024-spring": "fail", "2024-autumn": "pending"}),
        ("ZJU-2.1-2a", STUDIES % "党规", {"2024": "manual"}),
        ("ZJU-2.1-2a", STUDIES % "经费", {"2024": "fail"}),
        ("ZJU-2.4-18", ROOMS % "true", {"state/a": "manual", "state/b": "manual"}),
        ("ZJU-2.4-18", ROOMS % "false", {"state/a": "manual", "state/b": "fail"}),
        ("XH-6-4b", ROOMS % "false", {"state/a": "manual", "state/b": "fail"}),
        ("XH-6-3b", WEAK % ", measure: 整顿", {"on:x": "manual"}),
        ("XH-6-3b", WEAK % "", {"on:x": "fail"}),
        ("XH-S4.1-2", HEAD + "activities: [{date: 2024-01-18, type: 专题研究部署}]", {"2024": "manual"}),
        ("XH-S4.1-2", HEAD + "activities: [{date: 2023-12-18, type: 专题研究部署}]", {"2024": "fail"}),
        ("QHU-3.4-4", WEAK % ", measure: 整顿", {"on:x": "manual"}),
        ("QHU-3.4-4", WEAK % "", {"on:x": "fail"}),
        ("QHU-4.2-2", HEAD + "documents: [{kind: 检查评估报告, date: 2024-12-27}]", {"2024": "manual"}),
        ("QHU-4.2-2", HEAD + "documents: [{kind: 检查评估报告, date: 2025-01-02}]", {"2024": "fail"}),
    ],
)
def test_the_superiors_numbers_are_decided_on_its_own_record(
    rule_id: str, record: str, expected: dict[str, str]
) -> None:
    """A small record on either side of each number; what a person must still judge is left to a person."""
    assert expected == outcomes(rule(rule_id), record, "2024")


def test_a_month_without_lecture_material_is_the_one_that_fails() -> None:
    """GB-4.5.1-6: twelve months sent, all for a person to look at; August left out, August fails."""
    whole = outcomes(rule("GB-4.5.1-6"), ALL_SENT, "2024")
    without = outcomes(rule("GB-4.5.1-6"), ALL_SENT.replace(SENT % 8, ""), "2024")

    assert {f"2024-{n:02d}" for n in range(1, 13)} == set(whole)
    assert {"2024-08": "fail"} == {w: o for w, o in without.items() if o != whole[w]}


def test_a_series_the_superior_does_not_keep_is_unknown() -> None:
    """No `training` at all says nothing about training; an empty one says there was none."""
    kept = {text: outcomes(rule("ZJU-2.4-10"), HEAD + text, "2024") for text in ("", "training: []")}

    assert {"": {"2024": "unknown"}, "training: []": {"2024": "fail"}} == kept


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("college.yaml", {"zju": {"ZJU-3.1-6a", "ZJU-2.4-18"}, "voc": {"VOC-3.1.2-1"}}),
        ("graduate-school.yaml", {"qhu": {"QHU-3.6-3", "QHU-4.2-4", "QHU-4.3-1"}}),
        ("town.yaml", {"gaibei": {"GB-4.4.2-5", "GB-4.1.2-1b", "GB-4.5.3-8", "GB-5.1-2", "GB-4.5.1-6"}}),
        ("education-committee.yaml", {"xuhui": {"XH-S4.1-3", "XH-10-2b", "XH-6-4b"}}),
    ],
)
def test_the_example_records_of_superiors_show_just_the_lapses_put_into_them(
    file: str, expected: dict[str, set[str]], run: Run
) -> None:
    """Each example is judged without an error and has the few lapses it was written with."""
    done = run("audit", Path(EXAMPLES) / file, "-f", "json", "--as-of", "2024-12-31")
    told: dict[str, Any] = {a["standard"]: a for a in done.json["assessments"]}

    assert expected == {name: {d["rule"] for d in a["deficiencies"]} for name, a in told.items()}
    assert {0} == {a["counts"]["error"] for a in told.values()}
    assert (1, []) == (done.status, done.json["problems"])


def test_a_branch_may_not_list_branches_and_a_record_has_one_body(run: Run, tmp_path: Path) -> None:
    """Both a branch and an organization, or neither, or a branch with `branches`, are refused."""
    texts = ("{branch: {name: 甲}, organization: {name: 乙}}", "activities: []", "{branch: {name: 甲}, branches: []}")
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text + "\n", encoding="utf-8")

        assert 2 == run("validate", path).status, text
