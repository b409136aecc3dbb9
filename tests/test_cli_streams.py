"""What reaches the streams: the same bytes every time, harmless, within 80 columns, in any encoding, or nowhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from dangjian_check.reports import FORMATS
from program import COMMAND_LINES, LAX, PACKS, PROBE, SOUND, Run, dj, plain_env

BOTH = ("audit", LAX, SOUND, "--rules", PACKS, "--verbose")
TRACE = ("explain", "PRB-1-1", "--rules", PACKS, "--record", LAX, "--as-of", "2024-06-20")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
HOSTILE = {
    "markup": "[/][bold]甲[/bold][link=http://e]乙[/link]",
    "emoji-code": ":smiley: :x:",
    "bidi": "甲\u202e乙\u2066丙",
    "invisible": "甲\u200b乙",
    "five-hundred-han": "龘" * 500,
    "five-hundred-latin": "a" * 500,
    "ligatures": "ﷺ" * 200,
    "combining": "é\u0301" * 300,
    "zwj-emoji": "👨\u200d👩\u200d👧" * 40,
    "template": "{0.__class__} %s %(x)s {{7*7}} ${x}",
    "formula": '=HYPERLINK("http://e","x")',
    "html": "<script>alert(1)</script>",
    "backslashes": "C:\\x1b[2J\\n",
    "escape-as-text": "\\u001b[2J",
}


def too_wide(text: str, width: int = 80) -> list[str]:
    return [line for line in text.splitlines() if cell_len(line) > width]


def hostile_record(folder: Path, word: str) -> Path:
    """A record in which every text a person may choose is the hostile one, with deficiencies to print."""
    text = json.dumps(word, ensure_ascii=False)
    path = folder / "branch.yaml"
    path.write_text(
        f"branch: {{id: {text}, name: {text}, parent: {text}}}\n"
        f"committee: {{exists: true, elected: 2023-01-10}}\n"
        f"groups: [{{id: {text}, name: {text}}}]\n"
        f"members: [{{name: {text}, status: 正式, from: 2020-01-01, group: {text}}}]\n"
        f"activities:\n"
        f"  - {{id: {text}, date: 2024-02-01, type: 支委会, topic: {text}, tags: [{text}], remark: {text},\n"
        f"     group: {text},\n"
        f"     attendance: {{expected: 9, present: [{text}], leave: [{{name: {text}, reason: {text}}}]}}}}\n"
        f"assessments: [{{rule: PRB-2-2, deduct: 1, by: {text}, on: 2024-12-20, remark: {text}}}]\n",
        encoding="utf-8",
    )
    return path


def all_formats(folder: Path, **env: str) -> dict[str, bytes]:
    """Every format's bytes from one run in a process of its own."""
    flags = [part for name in FORMATS for part in ("--output", f"{name}:{folder / name}")]
    dj(*BOTH, *flags, env=env)
    return {name: (folder / name).read_bytes() for name in FORMATS}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every format's bytes in a plain environment."""
    return all_formats(tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "1", "TZ": "America/Los_Angeles", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "0", "TZ": "Foo/Bar", "LC_ALL": "POSIX", "PYTHONOPTIMIZE": "1"},
    ],
    ids=["west", "east", "nowhere"],
)
def test_same_input_gives_the_same_bytes_everywhere(tmp_path: Path, reference: dict[str, bytes], env: dict[str, str]):
    """Hash seed, time zone and locale change nothing in any format."""
    assert reference == all_formats(tmp_path, **env)


