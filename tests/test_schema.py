"""The JSON Schemas for editors: draft 7, they accept everything that is shipped and refuse what is plainly wrong."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pydantic import ValidationError

from dangjian_check.errors import DjCheckError
from dangjian_check.loading.chinese import in_our_keys
from dangjian_check.loading.records import parse_record
from dangjian_check.loading.waivers import load_waivers
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.model.record import Record
from dangjian_check.reference import SCHEMAS, schema
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.sheet import Sheet
from dangjian_check.rulebook.standard import Manifest
from program import PACKS, ROOT, TESTS, refused

WITHOUT_SCHEMA = ("default-sheet.yaml", "ledger.yaml")
NAMED = {"standard.yaml": "standard", "sheet.yaml": "sheet", "waivers.yaml": "waivers"}
LATER = ("$defs", "discriminator", "prefixItems", "dependentSchemas", "dependentRequired", "unevaluatedProperties",
         "unevaluatedItems", "minContains", "maxContains", "$anchor", "$dynamicRef", "$recursiveRef")  # fmt: skip


def shipped(*folders: Path) -> dict[Path, str]:
    """Every YAML file below the folders and the schema that is its own."""
    files = sorted(path for folder in folders for path in folder.rglob("*.yaml") if path.name not in WITHOUT_SCHEMA)
    packs = {path.parent for path in files if path.name == "standard.yaml"}
    return {path: NAMED.get(path.name, "rules" if packs & set(path.parents) else "record") for path in files}


FILES = shipped(ROOT / "examples", ROOT / "rules", PACKS, TESTS / "records")


def data(text: str) -> Any:
    return read_yaml(text.encode(), "test.yaml").data


@cache
def validator(name: str) -> Draft7Validator:
    return Draft7Validator(json.loads(schema(name)))


def complaints(name: str, value: Any) -> list[str]:
    """What an editor would underline."""
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(value)]


def rule_file(**changes: Any) -> dict[str, Any]:
    """A rule file with one small rule, some of its keys changed or (None) left out."""
    check = {"kind": "frequency", "select": {"type": "党课"}, "per": "month", "min": 1}
    rule = {"id": "T-1", "title": "题", "check": check, "reason": "因", "remedy": "改"} | changes
    return {"rules": [{key: value for key, value in rule.items() if value is not None}]}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schema_is_draft_7_and_the_same_every_time(name: str):
    """A valid schema that says which draft it is, in a fixed order of keys."""
    document = json.loads(schema(name))
    Draft7Validator.check_schema(document)
    assert "http://json-schema.org/draft-07/schema#" == document["$schema"]
    assert schema(name) == json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schema_uses_only_words_of_draft_7(name: str):
    """Nothing of later drafts, which editors' YAML servers pass over in silence."""
    text = schema(name)
    assert [] == [word for word in LATER if f'"{word}"' in text]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schema_speaks_chinese_to_the_reader(name: str):
    """What an editor shows beside a key is Chinese; the names and words of the code stay in the code."""

    def shown(node: Any) -> list[str]:
        if isinstance(node, list):
            return [text for item in node for text in shown(item)]
        if not isinstance(node, dict):
            return []
        own = [node[word] for word in ("title", "description") if isinstance(node.get(word), str)]
        return own + [text for value in node.values() for text in shown(value)]

    assert [] == [text for text in shown(json.loads(schema(name))) if text.isascii()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_shipped_file_fits_its_schema(path: Path):
    """Examples, the built-in standards and the packs of these tests show no error in an editor; a record with Chinese
    keys would show none with ours."""
    tree = read_yaml(path.read_bytes(), path.name)
    assert [] == complaints(FILES[path], (in_our_keys(tree, Record) if FILES[path] == "record" else tree).data)


def test_shipped_files_of_every_kind_were_looked_at():
    """The walk above finds records, rules, sheets and manifests."""
    assert set(SCHEMAS) == set(FILES.values())
    assert len(FILES) > 20


LOG = "branch: {name: 甲}\nactivities: "
GOOD_RECORDS = [
    "branch: {name: 甲}",
    "format: 1\nbranch: {name: 甲, id: 12, theme_day: [{day: 5}, {weekday: 周五, nth: 1}]}",
    LOG + "[{date: 2024-01-08, type: 支部大会}]",
    LOG + "[{date: 2024-01-08, type: [主题党日, 党课], lecturer: 张三, start: '14:00', hours: 1/2}]",
    LOG + "[{date: 2024-01-08, type: 党课, attendance: {present: [张三, {name: 李四, as: 主持}], leave: 2}}]",
    "branch: {name: 甲}\nplans: [{kind: 年度计划, for: 2024}, {kind: 月度计划, for: 2024-03..2024-05}]",
    "branch: {name: 甲}\ncoverage: [{from: 2024-01-01, to: 2024-12-31, types: [党课]}]\ncommittee: {exists: false}",
]
LINE = "title: 表\nindicators: [{{id: '1', title: 甲, points: 5, lines: [{{title: 乙, rules: A-1, loss: {loss}}}]}}]"
BAD_RECORDS = [
    "{}",
    "[]",
    "甲支部",
    "branch: {}",
    "branch: {naem: 甲, name: 甲}",
    "branch: {name: 12}",
    "branch: {name: ''}",
    "branch: {name: 甲, type: 学校}",
    "branch: {name: 甲, joint: yes}",
    "branch: {name: 甲, theme_day: {day: 40}}",
    "branch: {name: 甲}\nformat: 2",
    "branch: {name: 甲}\nactivity: []",
    "branch: {name: 甲}\ncoverage: 2024",
    "branch: {name: 甲}\nheadcount: {formal: '9'}",
    "branch: {name: 甲}\nheadcount: {probationary: 2}",
    "branch: {name: 甲}\ncommittee: {term_years: 9}",
    "branch: {name: 甲}\nmembers: [{name: 乙}]",
    "branch: {name: 甲}\nmembers: [{name: 乙, status: 党员}]",
    "branch: {name: 甲}\ntalks: [{date: 2024-01-08, between: 乙}]",
    "branch: {name: 甲}\nplans: [{kind: 年度计划, for: 第一季度}]",
    "branch: {name: 甲}\ntraining: [{name: 乙, from: 2024-01-08, days: 五天}]",
    LOG + "{date: 2024-01-08, type: 党课}",
    LOG + "[{type: 党课}]",
    LOG + "[{date: 2024-01-08}]",
    LOG + "[{date: 2024-1-8, type: 党课}]",
    LOG + "[{date: 2024年1月8日, type: 党课}]",
    LOG + "[{date: 2024-01-08, type: 党大会}]",
    LOG + "[{date: 2024-01-08, type: []}]",
    LOG + "[{date: 2024-01-08, type: 党课, status: 开了}]",
    LOG + "[{date: 2024-01-08, type: 党课, start: 下午}]",
    LOG + "[{date: 2024-01-08, type: 党课, attendance: {expected: 十}}]",
    LOG + "[{date: 2024-01-08, type: 党课, attendance: {expected: -1}}]",
    LOG + "[{date: 2024-01-08, type: 党课, attendance: {presents: 3}}]",
]


@pytest.mark.parametrize("text", GOOD_RECORDS)
def test_record_that_can_be_read_is_accepted(text: str):
    """Aliases, single values for lists, counts or names, fractions, spans."""
    assert [] == complaints("record", data(text))
    parse_record(text.encode(), "branch.yaml", "b")


@pytest.mark.parametrize("text", BAD_RECORDS)
def test_record_that_is_plainly_wrong_is_refused(text: str):
    """Editors show misspelt keys, missing keys, wrong words, wrong types and loose dates as the program does."""
    assert [] != complaints("record", data(text))
    assert [] != refused(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "小写-1"}, {"id": None}, {"title": None}, {"check": None}, {"reason": None}, {"remedy": ""},
        {"strength": "shall"}, {"severity": "high"}, {"actor": "boss"}, {"typo": 1}, {"check": {"kind": "sql"}},
        {"check": {"kind": "frequency", "per": "month", "min": 1}},
        {"check": {"kind": "frequency", "select": {"type": "党课"}, "per": "week", "min": 1}},
        {"check": {"kind": "frequency", "select": {"typ": "党课"}, "per": "month", "min": 1}},
        {"applies_when": {"branch.typ": "教师"}}, {"for_each": {"in": "cats"}},
        {"tests": [{"record": {}}]}, {"tests": [{"name": "例", "record": {}, "expect": {"2024": "passed"}}]},
    ],
    ids=str,
)  # fmt: skip
def test_rule_that_is_plainly_wrong_is_refused(changes: dict[str, Any]):
    """A sound rule becomes an error by one wrong key, word or kind."""
    assert [] == complaints("rules", rule_file())
    assert [] != complaints("rules", rule_file(**changes))
    source = {"source": {"document": "文件", "article": "第一条"}}
    assert Rule.model_validate(rule_file(**source)["rules"][0])
    with pytest.raises(ValidationError):
        Rule.model_validate(rule_file(**source | changes)["rules"][0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sheet", "title: 表"),
        ("sheet", "title: 表\nindicators: [{id: '1', title: 甲}]"),
        ("sheet", "title: 表\nindicators: [{id: '1', title: 甲, points: 5, lines: [{title: 乙, rules: [A-1]}]}]"),
        ("sheet", "title: 表\nindicators: [{id: '1', title: 甲, points: 5, bearer: nobody}]"),
        ("sheet", LINE.format(loss="{kind: all}")),
        ("sheet", LINE.format(loss="{kind: flat}")),
        ("standard", "title: 标准"),
        ("standard", "id: Voc\ntitle: 标准\nissuer: 甲\ndocument: 乙"),
        ("standard", "id: voc\ntitle: 标准\nissuer: 甲\ndocument: 乙\nform: 2020-01-01"),
        ("standard", "id: voc\ntitle: 标准\nissuer: 甲\ndocument: 乙\nfrom: 2020年1月1日"),
    ],
)  # fmt: skip
def test_sheet_or_manifest_that_is_plainly_wrong_is_refused(name: str, text: str):
    """Missing points, an unknown way of losing them, a manifest without a document."""
    assert [] != complaints(name, data(text))
    with pytest.raises(ValidationError):
        (Sheet if name == "sheet" else Manifest).model_validate(data(text))


