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
from dangjian_check.batch import keys, program
from dangjian_check.batch.keys import Witness, file_key, options
from dangjian_check.batch.plan import Plan
from dangjian_check.batch.program import LIBRARIES, program_digest
from dangjian_check.loading.files import STDIN, part_files
from dangjian_check.loading.records import load_records
from dangjian_check.model.calendar import Period
from program import ROOT, TESTS, plain_env

DAY = date(2025, 3, 1)
YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
BASE = Request((Path("records"),), DAY)
# Every field of a request that changes what comes of a record, changed.
CHANGED: dict[str, Any] = {
    "today": date(2025, 3, 2),
    "standards": ("voc",),
    "rules": (TESTS / "standards",),
    "period": Period(date(2024, 1, 1), date(2025, 12, 31)),
    "as_of": DAY,
    "with_superior": True,
    "traced": True,
    "logged": False,
    "mask": frozenset({"names"}),
    "doubts": frozenset(),
}
# The files of waivers and the baseline count by what they hold, and the baseline is laid on afterwards.
BESIDE = {"paths", "waivers", "baseline"}


def of(request: Request = BASE, waivers: tuple[Path, ...] = (), **plan: Any) -> bytes:
    """The hash of a run's options."""
    return options(Plan(request, **plan), waivers)


def test_every_field_of_a_request_is_looked_at():
    """A field added later must be thought of here."""
    assert BESIDE | set(CHANGED) == {field.name for field in fields(Request)}


def test_every_option_has_a_hash_of_its_own():
    """No two of these requests are taken for each other."""
    hashes = [of(), *(of(replace(BASE, **{name: value})) for name, value in CHANGED.items())]
    assert len(hashes) == len(set(hashes))


@pytest.mark.parametrize("plan", [{"streams": ("jsonl",)}, {"whole": True}, {"counted": True}])
def test_what_is_made_of_a_file_changes_the_hash(plan: dict[str, Any]):
    """The formats kept, the assessments, the counts."""
    assert of(**plan) != of()


def test_no_doubts_and_all_of_them_differ():
    """Nothing wanted is something else than nothing said."""
    assert [of(replace(BASE, doubts=found)) == of() for found in (None, frozenset())] == [True, False]


@pytest.mark.parametrize(("fixed", "same"), [({"as_of": DAY}, True), ({"period": YEAR}, True), ({}, False)])
def test_the_day_counts_only_where_it_decides_anything(fixed: dict[str, Any], same: bool):
    """Tomorrow's run as of the same day, or of a year that is over, finds yesterday's answers."""
    asked = replace(BASE, **fixed)
    assert same == (of(asked) == of(replace(asked, today=date(2026, 1, 1))))


def test_paths_asked_for_do_not_count():
    """A folder and the file in it give the same record."""
    assert of() == of(replace(BASE, paths=(Path("elsewhere"),)))


REQUESTS = st.builds(
    Request,
    paths=st.just(()),
    today=st.just(DAY),
    standards=st.sampled_from([(), ("a",), ("a", "b"), ("b", "a"), ("a, b",), ("a', 'b",)]),
    period=st.sampled_from([None, YEAR]),
    as_of=st.sampled_from([None, DAY]),
    traced=st.booleans(),
    mask=st.sampled_from([frozenset(), frozenset({"names"})]),
    doubts=st.sampled_from([None, frozenset(), frozenset({"a", "b"}), frozenset({"b", "a"}), frozenset({"a, b"})]),
)


@given(one=REQUESTS, other=REQUESTS)
def test_hashes_are_equal_where_all_options_are(one: Request, other: Request):
    """And only there."""
    assert (one == other) == (of(one) == of(other))


# The bytes hashed are the bytes parsed

RECORDS = record_files([ROOT / "examples", TESTS / "records"])


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_key_looked_up_is_that_of_the_bytes_parsed(path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of files of every kind and of records kept as folders: nothing is read once more."""
    with Witness() as witness:
        load_records(path)
    expected = file_key(b"options", path)
    assert expected
    monkeypatch.setattr(keys, "read_bytes", None)
    assert expected == witness.key(b"options", path)


def test_a_record_of_several_files_is_among_them():
    """Or the test above would show little."""
    assert any(part_files(path) for path in RECORDS)


@pytest.mark.parametrize("path", [STDIN, Path("gone.yaml"), Path("/dev/zero")])
def test_what_cannot_be_read_again_has_no_key(path: Path):
    """Such as standard input."""
    assert None is file_key(b"", path)


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
    before = file_key(b"", root)
    assert before == file_key(b"", root)
    change(tmp_path)
    assert before != file_key(b"", root)


def test_name_and_options_change_the_key(tmp_path: Path):
    """The same bytes elsewhere are shown otherwise."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes(b"branch: {name: x}")
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    found = {file_key(b"", first), file_key(b"", second), file_key(b"o", first)}
    assert 3 == len(found)


def test_folder_that_names_the_branch_changes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Even where it is not shown."""
    found = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "branch.yaml").write_bytes(b"branch: {name: x}")
        monkeypatch.chdir(tmp_path / name)
        found.add(file_key(b"", Path("branch.yaml")))
    assert 2 == len(found)


# What a run rests on


@pytest.mark.parametrize("name", ["own/standard.yaml", "own/rules/first.yaml", "own/new.yml", "calendars/cn-2030.yaml"])
def test_customers_rules_change_the_hash(tmp_path: Path, name: str):
    """Any file of a standard, and a year of holidays."""
    shutil.copytree(ROOT / "examples" / "own-standard", tmp_path / "own")
    (tmp_path / "own" / "rules").mkdir(exist_ok=True)
    request = replace(BASE, rules=(tmp_path,))
    before = of(request)
    assert before == of(request)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("{}\n", encoding="utf-8")
    assert before != of(request)


def test_contents_of_waivers_change_the_hash(tmp_path: Path):
    """Under the same name; also whether there are any."""
    file = tmp_path / "waivers.yaml"
    found = [of(), of(waivers=(file,))]
    for text in ("waivers: []\n", "waivers: [] \n"):
        file.write_text(text, encoding="utf-8")
        found.append(of(waivers=(file,)))
    assert len(found) == len(set(found))


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
