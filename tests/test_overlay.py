"""A customer's standard that rests on ours: tightened freely, loosened only with a source, never silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import assessed, item, rule_from
from dangjian_check.errors import DjCheckError, Problem
from dangjian_check.loading.standards import load_standard, load_standards
from dangjian_check.rulebook.overlay import loosens
from dangjian_check.rulebook.standard import Standard
from program import Run

MANIFEST = "id: own\ntitle: 本校要求\nissuer: 某校党委\ndocument: 本校要求\nbased_on: national\n"
ASSEMBLY, COMMITTEE, GROUP = "NAT-ZB-11-1", "NAT-ZB-12-1", "NAT-ZB-13-4"
LOG = "{log: [{every: month, from: 2024-01, to: 2024-12, except: 2024-06, type: 党员大会}]}"
MONTHLY = f"""\
adjust:
  - rule: {ASSEMBLY}
    set: {{title: 党员大会每月召开, check.per: month}}
    reason: 学校要求每月召开
    tests:
      - name: 六月没有开
        record: {LOG}
        expect: {{2024-06: fail, else: pass}}
"""
RECORD = (
    f"coverage: {{from: 2024-01-01, to: 2024-12-31}}\nfounded: 2015-09-01\nformal: 9\ncommittee: false\n{LOG[1:-1]}\n"
)


def pack(folder: Path, adjust: str = "", manifest: str = MANIFEST, **files: str) -> Path:
    """An own standard as a folder."""
    own = folder / "own"
    own.mkdir(parents=True, exist_ok=True)
    for name, text in {"standard": manifest, "adjust": adjust, **files}.items():
        if text:
            (own / f"{name}.yaml").write_text(text, encoding="utf-8")
    return own


def change(rule: str, what: str, source: str = "") -> str:
    """An `adjust.yaml` with one change."""
    told = f"\n    source: {source}" if source else ""
    return f"adjust:\n  - rule: {rule}\n    {what}\n    reason: 本校情况{told}\n"


def refused(folder: Path) -> list[Problem]:
    """Why a standard cannot be used."""
    with pytest.raises(DjCheckError) as caught:
        load_standard(folder)
    return list(caught.value.problems)


def national() -> Standard:
    """What the own standards here rest on."""
    return load_standards(["national"])[0]


def test_what_is_not_mentioned_stays_as_it_is(tmp_path: Path) -> None:
    """Every rule of ours is there, in order; only the one changed is another."""
    own, ours = load_standard(pack(tmp_path, MONTHLY)), national()

    assert [rule.id for rule in ours.rules] == [rule.id for rule in own.rules]
    assert [ASSEMBLY] == [a.id for a, b in zip(own.rules, ours.rules, strict=True) if a != b]
    assert () == own.loosened
    assert own.digest != ours.digest


def test_a_tightened_rule_judges_by_its_new_number(tmp_path: Path) -> None:
    """Eleven assemblies in twelve months: enough for each quarter, one short for each month."""
    told = []
    for standard in (national(), load_standard(pack(tmp_path, MONTHLY))):
        found = assessed(standard, RECORD)
        told.append([d.window for d in found.deficiencies if d.rule.id == ASSEMBLY])

    assert [[], ["2024-06"]] == told


def test_a_changed_rule_has_the_tests_it_is_given_and_no_others(tmp_path: Path) -> None:
    """Ours fall away with the change; without any, `rules lint` asks for them."""
    own = load_standard(pack(tmp_path / "a", MONTHLY)).rule(ASSEMBLY)
    bare = load_standard(pack(tmp_path / "b", change(ASSEMBLY, "set: {check.per: month}"))).rule(ASSEMBLY)
    assert own is not None
    assert bare is not None

    assert (["六月没有开"], []) == ([test.name for test in own.tests], [test.name for test in bare.tests])


def test_the_tests_of_a_change_are_run_and_their_absence_is_told(run: Run, tmp_path: Path) -> None:
    """`rules test` runs the new test; `rules lint` names a changed rule without tests."""
    ran = run("rules", "test", "--rules", pack(tmp_path / "a", MONTHLY), "--rule", ASSEMBLY)
    bare = run("rules", "lint", pack(tmp_path / "b", change(ASSEMBLY, "set: {check.per: month}")))

    assert (0, True) == (ran.status, "1 个测试，0 个不符" in ran.out)
    assert (2, True) == (bare.status, f"{ASSEMBLY}：没有测试" in bare.err)


def test_a_wrong_test_of_a_change_is_red(run: Run, tmp_path: Path) -> None:
    """The changed number is what the new test is held against."""
    wrong = MONTHLY.replace("{2024-06: fail, else: pass}", "pass")
    done = run("rules", "test", "--rules", pack(tmp_path, wrong), "--rule", ASSEMBLY)

    assert (1, True) == (done.status, "六月没有开" in done.out)


LOOSER = [
    (COMMITTEE, "set: {check.per: quarter}"),
    (COMMITTEE, "set: {strength: may}"),
    (COMMITTEE, "set: {applies_when: {branch.has_committee: true, branch.type: 教师}}"),
    (GROUP, "set: {check.select: {type: 党课}}"),
    (COMMITTEE, "off: true"),
]


@pytest.mark.parametrize(("rule", "what"), LOOSER)
def test_a_looser_rule_without_a_source_is_refused(rule: str, what: str, tmp_path: Path) -> None:
    """Fewer, weaker, for fewer branches, something else, switched off: told with the rule and the line."""
    problems = refused(pack(tmp_path, change(rule, what)))

    assert [2] == [p.line for p in problems]
    assert all("没有写依据" in p.message and rule in p.message for p in problems)


@pytest.mark.parametrize(("rule", "what"), LOOSER)
def test_a_looser_rule_with_a_source_is_taken_and_named(rule: str, what: str, run: Run, tmp_path: Path) -> None:
    """`rules lint` says which rule is loosened and by what document."""
    own = pack(tmp_path, change(rule, what, "某校党委2024年3号文"))
    done = run("rules", "lint", own)

    assert ((rule, "某校党委2024年3号文"),) == load_standard(own).loosened
    assert f"own 放宽了 {rule}，依据：某校党委2024年3号文" in done.out


@pytest.mark.parametrize(
    "what",
    [
        "set: {check.min: 2}",
        "set: {strength: must}",
        "set: {severity: critical}",
        "set: {title: 每月一次, reason: 换一种说法}",
    ],
)
def test_more_stronger_or_only_reworded_is_no_loosening(what: str, tmp_path: Path) -> None:
    """No source is asked for."""
    own = load_standard(pack(tmp_path, change(COMMITTEE, what)))

    assert () == own.loosened


def test_a_lighter_severity_is_no_loosening_of_the_duty() -> None:
    """Severity sets the order and the default weights, not what is demanded."""
    check = {"kind": "frequency", "select": {"type": "党课"}, "per": "year", "min": 1}
    old, new = (rule_from({"check": check, "severity": severity}) for severity in ("major", "minor"))

    assert not loosens(old, new)


def test_a_rule_is_tightened_twice_only_by_what_the_first_left(tmp_path: Path) -> None:
    """A second change starts from the first one's outcome: taking it back is a loosening."""
    second = change(ASSEMBLY, "set: {check.per: quarter}").removeprefix("adjust:\n")
    problems = refused(pack(tmp_path, MONTHLY + second))

    assert ["没有写依据" in p.message for p in problems] == [True]