def test_sheet_and_manifest_that_are_sound_are_accepted():
    """The counterparts of the wrong ones."""
    manifest = "id: voc\ntitle: 标准\nissuer: 甲\ndocument: 乙\nfrom: 2020-01-01"
    assert ([], []) == (
        complaints("sheet", data(LINE.format(loss="{kind: flat, points: 1}"))),
        complaints("standard", data(manifest)),
    )


WAIVER = {
    "rules": ["NAT-ZB-12-1", "VOC-4.1.1-*"], "branches": ["jx-t1"],
    "covers": {"from": "2024-07-01", "to": "2024-08-31"}, "effect": "excuse", "reason": "防汛", "approver": "公司党委",
    "document": "某党发[2024]12号", "approved": "2024-07-05",
}  # fmt: skip
ACCEPTED = {"effect": "accept", "expires": "2025-06-30"}


def waiver_problems(tmp_path: Path, changes: dict[str, Any]) -> tuple[list[str], list[str]]:
    """What an editor and the program say of a sound waiver with some keys changed or (None) left out."""
    waiver = {key: value for key, value in (WAIVER | changes).items() if value is not None}
    path = tmp_path / "waivers.yaml"
    path.write_text(json.dumps({"waivers": [waiver]}, ensure_ascii=False), encoding="utf-8")
    try:
        load_waivers(path)
    except DjCheckError as error:
        return complaints("waivers", {"waivers": [waiver]}), [problem.message for problem in error.problems]
    return complaints("waivers", {"waivers": [waiver]}), []


