"""What is written out reads back the same: record -> workbook, CSV or YAML -> record."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dangjian_check.app import Request, run
from dangjian_check.errors import DjCheckError
from dangjian_check.loading.chinese import in_our_keys
from dangjian_check.loading.files import NOT_RECORDS
from dangjian_check.loading.ledgers import read_workbook
from dangjian_check.loading.records import load_record, read_trees, validate
from dangjian_check.loading.tree import Tree
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.model.columns import columns, known_words, normal
from dangjian_check.model.record import Branch, Committee, Organization, Post, Record
from dangjian_check.reports.json_v1 import document
from dangjian_check.writing.tables import LISTS, tables
from dangjian_check.writing.workbook import workbook
from dangjian_check.writing.yaml_text import yaml_text
from program import ROOT
from strategies import Data, records

EXAMPLES = [
    path
    for folder in (ROOT / "examples", ROOT / "examples" / "organizations")
    for path in sorted(folder.glob("*.yaml"))
    if path.name not in NOT_RECORDS
]
MODELS = [*LISTS.values(), Branch, Organization, Committee, Post, Record]
ODD = st.sampled_from((
    *(
        "研究计划、布置工作",
        "第一行\n第二行",
        "[草稿] 学习",
        "{甲}",
        "一；二;三",
        "“引号”与'撇号'",
        "=1+1",
        "2024",
        "01",
    ),
    *("1/3", "a：b: c", "# 不是注释", "- 列表", "𬍡䶮", "合计", "注：说明", "日期", "是", "3.10", "&锚 *别名"),
    "尾\\斜",
))


def from_workbook(raw: bytes) -> Record:
    """The one record in a workbook."""
    (tree,) = read_workbook(raw, "台账.xlsx")
    return validate(in_our_keys(tree, Record))


def from_yaml(text: str) -> Record:
    return validate(in_our_keys(read_yaml(text.encode(), "branch.yaml"), Record))


def telling(value: Any) -> Any:
    """The same without mappings that say nothing (``attendance: {}``), which a table has no cell for."""
    if isinstance(value, dict):
        return {key: telling(inner) for key, inner in value.items() if inner != {} or key == "steps"}
    return [telling(item) for item in value] if isinstance(value, list) else value


whole_records = records().map(telling)


def checked(data: Data) -> Record | None:
    """The record as YAML would have given it; None if its statements exclude each other."""
    try:
        return validate(Tree("branch.yaml", read_yaml(yaml_text(data).encode(), "branch.yaml").data))
    except DjCheckError:
        return None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_reads_back_from_its_workbook(path: Path):
    """Every shipped record, every field."""
    assert load_record(path).record == from_workbook(workbook(read_trees(path)[0].data))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_reads_back_from_clean_yaml(path: Path):
    """As ``import`` writes it."""
    assert load_record(path).record == from_yaml(yaml_text(read_trees(path)[0].data))


@settings(max_examples=60, deadline=None)
@given(whole_records)
def test_record_reads_back_from_its_workbook(data: Data):
    """Any record at all: what the file said is what the workbook says."""
    wanted = checked(data)
    if wanted is not None:
        assert wanted == from_workbook(workbook(data))


@settings(max_examples=60, deadline=None)
@given(whole_records)
def test_record_reads_back_from_clean_yaml(data: Data):
    """YAML out and in again."""
    wanted = checked(data)
    if wanted is not None:
        assert wanted == from_yaml(yaml_text(data))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["topic", "remark", "host", "place", "recorder"]), ODD, min_size=1),
       st.lists(ODD, max_size=3), st.lists(ODD, max_size=3, unique=True))  # fmt: skip
def test_odd_texts_read_back(texts: dict[str, str], agenda: list[str], names: list[str]):
    """Separators, brackets, line breaks, formula starts and words of our own in what people write."""
    activity: dict[str, Any] = {"date": "2024-03-05", "type": "支委会", "agenda": agenda, **texts}
    activity["attendance"] = {"present": names, "leave": [{"name": name, "reason": "事假，出差"} for name in names]}
    data = {"branch": {"name": "第一党支部"}, "activities": [activity, {"date": "2024-04-05", "type": "党课", **texts}]}
    wanted = checked(data)
    assert wanted is not None
    assert wanted == from_workbook(workbook(data))
    assert wanted == from_yaml(yaml_text(data))


def written_csv(folder: Path, data: Data, encoding: str) -> None:
    """The record as a folder: ``branch.yaml`` for what is no list, a CSV file for every list."""
    lists = {*LISTS, "committee"}
    rest = {key: value for key, value in data.items() if key not in lists or value == []}
    (folder / "branch.yaml").write_text(yaml_text(rest), encoding="utf-8")
    for table in tables({key: value for key, value in data.items() if key in lists and value != []}):
        stream = io.StringIO()
        csv.writer(stream).writerows([table.headings(), *table.body()])
        (folder / f"{table.name}.csv").write_bytes(stream.getvalue().encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@settings(max_examples=20, deadline=None)
@given(data=whole_records)
def test_record_reads_back_from_csv_files(tmp_path_factory: pytest.TempPathFactory, encoding: str, data: Data):
    """The lists of a record as CSV beside a ``branch.yaml``, in each encoding offices save in."""
    wanted = checked(data)
    if wanted is not None:
        folder = tmp_path_factory.mktemp("record")
        written_csv(folder, data, encoding)
        assert wanted == load_record(folder / "branch.yaml").record


@settings(max_examples=15, deadline=None)
@given(data=whole_records)
def test_workbook_is_judged_as_its_record(tmp_path_factory: pytest.TempPathFactory, data: Data):
    """The same scores, outcomes and deficiencies; only the places differ."""
    if checked(data) is None:
        return
    folder = tmp_path_factory.mktemp("judged")
    (folder / "b1.yaml").write_text(yaml_text(data), encoding="utf-8")
    (folder / "b1.xlsx").write_bytes(workbook(data))
    assert judged(folder / "b1.yaml") == judged(folder / "b1.xlsx")


def judged(path: Path) -> list[Any]:
    """What an audit says of a file, without places."""
    report = document(run(Request((path,), date(2025, 3, 1), standards=("voc",))))
    for assessment in report["assessments"]:
        assessment["branch"].pop("file")
        for deficiency in assessment["deficiencies"]:
            deficiency.pop("location")
    return [report["assessments"], report["run"], report["problems"]]


@pytest.mark.parametrize(
    "step", ["评定:见", "- 甲", "甲 #乙", "a,b", "}", "*甲", "12", "2024-01-05", "null", "甲: 乙", "\\", '"']
)
def test_odd_key_reads_back(step: str):
    """Steps are named as people name them."""
    data = {"branch": {"name": "甲"}, "appraisals": [{"date": "2024-01-26", "steps": {step: "2024-01-26"}}]}
    assert validate(Tree("b.yaml", data)) == from_yaml(yaml_text(data))


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\ufeff", "\u200b", "\u202e", "\u3000", "\xa0", "\xad"])
def test_sign_that_is_not_seen_reads_back(sign: str):
    """A ledger may hold it: what is imported must be what `validate` then reads."""
    data = {"branch": {"name": "甲"}, "activities": [{"date": "2024-01-05", "type": "党课", "topic": f"三{sign}  会"}]}
    assert validate(Tree("b.yaml", data)) == from_yaml(yaml_text(data))


def test_same_record_gives_the_same_bytes():
    """No clock and no chance in a workbook."""
    data = read_trees(EXAMPLES[0])[0].data
    assert workbook(data) == workbook(data)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_word_and_our_word_means_it(model: type):
    """What we write above a column is read as that column."""
    known = known_words(model)
    assert [] == [column.path for column in columns(model) if not column.words]
    assert {} == {c.path: c.words[0] for c in columns(model) if known[normal(c.words[0])] != c}
