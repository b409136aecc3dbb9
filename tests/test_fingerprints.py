"""A fingerprint names one deficiency of one branch for good: it outlives rewriting and tells everything else apart."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rereading
from builders import record_from, rule_from, standard_from, yaml
from dangjian_check.engine.assess import Span, assess
from dangjian_check.engine.assessment import Assessment, BranchRef, Deficiency
from dangjian_check.engine.fingerprints import fingerprint
from dangjian_check.loading.records import load_record
from dangjian_check.loading.standards import load_standards
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from strategies import Data, records, reordered, spans

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
SHEET = {"title": "表", "indicators": [{"id": "1", "title": "甲", "points": 10, "lines": []}]}
RULES: tuple[Data, ...] = (
    *rereading.RULES,
    {"id": "T-7", "check": {"kind": "limit", "count": {"in": "discipline"}, "per": "year", "max": 0}},
)

LAX = """\
branch:
  id: b1
  name: 机械学院第一党支部
  venue: {fixed: false}
coverage: {from: 2023-10-01, to: 2024-12-31}
groups:
- {id: g1}
- {id: g2, formed: 2024-02-01}
members:
- {name: 张三, status: 正式}
- {name: 李四, status: 预备}
activities:
- {date: 2024-01-05, type: 支委会, attendance: {expected: 5, present: 5}}
- {date: 2024-02-05, type: 支部委员会会议, attendance: {expected: 5, present: 2}}
- {date: 2024-02-05, type: 支委会, topic: 加开, attendance: {expected: 5, present: 1}}
- {date: 2024-03-08, type: 党小组会, group: g1, attendance: {expected: 6, present: 2}}
- {date: 2024-03-08, type: 党小组会, group: g2, attendance: {expected: 6, present: 6}}
- {date: 2024-04-01, type: 党员大会, attendance: {present: [张三]}}
- {date: 2024-11-30, type: 党员大会, attendance: {present: [李四]}}
discipline:
- {name: 李四, matter: 甲事, kind: 党纪, decided: 2024-05-01}
"""


def rules(**changed: Any) -> list[Rule]:
    """The rules, each with the same parts changed."""
    return [rule_from(rule | changed) for rule in RULES]


def audited(record: Data, standard: Standard, branch: str = "b1", span: Span | None = None) -> Assessment:
    """One branch under one standard."""
    reference = BranchRef(branch, "机械学院第一党支部", "branch.yaml")
    return assess(standard, Facts(record_from(record), *(span or Span(YEAR, YEAR.end))), reference)[0]


def prints(
    record: Data, standard: Standard | None = None, branch: str = "b1", span: Span | None = None
) -> Counter[str]:
    """The fingerprints of a record's deficiencies."""
    found = audited(record, standard or standard_from(rules(), SHEET), branch, span).deficiencies
    return Counter(deficiency.fingerprint for deficiency in found)


def prints_in(path: Path) -> Counter[str]:
    """The fingerprints of a record file's deficiencies."""
    loaded = load_record(path)
    branch = BranchRef(loaded.id, loaded.record.body.name, path.as_posix())
    found = assess(standard_from(rules(), SHEET), Facts(loaded.record, YEAR, YEAR.end), branch)[0].deficiencies
    return Counter(deficiency.fingerprint for deficiency in found)


def lax() -> Data:
    """The data of the record above."""
    return yaml(LAX)


def found_by(record: Data, rule: str) -> list[Deficiency]:
    """The deficiencies under one rule."""
    return [d for d in audited(record, standard_from(rules(), SHEET)).deficiencies if d.rule.id == rule]


# The function itself


@given(st.lists(st.tuples(*[st.text(max_size=4)] * 5), min_size=2, max_size=2, unique=True))
def test_another_branch_rule_subject_window_or_defect_is_another_fingerprint(parts: list[Any]) -> None:
    """Any difference in any part shows, even where the parts run into each other."""
    first, second = parts

    assert fingerprint(*first) != fingerprint(*second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ab", "c", "", "", ""), ("a", "bc", "", "", "")),
        (("a", "", "b", "", ""), ("a", "b", "", "", "")),
        (("1:a", "b", "", "", ""), ("a", "1:b", "", "", "")),
        (("甲", "T-1", "乙", "", ""), ("甲", "T-1", "", "乙", "")),
    ],
)
def test_parts_that_run_into_each_other_are_told_apart(first: Any, second: Any) -> None:
    """A letter that moves from one part to its neighbour changes the fingerprint."""
    assert fingerprint(*first) != fingerprint(*second)


