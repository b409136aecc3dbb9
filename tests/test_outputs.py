"""``--output``: which files may be asked for, and what is said of those that may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from dangjian_check.cli.outputs import destinations
from dangjian_check.errors import UsageProblem
from program import LAX, PROBE, SOUND, Run


@pytest.mark.parametrize("again", ["r.txt", "./r.txt", "sub/../r.txt", "link.txt"])
def test_two_outputs_to_one_file_are_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str):
    """The second would replace the first; however the name is written, nothing is judged or written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.txt").symlink_to("r.txt")
    done = run("audit", LAX, *PROBE, "--output", "json:r.txt", "--output", f"csv:{again}")
    assert (2, "", False) == (done.status, done.out, (tmp_path / "r.txt").exists())
    assert f"--output 两次写到 “{again}”" in done.err


@pytest.mark.parametrize("name", ["./branch.yaml", "sub/../branch.yaml", "link.yaml"])
def test_output_never_overwrites_a_record_under_another_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    """Nor through a link."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "branch.yaml").write_bytes(LAX.read_bytes())
    (tmp_path / "link.yaml").symlink_to("branch.yaml")
    done = run("audit", "branch.yaml", *PROBE, "--output", f"json:{name}")
    assert (2, LAX.read_bytes()) == (done.status, (tmp_path / "branch.yaml").read_bytes())


@pytest.mark.parametrize("command", ["audit", "due"])
@pytest.mark.parametrize("name", ["branch.yaml", "sub/new/../a.YML", "sub/ledger.csv", "sub/a.json", "link.txt"])
def test_output_never_overwrites_a_record_of_a_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: str
):
    """Nor anything else that is kept as YAML, wherever it lies."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub" / "new").mkdir(parents=True)
    for file in ("branch.yaml", "sub/a.YML", "sub/ledger.csv", "sub/a.json"):
        Path(file).write_bytes(LAX.read_bytes())
    Path("link.txt").symlink_to("branch.yaml")
    done = run(command, ".", *PROBE, "--output", f"json:{name}")
    assert (2, "") == (done.status, done.out)
    assert f"--output “{name}” 会盖掉记录本身" in done.err
    assert LAX.read_bytes() == Path(name).read_bytes()
    assert 2 == run("audit", SOUND, *PROBE, "--rules", "sub", "--output", "html:branch.yaml").status
    assert LAX.read_bytes() == Path("branch.yaml").read_bytes()


@pytest.mark.parametrize("form", ["json", "csv", "xlsx", "html"])
def test_report_among_the_records_is_written_again(run: Run, tmp_path: Path, form: str):
    """The one of the last time is no record."""
    (tmp_path / "branch.yaml").write_bytes(LAX.read_bytes())
    done = [run("audit", tmp_path, *PROBE, "--output", f"{form}:{tmp_path}/报告.{form}") for _ in range(2)]
    assert [1, 1] == [one.status for one in done]


def test_output_to_a_missing_folder_says_so(run: Run, tmp_path: Path):
    """The other files are written all the same."""
    good = tmp_path / "r.csv"
    done = run("audit", LAX, *PROBE, "--output", f"json:{tmp_path}/no/r.json", "--output", f"csv:{good}")
    assert (2, True) == (done.status, good.exists())
    assert f"{tmp_path.as_posix()}/no/r.json: 写不进去，没有这个文件夹 → 先建好文件夹，或换一个位置\n" == done.err


@pytest.mark.parametrize("text", ["csv:C:\\台账\\x.csv", "csv:D:x.csv", "csv:\\\\server\\share\\x.csv", "csv:a:b.csv"])
def test_colon_of_a_drive_belongs_to_the_file(text: str):
    """Only the first colon parts the format from the file."""
    assert [("csv", text.removeprefix("csv:"))] == destinations([text], [])


@pytest.mark.parametrize("text", ["csv", "csv:", "C:\\x.csv", ":x", "xml:x"])
def test_output_without_a_format_is_refused(text: str):
    """With the formats there are."""
    with pytest.raises(UsageProblem, match=r"不明确.*sarif"):
        destinations([text], [])