def test_json_is_utf8_with_plain_line_ends(reference: dict[str, bytes]):
    """One document, Chinese as it is, no carriage return, a newline at the end."""
    raw = reference["json"]
    assert (True, False, True) == ("测试第一党支部" in raw.decode(), b"\r" in raw, raw.endswith(b"}\n"))
    assert "dj-check.report/1" == json.loads(raw)["schema"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii"])
def test_json_on_stdout_does_not_depend_on_the_encoding_of_the_console(reference: dict[str, bytes], encoding: str):
    """Machine formats are UTF-8 whatever the console speaks."""
    assert reference["json"] == dj(*BOTH, "--format", "json", env={"PYTHONIOENCODING": encoding}).stdout


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "gbk"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp437"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii:surrogateescape"},
    ],
    ids=["gbk", "ascii", "cp437", "C-locale", "surrogateescape"],
)
def test_console_that_lacks_a_character_never_stops_the_program(env: dict[str, str]):
    """What cannot be shown is replaced; the report, the problem beside it and the status stay."""
    done = dj(*BOTH, "无此文件.yaml", env=env)
    assert (2, 1, False) == (done.returncode, len(done.stderr.splitlines()), b"Error" in done.stderr), done.stderr
    assert b"probe" in done.stdout


def test_gbk_console_reads_chinese(reference: dict[str, bytes]):
    """Everything the terminal view says can be said in GBK but its marks, which have stand-ins; nothing becomes "?"."""
    text = dj(*BOTH, env={"PYTHONIOENCODING": "gbk"}).stdout.decode("gbk")
    chinese = [re.sub(r"[^一-鿿]", "", part) for part in (reference["terminal"].decode(), text)]
    assert chinese[0] == chinese[1]
    assert reference["terminal"].decode().count("?") == text.count("?")


@pytest.mark.parametrize("arguments", [BOTH, TRACE, ("audit", "--help")])
def test_pipe_gets_no_escape_code(arguments: tuple[str | Path, ...]):
    """Colour is for terminals, also where a CI system asks libraries for colour."""
    done = dj(
        *arguments, env={"GITHUB_ACTIONS": "true", "FORCE_COLOR": "1", "PY_COLORS": "1", "TERM": "xterm-256color"}
    )
    assert (False, False) == (b"\x1b" in done.stdout, b"\x1b" in done.stderr)


def on_a_terminal(*arguments: str | Path, **env: str) -> str:
    """What the program writes to a terminal of 80 columns."""
    parent, child = os.openpty()
    with os.fdopen(parent, "rb", buffering=0) as screen:
        process = subprocess.Popen(
            [sys.executable, "-m", "dangjian_check", *arguments],
            env=plain_env(TERM="xterm-256color", COLUMNS="80", **env),
            stdin=subprocess.DEVNULL,
            stdout=child,
            stderr=child,
        )
        os.close(child)
        seen = b""
        try:
            while chunk := screen.read(65536):
                seen += chunk
        except OSError:  # how Linux says that the other end is closed
            pass
        process.wait(timeout=60)
    return seen.decode()


def test_terminal_gets_colour_unless_no_color_is_set():
    """NO_COLOR with any value, a dumb terminal and --color never switch it off; the text is the same."""
    coloured = on_a_terminal(*BOTH)
    plain = on_a_terminal(*BOTH, NO_COLOR="1")
    assert (True, False) == ("\x1b[" in coloured, "\x1b" in plain)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == [line.rstrip() for line in plain.splitlines()]
    assert plain == on_a_terminal(*BOTH, "--color", "never")


def test_colour_can_be_asked_for_in_a_pipe():
    """``--color always`` is obeyed."""
    assert b"\x1b[" in dj(*BOTH, "--color", "always").stdout


@pytest.mark.parametrize("command", COMMAND_LINES, ids=lambda words: " ".join(words) or "dj-check")
def test_help_fits_80_columns(run: Run, command: tuple[str, ...]):
    """Help is wrapped by columns too, not by characters."""
    assert [] == too_wide(run(*command, "--help").out)