@pytest.mark.parametrize(
    "changes",
    [{}, ACCEPTED, {"branches": None}, {"branches": "jx-t1"}, {"rules": "NAT-ZB-12-1"}, {"rules": "NAT-*"},
     {"branches": [3]}, {"document": 12}, {"id": "W-1"}, {"covers": {"from": "2024-07-01"}}, {"approved": None}],
    ids=str,
)  # fmt: skip
def test_waiver_that_can_be_read_is_accepted(tmp_path: Path, changes: dict[str, Any]):
    """One rule or several, a group of rules, all branches, an acceptance with its last day."""
    assert ([], []) == waiver_problems(tmp_path, changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": None}, {"rules": []}, {"rules": ["zb-12"]}, {"rules": ["NAT"]}, {"rules": ["*"]},
        {"rules": ["NAT-*-1"]}, {"rules": [12]}, {"branches": []}, {"branch": "jx"}, {"covers": None},
        {"covers": "2024-07"},
        {"covers": {"from": "2024-07-01", "to": "2024年8月"}}, {"effect": None}, {"effect": "skip"},
        {"effect": "accept"}, {"expires": "2025-06-30"}, {**ACCEPTED, "expires": "2025-6-30"}, {"reason": None},
        {"reason": ""}, {"approver": None}, {"approver": ["公司党委"]}, {"document": None},
        {"approved": "去年"}, {"aproved": "2024-07-05"},
    ],
    ids=str,
)  # fmt: skip
def test_waiver_that_is_plainly_wrong_is_refused(tmp_path: Path, changes: dict[str, Any]):
    """By editors and by the program alike: what is missing, misspelt, loose, or at odds with the effect."""
    assert [False, False] == [found == [] for found in waiver_problems(tmp_path, changes)]
