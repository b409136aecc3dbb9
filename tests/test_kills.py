"""A run killed at any time and gone on with comes to the same; two at once do not come into each other's way."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from dangjian_check.cli import streams
from killed import Field, Told, killed_until_done
from program import LAX, PROBE, Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc, locks and signals of Linux")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Field:
    """Enough records for a run that can be gone on with."""
    return Field(tmp_path_factory.mktemp("kills") / "field", 220)


@pytest.mark.parametrize("jobs", [1, 2])
def test_run_killed_at_random_times_is_gone_on_with(ground: Field, jobs: int):
    """Killed three times, also while it was gone on with: the same bytes, at most one window done again, nobody and
    nothing left."""
    told = Told()
    killed_until_done(ground, random.Random(jobs), jobs, 3, told)
    assert [] == told.wrong
    assert 3 == told.kills


def test_two_runs_at_once_write_one_whole_output(ground: Field):
    """One output, one cache, one state: both come to their end, and nothing is torn, told or left."""
    cache = ground.folder / "cache"
    both = [ground.begun("--jobs", "1", cache=str(cache)) for _ in range(2)]
    said = [process.communicate()[1].decode() for process in both]
    assert [(1, ""), (1, "")] == [(process.returncode, text) for process, text in zip(both, said, strict=True)]
    assert ground.whole == ground.out.read_bytes()
    assert [] == ground.left()


def test_what_a_killed_run_left_goes_with_the_next_output(run: Run, tmp_path: Path):
    """But not what somebody is writing, nor what is not ours."""
    (tmp_path / ".4194305.dj-check.1.tmp").write_text("支部", encoding="utf-8")
    (tmp_path / ".mine.dj-check.tmp").write_text("", encoding="utf-8")
    with streams.Draft(str(tmp_path / "other.json")) as writing:
        assert 1 == run("audit", LAX, *PROBE, "--period", "2024", "-o", f"json:{tmp_path}/a.json").status
        left = {path.name for path in tmp_path.iterdir()}
        writing.write("甲")
        writing.finish()
    assert {".mine.dj-check.tmp", "a.json"} < left
    assert 3 == len(left)
    assert "甲" == (tmp_path / "other.json").read_text(encoding="utf-8")


def test_output_into_a_missing_folder_makes_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """However long the run: the folder may be a slip of the pen."""
    monkeypatch.setattr("dangjian_check.cli.batch.KEPT", 1)
    assert 2 == run("audit", LAX, *PROBE, "--period", "2024", "-o", f"jsonl:{tmp_path}/none/a.jsonl").status
    assert [] == list(tmp_path.iterdir())
