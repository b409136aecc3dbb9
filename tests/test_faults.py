"""Every write, rename, fsync and close fails, once and from then on: no output is torn, none missing in silence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from faulty_runs import Scene, faults, full_disks, harm, undisturbed
from flipped import Kept
from program import Run


@pytest.mark.parametrize(("form", "streamed"), [("json", False), ("jsonl", True)])
def test_failing_disk_tears_no_output(form: str, streamed: bool, tmp_path: Path, run: Run):
    """The old file or the new, whole; status 2 and a word if it is the old; nothing left beside it."""
    scene = Scene(form, tmp_path / "scene", streamed=streamed)
    new, sound, counted = undisturbed(scene, run, cache=False)
    assert {"open", "write", "close", "fsync", "chmod", "replace"} <= counted.calls.keys()
    found = {fault: harm(scene, fault, run, new, sound, cache=False) for fault in faults(counted)}
    assert {} == {fault: wrong for fault, wrong in found.items() if wrong}


@pytest.mark.parametrize("cache", [False, True])
def test_failing_disk_under_what_is_kept_costs_no_answer(cache: bool, tmp_path: Path, run: Run):
    """State beside the output, cache and compiled standards: whatever fails there, the verdicts are the same."""
    scene = Scene("jsonl", tmp_path / "scene", kept=True, streamed=True)
    new, sound, counted = undisturbed(scene, run, cache=cache)
    assert counted.calls["sql"] > 5
    found = {fault: harm(scene, fault, run, new, sound, cache=cache) for fault in faults(counted, ("EIO",), 25)}
    assert {} == {fault: wrong for fault, wrong in found.items() if wrong}


def test_full_disk_keeps_the_old_output(tmp_path: Path):
    """A real one, where one may be mounted."""
    tried, wrong = full_disks(tmp_path / "disk", ("html", "xlsx"))
    if not tried:
        pytest.skip("no right to mount a disk")
    assert [] == wrong


@pytest.mark.parametrize("state", [False, True])
def test_flipped_bytes_change_no_answer(state: bool, tmp_path: Path, run: Run):
    """In cache, compiled standards or state: the same bytes as without them, and at most one notice."""
    kept, chance = Kept(tmp_path / "scene", run, state=state), random.Random(1)
    assert [] == [found for found in (kept.harm(chance) for _ in range(40)) if found]