@pytest.mark.parametrize(
    ("adjust", "said"),
    [
        (change("NAT-ZB-12-9", "off: true"), "所依据的标准没有规则 NAT-ZB-12-9"),
        (change(COMMITTEE, "set: {check.minimum: 2}"), f"改后的规则 {COMMITTEE} 不成立"),
        (change(COMMITTEE, "set: {check.min: 两次}"), f"改后的规则 {COMMITTEE} 不成立"),
        (change(COMMITTEE, "set: {title.short: 甲}"), "改不了 title.short"),
        (change(COMMITTEE, "set: {id: OWN-1}"), "改不了 id"),
        (change(COMMITTEE, "set: {clauses: []}"), "改不了 clauses"),
        (change(COMMITTEE, "off: true\n    set: {check.min: 2}"), "只写一种"),
        (f"adjust:\n  - {{rule: {COMMITTEE}, reason: 甲}}\n", "只写一种"),
        (f"adjust:\n  - {{rule: {COMMITTEE}, off: true}}\n", "reason"),
        ("adjust: []\n", "至少写一项"),
    ],
)
def test_a_change_that_cannot_be_made_is_told_with_its_place(adjust: str, said: str, tmp_path: Path) -> None:
    """An unknown rule, a path or value that does not fit, two changes in one or none, no reason."""
    problems = refused(pack(tmp_path, adjust))

    assert 1 == len(problems)
    assert problems[0].file.endswith("own/adjust.yaml")
    assert problems[0].line >= 1
    assert said in f"{problems[0].message} {problems[0].remedy}"


def test_an_unknown_rule_comes_with_the_nearest(tmp_path: Path) -> None:
    """A slip of the pen is answered with the rule that was probably meant."""
    problems = refused(pack(tmp_path, change("NAT-ZB-12-11", "off: true")))

    assert "NAT-ZB-1" in problems[0].remedy


def test_every_refusal_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """Two changes that cannot be made are two problems, each at its own line."""
    two = change(COMMITTEE, "off: true") + change("NAT-X-1", "off: true").removeprefix("adjust:\n")

    assert [2, 5] == [p.line for p in refused(pack(tmp_path, two))]


def test_what_is_switched_off_is_gone_and_the_rest_stays(tmp_path: Path) -> None:
    """With a source: no outcome, no deficiency, no line in a record's report."""
    own = load_standard(pack(tmp_path, change(ASSEMBLY, "off: true", "某校党委2024年3号文")))

    assert own.rule(ASSEMBLY) is None
    assert len(national().rules) - 1 == len(own.rules)