@pytest.mark.parametrize(
    "arguments",
    [BOTH, ("explain", "PRB-1-2", "--rules", PACKS), TRACE, ("rules", "show", "PRB-1-3", "--rules", PACKS)],
    ids=["audit", "explain", "trace", "show"],
)
def test_every_line_fits_80_columns(run: Run, arguments: tuple[str | Path, ...]):
    """Counted as a terminal counts: a Han character takes two."""
    assert [] == too_wide(run(*arguments).out)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_printed_as_harmless_text(run: Run, tmp_path: Path, name: str):
    """In every text field: no crash, no markup taken, no raw control or bidi character, no line over 80 columns."""
    record = hostile_record(tmp_path, HOSTILE[name])
    done = run("audit", record, *PROBE, "--verbose", "--period", "2024", "--as-of", "2024-12-31")
    assert (1, "", []) == (done.status, done.err, too_wide(done.out))
    assert [] == CONTROL.findall(done.out)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_survives_in_json(run: Run, tmp_path: Path, name: str):
    """Machines get the name exactly as it was written."""
    done = run("audit", hostile_record(tmp_path, HOSTILE[name]), *PROBE, "--format", "json")
    assert HOSTILE[name] == done.json["assessments"][0]["branch"]["name"]


@pytest.mark.parametrize("name", ["markup", "bidi", "five-hundred-han"])
def test_hostile_text_is_explained_as_harmless_text(run: Run, tmp_path: Path, name: str):
    """The trace of a record names its entries without letting them act."""
    record = hostile_record(tmp_path, HOSTILE[name])
    done = run("explain", "PRB-1-3", "--rules", PACKS, "--record", record, "--period", "2024")
    assert (0, "", []) == (done.status, done.err, CONTROL.findall(done.out))


def test_what_is_hidden_becomes_visible(run: Run, tmp_path: Path):
    """Bidi and zero-width characters of a name are shown as escapes, markup letter by letter."""
    out = run("audit", hostile_record(tmp_path, "[/]\u202e甲\u200b"), *PROBE, "--period", "2024").out
    assert True is out.startswith("[/]\\u202e甲\\u200b（[/]\\u202e甲\\u200b）\n")


@pytest.mark.parametrize(
    "arguments",
    [("\x1b[2J",), ("audit", LAX, "--\x1b[2J"), ("audit", LAX, "-s", "\x1b[2J"), ("explain", "\x1b]8;;http://e\x07x"),
     ("audit", LAX, "--period", "\x1b[31m"), ("audit", LAX, "-o", "\x1b[31m"), ("audit", "\x1b[2J\u202e.yaml")],
)  # fmt: skip
def test_hostile_argument_is_echoed_harmlessly(run: Run, arguments: tuple[str | Path, ...]):
    """A usage mistake must not paint the terminal."""
    done = run(*arguments)
    assert (2, []) == (done.status, CONTROL.findall(done.err))


FILE_NAMES = {
    "line-break": ("a\n::error::x.yaml", "a ::error::x.yaml"),
    "carriage-return": ("a\rb.yaml", "a\\x0db.yaml"),
    "escape": ("\x1b[31mred.yaml", "\\x1b[31mred.yaml"),
    "bidi": ("\u202elmay.yaml", "\\u202elmay.yaml"),
    "markup": ("[b]x.yaml", "[b]x.yaml"),
    "latin-1": (os.fsdecode(b"bad\xff.yaml"), "bad\\xff.yaml"),
}


@pytest.mark.parametrize("name", FILE_NAMES)
def test_hostile_file_name_is_shown_escaped(run: Run, tmp_path: Path, name: str):
    """In the report and in front of a problem, on one line (T19)."""
    written, shown = FILE_NAMES[name]
    shutil.copy(LAX, tmp_path / written)
    good = run("audit", tmp_path / written, *PROBE)
    (tmp_path / written).write_text("branch: {}\n", encoding="utf-8")
    bad = run("validate", tmp_path / written)
    assert (1, 2, 1) == (good.status, bad.status, len(bad.err.splitlines()))
    assert (True, True) == (shown in good.out.replace("\n", ""), f"/{shown}:1:1: " in bad.err)