@given(st.tuples(*[st.text(max_size=30)] * 5))
def test_a_fingerprint_is_sixteen_hex_digits_and_always_the_same(parts: Any) -> None:
    """Short enough to be written down, and the same whenever it is asked for."""
    assert re.fullmatch("[0-9a-f]{16}", fingerprint(*parts))
    assert fingerprint(*parts) == fingerprint(*parts)


# What it does not depend on


@given(st.data())
def test_entries_may_stand_in_any_order(data: st.DataObject) -> None:
    """Moving entries, members and groups about moves no fingerprint, not even of two meetings on one day."""
    assert prints(lax()) == prints(data.draw(reordered(lax())))


def commented(text: str) -> str:
    """The text with a comment and an empty line before every line."""
    return "".join(f"# 说明\n\n{line}\n" for line in text.splitlines())


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "commented": commented,
    "one line of JSON": lambda text: json.dumps(yaml(text), ensure_ascii=False),
    "indented JSON": lambda text: json.dumps(yaml(text), ensure_ascii=False, indent=4),
    "keys sorted": lambda text: json.dumps(yaml(text), sort_keys=True),
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "further indented lists": lambda text: text.replace("\n- ", "\n    - "),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_record_may_be_reformatted(form: str, tmp_path: Path) -> None:
    """Comments, layout, quoting and order of keys are nothing to a fingerprint."""
    path = tmp_path / "branch.yaml"
    path.write_bytes(FORMS[form](LAX).encode())

    assert prints(lax()) == prints_in(path)


@pytest.mark.parametrize("name", ["branch.yaml", "第一支部.yaml", "old/2024.yml", "jx-t1/branch.yaml"])
def test_a_file_with_an_id_may_be_renamed_and_moved(name: str, tmp_path: Path) -> None:
    """The id written in the record counts, not what the file is called."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(LAX, encoding="utf-8")

    assert prints(lax()) == prints_in(path)


def test_a_record_without_an_id_goes_by_its_file_or_folder(tmp_path: Path) -> None:
    """``b1.yaml`` and ``b1/branch.yaml`` are the same branch; ``b2.yaml`` is another."""
    text = LAX.replace("  id: b1\n", "")
    (tmp_path / "b1").mkdir()
    for name in ("b1.yaml", "b1/branch.yaml", "b2.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert prints(lax()) == prints_in(tmp_path / "b1.yaml") == prints_in(tmp_path / "b1/branch.yaml")
    assert not prints(lax()) & prints_in(tmp_path / "b2.yaml")


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "另一个题目", "reason": "另一个理由", "remedy": "另一个办法"},
        {"severity": "critical"},
        {"severity": "info"},
        {"strength": "should"},
        {"clauses": ["X-1"], "assumed": ["一种读法"], "to_verify": "未见原文"},
        {"source": {"document": "另一份文件", "article": "第九条"}},
        {"actor": "committee"},
    ],
)
def test_rules_may_be_reworded_and_weighed_otherwise(changed: Data) -> None:
    """Texts, citation, strength and severity of a rule may change without a deficiency becoming a new one."""
    assert prints(lax()) == prints(lax(), standard_from(rules(**changed), SHEET))


def test_another_sheet_changes_no_fingerprint() -> None:
    """What a deficiency costs is no part of what it is."""
    line = {"title": "缺会", "rules": ["T-1"], "loss": {"kind": "each", "points": 1}}
    dear = {"title": "表", "indicators": [{"id": "9", "title": "乙", "points": 10, "lines": [line]}]}

    assert prints(lax()) == prints(lax(), standard_from(rules(), dear))


@pytest.mark.parametrize(
    "period", [Period(date(2024, 5, 1), date(2024, 5, 31)), Period(date(2024, 4, 1), date(2025, 3, 31))]
)
def test_a_window_has_one_fingerprint_in_every_audit_that_meets_it(period: Period) -> None:
    """May without a meeting is the same deficiency in the audit of the month, of the year and of another year."""
    may = {d.fingerprint for d in found_by(lax(), "T-1") if d.window == "2024-05"}

    assert len(may) == 1
    assert may <= prints(lax(), span=Span(period, period.end)).keys()


def test_what_is_put_right_elsewhere_changes_no_other_fingerprint() -> None:
    """A meeting held in June ends June's deficiency and leaves all others as they were."""
    record = lax()
    more = {"date": "2024-06-03", "type": "支委会", "attendance": {"expected": 5, "present": 5}}
    june = Counter(d.fingerprint for d in found_by(record, "T-1") if d.window == "2024-06")

    assert june.total() == 1
    assert prints(record) - june == prints(record | {"activities": [more, *record["activities"]]})


