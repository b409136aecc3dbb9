"""Every write, rename, fsync and close fails, once and from then on: no output is torn, and none is missing in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from faulty_runs import Scene, faults, harm, undisturbed
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
