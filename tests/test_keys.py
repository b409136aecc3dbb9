"""Keys of the cache: all that changes an answer changes the key, and nothing else does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangjian_check.app import Request, record_files
from dangjian_check.batch import program
from dangjian_check.batch.keys import ground, key, options_digest, record_bytes
from dangjian_check.batch.program import LIBRARIES, program_digest
from dangjian_check.errors import InputProblems
from dangjian_check.loading.files import witnessed
from dangjian_check.loading.records import load_records
from dangjian_check.model.calendar import Period
from program import ROOT, TESTS, plain_env

DAY = date(2025, 3, 1)
BASE = Request((Path("records"),), DAY)
# Every field of a request that changes an answer, changed.
CHANGED: dict[str, Any] = {
    "today": date(2025, 3, 2),
    "standards": ("voc",),
    "rules": (TESTS / "standards",),
    "period": Period(date(2024, 1, 1), date(2024, 12, 31)),
    "as_of": DAY,
    "with_superior": True,
    "traced": True,
    "mask": frozenset({"names"}),
    "doubts": frozenset(),
    "waivers": None,
    "baseline": Path("baseline.jsonl"),
}


def of(
    request: Request = BASE, files: Any = (("a", b"1"),), formats: Any = ("jsonl",), program: bytes = b"program"
) -> bytes:
    """The digest of a run's options."""
    return options_digest(request, files, formats, program)


def test_every_field_of_a_request_is_looked_at():
    """Which record it is is said by `key`; all the rest is in the digest."""
    assert {"paths", *CHANGED} == {field.name for field in fields(Request)}


@pytest.mark.parametrize("name", CHANGED)
def test_option_changes_the_digest(name: str):
    """Each by itself."""
    assert of(replace(BASE, **{name: CHANGED[name]})) != of()


def test_every_option_has_a_digest_of_its_own():
    """No two of these requests are taken for each other."""
    digests = [of(), *(of(replace(BASE, **{name: value})) for name, value in CHANGED.items())]
    assert len(digests) == len(set(digests))


def test_no_waivers_and_none_asked_for_differ():
    """So do no doubts and all of them."""
    requests = [BASE, replace(BASE, waivers=None), replace(BASE, doubts=frozenset()), replace(BASE, doubts=None)]
    assert [of(r) == of() for r in requests] == [True, False, False, True]


def test_the_day_counts_only_where_none_is_asked_for():
    """Tomorrow's run as of the same day finds yesterday's answers."""
    asked = replace(BASE, as_of=DAY)
    assert of(asked) == of(replace(asked, today=date(2026, 1, 1)))


def test_paths_asked_for_do_not_count():
    """A folder and the file in it give the same record."""
    assert of() == of(replace(BASE, paths=(Path("elsewhere"),)))


@pytest.mark.parametrize(
    "changed",
    [
        {"files": [("a", b"2")]}, {"files": [("b", b"1")]}, {"files": []}, {"files": [("a", b"1"), ("b", b"")]},
        {"formats": []}, {"formats": ["jsonl", "csv"]}, {"program": b"other"},
    ],
)  # fmt: skip
def test_everything_else_changes_the_digest(changed: dict[str, Any]):
    """The files a run rests on, the formats kept, the program."""
    assert of(**changed) != of()


def test_formats_have_no_order():
    """Nor does one count twice."""
    assert of(formats=["csv", "jsonl"]) == of(formats=["jsonl", "csv", "jsonl"])


FILES = st.lists(st.tuples(st.sampled_from(["a", "ab", ""]), st.sampled_from([b"", b"b", b"1:b", b"ab"])), max_size=3)
ANSWERS = st.tuples(st.sampled_from(["a", "ab"]), st.sampled_from(["", "b"]), FILES, st.sampled_from([b"x", b"y"]))


@given(one=ANSWERS, other=ANSWERS)
def test_keys_are_equal_where_everything_is(one: Any, other: Any):
    """And only there, however texts and bytes could run together."""
    assert (one == other) == (key(*one) == key(*other))


REQUESTS = st.builds(
    Request,
    paths=st.just(()),
    today=st.just(DAY),
    standards=st.sampled_from([(), ("a",), ("a", "b"), ("b", "a"), ("a, b",)]),
    rules=st.sampled_from([(), (Path("a"),), (Path("a"), Path("b"))]),
    period=st.sampled_from([None, CHANGED["period"]]),
    as_of=st.sampled_from([None, DAY]),
    traced=st.booleans(),
    mask=st.sampled_from([frozenset(), frozenset({"names"})]),
    doubts=st.sampled_from([None, frozenset(), frozenset({"a", "b"}), frozenset({"b", "a"})]),
    waivers=st.sampled_from([None, (), (Path("a"),)]),
)


@given(one=st.tuples(REQUESTS, FILES), other=st.tuples(REQUESTS, FILES))
def test_digests_are_equal_where_all_options_are(one: Any, other: Any):
    """And only there."""
    assert (one == other) == (of(*one) == of(*other))


# The bytes hashed are the bytes parsed

RECORDS = record_files([ROOT / "examples", TESTS / "records"])


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_bytes_looked_up_are_the_bytes_parsed(path: Path):
    """Of files of every kind and of records kept as folders."""
    with witnessed() as read:
        load_records(path)
    assert record_bytes(path) == read
    assert read[0][1] == path.read_bytes()