def test_changes_need_a_standard_to_rest_on(tmp_path: Path) -> None:
    """`adjust.yaml` without `based_on`, and `based_on` a standard that is not ours."""
    alone = refused(pack(tmp_path / "a", MONTHLY, MANIFEST.replace("based_on: national\n", "")))
    strange = refused(pack(tmp_path / "b", MONTHLY, MANIFEST.replace("national", "acme")))

    assert ["没有写依据哪个标准" in p.message for p in alone] == [True]
    assert ["没有可依据的标准 acme" in p.message for p in strange] == [True]


OWN_RULE = """\
title: 本校另加
source: {article: 第九条}
rules:
  - id: OWN-9-1
    title: 每年办一次读书会
    check: {kind: frequency, select: {type: 其他, tags: [读书会]}, per: year, min: 1}
    reason: 学校要求
    remedy: 年内补办
"""


def test_own_rules_stand_beside_the_adjusted_ones(tmp_path: Path) -> None:
    """A rule file in the same folder adds to what is rested on, under the own document's name."""
    own = load_standard(pack(tmp_path, MONTHLY, **{"9-reading": OWN_RULE}))
    added = own.rule("OWN-9-1")
    assert added is not None

    assert len(national().rules) + 1 == len(own.rules)
    assert "《本校要求》第九条" == added.citation.label


def test_an_own_rule_may_not_take_the_number_of_one_rested_on(tmp_path: Path) -> None:
    """The number is told to be taken."""
    problems = refused(pack(tmp_path, MONTHLY, **{"9-reading": OWN_RULE.replace("OWN-9-1", ASSEMBLY)}))

    assert [f"规则编号 {ASSEMBLY} 已用在" in p.message for p in problems] == [True]


def a_sheet(points: int) -> str:
    """A table in which missing assemblies cost so many points each."""
    return (
        f"title: 本校评分表\nindicators:\n  - id: '1'\n    title: 会议\n    points: 100\n    lines:\n"
        f"      - {{title: 党员大会缺次, rules: {ASSEMBLY}, loss: {{kind: each, points: {points}}}}}\n"
    )


@pytest.mark.parametrize("points", [3, 7])
def test_a_sheet_of_ones_own_weighs_the_rules_rested_on(points: int, tmp_path: Path) -> None:
    """The same missed month costs what the own table says."""
    found = assessed(load_standard(pack(tmp_path, MONTHLY, sheet=a_sheet(points))), RECORD)
    assert found.score is not None

    assert (100 - points, "本校评分表", True) == (item(found, "1").low, found.score.sheet_title, found.score.own_sheet)
    assert [points] == [d.deduction for d in found.deficiencies if d.rule.id == ASSEMBLY]


def test_without_a_sheet_of_ones_own_the_table_rested_on_scores(tmp_path: Path) -> None:
    """On the college's standard, the college's table."""
    manifest = MANIFEST.replace("national", "voc")
    own = load_standard(pack(tmp_path, change("VOC-4.1.1-3", "set: {check.per: month}"), manifest))

    assert load_standards(["voc"])[0].sheet == own.sheet


def test_a_sheet_that_names_no_rule_of_the_standard_is_refused(tmp_path: Path) -> None:
    """The rule that was switched off cannot be scored any more."""
    gone = change(ASSEMBLY, "off: true", "某校党委2024年3号文")
    problems = refused(pack(tmp_path, gone, sheet=a_sheet(3)))

    assert [f"引用了不存在的规则 {ASSEMBLY}" in p.message for p in problems] == [True]


def test_a_rule_switched_off_costs_nothing_by_the_table_rested_on(tmp_path: Path) -> None:
    """The college's table without the line on assemblies: the lost points come back, nothing breaks."""
    manifest = MANIFEST.replace("national", "voc")
    own = load_standard(pack(tmp_path, change("VOC-4.1.1-3", "off: true", "某校党委2024年3号文"), manifest))
    few = RECORD.replace("to: 2024-12, except: 2024-06", "to: 2024-06")
    lost = [[d.rule.id for d in assessed(s, few).deficiencies] for s in (load_standards(["voc"])[0], own)]
    scores = [assessed(s, few).score for s in (load_standards(["voc"])[0], own)]

    assert [True, False] == ["VOC-4.1.1-3" in found for found in lost]
    assert scores[0] is not None
    assert scores[1] is not None
    assert scores[0].high < scores[1].high
    assert scores[0].max == scores[1].max


def test_an_own_standard_is_audited_by_its_id(run: Run, tmp_path: Path) -> None:
    """`--rules` and `--standard own` judge a record file by the tightened number."""
    record = tmp_path / "branch.yaml"
    days = "".join(f"  - {{date: 2024-{n:02d}-10, type: 党员大会}}\n" for n in range(1, 13) if n != 6)
    head = "branch: {name: 甲支部}\ncoverage: {from: 2024-01-01, to: 2024-12-31}\ncommittee: {exists: false}\n"
    record.write_text(f"{head}activities:\n{days}", encoding="utf-8")
    own = pack(tmp_path / "rules", MONTHLY)
    done = run("audit", record, "--rules", own, "--standard", "own", "-f", "json")
    found = [d["window"] for d in done.json["assessments"][0]["deficiencies"] if d["rule"] == ASSEMBLY]

    assert (1, ["2024-06"]) == (done.status, found)
