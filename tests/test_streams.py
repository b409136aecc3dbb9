"""What goes out by the standard streams and into files, where things are not as they usually are."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dangjian_check.cli import streams
from dangjian_check.cli.streams import Draft, OutputLost
from dangjian_check.errors import InputProblems


class Broken(io.StringIO):
    """A stream into which nothing goes."""

    def __init__(self, error: OSError | ValueError) -> None:
        super().__init__()
        self.error = error

    def write(self, _: str) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error


def test_stream_that_cannot_be_softened_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", None)
    streams.soften()
    assert sys.stdout.write("字") == 1


def test_softened_stream_shows_a_mark_for_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii"))
    streams.soften()
    sys.stdout.write("字")
    sys.stdout.flush()
    assert raw.getvalue() == b"?"


def test_text_goes_out_in_the_encoding_of_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "gbk"))
    sys.stdout.write("先")
    streams.write("字\U0001f600")
    assert raw.getvalue() == "先字".encode("gbk") + b"?"


def test_machine_text_is_utf8_whatever_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "gbk"))
    streams.write_machine("字\udc80")
    streams.write_machine(b"\0")
    assert raw.getvalue() == "字\\udc80".encode() + b"\0"


def test_stdout_without_bytes_takes_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    streams.write("字")
    streams.write_machine("词")
    assert sys.stdout.getvalue() == "字词"  # type: ignore[attr-defined]


def test_without_stdout_output_is_lost_and_there_is_nothing_to_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    streams.flush()
    with pytest.raises(OutputLost) as caught:
        streams.write_machine("字")
    assert (caught.value.where, caught.value.quiet) == ("标准输出", False)


@pytest.mark.parametrize(("error", "quiet"), [(OSError(28, "full"), False), (BrokenPipeError(), True)])
def test_stdout_that_breaks_is_an_output_lost(error: OSError, quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quietly, if the reader went away."""
    monkeypatch.setattr(sys, "stdout", Broken(error))
    for act in (streams.flush, lambda: streams.write("字")):
        with pytest.raises(OutputLost) as caught:
            act()
        assert (caught.value.where, caught.value.quiet) == ("标准输出", quiet)


@pytest.mark.parametrize("stream", [None, Broken(OSError()), Broken(ValueError())])
def test_line_that_nobody_can_be_told_is_no_error(stream: io.StringIO | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    streams.tell("字\n")
    assert sys.stderr is stream


@pytest.mark.parametrize("name", ["nul\0", "x" * 300])
def test_name_that_no_file_can_have_is_an_output_lost(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputLost) as caught:
        Draft(str(tmp_path / name))
    assert caught.value.no_folder is False
    assert not [*tmp_path.iterdir()]


def test_loop_of_links_is_an_output_lost(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OutputLost):
        streams.write_file("x", str(tmp_path / "a"))


def test_missing_folder_is_told_from_other_losses(tmp_path: Path) -> None:
    with pytest.raises(OutputLost) as caught:
        streams.write_file("x", str(tmp_path / "none" / "a"))
    assert caught.value.no_folder is True
    with pytest.raises(OutputLost) as caught:
        streams.write_file("x", str(tmp_path))
    assert caught.value.no_folder is False


def test_unfinished_file_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with Draft(str(target)) as draft:
        draft.write("new")
        assert draft.open
    assert not draft.open
    assert (target.read_bytes(), [*tmp_path.iterdir()]) == (b"old", [target])


def test_write_that_fails_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    draft = Draft(str(target))
    os.close(draft._stream.fileno())
    with pytest.raises(OutputLost) as caught:
        draft.write("x" * 100_000)
    assert caught.value.where == target.as_posix()
    assert (target.read_bytes(), [*tmp_path.iterdir()]) == (b"old", [target])


def test_finished_file_keeps_permissions_and_follows_its_link(tmp_path: Path) -> None:
    target, link = tmp_path / "a", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    streams.write_file("新", str(link))

    assert link.is_symlink()
    assert target.read_text("utf-8") == "新"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_owner_that_may_not_be_given_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    target = tmp_path / "a"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "chown", refused)
    streams.write_file(b"new", str(target))
    assert target.read_bytes() == b"new"


def test_only_what_no_process_holds_is_swept(tmp_path: Path) -> None:
    """Unfinished files of processes that are gone; not those being written, nor anything of another name."""
    left, other, report = (tmp_path / name for name in (".7.dj-check.1.tmp", ".77.other.1.tmp", "a.json"))
    for path in (left, other, report):
        path.write_bytes(b"")
    with streams.Draft(str(report)) as draft:
        draft.write("x")
        streams.sweep(tmp_path)
        held = {path.name for path in tmp_path.iterdir()} - {other.name, report.name}
        assert 1 == len(held)
        draft.finish()
    assert {other, report} == {*tmp_path.iterdir()}


def test_file_swept_before_it_is_held_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run may see a new file as a leftover between its making and its lock."""
    swept: list[Path] = []

    def sweeper_first(held: int, how: int) -> None:
        if not swept:
            swept.extend(tmp_path.glob(".*.tmp"))
            swept[0].unlink()
        flock(held, how)

    flock = streams.fcntl.flock
    monkeypatch.setattr(streams.fcntl, "flock", sweeper_first)
    streams.write_file("字", str(tmp_path / "out.txt"))
    assert (1, {"out.txt": "字"}) == (len(swept), {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()})


@pytest.mark.parametrize("make", [lambda path, other: path.symlink_to(other), lambda path, other: os.link(other, path)])
def test_name_of_an_unfinished_file_that_is_taken_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path, Path], None]
) -> None:
    """Whoever may write into the folder can guess it, and lay a link there to a file of ours."""
    other, out = tmp_path / "other.txt", tmp_path / "out.txt"
    other.write_bytes(b"old")
    monkeypatch.setattr(streams, "sweep", lambda folder: None)
    with streams.Draft(str(out)) as probe:
        number = int(probe._stem.rpartition(".")[2])
    for ahead in range(1, 2000):
        make(tmp_path / f"{streams.temporary_stem(os.getpid())}{number + ahead}.tmp", other)
    streams.write_file("new", str(out))
    assert (b"old", b"new", False) == (other.read_bytes(), out.read_bytes(), out.is_symlink())


def test_without_locks_files_are_written_and_leftovers_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where a file that is open cannot be removed."""
    (tmp_path / ".1.dj-check.1.tmp").touch()
    monkeypatch.setattr(sys, "platform", "win32")
    streams.write_file("字", str(tmp_path / "out.txt"))
    assert {"out.txt": "字"} == {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}


def test_silenced_stream_takes_what_goes_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with path.open("w") as stream:
        streams.silence(stream)
        print("字", file=stream, flush=True)
    assert not path.read_bytes()


def test_text_is_put_behind_what_is_there(tmp_path: Path) -> None:
    streams.append_file("一", str(tmp_path / "a"))
    streams.append_file("二", str(tmp_path / "a"))
    assert (tmp_path / "a").read_text("utf-8") == "一二"
    with pytest.raises(OutputLost):
        streams.append_file("三", str(tmp_path))


def test_file_changed_since_it_was_read_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a"
    for _ in range(2):
        with pytest.raises(InputProblems):
            streams.replace_file(target, b"read", b"new")
        target.write_bytes(b"changed")
    assert target.read_bytes() == b"changed"
    streams.replace_file(target, b"changed", b"new")
    assert target.read_bytes() == b"new"