def test_a_record_of_several_files_is_among_them():
    """Or the test above would show little."""
    assert any(len(record_bytes(path)) > 1 for path in RECORDS)


def folder_of(tmp_path: Path) -> Path:
    """A record of two files."""
    (tmp_path / "activities").mkdir()
    (tmp_path / "branch.yaml").write_text("branch: {name: 一支部}\n", encoding="utf-8")
    (tmp_path / "activities" / "a.yaml").write_text("- {date: 2024-01-01, type: 党员大会}\n", encoding="utf-8")
    return tmp_path / "branch.yaml"


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "branch.yaml").write_text("branch: {name: 二支部}\n", encoding="utf-8"),
        lambda folder: (folder / "activities" / "a.yaml").write_text("[]\n", encoding="utf-8"),
        lambda folder: (folder / "activities" / "b.yaml").write_text("[]\n", encoding="utf-8"),
        lambda folder: (folder / "activities" / "a.yaml").rename(folder / "activities" / "c.yaml"),
        lambda folder: (folder / "activities" / "a.yaml").unlink(),
        lambda folder: (folder / "activities").rename(folder / "talks"),
    ],
)
def test_part_of_a_record_changes_its_key(tmp_path: Path, change: Callable[[Path], object]):
    """Changed, added, renamed, taken away."""
    root = folder_of(tmp_path)
    before = key("r", "r", record_bytes(root), b"")
    assert before == key("r", "r", record_bytes(root), b"")
    change(tmp_path)
    assert before != key("r", "r", record_bytes(root), b"")


def test_record_that_cannot_be_read_has_no_key(tmp_path: Path):
    """It is told as when it is loaded."""
    with pytest.raises(InputProblems, match="没有这个文件"):
        record_bytes(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_bytes(b" " * (2 * 1024 * 1024 + 1))
    with pytest.raises(InputProblems, match="超过 2 MB"):
        record_bytes(tmp_path / "b.yaml")


# What a run rests on


@pytest.mark.parametrize("name", ["own/standard.yaml", "own/rules/first.yaml", "own/new.yml", "calendars/cn-2030.yaml"])
def test_customers_rules_change_the_digest(tmp_path: Path, name: str):
    """Any file of a standard, and a year of holidays."""
    shutil.copytree(ROOT / "examples" / "own-standard", tmp_path / "own")
    (tmp_path / "own" / "rules").mkdir(exist_ok=True)
    request = replace(BASE, rules=(tmp_path,))
    before = of(request, ground(request))
    assert before == of(request, ground(request))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("{}\n", encoding="utf-8")
    assert before != of(request, ground(request))


@pytest.mark.parametrize("field", ["waivers", "baseline"])
def test_contents_of_waivers_and_baseline_change_the_digest(tmp_path: Path, field: str):
    """Under the same name."""
    file = tmp_path / "w.yaml"
    request = replace(BASE, **{field: (file,) if field == "waivers" else file})
    with pytest.raises(InputProblems):
        ground(request)
    file.write_text("waivers: []\n", encoding="utf-8")
    before = of(request, ground(request))
    file.write_text("waivers: [] \n", encoding="utf-8")
    assert before != of(request, ground(request))


# The program

FOR_PEOPLE = {"typer", "rich", "xlsxwriter", "python-docx", "jinja2"}


def test_libraries_that_read_or_judge_are_named():
    """Every dependency but those that only talk to people or write what they see."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert listed is not None
    names = set(re.findall(r'^  "([A-Za-z0-9._-]+)', listed[1], re.MULTILINE))
    assert names - FOR_PEOPLE == set(LIBRARIES)


@pytest.fixture
def digested(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., bytes]]:
    """The digest of the program with something of it in another way."""

    def of_other(**changed: object) -> bytes:
        with monkeypatch.context() as patch:
            for name, value in changed.items():
                patch.setattr(program, name, value)
            program_digest.cache_clear()
            return program_digest()

    yield of_other
    program_digest.cache_clear()


@pytest.mark.parametrize("where", ["_PACKAGE", "rules_root"])
def test_program_changes_with_its_source_and_rules(digested: Callable[..., bytes], tmp_path: Path, where: str):
    """So that a checkout never finds the answers of its code as it was."""
    file = tmp_path / ("a.py" if where == "_PACKAGE" else "a.yaml")
    found = []
    for text in ("1", "2", "2"):
        file.write_text(text, encoding="utf-8")
        found.append(digested(**{where: tmp_path if where == "_PACKAGE" else lambda: tmp_path}))
    assert (True, True) == (found[0] != found[1], found[1] == found[2])


@pytest.mark.parametrize("changed", [{"__version__": "9"}, {"LIBRARIES": (*LIBRARIES, "absent")}, {"_version": str}])
def test_program_changes_with_its_version(digested: Callable[..., bytes], changed: dict[str, object]):
    """Its own and those of the libraries."""
    assert digested() != digested(**changed)


def test_program_stays_the_same(digested: Callable[..., bytes]):
    """In another process, too."""
    code = "from dangjian_check.batch.program import program_digest; print(program_digest().hex())"
    done = subprocess.run([sys.executable, "-c", code], env=plain_env(), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digested().hex()