# What it tells apart


def test_the_record_above_shows_every_sort_of_deficiency() -> None:
    """The tests of this file look at windows, groups, entries, members, gaps, the state of things and counts."""
    shown = {d.rule.id for d in audited(lax(), standard_from(rules(), SHEET)).deficiencies}

    assert {rule["id"] for rule in RULES} == shown


@cache
def standard(name: str) -> Standard:
    """A built-in standard; no fixture, since a failing example would print it whole."""
    return load_standards([name])[0]


@settings(max_examples=settings.default.max_examples * 2 // 5)
@given(st.sampled_from(["voc", "national"]), records(), spans(within=True))
def test_no_two_deficiencies_of_a_branch_share_a_fingerprint(name: str, record: Data, span: Any) -> None:
    """Within one assessment each fingerprint stands for one line of the list."""
    found = audited(record, standard(name), span=Span(*span)).deficiencies
    named = {d.fingerprint: (d.rule.id, d.window, d.subject.key if d.subject else None) for d in found}

    assert len(found) == len(named), Counter(d.fingerprint for d in found).most_common(1)


def test_two_branches_share_no_fingerprint() -> None:
    """The same shortcomings of another branch are other deficiencies."""
    assert not prints(lax()) & prints(lax(), branch="b2")


def test_two_rules_share_no_fingerprint() -> None:
    """The same shortcoming under a rule of another id is another deficiency."""
    other = [rule_from(rule | {"id": f"{rule['id']}-2"}) for rule in RULES]

    assert not prints(lax()) & prints(lax(), standard_from(other, SHEET))


def test_each_month_and_each_group_has_its_own() -> None:
    """Ten months without a meeting are ten fingerprints; three quarters missed by each of two groups are six."""
    months, quarters = found_by(lax(), "T-1"), found_by(lax(), "T-2")

    assert len(months) == len({d.fingerprint for d in months}) == 10
    assert len(quarters) == len({d.fingerprint for d in quarters}) == 6


@pytest.mark.parametrize(("limit", "held"), [({"min": 3}, 2), ({"max": 1}, 2)])
def test_too_few_and_too_many_are_not_the_same_defect(limit: Data, held: int) -> None:
    """A rule that comes to ask for the contrary finds new deficiencies, not the old ones."""
    wanted = {"kind": "frequency", "select": {"type": "支委会"}, "per": "year"}
    record = {"branch": {"name": "甲"}, "coverage": {"from": "2024-01-01", "to": "2024-12-31"}}
    record["activities"] = [{"date": f"2024-0{n}-05", "type": "支委会"} for n in range(1, held + 1)]
    few = prints(record, standard_from([rule_from({"check": wanted | {"min": 5}})], SHEET))
    now = prints(record, standard_from([rule_from({"check": wanted | limit})], SHEET))

    assert now.total() == 1
    assert (few == now) == ("min" in limit)


def test_a_meeting_written_down_twice_is_one_deficiency() -> None:
    """The copy of an entry (same kind, day, time and topic) is judged with it, not beside it (case 33)."""
    record = lax()
    copy = record["activities"][1] | {"remark": "重录"}
    once = [d.fingerprint for d in found_by(record, "T-3")]
    twice = [d.fingerprint for d in found_by(record | {"activities": [*record["activities"], copy]}, "T-3")]

    assert sorted(once) == sorted(twice)