@pytest.mark.parametrize("name", FILE_NAMES)
def test_hostile_file_name_breaks_no_machine_format(run: Run, tmp_path: Path, name: str):
    """JSON stays one valid document whatever the file is called."""
    written, _ = FILE_NAMES[name]
    shutil.copy(LAX, tmp_path / written)
    done = run("audit", tmp_path / written, *PROBE, "--format", "json")
    assert (1, "") == (done.status, done.err)
    assert True is done.json["assessments"][0]["branch"]["file"].endswith(".yaml")


COMMANDS = {
    "audit": ("audit", LAX, *PROBE),
    "json": ("audit", LAX, *PROBE, "--format", "json"),
    "validate": ("validate", SOUND),
    "version": ("--version",),
    "help": ("audit", "--help"),
    "no-command": (),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_full_disk_is_status_2_without_a_traceback(name: str):
    """What could not be written was not answered, and must not read as "deficiencies"."""
    with Path("/dev/full").open("wb") as full:
        done = dj(*COMMANDS[name], stdout=full)
    assert (2, False, 1) == (done.returncode, b"Traceback" in done.stderr, len(done.stderr.splitlines())), (
        done.stderr.decode()
    )


@pytest.mark.parametrize("name", ["audit", "json", "validate", "version"])
def test_closed_stdout_is_status_2_without_a_traceback(name: str):
    """``>&-`` takes the report away: that is told, and is no bug of the program."""
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "dangjian_check", *COMMANDS[name]]
    done = subprocess.run(command, env=plain_env(), stderr=subprocess.PIPE, timeout=60, check=False)
    assert (2, False, 1) == (done.returncode, b"Traceback" in done.stderr, len(done.stderr.splitlines())), (
        done.stderr.decode()
    )


def in_shell(script: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """The program as a shell starts it, its command line being ``"$@"``."""
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "dangjian_check", *arguments]
    return subprocess.run(command, env=plain_env(), capture_output=True, check=False, timeout=60, cwd=cwd)


@pytest.mark.parametrize("command", [("audit", "-"), ("validate", "-"), ("summary", "-"), ("diff", "-", "-")])
@pytest.mark.parametrize(("redirection", "said"), [("<&-", "没有打开"), ("0>/dev/null", "读到一半出错")])
def test_lost_stdin_is_one_problem(command: tuple[str, ...], redirection: str, said: str):
    """Closed, or open for writing only, as ``nohup`` gives it."""
    done = in_shell(f'exec "$@" {redirection}', *command)
    assert (2, True) == (done.returncode, done.stderr.decode().startswith(f"标准输入: {said} → "))


def test_folder_one_stands_in_that_is_gone_is_told(tmp_path: Path):
    done = in_shell('rmdir "$PWD"; exec "$@"', "audit", ".", cwd=tmp_path)
    said = "dj-check: 当前所在的文件夹已经没有了 → 换到一个还在的文件夹，再执行一次\n"
    assert (2, said) == (done.returncode, done.stderr.decode())


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", ">&- 2>&-"])
def test_lost_stderr_does_not_change_the_status(redirection: str):
    """A problem that could not be told still is status 2, never Python's own 1."""
    command = [
        "sh",
        "-c",
        f'exec "$@" {redirection}',
        "sh",
        sys.executable,
        "-m",
        "dangjian_check",
        "audit",
        "gone.yaml",
    ]
    assert 2 == subprocess.run(command, env=plain_env(), stdout=subprocess.DEVNULL, timeout=60, check=False).returncode


@pytest.mark.parametrize("name", ["audit", "validate"])
def test_reader_that_went_away_is_no_drama(name: str):
    """``| head``: no traceback, no words, not the status of a verdict nobody read."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = dj(*COMMANDS[name], stdout=writer)
    finally:
        os.close(writer)
    assert (2, b"") == (done.returncode, done.stderr)
